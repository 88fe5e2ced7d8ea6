/*
 * nearest: the two nearest descriptors of a set to each of another.
 *
 * nearest_twin.c is what this must compute; nearest_shape.c says which kernels
 * there are, and with which macros each is compiled. All of them keep the two
 * nearest in registers and never write the matrix of distances.
 *
 * Of two RootSIFT descriptors |q|^2 - 2 q.t + |t|^2 is the squared distance. The
 * first term changes nothing for one query, so v = |t|^2 - 2 q.t is compared and
 * |q|^2 is added at the end. The sums stay below 2^24: float holds them exactly,
 * in whatever order they are added. Rows that only fill a set up to a whole block
 * are zero and have the norm FILL, so that they come behind everything.
 *
 * A run searches the columns in slices of ${per}, one for each index of the
 * second dimension, and slice s of query i is row s * ${rows} + i of the output:
 * index, distance, second distance, NONE where there is none.
 */

#define NONE 0xffffffffu
#define FILL 0x3fffffff
#define FAR 0x7fffffff
#define WORDS 32 /* of 4 bytes in a RootSIFT descriptor */

/* Row ${at} of the output, of a query with the norm ${norm}. */
void
put(__global uint *out, size_t at, int norm, int index, int best, int second)
{
	bool any = best < FILL / 2;

	out[3 * at] = any ? (uint)index : NONE;
	out[3 * at + 1] = any ? (uint)(best + norm) : NONE;
	out[3 * at + 2] = second < FILL / 2 ? (uint)(second + norm) : NONE;
}

/* Slices, in order, become one: of equals the first one stays. */
__kernel void
merge(__global const uint *in, int rows, int slices, __global uint *out)
{
	int i = get_global_id(0);
	uint index = NONE, best = NONE, second = NONE;

	if (i >= rows)
		return;
	for (int s = 0; s < slices; s++) {
		__global const uint *p = in + 3 * ((size_t)s * rows + i);

		if (p[1] < best) {
			second = min(best, p[2]);
			best = p[1];
			index = p[0];
		} else {
			second = min(second, p[1]);
		}
	}
	out[3 * (size_t)i] = index;
	out[3 * (size_t)i + 1] = best;
	out[3 * (size_t)i + 2] = second;
}

/* The norm of each row of bytes; FILL from row ${rows} on. */
__kernel void
norms(__global const uchar8 *in, int rows, __global int *norm)
{
	size_t i = get_global_id(0);
	int8 sum = (int8)0;

	for (int k = 0; k < 16 && i < (size_t)rows; k++) {
		int8 v = convert_int8(in[i * 16 + k]);

		sum += v * v;
	}
	sum.lo += sum.hi;
	norm[i] = i < (size_t)rows ? sum.s0 + sum.s1 + sum.s2 + sum.s3 : FILL;
}

#ifdef COLUMNS
/*
 * For CPUs: explicit vectors over 8 packed columns, Q queries by C vectors of
 * sums in registers. An item has BATCH queries and takes them through TILE
 * blocks of 8 columns at a time, which stay in the first cache.
 *
 * A packed block has, for each step along the descriptor, a cell of 8 columns.
 * With MADD a cell's elements are two 16-bit values, which x86 multiplies and
 * adds in one instruction; else one float.
 */
#ifdef MADD
#ifndef __AVX2__
#error no vpmaddwd
#endif
typedef short madd_pairs __attribute__((__vector_size__(32)));
#define CELL int
#define CELLS int8
#define STEPS 64
#define MAC(sum, a, b)                                                         \
	((sum) + __builtin_astype(__builtin_ia32_pmaddwd256(                   \
			 __builtin_astype(a, madd_pairs),                      \
			 __builtin_astype(b, madd_pairs)), int8))
#define CELL_AT(bytes, k) ((int)bytes[2 * (k)] | (int)bytes[2 * (k) + 1] << 16)
#else
#define CELL float
#define CELLS float8
#define STEPS 128
#define MAC(sum, a, b) ((a) * (b) + (sum))
#define CELL_AT(bytes, k) ((float)bytes[k])
#endif

