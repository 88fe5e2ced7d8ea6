#!/bin/sh
# harness: run-test itself. A golden case that goes wrong must fail.
. "$(dirname "$0")/tap.sh"

run_test() {
	sh "$srcdir/tests/run-test" case.test >out 2>&1
	status=$?
}

# expect NAME RESULT: what run-test makes of the case on standard input
expect() {
	cat >case.test
	run_test
	case $2 in
	pass) [ $status -eq 0 ] && grep -q '^ok 1 ' out && grep -q '^1\.\.1$' out ;;
	fail) [ $status -eq 1 ] && grep -q '^not ok 1 ' out ;;
	skip) [ $status -eq 0 ] && grep -q '^ok 1 .*# SKIP' out ;;
	esac
	report $? "$1" || diag <out
}

expect 'output, messages and status as expected' pass <<'E'
# says what it read
$ cat
$ echo 'x: line 3: a number' >&2
$ exit 3
< one
<
< three
> one
>
> three
! line 3
? 3
E
expect 'the command gets a directory of its own' pass <<'E'
$ ls -A
E
expect 'no key and no proxy is left in the environment' pass <<'E'
$ env | grep -ci -e openai -e anthropic -e proxy
> 0
? 1
E
expect 'wrong output' fail <<'E'
$ echo a
> b
E
expect 'missing output' fail <<'E'
$ true
> b
E
expect 'output that nobody expects' fail <<'E'
$ echo a
E
expect 'output without its last newline' fail <<'E'
$ printf a
> a
E
expect 'wrong status' fail <<'E'
$ exit 1
E
expect 'a message that nobody expects' fail <<'E'
$ echo trouble >&2
E
expect 'another message' fail <<'E'
$ echo trouble >&2
! no file
E
expect 'a message too many' fail <<'E'
$ echo trouble >&2; echo more >&2
! trouble
E
expect 'a message too few' fail <<'E'
$ echo trouble >&2
! trouble
! more
E
expect 'a line that is none of the kinds' fail <<'E'
$ echo a
>a
E
expect 'a tool that is nowhere' fail <<'E'
$ cupel-nosuchtool
E

printf '# keeps its name\n$ echo a; echo; echo bad: 3 >&2; exit 1\n' >case.test
printf '< x\n\n\n# second\n$ cat\n< in \n> old\n! old\n? 4\n' >>case.test
cat >want.bare <<'E'
# keeps its name
$ echo a; echo; echo bad: 3 >&2; exit 1
< x
> a
>
! bad: 3
? 1

# second
$ cat
< in_
> in_
E
tr _ ' ' <want.bare >want
UPDATE=1 run_test
same 'UPDATE=1 writes what happened' case.test want
run_test
is 'after which the file passes' $status 0
sed 's/^! bad.*/! bad/' want >case.test
cp case.test shorter
UPDATE=1 run_test
same 'a shortened message that still fits stays' case.test shorter

finish
