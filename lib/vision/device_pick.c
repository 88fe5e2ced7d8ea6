#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "vision/device_cl.h"

/* The three parts of a choice; absent ones are empty. */
struct choice {
	struct span part[3]; /* platform, type, name or index */
	bool word;           /* there is one part: it may be any of them */
};

static struct choice
split(const char *text)
{
	struct choice c = { .word = strchr(text, ':') == NULL };

	for (int i = 0; i < 3; i++) {
		const char *colon = i < 2 ? strchr(text, ':') : NULL;
		size_t n = colon ? (size_t)(colon - text) : strlen(text);

		c.part[i] = span_trim((struct span){ text, n }, " \t");
		text += colon ? n + 1 : n;
	}
	return c;
}

/* Whether ${text} holds ${part}, without regard to case. */
static bool
holds(const char *text, struct span part)
{
	if (part.len == 0)
		return true;
	for (; strlen(text) >= part.len; text++)
		if (strncasecmp(text, part.s, part.len) == 0)
			return true;
	return false;
}

/* Two digits; more of them are a part of the name: 4090. */
static bool
is_index(struct span part)
{
	return part.len > 0 && part.len < 3 &&
	       strspn(part.s, "0123456789") >= part.len;
}

/* A platform may call itself by its full name, and be known by the short one. */
static bool
is_platform(const struct device_info *info, struct span part)
{
	return holds(info->platform, part) ||
	       holds(info->platform_version, part);
}

/* Without the index, which counts among those that this holds for. */
static bool
fits(const struct choice *c, const struct device_info *info)
{
	const struct span *part = c->part;

	if (c->word)
		return is_index(part[0]) || is_platform(info, part[0]) ||
		       holds(info->name, part[0]) ||
		       (part[0].len == strlen(info->type) &&
			       holds(info->type, part[0]));
	return is_platform(info, part[0]) && holds(info->type, part[1]) &&
	       (is_index(part[2]) || holds(info->name, part[2]));
}

bool
device_matches(
	const struct device_found_list *list, const char *choice, size_t i)
{
	struct choice c = split(choice);
	struct span last = c.part[c.word ? 0 : 2];
	unsigned long index = 0;

	if (!fits(&c, &list->v[i].info))
		return false;
	if (!is_index(last))
		return true;
	for (size_t j = 0; j < i; j++)
		index += fits(&c, &list->v[j].info);
	return index == strtoul(last.s, NULL, 10);
}

/* Whether ${a} is the better choice. */
static bool
is_better(const struct device_info *a, const struct device_info *b)
{
	int class_a = a->gpu ? 2 : a->cpu;
	int class_b = b->gpu ? 2 : b->cpu;
	uint64_t speed_a = (uint64_t)a->units * a->clock;
	uint64_t speed_b = (uint64_t)b->units * b->clock;

	return class_a != class_b ? class_a > class_b : speed_a > speed_b;
}

/* What there is, as far as a message has room for it. */
static int
refuse(const struct device_found_list *list, const char *choice,
	const char *why, struct err *e)
{
	struct buf there = { .max = 300 };
	int rc;

	for (size_t i = 0; i < list->n; i++) {
		const struct device_info *info = &list->v[i].info;

		buf_printf(&there, "%s\"%s:%s:%s\"", i ? ", " : "",
			info->platform, info->type, info->name);
	}
	rc = err_set(e, "--device or CUPEL_CL \"%s\": %s; there %s %s%s",
		choice, why, list->n > 1 ? "are" : "is",
		list->n ? buf_cstr(&there) : "no OpenCL device at all",
		there.over ? ", ..." : "");
	buf_release(&there);
	return rc;
}

const struct device_found *
device_pick(
	const struct device_found_list *list, const char *choice, struct err *e)
{
	const struct device_found *best = NULL;
	size_t matches = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct device_found *f = &list->v[i];

		if (!device_matches(list, choice, i))
			continue;
		matches++;
		if (f->usable &&
			(best == NULL || is_better(&f->info, &best->info)))
			best = f;
	}
	if (best == NULL)
		refuse(list, choice,
			matches ? "it has no OpenCL 1.2 with a compiler, or is "
				  "not available"
				: "nothing matches this platform:type:name",
			e);
	return best;
}
