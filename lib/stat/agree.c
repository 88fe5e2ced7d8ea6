#include "agree.h"

void
agree_add(struct agree *a, bool self, bool other)
{
	a->pairs[self][other]++;
}

void
agree_merge(struct agree *a, const struct agree *b)
{
	for (int self = 0; self < 2; self++)
		for (int other = 0; other < 2; other++)
			a->pairs[self][other] += b->pairs[self][other];
}

static struct agree_rate
rate(uint64_t same, uint64_t different)
{
	double n = (double)(same + different);

	if (same + different == 0)
		return (struct agree_rate){ false, 0, 0 };
	return (struct agree_rate){ true, (double)same / n, n };
}

struct agree_rate
agree_precision(const struct agree *a, bool yes)
{
	return rate(a->pairs[yes][yes], a->pairs[yes][!yes]);
}

struct agree_rate
agree_recall(const struct agree *a, bool yes)
{
	return rate(a->pairs[yes][yes], a->pairs[!yes][yes]);
}

/* The order of the operations is simple-evals': the last bit depends on it. */
struct agree_rate
agree_f1(const struct agree *a, bool yes)
{
	struct agree_rate p = agree_precision(a, yes), r = agree_recall(a, yes);
	double value = 0;

	if (!p.exists || !r.exists)
		return (struct agree_rate){ false, 0, 0 };
	if (a->pairs[yes][yes])
		value = 2 * (p.value * r.value) / (p.value + r.value);
	return (struct agree_rate){ true, value, p.n + r.n - p.value * p.n };
}

struct agree_rate
agree_balanced(struct agree_rate yes, struct agree_rate no)
{
	if (!yes.exists || !no.exists)
		return (struct agree_rate){ false, 0, 0 };
	return (struct agree_rate){ true, (yes.value + no.value) / 2,
		yes.n + no.n };
}

struct agree_rate
agree_accuracy(const struct agree *a)
{
	return rate(a->pairs[0][0] + a->pairs[1][1],
		a->pairs[0][1] + a->pairs[1][0]);
}

struct agree_rate
agree_dice(const struct agree *a, bool yes)
{
	return rate(2 * a->pairs[yes][yes],
		a->pairs[yes][!yes] + a->pairs[!yes][yes]);
}

/* One division of whole numbers, so that equal kappas are equal doubles. */
struct agree_rate
agree_kappa(const struct agree *a)
{
	double tp = (double)a->pairs[1][1], fp = (double)a->pairs[1][0],
	       fn = (double)a->pairs[0][1], tn = (double)a->pairs[0][0];
	double room = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);

	if (!(room > 0))
		return (struct agree_rate){ false, 0, 0 };
	return (struct agree_rate){ true, 2 * (tp * tn - fp * fn) / room,
		tp + fp + fn + tn };
}
