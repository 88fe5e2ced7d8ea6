/*
 * Scale-invariant keypoints: what lib/vision/sift_pyramid.c, sift_extrema.c and
 * sift_describe.c specify, to the byte. The same operations are done in the same
 * order for each pixel, as sift_math.h explains; sums without a certain order are
 * of whole numbers.
 *
 * LANES neighbouring pixels of a row are done at once: 8 where vectors are, 1
 * where the work-items of a group are neighbours. A plane is an array of rows,
 * STRIDE pixels from each to the next, with MARGIN in front of the first pixel; a
 * row's end and the pixel before its beginning repeat its outermost pixels.
 * Groups of one work-item (ALONE) need no atomics.
 */
#pragma OPENCL FP_CONTRACT OFF

#if LANES == 1
typedef float F;
typedef int I;
#define LOAD(p) (*(p))
#define LOAD_INTS(p) (*(p))
#define STORE(v, p) (*(p) = (v))
#define BITS(x) as_int(x)
#define FLOATS(x) as_float(x)
#define WHOLE(x) convert_int(x)
#define ANY(x) (x)
#define FLOAT(x) convert_float(x)
#define IOTA 0
#define STEP 1
#define EACH(what) what(0)
#define EACH_LANE(what) what(0)
#else
typedef float8 F;
typedef int8 I;
#define STORE(v, p) vstore8(v, 0, p)
#define BITS(x) as_int8(x)
#define FLOATS(x) as_float8(x)
#define WHOLE(x) convert_int8(x)
#define ANY(x) some(x)
#define IOTA ((float8)(0, 1, 2, 3, 4, 5, 6, 7))
#define FLOAT(x) convert_float8(x)
#define STEP 32
#define EACH(what) what(0) what(1) what(2) what(3)
#define EACH_LANE(what)                                                        \
	what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7)

/* PoCL makes four loads of a vload8. */
typedef float8 __attribute__((aligned(4))) anywhere;
typedef int8 __attribute__((aligned(4))) anywhere_ints;
#define LOAD(p) load(p)
#define LOAD_INTS(p) (*(__global const anywhere_ints *)(p))

float8 __attribute__((overloadable))
load(__global const float *p)
{
	return *(__global const anywhere *)p;
}

float8 __attribute__((overloadable))
load(__local const float *p)
{
	return *(__local const anywhere *)p;
}

/* Is one of them -1, where all others are 0? */
bool
some(int8 x)
{
	long4 four = as_long4(x);
	long2 two = four.lo | four.hi;

	return (two.s0 | two.s1) != 0;
}
#endif

/* Numbers from 0 on that stand side by side are added as one where that pays. */
#ifdef ALONE
#define BARRIER
#define ADD(p, v) (*(p) += (v))
#else
#define BARRIER barrier(CLK_LOCAL_MEM_FENCE)
#define ADD(p, v) atomic_add(p, v)
#endif
#if defined ALONE && LANES > 1 && defined __ENDIAN_LITTLE__
typedef ulong __attribute__((aligned(4), may_alias)) pair;
#define ADD_PAIR(p, v) (*(__local pair *)(p) += *(const pair *)(v))
#else
#define ADD_PAIR(p, v) (ADD(p, (v)[0]), ADD((p) + 1, (v)[1]))
#endif
#if LANES == 1
#define STORE_PAIRS(a, b, p) ((p)[0] = (a), (p)[1] = (b))
#else
#define STORE_PAIRS(a, b, p)                                                   \
	vstore16((int16)((a).s0, (b).s0, (a).s1, (b).s1, (a).s2, (b).s2,       \
			 (a).s3, (b).s3, (a).s4, (b).s4, (a).s5, (b).s5,       \
			 (a).s6, (b).s6, (a).s7, (b).s7),                      \
		0, p)
#endif

#define MARGIN 16
#define RADIUS 16
#define SCALES 3
#define TURN 65536
#define THIRD .333333343f
#define ROW __local float

/* Arithmetic, of one number and of several. */

