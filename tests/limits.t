#!/bin/sh
# limits: kernels stay within their buffers, whatever else is in memory; and on
# devices that allow little they do the same, as they do where there is no device.
. "$(dirname "$0")/tap.sh"
for t in feature town; do
	has_tool $t || skip_all "this build has no cupel-$t"
done
unset CUPEL_CL POCL_MAX_WORK_GROUP_SIZE
fail=$builddir/tests/clfail.so guard=$builddir/tests/clguard.so
[ -f "$fail" ] && [ -f "$guard" ] || skip_all 'libraries cannot be preloaded'
LD_PRELOAD=$guard cupel-feature --list-devices >devices 2>err
[ ! -s err ] || skip_all 'libraries cannot be preloaded'
[ -s devices ] || skip_all 'there is no OpenCL device'

# holds NAME PROGRAM [NAME=VALUE]...: the program's tests pass
holds() {
	name="$1: $2" program=$builddir/tests/$2
	shift 2
	timeout 200 env "$@" "$program" >out 2>&1 &&
		! grep '^not ok' out >/dev/null
	report $? "$name" || grep -v '^ok' out | head -n 20 | diag
}

# Around each buffer, and in it before anything is written, there are such bytes.
for program in prop-atlas prop-nearest prop-orb prop-sift unit-device; do
	holds 'between bytes of 255' $program CLGUARD=255 LD_PRELOAD="$guard"
done

# Sizes that fill no vector, row or group.
: >town.jsonl
for size in 41x39 64x40 97x101 131x67; do
	cupel-town --street 1 --headings 1 --size $size --samples 1 \
		--dir "town$size" >>town.jsonl || exit 99
done
for type in rootsift orb; do
	cupel-feature --device none --type $type --dir plain-$type town.jsonl \
		>/dev/null || exit 99
done

# same NAME DIR [NAME=VALUE]...: features as plain C finds them
same() {
	name=$1 dir=$2
	shift 2
	for type in rootsift orb; do
		timeout 200 env "$@" cupel-feature --type $type \
			--dir "$dir-$type" town.jsonl 2>&1 >/dev/null |
			cat - >err
		diff -r plain-$type "$dir-$type" >changes 2>&1 && [ ! -s err ]
		report $? "$name: $type as in plain C" ||
			head -n 20 err changes | diag
	done
}

same 'between bytes of 90' guarded CLGUARD=90 LD_PRELOAD="$guard"
i=0
for device in 'gpu 256 16384' 'gpu 24 16384' 'gpu 1 16384' 'cpu 1 16384'; do
	i=$((i + 1))
	same "$device" "narrow$i" CLFAIL_DEVICE="$device" LD_PRELOAD="$fail"
done
for program in prop-atlas prop-nearest prop-orb; do
	holds 'gpu 24 16384' $program \
		CLFAIL_DEVICE='gpu 24 16384' LD_PRELOAD="$fail"
done

# What is compiled is what tests/lint-kernels knows of.
export CUPEL_CL_VERBOSE=1
{
	cupel-feature --list-devices
	for type in rootsift orb; do
		cupel-feature --type $type --dir seen town.jsonl |
			cupel-match --exhaustive
	done
	"$builddir/tests/prop-atlas"
} >out 2>&1
unset CUPEL_CL_VERBOSE
sed -n 's/.*: \([a-z]*\.cl\), .* with "\(.*\)"$/\1 \2/p' out | sort -u >asked
"$builddir/tests/kernels" | sed 's/ [^ ]* [^ ]* / /' | sort -u >known
comm -23 asked known >unknown
empty 'every program that is asked for is known to tests/lint-kernels' unknown
is 'and some of each file are' \
	"$(cut -d ' ' -f 1 asked | uniq | tr '\n' ' ')" \
	'nearest.cl orb.cl probe.cl retrieve.cl sift.cl '

# What no device of OpenCL's full profile may have too little of.
CLFAIL_DEVICE='cpu 64 8192' LD_PRELOAD=$fail \
	timeout 200 cupel-feature --dir little town.jsonl >out 2>err
is 'too little local memory: status 1' $? 1
grep -q '[0-9] bytes of local memory are wanted' out
report $? 'and the records say so' || diag <out

finish
