#!/bin/sh
# docs: a manual says what its tool does, all of it and nothing else.
. "$(dirname "$0")/tap.sh"
man=$srcdir/man

# text_of MANUAL: its lines, without quotes; "Fl Fl name" is "Fl -name"
text_of() {
	sed 's/"//g; s/Fl Fl /Fl -/g' "$1"
}

# options_of MANUAL: "letter name argument" of each option it lists. An item is
# ".It Fl n , -name Ar N" or ".It Fl n Ar N , Fl Fl name Ar N"; "-" stands for a
# letter that is not there.
options_of() {
	text_of "$1" | awk '/^\.It / && / Fl / {
		letter = "-"; name = ""; arg = ""; in_arg = 0
		for (i = 2; i <= NF; i++) {
			if ($i == "Fl" || $i == ",") in_arg = 0
			else if ($i == "Ar") { in_arg = in_arg ? 1 : 2 }
			else if ($i == "Ns" || $i == "Cm" || $i == "No") continue
			else if ($i ~ /^-/ && !in_arg) name = substr($i, 2)
			else if (in_arg) { arg = (in_arg == 2 ? "" : arg) $i; in_arg = 1 }
			else if (length($i) == 1) letter = $i
		}
		print letter, (name ? name : "?"), arg
	}' | sort -u
}

# in_synopsis MANUAL: the options that its SYNOPSIS names, one a line
in_synopsis() {
	text_of "$1" | sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' | awk '{
		for (i = 1; i < NF; i++)
			if ($i == "Fl") {
				if ($(i + 1) ~ /^-/) print substr($(i + 1), 2)
				else for (j = 1; j <= length($(i + 1)); j++)
					print substr($(i + 1), j, 1)
			}
	}' | sort -u
}

check_manual() {
	tool=$1 page=$man/cupel-$1.1
	ok "$tool has a manual" test -f "$page" || return
	"cupel-$tool" --help >help 2>&1
	is "$tool: .Nd is the summary of --help" \
		"$(sed -n 's/^\.Nd //p' "$page")" "$(sed -n 2p help)"
	is "$tool: -h is --help" "$("cupel-$tool" -h)" "$(cat help)"
	is "$tool: --version" "$("cupel-$tool" --version | cut -d' ' -f1,2)" \
		"cupel-$tool (Cupel)"
	"cupel-$tool" --dump-options | awk -F '\t' '{
		gsub(/ /, "", $3); print $1, $2, $3 }' | sort -u >want
	options_of "$page" >got
	same "$tool: the manual has each option, and no other" got want
	in_synopsis "$page" >named
	awk '{ print $2; if ($1 != "-") print $1 }' want | sort -u >known
	comm -23 named known >bad
	empty "$tool: SYNOPSIS names no other option" bad
	cut -d' ' -f2 want | uniq -d >bad
	cut -d' ' -f1 want | grep -v '^-' | uniq -d >>bad
	empty "$tool: no option is there twice" bad
	awk 'length > 80 { print FILENAME ": " $0 }' help >bad
	empty "$tool: --help fits a terminal" bad
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		grep -q "^\\.Sh $section\$" "$page" || echo "no $section"
	done >bad
	empty "$tool: the manual has the sections people look for" bad
}

for tool in $TOOLS; do
	check_manual "$tool"
done

for page in "$man"/*.[1-9]; do
	[ -f "$page" ] || continue
	name=$(basename "$page")
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -W warning "$page" >lint 2>&1
		empty "$name: mandoc has nothing to say" lint
	else
		skip "$name: mandoc has nothing to say" 'there is no mandoc'
	fi
	sed -n 's/^\.Xr \(cupel[a-z-]*\) \([1-9]\).*/\1.\2/p' "$page" | sort -u |
		while read -r other; do
			[ -f "$man/$other" ] || echo "there is no $other"
		done >bad
	empty "$name: the manuals it refers to are there" bad
done

# cupel-record(5) has the codes of all errors: those that stand in the sources as
# literals, and those that the tools' manuals list.
{
	cat "$srcdir"/bin/*.c "$srcdir"/lib/*/*.c | tr '\n\t' '  ' |
		grep -oE 'rec_fail\([^";]*"[a-z_]+"' | sed 's/.*"\(.*\)"/\1/'
	for page in "$man"/cupel-*.1; do
		sed -n '/^\.Ss Errors/,/^\.Sh/s/^\.It Cm \(.*\)/\1/p' "$page" | tr -d ,
	done | tr ' ' '\n'
} | sort -u >codes
sed -n '/^\.Ss Errors/,/^\.Ss Malf/s/^\.It Cm \(.*\)/\1/p' "$man/cupel-record.5" |
	tr -d , | tr ' ' '\n' | sort -u >listed
comm -23 codes listed >bad
empty 'cupel-record(5) has the code of every error' bad
for page in "$man"/cupel-*.1; do
	tool=${page##*/cupel-}
	[ -f "$srcdir/bin/${tool%.1}.c" ] || echo "$page belongs to no tool"
done >bad
[ -n "$TOOLS" ] || : >bad
empty 'every manual belongs to a tool' bad
for tool in "$srcdir"/bin/*.c; do
	tool=$(basename "$tool" .c)
	for page in man/cupel.7 README.md; do
		grep -q "cupel-$tool" "$srcdir/$page" || echo "$page: no cupel-$tool"
	done
done >bad
[ -n "$TOOLS" ] || : >bad
empty 'cupel(7) and README.md know every tool' bad

finish
