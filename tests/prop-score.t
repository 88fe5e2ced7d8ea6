#!/bin/sh
# prop-score: what holds for every input: against jq as an independent oracle, under
# permutation and sharding, and where records fail.
. "$(dirname "$0")/tap.sh"
has_tool score || skip_all 'cupel-score is not built'

# records SEED N: graded records with repeats, negative scores, tags that come
# and go
records() {
	awk -v seed="$1" -v n="$2" '
	function draw(k) { seed = (seed * 16807) % 2147483647; return seed % k }
	BEGIN {
		for (r = 0; r < n; r++) {
			line = sprintf("{\"prompt_id\":\"p%d\",\"sample\":%d,\"example_tags\":[\"theme:%d\"],\"rubric_items\":[", int(r / 2), r % 2, draw(3))
			m = 1 + draw(6)
			for (i = 0; i < m; i++)
				line = line sprintf("%s{\"criterion\":\"c\",\"points\":%d,\"tags\":[\"axis:%d\",\"level:%d\"],\"criteria_met\":%s}",
					i ? "," : "", i ? draw(15) - 7.5 : 1 + draw(9), draw(4), draw(2), draw(2) ? "true" : "false")
			print line "]}"
		}
	}'
}

# The scores as their definition reads, written once more in jq.
cat >oracle.jq <<'E'
def score: (map(.points | select(. > 0)) | add) as $all
	| select($all) | (map(select(.criteria_met) | .points) | add // 0) / $all;
[.[] | .rubric_items as $items | ($items | score) as $s
	| [["overall_score", $s], (.example_tags[] | [., $s]),
		([$items[].tags[]] | unique[] as $t
			| ([$items[] | select(.tags | index($t))] | score) as $x
			| [$t, $x])][]]
| group_by(.[0])
| map({key: .[0][0], value: {n: length, mean: (map(.[1]) | add / length)}})
| from_entries
E
# agree GOT WANT: the means and counts of all names, to 12 digits
agree() {
	jq -e -n --slurpfile got "$1" --slurpfile want "$2" '
	def clip: if . < 0 then 0 elif . > 1 then 1 else . end;
	def near($x; $y): ($x - $y) | (if . < 0 then -. else . end) < 1e-12;
	$got[0] as $g | $want[0]
	| ([to_entries[] | .key as $k | .value
		| near($g[$k + ":mean_raw"]; .mean) and $g[$k + ":n_samples"] == .n
		and near($g[$k]; .mean | clip)] | all)
	and ([$g | keys[] | select(endswith(":mean_raw"))] | length) == length' >/dev/null
}
for seed in 1 2 3 4 5; do
	records $seed $((seed * 37)) >in
	cupel-score --rounds 0 in >got
	jq -s -f oracle.jq in >want
	ok "seed $seed: means and counts as jq has them" agree got want
done

# Order and sharding.
records 9 300 >in
cupel-score in >direct
cupel-score --partial in | cupel-score --merge >merged
jq -e -n --slurpfile a direct --slurpfile b merged '
	($a[0] | keys) == ($b[0] | keys) and ([$a[0] | to_entries[]
	| .value as $x | $b[0][.key] as $y
	| if $x == $y then true
	elif .key | test("bootstrap|ci_") then false
	else ($x - $y) | . < 2.3e-16 and . > -2.3e-16 end] | all)' >/dev/null
report $? 'merged equals direct; a mean to its last bit, all else in every bit'
for seed in 1 2 3; do
	awk -v seed=$seed 'BEGIN { srand(seed) } { print rand(), $0 }' in |
		sort -n | cut -d' ' -f2- >shuffled
	cupel-score shuffled >got
	jq -S 'with_entries(select(.key | test("bootstrap|ci_|n_samples|records")))' direct >a
	jq -S 'with_entries(select(.key | test("bootstrap|ci_|n_samples|records")))' got >b
	same "shuffle $seed: the bootstrap does not see the order" b a
	rm -f part.*
	split -n l/$((seed * 3)) shuffled part.
	for f in part.*; do cupel-score --partial $f >$f.rows; done
	ls part.*.rows | sort -r | xargs cupel-score --merge >got
	same "shuffle $seed: $((seed * 3)) shards, the same bytes" got merged
	cat part.*.rows | sort | cupel-score --merge >got
	same "shuffle $seed: lines in any order, the same bytes" got merged
done
for options in '-s 7 --rounds 50' '--runs' '--worst-at 2' '--table --runs --worst-at 2'; do
	cupel-score --partial shuffled | cupel-score --merge $options >a
	cupel-score --partial in | cupel-score --merge $options >b
	cmp -s a b && [ -s a ]
	report $? "$options: the same whatever the order"
done
cupel-score --by .example_tags[0] --share '.rubric_items | length' in >a
cupel-score --by .example_tags[0] --share '.rubric_items | length' --partial shuffled |
	cupel-score --merge >b
same 'shares: direct and merged' b a
cupel-score -s 1 in >a
! cmp -s a direct
report $? 'another seed, another bootstrap'
is 'but the same scores' "$(jq -S 'with_entries(select(.key | test("bootstrap|ci_") | not))' a)" \
	"$(jq -S 'with_entries(select(.key | test("bootstrap|ci_") | not))' direct)"

# Repeats: the interval is that of the prompts, as wide as without repeats.
jq -c 'select(.sample == 0)' in >once
{ cat once; jq -c '.sample = 1' once; jq -c '.sample = 2' once; } >thrice
cupel-score once >a
cupel-score thrice >b
jq -e -n --slurpfile a a --slurpfile b b '
	def width: ."overall_score:ci_high" - ."overall_score:ci_low";
	($b[0] | width) / ($a[0] | width) | . > 0.9 and . < 1.1' >/dev/null
report $? 'three copies of each answer make the interval no narrower'

# Failures: whichever records fail, they are counted, and the others' scores are
# those of a file without them.
for seed in 1 2 3; do
	awk -v seed=$seed 'BEGIN { srand(seed) } {
		x = rand()
		if (x < 0.1) { sub(/}$/, ",\"error\":{\"tool\":\"t\",\"code\":\"c\",\"message\":\"m\"}}"); kind = "error" }
		else if (x < 0.2) { sub(/"criteria_met":(true|false)/, "\"criteria_met\":null"); kind = "ungraded" }
		else if (x < 0.3) { sub(/"points":/, "\"pts\":"); kind = "unusable" }
		else { kind = "good"; print >"good" }
		count[kind]++
		print >"mixed"
	}
	END { print NR, count["error"] + count["ungraded"] + count["unusable"], count["ungraded"], count["ungraded"] >"counts"
		close("good"); close("mixed") }' in
	cupel-score mixed >got 2>err
	is "seed $seed: status" $? 1
	is "seed $seed: counts" "$(jq -r '"\(.records) \(.errors) \(.ungraded_records) \(.ungraded_items)"' got)" "$(cat counts)"
	cupel-score good >want
	is "seed $seed: scores" "$(jq -S 'del(.records, .errors, .ungraded_records, .ungraded_items)' got)" \
		"$(jq -S 'del(.records, .errors, .ungraded_records, .ungraded_items)' want)"
	cupel-score --partial mixed 2>/dev/null | cupel-score --merge 2>/dev/null >merged2
	is "seed $seed: status of partial and merge" \
		"$(cupel-score --partial mixed 2>/dev/null | cupel-score --merge >/dev/null 2>&1; echo $?)" 1
	is "seed $seed: counts of partial and merge" \
		"$(jq -r '"\(.records) \(.errors) \(.ungraded_records) \(.ungraded_items)"' merged2)" "$(cat counts)"
	head -c $(($(wc -c <mixed) - 40)) mixed >begun
	cupel-score begun >got 2>err
	is "seed $seed: a cut input has status 3 and no result" "$? $(wc -c <got)" '3 0'
done

finish
