/*
 * png_gen: PNG files of every kind, made by hand.
 *
 * After the specification (ISO/IEC 15948) and nothing else: chunks with their
 * CRC, pixels in a zlib stream of stored blocks, so that what libpng reads is
 * held against something that it did not write.
 */
#ifndef PNG_GEN_H
#define PNG_GEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	PNG_GEN_GREY = 0,
	PNG_GEN_RGB = 2,
	PNG_GEN_PALETTE = 3,
	PNG_GEN_GREY_ALPHA = 4,
	PNG_GEN_RGBA = 6
};

struct png_gen {
	uint32_t width, height;
	unsigned bits, kind;
	bool interlaced;
	/* what a pixel's channel holds; NULL: png_gen_value */
	unsigned (*value)(const struct png_gen *, uint32_t, uint32_t, unsigned);
	struct span chunks; /* whole ones, between IHDR and IDAT */
};

static inline void
png_gen_u32(struct buf *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_byte(b, (char)(v >> shift));
}

static inline uint32_t
png_gen_crc(struct span s)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < s.len; i++) {
		crc ^= (unsigned char)s.s[i];
		for (int k = 0; k < 8; k++)
			crc = crc & 1 ? 0xedb88320 ^ crc >> 1 : crc >> 1;
	}
	return ~crc;
}

static inline void
png_gen_chunk(struct buf *file, const char *name, struct span data)
{
	size_t at;

	png_gen_u32(file, (uint32_t)data.len);
	at = file->len;
	buf_add(file, span_str(name));
	buf_add(file, data);
	png_gen_u32(file,
		png_gen_crc((struct span){ file->s + at, file->len - at }));
}

/* A zlib stream whose blocks are stored. */
static inline void
png_gen_zlib(struct buf *out, struct span data)
{
	uint32_t a = 1, b = 0;
	size_t at = 0;

	buf_add(out, SPAN("\x78\x01"));
	do {
		size_t n = data.len - at < 65535 ? data.len - at : 65535;

		buf_byte(out, at + n == data.len);
		buf_byte(out, (char)n);
		buf_byte(out, (char)(n >> 8));
		buf_byte(out, (char)~n);
		buf_byte(out, (char)(~n >> 8));
		buf_add(out, (struct span){ data.s + at, n });
		at += n;
	} while (at < data.len);
	for (size_t i = 0; i < data.len; i++) {
		a = (a + (unsigned char)data.s[i]) % 65521;
		b = (b + a) % 65521;
	}
	png_gen_u32(out, b << 16 | a);
}

static inline unsigned
png_gen_channels(const struct png_gen *g)
{
	static const unsigned channels[] = { 1, 0, 3, 1, 2, 0, 4 };

	return channels[g->kind];
}

static inline unsigned
png_gen_value(const struct png_gen *g, uint32_t x, uint32_t y, unsigned channel)
{
	uint32_t v = (x * 31 + y * 17 + channel * 7 + 1) * 2654435761u;

	return v >> (32 - g->bits);
}

/* What a pixel's channel is in the file. */
static inline unsigned
png_gen_at(const struct png_gen *g, uint32_t x, uint32_t y, unsigned channel)
{
	return g->value ? g->value(g, x, y, channel)
	                : png_gen_value(g, x, y, channel);
}

struct png_gen_pass {
	uint32_t x, y, dx, dy;
};

/* A pass is rows of packed bits, each with a filter type in front: none. */
static inline void
png_gen_rows(const struct png_gen *g, struct png_gen_pass p, struct buf *raw)
{
	for (uint32_t y = p.y; y < g->height && p.x < g->width; y += p.dy) {
		unsigned held = 0, n = 0;

		buf_byte(raw, 0);
		for (uint32_t x = p.x; x < g->width; x += p.dx)
			for (unsigned c = 0; c < png_gen_channels(g); c++) {
				held = held << g->bits | png_gen_at(g, x, y, c);
				n += g->bits;
				for (; n >= 8; n -= 8)
					buf_byte(raw, (char)(held >> (n - 8)));
			}
		if (n)
			buf_byte(raw, (char)(held << (8 - n)));
	}
}

static inline void
png_gen_header(const struct png_gen *g, struct buf *file)
{
	struct buf b = { 0 };

	buf_add(file, SPAN("\x89PNG\r\n\x1a\n"));
	png_gen_u32(&b, g->width);
	png_gen_u32(&b, g->height);
	buf_byte(&b, (char)g->bits);
	buf_byte(&b, (char)g->kind);
	buf_add(&b, (struct span){ "\0\0", 2 });
	buf_byte(&b, g->interlaced);
	png_gen_chunk(file, "IHDR", buf_span(&b));
	buf_release(&b);
}

/* png_gen_file(g, file): Append the file. */
static inline void
png_gen_file(const struct png_gen *g, struct buf *file)
{
	static const struct png_gen_pass adam7[] = { { 0, 0, 8, 8 },
		{ 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 }, { 0, 2, 2, 4 },
		{ 1, 0, 2, 2 }, { 0, 1, 1, 2 } };
	struct buf raw = { 0 }, packed = { 0 };

	png_gen_header(g, file);
	buf_add(file, g->chunks);
	if (!g->interlaced)
		png_gen_rows(g, (struct png_gen_pass){ 0, 0, 1, 1 }, &raw);
	for (int i = 0; g->interlaced && i < 7; i++)
		png_gen_rows(g, adam7[i], &raw);
	png_gen_zlib(&packed, buf_span(&raw));
	png_gen_chunk(file, "IDAT", buf_span(&packed));
	png_gen_chunk(file, "IEND", (struct span){ "", 0 });
	buf_release(&raw);
	buf_release(&packed);
}

#endif