__kernel void
pack(__global const uchar *in, int rows, __global CELL *packed)
{
	size_t block = get_global_id(0);

	for (int lane = 0; lane < 8; lane++) {
		size_t row = block * 8 + lane;
		__global const uchar *bytes = in + row * 128;
		__global CELL *to = packed + block * STEPS * 8 + lane;

		for (int k = 0; k < STEPS; k++)
			to[k * 8] = row < (size_t)rows ? CELL_AT(bytes, k) : 0;
	}
}

__kernel void
find(__global const CELL *query, __global const int *query_norm, int rows,
	__global const CELLS *train, __global const int8 *norm, int columns,
	int per, __global uint *out)
{
	int first = (int)get_global_id(0) * BATCH;
	int begin = (int)get_global_id(1) * (per / 8);
	int end = min(begin + per / 8, (columns + 8 * C - 1) / (8 * C) * C);
	int8 best[BATCH], second[BATCH], block[BATCH];

	if (first >= rows)
		return;
	for (int i = 0; i < BATCH; i++) {
		best[i] = second[i] = (int8)FAR;
		block[i] = (int8)0;
	}
	for (int tile = begin; tile < end; tile += TILE) {
		int stop = min(tile + TILE, end);

		for (int i = 0; i < BATCH; i += Q) {
			__global const CELL *q[Q];

#pragma unroll
			for (int j = 0; j < Q; j++) {
				int row = min(first + i + j, rows - 1);

				q[j] = query + (size_t)(row / 8) * STEPS * 8 +
				       row % 8;
			}
			for (int b = tile; b < stop; b += C) {
				__global const CELLS *t =
					train + (size_t)b * STEPS;
				CELLS sum[Q][C];

#pragma unroll
				for (int j = 0; j < Q; j++)
#pragma unroll
					for (int c = 0; c < C; c++)
						sum[j][c] = (CELLS)0;
#pragma unroll 2
				for (int k = 0; k < STEPS; k++) {
					CELLS column[C];

#pragma unroll
					for (int c = 0; c < C; c++)
						column[c] = t[c * STEPS + k];
#pragma unroll
					for (int j = 0; j < Q; j++) {
						CELLS v = (CELLS)q[j][k * 8];

#pragma unroll
						for (int c = 0; c < C; c++)
							sum[j][c] = MAC(
								sum[j][c],
								column[c], v);
					}
				}
#pragma unroll
				for (int j = 0; j < Q; j++)
#pragma unroll
					for (int c = 0; c < C; c++) {
						int8 v = norm[b + c] -
						         2 * convert_int8(
								 sum[j][c]);
						int8 less = v < best[i + j];

						second[i + j] = min(
							second[i + j],
							max(best[i + j], v));
						best[i + j] =
							min(best[i + j], v);
						block[i + j] = select(
							block[i + j],
							(int8)(b + c), less);
					}
			}
		}
	}
	for (int i = 0; i < BATCH && first + i < rows; i++) {
		int v1[8], v2[8], at[8];
		int index = FAR, one = FAR, two = FAR;

		vstore8(best[i], 0, v1);
		vstore8(second[i], 0, v2);
		vstore8(block[i], 0, at);
		for (int lane = 0; lane < 8; lane++) {
			int j = at[lane] * 8 + lane;

			two = min(two, min(v2[lane], max(one, v1[lane])));
			if (v1[lane] < one || (v1[lane] == one && j < index)) {
				one = v1[lane];
				index = j;
			}
		}
		put(out, get_global_id(1) * rows + first + i,
			query_norm[first + i], index, one, two);
	}
}
#endif

/*
 * For GPUs: a work-item keeps the two nearest of some rows among some of the
 * columns, and in the end those of one row are put together through local memory.
 */
#if defined(TILED) || defined(MMA)
struct two {
	int best, second, index;
};

