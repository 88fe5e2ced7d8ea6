#!/bin/sh
# asking: how it goes when things go wrong. cupel-standin plays the server;
# its log has a line for each request that it got.
. "$(dirname "$0")/tap.sh"
{ has_tool query && has_tool standin; } ||
	skip_all 'cupel-query or cupel-standin is not built'

# prompts N: so many records
prompts() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"id\":%d,\"prompt\":\"question %d\"}\n", i, i }'
}

# ask STANDIN-OPTION... -- QUERY-OPTION...: both run, on records in the file in
ask() {
	server=
	while [ "$1" != -- ]; do
		server="$server '$1'"
		shift
	done
	shift
	rm -f log
	eval "timeout 60 cupel-standin -p 0 --log log $server" \
		cupel-query -m any '"$@"' in >out 2>err
	status=$?
}

# ended NAME STATUS ANSWERED: the last run did, with so many answers, in order
ended() {
	jq -r 'select(.completion) | .id' out >ids
	sort -n ids | cmp -s - ids && [ "$status" = "$2" ] &&
		[ "$(wc -l <ids)" -eq "$3" ]
	report $? "$1" || {
		echo "status $status, $(wc -l <ids) answers"
		head -n 5 err out
	} | cut -c1-300 | diag
}

# sent: how many requests the server got
sent() { wc -l <log | tr -d ' '; }
# says NAME PATTERN: a message of the last run does
says() {
	grep -qE "^cupel-query: .*$2" err
	report $? "$1" || diag <err
}
# silent NAME PATTERN: none does
silent() {
	! grep -E "$2" err >said
	report $? "$1" || diag <said
}

# Faults that pass. All but the first are asked again after random waits.
prompts 20 >in
for fault in 429 500 529 408 cut malformed html200; do
	ask --fault $fault=0.5 --fault-times 1 -- -j 8
	ended "$fault: asked again until it is answered" 0 20
	failed=$(grep -c '"fault":"' log)
	[ "$failed" -gt 3 ] && [ "$(sent)" -eq $((20 + failed)) ]
	report $? "$fault: $failed requests more, and not one else"
done
ask --fault stall=0.2 --fault-times 1 -- -j 8 --timeout 1
ended 'stalls are given up and asked again' 0 20
prompts 3 >in
date +%s >before
ask --fault 429=1 --fault-times 1 --retry-after 1 -- -j 1
ended 'a server that asks to wait' 0 3
[ "$(date +%s)" -ge $(($(cat before) + 3)) ]
report $? 'is heard'

# Faults that do not.
prompts 3 >in
ask --fault 500=1 -- --retries 2
ended 'a server that always fails: error records' 1 0
is 'each request is sent three times' "$(sent)" 9
is 'the error says what and how often' \
	"$(jq -r .error.code out | uniq) $(grep -c 'given up after 3 attempts' out)" \
	'server 3'
says 'and a line sums it up' '3 records, .*9 requests, .*3 unanswered \(server 3\)'
says 'with what the first one was' '; the first: status 500: '
ask --fault cut=1 -- --retries 1
is 'replies that are cut are no answers' "$(jq -r .error.code out | uniq)" cut
ask --fault malformed=1 -- --retries 1
is 'nor are replies that end within their JSON' \
	"$(jq -r .error.code out | uniq)" malformed
ask --fault html200=1 -- --retries 1
is 'nor are pages of a proxy' "$(jq -r .error.code out | uniq)" malformed
ask --fault stall=1 -- --retries 0 --timeout 1
is 'nor is silence' "$(jq -r .error.code out | uniq)" timeout
ask --fault huge=1 --huge-size 2M -- --max-reply 1M
is 'nor is what is too long' "$(jq -r .error.code out | uniq)" too_big
is 'which is not asked again' "$(sent)" 3
ask --fault huge=1 --huge-size 2M --
ended 'but it may be allowed' 0 3
ask --reply '{status: 400, headers: {"x-should-retry": "true"}, body: {error: "x"}}' \
	-- --retries 1
is 'x-should-retry: true is heard' "$(sent)" 6
ask --reply '{status: 500, headers: {"x-should-retry": "false"}, body: {error: "x"}}' --
is 'x-should-retry: false is heard' "$(sent)" 3