float
reciprocal(float x)
{
	float r = as_float(0x7ef311c7 - as_int(x));

	r = fma(r, fma(-x, r, 1.f), r);
	r = fma(r, fma(-x, r, 1.f), r);
	return fma(r, fma(-x, r, 1.f), r);
}

float
divide(float a, float b)
{
	float r = reciprocal(b), q = a * r;

	return fma(fma(-b, q, a), r, q);
}

float
root(float x)
{
	float r = as_float(0x5f375a86 - (as_int(x) >> 1)), h = .5f * x;

	r = fma(r, fma(-(h * r), r, .5f), r);
	r = fma(r, fma(-(h * r), r, .5f), r);
	return x * fma(r, fma(-(h * r), r, .5f), r);
}

float
power(float a, float b)
{
	float n = floor(fma(a, b, .5f)), f = fma(a, b, -n);
	float p = .00134100052f;

	p = fma(p, f, .00967603636f);
	p = fma(p, f, .055502973f);
	p = fma(p, f, .240221074f);
	p = fma(p, f, .693147225f);
	p = fma(p, f, 1.00000008f);
	return p * as_float(((int)n + 127) << 23);
}

void
wave(float turns, float *sine, float *cosine)
{
	float k = floor(fma(turns, 4.f, .5f)), f = fma(k, -.25f, turns);
	float s = f * f, a, b;
	int quarter = (int)k & 3;

	a = fma(fma(-75.2400643f, s, 81.5881246f), s, -41.341628f);
	a = fma(a, s, 6.28318522f) * f;
	b = fma(fma(59.2204081f, s, -85.4428521f), s, 64.9393162f);
	b = fma(fma(b, s, -19.7392087f), s, 1.f);
	*sine = quarter & 1 ? b : a;
	*cosine = quarter & 1 ? a : b;
	*sine = quarter & 2 ? -*sine : *sine;
	*cosine = quarter == 1 || quarter == 2 ? -*cosine : *cosine;
}

/* floor(), of what fits an int. */
F
floors(F x)
{
	F n = FLOAT(WHOLE(x));

	return select(n, n - 1.f, (I)(x < n));
}

F
powers(F a, float b)
{
	F n = floors(fma(a, (F)b, (F).5f)), f = fma(a, (F)b, -n);
	F p = fma((F).00134100052f, f, (F).00967603636f);

	p = fma(p, f, (F).055502973f);
	p = fma(p, f, (F).240221074f);
	p = fma(p, f, (F).693147225f);
	p = fma(p, f, (F)1.00000008f);
	return p * FLOATS((WHOLE(n) + 127) << 23);
}

F
roots(F x)
{
	F r = FLOATS(0x5f375a86 - (BITS(x) >> 1)), h = .5f * x;

	r = fma(r, fma(-(h * r), r, (F)(.5f)), r);
	r = fma(r, fma(-(h * r), r, (F)(.5f)), r);
	return x * fma(r, fma(-(h * r), r, (F)(.5f)), r);
}

F
directions(F x, F y)
{
	F ax = fabs(x), ay = fabs(y);
	I steep = ay > ax;
	F most = select(ay, ax, (I)(ax > ay)), least = select(ax, ay, (I)(ax > ay));
	F r = FLOATS(0x7ef311c7 - BITS(most)), t, s, p, from;

	r = fma(r, fma(-most, r, (F)(1.f)), r);
	r = fma(r, fma(-most, r, (F)(1.f)), r);
	r = fma(r, fma(-most, r, (F)(1.f)), r);
	t = least * r;
	s = t * t;
	p = fma((F)(-.00186515827f), s, (F)(.00837908601f));
	p = fma(p, s, (F)(-.01852985f));
	p = fma(p, s, (F)(.0308029076f));
	p = fma(p, s, (F)(-.0529385673f));
	p = fma(p, s, (F)(.159151317f));
	p = select(p, -p, steep);
	from = select((F)(0.f), (F)(.25f), steep);
	p = select(p, -p, (I)(x < 0.f));
	from = select(from, .5f - from, (I)(x < 0.f));
	p = select(p, -p, (I)(y < 0.f));
	from = select(from, 1.f - from, (I)(y < 0.f));
	p = fma(p, t, from);
	return select((F)(0.f), p, (I)(p < 1.f) & (I)(most > 0.f));
}