void
take(struct two *to, int v, int index)
{
	to->second = min(to->second, max(to->best, v));
	to->index = v < to->best ? index : to->index;
	to->best = min(to->best, v);
}

/* The ${n} of one row, which are behind one another in ${p}. */
struct two
join(__local const int *p, int n)
{
	struct two all = { FAR, FAR, FAR };

	for (int i = 0; i < n; i++, p += 3) {
		all.second = min(all.second, min(p[1], max(all.best, p[0])));
		if (p[0] < all.best || (p[0] == all.best && p[2] < all.index)) {
			all.best = p[0];
			all.index = p[2];
		}
	}
	return all;
}

void
lay(__local int *p, const struct two *from)
{
	p[0] = from->best;
	p[1] = from->second;
	p[2] = from->index;
}
#endif

#ifdef TILED
/*
 * 16 x 16 items find SIDE = 16 R rows by SIDE columns, R x R each, 16 steps along
 * the descriptor at a time in local memory. A step is a byte as float, or with
 * DOT and DP4A four bytes.
 */
#define SIDE (16 * R)
#if defined(DOT) || defined(DP4A)
#define CELL uint
#define LOADS 16 /* words of a row that 16 steps take */
#else
#define CELL float
#define LOADS 4
#endif

#if defined(DOT) && !defined(EMULATED)
#define MAC(sum, a, b) dot_acc_sat(as_uchar4(a), as_uchar4(b), sum)
#elif LOADS == 16
uint
dp4a(uint a, uint b, uint sum)
{
#ifdef EMULATED
	uint4 v = convert_uint4(as_uchar4(a)) * convert_uint4(as_uchar4(b));

	return sum + v.x + v.y + v.z + v.w;
#else
	uint to;

	asm("dp4a.u32.u32 %0, %1, %2, %3;"
		: "=r"(to)
		: "r"(a), "r"(b), "r"(sum));
	return to;
#endif
}
#define MAC(sum, a, b) dp4a(a, b, sum)
#else
#define MAC(sum, a, b) ((a) * (b) + (sum))
#endif

/* Where the ${i}-th of an item's R rows or columns is among SIDE. */
#define PLACE(item, i) ((i) / 4 * 64 + (item) * 4 + (i) % 4)

/* Steps from word ${word} on of SIDE rows from ${row} on. */
void
load(__local CELL *to, __global const uint *from, size_t row, int word)
{
	int me = get_local_id(1) * 16 + get_local_id(0);

	for (int i = me; i < SIDE * LOADS; i += 256) {
		int r = i / LOADS, w = i % LOADS;
		uint v = from[(row + r) * WORDS + word + w];

#if LOADS == 16
		to[w * SIDE + r] = v;
#else
		for (int b = 0; b < 4; b++)
			to[(4 * w + b) * SIDE + r] = (float)(v >> 8 * b & 255);
#endif
	}
}

