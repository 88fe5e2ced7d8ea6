# shellcheck shell=sh
# kinds: what the generic tests that feed records to every tool share. Sourced
# behind tap.sh; tests/tools says what kind of tool each is.

# record ID: a record that every tool takes, with members that none of them owns
# shellcheck disable=SC2089 # the quotes are JSON's
odd='"odd" : [ 1.0,12345678901234567890 , 1e1000, "\u00e9\/\ud800" ]  ,"\u006fdd2":{"a":1,"a":2}'
record() {
	case $1 in
	*[13579b]) more='"completion_type":"bad","features":{"polite":0.1}' ;;
	*) more='"completion_type":"good","features":{"polite":0.9}' ;;
	esac
	[ "$kind" = completes ] ||
		more='"completion":[{"role":"assistant","content":"hello, friend"}],'$more
	printf '{"id":"%s", %s,%s,%s,%s,%s,%s,%s,%s,%s,%s}' "$1" "$odd" \
		'"prompt":[{"role":"user","content":"hello there"}]' \
		'"rubrics":[{"criterion":"greets","points":5,"tags":["axis:tone"]}]' \
		'"example_tags":["theme:greeting"],"score":1' \
		'"rubric_items":[{"criterion":"greets","points":5,"tags":["axis:tone"],"criteria_met":true}]' \
		'"rubric":"greets","category":"tone","binary_labels":[true,false],"criteria_met":true' \
		'"propositions":{"declines":0.1,"answers":1,"off_topic":0,"unsafe_help":1e-3,"moralising":false}' \
		'"query":{"image":"q.png","keypoints":"none","descriptors":"none","features":{"type":"orb","n":0},"easting":0,"northing":0}' \
		'"match":{"image":"m.png","keypoints":"none","descriptors":"none","features":{"type":"orb","n":0},"easting":0,"northing":0},"image":"i.png","global":"one"' \
		'"response_type":"comply","rm_score":0.5,"family":"'"${1%?}\",$more"
}

# Files that the records and the arguments in tests/tools name.
: >none
printf '\0\0\200?' >one # 1 as a float32
echo '{"image":"m.png","global":"one"}' >database.jsonl
base64 -d >i.png <<E
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVQI12NgAAAAAgAB4iG8MwAAAABJRU5ErkJggg==
E
echo '{"comply":{"good":["bad"]}}' >orderings.json
echo '{"weights":{"comply":{"answers":1,"unsafe":-2}}}' >weights.json

# kind_of TOOL: set $tool, $kind and $arguments; false, having said so, where
# the tool cannot be fed with records here
kind_of() {
	tool=$1
	row=$(sed -n "s/^$tool //p" "$srcdir/tests/tools")
	kind=${row%% *}
	kind=${kind:-filter}
	arguments=${row#"$kind"}
	[ "$kind" != server ] || return 1
	case $kind in
	asks | completes)
		# One reply for all: a verdict, and the same every time.
		standin_start --reply '"{\"criteria_met\":true}"' && return
		skip "$tool: records" 'cupel-standin is not built'
		return 1
		;;
	esac
}

# run ARGUMENT...: the tool, its output in out, its messages in err; $status
run() {
	# shellcheck disable=SC2086 # arguments are words
	timeout 20 "cupel-$tool" $arguments "$@" >out 2>err
	status=$?
}

# ended NAME STATUS [FILE]: the last run ended so, and wrote what FILE holds
ended() {
	[ "$status" -eq "$2" ] && { [ $# -lt 3 ] || cmp -s out "$3"; }
	report $? "$tool: $1" || {
		echo "status $status, not $2"
		[ $# -lt 3 ] || diff "$3" out
		cat err
	} | cut -c1-500 | head -n 20 | diag
}

# says NAME PATTERN: the message of the last run does
says() {
	grep -qE "^cupel-$tool: .*$2" err
	report $? "$tool: $1" || diag <err
}
