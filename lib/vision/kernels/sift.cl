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
#define STORE(v, p) (*(p) = (v))
#define BITS(x) as_int(x)
#define FLOATS(x) as_float(x)
#define WHOLE(x) convert_int(x)
#define ANY(x) (x)
#define IOTA 0
#define STEP 1
#define EACH(do) do(0)
#else
typedef float8 F;
typedef int8 I;
#define STORE(v, p) vstore8(v, 0, p)
#define BITS(x) as_int8(x)
#define FLOATS(x) as_float8(x)
#define WHOLE(x) convert_int8(x)
#define ANY(x) any(x)
#define IOTA ((float8)(0, 1, 2, 3, 4, 5, 6, 7))
#define STEP 32
#define EACH(do) do(0) do(1) do(2) do(3)

/* PoCL makes four loads of a vload8. */
typedef float8 __attribute__((aligned(4))) anywhere;
#define LOAD(p) load(p)

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
#endif

#ifdef ALONE
#define BARRIER
#define ADD(p, v) (*(p) += (v))
#else
#define BARRIER barrier(CLK_LOCAL_MEM_FENCE)
#define ADD(p, v) atomic_add(p, v)
#endif

#define MARGIN 16
#define RADIUS 16
#define SCALES 3
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

/* How steep, and in which direction, levels 1 to SCALES are. */
__kernel void
gradient(__global const float *levels, __global float *gradients, int plane,
	int base, int width, int height, int stride)
{
	int y = get_group_id(1) % height, s = get_group_id(1) / height;
	__global const float *row = levels + (size_t)(1 + s) * plane +
		(size_t)y * stride + MARGIN;
	__global const float *up = row - (y > 0 ? stride : 0);
	__global const float *down = row + (y < height - 1 ? stride : 0);
	size_t size = (size_t)height * stride;
	__global float *steep = gradients + (size_t)(uint)base +
		(size_t)(2 * s) * size + (size_t)y * stride + MARGIN;

	for (int x = LANES * get_local_id(0); x < width;
		x += LANES * get_local_size(0)) {
		F gx = .5f * (LOAD(row + x + 1) - LOAD(row + x - 1));
		F gy = .5f * (LOAD(down + x) - LOAD(up + x));

		STORE(roots(fma(gx, gx, gy * gy)), steep + x);
		STORE(directions(gx, gy), steep + size + x);
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

/* Still above or below? Of equal neighbours the first counts. */
#define EARLIER(p) v = LOAD(p), above &= c > v, below &= c < v
#define LATER(p) v = LOAD(p), above &= c >= v, below &= c <= v

/* Which of LANES pixels are extreme; most are not, and known not to be early. */
I
extreme(__global const float *d, size_t plane, int stride, float faint)
{
	F c = LOAD(d), v;
	I above = c > faint, below = c < -faint;

	if (!ANY(above | below))
		return above;
	EARLIER(d - stride - 1);
	EARLIER(d - stride);
	EARLIER(d - stride + 1);
	EARLIER(d - 1);
	LATER(d + 1);
	LATER(d + stride - 1);
	LATER(d + stride);
	LATER(d + stride + 1);
	if (!ANY(above | below))
		return above;
	for (int i = 0; i < 9; i++) {
		int by = (i / 3 - 1) * stride + i % 3 - 1;

		EARLIER(d - plane + by);
		LATER(d + plane + by);
	}
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
			fit f = { row + x + i, plane, stride };

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
#define SPREAD (6 * 6 * 8) /* the cells, and one more all around */
#define NARROW .320598900f /* log2(e) / (2 * 1.5^2) */
#define WIDE .180336878f   /* log2(e) / (2 * 2^2) */
#define BIN .0277777780f

/* What a group shares. */
typedef struct {
	int bins[SPREAD];
	float columns[SIDE], rows[SIDE], v[128], part[8], turns[2];
} shared;

typedef struct {
	__global const float *steep, *turns;
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
	for (int i = get_local_id(0); i < SIDE - LANES; i += get_local_size(0)) {
		float dx = (float)(w->left + i) - p->x;
		float dy = (float)(w->top + i) - p->y;

		g->columns[i] = w->left + i <= w->right ? power(dx * dx, fall) : 0;
		g->rows[i] = w->top + i <= w->bottom ? power(dy * dy, fall) : 0;
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
		size_t at = (size_t)y * w->stride + x;
		F row = 32768.f * g->rows[y - w->top];
		F m = LOAD(w->steep + at) * row * LOAD(g->columns + x - w->left);
		F turns = LOAD(w->turns + at);
		F n = floor((float)BINS * turns);
		F f = fma((F)((float)BINS), turns, -n);
		int bin[LANES], one[LANES], two[LANES];

		STORE(WHOLE(n), bin);
		STORE(WHOLE(fma(-m, f, m)), one);
		STORE(WHOLE(m * f), two);
		for (int i = 0; i < LANES && x + i <= w->right; i++) {
			int b = bin[i] < BINS ? bin[i] : 0;

			ADD(&g->bins[b], one[i]);
			ADD(&g->bins[b + 1 < BINS ? b + 1 : 0], two[i]);
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

float
summit(float before, float at, float after, int i)
{
	float curve = fma(2.f, at, -(before + after));
	float bin = (float)i + divide(.5f * (after - before), curve);
	float turns = fma(bin, BIN, bin < 0 ? 1.f : 0.f);

	return turns < 1 ? turns : 0;
}

void
find_angles(__local shared *g)
{
	float height[2] = { 0, 0 }, turns[2] = { -1, -1 }, most = 0;

	for (int i = 0; i < BINS; i++)
		most = g->v[i] > most ? g->v[i] : most;
	for (int i = 0; i < BINS; i++) {
		float before = g->v[i ? i - 1 : BINS - 1], at = g->v[i];
		float after = g->v[i + 1 < BINS ? i + 1 : 0];

		if (!(at > before && at >= after && at >= .8f * most))
			continue;
		if (at > height[0]) {
			height[1] = height[0], turns[1] = turns[0];
			height[0] = at;
			turns[0] = summit(before, at, after, i);
		} else if (at > height[1]) {
			height[1] = at;
			turns[1] = summit(before, at, after, i);
		}
	}
	bool swap = height[1] > 0 && turns[1] < turns[0];

	g->turns[0] = swap ? turns[1] : turns[0];
	g->turns[1] = swap ? turns[0] : turns[1];
}

/* The gradients around a point between the cells and directions around them. */
void
gather(const window *w, const point *p, float angle, float per,
	__local shared *g)
{
	float sine, cosine;

	wave(angle, &sine, &cosine);
	sine *= per, cosine *= per;
	FOR_WINDOW(w, x, y) {
		size_t at = (size_t)y * w->stride + x;
		float dy = (float)y - p->y;
		F dx = (float)x + (F)IOTA - p->x;
		F u = fma((F)cosine, dx, (F)fma(sine, dy, 1.5f));
		F v = fma((F)-sine, dx, (F)1.5f);

		v = fma((F)cosine, (F)dy, v);
		I in = u > -1.f & u < 4.f & v > -1.f & v < 4.f;
		if (!ANY(in))
			continue;
		F row = 65536.f * g->rows[y - w->top];
		F m = LOAD(w->steep + at) * row * LOAD(g->columns + x - w->left);
		F t = LOAD(w->turns + at) - angle;
		t = select(t, t + 1.f, (I)(t < 0.f));
		F cu = floor(u), cv = floor(v), ct = floor(8.f * t);
		F fu = u - cu, fv = v - cv, ft = fma((F)8.f, t, -ct);
		I cell = (6 * (WHOLE(cv) + 1) + WHOLE(cu) + 1) * 8;
		I turn = WHOLE(ct);
		int inside[LANES], first[LANES], second[LANES];
		int share[8][LANES];

		STORE(in, inside);
		STORE(cell + (-turn & 7), first);
		STORE(cell + (-(turn + 1) & 7), second);
		for (int i = 0; i < 4; i++) {
			F s = i >> 1 ? m * fv : fma(-m, fv, m);

			s = i & 1 ? s * fu : fma(-s, fu, s);
			STORE(WHOLE(fma(-s, ft, s)), share[2 * i]);
			STORE(WHOLE(s * ft), share[2 * i + 1]);
		}
		for (int i = 0; i < LANES; i++) {
			if (!inside[i] || x + i > w->right)
				continue;
			__local int *a = g->bins + first[i];
			__local int *b = g->bins + second[i];

			ADD(a, share[0][i]);
			ADD(b, share[1][i]);
			ADD(a + 8, share[2][i]);
			ADD(b + 8, share[3][i]);
			ADD(a + 48, share[4][i]);
			ADD(b + 48, share[5][i]);
			ADD(a + 56, share[6][i]);
			ADD(b + 56, share[7][i]);
		}
	}
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
		g->v[i] = (float)g->bins[(6 * (i / 32 + 1) + i / 8 % 4 + 1) * 8 +
			i % 8];
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
			to[i + k] = min(b[k], 255);
	}
	BARRIER;
}

/*
 * A point's angles, 2 of them, -1 for none, and their descriptors. ${octaves}
 * are width, height, stride, and where the gradients begin.
 */
__kernel void
describe(__global const point *points, int n, __global const float *gradients,
	__global const int4 *octaves, int upright, __global float *turns,
	__global uchar *descriptors)
{
	__local shared g;
	size_t i = get_group_id(0) < n ? get_group_id(0) : 0;
	point p = points[i];
	int4 o = octaves[p.octave];
	size_t size = (size_t)o.s1 * o.s2;
	window w;
	float s = reciprocal(p.scale), per = reciprocal(3 * p.scale);

	w.steep = gradients + (size_t)(uint)o.s3 +
		(size_t)(2 * (p.level - 1)) * size + MARGIN;
	w.turns = w.steep + size;
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
		BARRIER;
	} else {
		g.turns[0] = 0;
		g.turns[1] = -1;
	}
	look_around(&w, o, &p, (int)fma(10.6066017f, p.scale, .5f),
		-(per * per) * WIDE, &g);
	for (int a = 0; a < 2; a++) {
		float angle = g.turns[a];

		if (get_local_id(0) == 0)
			turns[2 * i + a] = angle;
		if (angle < 0)
			continue;
		clear(g.bins, SPREAD);
		BARRIER;
		gather(&w, &p, angle, per, &g);
		BARRIER;
		make_root(&g, descriptors + (2 * i + a) * 128);
	}
}
