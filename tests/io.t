#!/bin/sh
# io: every tool meets every kind of input and output alike. tests/tools says
# what kind of tool each is.
. "$(dirname "$0")/tap.sh"
. "$srcdir/tests/kinds.sh"

error='{ "id" : "e","error" : {"tool":"cupel-x","code":"http","message":"m"} ,"n":1.0 }'

# What is no record, each of them later the second of three lines.
mkdir bad lines
echo '{"id":"b","prompt":[' >lines/truncated
echo '{"id":"b"} x' >lines/trailing
echo '[1,2]' >lines/array
printf '{"id":"\001"}\n' >lines/control
printf '{"id":"a\000b"}\n' >lines/nul
printf '{"id":"\377\376"}\n' >lines/utf8
head -c 300 "$builddir/bin/cupel-${TOOLS%% *}" 2>/dev/null | tr '\n' ' ' >lines/binary
echo >>lines/binary
{ printf '{"id":"'; head -c 200000 /dev/zero | tr '\0' x; echo '"}'; } >long

head -c 100000000 /dev/zero | tr '\0' x >endless

# files: what the tool reads
files() {
	for f in a b c; do record $f >$f; done
	for f in a b c; do cat $f && echo; done >good
	for f in lines/*; do
		{ sed 1q good && cat "$f" && sed -n 3p good; } >"bad/${f#*/}"
	done
}

usage() {
	run --no-such-option </dev/null
	ended 'an unknown option is a mistake in usage' 2 /dev/null
	says 'and the message says where help is' '--no-such-option; see .*--help'
	"cupel-$tool" --dump-options | awk -F '\t' '$3 { print $2 }' >with_argument
	while read -r name; do
		run "--$name" </dev/null
		[ $status -eq 2 ] || echo "--$name: status $status"
	done <with_argument >missing
	empty "$tool: options whose argument is missing" missing
	"cupel-$tool" --help >/dev/full 2>err
	status=$?
	ended '--help to a full disk' 3
}

input() {
	run <good
	cp out plain
	ended 'three good records' 0
	[ -s plain ]
	report $? "$tool: give some output"
	run </dev/null
	ended 'empty input' 0
	cp out nothing
	run good
	ended 'a file operand' 0 plain
	run -- good
	ended 'a file operand behind --' 0 plain
	run - <good
	ended '- is standard input' 0 plain
	sed -n 1p good >g1; sed -n 2p good >g2; sed -n 3p good >g3
	run g1 - g3 <g2
	ended 'several operands' 0 plain
	run g1 /dev/null b g3
	ended 'a file that is empty, one without its last newline' 0 plain
	sed "s/\$/$(printf '\r')/" good >crlf
	run crlf
	ended 'CRLF' 0 plain
	{ cat g1; echo; cat g2 c; } >gaps
	run gaps
	ended 'a blank line and no last newline' 0 plain
	run g1 no/such/file
	ended 'a file that is not there: nothing is done' 2 /dev/null
	says 'and the message names it' 'no/such/file: No such file'
	run <&-
	ended 'standard input is closed' 3
	run bad
	ended 'a directory' 3
	says 'and the message says so' 'bad: Is a directory'
}

# A tool that makes records makes the same ones whenever it is asked to.
made() {
	run </dev/null
	cp out plain
	ended 'its records' 0
	[ -s plain ]
	report $? "$tool: give some output"
	run <&-
	ended 'standard input is closed, and not asked for' 0 plain
	run no-such-operand
	ended 'an operand that it does not know' 2 /dev/null
}

# What -o may do to what is read.
over_input() {
	cp good to
	run -o to to
	ended '-o onto the input' 0 /dev/null
	same "$tool: into the file it reads" to plain
	rm -f to
	run -o to bad/truncated
	ended '-o with an input that is cut short' 3 /dev/null
	ok "$tool: leaves no file of that name" test ! -e to
}

output() {
	operand=good
	[ "$kind" != source ] || operand=
	# shellcheck disable=SC2086 # none or one
	run -o to $operand
	ended '-o writes the same' 0 /dev/null
	same "$tool: into the file" to plain
	rm -f to
	# shellcheck disable=SC2086
	run -o no/such/to $operand
	ended '-o into nowhere' 2 /dev/null
	[ "$kind" = source ] || over_input
	# shellcheck disable=SC2086
	timeout 20 "cupel-$tool" $arguments $operand >/dev/full 2>err
	status=$?
	ended 'a full disk' 3
	says 'and the message says so' 'No space left'
	# shellcheck disable=SC2086
	timeout 20 "cupel-$tool" $arguments $operand >&- 2>err
	status=$?
	ended 'standard output is closed' 3
	# shellcheck disable=SC2086
	{ sleep 0.2; timeout 20 "cupel-$tool" $arguments $operand 2>err; echo $? >st; } | :
	case $(cat st) in 141 | 3) true ;; *) false ;; esac
	report $? "$tool: nobody reads: it ends" || diag <st
	empty "$tool: quietly" err
	# shellcheck disable=SC2086
	(
		trap '' PIPE
		sleep 0.2
		timeout 20 "cupel-$tool" $arguments $operand 2>err
		echo $? >st
	) | :
	case $(cat st) in 141 | 3) true ;; *) false ;; esac
	report $? "$tool: the same where SIGPIPE is ignored" || diag <st
	empty "$tool: quietly too" err
}

