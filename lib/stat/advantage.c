#include <math.h>
#include <stdbool.h>

#include "advantage.h"
#include "mean.h"

const char *const advantage_names[] = { "grpo", "grpo-verl", "grpo-openrlhf",
	"dr-grpo", "rloo", "batch", NULL };

static bool
all_equal(const double *r, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (r[i] < r[0] || r[i] > r[0])
			return false;
	return true;
}

/* What a difference from the mean is divided by. */
static double
divisor(enum advantage kind, const double *r, size_t n, double deviation)
{
	switch (kind) {
	case ADVANTAGE_GRPO:
		return mean_std_sample(r, n) + 1e-4;
	case ADVANTAGE_GRPO_VERL:
		return mean_std_sample(r, n) + 1e-6;
	case ADVANTAGE_GRPO_OPENRLHF:
		return mean_std_sample(r, n) + 1e-9;
	case ADVANTAGE_BATCH:
		return deviation + 1e-4;
	default:
		return 1;
	}
}

static void
leave_one_out(const double *r, size_t n, double *out)
{
	double sum = mean_sum(r, n);

	for (size_t i = 0; i < n; i++)
		out[i] = r[i] - (sum - r[i]) / (double)(n - 1);
}

static void
single(enum advantage kind, double r, double *out)
{
	*out = 0;
	if (kind == ADVANTAGE_RLOO)
		*out = NAN;
	else if (kind == ADVANTAGE_GRPO_VERL)
		*out = r / (1 + 1e-6);
}

void
advantage_group(enum advantage kind, const double *r, size_t n,
	double deviation, double *out)
{
	double mean = mean_of(r, n), by;

	if (n == 1) {
		single(kind, r[0], out);
	} else if (all_equal(r, n)) {
		for (size_t i = 0; i < n; i++)
			out[i] = 0;
	} else if (kind == ADVANTAGE_RLOO) {
		leave_one_out(r, n, out);
	} else {
		by = divisor(kind, r, n, deviation);
		for (size_t i = 0; i < n; i++)
			out[i] = (r[i] - mean) / by;
	}
}
