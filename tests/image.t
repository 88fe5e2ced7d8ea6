#!/bin/sh
# image: files that are no pictures, or others than expected: each is one error
# that names the file, and a picture that is only odd is none.
. "$(dirname "$0")/tap.sh"
has_tool feature || skip_all 'this build has no cupel-feature'
CUPEL_CL=none
export CUPEL_CL
from=$srcdir/tests/corpus/image

# code MEMBERS: the error's code and message, or the number of features
code() {
	echo "{$1}" | cupel-feature --dir out 2>/dev/null |
		jq -r '.error | if . then "\(.code): \(.message)" else "fine" end'
}

# refused NAME FILE CODE TEXT: a picture that is not read
refused() {
	code "\"image\":\"$2\"" >said
	is "$1" "$(cat said)" "$3: $2: $4"
}

damaged='this PNG is damaged'
again='get or make the file again'
echo 'GIF89a' >other.png
refused 'another format' other.png bad_image \
	'this is neither PNG nor JPEG: convert it to PNG'
: >empty.png
refused 'an empty file' empty.png bad_image \
	'the file is empty: get or make it again'
refused 'no file' gone.png bad_image \
	'No such file or directory: a path is relative to the directory the tool runs in'
refused 'a directory' . bad_image 'this is a directory: name a PNG or JPEG file'
mkfifo fifo.png
refused 'a FIFO, which nobody writes to' fifo.png bad_image \
	'this is no plain file: copy the picture into one'
refused 'a device' /dev/zero bad_image \
	'this is no plain file: copy the picture into one'
head -c 60 "$from/rgb8.png" >cut.png
refused 'a PNG that was cut' cut.png bad_image \
	"$damaged (it ends too early): $again"
LC_ALL=C sed 's/IDAT/IDAt/' "$from/rgb8.png" >broken.png
code '"image":"broken.png"' >said
ok 'a damaged chunk' grep -q "^bad_image: broken.png: $damaged (.*): $again\$" said
# A header and an empty IDAT, with their CRCs.
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\234@\0\0\234@\10\2\0\0\0\336\156\231\122\0\0\0\0IDAT\065\257\006\036' \
	>large.png
code '"image":"large.png"' >said
ok 'one of 40000 x 40000 is refused by its header' \
	grep -q 'large.png: it has 40000 x 40000 pixels, more than the 268435456 that are read' said ||
	diag <said

# What is searched doubled may be a quarter of that. As it is this one goes on to
# the pixels, which are not there.
{
	printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\40\1\0\0\40\0\10\0\0\0\0\270\3\376\273'
	printf '\0\0\0\0IDAT\65\257\6\36'
	head -c 70000 /dev/zero
} >wide.png
refused 'one of 8193 x 8192 is refused by its header, too' wide.png size \
	'8193 x 8192 pixels, doubled, are more than the 268435456 that are searched: give --max-size, or --first-octave 0'
echo '{"image":"wide.png"}' | cupel-feature --first-octave 0 2>/dev/null |
	jq -r .error.code >said
is 'which is not too large where it is not doubled' "$(cat said)" bad_image

# What is odd is no error.
for name in one grey1 grey16 rgb8 palette greyalpha rgba16 gamma profile; do
	is "$name.png is read" "$(code "\"image\":\"$from/$name.png\"")" fine
done
case $(code "\"image\":\"$from/baseline.jpg\"") in
*'a JPEG, which this build does not read: convert it to PNG')
	skip 'JPEG' 'this build reads PNG alone'
	;;
*)
	for name in baseline grey progressive turned; do
		is "$name.jpg is read" "$(code "\"image\":\"$from/$name.jpg\"")" fine
	done
	cp "$from/cmyk.jpg" .
	refused 'a JPEG for print' cmyk.jpg bad_image \
		'this JPEG has the four inks of print (CMYK): convert it to RGB'
	head -c 500 "$from/baseline.jpg" >cut.jpg
	code '"image":"cut.jpg"' >said
	ok 'a JPEG that was cut' grep -q \
		"^bad_image: cut.jpg: this JPEG is damaged (.*): $again\$" said ||
		diag <said
	;;
esac
is 'the size that the record says' \
	"$(code "\"image\":\"$from/rgb8.png\",\"width\":5,\"height\":4")" fine
is 'another size than the record says' \
	"$(code "\"image\":\"$from/rgb8.png\",\"width\":6,\"height\":4" |
		sed 's/:.*:/:/')" \
	"size: the record's width is 6, the picture's 5"

# Depth and mask have the picture's size, and depth has 16 bits.
cp "$from/grey16.png" "$from/rgb8.png" .
said() {
	code "\"image\":\"grey16.png\",$1"
}
is 'a depth map' "$(said '"depth":"grey16.png"')" fine
is 'a depth map of 8 bits' "$(said '"depth":"rgb8.png"')" \
	'bad_image: rgb8.png: a depth map is a PNG of 16-bit grey and this is one of 8-bit RGB: write the depth as that'
is 'no depth map' "$(said '"depth":"other.png"')" \
	'bad_image: other.png: this is no PNG: a depth map is a PNG of 16-bit grey'
said '"mask":"rgb8.png"' >out.txt
ok 'a mask of another size' grep -q \
	'^bad_image: .*the mask has 5 x 4 pixels and the image 5 x 5: they have to be the same$' \
	out.txt || diag <out.txt

# A picture that is written has its name only when it is complete.
if has_tool match && [ -f "$builddir/tests/fail.so" ] &&
	LD_PRELOAD=$builddir/tests/fail.so cupel-match --version >said 2>&1; then
	echo '{"image":"rgb8.png"}' | cupel-feature --dir out >in
	cat in in >two
	for how in 'rename 1 EIO' 'fsync 1 ENOSPC'; do
		FAIL=$how LD_PRELOAD=$builddir/tests/fail.so cupel-match \
			--exhaustive --inline --draw drawn.png two >/dev/null 2>err
		is "$how: cut short" $? 3
		ok "$how: the message says why" grep -qE \
			'^cupel-match: --draw drawn.png: (Input/output error|No space left on device)$' err ||
			diag <err
		ok "$how: nothing is left" test ! -e drawn.png -a \
			! -e drawn.png.part
	done
	echo '{"image":"rgb8.png"}' | FAIL='fsync 1 EIO' \
		LD_PRELOAD=$builddir/tests/fail.so cupel-feature --dir quick \
		>/dev/null
	is 'side files do not wait for the disk' $? 0
	cmp quick/rgb8.png.kpt out/rgb8.png.kpt
	is 'and are complete' $? 0
else
	skip 'a disk that is full' 'calls cannot be made to fail here'
fi

finish
