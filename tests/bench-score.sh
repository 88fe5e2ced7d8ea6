#!/bin/sh
# bench-score: time cupel-score on a graded run as large as HealthBench: 5,000
# examples, 57,237 grades, 60 MB of made-up text, 1,000 bootstrap rounds over
# all names. The yardstick is "cat FILE | wc -l" in the same run. Not a test: it
# prints figures. Usage: bench-score.sh [BUILD-DIRECTORY]
set -eu
bin=$(cd "${1:-.}/bin" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# generate: as many graded records; the same bytes every time
generate() {
	awk 'function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
	function text(words,   s, i) {
		s = w[draw(40)]
		for (i = 1; i < words; i++) s = s " " w[draw(40)]
		return s ".\\n"
	}
	function item(i, cluster,   tags) {
		tags = cluster != "" ? "\"level:cluster\", \"" cluster "\"" : "\"level:example\""
		return sprintf("%s{\"criterion\": \"%s\", \"points\": %d, \"tags\": [%s, \"axis:%s\"], \"criteria_met\": %s, \"explanation\": \"%s\"}",
			i ? ", " : "", text(22), cluster != "" ? 5 : draw(3) ? 1 + draw(10) : -1 - draw(10),
			tags, axis[draw(5)], draw(2) ? "true" : "false", text(75))
	}
	BEGIN {
		seed = 1
		split("the a patient dose of care risk and with seek advice urgent doctor water fever pain mild severe days if not should could ask history sleep diet heart test child adult weeks rest local clinic result before after \\u00e9t\\u00e9 \\\"quoted\\\" safe", x, " ")
		for (i in x) w[i - 1] = x[i]
		split("accuracy communication_quality completeness context_awareness instruction_following", x, " ")
		for (i in x) axis[i - 1] = x[i]
		split("communication complex_responses context_seeking emergency_referrals global_health health_data_tasks hedging", theme, " ")
		for (r = 0; r < 5000; r++) {
			category = draw(17)
			items = int((r + 1) * 57237 / 5000) - int(r * 57237 / 5000)
			line = ""
			for (i = 0; i < items; i++)
				line = line item(i, i < 2 && r % 4 ? "cluster:" category "_" (i + 2 * draw(2) % 3) : "")
			printf "{\"prompt_id\": \"%08x-%04x-4000-8000-%012x\", \"example_tags\": [\"theme:%s\", \"physician_agreed_category:%s\"], \"prompt\": [{\"role\": \"user\", \"content\": \"%s\"}], \"completion\": [{\"role\": \"assistant\", \"content\": \"%s\"}], \"rubric_items\": [%s], \"score\": 0.5}\n",
				draw(2147483647), draw(65536), r, theme[1 + draw(7)], category, text(150), text(400), line
		}
	}'
}

# best COMMAND...: the shortest of seven runs, in milliseconds
best() {
	for _ in 1 2 3 4 5 6 7; do
		from=$(date +%s%N)
		"$@" >"$dir/out"
		to=$(date +%s%N)
		echo $(((to - from) / 1000))
	done | sort -n | awk 'NR == 1 { print $1 / 1000 }'
}

count_lines() { cat "$1" | wc -l; }
three_parts() {
	for i in 0 1 2; do
		awk "NR % 3 == $i" "$1" | "$bin/cupel-score" --partial >"$dir/$i.part"
	done
}

f=$dir/graded.jsonl
generate >"$f"
base=$(best count_lines "$f")
run=$(best "$bin/cupel-score" "$f")
names=$(tr ',' '\n' <"$dir/out" | grep -c :n_samples)
plain=$(best "$bin/cupel-score" --rounds 0 "$f")
part=$(best "$bin/cupel-score" --partial "$f")
three_parts "$f"
merge=$(best "$bin/cupel-score" --merge "$dir/0.part" "$dir/1.part" "$dir/2.part")
wc -c <"$f" | awk -v base="$base" -v run="$run" -v plain="$plain" \
	-v part="$part" -v merge="$merge" -v names="$names" '
function row(what, ms) {
	printf "%-38s %8.1f ms %8.0f MB/s %6.1f x\n", what, ms, mb / ms * 1000, ms / base
}
{
	mb = $1 / 1e6
	printf "%.1f MB, %d names\n", mb, names
	row("cat | wc -l", base)
	row("cupel-score", run)
	row("cupel-score --rounds 0", plain)
	row("cupel-score --partial", part)
	row("cupel-score --merge of three", merge)
	goal = 3 * base + 200
	printf "goal 3 x (cat | wc -l) + 0.2 s = %.1f ms: %s\n", goal, run <= goal ? "met" : "missed"
}'
