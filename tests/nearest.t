#!/bin/sh
# nearest: matches are the same on the device and in plain C, whatever the size
# of its work-groups; what is fastest is found out, and kept.
. "$(dirname "$0")/tap.sh"
export CUPEL_CL=none

command -v cupel-match >/dev/null || skip_all 'cupel-match is not built'

# What is tuned is kept here, what the driver compiles with the other tests'.
POCL_CACHE_DIR=$XDG_CACHE_HOME/pocl XDG_CACHE_HOME=$tmp/cache
export XDG_CACHE_HOME POCL_CACHE_DIR
mkdir -p "$XDG_CACHE_HOME" "$POCL_CACHE_DIR"

# image NAME TYPE N BYTES SEED: its record, and its side files
image() {
	awk -v n="$3" -v bytes="$4" -v seed="$5" 'BEGIN {
		x = seed
		for (i = 0; i < n * bytes; i++) {
			x = (x * 16807) % 2147483647
			printf "%c", 32 + int(x / 1000) % 94
		}
	}' >"$1.desc"
	head -c $((16 * $3)) "$1.desc" | tr ' -~' '\0' >"$1.kpt"
	echo "{\"image\":\"$1.png\",\"keypoints\":\"$1.kpt\",\"descriptors\":\"$1.desc\",\"features\":{\"type\":\"$2\",\"n\":$3}}"
}
for type in 'rootsift 128' 'orb 32'; do
	# shellcheck disable=SC2086
	set -- $type
	{
		image "a-$1" "$1" 300 "$2" 1
		image "b-$1" "$1" 257 "$2" 2
		image "c-$1" "$1" 1 "$2" 3
		head -c $((150 * $2)) "a-$1.desc" >d
		tail -c $((107 * $2)) "b-$1.desc" >>d
		mv d "b-$1.desc"
	} >"$1.jsonl"
done

# matches DIR: all pairs, the side files below DIR
matches() {
	for type in rootsift orb; do
		timeout 60 cupel-match --exhaustive --inline --dir "$1" \
			$type.jsonl 2>>err | sed "s/\"$1/\"dir/"
	done >"$1.out"
	cat "$1.out" >"$1/all" && find "$1" -type f | sort | xargs cat >"$1.sum"
}

matches twin
is 'plain C finds the rows that two images share' \
	"$(jq -r '.matches.n > 149' twin.out | sort | uniq -c | tr -s ' ' | paste -sd' ')" ' 4 false  2 true'

unset CUPEL_CL
if timeout 60 cupel-match --tune >tuned 2>err; then
	device=yes
	ok 'something was tried for each type' \
		test true = "$(jq -s 'map(select(.pairs_per_second > 0).type) | unique == ["orb","rootsift"]' tuned)"
	ok 'which of each type is kept is told, the fastest' \
		test true = "$(jq -s 'group_by(.type) | map(map(select(.kept)) as $k |
			($k | length) == 1 and $k[0].pairs_per_second ==
			(map(.pairs_per_second // 0) | max)) | all' tuned)"
	ok 'all that builds is right' \
		test true = "$(jq -s 'all(.equal == .builds)' tuned)"
	ok 'the choice is kept' sh -c 'ls cache/cupel/*nearest-* >/dev/null'
else
	is 'there is nothing to tune because there is no device' \
		"$(cupel-feature --list-devices | grep -vc '"unusable"')" 0
fi
for size in '' 1 64 256; do
	name="work-groups of ${size:-any size}: as plain C"
	if [ -z "${device-}" ]; then
		skip "$name" 'no device'
		continue
	fi
	if [ -n "$size" ]; then
		export POCL_MAX_WORK_GROUP_SIZE="$size"
	fi
	mkdir -p "got$size"
	matches "got$size"
	same "$name" twin.sum "got$size.sum"
done
unset POCL_MAX_WORK_GROUP_SIZE

# What is kept may be anything.
for f in cache/cupel/*nearest-*; do
	[ -f "$f" ] || continue
	for what in '' '{"rootsift":"none","orb":3}' 'x'; do
		echo "$what" >"$f"
		matches spoilt
		same "a spoilt choice is none: '$what'" twin.sum spoilt.sum
	done
done

cupel-match --tune --device none >out 2>err
is 'there is nothing to tune in plain C' "$?" 2

cupel-match --tune /dev/null >out 2>err
is 'and it reads no records' "$?" 2

finish
