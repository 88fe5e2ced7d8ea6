/*
 * result: what a group of a tally comes to, as a JSON object. board has the same
 * for people.
 */
#ifndef EVAL_RESULT_H
#define EVAL_RESULT_H

#include "base/buf.h"
#include "eval/leftout.h"
#include "eval/rows.h"

struct result_how {
	enum rows_what what;
	bool grouped;         /* say which group it is */
	bool runs;            /* how the mean varies from run to run */
	uint64_t worst_at;    /* the greatest k; 0 for none */
	struct leftout *left; /* counts prompts without a worst of k */
	struct summary_how summary;
};

/* result_series(how, g): What worst_at and runs are about; NULL if empty. */
const struct tally_series *result_series(
	const struct result_how *how, const struct tally_group *g);

/*
 * result_mean(how, mean): The mean as it is reported. That of scores is held to
 * [0, 1]: where they are aggregated, and only there.
 */
double result_mean(const struct result_how *how, double mean);

/* As summary_worst_at and summary_runs, with means as they are reported. */
void result_worst_at(const struct result_how *how, const struct tally_series *s,
	double *out);
int result_runs(const struct result_how *how, const struct tally *t,
	const struct tally_series *s, struct summary_runs *r, struct err *e);

/*
 * result_json(how, t, g, b, e): Append the group's result. Returns 0, or -1 with
 * ${e} filled where the values do not have what ${how} asks for.
 */
int result_json(const struct result_how *how, const struct tally *t,
	const struct tally_group *g, struct buf *b, struct err *e);

#endif
