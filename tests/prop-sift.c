/*
 * prop-sift: the features of random pictures are the same bytes by every device
 * and by plain C, whatever the pictures' sizes and however the work is dealt out.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/rng.h"
#include "tap.h"
#include "vision/sift_device.h"

/* What is looked for in which picture. */
static const struct task {
	uint32_t width, height, noise;
	int first_octave;
	bool upright;
	double peak;
} tasks[] = {
	{ 97, 61, 20, 0, false, .004 },
	{ 64, 64, 20, -1, false, .004 },
	{ 127, 33, 20, 0, true, .004 },
	{ 16, 31, 90, -1, false, .001 },
	{ 15, 90, 40, 0, false, .001 },
	{ 1, 1, 40, -1, false, .001 },
	{ 320, 257, 20, 1, false, .004 },
	{ 600, 601, 250, 0, true, 0 },
};
#define TASKS (sizeof(tasks) / sizeof(*tasks))

/* Rectangles, and noise. */
static float *
picture(const struct task *t)
{
	size_t w = t->width, h = t->height;
	float *p = mem_alloc(w * h, sizeof(*p));
	struct rng r;

	rng_init(&r, w, h);
	for (size_t i = 0; i < w * h; i++)
		p[i] = (float)rng_below(&r, t->noise);
	for (int n = 0; n < 60; n++) {
		uint64_t x = rng_below(&r, w), y = rng_below(&r, h);
		uint64_t right = x + 3 + rng_below(&r, 30);
		uint64_t below = y + 3 + rng_below(&r, 30);
		float grey = (float)rng_below(&r, 160);

		for (uint64_t j = y; j < below && j < h; j++)
			for (uint64_t i = x; i < right && i < w; i++)
				p[j * w + i] += (grey - p[j * w + i]) / 2;
	}
	return p;
}

/* All that was found, as one number. */
static uint64_t
sum_of(const struct features *f)
{
	struct span k = { (const char *)f->keypoints,
		f->n * sizeof(*f->keypoints) };
	struct span d = { (const char *)f->descriptors, f->n * ROOTSIFT_BYTES };

	return hash_bytes(hash_bytes(f->n, k), d);
}

/* The features of a picture; nonsense where it fails. */
static uint64_t
find(struct sift *s, const struct task *t, size_t *n)
{
	float *grey = picture(t);
	struct features_in in = { grey, NULL, t->width, t->height };
	struct sift_opts opts = SIFT_OPTS;
	struct features f;
	struct err e;
	uint64_t sum = 0;

	opts.most = 0;
	opts.first_octave = t->first_octave;
	opts.upright = t->upright;
	opts.peak = t->peak;
	if (sift_find(s, &in, &opts, &f, &e))
		tap_note("%s", e.msg);
	else
		sum = sum_of(&f);
	if (n)
		*n = f.n;
	features_release(&f);
	free(grey);
	return sum;
}

/*
 * What a device finds in a process of its own, which allows groups of ${size}: a
 * sum for each task, or a single byte where there is no device.
 */
static void
run_device(const char *size, struct sift_shape shape, int to)
{
	uint64_t sums[TASKS];
	struct device *d = NULL;
	struct sift *s;
	struct err e;

	if (*size)
		setenv("POCL_MAX_WORK_GROUP_SIZE", size, 1);
	if (device_open(&d, NULL, &e)) {
		tap_note("%s", e.msg);
		fflush(stdout);
		_exit(1);
	}
	if (d == NULL)
		_exit(write(to, "", 1) != 1);
	s = sift_open_as(d, shape, &e);
	if (s == NULL) {
		tap_note("%s", e.msg);
		fflush(stdout);
		_exit(1);
	}
	for (size_t k = 0; k < TASKS; k++)
		sums[k] = find(s, &tasks[k], NULL);
	sift_close(s);
	device_close(d);
	_exit(write(to, sums, sizeof(sums)) != sizeof(sums));
}

static void
check_device(const char *size, struct sift_shape shape, const uint64_t *want)
{
	uint64_t got[TASKS];
	ssize_t n;
	int ends[2], status;
	pid_t child;

	fflush(stdout);
	if (pipe(ends) || (child = fork()) < 0)
		exit(99);
	if (child == 0)
		run_device(size, shape, ends[1]);
	close(ends[1]);
	n = read(ends[0], got, sizeof(got));
	close(ends[0]);
	waitpid(child, &status, 0);
	if (n == 1) {
		tap_skip("a device finds the same", "there is no device");
		return;
	}
	ok(n == sizeof(got) && status == 0, "a device finds all of it");
	for (size_t k = 0; n == sizeof(got) && k < TASKS; k++)
		ok(got[k] == want[k],
			"a device, %d lanes, groups of %d: %u x %u: the same",
			shape.lanes, shape.group, tasks[k].width,
			tasks[k].height);
}

int
main(void)
{
	uint64_t want[TASKS];
	struct sift *s = sift_open(NULL, NULL);

	for (size_t k = 0; k < TASKS; k++) {
		size_t n;

		want[k] = find(s, &tasks[k], &n);
		ok(n > 0 || k == 4 || k == 5, "%u x %u: %zu features",
			tasks[k].width, tasks[k].height, n);
	}
	sift_close(s);
	/* As a CPU works, with too little room; and as a GPU with small groups. */
	check_device("", (struct sift_shape){ 8, 1, 9 }, want);
	check_device("2", (struct sift_shape){ 1, 16, 0 }, want);
	return tap_done();
}
