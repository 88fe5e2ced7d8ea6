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

# The tests that read the sources: each has to find what it is there to find,
# in a tree made for that.

# tree: a tree in which everything is in order, at t
tree() {
	rm -rf t
	mkdir -p t/lib/base t/lib/record t/lib/model t/bin t/man t/tests
	cp "$srcdir"/tests/*.sh "$srcdir"/tests/*.t t/tests
	echo "$srcdir"/tests/*.t | sed "s|$srcdir/||g" >t/Makefile.am
	printf '/*\n * a: one.\n */\n#include <stdio.h>\n' >t/lib/base/a.h
	printf '#include "a.h"\n' >t/lib/base/a.c
	printf '/*\n * b: two.\n */\n#include <jv.h>\n' >t/lib/record/b.h
	printf '#include "base/a.h"\n#include "b.h"\n' >t/lib/record/b.c
	printf '/* x: it.\n */\n#include "record/b.h"\n' >t/bin/x.c
	echo cupel-x | tee t/README.md >t/configure.ac
}

# finds TEST NAME...: the test, run in t, fails, and at the points of these names
finds() {
	test=$1
	shift
	(cd t && TOOLS=$tools builddir=$PWD sh "tests/$test") >out 2>&1
	for name; do
		grep -q "^not ok [0-9]* - .*$name" out
		report $? "$test finds: $name" || head -n 40 out | diag
	done
}

tools=
tree
for test in layers style; do
	TOOLS='' sh "t/tests/$test.t" >out
	report $? "$test.t finds nothing in a tree in order" || diag <out
done
echo '#include "record/b.h"' >>t/lib/base/a.c
finds layers.t 'base includes only what is in it or below it'
tree && echo '#include <jv.h>' >t/lib/model/c.c
finds layers.t '<jv.h> is included by one module'
tree && echo '#include "vision/v.h"' >t/lib/model/c.c
finds layers.t 'model includes only'
tree && mkdir t/lib/odd && echo >t/lib/odd/o.c
finds layers.t 'odd is a layer'
banned() {
	tree && echo "$1" >>t/lib/base/a.c
	finds style.t "$2"
}
banned '	n = atoi(s);' 'no function that is banned'
banned '	free(p), strcpy(p, q);' 'no function that is banned'
banned 'err2:' 'no numbered label'
banned 'typedef struct a a;' 'no typedef of a struct'
banned 'int a; // one' 'no // comment'
banned '/* TO''DO */' 'nothing is left to do'
banned '/* see /ho''me/me/notes */' 'no path of one machine'
banned 'int a; ' 'no blank at the end of a line'
banned "f(void)
{
$(seq 61)
}" 'no function of more than 60 lines'
tree && echo >t/lib/base/a.h
finds style.t 'a header begins with'
tree && echo >t/bin/x.c
finds style.t 'a tool begins with'
tree && echo >t/tests/forgotten.t
finds style.t 'every test is in Makefile.am'
tree && echo 'a=(1 2)' >>t/tests/io.t
finds style.t 'the shell tests are POSIX sh'

# A tool that copies, whatever it is given, and a manual that says something else.
tools=x
tree
cp "$srcdir/tests/tools" t/tests
printf '%s\n' '#!/bin/sh' 'case $1 in' \
	'--help | -h) printf "usage\ncopies\n" ;;' \
	'--version) echo cupel-x "(Cupel)" 1 ;;' \
	'--dump-options) printf "n\tcount\tN\thow many\n" ;;' \
	'*) tr a a ;; esac' >t/bin/cupel-x
chmod +x t/bin/cupel-x
manual() {
	printf '.Nd %s\n.Sh SYNOPSIS\n.Op Fl %s\n.Sh DESC\n.It %s\n' "$@" \
		>t/man/cupel-x.1
}
manual copies n 'Fl n , -count Ar N'
(cd t && TOOLS=x builddir=$PWD sh tests/docs.t) >out 2>&1
is 'docs.t finds nothing in a manual that is right' \
	"$(grep '^ok.* x: ' out | grep -c -e '.Nd' -e 'each option' -e SYNOPSIS)" 3
manual moves n 'Fl n , -count Ar N'
finds docs.t '.Nd is the summary'
for item in 'Fl -count Ar N' 'Fl n , -count Ar M' 'Fl n , -counts Ar N' \
	'Fl n , -count' 'Fl n Ar N'; do
	manual copies n "$item"
	finds docs.t 'the manual has each option, and no other'
done
manual copies q 'Fl n , -count Ar N'
finds docs.t 'SYNOPSIS names no other option' 'the manual has the sections'
finds io.t 'an unknown option' 'truncated: the input ends there' 'a full disk' \
	'into the file' 'malformed input loses no other record'
if [ -f "$builddir/tests/fail.so" ]; then
	cp "$builddir/tests/fail.so" t/tests
	finds fail.t 'write 1 ENOSPC: cut short' 'read 1 EIO: cut short'
else
	skip 'fail.t finds' 'tests/fail.so could not be built'
fi
finish
