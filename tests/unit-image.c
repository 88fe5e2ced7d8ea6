/* unit-image: pictures from files and to them. */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "vision/image.h"
#include "vision/image_jpeg.h"
#include "vision/image_png.h"
#include "png_gen.h"
#include "tap.h"

static const char path[] = "unit-image.png";

/* The palette of the tests, and how opaque its colours are. */
static unsigned
palette(unsigned i, unsigned channel)
{
	return (i * 37 + channel * 101 + 5) & 255;
}

static void
add_palette(struct buf *chunks, unsigned n)
{
	struct buf colours = { 0 };

	for (unsigned i = 0; i < n; i++)
		for (unsigned c = 0; c < 3; c++)
			buf_byte(&colours, (char)palette(i, c));
	png_gen_chunk(chunks, "PLTE", buf_span(&colours));
	buf_release(&colours);
}

/* What a sample of the file is in the image. */
static unsigned
expected(const struct png_gen *g, uint32_t x, uint32_t y, unsigned c)
{
	unsigned v = png_gen_at(g, x, y, c);

	if (g->kind == PNG_GEN_PALETTE)
		return palette(png_gen_at(g, x, y, 0), c);
	return g->bits < 8 ? v * 255 / ((1u << g->bits) - 1) : v;
}

static bool
is_hidden(const struct png_gen *g, uint32_t x, uint32_t y)
{
	if (g->kind == PNG_GEN_GREY_ALPHA || g->kind == PNG_GEN_RGBA)
		return png_gen_at(g, x, y, g->kind == PNG_GEN_RGBA ? 3 : 1) <
		       1u << (g->bits - 1);
	return false;
}

static bool
is_expected(const struct png_gen *g, const struct image *im)
{
	unsigned channels = g->kind & 2 ? 3 : 1;

	if (im->width != g->width || im->height != g->height ||
		im->channels != channels ||
		im->bits != (g->bits == 16 ? 16 : 8))
		return false;
	for (uint32_t y = 0; y < g->height; y++)
		for (uint32_t x = 0; x < g->width; x++) {
			size_t at = (size_t)y * g->width + x;

			for (unsigned c = 0; c < channels; c++)
				if (im->samples[at * channels + c] !=
					expected(g, x, y, c))
					return false;
			if (is_hidden(g, x, y) != (im->mask && !im->mask[at]))
				return false;
		}
	return true;
}

static bool
reads(struct png_gen *g)
{
	struct buf file = { 0 }, chunks = { 0 };
	struct image im;
	struct err e = { "another picture than expected" };
	bool good;

	if (g->kind == PNG_GEN_PALETTE)
		add_palette(&chunks, 1u << g->bits);
	g->chunks = buf_span(&chunks);
	png_gen_file(g, &file);
	good = image_png_read(&im, buf_span(&file), &e) == 0 &&
	       is_expected(g, &im);
	if (!good)
		tap_note("%ux%u %s: %s", g->width, g->height,
			g->interlaced ? "interlaced" : "", e.msg);
	image_release(&im);
	buf_release(&chunks);
	buf_release(&file);
	return good;
}