/* The pyramid. */

/* The image as a plane, as it is or twice as large. */
__kernel void
enter(__global const float *grey, int w, int h, __global float *levels,
	int plane, int stride, int doubled)
{
	int y = get_group_id(1), i = y >> doubled;
	__global const float *a = grey + (size_t)i * w;
	__global const float *b =
		grey + (size_t)min(i + (y & doubled), h - 1) * w;

	__global float *to = levels + plane + (size_t)y * stride + MARGIN;

	for (int x = get_local_id(0); x < stride - MARGIN;
		x += get_local_size(0)) {
		int l = min(x >> doubled, w - 1), r = min(l + (x & doubled), w - 1);

		to[x] = doubled
			? .5f * (.5f * (a[l] + a[r]) + .5f * (b[l] + b[r]))
			: a[l];
	}
}

/* Every second pixel of level SCALES becomes level 0 of the next octave. */
__kernel void
halve(__global float *levels, int plane, int from_width, int from_stride,
	int stride)
{
	int y = get_group_id(1);
	__global const float *from = levels + (size_t)SCALES * plane +
		(size_t)2 * y * from_stride + MARGIN;
	__global float *to = levels + (size_t)y * stride + MARGIN;

	for (int x = get_local_id(0); x < stride - MARGIN;
		x += get_local_size(0))
		to[x] = from[min(2 * x, from_width - 1)];
}

/* What is done to each LANES of STEP pixels, whose sums are in registers. */
#define BEGIN(i) F sum##i = w * LOAD(a + i * LANES);
#define GROW(i) sum##i = fma(w, LOAD(a + i * LANES) + LOAD(b + i * LANES), sum##i);
#define PUT(i) STORE(sum##i, row + x + i * LANES);
#define PUT_LEVEL(i) STORE(sum##i, plane_to + x + i * LANES);
#define PUT_DIFFERENCE(i)                                                      \
	STORE(sum##i - LOAD(plane_from + at + x + i * LANES),                  \
		differences + (size_t)(to - 1) * plane + at + x + i * LANES);

/*
 * From one level to the next, a segment of a row: first along the columns, into
 * local memory, and then along the row. What it adds is the difference.
 */
__kernel void
blur(__global float *levels, __global float *differences,
	__constant float *weights, int plane, int width, int height, int stride,
	int from, int to, int radius, int segment, ROW *row)
{
	int y = get_group_id(1), left = segment * get_group_id(0);
	int right = min(left + segment, width);
	int first = max(left - radius, 0), last = min(right + radius, width);
	int lane = STEP * get_local_id(0), lanes = STEP * get_local_size(0);
	size_t at = (size_t)y * stride + MARGIN;
	__global const float *plane_from = levels + (size_t)from * plane;
	__global float *plane_to = levels + (size_t)to * plane + at;

	if (left >= width)
		return;
	row += RADIUS - left;
	weights += to * (RADIUS + 1);
	for (int x = first + lane; x < last; x += lanes) {
		__global const float *p = plane_from + MARGIN + x;
		__global const float *a = p + (size_t)y * stride, *b;
		F w = weights[0];

		EACH(BEGIN)
		for (int k = 1; k <= radius; k++) {
			a = p + (size_t)max(y - k, 0) * stride;
			b = p + (size_t)min(y + k, height - 1) * stride;
			w = weights[k];
			EACH(GROW)
		}
		EACH(PUT)
	}
	BARRIER;
	for (int x = left - radius + (int)get_local_id(0); x < first;
		x += get_local_size(0))
		row[x] = row[0];
	for (int x = last + get_local_id(0); x < right + radius;
		x += get_local_size(0))
		row[x] = row[width - 1];
	BARRIER;
	for (int x = left + lane; x < right; x += lanes) {
		ROW *a = row + x, *b;
		F w = weights[0];

		EACH(BEGIN)
		for (int k = 1; k <= radius; k++) {
			a = row + x - k, b = row + x + k;
			w = weights[k];
			EACH(GROW)
		}
		EACH(PUT_LEVEL)
		if (to > 0) {
			EACH(PUT_DIFFERENCE)
		}
	}
	barrier(CLK_GLOBAL_MEM_FENCE);
	if (get_local_id(0) == 0 && left == 0)
		plane_to[-1] = plane_to[0];
	if (get_local_id(0) == 0 && right == width)
		plane_to[width] = plane_to[width - 1];
}