malformed() {
	for f in bad/*; do
		name=${f#bad/}
		run "$f"
		ended "$name: the input ends there" 3
		says "$name: the message has file, line and column" "$f:2:[0-9]+: "
		run -k "$f"
		[ "$kind" != aggregate ] || [ $status -ne 0 ] || status=1
		ended "$name: -k goes on" 1
	done
	printf '{"id":"a","prompt":"' >torn
	run g1 torn
	ended 'a truncated last line' 3
	says 'and where' 'torn:1:[0-9]+: '
	run --max-line 100 good
	ended 'a line that is too long' 3
	says 'and what to do' 'good:1: .*100 bytes.*--max-line'
	run --max-line 4k good
	ended 'a line that is not' 0 plain
	run g1 - <endless
	ended 'a line of 100 MB' 3
	says 'and which bound it breaks' 'standard input:1: .*67108864 bytes'
	run -k g1 - g3 <endless
	[ "$kind" != aggregate ] || [ $status -ne 0 ] || status=1
	ended 'which -k goes on behind' 1
}

# What only a filter promises: records.
filter() {
	same "$tool: empty input, empty output" nothing /dev/null
	is "$tool: order in is order out" \
		"$(sed 's/.*"id":"\([abc]\)", "odd.*/\1/' plain | tr -d '\n')" abc
	grep -cF "$odd" plain >n
	is "$tool: members of others stay byte for byte" "$(cat n)" 3
	echo "$error" >error
	run error
	ended 'a record with an error passes as it is' 1 error
	run g1 error g3
	is "$tool: and the others are done" "$status $(wc -l <out)" '1 3'
	for f in bad/* torn; do
		run $f
		sed 1q plain | cmp -s - out || [ $f = torn ] || echo "$f: the first is lost"
		run -k g1 $f
		sed -n 1p out | cmp -s - plain1 || echo "$f: -k: the first is lost"
		# jq 1.6 refuses lone surrogates, which records may hold
		sed 's/.ud800//' out | jq -e . >/dev/null || echo "$f: -k: not JSON"
		grep -c '"error":{"tool":"cupel-'$tool'","code":"malformed"' out |
			grep -qx 1 || echo "$f: -k: no error record"
	done >lost
	empty "$tool: malformed input loses no other record" lost
	run -k --max-line 4k g1 long g3
	is "$tool: -k goes on behind a line that is too long" \
		"$status $(wc -l <out)" '1 3'
	prompt
}

# One record in: it comes out although the input stays open.
prompt() {
	rm -f in out && mkfifo in
	# shellcheck disable=SC2086
	timeout 20 "cupel-$tool" $arguments <in >out 2>err &
	pid=$!
	exec 3>in
	cat g1 >&3
	i=0
	while [ $((i += 1)) -le 50 ] && [ ! -s out ]; do sleep 0.1; done
	sed 1q plain | cmp -s - out
	report $? "$tool: a record leaves before the next one comes"
	exec 3>&-
	wait "$pid"
	stopped
}

# SIGTERM where more could come: what was written stays, and that is all.
stopped() {
	rm -f out to.part
	# shellcheck disable=SC2086
	"cupel-$tool" $arguments -o to <in 2>err &
	pid=$!
	exec 3>in
	cat g1 >&3
	i=0
	while [ $((i += 1)) -le 50 ] && [ ! -s to.part ]; do sleep 0.1; done
	kill "$pid"
	wait "$pid"
	status=$?
	cp to.part out 2>/dev/null
	ended 'a signal ends it, in order' 3 plain1
	says 'and it says so' interrupted
	says 'and where the records are' 'to\.part'
	exec 3>&-
}

check_tool() {
	tool=$1 arguments=
	usage
	kind_of "$1" || return
	if [ "$kind" = source ]; then
		made
		output
		return
	fi
	files
	input
	sed 1q plain >plain1
	output
	malformed
	[ "$kind" = aggregate ] || filter
}

for tool in $TOOLS; do
	check_tool "$tool"
done
finish
