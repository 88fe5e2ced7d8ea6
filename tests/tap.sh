# shellcheck shell=sh
# tap: what all shell tests share. A test sources it first:
#
#	. "$(dirname "$0")/tap.sh"
#
# and ends with "finish". Between the two it has
#   $srcdir $builddir  the tree and the build, absolute
#   $TOOLS             the tools that this build has: "sample query ..."
#   $tmp               an empty directory, the current one, removed at the end
#   PATH               with the built tools under their installed names
# and an environment in which no key and no proxy of the caller is left, and
# where compiled kernels are kept in the build. It runs under make and by hand
# alike: "sh ../tests/io.t" in the build directory.

srcdir=$(cd "$(dirname "$0")/.." && pwd)
builddir=${builddir:-$PWD}
[ -n "${TOOLS+set}" ] || TOOLS=$(echo "$builddir"/bin/cupel-*[a-z])
TOOLS=$(for tap_t in $TOOLS; do
	tap_t=${tap_t##*cupel-}
	[ -x "$builddir/bin/cupel-$tap_t" ] && printf '%s ' "$tap_t"
done)
for tap_t in $(env | sed -n 's/^\([A-Za-z_]*\)=.*/\1/p'); do
	case $tap_t in
	CUPEL_CL) ;;
	OPENAI_* | ANTHROPIC_* | CUPEL_* | *_proxy | *_PROXY) unset "$tap_t" ;;
	esac
done
PATH=$builddir/bin:$PATH
LC_ALL=C TZ=UTC CUPEL_DATA=$srcdir/share XDG_CACHE_HOME=$builddir/tests/cache
# Plain C, unless a test is about devices or the user names one.
CUPEL_CL=${CUPEL_CL-none}
# A sanitizer's report must not look like one of the tools' own statuses.
ASAN_OPTIONS=exitcode=99
LSAN_OPTIONS=exitcode=99:print_suppressions=0:suppressions=$srcdir/tests/lsan.supp
UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
export srcdir builddir TOOLS PATH LC_ALL TZ CUPEL_DATA XDG_CACHE_HOME CUPEL_CL
export ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS

tap_n=0 tap_failed=0
tmp=$(mktemp -d) || exit 99
trap 'cd / && rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99

# report OK NAME: one point, whose outcome is the status OK; returns it
report() {
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_n - $2"
	fi
	return "$1"
}

# ok NAME COMMAND...: the command succeeds
ok() {
	tap_name=$1
	shift
	"$@"
	report $? "$tap_name"
}

# is NAME GOT WANT: two texts are the same
is() {
	[ "$2" = "$3" ]
	report $? "$1" || printf 'got:  %s\nwant: %s\n' "$2" "$3" | diag
}

# same NAME GOT WANT: two files are the same
same() {
	diff -u "$3" "$2" >"$tmp/.diff" 2>&1
	report $? "$1" || head -n 40 "$tmp/.diff" | diag
}

# empty NAME FILE: a list of complaints has no line
empty() {
	[ ! -s "$2" ]
	report $? "$1" || diag <"$2"
}

# skip NAME WHY
skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# skip_all WHY: nothing here can run
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# diag: standard input as remarks for people
diag() {
	tr -c '\n\t -~' '?' | sed 's/^/# /'
}

has_tool() {
	case " $(echo $TOOLS) " in *" $1 "*) return 0 ;; esac
	return 1
}

# standin_start: point the tools that ask models at a cupel-standin of our own,
# which ends with the test; fails where this build has none
standin_start() {
	has_tool standin || return 1
	[ -z "${standin_pid-}" ] || return 0
	cupel-standin "$@" >"$tmp/.url" 2>"$tmp/.standin" &
	standin_pid=$!
	trap 'kill "$standin_pid"; cd / && rm -rf "$tmp"' EXIT
	tap_i=0
	until [ -s "$tmp/.url" ]; do
		[ $((tap_i += 1)) -le 100 ] || return 1
		sleep 0.1
	done
	OPENAI_BASE_URL=$(head -n 1 "$tmp/.url")
	export OPENAI_BASE_URL
}

finish() {
	echo "1..$tap_n"
	exit $((tap_failed > 0))
}
