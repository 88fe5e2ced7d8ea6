/*
 * Binary features in whole numbers: what lib/vision/orb_twin.c specifies, to the
 * byte. The levels of a pyramid lie in one array as lib/vision/orb_steps.h says.
 * A work-item has a row, or a keypoint, of which it takes one step of 15, 16 or
 * 32 pixels in as many as there are work-items along the first dimension: one
 * has all of them on a processor.
 */

#define BORDER 19
#define RADIUS 15
#define SECTORS 64
#define BITS 256
#define LEVELS 8
#define BAND 32 /* rows */

/* 16 pixels from anywhere: as vload16, which PoCL takes in fours. */
struct bytes {
	uchar16 v;
} __attribute__((packed));

static uchar16
load(__global const uchar *p)
{
	return ((__global const struct bytes *)p)->v;
}

/* As vstore16, which PoCL does byte by byte. */
static void
store(uchar16 v, __global uchar *p)
{
	((__global struct bytes *)p)->v = v;
}

/* at, stride, width and height of a level are s0 to s3. */

/* The level that has row ${y} of all; ${y} becomes the row in it. */
static int4
level_of(__global const int4 *levels, int *y)
{
	int l = 0;

	while (l < LEVELS - 1 && *y >= levels[l].s3)
		*y -= levels[l++].s3;
	return levels[l];
}

/* 16 pixels are each of two of 20: ${v} from the first on, ${w} from the fifth. */
static ushort16
left_of(uchar16 v, uchar16 w)
{
	return convert_ushort16((uchar16)(v.s0123, v.s4678, v.s9acd, v.sef,
		w.sce));
}

static ushort16
right_of(uchar16 v, uchar16 w)
{
	return convert_ushort16((uchar16)(v.s1234, v.s5789, v.sabde, v.sf,
		w.scdf));
}

/*
 * A level from the one above it: 36ths of the four pixels that each covers. Of 16
 * pixels the last is the first of the next 16 as well.
 */
__kernel void
orb_shrink(__global uchar *pixels, __global const int4 *levels, int level)
{
	const ushort16 less = (ushort16)(5, 4, 3, 2, 1, 5, 4, 3, 2, 1, 5, 4, 3,
		2, 1, 5), more = (ushort16)(6) - less;
	const int4 from = levels[level - 1], to = levels[level];
	int y = get_global_id(1);
	const ushort above = 5 - y % 5, below = 1 + y % 5;

	if (y >= to.s3)
		return;
	for (int i = get_global_id(0); 15 * i < to.s2; i += get_global_size(0)) {
		__global const uchar *p =
			pixels + from.s0 + (y + y / 5) * from.s1 + 18 * i;
		__global const uchar *q = p + from.s1;
		const uchar16 a = load(p), b = load(p + 4);
		const uchar16 c = load(q), d = load(q + 4);
		const uchar16 mean = convert_uchar16(
			(less * (above * left_of(a, b) + below * left_of(c, d)) +
				more * (above * right_of(a, b) +
					       below * right_of(c, d)) +
				(ushort16)(18)) /
			(ushort16)(36));


		store(mean, pixels + to.s0 + y * to.s1 + 15 * i);
	}
}

/*
 * The largest that the smallest of 9 in a row of the ring gets: of 8, and of the
 * one before or the one behind them.
 */
static uchar16
highest(const uchar16 *r)
{
	uchar16 two[8], four[8], best = 0;

#pragma unroll
	for (int i = 0; i < 8; i++)
		two[i] = min(r[2 * i + 1], r[(2 * i + 2) & 15]);
#pragma unroll
	for (int i = 0; i < 8; i++)
		four[i] = min(two[i], two[(i + 1) & 7]);
#pragma unroll
	for (int i = 0; i < 8; i++)
		best = max(best, min(min(four[i], four[(i + 2) & 7]),
					 max(r[2 * i], r[(2 * i + 9) & 15])));
	return best;
}

/* The smallest that the largest gets. */
static uchar16
lowest(const uchar16 *r)
{
	uchar16 two[8], four[8], best = 255;

#pragma unroll
	for (int i = 0; i < 8; i++)
		two[i] = max(r[2 * i + 1], r[(2 * i + 2) & 15]);
#pragma unroll
	for (int i = 0; i < 8; i++)
		four[i] = max(two[i], two[(i + 1) & 7]);
#pragma unroll
	for (int i = 0; i < 8; i++)
		best = min(best, max(max(four[i], four[(i + 2) & 7]),
					 min(r[2 * i], r[(2 * i + 9) & 15])));
	return best;
}

