#!/bin/bash
# bench-places: matching and features on this machine's OpenCL device, beside
# OpenCV's and FAISS's on as many threads, in one run:
#
#	bench-places.sh [BUILD-DIRECTORY [IMAGE1 IMAGE2 HOMOGRAPHY]]
#
# Exact 2-nearest-neighbours of 8,192 x 8,192 descriptors; features of a town's
# images, and whether they are found again in a warped view, or in IMAGE2, which
# is IMAGE1 under the matrix (nine numbers) in the file HOMOGRAPHY. Others' work
# goes on beside: the programs take turns, and each one's least time counts. Not
# a test: it prints figures. THREADS (default 2) is what the others may use, and
# PARTS, "nearest" or "features", is what alone is measured.
set -eu
build=$(cd "${1:-.}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
images=
[ $# -lt 4 ] || images="$(realpath "$2") $(realpath "$3") $(realpath "$4")"
for python in python3 /usr/bin/python3 ''; do
	[ -z "$python" ] || ! "$python" -c 'import numpy' 2>/dev/null || break
done
if [ -z "$python" ]; then
	echo 'bench-places: nothing to compare with: see "compare" in tests/packages'
	exit 0
fi
make -s -C "$build" tests/bench-nearest
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
THREADS=${THREADS:-2}
export THREADS OMP_NUM_THREADS="$THREADS" OPENBLAS_NUM_THREADS="$THREADS"
PATH=$build/bin:$PATH \
	"$python" "$here/bench-places.py" "$build/tests/bench-nearest" $images
