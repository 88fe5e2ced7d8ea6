#!/bin/sh
# example-places: the Makefile of examples/places keeps what it promises: from a
# town to the table of how often places are recognised, and pictures, offline,
# the same twice, and nothing done again that is done.
. "$(dirname "$0")/tap.sh"
for t in town feature retrieve match recall; do
	has_tool "$t" || skip_all "this build has no cupel-$t"
done
make --version 2>/dev/null | grep -q GNU || skip_all 'there is no GNU make'
command -v jq >/dev/null || skip_all 'there is no jq'
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
CUPEL_CL=none
export CUPEL_CL

# places OUT ARGUMENT...: the Makefile, on few and small pictures
places() {
	out=$1
	shift
	make -C "$srcdir/examples/places" -s BIN="$builddir/bin" OUT="$tmp/$out" \
		BLOCKS=1 PLACES=16 STEP=56 ASKED=4 LEARNT=4 SIZE=240x180 \
		TOWN='--samples 1' FEATURE='--upright -n 500' \
		CANDIDATES=5 VOCABULARY='--dims 0 --clusters 8' "$@" >log 2>&1
}

# ran NAME STATUS: how the last command ended
ran() {
	[ "$2" -eq 0 ]
	report $? "$1" || tail -n 20 log | diag
}

# is_png NAME FILE WIDTH: a PNG that is at least so wide
is_png() {
	wide=$(od -An -j16 -N4 -tu1 "$2" | awk '{ print $3 * 256 + $4 }')
	[ "$(od -An -j1 -N3 -c "$2" | tr -d ' ')" = PNG ] && [ "$wide" -ge "$3" ]
	report $? "$1" || echo "$wide pixels" | diag
}

places a
ran 'from a town to the table and the pictures' $?
is 'the table has three ways to rank' "$(grep -c %. log)" 3
grep -q '4 queries, 0 not answered, 16 pictures' log
report $? 'and says of how many' || diag <log
tail -n 2 log >closing
is 'the last lines say what to look at' "$(grep -o "$tmp/a/[a-z]*.png" closing)" \
	"$tmp/a/retrieved.png
$tmp/a/matched.png"
is_png 'the sheet of what was retrieved' a/retrieved.png 600
is_png 'the picture of what matched' a/matched.png 480
jq -s -e 'length == 3 and all(.[]; .n == 4 and .missing == 0 and .errors == 0
	and .["recall@1"] <= .["recall@5"] and .["recall@5"] <= 1) and
	.[2]["recall@5"] <= .[1]["recall@5"] and
	.[1]["recall@5"] >= 0.5' a/recall.jsonl >/dev/null
report $? 'places are recognised' || diag <a/recall.jsonl
jq -s -e 'length == 20 and all(.[]; .geometry.inliers <= .matches.n) and
	([.[] | select(.rank == 1)] | length == 4)' a/matched.jsonl >/dev/null
report $? 'each query has its candidates' || head -c 600 a/matched.jsonl | diag

touch -d '1 hour ago' stamp
find a -type f -exec touch -r stamp {} +
places a
ran 'once more' $?
find a -type f -newer stamp >again
empty 'and nothing is made again' again

rm a/matched.jsonl a/recall.jsonl
places a table
ran 'a step that is missing' $?
[ -s a/recall.jsonl ] && [ -z "$(find a/described.jsonl -newer stamp)" ]
report $? 'is made, and what comes before it is not'

mkdir first
mv a/*.jsonl a/*.png a/vocabulary first
places a
ran 'all over again' $?
for f in first/*; do cmp "$f" "a/${f#*/}"; done >differ 2>&1
empty 'the same bytes' differ

find a -type f -exec touch -r stamp {} +
places a CANDIDATES=3 table
ran 'with another setting' $?
is 'what follows from it is made by it' "$(wc -l <a/retrieved.jsonl)" 12
[ -z "$(find a/database.features.jsonl -newer stamp)" ]
report $? 'and nothing else'
places a clean
ran 'clean' $?
ok 'leaves nothing' test ! -e a
finish
