/*
 * fitting: the weights of one response type, and what they are worth.
 *
 * The pairs of a struct sheet_type are divided by prompt into those that the
 * weights are fitted to and those that are held out. On both sides the report
 * says how large the loss is before (all weights 0) and after, what share of the
 * pairs is satisfied, and how often the reward model alone, the rules alone and
 * their sum put a worse completion above a better one: over all pairs, and over
 * those whose better completion is ideal, which is the error rate of the paper.
 */
#ifndef EVAL_FITTING_H
#define EVAL_FITTING_H

#include "eval/sheet.h"
#include "stat/fit.h"

enum fitting_solver { FITTING_ADAMW, FITTING_EXACT };

/* What the margin of pairs is multiplied by whose better one has the label. */
struct fitting_margin {
	struct span label;
	double factor;
};

struct fitting {
	enum fitting_solver solver;
	struct fit_adamw adamw;
	double l2, margin, train; /* train: the share of the prompts */
	uint64_t seed;            /* of which prompts that are */
	const struct fitting_margin *margins;
	size_t nmargins;
	const char *const *ignore; /* features whose weight stays 0 */
	size_t nignore;
};

/*
 * fitting_type(how, name, t, weights, report): Fit, and append
 * {feature: weight} as the member ${name} to the open object in ${weights}, and
 * its report to the one in ${report}. What a person should know goes to
 * standard error. Returns 0, or -1 where there are no weights: no pairs are left
 * to fit to, or their numbers are beyond computing with.
 */
int fitting_type(const struct fitting *how, struct span name,
	const struct sheet_type *t, struct buf *weights, struct buf *report);

#endif
