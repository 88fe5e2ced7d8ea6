#!/bin/sh
# prop-meta: what cupel-agree finds, against the definitions written once more in
# jq; order and failures.
. "$(dirname "$0")/tap.sh"
has_tool agree || skip_all 'cupel-agree is not built'

# rows SEED N: verdicts and labels of up to four people, in five categories
rows() {
	awk -v seed="$1" -v n="$2" '
	function draw(k) { seed = (seed * 16807) % 2147483647; return int(seed / 7) % k }
	function bool(p) { return draw(100) < p ? "true" : "false" }
	BEGIN {
		for (r = 0; r < n; r++) {
			k = 1 + draw(4); c = draw(5); l = p = ""
			for (i = 0; i < k; i++) {
				l = l (i ? "," : "") bool(20 * c + 10)
				p = p (i ? "," : "") "\"person" (draw(3) + 3 * i) "\""
			}
			printf "{\"prompt_id\":\"r%d\",\"category\":\"cluster:hedging_%d\",\"criteria_met\":%s,\"binary_labels\":[%s],\"anonymized_physician_ids\":[%s]}\n",
				r, c, bool(15 * c + 20), l, p
		}
	}'
}

cat >oracle.jq <<'E'
def share: (map(select(.)) | length) / length;
def f1: .p as $p | .r as $r
	| (if $p.value + $r.value == 0 then 0
		else 2 * ($p.value * $r.value) / ($p.value + $r.value) end) as $f
	| {n: ($p.n + $r.n - $p.value * $p.n), value: $f};
# pairs [self, other] to {name: {n, value}}
def rates:
	(reduce .[] as [$s, $o] ({};
		.["precision_" + (if $s then "pos" else "neg" end)] += [$s == $o]
		| .["recall_" + (if $o then "pos" else "neg" end)] += [$s == $o])
	| map_values({n: length, value: share}))
	| reduce ("pos", "neg") as $x (.;
		if .["precision_" + $x] and .["recall_" + $x]
		then .["f1_" + $x] = ({p: .["precision_" + $x], r: .["recall_" + $x]} | f1)
		else . end)
	| reduce ("precision", "recall", "f1") as $m (.;
		if .[$m + "_pos"] and .[$m + "_neg"]
		then .[$m + "_balanced"] = {n: (.[$m + "_pos"].n + .[$m + "_neg"].n),
			value: ((.[$m + "_pos"].value + .[$m + "_neg"].value) / 2)}
		else . end);
def named($prefix; $who): with_entries(.key = $prefix + "pairwise_" + $who + "_" + .key);
def model: [.[] | .criteria_met as $s | .binary_labels[] | [$s, .]];
def people: [.[] | .binary_labels as $l | range($l | length) as $i
	| range($l | length) as $k | select($i != $k)
	| [$l[$i], $l[$k]]];
def both($prefix): (model | rates | named($prefix; "model"))
	+ (people | rates | named($prefix; "physician"));
. as $rows
| both("")
+ ([$rows | group_by(.category)[] | both(.[0].category + ": ")] | add)
E
cat >people.jq <<'E'
include "oracle_defs";
. as $rows
| [$rows[].anonymized_physician_ids[]] | unique
| map(. as $p | {($p): ([$rows[]
	| .binary_labels as $l | .anonymized_physician_ids as $ids
	| range($l | length) as $i | select($ids[$i] == $p)
	| range($l | length) as $k | select($i != $k)
	| [$l[$i], $l[$k]]] | rates | named(""; "physician"))})
| add
E
sed '/^def model/,$d' oracle.jq >oracle_defs.jq

for seed in 1 2 3 4; do
	rows $seed $((seed * 40)) >in
	cupel-agree --rounds 0 --people in >got
	jq -s -f oracle.jq in >want
	jq -n --slurpfile g got --slurpfile w want '
		$w[0] | to_entries[]
		| select($g[0][.key] != .value.value or $g[0][.key + ":n_samples"] != .value.n)' >bad
	empty "seed $seed: all rates and counts as jq has them" bad
	jq -n --slurpfile g got --slurpfile w want '
		$g[0] | keys[] | select(test("pairwise_.*[a-z]$") and (test(":n_samples") | not))
		| select($w[0][.] == null)' >bad
	empty "seed $seed: and no others" bad
	is "seed $seed: some there are" "$(jq 'length > 50' want)" true
	jq -L. -s -f people.jq in >want
	jq -n --slurpfile g got --slurpfile w want '
		$w[0] | to_entries[] | .key as $p | .value | to_entries[]
		| select($g[0].physician_agreement_metric_lists[.key][$p] != .value)' >bad
	empty "seed $seed: each person as jq has it" bad
	jq -s '{num_physician_labels: (map(.binary_labels | length) | add / length),
		model_predicted_positive: (map(select(.criteria_met)) | length)} |
		.model_predicted_positive' in >n
	is "seed $seed: the mean verdict" \
		"$(jq '.model_predicted_positive * .records + 0.5 | floor' got)" "$(cat n)"
done

cupel-agree --people in | jq -S . >want
awk 'BEGIN { srand(5) } { print rand(), $0 }' in | sort -n | cut -d' ' -f2- >shuffled
cupel-agree --people shuffled | jq -S . >got
jq -n --slurpfile g got --slurpfile w want '
	def flat: to_entries[] | select(.value | type == "number");
	$w[0] | flat | . as $e | ($g[0][.key] - .value)
	| select(. > 2.3e-16 or . < -2.3e-16) | $e' >bad
empty 'the order of the rows does not show' bad
is 'nor in what each person has' "$(jq -S .physician_agreement_metric_lists got)" \
	"$(jq -S .physician_agreement_metric_lists want)"

# The rows that fail leave what the others give.
awk 'NR % 7 == 1 { sub(/"criteria_met":(true|false),/, "") }
	NR % 7 == 3 { sub(/"binary_labels":\[/, "&null,") }
	NR % 7 == 5 { sub(/}$/, ",\"error\":{\"tool\":\"t\",\"code\":\"c\",\"message\":\"m\"}}") }
	{ print }' in >mixed
awk 'NR % 7 != 1 && NR % 7 != 3 && NR % 7 != 5' in >good
cupel-agree mixed >got 2>err
is 'rows that fail: status' $? 1
cupel-agree good >want
is 'and the rates of the others' "$(jq -S 'del(.records, .errors, .ungraded_records, .ungraded_items)' got)" \
	"$(jq -S 'del(.records, .errors, .ungraded_records, .ungraded_items)' want)"
is 'and their number' "$(jq -c '[.records, .errors, .ungraded_records]' got)" \
	"[$(awk 'END { print NR }' mixed),$(($(wc -l <mixed) - $(wc -l <good))),$(awk 'NR % 7 == 1' in | awk 'END { print NR }')]"

finish
