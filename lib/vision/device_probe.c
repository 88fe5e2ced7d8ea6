#include "vision/device_cl.h"
#include "vision/device_hush.h"
#include "vision/device_trait.h"

enum {
	A_ROWS = 16,
	B_ROWS = 8,
	BYTES = 32, /* of a row */
	IN_BYTES = (A_ROWS + B_ROWS) * BYTES,
	OUT = A_ROWS * B_ROWS,
};

/* What the kernels of probe.cl are to find: ${n} numbers. */
static void
expect_fp16(const uint8_t *in, int32_t *out)
{
	(void)in;
	out[0] = 2048;
	out[1] = 2;
}

static void
expect_fp64(const uint8_t *in, int32_t *out)
{
	(void)in;
	out[0] = 16777217;
	out[1] = 2;
}

static int32_t
dot(const uint8_t *a, const uint8_t *b, int n)
{
	int32_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static void
expect_dot(const uint8_t *in, int32_t *out)
{
	for (int i = 0; i < BYTES; i++)
		out[i] = i + dot(in + 4 * i, in + A_ROWS * BYTES + 4 * i, 4);
}

static void
expect_mma(const uint8_t *in, int32_t *out)
{
	const uint8_t *b = in + A_ROWS * BYTES;

	for (int i = 0; i < A_ROWS; i++)
		for (int j = 0; j < B_ROWS; j++)
			out[i * B_ROWS + j] = dot(
				in + i * BYTES, b + j * BYTES, BYTES);
}

static const struct probe {
	int items, n;
	void (*expect)(const uint8_t *in, int32_t *out);
} probes[DEVICE_FEATURES] = {
	[DEVICE_FP16] = { 1, 2, expect_fp16 },
	[DEVICE_FP64] = { 1, 2, expect_fp64 },
	[DEVICE_DOT] = { BYTES, BYTES, expect_dot },
	[DEVICE_DP4A] = { BYTES, BYTES, expect_dot },
	[DEVICE_MMA] = { BYTES, OUT, expect_mma },
};

/* Run the kernel; whether it computes what it should. */
static bool
agrees(struct device *d, struct device_kernel *k, const struct probe *p)
{
	struct device_range range = { { (size_t)p->items, 1 },
		{ (size_t)p->items, 1 } };
	int32_t want[OUT] = { 0 }, got[OUT] = { 0 };
	struct device_buffer *in, *out;
	uint8_t bytes[IN_BYTES];
	bool same = false;

	/* Bytes of all sizes, the largest among them: no sign is lost. */
	for (size_t i = 0; i < IN_BYTES; i++)
		bytes[i] = i % 5 ? (uint8_t)(i * 151 + 7) : 255;
	p->expect(bytes, want);
	in = device_buffer(d, sizeof(bytes), NULL);
	out = device_buffer(d, sizeof(got), NULL);
	if (in && out && device_write(in, 0, bytes, sizeof(bytes), NULL) == 0 &&
		device_run(k, range,
			(struct device_arg[]){
				ARG_BUFFER(in), ARG_BUFFER(out) },
			2, NULL) == 0 &&
		device_read(out, 0, got, (size_t)p->n * sizeof(*got), NULL) ==
			0)
		same = memcmp(got, want, (size_t)p->n * sizeof(*got)) == 0;
	device_buffer_free(in);
	device_buffer_free(out);
	return same;
}

static bool
probe(struct device *d, enum device_feature feature)
{
	const struct device_trait *t = &device_traits[feature];
	struct device_kernel *k;
	bool yes;

	if (t->nvidia && !d->info.nvidia)
		return false;
	if (feature == DEVICE_DOT &&
		strstr(d->info.extensions, "cl_khr_integer_dot_product") ==
			NULL)
		return false;
	k = device_kernel(d, "probe.cl", "probe", t->options, NULL);
	yes = k && agrees(d, k, &probes[feature]);
	device_kernel_free(k);
	return yes;
}

bool
device_can(struct device *d, enum device_feature feature)
{
	if (d->can[feature] == 0) {
		int saved = device_hush();

		d->can[feature] = probe(d, feature) ? 1 : -1;
		device_speak(saved);
	}
	return d->can[feature] > 0;
}
