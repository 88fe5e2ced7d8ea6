#!/bin/sh
# fail: calls to the system fail in the middle of the work (tests/fail.c makes
# them), and no tool takes its cut output for a whole one.
. "$(dirname "$0")/tap.sh"
. "$srcdir/tests/kinds.sh"
lib=$builddir/tests/fail.so
[ -f "$lib" ] || skip_all 'tests/fail.so could not be built'
LD_PRELOAD=$lib sh -c : 2>/dev/null || skip_all 'libraries cannot be preloaded'

# run_failing FD CALL ARGUMENT...: like kinds.sh's run, but calls on the
# descriptor (any: on all) go wrong as tests/fail.c reads it
run_failing() {
	fd=$1 how=$2
	shift 2
	set -- "cupel-$tool" $arguments "$@"
	[ "$fd" = any ] || set -- FAIL_FD="$fd" "$@"
	timeout 60 env FAIL="$how" LD_PRELOAD="$lib" "$@" >out 2>err <"$input"
	status=$?
}

# Output that was cut is the start of what it would have been.
is_start() {
	head -c "$(wc -c <out)" whole | cmp -s - out
}

survives() {
	for how in 'read 1 SHORT' 'read 1 EINTR' 'read 2 EINTR' 'write 1 SHORT' \
		'write 1 EINTR'; do
		case $how in read*) fd=0 ;; *) fd=1 ;; esac
		run_failing $fd "$how"
		ended "$how changes nothing" 0 whole
	done
}

stops() {
	for how in 'read 1 EIO' 'read 2 EIO' 'read 5 EIO'; do
		run_failing 0 "$how"
		[ $status -eq 0 ] && cmp -s out whole && continue # read less often
		[ "$kind" = aggregate ] || is_start || status="$status, other output"
		is "$tool: $how: cut short" "$status" 3
		says "$how: the message says why" 'standard input: Input/output error'
	done
	for how in 'write 1 ENOSPC' 'write 2 ENOSPC' 'write 4 EIO' 'close 1 EIO'; do
		run_failing 1 "$how"
		[ $status -eq 0 ] && cmp -s out whole && continue # wrote less often
		is_start || status="$status, other output"
		is "$tool: $how: cut short" "$status" 3
		says "$how: the message says why" 'standard output: (No space|Input/out)'
	done
	for how in 'fsync 1 EIO' 'rename 1 EIO' 'write 1 ENOSPC'; do
		run_failing any "$how" -o to
		ended "-o, $how: cut short" 3
		ok "$tool: -o, $how: no file of that name" test ! -e to
	done
}

# Whichever allocation fails: a message, or the whole output. Libraries that
# abort by themselves are not ours to judge.
starves() {
	for n in 1 2 3 4 5 6 8 10 13 17 22 30 40 60 90 150 300 1000; do
		run_failing any "malloc $n ENOMEM"
		if [ $status -eq 0 ]; then
			cmp -s out whole || echo "malloc $n: status 0, other output"
		elif [ $status -gt 3 ] && ! grep -q '^jq: error: cannot alloc' err; then
			echo "malloc $n: status $status"
		elif [ ! -s err ]; then
			echo "malloc $n: status $status without a word"
		fi
	done >bad
	empty "$tool: allocations that fail" bad
}

for tool in $TOOLS; do
	LD_PRELOAD=$lib "cupel-$tool" --version >out 2>&1
	if grep -q 'ASan runtime does not come first' out; then
		skip "$tool: calls that fail" 'AddressSanitizer wants to be first'
		continue
	fi
	kind_of "$tool" || continue
	case $kind in asks | completes) n=30 ;; *) n=3000 ;; esac
	input=records
	for i in $(seq $n); do record "$i" && echo; done >$input
	# shellcheck disable=SC2086
	"cupel-$tool" $arguments <$input >whole 2>/dev/null
	[ -s whole ]
	report $? "$tool: give some output"
	survives
	stops
	starves
done
finish
