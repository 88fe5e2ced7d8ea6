#!/bin/sh
# example-rbr: the data of examples/rbr are sound, and its Makefile keeps what
# it promises: from prompts to the table of error rates, offline, twice, out of
# a tree that it does not write to, for other models, rules and reward models.
. "$(dirname "$0")/tap.sh"
for t in sample query grade reward fit standin; do
	has_tool "$t" || skip_all "this build has no cupel-$t"
done
make --version 2>/dev/null | grep -q GNU || skip_all 'there is no GNU make'
command -v jq >/dev/null || skip_all 'there is no jq'
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
rbr=$srcdir/examples/rbr
prompts=$rbr/prompts.jsonl policy=$rbr/policy.json

# A port of our own: a journal knows the stand-in by it, and others are at
# work.
server="cupel-standin -p $((10000 + $$ % 10000))"

# Few of the prompts are quicker.
cupel-sample -n 4 --by .response_type -o few.jsonl "$prompts"

# rbr OUT ARGUMENT...: the Makefile, in a directory of its own
rbr() {
	out=$1
	shift
	make -C "$rbr" -s BIN="$builddir/bin" OUT="$tmp/$out" \
		standin="$server" PROMPTS="$tmp/few.jsonl" "$@" >log 2>&1
}

# ran NAME STATUS: how the last command ended
ran() {
	[ "$2" -eq 0 ]
	report $? "$1" || tail -n 20 log | diag
}

# all_of NAME EXPR FILE...: EXPR holds of all records together
all_of() {
	name=$1 expr=$2
	shift 2
	jq -s -e "$expr" "$@" >/dev/null 2>log
	ran "$name" $?
}

# produced OUT: the files of a run, but for the journal, as one text
produced() (
	cd "$tmp/$1" && for f in *.json*; do
		[ "$f" = journal.jsonl ] || { echo "$f" && cat "$f"; }
	done
)

# The data.

all_of 'a prompt ends with the user, and has a name and a known type' '
	all(.[]; .prompt[-1].role == "user" and .prompt[-1].content != "" and
		(.response_type == "Hard Refuse" or .response_type == "Comply"))
	and (map(.prompt_id) | length == (unique | length))' "$prompts"
all_of 'there are a few dozen of each type' '
	group_by(.response_type) | all(.[]; length >= 24)' "$prompts"
all_of 'each side of a proposition has several instructions' '
	.[0].instructions | all(.[]; keys == ["false", "true"] and
		all(.[]; length >= 2 and length == (unique | length)))' "$policy"
jq -r '.instructions | keys[]' "$policy" | while read -r one; do
	grep -q "^  $one:" "$srcdir/share/graders/refusal.yaml" || echo "$one"
done >unknown
empty 'the propositions are those of the rules' unknown
jq -r '.completions[][].completion_type' "$policy" | while read -r one; do
	grep -q "$one" "$rbr/orderings.yaml" || echo "$one"
done >unknown
empty 'the completion types are those of the orderings' unknown

# Offline.

ls -lR "$rbr" >before
rbr a all PROMPTS="$prompts"
ran 'make: from prompts to the table' $?
ls -lR "$rbr" >after
same 'it writes nothing but into OUT' after before
ls a/*.part >parts 2>/dev/null
empty 'no file is left half-written' parts
is 'the table has a row each for RM, both and RBR' \
	"$(sed 's/  .*//' log | tr '\n' ,)" 'error rate,RM only,RM + RBR,RBR only,'
all_of 'each prompt has four completions, of its type' '
	group_by(.prompt_id) | length >= 48 and all(.[]; length == 4 and
		(map(.sample) | sort) == [0, 1, 2, 3])' a/sampled.jsonl
all_of 'what is sampled are instructions for the traits, one each' '
	all(.[]; .bare_prompt[-1].content as $bare |
		(.prompt[-1].content | startswith($bare)) and
		([.prompt[-1].content | scan("\n- ")] | length) ==
			(.traits | length))' a/sampled.jsonl
jq -c '[.prompt_id, .prompt]' "$prompts" | sort >want
jq -c '[.prompt_id, .prompt]' a/graded.standin.standin.jsonl | sort -u >got
same 'the grader sees the prompt without them' got want
all_of 'each completion has a reward, and no error' '
	all(.[]; (.reward | type) == "number" and (.error | not))' \
	a/rewards.standin.standin.jsonl
all_of 'rewards are what the weights say' '
	(.[0].weights) as $w | all(.[1:][]; . as $r | ([.features | to_entries[] |
		.value * $w[$r.response_type][.key]] | add) + .rm_score - .reward |
		fabs < 1e-9)' \
	a/weights.standin.standin.json a/rewards.standin.standin.jsonl
all_of 'on prompts held out, rules make the ranking better' '
	.[0].report | length == 2 and all(.[].held_out.ranking_error;
		.rm.ideal.n >= 12 and
		.both.ideal.rate < .rm.ideal.rate / 2 and
		.rbr.ideal.rate < .rm.ideal.rate / 2)' \
	a/weights.standin.standin.json
