#!/bin/sh
# sift: the same bytes from every device and run, and nothing lost where a
# device fails. Pictures are cupel-town's.
. "$(dirname "$0")/tap.sh"
for t in feature town; do
	has_tool $t || skip_all "this build has no cupel-$t"
done
command -v jq >/dev/null || skip_all 'there is no jq'
unset CUPEL_CL POCL_MAX_WORK_GROUP_SIZE

cupel-town --street 3 --headings 3 --size 160x120 --samples 1 >town.jsonl ||
	exit 99

# run [NAME=VALUE]... DIR [OPTION]...: features below DIR; out, err and $status
run() {
	settings=
	while case $1 in *=*) ;; *) false ;; esac do
		settings="$settings $1"
		shift
	done
	dir=$1
	shift
	# shellcheck disable=SC2086 # settings are words
	timeout 100 env $settings cupel-feature --dir "$dir" "$@" town.jsonl \
		>out 2>err
	status=$?
}

# same NAME DIR: the last run wrote what the first one did
same() {
	[ "$status" -eq 0 ] && diff -r first "$2" >changes
	report $? "$1" || cat changes err | head -n 20 | diag
}

run CUPEL_CL=none first
is 'features of a town' "$status" 0
is 'each picture has some' \
	"$(jq -c 'select(.features.n > 30) | .features.type' out | tr '\n' ' ')" \
	'"rootsift" "rootsift" "rootsift" '
empty 'plain C on purpose is nothing to speak of' err
for i in 1 2 3; do
	run CUPEL_CL=none again
	same "run $i" again
done
jq -c 'del(.depth)' town.jsonl >bare.jsonl
cupel-feature --device none --dir bare bare.jsonl | jq .features.n >all
cupel-feature --device none --dir bare --no-depth-mask town.jsonl |
	jq .features.n | diff - all >changes
empty 'no mask is no mask' changes
jq .features.n out | paste -d ' ' - all | awk '$1 >= $2' >grown
empty 'what has no depth, the sky, has no features' grown
cupel-feature --device none --dir bare -n 20 bare.jsonl | jq .features.n |
	tr '\n' ' ' >few
is 'as many as are wanted' "$(cat few)" '20 20 20 '

run OCL_ICD_VENDORS=/nonexistent again
same 'without OpenCL: the same' again
is 'and it is said once' "$(grep -c 'plain C' err)" 1

if [ "$(cupel-feature --list-devices | wc -l)" -eq 0 ]; then
	skip 'devices' 'there is none'
	finish
fi
for size in '' 1 64 256; do
	run ${size:+POCL_MAX_WORK_GROUP_SIZE=$size} "device$size"
	same "a device${size:+, groups of $size}" "device$size"
done
run twice --type orb
mv twice orb
run CUPEL_CL=none twice --type orb
diff -r orb twice >changes
empty 'the same is true of orb' changes

# A device that goes away: every record is there, and says so.
lib=$builddir/tests/clfail.so
if [ ! -f "$lib" ]; then
	skip 'calls that fail' 'libraries cannot be preloaded'
	finish
fi
LD_PRELOAD=$lib cupel-feature --list-devices >/dev/null 2>err && [ ! -s err ] || {
	skip 'calls that fail' 'libraries cannot be preloaded'
	finish
}
run CLFAIL_FMA=no LD_PRELOAD="$lib" coarse
is 'a device without fused multiply-add says so once' \
	"$status $(grep -c 'no fused multiply-add' err)" '0 1'
run CLFAIL_FMA=no LD_PRELOAD="$lib" coarse --type orb
empty 'which is nothing to whole numbers' err
CLFAIL='clEnqueueNDRangeKernel 40 -2' LD_PRELOAD=$lib \
	timeout 100 cupel-feature --dir lost town.jsonl >out 2>err
is 'a device that vanishes: status 1' $? 1
is 'the records are there' "$(jq -r .image out)" "$(jq -r .image town.jsonl)"
is 'those that it could not do say so' \
	"$(jq -r '.error.code // "fine"' out | tr '\n' ' ')" 'fine device device '
jq -r '.error.message // empty' out |
	grep -vE 'clEnqueueNDRangeKernel: CL_DEVICE_NOT_AVAILABLE.*--device none' >odd
empty 'and what to do' odd
diff -r first lost | grep -v '^Only in first' >changes
empty 'and there is no file that is not whole' changes
rm -rf "$XDG_CACHE_HOME/broken"
XDG_CACHE_HOME=$tmp/broken CLFAIL='clBuildProgram 1 -11' LD_PRELOAD=$lib \
	timeout 100 cupel-feature --dir lost town.jsonl >out 2>err
is 'a kernel that does not build: status 2' $? 2
empty 'and no record' out
grep -qE '^cupel-feature: .*CL_BUILD_PROGRAM_FAILURE' err
report $? 'the message says so' || diag <err

finish