/* The gradients of levels 1 to SCALES, as lib/vision/sift_chain.h has them. */
__kernel void
gradient(__global const float *levels, __global int *gradients, int plane,
	int base, int width, int height, int stride)
{
	int y = get_group_id(1) % height, s = get_group_id(1) / height;
	__global const float *row = levels + (size_t)(1 + s) * plane +
		(size_t)y * stride + MARGIN;
	__global const float *up = row - (y > 0 ? stride : 0);
	__global const float *down = row + (y < height - 1 ? stride : 0);
	__global int *to = gradients + (size_t)(uint)base +
		((size_t)s * height + y) * stride + MARGIN;

	for (int x = LANES * get_local_id(0); x < width;
		x += LANES * get_local_size(0)) {
		F gx = .5f * (LOAD(row + x + 1) - LOAD(row + x - 1));
		F gy = .5f * (LOAD(down + x) - LOAD(up + x));
		F steep = roots(fma(gx, gx, gy * gy));
		I turns = WHOLE(fma(directions(gx, gy), (F)TURN, (F).5f));

		STORE(WHOLE(fma(steep, (F)256.f, (F).5f)) << 16 |
				(turns & (TURN - 1)),
			to + x);
	}
}

/* Extrema. */

typedef struct {
	int octave, level, row, column;
	float x, y, scale, response;
} point;

/* A pixel of the differences, the steps to its neighbours, and the fit there. */
typedef struct {
	__global const float *at;
	size_t plane;
	int stride;
	float value, gx, gy, gs, xx, yy, ss, xy, xs, ys;
	float x, y, s;
} fit;

#define AT(f, l, y, x)                                                         \
	((f)->at[(long)(l) * (long)(f)->plane + (y) * (f)->stride + (x)])

void
differentiate(fit *f)
{
	float c = AT(f, 0, 0, 0);

	f->value = c;
	f->gx = .5f * (AT(f, 0, 0, 1) - AT(f, 0, 0, -1));
	f->gy = .5f * (AT(f, 0, 1, 0) - AT(f, 0, -1, 0));
	f->gs = .5f * (AT(f, 1, 0, 0) - AT(f, -1, 0, 0));
	f->xx = fma(-2.f, c, AT(f, 0, 0, 1) + AT(f, 0, 0, -1));
	f->yy = fma(-2.f, c, AT(f, 0, 1, 0) + AT(f, 0, -1, 0));
	f->ss = fma(-2.f, c, AT(f, 1, 0, 0) + AT(f, -1, 0, 0));
	f->xy = .25f * ((AT(f, 0, 1, 1) - AT(f, 0, 1, -1)) -
			       (AT(f, 0, -1, 1) - AT(f, 0, -1, -1)));
	f->xs = .25f * ((AT(f, 1, 0, 1) - AT(f, 1, 0, -1)) -
			       (AT(f, -1, 0, 1) - AT(f, -1, 0, -1)));
	f->ys = .25f * ((AT(f, 1, 1, 0) - AT(f, 1, -1, 0)) -
			       (AT(f, -1, 1, 0) - AT(f, -1, -1, 0)));
}

