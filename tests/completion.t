#!/bin/sh
# completion: bash completes the options that a tool has.
. "$(dirname "$0")/tap.sh"
command -v bash >/dev/null || skip_all 'there is no bash'

# complete TOOL WORD: what bash makes of the word
complete() {
	# shellcheck disable=SC2016 # for bash to expand
	bash -c '. "$srcdir/share/completion/cupel"
		spec=$(complete -p "$1") || exit 1
		[[ $spec == *"-F _cupel $1" ]] || exit 1
		_cupel "$1" "$2" "$1"
		printf "%s\n" "${COMPREPLY[@]}"' - "cupel-$1" "$2"
}

for tool in $TOOLS; do
	is "$tool: --ver" "$(complete "$tool" --ver)" --version
	"cupel-$tool" --dump-options | awk -F '\t' '{
		if ($1 != "-") print "-" $1
		print "--" $2 }' | sort >want
	complete "$tool" - | sort >got
	same "$tool: all options" got want
	is "$tool: an operand is left to bash" "$(complete "$tool" a)" ''
done
finish
