/*
 * agree: how well one rater's verdicts agree with others', pair by pair.
 *
 * Each pair is a verdict of the rater ("self") and one of somebody else about
 * the same thing. Precision looks at the pairs in which the rater said yes (or
 * no), recall at those in which the other did; the value is the share of pairs
 * that agree. The definitions, with the counts that go with them, are those of
 * HealthBench's meta-evaluation in simple-evals. A rate that has no pair to
 * stand on does not exist, which is not the same as 0.
 */
#ifndef STAT_AGREE_H
#define STAT_AGREE_H

#include <stdbool.h>
#include <stdint.h>

struct agree {
	uint64_t pairs[2][2]; /* [self][other], 1 is yes */
};

struct agree_rate {
	bool exists;
	double value;
	double n; /* pairs behind it; of F1 and what is made of it a fraction */
};

/* agree_add(a, self, other): One more pair. */
void agree_add(struct agree *a, bool self, bool other);

/* agree_merge(a, b): The pairs of ${b} as well. */
void agree_merge(struct agree *a, const struct agree *b);

/* Of the pairs in which the rater (precision) or the other (recall) said so. */
struct agree_rate agree_precision(const struct agree *a, bool yes);
struct agree_rate agree_recall(const struct agree *a, bool yes);

/*
 * agree_f1(a, yes): The harmonic mean of the two, 0 if both are 0. Its n is
 * the number of pairs in which either said so.
 */
struct agree_rate agree_f1(const struct agree *a, bool yes);

/* agree_balanced(yes, no): The mean of a rate for yes and the one for no. */
struct agree_rate agree_balanced(struct agree_rate yes, struct agree_rate no);

/* The pairs that agree, out of all. */
struct agree_rate agree_accuracy(const struct agree *a);

/*
 * agree_dice(a, yes): F1 from the counts, 2 tp / (2 tp + fp + fn): the harmonic
 * mean as well, but 0 also where only one of the two ever says so.
 */
struct agree_rate agree_dice(const struct agree *a, bool yes);

/*
 * agree_kappa(a): Cohen's kappa, agreement beyond what chance gives those who
 * say yes as often. Does not exist where chance alone agrees always.
 */
struct agree_rate agree_kappa(const struct agree *a);

#endif