__kernel __attribute__((reqd_work_group_size(16, 16, 1))) void
find(__global const uint *query, __global const int *query_norm, int rows,
	__global const uint *train, __global const int *norm, int columns,
	int per, __global uint *out)
{
	__local CELL q[16 * SIDE], t[16 * SIDE];
	int x = get_local_id(0), y = get_local_id(1);
	int first = (int)get_group_id(0) * SIDE;
	int begin = (int)get_group_id(1) * per;
	int end = min(begin + per, columns);
	struct two near[R];

#pragma unroll
	for (int i = 0; i < R; i++)
		near[i].best = near[i].second = near[i].index = FAR;
	for (int tile = begin; tile < end; tile += SIDE) {
		CELL sum[R][R];

#pragma unroll
		for (int i = 0; i < R; i++)
#pragma unroll
			for (int j = 0; j < R; j++)
				sum[i][j] = 0;
		for (int word = 0; word < WORDS; word += LOADS) {
			barrier(CLK_LOCAL_MEM_FENCE);
			load(q, query, first, word);
			load(t, train, tile, word);
			barrier(CLK_LOCAL_MEM_FENCE);
			for (int k = 0; k < 16; k++) {
				CELL a[R], b[R];

#pragma unroll
				for (int i = 0; i < R; i++) {
					a[i] = q[k * SIDE + PLACE(y, i)];
					b[i] = t[k * SIDE + PLACE(x, i)];
				}
#pragma unroll
				for (int i = 0; i < R; i++)
#pragma unroll
					for (int j = 0; j < R; j++)
						sum[i][j] = MAC(
							sum[i][j], a[i], b[j]);
			}
		}
#pragma unroll
		for (int j = 0; j < R; j++) {
			int column = tile + PLACE(x, j);
			int n = norm[column];

#pragma unroll
			for (int i = 0; i < R; i++)
				take(&near[i], n - 2 * (int)sum[i][j], column);
		}
	}
#pragma unroll
	for (int i = 0; i < R; i++) {
		__local int *row = (__local int *)q + y * 16 * 3;
		int at = first + PLACE(y, i);

		barrier(CLK_LOCAL_MEM_FENCE);
		lay(row + x * 3, &near[i]);
		barrier(CLK_LOCAL_MEM_FENCE);
		if (x == 0 && at < rows) {
			struct two all = join(row, 16);

			put(out, get_group_id(1) * rows + at, query_norm[at],
				all.index, all.best, all.second);
		}
	}
}
#endif

#ifdef MMA
/*
 * NVIDIA's tensor cores: a warp multiplies 16 queries by 8 columns, 32 bytes of
 * each at a time (PTX ISA, mma.m16n8k32), for 32 queries that it keeps in
 * registers. Lane 4 g + t gives the instruction word t and word t + 4 of rows g
 * and g + 8 of the queries and of column g, and gets columns 2 t and 2 t + 1 of
 * rows g and g + 8. Four warps share 64 columns in local memory, whose rows are
 * PITCH words apart so that no two lanes meet in a bank.
 *
 * Not run on such hardware so far. With EMULATED, as the tests have it, all but
 * the one instruction runs on any device, and lanes exchange their fragments
 * through local memory; and nearest_load uses nothing that does not give what the
 * twin gives.
 */
#define PITCH (WORDS + 4)

