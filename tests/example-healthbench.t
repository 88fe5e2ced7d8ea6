#!/bin/sh
# example-healthbench: the data of examples/healthbench are sound, and its
# Makefile keeps what it promises: offline, twice, after kill -9, out of a tree
# that it does not write to, for other models.
. "$(dirname "$0")/tap.sh"
for t in sample query grade score agree standin; do
	has_tool "$t" || skip_all "this build has no cupel-$t"
done
make --version 2>/dev/null | grep -q GNU || skip_all 'there is no GNU make'
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
hb=$srcdir/examples/healthbench

# valid NAME FILE EXPR: EXPR holds for every record
valid() {
	cupel-sample --where "($3) | not" "$2" >invalid 2>&1
	empty "$1" invalid
}

# A port of our own: a journal knows the stand-in by it, and others are at work.
server="cupel-standin -p $((20000 + $$ % 10000))"

# hb OUT ARGUMENT...: the Makefile, on a small sample, in a directory of its own
hb() {
	out=$1
	shift
	make -C "$hb" -s BIN="$builddir/bin" OUT="$tmp/$out" PER_THEME=1 \
		REPEATS=2 beside="$server" beside_again="$server -s 1" \
		"$@" >log 2>&1
}

# ran NAME STATUS: how the last command ended
ran() {
	[ "$2" -eq 0 ]
	report $? "$1" || tail -n 20 log | diag
}

# produced OUT: the files of a run, but for the journal, as one text
produced() (
	cd "$tmp/$1" && for f in *.json*; do
		[ "$f" = journal.jsonl ] || { echo "$f" && cat "$f"; }
	done
)

# The data.

conversations=$hb/conversations.jsonl meta=$hb/meta.jsonl
ok 'there are conversations enough' \
	[ "$(wc -l <"$conversations")" -ge 24 ]
valid 'a conversation begins and ends with the user' "$conversations" '
	(.prompt | length % 2) == 1 and ([.prompt[].role] ==
		[range(.prompt | length) | if . % 2 == 0 then "user"
		else "assistant" end]) and all(.prompt[]; .content != "")'
valid 'it has one theme' "$conversations" '
	[.example_tags[] | select(startswith("theme:"))] | length == 1'
valid 'its criteria have whole points, not all of them negative' \
	"$conversations" '
	(.rubrics | length >= 4) and any(.rubrics[]; .points > 0) and
	all(.rubrics[]; .points != 0 and (.points | fabs) <= 10 and
		(.points | floor) == .points and .criterion != "")'
valid 'a criterion has one level and one axis; of a cluster it has 5 points' \
	"$conversations" '
	all(.rubrics[]; (.tags[0] == "level:example" and (.tags | length) == 2
		or .tags[0] == "level:cluster" and .points == 5 and
		(.tags[1] | startswith("cluster:")) and (.tags | length) == 3)
		and (.tags[-1] | startswith("axis:")))'
sed 's/.*"prompt_id": "\([^"]*\)".*/\1/' "$conversations" | sort | uniq -d >twice
empty 'no two have the same name' twice
valid 'rows for the grader have labels, and a physician for each' "$meta" '
	(.binary_labels | length) as $n | $n >= 2 and $n <= 5 and
	(.anonymized_physician_ids | unique | length) == $n and
	all(.binary_labels[]; type == "boolean") and
	(.category | startswith("cluster:")) and .rubric != "" and
	(.completion | type) == "string"'

# Offline.

ls -lR "$hb" >before
hb a all
ran 'make: from conversations to tables' $?
ls -lR "$hb" >after
same 'it writes nothing but into OUT' after before
ls a/*.part >parts 2>/dev/null
empty 'no file is left half-written' parts
ok 'each theme gives one of the sample' [ "$(wc -l <a/sample.jsonl)" -eq 7 ]
ok 'there is a score' grep -q '"overall_score": *-\{0,1\}[0-9]' \
	a/score.standin.standin.json
ok 'there is the worst of two' grep -q '"worst_at": *\[' \
	a/worst.standin.standin.json
ok 'there is the agreement of the grader' \
	grep -q '"pairwise_model_f1_balanced": *0\.' a/agree.standin.json
cupel-sample --where '[.rubric_items[].criteria_met | values] | unique |
	length == 2' a/graded.standin.standin.jsonl >mixed
ok 'some criteria are met and some are not' [ -s mixed ]
sed 's/.*"custom_id":"\([^"]*\)".*/\1/' a/journal.jsonl | sort | uniq -d >twice
empty 'no question is asked twice' twice

# Again.

produced a >first
cp a/journal.jsonl journal
hb a all
ran 'make a second time' $?
hb a estimate
ok 'nothing is left to ask' [ "$(grep -c '"requests":0,' log)" -eq 2 ]
hb a clean && [ -s a/journal.jsonl ] && [ ! -e a/sample.jsonl ]
ran 'make clean leaves the journal, and nothing to start from' $?
hb a all ASK='--max-requests 0'
ran 'everything is made again without a request' $?
produced a >second
same '... and is the same' second first
cmp -s a/journal.jsonl journal
ran '... and the journal is as it was' $?
hb a sample SEED=7
produced a >second
ok 'another seed is another sample' test "$(cmp first second)"
hb a distclean && [ ! -e a ]
ran 'make distclean leaves nothing' $?

# Killed over and over, each time a little later.

hb b graded
ran 'a run that is left alone' $?
produced b >first
kills=0
for ms in 0.1 0.1 0.2 0.2 0.4 0.8 1.6 3.2 20 20; do
	hb c graded ASK='-j 4' beside="$server --latency 5-40 timeout -s KILL $ms" &&
		break
	kills=$((kills + 1))
done
ran 'a run that is killed again and again is finished in the end' $?
ok 'it was killed' [ $kills -gt 0 ]
produced c >second
same 'it makes what the other made' second first
sed 's/.*"custom_id":"\([^"]*\)".*/\1/' c/journal.jsonl | sort | uniq -d >twice
empty 'no reply is in the journal twice' twice

# Records that fail.

hb e replies beside="$server --fault 400=0.5"
ran 'records with errors are no reason to stop' $?
cupel-sample --where .error e/replies.standin.jsonl >failed
cupel-sample --where '.error | not' e/replies.standin.jsonl >answered
ok 'some replies are there and some are not' [ -s failed -a -s answered ]
hb e clean && hb e replies
cupel-sample --where .error e/replies.standin.jsonl >failed
empty 'those are asked again' failed
hb f replies beside='OPENAI_BASE_URL=http://127.0.0.1:1/v1 OPENAI_API_KEY=x' \
	ASK='--retries 0'
ok 'a step that was cut short leaves nothing that looks done' \
	[ $? -ne 0 -a ! -e f/replies.standin.jsonl ]

# A real run: two models behind one address.

$server make -C "$hb" -s BIN="$builddir/bin" OUT="$tmp/d" PER_THEME=1 \
	MODEL=org/model:7b GRADER=judge score >log 2>&1
ran 'two models that are named are asked' $?
ok 'the replies are those of the one' \
	grep -q '"model": *"org/model:7b"' d/replies.org_model_7b.jsonl
ok 'the grades are those of the other' grep -q '"model":"judge"' d/journal.jsonl
ok 'the files are named after both' [ -s d/score.org_model_7b.judge.json ]
hb d graded MODEL=one
ok 'to name one alone is a mistake' grep -q 'set both MODEL and GRADER' log
make -n -C "$hb" OUT="$tmp/d" MODEL=one GRADER=two all >log 2>&1
grep -q cupel-query log && ! grep -q cupel-standin log
ran 'nobody stands in for models that are named' $?

finish
