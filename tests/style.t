#!/bin/sh
# style: what is not written here, as far as a pattern can tell.
. "$(dirname "$0")/tap.sh"
cd "$srcdir" || exit 99

find lib bin tests -name '*.[ch]' | sort >"$tmp/c"
find README.md Makefile.am configure.ac lib bin man tests examples share \
	.ci -type f 2>/dev/null | grep -vE '\.(o|a|so|log|trs|png)$|/\.|/corpus/' |
	grep -vE '^bin/cupel-|^tests/(unit|prop|fuzz)-[a-z0-9-]*$' | sort >"$tmp/text"
xargs awk 'FNR == 1 { comment = 0 }
	{
		code = $0
		gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
		gsub(/\/\*[^*]*\*\//, "", code)
		if (comment && sub(/.*\*\//, "", code)) comment = 0
		if (comment) next
		if (sub(/\/\*.*/, "", code)) comment = 1
		print FILENAME ":" FNR ": " code
	}' <"$tmp/c" >"$tmp/code"

# without NAME PATTERN: no line of C, comments and strings aside, matches
without() {
	grep -E "$2" "$tmp/code" >"$tmp/bad"
	empty "$1" "$tmp/bad"
}

# nowhere NAME PATTERN: no line of any text file does
nowhere() {
	tr '\n' '\0' <"$tmp/text" | xargs -0 grep -nIE "$2" >"$tmp/bad"
	empty "$1" "$tmp/bad"
}

without 'no function that is banned' \
	'(^|[^a-z_0-9.>])(atoi|atol|atof|strtok|sprintf|vsprintf|strcpy|strcat|sscanf|gets|alloca|system|popen|rand|srand|setlocale) *\('
without 'no thread, no longjmp' '(^|[^a-z_])(pthread_create|thrd_create|longjmp) *\('
without 'no numbered label' '^[^:]*:[0-9]+: (err|out|fail)[0-9]+:'
without 'no typedef of a struct' 'typedef +(struct|union|enum)'
without 'no // comment' '//'
nowhere 'nothing is left to do' '(TO''DO|FIX''ME|X''XX)([^X]|$)|not (yet )?imple''mented'
nowhere 'no path of one machine' '(^|[^a-zA-Z0-9_.$}])/(work|farm|home|root|Users)/[a-z]'
sed '/\.test$/d' "$tmp/text" >"$tmp/most" && mv "$tmp/most" "$tmp/text"
nowhere 'no blank at the end of a line' '[[:blank:]]$'

# As the reader counts: from the brace that opens to the one that closes.
xargs awk '/^\{/ { start = FNR }
	/^\}/ && start {
		if (FNR - start - 1 > 60)
			print FILENAME ":" start ": " FNR - start - 1 " lines"
		start = 0
	}' <"$tmp/c" >"$tmp/bad"
empty 'no function of more than 60 lines' "$tmp/bad"

# README.md promises that line 2 of a header is what the module is.
for header in lib/*/*.h; do
	name=$(basename "$header" .h)
	sed -n 2p "$header" | grep -q "^ \* $name: [a-zA-Z0-9]" || echo "$header"
done >"$tmp/bad"
empty 'a header begins with "name: what the module is"' "$tmp/bad"
for tool in bin/*.c; do
	[ -f "$tool" ] || continue
	name=$(basename "$tool" .c)
	sed 2q "$tool" | grep -qE "^(/| )\* (cupel-)?$name: [a-zA-Z0-9]" || echo "$tool"
done >"$tmp/bad"
empty 'a tool begins with "name: what it does"' "$tmp/bad"

for test in tests/*.t tests/*.test tests/unit-*.c tests/prop-*.c tests/fuzz-*.c; do
	[ -f "$test" ] || continue
	grep -q "\\(^\\|[[:space:]]\\)${test%.c}\\([[:space:]]\\|\$\\)" Makefile.am ||
		echo "$test is not in Makefile.am: it never runs"
done >"$tmp/bad"
empty 'every test is in Makefile.am' "$tmp/bad"

# Automake names a test's log after it, less .t, .test and .c: of two tests of
# one name only one would run.
ls tests/*.t tests/*.test tests/unit-*.c tests/prop-*.c tests/fuzz-*.c \
	2>/dev/null | sed 's/\.[a-z]*$//' | sort | uniq -d >"$tmp/bad"
empty 'no two tests have the same name' "$tmp/bad"

# What a compiler left behind is not the project's.
if git rev-parse --git-dir >/dev/null 2>&1; then
	git ls-files | grep -v / | grep -vxE \
		'LICENSE|Makefile\.am|README\.md|configure\.ac|\.clang-(format|tidy)|\.gitignore' \
		>"$tmp/bad"
	empty 'nothing else lies at the top' "$tmp/bad"
else
	skip 'nothing else lies at the top' 'this is no git checkout'
fi

if command -v dash >/dev/null; then
	for script in tests/*.t tests/*.sh tests/run tests/run-test tests/install \
		tests/lint; do
		[ ! -f "$script" ] || dash -n "$script" 2>&1
	done >"$tmp/bad"
	empty 'the shell tests are POSIX sh' "$tmp/bad"
else
	skip 'the shell tests are POSIX sh' 'there is no dash'
fi

finish