#ifdef EMULATED
#define LANES , lanes
void
mma(int sum[4], const uint a[4], uint b0, uint b1, __local uint *lanes)
{
	int me = get_local_id(0), g = (me & 31) >> 2, t = me & 3;
	__local uint *warp = lanes + (me & ~31) * 6;

	barrier(CLK_LOCAL_MEM_FENCE);
	for (int i = 0; i < 4; i++)
		lanes[me * 6 + i] = a[i];
	lanes[me * 6 + 4] = b0;
	lanes[me * 6 + 5] = b1;
	barrier(CLK_LOCAL_MEM_FENCE);
	for (int i = 0; i < 4; i++) {
		int row = i < 2 ? g : g + 8, column = 2 * t + i % 2;

		for (int k = 0; k < 32; k++) {
			int upper = k / 16, lane = k % 16 / 4, byte = k % 4;
			uint x = warp[(row % 8 * 4 + lane) * 6 + row / 8 +
				      2 * upper];
			uint y = warp[(column * 4 + lane) * 6 + 4 + upper];

			sum[i] += (int)((x >> 8 * byte & 255) *
					(y >> 8 * byte & 255));
		}
	}
}
#else
#define LANES
void
mma(int sum[4], const uint a[4], uint b0, uint b1)
{
	asm volatile(
		"mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32 "
		"{%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
		: "+r"(sum[0]), "+r"(sum[1]), "+r"(sum[2]), "+r"(sum[3])
		: "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
#endif

__kernel __attribute__((reqd_work_group_size(128, 1, 1))) void
find(__global const uint *query, __global const int *query_norm, int rows,
	__global const uint *train, __global const int *norm, int columns,
	int per, __global uint *out)
{
	__local uint shared[64 * PITCH];
#ifdef EMULATED
	__local uint lanes[128 * 6];
#endif
	int me = get_local_id(0), g = (me & 31) >> 2, t = me & 3;
	int first = (int)get_group_id(0) * 128 + (me >> 5) * 32;
	int begin = (int)get_group_id(1) * per;
	int end = min(begin + per, columns);
	struct two near[4]; /* rows g, g + 8, g + 16 and g + 24 */
	uint a[2][4][4];

#pragma unroll
	for (int r = 0; r < 4; r++) {
		__global const uint *row =
			query + (size_t)(first + 8 * r + g) * WORDS + t;

		near[r].best = near[r].second = near[r].index = FAR;
#pragma unroll
		for (int k = 0; k < 4; k++) {
			a[r / 2][k][r % 2] = row[8 * k];
			a[r / 2][k][r % 2 + 2] = row[8 * k + 4];
		}
	}
	for (int tile = begin; tile < end; tile += 64) {
		barrier(CLK_LOCAL_MEM_FENCE);
		for (int i = me; i < 64 * WORDS; i += 128)
			shared[i / WORDS * PITCH + i % WORDS] =
				train[(size_t)tile * WORDS + i];
		barrier(CLK_LOCAL_MEM_FENCE);
		for (int n = 0; n < 64; n += 8) {
			__local const uint *b = shared + (n + g) * PITCH + t;
			int column = tile + n + 2 * t;
			int sum[2][4] = { { 0 }, { 0 } };

#pragma unroll
			for (int k = 0; k < 4; k++) {
				uint b0 = b[8 * k], b1 = b[8 * k + 4];

				mma(sum[0], a[0][k], b0, b1 LANES);
				mma(sum[1], a[1][k], b0, b1 LANES);
			}
#pragma unroll
			for (int j = 0; j < 2; j++) {
				int v = norm[column + j];

#pragma unroll
				for (int r = 0; r < 4; r++)
					take(&near[r],
						v - 2 * sum[r / 2]
							    [r % 2 * 2 + j],
						column + j);
			}
		}
	}
#pragma unroll
	for (int r = 0; r < 4; r++) {
		__local int *row = (__local int *)shared + (me - t) * 3;
		int at = first + 8 * r + g;

		barrier(CLK_LOCAL_MEM_FENCE);
		lay(row + t * 3, &near[r]);
		barrier(CLK_LOCAL_MEM_FENCE);
		if (t == 0 && at < rows) {
			struct two all = join(row, 4);

			put(out, get_group_id(1) * rows + at, query_norm[at],
				all.index, all.best, all.second);
		}
	}
}
#endif

#ifdef BITS
/* Hamming distances of 256 bits: an item has Q queries, and no norms. */
__kernel void
find(__global const ulong4 *query, __global const int *query_norm, int rows,
	__global const ulong4 *train, __global const int *norm, int columns,
	int per, __global uint *out)
{
	int first = (int)get_global_id(0) * Q;
	int begin = (int)get_global_id(1) * per;
	int end = min(begin + per, columns);
	ulong4 q[Q];
	int best[Q], second[Q], index[Q];

	(void)query_norm, (void)norm;
	if (first >= rows)
		return;
#pragma unroll
	for (int i = 0; i < Q; i++) {
		q[i] = query[min(first + i, rows - 1)];
		best[i] = second[i] = index[i] = FAR;
	}
	for (int j = begin; j < end; j++) {
		ulong4 t = train[j];

#pragma unroll
		for (int i = 0; i < Q; i++) {
			int d = (int)(popcount(q[i].x ^ t.x) +
				popcount(q[i].y ^ t.y) +
				popcount(q[i].z ^ t.z) +
				popcount(q[i].w ^ t.w));

			if (d < second[i]) {
				second[i] = max(d, best[i]);
				index[i] = d < best[i] ? j : index[i];
				best[i] = min(d, best[i]);
			}
		}
	}
#pragma unroll
	for (int i = 0; i < Q; i++)
		if (first + i < rows)
			put(out, get_global_id(1) * rows + first + i, 0,
				index[i], best[i], second[i]);
}
#endif
