/*
 * probe: whether a device can do what only some devices can. One kernel a
 * compilation, chosen by a macro: what a compiler does not know may fail the
 * whole program. device_probe.c holds the results against plain C.
 *
 * in: 16 rows of 32 bytes, then 8 rows of 32 bytes.
 */

#ifdef PROBE_FP16
#pragma OPENCL EXTENSION cl_khr_fp16 : enable

/* The sum has 12 bits, one more than half keeps: it is rounded to even. */
__kernel void
probe(__global const uint *in, __global int *out)
{
	half big = (half)(float)(2048 + (in[0] & 0));
	half one = (half)(float)(1 + (in[1] & 0));
	half part = one / (big + big);

	out[0] = (int)(float)(big + one);
	out[1] = (int)((float)part * 8192.0f);
}
#endif

#ifdef PROBE_FP64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

/* The sum has 25 bits, one more than float keeps. */
__kernel void
probe(__global const uint *in, __global int *out)
{
	double big = (double)(16777216 + (in[0] & 0));
	double one = (double)(1 + (in[1] & 0));

	out[0] = (int)(big + one);
	out[1] = (int)(one / big * 33554432.0);
}
#endif

#ifdef PROBE_DOT
/* A compiler may know the one and the device not do the other. */
#if !defined(cl_khr_integer_dot_product) ||                                    \
	!defined(__opencl_c_integer_dot_product_input_4x8bit)
#error no integer dot product
#endif

__kernel void
probe(__global const uint *in, __global int *out)
{
	uint i = get_global_id(0);

	out[i] = (int)dot_acc_sat(
		as_uchar4(in[i]), as_uchar4(in[128 + i]), (uint)i);
}
#endif

#ifdef PROBE_DP4A
__kernel void
probe(__global const uint *in, __global int *out)
{
	uint i = get_global_id(0);
	uint sum;

	asm("dp4a.u32.u32 %0, %1, %2, %3;"
		: "=r"(sum)
		: "r"(in[i]), "r"(in[128 + i]), "r"(i));
	out[i] = (int)sum;
}
#endif

#ifdef PROBE_MMA
/* The 16 rows by the 8 rows, by one warp: PTX ISA, mma.m16n8k32. */
__kernel __attribute__((reqd_work_group_size(32, 1, 1))) void
probe(__global const uint *in, __global int *out)
{
	uint lane = get_local_id(0), g = lane >> 2, t = lane & 3;
	__global const uint *a = in, *b = in + 128;
	int c0 = 0, c1 = 0, c2 = 0, c3 = 0;

	asm volatile(
		"mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32 "
		"{%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
		: "+r"(c0), "+r"(c1), "+r"(c2), "+r"(c3)
		: "r"(a[g * 8 + t]), "r"(a[(g + 8) * 8 + t]),
		"r"(a[g * 8 + 4 + t]), "r"(a[(g + 8) * 8 + 4 + t]),
		"r"(b[g * 8 + t]), "r"(b[g * 8 + 4 + t]));
	out[g * 8 + 2 * t] = c0;
	out[g * 8 + 2 * t + 1] = c1;
	out[(g + 8) * 8 + 2 * t] = c2;
	out[(g + 8) * 8 + 2 * t + 1] = c3;
}
#endif