/* Every kind of file, at sizes at which passes of the interlaced are empty. */
static void
check_kinds(void)
{
	static const struct {
		unsigned kind, least, most;
		const char *name;
	} kinds[] = { { PNG_GEN_GREY, 1, 16, "grey" },
		{ PNG_GEN_RGB, 8, 16, "RGB" },
		{ PNG_GEN_PALETTE, 1, 8, "palette" },
		{ PNG_GEN_GREY_ALPHA, 8, 16, "grey and alpha" },
		{ PNG_GEN_RGBA, 8, 16, "RGB and alpha" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (unsigned bits = kinds[i].least; bits <= kinds[i].most;
			bits *= 2) {
			bool good = true;

			for (unsigned k = 0; k < 24 * 2; k++) {
				struct png_gen g = { .width = k / 2 % 12 + 1,
					.height = k / 24 * 8 + 1,
					.bits = bits,
					.kind = kinds[i].kind,
					.interlaced = k & 1 };

				good = reads(&g) && good;
			}
			ok(good, "%s of %u bits, interlaced and not",
				kinds[i].name, bits);
		}
}

/* The picture, which has a chunk in front of its pixels; 0 or -1. */
static int
read_with(struct image *im, const struct png_gen *g, struct err *e)
{
	struct buf file = { 0 };
	int rc;

	png_gen_file(g, &file);
	rc = image_png_read(im, buf_span(&file), e);
	buf_release(&file);
	return rc;
}

/* One column, which counts up. */
static unsigned
ramp(const struct png_gen *g, uint32_t x, uint32_t y, unsigned channel)
{
	(void)channel;
	return (x + y) & ((1u << g->bits) - 1);
}

/* tRNS: one colour, or a palette's, is hidden; the rest is seen. */
static void
check_trns(unsigned kind, unsigned bits, struct span trns, const char *want)
{
	struct png_gen g = { 4, 1, bits, kind, false, ramp, { 0 } };
	struct buf chunks = { 0 };
	struct image im;
	struct err e = { "" };
	char got[5] = "";

	if (kind == PNG_GEN_PALETTE)
		add_palette(&chunks, 1u << bits);
	png_gen_chunk(&chunks, "tRNS", trns);
	g.chunks = buf_span(&chunks);
	ok(read_with(&im, &g, &e) == 0, "tRNS of %u bits of kind %u%s", bits,
		kind, e.msg);
	for (int i = 0; i < 4; i++)
		got[i] = im.mask && !im.mask[i] ? '.' : '#';
	is_str(got, want, "hides what it says");
	buf_release(&chunks);
	image_release(&im);
}

static void
check_all_trns(void)
{
	for (unsigned bits = 2; bits <= 16; bits *= 2)
		check_trns(PNG_GEN_GREY, bits, SPAN("\0\2"), "##.#");
	check_trns(PNG_GEN_GREY, 1, SPAN("\0\0"), ".#.#");
	check_trns(PNG_GEN_RGB, 8, SPAN("\0\1\0\1\0\1"), "#.##");
	check_trns(PNG_GEN_RGB, 16, SPAN("\0\1\0\1\0\2"), "####");
	check_trns(PNG_GEN_PALETTE, 2, SPAN("\377\177\200\0"), "#.#.");
	check_trns(PNG_GEN_PALETTE, 8, SPAN("\0"), ".###");
}

/* What 128 of 8 bits becomes in a file with these chunks. */
static unsigned
becomes(struct span chunks, unsigned bits, unsigned v)
{
	struct png_gen g = { 256, 1, bits, PNG_GEN_GREY, false, ramp, chunks };
	struct image im;
	struct err e;
	unsigned got = 0;

	if (bits == 16)
		g.width = 65536;
	if (read_with(&im, &g, &e))
		tap_note("%s", e.msg);
	else
		got = im.samples[v];
	image_release(&im);
	return got;
}

static struct span
with_gamma(struct buf *chunks, uint32_t gamma)
{
	struct buf data = { 0 };

	png_gen_u32(&data, gamma);
	png_gen_chunk(chunks, "gAMA", buf_span(&data));
	buf_release(&data);
	return buf_span(chunks);
}

/* A profile with a header and nothing behind it, which libpng takes. */
static void
add_profile(struct buf *chunks)
{
	char p[132] = { 0 };
	struct buf data = { 0 };

	p[3] = (char)132;
	p[8] = 4;
	memcpy(p + 12, "mntrRGB XYZ ", 12);
	memcpy(p + 36, "acsp", 4);
	memcpy(p + 68, "\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d", 12);
	buf_add(&data, SPAN("p\0\0"));
	png_gen_zlib(&data, (struct span){ p, sizeof(p) });
	png_gen_chunk(chunks, "iCCP", buf_span(&data));
	buf_release(&data);
}

/* See image.h. The values are those of the standard's formula. */
static void
check_gamma(void)
{
	struct buf b = { 0 };

	is_int(becomes((struct span){ 0 }, 8, 128), 128, "no chunk: as it is");
	is_int(becomes(with_gamma(&b, 45455), 8, 128), 128, "1/2.2: as it is");
	buf_clear(&b);
	is_int(becomes(with_gamma(&b, 47000), 8, 128), 128, "about 1/2.2, too");
	buf_clear(&b);
	is_int(becomes(with_gamma(&b, 100000), 8, 128), 188,
		"linear light is encoded");
	is_int(becomes(buf_span(&b), 8, 1), 13, "the dark of it, too");
	is_int(becomes(buf_span(&b), 8, 255), 255, "white is white");
	is_int(becomes(buf_span(&b), 16, 0), 0, "black is black");
	is_int(becomes(buf_span(&b), 16, 32768), 48192, "16 bits of it");
	is_int(becomes(buf_span(&b), 16, 1), 13, "stay 16");
	png_gen_chunk(&b, "sRGB", (struct span){ "", 1 });
	is_int(becomes(buf_span(&b), 8, 128), 128, "sRGB goes before gAMA");
	buf_clear(&b);
	add_profile(&b);
	is_int(becomes(with_gamma(&b, 100000), 8, 128), 128,
		"and so does a profile");
	buf_clear(&b);
	is_int(becomes(with_gamma(&b, 55556), 8, 128), 146,
		"1/1.8 becomes sRGB");
	buf_release(&b);
}

static void
check_depth(void)
{
	struct buf chunks = { 0 }, file = { 0 };
	struct png_gen g = { 300, 7, 16, PNG_GEN_GREY, true, NULL, { 0 } };
	struct image im;
	struct err e = { "" };

	with_gamma(&chunks, 100000);
	png_gen_chunk(&chunks, "tRNS", SPAN("\0\0"));
	g.chunks = buf_span(&chunks);
	png_gen_file(&g, &file);
	ok(image_png_read_depth(&im, buf_span(&file), &e) == 0 &&
			is_expected(&g, &im) && im.mask == NULL,
		"a depth map's values are those in the file%s", e.msg);
	image_release(&im);
	buf_clear(&file);
	g = (struct png_gen){ .width = 2, .height = 2, .bits = 8 };
	png_gen_file(&g, &file);
	ok(image_png_read_depth(&im, buf_span(&file), &e) == -1 &&
			im.samples == NULL,
		"8 bits are no depth map");
	is_str(e.msg,
		"a depth map is a PNG of 16-bit grey and this is one of 8-bit "
		"grey: write the depth as that",
		"and the message says so");
	buf_release(&chunks);
	buf_release(&file);
}

/* A file that is no picture: one line that names it and says what to do. */
static void
check_bad(struct span bytes, const char *want)
{
	FILE *f = fopen(path, "wb");
	struct buf line = { 0 };
	struct image im;
	struct err e = { "" };

	fwrite(bytes.s, 1, bytes.len, f);
	fclose(f);
	ok(image_read(&im, path, &e) == -1 && im.samples == NULL,
		"it is refused");
	buf_printf(&line, "%s: %s", path, want);
	is_str(e.msg, buf_cstr(&line), "with a message");
	buf_release(&line);
	unlink(path);
}

static void
check_files(void)
{
	struct image im;
	struct err e;

	check_bad((struct span){ "", 0 },
		"the file is empty: get or make it again");
	check_bad(SPAN("GIF89a"),
		"this is neither PNG nor JPEG: convert it to PNG");
	image_read(&im, "gone.png", &e);
	is_str(e.msg,
		"gone.png: No such file or directory: a path is relative to "
		"the directory the tool runs in",
		"a file that is not there");
	image_read(&im, ".", &e);
	is_str(e.msg, ".: this is a directory: name a PNG or JPEG file",
		"a directory");
	mkfifo(path, 0600);
	image_read(&im, path, &e);
	is_str(e.msg,
		"unit-image.png: this is no plain file: copy the picture into "
		"one",
		"a FIFO that nobody writes to");
	unlink(path);
}

#define DAMAGED(what)                                                          \
	"this PNG is damaged (" what "): get or make the file again"

static void
check_damaged(void)
{
	struct png_gen g = { .width = 40000,
		.height = 40000,
		.bits = 16,
		.kind = PNG_GEN_RGBA };
	struct buf file = { 0 };

	png_gen_header(&g, &file);
	png_gen_chunk(&file, "IDAT", SPAN(""));
	check_bad(buf_span(&file),
		"it has 40000 x 40000 pixels, more than the 268435456 that are "
		"read: make it smaller");
	buf_clear(&file);
	g.width = g.height = 16384;
	png_gen_header(&g, &file);
	png_gen_chunk(&file, "IDAT", SPAN(""));
	check_bad(buf_span(&file), DAMAGED("it is too short for its pixels"));
	buf_clear(&file);
	g.width = 0;
	png_gen_header(&g, &file);
	check_bad(buf_span(&file), DAMAGED("Invalid IHDR data"));
	buf_clear(&file);
	g = (struct png_gen){ .width = 5, .height = 5, .bits = 8 };
	png_gen_file(&g, &file);
	file.len -= 12;
	check_bad(buf_span(&file), DAMAGED("it ends too early"));
	file.s[file.len - 1] ^= 1;
	check_bad(buf_span(&file), DAMAGED("IDAT: CRC error"));
	buf_release(&file);
}

/* However short it is cut, it is an error and never a picture. */
static void
check_cut(void)
{
	struct png_gen g = { .width = 9,
		.height = 9,
		.bits = 8,
		.kind = PNG_GEN_RGB,
		.interlaced = true };
	struct buf file = { 0 };
	struct image im;
	struct err e;
	size_t read = 0;

	png_gen_file(&g, &file);
	for (size_t n = 0; n < file.len; n++) {
		struct span cut = { file.s, n };

		read += image_png_read(&im, cut, &e) == 0 || im.samples;
		image_release(&im);
	}
	is_int((intmax_t)read, 0, "no beginning of a PNG is a picture");
	buf_release(&file);
}

/* Chunks that nobody asked for neither fill the memory nor stop the reading. */
static void
check_chunks(void)
{
	struct buf chunks = { 0 }, large = { 0 };
	struct png_gen g = { .width = 5, .height = 5, .bits = 8 };
	struct image im;
	struct err e = { "" };

	for (int i = 0; i < 5000; i++)
		png_gen_chunk(&chunks, "tEXt", SPAN("k\0text"));
	png_gen_chunk(&chunks, "cHRM", SPAN("nonsense"));
	png_gen_chunk(&chunks, "abCd", SPAN("unknown"));
	g.chunks = buf_span(&chunks);
	ok(read_with(&im, &g, &e) == 0 && is_expected(&g, &im),
		"5000 texts and a strange chunk%s", e.msg);
	image_release(&im);
	buf_clear(&chunks);
	memset(buf_room(&large, 9000000), 'x', 9000000);
	large.len = 9000000;
	png_gen_chunk(&chunks, "tEXt", buf_span(&large));
	g.chunks = buf_span(&chunks);
	ok(read_with(&im, &g, &e) == 0, "9 million bytes of text%s", e.msg);
	image_release(&im);
	chunks.s[chunks.len - 1] ^= 1;
	ok(read_with(&im, &g, &e) == -1, "what is beside the picture counts");
	is_str(e.msg, DAMAGED("tEXt: CRC error"), "where it is damaged");
	buf_release(&large);
	buf_release(&chunks);
}

/* A JPEG of the corpus. */
static void
load_jpeg(struct buf *file, const char *name)
{
	const char *srcdir = getenv("srcdir");
	struct buf from = { 0 };
	struct err e = { "" };

	buf_printf(
		&from, "%s/tests/corpus/image/%s", srcdir ? srcdir : ".", name);
	ok(buf_file(file, buf_cstr(&from), &e) == 0, "%s%s", name, e.msg);
	buf_release(&from);
}

#ifdef WITH_JPEG

static void
check_jpeg(const char *name, unsigned channels)
{
	struct buf file = { 0 };
	struct image im;
	struct err e = { "" };
	size_t read = 0;

	load_jpeg(&file, name);
	ok(image_jpeg_read(&im, buf_span(&file), &e) == 0 && im.width == 24 &&
			im.height == 16 && im.channels == channels &&
			im.bits == 8,
		"read as it is%s", e.msg);
	ok(im.samples && im.samples[0] < 40 &&
			im.samples[(size_t)23 * channels] > 215,
		"dark at the left, bright at the right");
	image_release(&im);
	for (size_t n = 0; n + 2 < file.len; n++) {
		struct span cut = { file.s, n };

		read += image_jpeg_read(&im, cut, &e) == 0 || im.samples;
		image_release(&im);
	}
	is_int((intmax_t)read, 0, "no beginning of it is a picture");
	buf_release(&file);
}

static void
check_jpegs(void)
{
	struct buf file = { 0 };
	struct image im;
	struct err e = { "" };

	ok(image_jpeg_read(&im, SPAN("\xff\xd8\xff\xd9"), &e) == -1,
		"tables without a picture are refused");
	is_str(e.msg,
		"there is no picture in this JPEG: get or make the file again",
		"and why");
	check_jpeg("grey.jpg", 1);
	check_jpeg("baseline.jpg", 3);
	check_jpeg("progressive.jpg", 3);
	check_jpeg("turned.jpg", 3);
	load_jpeg(&file, "cmyk.jpg");
	ok(image_jpeg_read(&im, buf_span(&file), &e) == -1, "inks are refused");
	is_str(e.msg,
		"this JPEG has the four inks of print (CMYK): convert it to "
		"RGB",
		"and why");
	buf_release(&file);
}

#else

static void
check_jpegs(void)
{
	struct buf file = { 0 };
	struct image im;
	struct err e = { "" };

	load_jpeg(&file, "grey.jpg");
	ok(image_jpeg_read(&im, buf_span(&file), &e) == -1, "no JPEG here");
	is_str(e.msg,
		"this is a JPEG, which this build does not read: convert it to "
		"PNG",
		"and the message says so");
	buf_release(&file);
}

#endif

static void
check_grey(void)
{
	uint16_t v[] = { 255, 255, 255, 0, 255, 0 };
	struct image im = { 2, 1, 3, 8, v, NULL };
	float *grey = image_grey(&im);
	uint8_t *bytes;

	is_f64(grey[0], 255, "white is 255");
	is_f64(grey[1], (float)(.7152 * 255), "green is as bright as it looks");
	free(grey);
	bytes = image_grey_bytes(&im);
	is_int(bytes[0], 255, "white is 255 in bytes");
	is_int(bytes[1], 182, "and green .7152 of it");
	free(bytes);
	im = (struct image){ 2, 1, 1, 16, v, NULL };
	v[0] = 65535;
	v[1] = 257;
	bytes = image_grey_bytes(&im);
	is_int(bytes[0], 255, "of 16 bits, too");
	is_int(bytes[1], 1, "by the same scale");
	free(bytes);
	grey = image_grey(&im);
	is_f64(grey[0], 255, "so it is of 16 bits");
	is_f64(grey[1], 1, "whose scale is 257 times as fine");
	free(grey);
}

static void
check_write(void)
{
	uint16_t v[] = { 1, 2 };
	uint8_t mask[] = { 0, 9 };
	struct image im = { 2, 1, 1, 8, v, mask }, got = { 0 };
	struct err e = { "" };

	ok(image_write(&im, path, &e) == 0 && image_read(&got, path, &e) == 0,
		"written and read%s", e.msg);
	ok(got.samples && got.samples[0] == 1 && got.samples[1] == 2 &&
			got.mask && got.mask[0] == 0 && got.mask[1] == 255,
		"a mask, and the colours under it");
	image_release(&got);
	ok(image_write(&im, "gone/a.png", &e) == -1, "nowhere to write to");
	is_str(e.msg, "gone/a.png: No such file or directory", "and why");
	im.width = 0;
	ok(image_write(&im, path, &e) == -1, "nothing cannot be written");
	ok(image_read(&got, path, &e) == 0, "and what was there stays");
	image_release(&got);
	unlink(path);
}

static void
check_masks(void)
{
	uint16_t v[] = { 7, 7, 7 }, m[] = { 0, 1, 255 }, other[] = { 1 };
	uint8_t hidden[] = { 255, 0, 255 };
	struct image im = { 3, 1, 1, 8, v, NULL };
	struct image mask = { 3, 1, 1, 8, m, NULL };
	struct image small = { 1, 1, 1, 16, other, NULL };
	struct err e = { "" };

	ok(image_hide(&im, &mask, &e) == 0 && im.mask && !im.mask[0] &&
			im.mask[1] && im.mask[2],
		"a mask's 0 is hidden");
	mask.mask = hidden;
	ok(image_hide(&im, &mask, &e) == 0 && !im.mask[0] && !im.mask[1] &&
			im.mask[2],
		"and what it hides itself; what was hidden stays");
	ok(image_hide(&im, &small, &e) == -1, "a mask of another size");
	is_str(e.msg,
		"the mask has 1 x 1 pixels and the image 3 x 1: they have to "
		"be the same",
		"and why");
	ok(image_hide_depth(&im, &small, 0, &e) == -1, "so with depth");
	is_str(e.msg,
		"the depth map has 1 x 1 pixels and the image 3 x 1: they "
		"have to be the same",
		"and why");
	free(im.mask);
}

/* Of all samples in 65535ths: their mean, times their number. */
static double
mean_of(const struct image *im)
{
	size_t n = (size_t)im->width * im->height * im->channels;
	double sum = 0, top = im->bits == 8 ? 255 : 65535;

	for (size_t i = 0; i < n; i++)
		sum += im->samples[i] / top;
	return sum / (double)n;
}

static struct image
patterned(uint32_t w, uint32_t h, uint8_t channels, uint8_t bits)
{
	struct image im = { w, h, channels, bits, NULL, NULL };
	struct err e;

	if (image_make(&im, &e))
		return im;
	for (size_t i = 0; i < (size_t)w * h * channels; i++)
		im.samples[i] = (uint16_t)((i * 7919 + i / w * 131) &
					   (bits == 8 ? 255 : 65535));
	return im;
}

static void
check_shrunk(
	uint32_t w, uint32_t h, uint32_t to, uint32_t want_w, uint32_t want_h)
{
	for (uint8_t channels = 1; channels <= 3; channels += 2)
		for (uint8_t bits = 8; bits <= 16; bits += 8) {
			struct image im = patterned(w, h, channels, bits);
			double before = mean_of(&im), after;
			struct err e;

			ok(image_shrink(&im, to, &e) == 0 &&
					im.width == want_w &&
					im.height == want_h,
				"%u x %u, at most %u", w, h, to);
			after = mean_of(&im);
			ok(fabs(after - before) < 0.5 / 65535,
				"%u of %u bits: as bright, by %g", channels,
				bits, after - before);
			image_release(&im);
		}
}

/* Three pixels that become two: a third of the middle one is in neither. */
static void
check_shrink(void)
{
	static const uint16_t row[3] = { 30, 90, 240 };
	static const uint8_t mask[3] = { 255, 255, 0 };
	struct image im = { 3, 1, 1, 8, NULL, NULL };
	struct err e;

	check_shrunk(7, 5, 9, 7, 5);
	check_shrunk(7, 5, 7, 7, 5);
	check_shrunk(64, 48, 32, 32, 24);
	check_shrunk(101, 67, 40, 40, 27);
	check_shrunk(67, 101, 1, 1, 1);
	check_shrunk(1, 999, 10, 1, 10);
	if (image_make(&im, &e))
		return;
	memcpy(im.samples, row, sizeof(row));
	im.mask = memcpy(mem_alloc(3, 1), mask, 3);
	is_int(image_shrink(&im, 2, &e), 0, "three become two");
	is_int(im.bits, 16, "of 16 bits");
	is_int(im.samples[0], (30 * 2 + 90) * 257 / 3, "the first");
	is_int(im.samples[1], (90 + 240 * 2) * 257 / 3, "the second");
	ok(im.mask[0] && !im.mask[1], "what covers a hidden one is hidden");
	image_release(&im);
}

int
main(void)
{
	check_kinds();
	check_all_trns();
	check_gamma();
	check_depth();
	check_files();
	check_damaged();
	check_cut();
	check_chunks();
	check_jpegs();
	check_grey();
	check_write();
	check_masks();
	check_shrink();
	return tap_done();
}
