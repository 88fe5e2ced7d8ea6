#!/bin/sh
# journal: whatever ends a run, another one goes on where it was. cupel-standin
# plays the server; its log has a line for each request that it got.
. "$(dirname "$0")/tap.sh"
{ has_tool query && has_tool standin; } ||
	skip_all 'cupel-query or cupel-standin is not built'

awk 'BEGIN { for (i = 1; i <= 300; i++)
	printf "{\"id\":%d,\"prompt\":\"question %d\"}\n", i, i }' >in

# All against one server, as its address is part of the keys.
cat >runs <<'E'
q() { cupel-query -m any -j 8 "$@" in; }
# now NAME: what the log has grown by since the last time
now() { wc -l <log >"$1.lines"; }
q >want 2>err
now before
# Killed again and again, with faults about; then it may end.
for i in 1 2 3 4 5 6; do
	cupel-query -m any -j 8 --journal j in >out.$i 2>err.$i &
	pid=$!
	sleep 0.$i
	kill -9 $pid
	wait $pid
done 2>killed.err
q --journal j >out 2>err
echo $? >killed.status
now killed
q --journal j --progress >again 2>again.err
now again
printf '{"id":"torn' >>j
q --journal j >torn 2>torn.err
sed '7s/.*/garbage/' j >g
now torn
q --journal g >garbage 2>garbage.err
now garbage
q --journal m --max-requests 100 >ceiling 2>ceiling.err
echo $? >ceiling.status
now ceiling
q --journal m >rest 2>rest.err
now rest
# Twice the same records in one run.
q --journal t in >twice 2>twice.err
now twice
q --journal o >/dev/full 2>full.err
echo $? >full.status
q --journal o >after 2>after.err
now after
q --journal p 2>pipe.err | head -n 3 >pipe
q --journal p >piped 2>piped.err
now piped
# A signal: what is in flight is awaited.
cupel-query -m any -j 8 --journal i in >stopped 2>stopped.err &
pid=$!
sleep 0.4
kill -TERM $pid
wait $pid
echo $? >stopped.status
now stopped
q --journal i >resumed 2>resumed.err
now resumed
# The journal's own disk is full; then there is room again.
(ulimit -f 16; q --journal d 2>nodisk.err; echo $? >nodisk.status) | cat >nodisk
now nodisk
q --journal d >disk 2>disk.err
now disk
# Two processes, one journal.
cupel-query -m any -j 2 --journal l in >first 2>first.err &
pid=$!
sleep 0.2
q --journal l >second 2>second.err
echo $? >second.status
kill -9 $pid
wait $pid 2>killed.err
E
rm -f log
timeout 200 cupel-standin -p 0 --log log --latency 5-25 --fault 429=0.05 --fault cut=0.05 \
	--fault-times 2 --reply '"answer to " + .messages[0].content' sh ./runs
# between A B: requests without a fault that came between the two
between() {
	head -n "$(cat "$2.lines")" log | tail -n +$(($(cat "$1.lines") + 1)) |
		jq -r 'select(.fault == null) | .body'
}
is 'killed six times, run again: it ends well' "$(cat killed.status)" 0
same 'the output is the same as without' out want
between before killed | sort >asked
is 'the journal has each answer once' "$(sort -u asked | wc -l) $(wc -l <j)" '300 300'
[ "$(wc -l <asked)" -le 348 ]
report $? "only what was in flight is asked again: $(wc -l <asked) requests for 300 answers"
grep -q custom_id j && jq -r '.custom_id[:40]' j 2>/dev/null | sort >keys
sort -u asked >bodies
same 'keys are digests of what the server was sent' keys bodies
same 'another run gives the same output' again want
is 'and asks nothing' "$(between killed again | wc -l)" 0
grep -q '300 records, .*300 from the journal' again.err
report $? 'and says so' || diag <again.err
same 'a torn line is no matter' torn want
grep -q 'j:301: the last line is torn' torn.err
report $? 'and told' || diag <torn.err
same 'a line of garbage neither' garbage want
is 'but for its reply' "$(between torn garbage | wc -l)" 1
grep -q 'g:7: no line of a journal' garbage.err
report $? 'and told' || diag <garbage.err
is 'a ceiling of requests cuts the run short' "$(cat ceiling.status)" 3
is 'and is kept' "$(($(cat ceiling.lines) - $(cat garbage.lines)))" 100
grep -q 'stopped after 100 requests; run again with the same journal' ceiling.err
report $? 'the message says how to go on' || diag <ceiling.err
same 'which gives the rest' rest want
is 'without asking anything twice' "$(between garbage rest | sort | uniq -d)" ''
is 'a full disk cuts the run short' "$(cat full.status)" 3
same 'and loses nothing that was answered' after want
is 'of all that was asked' "$(between twice after | sort | uniq -d | wc -l)" 0
same 'nor does a pipe that is closed' piped want
is 'an interrupted run ends with status 3' "$(cat stopped.status)" 3
[ -s stopped ] && grep -Fxf stopped want | cmp -s - stopped
report $? 'having written what was answered, in order'
grep -q 'interrupted; .*run again with the same journal' stopped.err
report $? 'and said how to go on' || diag <stopped.err
same 'which does' resumed want
is 'without asking anything twice' "$(between piped resumed | sort | uniq -d)" ''
is 'a full disk of the journal cuts the run short' "$(cat nodisk.status)" 3
grep -q 'the journal cannot be written: d: \(No space\|File too\)' nodisk.err
report $? 'and is told' || diag <nodisk.err
same 'the next run gives the rest' disk want
[ "$(between resumed disk | sort | uniq -d | wc -l)" -le 8 ]
report $? 'and asks again at most what was in flight'
is 'a journal in use is not for another process' "$(cat second.status)" 2
grep -q 'l: another process has this journal' second.err
report $? 'which is told so' || diag <second.err

finish