# What stops the run at once.
prompts 500 >in
ask --fault billing=1 -- -j 4
ended 'no credit: nothing is written' 2 0
says 'and it says so' 'no credit left'
silent 'and no more, as nothing was begun' 'begun'
[ "$(sent)" -le 4 ]
report $? 'and asks no more'
ask --reply 'if (.messages[0].content | test("1.0"))
	then {status: 429, body: {error: {type: "insufficient_quota", message: "broke"}}}
	else "yes" end' -- -j 4
[ "$(jq -s length out)" -ge 99 ] && [ "$(jq -s length out)" -le 105 ]
report $? 'the credit ends on the way: what was answered is written'
is 'and the status is 3' "$status" 3
says 'and what is missing is counted' '[0-9] records? that (was|were) begun'
ask --models other --
ended 'an unknown model' 2 0
says 'is named, and what to check' "any.*check -m and -u"
OPENAI_API_KEY=wrong STANDIN_KEY=right
export OPENAI_API_KEY STANDIN_KEY
ask --key-env STANDIN_KEY -- -j 4
ended 'a wrong key' 2 0
says 'is told as one' 'check the key, which came from OPENAI_API_KEY'
grep -q 'wrong' err
[ $? -eq 1 ]
report $? 'and not shown'
echo wrong >key
ask --key-env STANDIN_KEY -- -j 4 --key-file key
says 'a wrong key in a file is told as that' 'came from --key-file key'
echo right >key
ask --key-env STANDIN_KEY -- -j 4 --key-file key
ended 'the right key in a file' 0 500
prompts 1 >in
for key in 'secret-key' '********'; do
	OPENAI_API_KEY=$key
	ask --reply '{status: 400, body: {error: {message: "not '"$key and $key"'"}}}' --
	mask=$(echo "$key" | tr -c '\n' '*')
	is "the key $key in a message is masked, each time" \
		"$(jq -r .error.message out)" "status 400: not $mask and $mask"
done
prompts 500 >in
unset OPENAI_API_KEY
timeout 20 cupel-standin -p 0 --key-env STANDIN_KEY \
	sh -c 'unset OPENAI_API_KEY; exec cupel-query -m any in' >out 2>err
says 'no key: is told' 'no key was sent; .*OPENAI_API_KEY'
ask --fault 429=1 --retry-after 1000 -- -j 4
ended 'a server that asks for a long pause' 3 0
says 'is not waited for' 'asks to wait 1000 seconds'
# Ceilings, progress.
prompts 200 >in
ask --latency 5 -- -j 4 --max-requests 100
ended 'a ceiling of requests' 3 100
is 'is not exceeded' "$(sent)" 100
says 'and told' 'stopped after 100 requests; with --journal'
echo '{"models":{"any":{"input":1000,"output":1000}}}' >prices
ask --latency 5 --reply '"always the same"' -- -j 4 --max-cost 1 --prices prices
jq -s 'map(.usage.total_tokens) | add' out >tokens
[ "$status" -eq 3 ] && [ "$(cat tokens)" -le 1000 ] && [ "$(cat tokens)" -ge 950 ]
report $? "a ceiling of cost: 1000 tokens allowed, $(cat tokens) used"
says 'is told with the cost' '[^0-9]\$[01]\.[0-9]*: another request may exceed --max-cost'
prompts 3 >in
ask -- --progress
says 'progress is told' '3 records, .*3 requests, .* tokens'
cat >asked <<'E'
cupel-query -m any -j 1 "$@" &
pid=$!
sleep 0.5
kill -USR1 $pid
wait $pid
E
timeout 20 cupel-standin -p 0 --latency 400 sh ./asked in >out 2>err
status=$?
ended 'SIGUSR1 does not disturb' 0 3
says 'and is answered' '[0-9] records?, .*1 in flight'
cat >twice <<'E'
cupel-query -m any in &
pid=$!
sleep 0.5
kill -TERM $pid
sleep 0.3
kill -TERM $pid
wait $pid
E
timeout 20 cupel-standin -p 0 --fault stall=1 sh ./twice >out 2>err
is 'a second signal does not wait for what is in flight' $? 143
says 'as the first one said' 'a second signal gives up'