all_of 'the grader tells traits apart' '
	[.[] | .propositions as $p | .traits | to_entries[] |
		($p[.key] | numbers) as $q | (($q >= 0.5) == .value)] |
	(map(select(.)) | length) > 0.8 * length' \
	a/graded.standin.standin.jsonl
sed 's/.*"custom_id":"\([^"]*\)".*/\1/' a/journal.jsonl | sort | uniq -d >twice
empty 'no question is asked twice' twice

# Again.

produced a >first
rbr a clean && [ -s a/journal.jsonl ] && [ ! -e a/sampled.jsonl ]
ran 'make clean leaves the journal, and nothing to start from' $?
rbr a all PROMPTS="$prompts" ASK='--max-requests 0'
ran 'everything is made again without a request' $?
produced a >second
same '... and is the same' second first
rbr a followed PROMPTS="$prompts" ASK='--max-requests 0' &&
	grep -q '^declines true  *[0-9]* of 1[0-9][0-9]$' log
ran 'make followed counts what turned out as told' $?
rbr a sampled SEED=7
ok 'another seed draws other instructions' test "$(produced a | cmp - first)"
rbr a distclean && [ ! -e a ]
ran 'make distclean leaves nothing' $?

# The table is what the rewards say: fitted to all, and counted by hand.

rbr b all TRAIN=1
ran 'nothing held out' $?
ok '... leaves nothing to tell' grep -q '^RM + RBR  *-  *-$' log
all_of 'the ranking error is that of the rewards' '
	([.[0].report[].ranking_error.both.ideal.worse_above] | add) ==
	([.[1:] | group_by(.prompt_id)[] | (.[] | select(.completion_type ==
		("perfect refusal", "fully complies"))) as $ideal | .[] |
		select(.completion_type != $ideal.completion_type and
			.reward > $ideal.reward)] | length)' \
	b/weights.standin.standin.json b/rewards.standin.standin.jsonl

# Settings.

rbr b rewards CONFIRM=0.5
ran 'only completions that are confirmed' $?
all_of '... are what they were told to be' '
	length < 32 and length > 8 and all(.[]; .propositions as $p | .traits |
		to_entries | all(.[]; $p[.key] == null or
			($p[.key] >= 0.5) == .value))' b/rewards.standin.standin.jsonl
rbr b rewards REWARD="jq -c '.rm_score = 7'"
ran 'another reward model' $?
all_of '... gives other scores' 'all(.[]; .rm_score == 7)' \
	b/rewards.standin.standin.jsonl
cat >rules.yaml <<'EOF'
prompt_template: "{response}\n\n{question} Yes or no?"
simple_propositions: {sorry: {prompt: "Is it sorry?"}}
completion_class_order: [good, bad]
completion_classes:
  good: {hard_refuse: {sorry: true}, comply: {sorry: false}}
  bad: {hard_refuse: {sorry: false}, comply: {sorry: true}}
EOF
rbr b rewards RULES="$tmp/rules.yaml"
ran 'other rules' $?
all_of '... have other classes' 'all(.[]; .classes | keys == ["bad", "good"])' \
	b/rewards.standin.standin.jsonl

# Records that fail, and steps that are cut short.

rbr c all standin="$server --fault 400=0.02"
ran 'records with errors are no reason to stop' $?
all_of '... but are kept' '(map(select(.error)) | length) as $n |
	length == 32 and $n > 0 and $n < 32' c/rewards.standin.standin.jsonl
rbr c clean && rbr c rewards
all_of 'those are asked again' 'all(.[]; .error | not)' \
	c/rewards.standin.standin.jsonl
echo '{"prompt_id": "x", "prompt": [], "response_type": "Soft"}' >soft.jsonl
rbr d all PROMPTS="$tmp/soft.jsonl"
ok 'a response type that the policy does not know is told' \
	grep -q 'no completions for Soft' log
ok '... and nothing looks done' [ ! -e d/instructions.jsonl ]
rbr d rewards REWARD=false
ok 'nor where the reward model fails' \
	[ $? -ne 0 -a -s d/replies.standin.jsonl -a ! -e d/scored.standin.jsonl ]

# A real run: two models behind one address.

$server --reply "$(cat "$rbr/standin.jq")" make -C "$rbr" -s \
	BIN="$builddir/bin" OUT="$tmp/e" PROMPTS="$tmp/few.jsonl" \
	MODEL=org/model:7b GRADER=judge rewards >log 2>&1
ran 'two models that are named are asked' $?
all_of 'the completions are those of the one' \
	'all(.[]; .model == "org/model:7b")' e/rewards.org_model_7b.judge.jsonl
ok 'the grades are those of the other' grep -q '"model":"judge"' e/journal.jsonl
rbr e graded MODEL=one
ok 'to name one alone is a mistake' grep -q 'set both MODEL and GRADER' log
make -n -C "$rbr" OUT="$tmp/f" MODEL=one GRADER=two all >log 2>&1
grep -q cupel-query log && ! grep -q cupel-standin log
ran 'nobody stands in for models that are named' $?

finish