bool
solve(fit *f)
{
	float a = fma(f->yy, f->ss, -(f->ys * f->ys));
	float b = fma(f->xs, f->ys, -(f->xy * f->ss));
	float c = fma(f->xy, f->ys, -(f->xs * f->yy));
	float d = fma(f->xx, f->ss, -(f->xs * f->xs));
	float e = fma(f->xy, f->xs, -(f->xx * f->ys));
	float g = fma(f->xx, f->yy, -(f->xy * f->xy));
	float det = fma(f->xx, a, fma(f->xy, b, f->xs * c));
	float sign = det < 0 ? 1.f : -1.f, most = sign * -det;

	if (!(most > 1e-9f))
		return false;
	f->x = divide(sign * fma(a, f->gx, fma(b, f->gy, c * f->gs)), most);
	f->y = divide(sign * fma(b, f->gx, fma(d, f->gy, e * f->gs)), most);
	f->s = divide(sign * fma(c, f->gx, fma(e, f->gy, g * f->gs)), most);
	return true;
}

int
away(float by)
{
	return by > .6f ? 1 : by < -.6f ? -1 : 0;
}

bool
settle(fit *f, point *p, int width, int height)
{
	for (int i = 0; i < 5; i++) {
		int x, y, s;

		differentiate(f);
		if (!solve(f))
			return false;
		x = away(f->x), y = away(f->y), s = away(f->s);
		if (!x && !y && !s)
			return true;
		p->column += x, p->row += y, p->level += s;
		f->at += (long)s * (long)f->plane + y * f->stride + x;
		if (p->level < 1 || p->level > SCALES || p->row < 1 ||
			p->row > height - 2 || p->column < 1 ||
			p->column > width - 2)
			return false;
	}
	return false;
}

bool
refine(fit *f, point *p, int width, int height, float peak, float edge)
{
	float trace, det, response;

	if (!settle(f, p, width, height))
		return false;
	trace = f->xx + f->yy;
	det = fma(f->xx, f->yy, -(f->xy * f->xy));
	if (!(det > 0 && trace * trace < edge * det))
		return false;
	response = fma(f->gx, f->x, fma(f->gy, f->y, f->gs * f->s));
	p->response = fabs(fma(.5f, response, f->value));
	p->x = (float)p->column + f->x;
	p->y = (float)p->row + f->y;
	p->scale = 1.6f * power((float)p->level + f->s, THIRD);
	return p->response > peak;
}

#define MOST(a, b) select(b, a, (I)((a) > (b)))
#define LEAST(a, b) select(b, a, (I)((a) < (b)))

/* The most and the least of pixels that come before or after those in question. */
#define BEFORE(p) v = LOAD(p), most_before = MOST(v, most_before),             \
		  least_before = LEAST(v, least_before)
#define AFTER(p) v = LOAD(p), most_after = MOST(v, most_after),                \
		 least_after = LEAST(v, least_after)
/*
 * Which of LANES pixels are extreme; of equal ones that touch the first is. Most
 * are not, and known not to be early.
 */
I
extreme(__global const float *d, size_t plane, int stride, float faint)
{
	F c = LOAD(d), v;
	I above = c > faint, below = c < -faint;
	F most_before, least_before, most_after, least_after;

	if (!ANY(above | below))
		return above;
	most_before = least_before = LOAD(d - 1);
	most_after = least_after = LOAD(d + 1);
	BEFORE(d - stride - 1);
	BEFORE(d - stride);
	BEFORE(d - stride + 1);
	AFTER(d + stride - 1);
	AFTER(d + stride);
	AFTER(d + stride + 1);
	above &= (c > most_before) & (c >= most_after);
	below &= (c < least_before) & (c <= least_after);
	if (!ANY(above | below))
		return above;
	for (int i = -1; i < 2; i++) {
		BEFORE(d - plane + i * stride - 1);
		BEFORE(d - plane + i * stride);
		BEFORE(d - plane + i * stride + 1);
		AFTER(d + plane + i * stride - 1);
		AFTER(d + plane + i * stride);
		AFTER(d + plane + i * stride + 1);
	}
	above &= (c > most_before) & (c >= most_after);
	below &= (c < least_before) & (c <= least_after);
	return above | below;
}

