#include "base/data.h"
#include "model/price.h"

#define MILLION 1e6

/* Behind a model's name: a date, a version, a tag. */
static bool
is_version(struct span rest)
{
	if (rest.len == 0 || rest.s[0] == '@' || rest.s[0] == ':')
		return true;
	return rest.len > 1 && rest.s[0] == '-' &&
	       ((rest.s[1] >= '0' && rest.s[1] <= '9') ||
		       span_is(rest, "-latest") || span_is(rest, "-preview"));
}

static bool
stands_for(struct span name, struct span model)
{
	return span_starts(model, name) &&
	       is_version((struct span){
		       model.s + name.len, model.len - name.len });
}

/* The price with the longest name that stands for the model. */
static struct span
longest_match(struct span models, struct span model, struct arena *a)
{
	struct json_iter it = json_iter(models);
	struct json_member m;
	struct span best = { 0 };
	size_t longest = 0;

	while (json_next(&it, &m)) {
		struct span name = json_str(m.key, a);

		if (name.len > longest && stands_for(name, model)) {
			longest = name.len;
			best = m.value;
		}
	}
	return best;
}

/* Some name models by their makers: "openai/gpt-4.1". */
static struct span
without_maker(struct span model)
{
	for (size_t i = model.len; i-- > 0;)
		if (model.s[i] == '/')
			return (struct span){ model.s + i + 1,
				model.len - i - 1 };
	return model;
}

static bool
read_price(struct price *p, struct span json)
{
	struct span cached = json_get(json, "cached");

	if (!json_f64(json_get(json, "input"), &p->input) ||
		!json_f64(json_get(json, "output"), &p->output))
		return false;
	p->cached = p->input;
	if (cached.s && !json_f64(cached, &p->cached))
		return false;
	p->input /= MILLION;
	p->cached /= MILLION;
	p->output /= MILLION;
	return p->input >= 0 && p->cached >= 0 && p->output >= 0;
}

static int
find_price(struct price *p, const char *path, struct span file,
	struct span model, struct err *e)
{
	struct arena a = { 0 };
	struct json_fault f;
	struct span models, found;
	int rc = 1;

	if (json_scan(file, NULL, &f))
		return err_set(e, "%s: byte %zu: %s", path, f.at + 1, f.what);
	models = json_get(json_value(file), "models");
	if (json_kind(models) != JSON_OBJECT)
		return err_set(e, "%s: {\"models\":{...}} is expected", path);
	found = longest_match(models, model, &a);
	if (!found.s)
		found = longest_match(models, without_maker(model), &a);
	if (!found.s)
		rc = 0;
	else if (!read_price(p, found))
		rc = err_set(e,
			"%s: %.*s: {\"input\":2,\"cached\":0.5,\"output\":8} "
			"is expected, dollars for a million tokens",
			path, SPAN_ARG(model));
	arena_release(&a);
	return rc;
}

int
price_load(struct price *p, const char *path, const char *model, struct err *e)
{
	struct buf where = { 0 }, file = { .max = 16 << 20 };
	int rc = -1;

	if (path)
		buf_add(&where, span_str(path));
	else if (data_path(&where, "prices.json", e))
		goto out;
	path = buf_cstr(&where);
	if (buf_file(&file, path, e) == 0)
		rc = find_price(p, path, buf_span(&file), span_str(model), e);
out:
	buf_release(&where);
	buf_release(&file);
	return rc;
}

double
price_of(const struct price *p, const struct chat_usage *u)
{
	uint64_t cached = u->cached < u->input ? u->cached : u->input;
	uint64_t output = u->total - u->input; /* with reasoning, always */

	if (u->total < u->input + u->output)
		output = u->output;
	return (double)(u->input - cached) * p->input +
	       (double)cached * p->cached + (double)output * p->output;
}
