#!/bin/sh
# examples: what the manuals and README.md show, runs. In a literal display the
# lines that begin with "$ " are commands; one that ends in a backslash or a pipe
# goes on in the next line. Lines behind a command, if any, are what it prints;
# "..." stands for lines left out. The commands of a manual run in their order,
# in one directory that holds examples/healthbench/*.jsonl, and replies.jsonl and
# graded.jsonl made from them, and the data of examples/rbr, of which
# labelled.jsonl is made; models are played by cupel-standin.
. "$(dirname "$0")/tap.sh"
command -v bash >/dev/null || skip_all 'there is no bash'

# commands_of MANUAL DIRECTORY: N.cmd, N.want and N.name for each command; n
commands_of() {
	awk -v dir="$2" '
	function plain(s) {
		gsub(/\\e/, "\\", s); gsub(/\\&/, "", s); gsub(/\\-/, "-", s)
		gsub(/\\\(aq/, "\047", s); gsub(/\\\(dq/, "\"", s)
		return s
	}
	/^\.Bd .*-literal/ { inside = 1; more = 0; shown = 0; next }
	/^\.Ed/ { inside = 0 }
	!inside { next }
	{ line = plain($0) }
	line ~ /^\$ / { n++; shown = 1; more = 1; name = substr(line, 3)
		print name > (dir "/" n ".name") }
	more { print (line ~ /^\$ / ? substr(line, 3) : line) > (dir "/" n ".cmd")
		more = line ~ /[\\|]$/; next }
	shown && line != "" { print line > (dir "/" n ".want") }
	END { print n + 0 > (dir "/n") }' "$1"
}

# first_block FILE DIRECTORY: the first sh block of a Markdown file, as one
first_block() {
	sed -n '/^```sh/,/^```$/p' "$1" | sed '1d; /^```$/q' | sed '$d' >"$2/1.cmd"
	echo 'the first pipeline' >"$2/1.name"
	echo 1 >"$2/n"
}

# left_out DIRECTORY: a tool in the commands that this build does not have
left_out() {
	cat "$1"/*.cmd | tr -cs 'a-z-' '\n' | sed -n 's/^cupel-\([a-z]\)/\1/p' |
		sort -u | while read -r t; do
		has_tool "$t" || { echo "$t" && break; }
	done
}

# fits WANT GOT: the lines are the same, but for "..."
fits() {
	awk 'FILENAME ~ /want$/ { want[++n] = $0; next }
	{ got[++m] = $0 }
	function from(i, j) {
		for (; i <= n && want[i] != "..."; i++)
			if (j > m || want[i] != got[j++]) return 0
		if (i > n) return j > m
		for (; j <= m + 1; j++) if (from(i + 1, j)) return 1
		return 0
	}
	END { exit !from(1, 1) }' "$1" "$2"
}

# run_commands NAME DIRECTORY: all of them, in one shell, in a fresh directory
run_commands() {
	t=$(left_out "$2")
	if [ -n "$t" ]; then
		skip "$1: examples" "cupel-$t is not built"
		return
	fi
	cp -r "$tmp/files" "$2/d"
	# shellcheck disable=SC2016 # for the inner shell
	(cd "$2/d" && timeout 120 bash -o pipefail -c '
		trap "kill \$(jobs -p) 2>/dev/null" EXIT
		for i in $(seq "$1"); do
			. "../$i.cmd" >"../$i.got" 2>"../$i.err" </dev/null
			echo $? >"../$i.status"
		done' - "$(cat "$2/n")")
	for i in $(seq "$(cat "$2/n")"); do
		[ "$(cat "$2/$i.status")" = 0 ] &&
			{ [ ! -f "$2/$i.want" ] || fits "$2/$i.want" "$2/$i.got"; }
		report $? "$1: $(cat "$2/$i.name")" ||
			head -n 20 "$2/$i.status" "$2/$i.got" "$2/$i.err" | diag
	done
}

# as_read: without what a manual's layout adds, overstrikes and white space
as_read() {
	sed "s/.$(printf '\b')//g" | tr -s '\t ' ' ' | sed 's/^ //; s/ $//'
}

# shown MANUAL DIRECTORY: its reader sees what the commands and outputs are: an
# escape that roff knows, such as \n, must not eat a part of them
shown() {
	if ! command -v mandoc >/dev/null; then
		skip "$1: examples are shown as they run" 'there is no mandoc'
		return
	fi
	mandoc -Tascii "$srcdir/man/$1" | as_read >"$2/page"
	for i in $(seq "$(cat "$2/n")"); do
		sed '1s/^/$ /' "$2/$i.cmd"
		[ ! -f "$2/$i.want" ] || cat "$2/$i.want"
	done | as_read >"$2/examples"
	awk 'NR == FNR { page[$0] = 1; next } !($0 in page)' "$2/page" \
		"$2/examples" >bad
	empty "$1: examples are shown as they run" bad
}

mkdir files
cp "$srcdir"/examples/healthbench/*.jsonl files
cp "$srcdir"/examples/rbr/*.jsonl "$srcdir"/examples/rbr/*.yaml files
jq -c '.propositions = .features | .labels = (.features | map_values(. > 0.6))' \
	files/completions.jsonl >files/labelled.jsonl
if has_tool query && standin_start; then
	ok 'replies to work with' cupel-query -m any -o files/replies.jsonl \
		files/conversations.jsonl
	! has_tool grade || ok 'grades to work with' \
		cupel-grade -m any -o files/graded.jsonl files/replies.jsonl
fi

for page in "$srcdir"/man/*; do
	name=$(basename "$page")
	mkdir "$name"
	commands_of "$page" "$name"
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$page" | grep '^cupel-' >bad
	empty "$name: EXAMPLES has no command without \"$ \"" bad
	[ -f "$name/1.cmd" ] || continue
	shown "$name" "$tmp/$name"
	run_commands "$name" "$tmp/$name"
done
mkdir README
first_block "$srcdir/README.md" README
run_commands README.md "$tmp/README"
finish
