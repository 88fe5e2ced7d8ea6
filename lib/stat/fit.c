#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fit.h"

/* The moving averages of a weight's gradient and of its square. */
struct moments {
	double first, second;
};

static void
step(const struct fit_adamw *how, double t, double g, struct moments *m,
	double *w)
{
	double bias1 = 1 - pow(how->beta1, t), bias2 = 1 - pow(how->beta2, t);

	m->first += (1 - how->beta1) * (g - m->first);
	m->second = how->beta2 * m->second + (1 - how->beta2) * g * g;
	*w *= 1 - how->lr * how->decay;
	*w -= how->lr / bias1 * m->first /
	      (sqrt(m->second) / sqrt(bias2) + how->eps);
}

void
fit_adamw(const struct hinge *h, const struct fit_adamw *how, double *w)
{
	size_t n = h->nfeatures;
	struct moments *m = mem_alloc(n + 1, sizeof(*m));
	double *g = mem_alloc(n + 1, sizeof(*g));

	memset(w, 0, n * sizeof(*w));
	memset(m, 0, n * sizeof(*m));
	for (uint64_t t = 1; t <= how->iterations; t++) {
		hinge_value(h, w, g);
		for (size_t f = 0; f < n; f++)
			step(how, (double)t, g[f], &m[f], &w[f]);
	}
	free(g);
	free(m);
}
