#!/bin/sh
# bench-stream: time conversation records on their way through a filter that
# splices one member in, beside jq and cat in the same run. Not a test:
# it prints figures. Usage: bench-stream.sh [BUILD-DIRECTORY]
set -eu
bin=$(cd "${1:-.}/bin" && pwd)
examples=$(cd "$(dirname "$0")/../examples/healthbench" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# best COMMAND...: the shortest of five runs, in seconds
best() {
	for _ in 1 2 3 4 5; do
		from=$(date +%s%N)
		"$@" >/dev/null
		to=$(date +%s%N)
		echo $(((to - from) / 1000))
	done | sort -n | awk 'NR == 1 { print $1 / 1e6 }'
}

few=$dir/few.jsonl many=$dir/many.jsonl
for _ in 1 2 3 4 5 6 7 8 9 10; do
	cat "$examples/conversations.jsonl"
done >"$dir/ten"
for _ in 1 2 3 4 5 6 7 8; do cat "$dir/ten"; done >"$few"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	cat "$few"
done >"$many"

copy=$(best cat "$many")
pass=$(best "$bin/cupel-sample" "$many")
splice=$(best "$bin/cupel-sample" --split all=1 "$many")
where=$(best "$bin/cupel-sample" --where '.prompt_id' "$many")
program=$(best "$bin/cupel-sample" --where '.prompt_id != 1' "$few")
jq=$(best jq -c '.split="all"' "$few")
wc -c "$few" "$many" | awk -v copy="$copy" -v pass="$pass" -v jq="$jq" \
	-v splice="$splice" -v where="$where" -v program="$program" '
function row(what, mb, s) {
	printf "%-38s %8.0f MB/s %7.1f x jq\n", what, mb / s, mb / s / (few / jq)
	return mb / s
}
NR == 1 { few = $1 / 1e6 }
NR == 2 { many = $1 / 1e6 }
END {
	row("cat FILE", many, copy)
	row("cupel-sample: copied", many, pass)
	rate = row("cupel-sample: one member spliced in", many, splice)
	row("cupel-sample --where, a path", many, where)
	row("cupel-sample --where, a program", few, program)
	row("jq -c, the same member", few, jq)
	printf "goal 10 x jq: %s; goal 1000 MB/s: %s\n",
		(rate >= 10 * few / jq ? "met" : "missed"),
		(rate >= 1000 ? "met" : "missed")
}'
