/*
 * Binary features in whole numbers: what lib/vision/orb_twin.c specifies, to the
 * byte. The levels of a pyramid lie in one array as lib/vision/orb_steps.h says;
 * a work-item has 16 pixels of a row wherever that pays.
 */

#define BORDER 19
#define RADIUS 15
#define SECTORS 64
#define BITS 256
#define SHARES 2048

/* at, stride, width and height of a level are s0 to s3. */

/* A level from the one above it: each pixel the mean of what it covers. */
__kernel void
orb_shrink(__global uchar *pixels, __global const int4 *levels, int level,
	__global const int4 *taps, int first)
{
	const int4 from = levels[level - 1], to = levels[level];
	int x = get_global_id(0), y = get_global_id(1);

	if (x >= to.s2 || y >= to.s3)
		return;
	const int4 column = taps[first + x], row = taps[first + to.s2 + y];
	__global const uchar *p =
		pixels + from.s0 + row.s0 * from.s1 + column.s0;
	const int4 sum = row.s1 * convert_int4(vload4(0, p)) +
	                 row.s2 * convert_int4(vload4(0, p + from.s1)) +
	                 row.s3 * convert_int4(vload4(0, p + 2 * from.s1));

	pixels[to.s0 + y * to.s1 + x] = (uchar)(
		(column.s1 * sum.s0 + column.s2 * sum.s1 + column.s3 * sum.s2 +
			SHARES * SHARES / 2) /
		(SHARES * SHARES));
}

/* The largest that the smallest of 9 in a row gets, around the ring. */
static uchar16
best_arc(const uchar16 *d)
{
	uchar16 best = 0, two[16], four[16];

	for (int i = 0; i < 16; i++)
		two[i] = min(d[i], d[(i + 1) & 15]);
	for (int i = 0; i < 16; i++)
		four[i] = min(two[i], two[(i + 2) & 15]);
	for (int i = 0; i < 16; i++)
		best = max(best, min(min(four[i], four[(i + 4) & 15]),
					 d[(i + 8) & 15]));
	return best;
}

/* How much of a corner each pixel is: FAST's largest threshold, or 0. */
__kernel void
orb_score(__global const uchar *pixels, __global const int4 *levels, int level,
	__global uchar *scores, int threshold)
{
	const int4 l = levels[level];
	const int s = l.s1;
	int x = 16 * get_global_id(0), y = get_global_id(1) + BORDER - 1;
	int at = l.s0 + y * s + x;

	if (x >= l.s2 || y >= l.s3 - BORDER + 1)
		return;
	const int ring[16] = { -3 * s, -3 * s + 1, -2 * s + 2, -s + 3, 3, s + 3,
		2 * s + 2, 3 * s + 1, 3 * s, 3 * s - 1, 2 * s - 2, s - 3, -3,
		-s - 3, -2 * s - 2, -3 * s - 1 };
	const uchar16 p = vload16(0, pixels + at), t = (uchar16)(threshold);
	uchar16 d[16], best, up, down, left, right;

	up = vload16(0, pixels + at + ring[0]);
	right = vload16(0, pixels + at + ring[4]);
	down = vload16(0, pixels + at + ring[8]);
	left = vload16(0, pixels + at + ring[12]);
	best = max(min(max(sub_sat(up, p), sub_sat(down, p)),
			   max(sub_sat(left, p), sub_sat(right, p))),
		min(max(sub_sat(p, up), sub_sat(p, down)),
			max(sub_sat(p, left), sub_sat(p, right))));
	/* Of 9 in a row two neighbours of these four are part. */
	if (!any(best > t)) {
		vstore16((uchar16)(0), 0, scores + at);
		return;
	}
	for (int i = 0; i < 16; i++)
		d[i] = sub_sat(vload16(0, pixels + at + ring[i]), p);
	best = best_arc(d);
	for (int i = 0; i < 16; i++)
		d[i] = sub_sat(p, vload16(0, pixels + at + ring[i]));
	best = max(best, best_arc(d));
	vstore16(select((uchar16)(0), best, best > t), 0, scores + at);
}

/* Of equal neighbours the first, by rows, is the strongest. */
static bool
is_strongest(__global const uchar *s, int stride)
{
	uchar v = *s;

	return v && v > s[-stride - 1] && v > s[-stride] &&
	       v > s[-stride + 1] && v > s[-1] && v >= s[1] &&
	       v >= s[stride - 1] && v >= s[stride] && v >= s[stride + 1];
}

/* A bit for each pixel that is the strongest of its 3 x 3; 32 a work-item. */
__kernel void
orb_peaks(__global const uchar *scores, __global const int4 *levels, int level,
	__global uint *bits)
{
	const int4 l = levels[level];
	int x = 32 * get_global_id(0), y = get_global_id(1);
	int at = l.s0 + y * l.s1 + x;
	uint found = 0;

	if (x >= l.s1 || y >= l.s3)
		return;
	if (y >= BORDER && y < l.s3 - BORDER &&
		(any(vload16(0, scores + at) != (uchar16)(0)) ||
			any(vload16(1, scores + at) != (uchar16)(0))))
		for (int i = 0; i < 32; i++)
			if (x + i >= BORDER && x + i < l.s2 - BORDER &&
				is_strongest(scores + at + i, l.s1))
				found |= 1u << i;
	bits[at / 32] = found;
}