__kernel void
find(__global const float *differences, int plane, int width, int height,
	int stride, int octave, float peak, float faint, float edge,
	volatile __global int *count, __global point *points, int room)
{
	int y = get_group_id(1) % height, l = 1 + get_group_id(1) / height;
	__global const float *row = differences + (size_t)l * plane +
		(size_t)y * stride + MARGIN;

	if (get_group_id(0) > 0 || y < 1 || y > height - 2)
		return;
	for (int x = LANES * get_local_id(0); x < width - 1;
		x += LANES * get_local_size(0)) {
		I is = extreme(row + x, plane, stride, faint);
		int lane[LANES];

		if (!ANY(is))
			continue;
		STORE(is, lane);
		for (int i = 0; i < LANES; i++) {
			point p = { octave, l, y, x + i, 0, 0, 0, 0 };
			fit f = { .at = row + x + i, .plane = plane, .stride = stride };

			if (!lane[i] || x + i < 1 || x + i > width - 2 ||
				!refine(&f, &p, width, height, peak, edge))
				continue;
			int slot = atomic_inc(count);
			if (slot < room)
				points[slot] = p;
		}
	}
}

/* Descriptions: a group for each point. */

#define SIDE 96
#define BINS 36
#define PER_TURN (1.f / TURN)
#define CELL 16           /* numbers of a cell: of each direction and the next */
#define ACROSS (6 * CELL)  /* a row of cells, with one more at either end */
#define ASIDE (6 * ACROSS) /* where what is not inside goes */
#define SPREAD (ASIDE + ACROSS + 2 * CELL)
#define NARROW .320598900f /* log2(e) / (2 * 1.5^2) */
#define WIDE .180336878f   /* log2(e) / (2 * 2^2) */
#define BIN .0277777780f

/* What a group shares. */
typedef struct {
	int bins[SPREAD];
	float columns[SIDE], rows[SIDE], v[128], part[8];
	int angle[2];
} shared;

typedef struct {
	__global const int *gradients;
	int stride, left, right, top, bottom;
} window;

void
clear(__local int *bins, int n)
{
	for (int i = get_local_id(0); i < n; i += get_local_size(0))
		bins[i] = 0;
}

void
look_around(window *w, int4 octave, const point *p, int radius, float fall,
	__local shared *g)
{
	int x = (int)floor(p->x + .5f), y = (int)floor(p->y + .5f);

	w->left = max(x - radius, 0);
	w->top = max(y - radius, 0);
	w->right = min(x + radius, octave.s0 - 1);
	w->bottom = min(y + radius, octave.s1 - 1);
	for (int i = LANES * get_local_id(0); i <= w->right - w->left;
		i += LANES * get_local_size(0)) {
		F d = (float)(w->left + i) + (F)IOTA - p->x;

		STORE(powers(d * d, fall), g->columns + i);
	}
	for (int i = LANES * get_local_id(0); i <= w->bottom - w->top;
		i += LANES * get_local_size(0)) {
		F d = (float)(w->top + i) + (F)IOTA - p->y;

		STORE(powers(d * d, fall), g->rows + i);
	}
}

/* The pixels of a window, LANES at a time; a row's last few may be beyond it. */
#define FOR_WINDOW(w, x, y)                                                    \
	for (int x = (w)->left + LANES * (int)get_local_id(0), y = (w)->top;   \
		wrap(w, &x, &y); x += LANES * (int)get_local_size(0))

bool
wrap(const window *w, int *x, int *y)
{
	for (; *x > w->right; ++*y)
		*x -= (w->right - w->left + LANES) / LANES * LANES;
	return *y <= w->bottom;
}

void
count_directions(const window *w, __local shared *g)
{
	FOR_WINDOW(w, x, y) {
		I gradient = LOAD_INTS(w->gradients + (size_t)y * w->stride + x);
		I bin = (gradient & (TURN - 1)) * BINS;
		F row = 128.f * g->rows[y - w->top];
		F m = FLOAT(gradient >> 16 & 0xffff) * row *
			LOAD(g->columns + (x - w->left));
		F f = FLOAT(bin & (TURN - 1)) * PER_TURN;
		int at[LANES], one[LANES], two[LANES];

		STORE(bin >> 16, at);
		STORE(WHOLE(fma(-m, f, m)), one);
		STORE(WHOLE(m * f), two);
		for (int i = 0; i < LANES && x + i <= w->right; i++) {
			ADD(&g->bins[at[i]], one[i]);
			ADD(&g->bins[at[i] + 1 < BINS ? at[i] + 1 : 0], two[i]);
		}
	}
}

