/*
 * unit-mean: sums, means and deviations to the last bit. The expected numbers
 * were printed by numpy 1.24 for the same values; at several of the lengths a
 * sum from left to right has another last bit.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "stat/mean.h"
#include "tap.h"

static const struct {
	size_t n;
	double sum, mean, std, std_sample;
} numpy[] = {
	{ 1, -0.2871159563924678, -0.2871159563924678, 0.0, 0.0 },
	{ 2, 0.27413280475718527, 0.13706640237859263, 0.4241823587710604,
		0.5998844446934437 },
	{ 7, 0.8058473736372648, 0.11512105337675212, 0.29060095644465656,
		0.31388490757118925 },
	{ 8, 1.4572844400396432, 0.1821605550049554, 0.32458106052361657,
		0.3469917493471742 },
	{ 9, 1.9570862239841427, 0.21745402488712695, 0.3218882152377325,
		0.34141400966795343 },
	{ 15, 2.771555996035678, 0.18477039973571188, 0.309201347018854,
		0.32005380071996226 },
	{ 16, 3.2099108027750245, 0.20061942517343903, 0.30561087193646674,
		0.3156335513146302 },
	{ 127, 24.30237859266601, 0.19135731175327567, 0.29104072710937734,
		0.2921933681631881 },
	{ 128, 24.757581764122897, 0.19341860753221013, 0.290830818082316,
		0.29197357619012626 },
	{ 129, 25.061149653121905, 0.19427247793117755, 0.28986239850349516,
		0.2909924706196729 },
	{ 136, 26.940336967294353, 0.19809071299481143, 0.28969582943559663,
		0.290766797337322 },
	{ 255, 51.076808721506445, 0.2003012106725743, 0.28895700375266825,
		0.28952525799623996 },
	{ 256, 51.12269573835481, 0.19969803022794846, 0.2885528876603931,
		0.28911812402512393 },
	{ 257, 51.016947472745294, 0.19850952324025406, 0.2886180899379565,
		0.28918124772211573 },
	{ 1000, 200.0604558969277, 0.2000604558969277, 0.28878786887292063,
		0.28893237119313314 },
	{ 1157, 230.31823587710602, 0.1990650266872135, 0.2889241700000556,
		0.2890491101875169 },
	{ 4096, 816.578592666006, 0.19936000797509912, 0.2887122991759391,
		0.2887475488310581 },
	{ 5000, 997.4777006937562, 0.19949554013875123, 0.2887347919583689,
		0.28876366976930856 },
};

#define MOST 5000

static double
nth(size_t i)
{
	return (double)((i * 7919 + 13) % 1009) / 1009.0 - 0.3;
}

static void
check_numpy(void)
{
	double v[MOST];
	char name[64];

	for (size_t i = 0; i < MOST; i++)
		v[i] = nth(i);
	for (size_t i = 0; i < sizeof(numpy) / sizeof(*numpy); i++) {
		size_t n = numpy[i].n;

		snprintf(name, sizeof(name), "%zu values", n);
		is_f64(mean_sum(v, n), numpy[i].sum, name);
		is_f64(mean_of(v, n), numpy[i].mean, name);
		is_f64(mean_std(v, n), numpy[i].std, name);
		is_f64(mean_std_sample(v, n), numpy[i].std_sample, name);
	}
}

/* Where nearly everything cancels. */
static void
check_close(void)
{
	static const double v[] = { 1e16, 1, -1e16, 0.25, 1e-3, -0.25 };

	is_f64(mean_close(v, 6), 1.001 / 6,
		"the nearest double in spite of all");
	is_f64(mean_close(v, 0), 0, "of nothing");
}

/* Against a sum in long double, for any length. */
static void
check_error(void)
{
	double *v = mem_alloc(MOST, sizeof(*v)), worst = 0;
	struct rng r;

	rng_init(&r, 1, 0);
	for (size_t n = 1; n < MOST; n += 1 + n / 16) {
		long double sum = 0, size = 0;

		for (size_t i = 0; i < n; i++) {
			v[i] = rng_unit(&r) * 4 - 2.8;
			sum += v[i];
			size += fabs(v[i]);
		}
		worst = fmax(
			worst, (double)(fabsl(mean_sum(v, n) - sum) / size));
	}
	ok(worst < 1e-15, "relative error of random sums: %g", worst);
	free(v);
}

int
main(void)
{
	const double v[] = { 2, 4, 4, 4, 5, 5, 7, 9 };

	check_numpy();
	check_error();
	check_close();
	is_f64(mean_std(v, 8), 2, "the textbook's deviation");
	is_f64(mean_sum(v, 0), 0, "the sum of nothing");
	is_f64(mean_of(v, 0), 0, "the mean of nothing");
	is_f64(mean_std(v, 0), 0, "the deviation of nothing");
	is_f64(mean_std_sample(v, 1), 0, "the sample deviation of one");
	is_f64(mean_clip(-0.04), 0, "clipped below");
	is_f64(mean_clip(1.5), 1, "clipped above");
	is_f64(mean_clip(0.25), 0.25, "not clipped between");
	return tap_done();
}