/* Harris' measure of each corner, times 25. */
__kernel void
orb_rank(__global const uchar *pixels, __global const int4 *levels,
	__global const int4 *corners, int n, __global long *rank)
{
	int at = get_global_id(0);
	int xx = 0, yy = 0, xy = 0;

	if (at >= n)
		return;
	const int4 c = corners[at], l = levels[c.s2];
	const int s = l.s1;

	for (int j = -3; j <= 3; j++)
		for (int i = -3; i <= 3; i++) {
			__global const uchar *q =
				pixels + l.s0 + (c.s1 + j) * s + c.s0 + i;
			int dx = q[1 - s] + 2 * q[1] + q[1 + s] - q[-1 - s] -
			         2 * q[-1] - q[s - 1];
			int dy = q[s - 1] + 2 * q[s] + q[s + 1] - q[-1 - s] -
			         2 * q[-s] - q[1 - s];

			xx += dx * dx;
			yy += dy * dy;
			xy += dx * dy;
		}
	const long trace = (long)xx + yy;

	rank[at] = 25 * ((long)xx * yy - (long)xy * xy) - trace * trace;
}

static int
dot16(short16 x, short16 y)
{
	const int16 p = convert_int16(x) * convert_int16(y);
	const int8 q = p.lo + p.hi;
	const int4 r = q.lo + q.hi;

	return r.s0 + r.s1 + r.s2 + r.s3;
}

/*
 * The direction in which the brightness around each corner lies. Rows y above
 * and below are taken together; no sum of theirs is beyond 31 * 255.
 */
__kernel void
orb_turn(__global const uchar *pixels, __global const int4 *levels,
	__global int4 *corners, int n, __global const short2 *directions)
{
	const short16 left = (short16)(-15, -14, -13, -12, -11, -10, -9, -8, -7,
		-6, -5, -4, -3, -2, -1, 0), right = left + (short16)(16);
	int at = get_global_id(0), sector = 0;
	short16 across[2], down = 0;
	long best = 0;

	if (at >= n)
		return;
	const int4 c = corners[at], l = levels[c.s2];
	__global const uchar *p = pixels + l.s0 + c.s1 * l.s1 + c.s0 - RADIUS;

	across[0] = convert_short16(vload16(0, p));
	across[1] = convert_short16(vload16(1, p)) & (right <= (short)RADIUS);
	for (int y = 1; y <= RADIUS; y++)
		for (int i = 0; i < 2; i++) {
			const short16 x = i ? right : left;
			const short16 in = x * x <= (short)(RADIUS * (RADIUS + 1) -
								y * y);
			const short16 v = convert_short16(
				vload16(i, p + y * l.s1)) & in;
			const short16 w = convert_short16(
				vload16(i, p - y * l.s1)) & in;

			across[i] += v + w;
			down += (short)y * (v - w);
		}
	const int mx = dot16(across[0], left) + dot16(across[1], right);
	const int my = dot16(down, (short16)(1));

	for (int s = 0; s < SECTORS; s++) {
		const short2 d = directions[s];
		long along = (long)mx * d.s0 + (long)my * d.s1;

		sector = along > best ? s : sector;
		best = max(along, best);
	}
	corners[at].s3 = sector;
}

/* The blur, along rows and then along columns. */
__kernel void
orb_blur_rows(__global const uchar *pixels, __global const int4 *levels,
	int level, __global const int *weights, __global ushort *to)
{
	const int4 l = levels[level];
	int x = 16 * get_global_id(0), y = get_global_id(1);
	int at = l.s0 + y * l.s1 + x;
	ushort16 sum = 0;

	if (x >= l.s2 || y >= l.s3)
		return;
	for (int i = 0; i < 7; i++)
		sum += convert_ushort16(vload16(0, pixels + at + i - 3)) *
		       (ushort)weights[i];
	vstore16(sum, 0, to + y * l.s1 + x);
}

__kernel void
orb_blur_columns(__global const ushort *rows, __global const int4 *levels,
	int level, __global const int *weights, __global ushort *to)
{
	const int4 l = levels[level];
	int x = 16 * get_global_id(0), y = get_global_id(1) + 3;
	uint16 sum = 128;

	if (x >= l.s2 || y >= l.s3 - 3)
		return;
	for (int i = 0; i < 7; i++)
		sum += convert_uint16(vload16(
			       0, rows + (y + i - 3) * l.s1 + x)) *
		       (uint)weights[i];
	vstore16(convert_ushort16(sum / 256), 0, to + l.s0 + y * l.s1 + x);
}

/* A byte of a descriptor: 8 comparisons of the pattern in its sector. */
__kernel void
orb_describe(__global const ushort *blurred, __global const int4 *levels,
	__global const int4 *corners, int n, __global const char2 *ends,
	__global uchar *descriptors)
{
	int byte = get_global_id(0), at = get_global_id(1);
	uint bits = 0;

	if (byte >= BITS / 8 || at >= n)
		return;
	const int4 c = corners[at], l = levels[c.s2];
	__global const ushort *p = blurred + l.s0 + c.s1 * l.s1 + c.s0;

	ends += (c.s3 * BITS + byte * 8) * 2;
	for (int i = 0; i < 8; i++) {
		const char2 a = ends[2 * i], b = ends[2 * i + 1];

		if (p[a.s1 * l.s1 + a.s0] < p[b.s1 * l.s1 + b.s0])
			bits |= 1u << i;
	}
	descriptors[at * (BITS / 8) + byte] = (uchar)bits;
}
