/*
 * metrics: names with numbers, printed as one JSON object.
 *
 * As simple-evals writes its metrics: flat, the keys in the order of their code
 * points, and what belongs to a number behind its name and a colon
 * ("theme:hedging", "theme:hedging:n_samples"). Keys are given once each.
 */
#ifndef EVAL_METRICS_H
#define EVAL_METRICS_H

#include <stdint.h>

#include "base/buf.h"
#include "eval/tally.h"

struct metrics {
	struct metrics_member {
		struct span key, json;
	} * v;
	size_t n, cap;
	struct arena arena;
};

/* The name is ${name} followed by ${suffix}, which may be "". */
void metrics_f64(
	struct metrics *m, struct span name, const char *suffix, double x);
void metrics_u64(
	struct metrics *m, struct span name, const char *suffix, uint64_t x);
void metrics_json(struct metrics *m, struct span name, struct span json);

/* metrics_counts(m, c): How many records there were, and were left out. */
void metrics_counts(struct metrics *m, const struct tally_counts *c);

/* metrics_print(m, b): Append the object to ${b}. */
void metrics_print(struct metrics *m, struct buf *b);

/*
 * metrics_reserved(name): Is it, or could it become, the name of something
 * that stands beside the metrics of tags? A tag must not have it.
 */
bool metrics_reserved(struct span name);

void metrics_release(struct metrics *m);

#endif