/* How much of a corner each of 16 pixels is: FAST's largest threshold, or 0. */
static uchar16
score(__global const uchar *p, int s, uchar16 threshold)
{
	const uchar16 middle = load(p);
	const uchar16 up = load(p - 3 * s), down = load(p + 3 * s);
	const uchar16 left = load(p - 3), right = load(p + 3);
	/* Of 9 in a row two neighbours of these four are part. */
	const uchar16 most = max(
		sub_sat(min(max(up, down), max(left, right)), middle),
		sub_sat(middle, max(min(up, down), min(left, right))));

	if (!any(most > threshold))
		return 0;
	const uchar16 ring[16] = { up, load(p - 3 * s + 1),
		load(p - 2 * s + 2), load(p - s + 3), right,
		load(p + s + 3), load(p + 2 * s + 2),
		load(p + 3 * s + 1), down, load(p + 3 * s - 1),
		load(p + 2 * s - 2), load(p + s - 3), left,
		load(p - s - 3), load(p - 2 * s - 2),
		load(p - 3 * s - 1) };
	const uchar16 best = max(sub_sat(highest(ring), middle),
		sub_sat(middle, lowest(ring)));

	return best & as_uchar16(best > threshold);
}

__kernel void
orb_score(__global const uchar *pixels, __global const int4 *levels,
	__global uchar *scores, int threshold)
{
	int y = get_global_id(1);
	const int4 l = level_of(levels, &y);
	const uchar16 least = (uchar16)(threshold);

	if (y < BORDER - 1 || y > l.s3 - BORDER)
		return;
	for (int x = BORDER / 16 * 16 + 16 * get_global_id(0);
		x <= l.s2 - BORDER; x += 16 * get_global_size(0)) {
		int at = l.s0 + y * l.s1 + x;

		store(score(pixels + at, l.s1, least), scores + at);
	}
}

/* A bit for each of 16 that is the strongest of its 3 x 3; rows count first. */
static uint
strongest(__global const uchar *p, int s)
{
	const uchar16 v = load(p);

	if (!any(v != (uchar16)(0)))
		return 0;
	const uchar16 before = max(max(load(p - s - 1), load(p - s)),
		max(load(p - s + 1), load(p - 1)));
	const uchar16 behind = max(max(load(p + s - 1), load(p + s)),
		max(load(p + s + 1), load(p + 1)));
	const ushort16 bits =
		as_ushort16(convert_short16((v > before) & (v >= behind))) &
		(ushort16)(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048,
			4096, 8192, 16384, 32768);
	const ushort8 eight = bits.lo | bits.hi;
	const ushort4 four = eight.lo | eight.hi;

	return (uint)(four.s0 | four.s1 | four.s2 | four.s3);
}

__kernel void
orb_peaks(__global const uchar *scores, __global const int4 *levels,
	__global uint *bits)
{
	int y = get_global_id(1);
	const int4 l = level_of(levels, &y);
	const int end = l.s2 - BORDER;

	if (y < BORDER || y >= l.s3 - BORDER)
		return;
	for (int x = 32 * get_global_id(0); x < end;
		x += 32 * get_global_size(0)) {
		int at = l.s0 + y * l.s1 + x;
		uint found = strongest(scores + at, l.s1) |
		             strongest(scores + at + 16, l.s1) << 16;

		found &= x < BORDER ? ~0u << (BORDER - x) : ~0u;
		found &= end < x + 32 ? ~(~0u << (end - x)) : ~0u;
		bits[at / 32] = found;
	}
}

static int
sum8(int8 v)
{
	const int4 four = v.lo + v.hi;

	return four.s0 + four.s1 + four.s2 + four.s3;
}

/* Harris' measure of each corner, of Sobel's gradients in 7 x 7, times 25. */
__kernel void
orb_rank(__global const uchar *pixels, __global const int4 *levels,
	__global const int4 *corners, int n, __global long *rank)
{
	const short8 in = (short8)(-1, -1, -1, -1, -1, -1, -1, 0);
	int at = get_global_id(0);
	int8 sxx = 0, syy = 0, sxy = 0;

	if (at >= n)
		return;
	const int4 c = corners[at], l = levels[c.s2];
	__global const uchar *p =
		pixels + l.s0 + (c.s1 - 4) * l.s1 + c.s0 - 4;
	short16 above = convert_short16(load(p));
	short16 row = convert_short16(load(p + l.s1));

	for (int j = 2; j < 9; j++) {
		const short16 below = convert_short16(load(p + j * l.s1));
		const short16 sum = above + row + row + below;
		const short16 down = below - above;
		const int8 dx = convert_int8(
			(sum.s23456789 - sum.s01234567) & in);
		const int8 dy = convert_int8(
			(down.s01234567 + down.s12345678 + down.s12345678 +
				down.s23456789) & in);

		sxx += dx * dx;
		syy += dy * dy;
		sxy += dx * dy;
		above = row;
		row = below;
	}
	const long xx = sum8(sxx), yy = sum8(syy), xy = sum8(sxy);

	rank[at] = 25 * (xx * yy - xy * xy) - (xx + yy) * (xx + yy);
}

