#!/bin/bash
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

# best COMMAND...: the shortest of seven runs, in milliseconds: elapsed, and of
# processors, which a busy machine leaves alone
best() {
	TIMEFORMAT='%R %U %S'
	for _ in 1 2 3 4 5 6 7; do
		{ time "$@" >"$dir/out" 2>/dev/null; } 2>&1
	done | awk '{ cpu = $2 + $3 }
		NR == 1 || $1 < r { r = $1 }
		NR == 1 || cpu < c { c = cpu }
		END { print r * 1000, c * 1000 }'
}

count_lines() { cat "$1" | wc -l; }
score() { "$bin/cupel-score" "$@"; }

f=$dir/graded.jsonl
generate >"$f"
for i in 0 1 2; do
	awk "NR % 3 == $i" "$f" | score --partial >"$dir/$i.part"
done
{
	echo "cat | wc -l:$(best count_lines "$f")"
	echo "cupel-score:$(best score "$f")"
	echo "cupel-score --rounds 0:$(best score --rounds 0 "$f")"
	echo "cupel-score --partial:$(best score --partial "$f")"
	echo "cupel-score --merge of three:$(best score --merge "$dir"/?.part)"
} >"$dir/times"
awk -F '[: ]' -v bytes="$(wc -c <"$f")" -v names="$(score --rounds 0 "$f" |
	tr ',' '\n' | grep -c :n_samples)" '
	BEGIN {
		mb = bytes / 1e6
		printf "%.1f MB, %d names\n", mb, names
		printf "%-30s %10s %10s %10s %10s\n", "", "elapsed", "MB/s", "ratio", "processor"
	}
	{
		name = $0; sub(/:.*/, "", name)
		ms = $(NF - 1); cpu = $NF
		if (NR == 1) { base = ms; base_cpu = cpu }
		if (NR == 2) { run = ms; run_cpu = cpu }
		printf "%-30s %7.0f ms %10.0f %10.1f %7.0f ms\n", name, ms, mb / ms * 1000, ms / base, cpu
	}
	function verdict(what, ms, goal) {
		printf "%s: %.0f ms, goal 3 x (cat | wc -l) + 0.2 s = %.0f ms: %s\n", what, ms, goal, ms <= goal ? "met" : "missed"
	}
	END {
		verdict("elapsed", run, 3 * base + 200)
		verdict("processor", run_cpu, 3 * base_cpu + 200)
	}' "$dir/times"