# No server.
prompts 3 >in
cupel-query -m any -u http://127.0.0.1:1 --retries 2 in >out 2>err
status=$?
ended 'nobody listens' 2 0
says 'the address is told' '127.0.0.1:1/v1/chat/completions cannot be reached: .*is -u right'
cupel-query -m any -u http://no-such-host.invalid --retries 0 in >out 2>err
status=$?
ended 'no such host' 2 0
cupel-query -m any -u http://127.0.0.1:1 --retries 1 in >out 2>err
says 'what goes on meanwhile is told' 'reached: .*; trying again, each request at most 1 times? and'
is 'once, not for every request' "$(grep -c 'trying again' err)" 1
if command -v prlimit >/dev/null; then
	cat >crowded <<'E'
mkfifo fed
cupel-query -m any -j 1 --retries 0 <fed &
pid=$!
exec 4>fed
sleep 0.5
prlimit --pid $pid --nofile=3
cat in >&4
exec 4>&-
wait $pid
E
	timeout 20 cupel-standin -p 0 sh ./crowded >out 2>err
	says 'too many open files are not the fault of the server' \
		'cannot be reached: too many files are open on this machine'
	silent 'nor of -u' 'is -u right'
fi

# On a terminal: a line that begins anew, clears what is there and fits.
if script -qec true shown </dev/null >/dev/null 2>&1; then
	prompts 4 >in
	timeout 30 cupel-standin -p 0 --latency 800 script -qec \
		'cupel-query -m any -j 1 in >out' shown </dev/null >/dev/null
	tr '\r' '\n' <shown | grep 'in flight' >lines
	[ -s lines ] && ! grep -qv "^$(printf '\033')\[Kcupel-query: [0-9]" lines
	report $? 'progress on a terminal clears the line first' || diag <lines
	[ "$(awk 'length > n { n = length } END { print n }' lines)" -le 82 ]
	report $? 'and fits it' || diag <lines
	tr '\r' '\n' <shown | grep -q "^$(printf '\033')\[K.*4 requests"
	report $? 'messages take its place' || diag <shown
	prompts 1 >in
	timeout 30 cupel-standin -p 0 --latency 800 script -qec \
		'cupel-query -m any -j 1 -o out in' shown </dev/null >/dev/null
	grep -q 'in flight' shown
	report $? 'there is one with -o, too' || diag <shown
else
	skip 'progress on a terminal' 'no terminal can be had'
fi

# The same over libcurl's own transfers, which a user in the URL brings about.
cat >by_curl <<'E'
url=http://user:secret@${OPENAI_BASE_URL#http://}
exec cupel-query -m any -u "$url" "$@"
E
prompts 40 >in
rm -f log
timeout 60 cupel-standin -p 0 --log log --fault 500=0.2 --fault cut=0.2 --fault html200=0.1 \
	--fault-times 1 sh ./by_curl -j 8 in >out 2>err
status=$?
ended 'through libcurl: asked again until it is answered' 0 40
prompts 3 >in
for want in 'stall 0 timeout' 'huge 1 too_big' 'cut 1 cut' '400 0 bad_request'; do
	# shellcheck disable=SC2086 # words
	set -- $want
	timeout 60 cupel-standin -p 0 --fault "$1=1" --huge-size 2M sh ./by_curl --max-reply 1M \
		--timeout 1 --retries "$2" in >out 2>err
	is "through libcurl: $1" "$(jq -r .error.code out | uniq)" "$3"
done
! grep -q secret err out
report $? 'a password in the URL is not shown'

# Servers close connections that are idle; whose reply is whose stays certain.
bursts() {
	for burst in 1 2 3; do
		awk -v b=$burst 'BEGIN { for (i = 1; i <= 6; i++)
			printf "{\"id\":%d,\"prompt\":\"%d of %d\"}\n", b * 10 + i, i, b }'
		sleep 1.6
	done
}
bursts | timeout 60 cupel-standin -p 0 --idle 1 --latency 50-600 \
	--reply '.messages[-1].content' cupel-query -m any >out 2>err
jq -c 'select(.prompt != .completion[0].content)' out >wrong
is 'idle connections that the server closes' "$(wc -l <out) $(wc -l <wrong)" '18 0'

finish
