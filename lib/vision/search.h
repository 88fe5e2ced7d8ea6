/*
 * search: LO-RANSAC over pairs, for whatever model is given by its functions.
 *
 * Samples are drawn until one of only good pairs was among them with a
 * probability of 0.9999, as far as the best model's count tells, or until there
 * is no hope of a model that chance would not give as well. Each better model is
 * optimised locally: fitted to random parts of its inliers, then to those of the
 * fit, under a threshold that narrows. verify.h says what the papers are.
 */
#ifndef VISION_SEARCH_H
#define VISION_SEARCH_H

#include "vision/chance.h"
#include "vision/dlt.h"
#include "vision/pairs.h"

struct search_model {
	struct chance_model sample;
	/* All models that a sample satisfies; how many there are. */
	size_t (*solve)(const double (*at)[4], double (*m)[9]);
	/* The model nearest to some pairs, of which ${m} holds a guess. */
	bool (*fit)(const struct dlt_pairs *p, double m[9]);
	size_t fit_least; /* that many pairs at least */
	void (*refine)(const struct dlt_pairs *p, double m[9], int steps);
	/* The square of each pair's error. */
	void (*errors)(
		const double m[9], const double (*at)[4], size_t n, double *e);
};

#define SEARCH_SAMPLE 7     /* the largest sample, */
#define SEARCH_SOLUTIONS 10 /* and what comes out of one at the most */
#define SEARCH_EFFORT 5     /* where the result is what is wanted */

/* More inliers are better; of as many, those that are closer. */
struct search_score {
	size_t count;
	uint64_t cost; /* squared errors in 256ths of the squared threshold */
};

struct search {
	const struct search_model *model;
	const struct pairs *pairs;
	double limit;  /* an inlier's squared error at most */
	size_t rounds; /* samples at most */
	int effort;    /* fits in a local optimisation */
	size_t least;  /* fewer inliers mean nothing */
	struct rng *rng;
	/* The result; nothing was found where the count is 0. */
	double best[9];
	struct search_score score;
	size_t drawn;
	/* Room to work in, which search_init makes. */
	double *e;
	uint32_t *index, *seen[2], stamp;
};

/* search_init(s): Make room; model, pairs, limit and so on are filled in. */
void search_init(struct search *s);
void search_release(struct search *s);

void search_run(struct search *s);

/* search_try(s, m): Make ${m} the best one if it is; was it? */
bool search_try(struct search *s, const double m[9]);

/* search_polish(s): Optimise the best one, at last over all its inliers. */
void search_polish(struct search *s);

/*
 * search_inliers(s, index): The best model's into ${index}, and how many. Of
 * those that share a point the closest one counts.
 */
size_t search_inliers(struct search *s, uint32_t *index);

#endif
