#include <stdlib.h>
#include <string.h>

#include "eval/fault.h"

static const struct {
	const char *name;
	enum fault_kind kind;
	unsigned status;
} kinds[] = {
	{ "billing", FAULT_BILLING, 429 },
	{ "cut", FAULT_CUT, 200 },
	{ "empty", FAULT_EMPTY, 200 },
	{ "filter", FAULT_FILTER, 200 },
	{ "html", FAULT_HTML, 502 },
	{ "html200", FAULT_HTML, 200 },
	{ "huge", FAULT_HUGE, 200 },
	{ "length", FAULT_LENGTH, 200 },
	{ "malformed", FAULT_MALFORMED, 200 },
	{ "refusal", FAULT_REFUSAL, 200 },
	{ "stall", FAULT_STALL, 0 },
};

static int
read_kind(struct fault *f, struct err *e)
{
	char *end;
	unsigned long status = strtoul(f->name, &end, 10);

	if (*end == '\0' && status >= 400 && status <= 599) {
		f->kind = FAULT_STATUS;
		f->status = (unsigned)status;
		return 0;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, f->name) == 0) {
			f->kind = kinds[i].kind;
			f->status = kinds[i].status;
			return 0;
		}
	return err_set(e,
		"a status from 400 to 599 is expected, or one of billing cut "
		"empty filter html html200 huge length malformed refusal "
		"stall");
}

int
faults_add(struct faults *f, const char *text, struct err *e)
{
	struct fault *new = &f->v[f->n];
	size_t n = strcspn(text, "=");
	char *end;

	if (f->n == FAULT_MAX)
		return err_set(e, "%d kinds are the most", FAULT_MAX);
	if (text[n] != '=' || n >= sizeof(new->name))
		return err_set(e, "KIND=RATE is expected, such as 429=0.1");
	memcpy(new->name, text, n);
	new->name[n] = '\0';
	new->rate = strtod(text + n + 1, &end);
	if (end == text + n + 1 || *end || !(new->rate >= 0 && new->rate <= 1))
		return err_set(e, "a rate is a number from 0 to 1");
	if (f->total + new->rate > 1 + 1e-9)
		return err_set(e, "the rates add up to more than 1");
	if (read_kind(new, e))
		return -1;
	f->total += new->rate;
	f->n++;
	return 0;
}

const struct fault *
faults_pick(const struct faults *f, double u)
{
	for (size_t i = 0; i < f->n; i++) {
		if (u < f->v[i].rate)
			return &f->v[i];
		u -= f->v[i].rate;
	}
	return NULL;
}