static int
dot16(short16 x, short16 y)
{
	const int16 p = convert_int16(x) * convert_int16(y);

	return sum8(p.lo + p.hi);
}

/*
 * The direction in which the brightness around each corner lies. Rows y above
 * and below are taken together; no sum of theirs is beyond 31 * 255, and none of
 * theirs times y beyond 120 * 255.
 */
__kernel void
orb_turn(__global const uchar *pixels, __global const int4 *levels,
	__global int4 *corners, int n, __global const short2 *directions)
{
	const short16 left = (short16)(-15, -14, -13, -12, -11, -10, -9, -8, -7,
		-6, -5, -4, -3, -2, -1, 0), right = left + (short16)(16);
	int at = get_global_id(0), sector = 0;
	short16 across[2], down[2] = { 0, 0 };
	long best = 0;

	if (at >= n)
		return;
	const int4 c = corners[at], l = levels[c.s2];
	__global const uchar *p = pixels + l.s0 + c.s1 * l.s1 + c.s0 - RADIUS;

	across[0] = convert_short16(load(p));
	across[1] = convert_short16(load(p + 16)) & (right <= (short)RADIUS);
	for (int y = 1; y <= RADIUS; y++)
		for (int i = 0; i < 2; i++) {
			const short16 x = i ? right : left;
			const short16 in = x * x <= (short)(RADIUS * (RADIUS + 1) -
								y * y);
			const short16 v = convert_short16(
				load(p + y * l.s1 + 16 * i)) & in;
			const short16 w = convert_short16(
				load(p - y * l.s1 + 16 * i)) & in;

			across[i] += v + w;
			down[i] += (short)y * (v - w);
		}
	const int mx = dot16(across[0], left) + dot16(across[1], right);
	const int my = dot16(down[0], (short16)(1)) +
	               dot16(down[1], (short16)(1));

	for (int s = 0; s < SECTORS; s++) {
		const short2 d = directions[s];
		long along = (long)mx * d.s0 + (long)my * d.s1;

		sector = along > best ? s : sector;
		best = max(along, best);
	}
	corners[at].s3 = sector;
}

static ushort16
wide(__global const uchar *p)
{
	return convert_ushort16(load(p));
}

/* Weighs 1, 2, 3, 4, 3, 2 and 1. */
static ushort16
weigh(const ushort16 *v)
{
	const ushort16 second = v[1] + v[5], inner = v[2] + v[4];

	return v[0] + v[6] + inner + ((second + inner) << (ushort16)(1)) +
	       (v[3] << (ushort16)(2));
}

static ushort16
weigh_row(__global const uchar *p)
{
	const ushort16 v[7] = { wide(p - 3), wide(p - 2), wide(p - 1), wide(p),
		wide(p + 1), wide(p + 2), wide(p + 3) };

	return weigh(v);
}

/*
 * The blur of 16 columns and BAND rows, down which it goes: each row is weighed
 * along once, and then with the six before it. At a level's edge it mixes rows of
 * two, which nobody looks at.
 */
__kernel void
orb_blur(__global const uchar *pixels, __global const int4 *levels, int rows,
	__global uchar *to)
{
	const int x = 16 * get_global_id(0), y = BAND * get_global_id(1);
	int in_level = y;
	const int4 l = level_of(levels, &in_level);
	const int stride = l.s1;
	ushort16 v[7];

	if (x >= l.s2 || y >= rows)
		return;
	pixels += levels[0].s0 + x;
	to += levels[0].s0 + x;
	for (int i = 1; i < 7; i++)
		v[i] = weigh_row(pixels + max(y + i - 4, 0) * stride);
	for (int i = y; i < min(y + BAND, rows); i++) {
		for (int j = 0; j < 6; j++)
			v[j] = v[j + 1];
		v[6] = weigh_row(pixels + min(i + 3, rows - 1) * stride);
		store(convert_uchar16((weigh(v) + (ushort16)(128)) >>
				      (ushort16)(8)),
			to + i * stride);
	}
}

/* The bytes of a descriptor: 8 comparisons each of the pattern in its sector. */
__kernel void
orb_describe(__global const uchar *blurred, __global const int4 *levels,
	__global const int4 *corners, int n, __global const int *ends,
	__global uchar *descriptors)
{
	int at = get_global_id(1);

	if (at >= n)
		return;
	const int4 c = corners[at], l = levels[c.s2];
	__global const uchar *p = blurred + l.s0 + c.s1 * l.s1 + c.s0;

	for (int i = get_global_id(0); i < BITS / 8; i += get_global_size(0)) {
		__global const int *e = ends + (c.s3 * BITS + i * 8) * 2;
		uint bits = 0;

#pragma unroll
		for (int j = 0; j < 8; j++)
			bits |= (uint)(p[e[2 * j]] < p[e[2 * j + 1]]) << j;
		descriptors[at * (BITS / 8) + i] = (uchar)bits;
	}
}
