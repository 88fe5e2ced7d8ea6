#!/bin/sh
# device: which device is taken, what is kept between runs, and what is said
# when there is none or it fails.
. "$(dirname "$0")/tap.sh"
add=$builddir/tests/device-add
[ -x "$add" ] || skip_all 'this build has no OpenCL'
XDG_CACHE_HOME=$tmp/cache HOME=$tmp/home
export XDG_CACHE_HOME HOME
unset CUPEL_CL POCL_CACHE_DIR POCL_MAX_WORK_GROUP_SIZE POCL_DEVICES

# run [NAME=VALUE]... PROGRAM [ARGUMENT]: its output in out, err and $status
run() {
	timeout 60 env "$@" >out 2>err
	status=$?
}

# ends NAME STATUS OUTPUT [PATTERN]: the last run did so, and its messages match
# PATTERN, or there are none
ends() {
	if [ "$status" -ne "$2" ]; then
		why="status $status, not $2: $(cat err)"
	elif [ "$(cat out)" != "$3" ]; then
		why="output $(cat out), not $3"
	elif [ $# -lt 4 ]; then
		why=$(cat err)
	elif grep -qE -- "$4" err; then
		why=
	else
		why="said: $(cat err)"
	fi
	[ -z "$why" ]
	report $? "$1" || echo "$why" | diag
}

# Without any OpenCL: the same on every machine.
run OCL_ICD_VENDORS=/nonexistent "$add"
ends 'no OpenCL: the twins run' 0 twin 'no OpenCL device is there: plain C'
is 'and it is said once' "$(wc -l <err | tr -d ' ')" 1
run OCL_ICD_VENDORS=/nonexistent CUPEL_CL=none "$add"
ends 'none is meant: nothing is said' 0 twin
run OCL_ICD_VENDORS=/nonexistent CUPEL_CL=gpu "$add"
ends 'no OpenCL, and a choice' 2 '' 'CUPEL_CL "gpu": .*no OpenCL device at all'
if [ "$("$add" 2>/dev/null)" = twin ]; then
	skip 'a device' 'there is no OpenCL device'
	finish
fi

# Choices. What they match depends on the machine; index 0 and "" match always.
for choice in '' ' ' : :: ::0 0 opencl OpenCL:: ' :: '; do
	run CUPEL_CL="$choice" "$add"
	ends "choice \"$choice\"" 0 42
done
for choice in none NONE; do
	run CUPEL_CL=$choice "$add"
	ends "choice $choice" 0 twin
done
for choice in nosuch ::nosuch nosuch:: :nosuch: 99 ::99 99999 ::12345678901234567890; do
	run CUPEL_CL=$choice "$add"
	ends "choice $choice" 2 '' \
		"CUPEL_CL \"$choice\": nothing matches .*; there (is|are) \".*:.*:"
done

# The cache. Each program is compiled once.
rm -rf cache
said() {
	run CUPEL_CL_VERBOSE=1 "$add"
	ends "$1" 0 42 "add.cl, $2"
}
said 'the first run' 'compiled on'
kept=$(echo cache/cupel/program-*)
ok 'keeps one file' test -f "$kept"
said 'the second run' 'from the cache'
run "$add"
ends 'without being asked it says nothing' 0 42
run CUPEL_CL_VERBOSE=1 "$add" -DOTHER
ends 'other options' 0 42 'add.cl, compiled on .* with "-DOTHER"'
is 'are another program' "$(ls cache/cupel | wc -l | tr -d ' ')" 2
rm -rf cache/cupel && "$add" >out 2>&1
cp "$kept" whole

damage() {
	said "$1" 'compiled on'
	cmp -s "$kept" whole || said 'which mends it' 'from the cache'
}
: >"$kept" && damage 'an empty file'
head -c 50 whole >"$kept" && damage 'half a header'
head -c 1000 whole >"$kept" && damage 'a file cut short'
{ cat whole && echo; } >"$kept" && damage 'a file grown longer'
{ head -c 2000 whole && printf '\377\000' && tail -c +2003 whole; } >"$kept"
damage 'two bytes changed'
mv "$kept" other
run CUPEL_CL_VERBOSE=1 "$add" -DOTHER
mv other "$(echo cache/cupel/program-*)"
run CUPEL_CL_VERBOSE=1 "$add" -DOTHER
ends 'a file under the name of another' 0 42 'compiled on'
rm -rf cache/cupel && mkdir -p "$kept" && touch "$kept/file"
said 'a folder in its place' 'compiled on'
rm -rf cache && : >cache # where the driver keeps nothing of its own
run CUPEL_CL_VERBOSE=1 POCL_CACHE_DIR="$tmp/pocl" "$add"
ends 'a cache that cannot be made' 0 42 'compiled on'
rm -f cache
run XDG_CACHE_HOME=relative CUPEL_CL_VERBOSE=1 "$add"
ends 'a relative $XDG_CACHE_HOME is none' 0 42 'compiled on'
ok 'and $HOME stands in' test -d home/.cache/cupel
run -u HOME -u XDG_CACHE_HOME CUPEL_CL_VERBOSE=1 POCL_CACHE_DIR="$tmp/pocl" "$add"
ends 'no home at all' 0 42 'compiled on'

# Many filters start together.
rm -rf cache
for i in 1 2 3 4; do
	"$add" >"out$i" 2>&1 &
done
wait
cat out1 out2 out3 out4 >out
is 'four runs at once' "$(tr '\n' ' ' <out)" '42 42 42 42 '
said 'and what they kept is whole' 'from the cache'
is 'without a rest' "$(ls cache/cupel | wc -l | tr -d ' ')" 1

# A mistake in a kernel.
run "$add" -DBROKEN
ends 'a kernel that does not compile' 3 '' \
	"^device-add: .*add.cl:8.*nonsense.*CL_BUILD_PROGRAM_FAILURE.*driver .*-DBROKEN"

sed '/^device-add: /d' err >rest
empty 'and the driver itself is not heard' rest
rm -rf cache
run CUPEL_CL_VERBOSE=1 "$add"
ends 'a warning is for those who ask' 0 42 'device-add: \| .*add.cl:4.*unused'

# Group sizes are the device's.
for size in 1 64; do
	run POCL_MAX_WORK_GROUP_SIZE=$size "$add"
	ends "groups of $size at the most" 0 42
	run POCL_MAX_WORK_GROUP_SIZE=$size "$builddir/tests/unit-device"
	is 'and of those that the caller leaves open' \
		"$status $(grep -c '^ok' out) $(grep '^not ok' out)" \
		"0 $(sed -n 's/^1\.\.//p' out) "
done

# Calls that fail.
lib=$builddir/tests/clfail.so
run LD_PRELOAD="$lib" "$add"
if [ ! -f "$lib" ] || [ "$(cat out)" != 42 ]; then
	skip 'calls that fail' 'libraries cannot be preloaded'
	finish
fi
# fails CALL NUMBER ERROR STATUS
fails() {
	case $3 in
	-2) name=CL_DEVICE_NOT_AVAILABLE ;;
	-4) name=CL_MEM_OBJECT_ALLOCATION_FAILURE ;;
	-5) name=CL_OUT_OF_RESOURCES ;;
	-6) name=CL_OUT_OF_HOST_MEMORY ;;
	-9999) name='error -9999' ;;
	esac
	run CLFAIL="$1 $2 $3" LD_PRELOAD="$lib" "$add"
	ends "$1 $2: $name" "$4" '' \
		"^device-add: .*: $1: $name; .*--device none"
}
fails clGetPlatformIDs 1 -6 2
fails clGetPlatformIDs 2 -6 2
fails clCreateContext 1 -5 2
fails clCreateContext 1 -2 2
fails clCreateCommandQueue 1 -6 2
fails clCreateKernel 1 -5 3
fails clCreateBuffer 1 -4 3
fails clEnqueueWriteBuffer 1 -2 3
fails clSetKernelArg 1 -6 3
fails clSetKernelArg 2 -6 3
fails clEnqueueNDRangeKernel 1 -2 3
fails clEnqueueNDRangeKernel 1 -5 3
fails clFinish 1 -5 3
fails clEnqueueReadBuffer 1 -2 3
fails clEnqueueReadBuffer 1 -9999 3
run CLFAIL='clGetPlatformIDs 1 -1001' LD_PRELOAD="$lib" "$add"
ends 'clGetPlatformIDs: -1001, no platform' 0 twin 'plain C does the work'
"$add" >out 2>&1
run CLFAIL='clCreateProgramWithBinary 1 -42' CUPEL_CL_VERBOSE=1 LD_PRELOAD="$lib" "$add"
ends 'what was kept is refused: compiled anew' 0 42 'compiled on'
run CLFAIL='clBuildProgram 1 -11' LD_PRELOAD="$lib" "$add"
ends 'and cannot be built again: the error' 3 '' 'clBuildProgram: CL_BUILD_PROGRAM_FAILURE'
rm -rf cache
fails clCreateProgramWithSource 1 -6 3

finish
