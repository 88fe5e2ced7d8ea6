#!/bin/sh
# completion: bash completes the options that a tool has.
. "$(dirname "$0")/tap.sh"
command -v bash >/dev/null || skip_all 'there is no bash'

# completed TOOL WORD: what bash makes of the word
completed() {
	# shellcheck disable=SC2016 # for bash to expand
	bash -c '. "$srcdir/share/completion/cupel"
		spec=$(complete -p "$1") || exit 1
		[[ $spec == *"-F _cupel $1" ]] || exit 1
		_cupel "$1" "$2" "$1"
		printf "%s\n" "${COMPREPLY[@]}"' - "cupel-$1" "$2"
}

for tool in $TOOLS; do
	is "$tool: --ver" "$(completed "$tool" --ver)" --version
	"cupel-$tool" --dump-options | awk -F '\t' '{
		if ($1 != "-") print "-" $1
		print "--" $2 }' | sort >want
	completed "$tool" - | sort >got
	same "$tool: all options" got want
	is "$tool: an operand is left to bash" "$(completed "$tool" a)" ''
done
finish
