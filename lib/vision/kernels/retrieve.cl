/*
 * retrieve: how like a vector are many others? atlas.c is the plain C twin.
 *
 * The others lie in panels of 16: the first number of each of the 16, then the
 * second of each, and so on. A sum runs over the dimensions in their order, with
 * each product rounded before it is added, so both kernels give the same bits.
 */
#pragma OPENCL FP_CONTRACT OFF

/* A panel for each work-item: for processors with wide registers. */
__kernel void
retrieve_panel(__global const float16 *panels, __global const float *query,
	__global float16 *scores, int dims, int npanels)
{
	int panel = get_global_id(0);
	__global const float16 *from = panels + (size_t)panel * dims;
	float16 sum = 0;

	if (panel >= npanels)
		return;
	for (int i = 0; i < dims; i++) {
		float16 product = from[i] * query[i];

		sum += product;
	}
	scores[panel] = sum;
}

/* A vector for each: neighbours read what lies side by side. */
__kernel void
retrieve_row(__global const float *panels, __global const float *query,
	__global float *scores, int dims, int npanels)
{
	int row = get_global_id(0);
	__global const float *from =
		panels + (size_t)(row / 16) * dims * 16 + row % 16;
	float sum = 0;

	if (row / 16 >= npanels)
		return;
	for (int i = 0; i < dims; i++) {
		float product = from[i * 16] * query[i];

		sum += product;
	}
	scores[row] = sum;
}