void
smooth(__local shared *g)
{
	for (int i = get_local_id(0); i < BINS; i += get_local_size(0)) {
		float a = (float)g->bins[(i + BINS - 2) % BINS];
		float b = (float)g->bins[(i + BINS - 1) % BINS];
		float c = (float)g->bins[i];
		float d = (float)g->bins[(i + 1) % BINS];
		float e = (float)g->bins[(i + 2) % BINS];

		g->v[i] = fma(6.f, c, fma(4.f, b + d, a + e));
	}
}

int
summit(float before, float at, float after, int i)
{
	float curve = fma(2.f, at, -(before + after));
	float bin = (float)i + divide(.5f * (after - before), curve);

	return (int)floor(fma(bin, TURN * BIN, .5f)) & (TURN - 1);
}

void
find_angles(__local shared *g)
{
	float height[2] = { 0, 0 }, most = 0;
	int angle[2] = { -1, -1 };

	for (int i = 0; i < BINS; i++)
		most = g->v[i] > most ? g->v[i] : most;
	for (int i = 0; i < BINS; i++) {
		float before = g->v[i ? i - 1 : BINS - 1], at = g->v[i];
		float after = g->v[i + 1 < BINS ? i + 1 : 0];

		if (!(at > before && at >= after && at >= .8f * most))
			continue;
		if (at > height[0]) {
			height[1] = height[0], angle[1] = angle[0];
			height[0] = at;
			angle[0] = summit(before, at, after, i);
		} else if (at > height[1]) {
			height[1] = at;
			angle[1] = summit(before, at, after, i);
		}
	}
	bool swap = height[1] > 0 && angle[1] < angle[0];

	g->angle[0] = swap ? angle[1] : angle[0];
	g->angle[1] = swap ? angle[0] : angle[1];
}

/* What each of four cells gets is split between two directions. */
#define PART(i, s)                                                             \
	w##i = s;                                                              \
	STORE_PAIRS(WHOLE(fma(-w##i, ft, w##i)), WHOLE(w##i * ft), part[i])
#define SHARE(i)                                                               \
	{                                                                      \
		__local int *bin = g->bins + at_bin[i];                        \
		ADD_PAIR(bin, part[0] + 2 * i);                                \
		ADD_PAIR(bin + CELL, part[1] + 2 * i);                         \
		ADD_PAIR(bin + ACROSS, part[2] + 2 * i);                       \
		ADD_PAIR(bin + ACROSS + CELL, part[3] + 2 * i);                \
	}

/* The gradients around a point between the cells and directions around them. */
void
gather(const window *w, const point *p, int angle, float per,
	__local shared *g)
{
	float sine, cosine;

	wave((float)angle * PER_TURN, &sine, &cosine);
	sine *= per, cosine *= per;
	FOR_WINDOW(w, x, y) {
		float dy = (float)y - p->y;
		F dx = (float)x + (F)IOTA - p->x;
		F u = fma((F)cosine, dx, (F)fma(sine, dy, 1.5f));
		F v = fma((F)-sine, dx, (F)1.5f);

		v = fma((F)cosine, (F)dy, v);
		I in = (u > -1.f) & (u < 4.f) & (v > -1.f) & (v < 4.f) &
			((float)x + (F)IOTA <= (float)w->right);
		if (!ANY(in))
			continue;
		I gradient = LOAD_INTS(w->gradients + (size_t)y * w->stride + x);
		I turns = (gradient - angle) & (TURN - 1);
		F row = 256.f * g->rows[y - w->top];
		F m = FLOAT(gradient >> 16 & 0xffff) * row *
			LOAD(g->columns + (x - w->left));
		F cu = floors(u), cv = floors(v);
		F fu = u - cu, fv = v - cv;
		F ft = FLOAT(turns & (TURN / 8 - 1)) * (8 * PER_TURN);
		F lower = m * fv, upper = fma(-m, fv, m), w0, w1, w2, w3;
		I bin = ((WHOLE(cv) + 1) * 6 + WHOLE(cu) + 1) * CELL +
			2 * (turns / (TURN / 8));
		int at_bin[LANES], part[4][2 * LANES];

		STORE(select((I)ASIDE, bin, in), at_bin);
		PART(0, fma(-upper, fu, upper));
		PART(1, upper * fu);
		PART(2, fma(-lower, fu, lower));
		PART(3, lower * fu);
		EACH_LANE(SHARE)
	}
}

/* Direction ${t} of a cell, counted the other way. */
int
direction(__local const int *cell, int t)
{
	return cell[2 * (-t & 7)] + cell[2 * (7 - t) + 1];
}

float
tree(__local const float *s)
{
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

void
make_root(__local shared *g, __global uchar *to)
{
	float most, sum, per;

	for (int i = get_local_id(0); i < 128; i += get_local_size(0))
		g->v[i] = (float)direction(g->bins + (i / 32 + 1) * ACROSS +
				(i / 8 % 4 + 1) * CELL, i % 8);
	BARRIER;
	for (int j = get_local_id(0); j < 8; j += get_local_size(0)) {
		float s = 0;

		for (int i = j; i < 128; i += 8)
			s = fma(g->v[i], g->v[i], s);
		g->part[j] = s;
	}
	BARRIER;
	most = .2f * root(tree(g->part));
	BARRIER;
	for (int j = get_local_id(0); j < 8; j += get_local_size(0)) {
		float s = 0;

		for (int i = j; i < 128; i += 8) {
			g->v[i] = g->v[i] > most ? most : g->v[i];
			s += g->v[i];
		}
		g->part[j] = s;
	}
	BARRIER;
	sum = tree(g->part);
	per = sum > 0 ? reciprocal(sum) : 0;
	for (int i = LANES * get_local_id(0); i < 128;
		i += LANES * get_local_size(0)) {
		I byte = WHOLE(fma(
			roots(LOAD(g->v + i) * per), (F)512.f, (F).5f));
		int b[LANES];

		STORE(byte, b);
		for (int k = 0; k < LANES; k++)
			to[i + k] = (uchar)min(b[k], 255);
	}
	BARRIER;
}

/*
 * A point's angles, 2 of them, -1 for none, and their descriptors. ${octaves}
 * are width, height, stride, and where the gradients begin.
 */
__kernel void
describe(__global const point *points, int n, __global const int *gradients,
	__global const int4 *octaves, int upright, __global int *angles,
	__global uchar *descriptors)
{
	__local shared g;
	size_t i = get_group_id(0) < (size_t)n ? get_group_id(0) : 0;
	point p = points[i];
	int4 o = octaves[p.octave];
	window w;
	float s = reciprocal(p.scale), per = reciprocal(3 * p.scale);

	w.gradients = gradients + (size_t)(uint)o.s3 +
		(size_t)(p.level - 1) * o.s1 * o.s2 + MARGIN;
	w.stride = o.s2;
	if (!upright) {
		clear(g.bins, BINS);
		look_around(&w, o, &p, (int)fma(4.5f, p.scale, .5f),
			-(s * s) * NARROW, &g);
		BARRIER;
		count_directions(&w, &g);
		BARRIER;
		smooth(&g);
		BARRIER;
		if (get_local_id(0) == 0)
			find_angles(&g);
	} else if (get_local_id(0) == 0) {
		g.angle[0] = 0;
		g.angle[1] = -1;
	}
	BARRIER;
	look_around(&w, o, &p, (int)fma(10.6066017f, p.scale, .5f),
		-(per * per) * WIDE, &g);
	for (int a = 0; a < 2; a++) {
		int angle = g.angle[a];

		if (get_local_id(0) == 0)
			angles[2 * i + a] = angle;
		if (angle < 0)
			continue;
		clear(g.bins, SPREAD);
		BARRIER;
		gather(&w, &p, angle, per, &g);
		BARRIER;
		make_root(&g, descriptors + (2 * i + a) * 128);
	}
}
