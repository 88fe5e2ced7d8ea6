#include "record/emit.h"
#include "vision/device_cl.h"
#include "vision/device_trait.h"

/* The choice that names the ${i}th device and no other. */
static void
add_choice(struct buf *b, const struct device_found_list *list, size_t i)
{
	const struct device_info *info = &list->v[i].info;
	size_t same = 0, before = 0;
	struct buf text = { 0 };

	/* A colon inside would be taken for the one that ends it. */
	buf_printf(&text,
		"%s:%s:", strchr(info->platform, ':') ? "" : info->platform,
		info->type);
	for (size_t j = 0; j < list->n; j++)
		if (device_matches(list, buf_cstr(&text), j) && j < i)
			before++;
	buf_add(&text, span_str(info->name));
	for (size_t j = 0; j < list->n; j++)
		same += device_matches(list, buf_cstr(&text), j);
	if (same != 1 || !device_matches(list, buf_cstr(&text), i)) {
		text.len -= strlen(info->name);
		buf_printf(&text, "%zu", before);
	}
	emit_str(b, buf_span(&text));
	buf_release(&text);
}

static void
add_info(struct buf *b, const struct device_info *info)
{
	const struct {
		const char *name, *text;
	} texts[] = { { "platform", info->platform }, { "name", info->name },
		{ "vendor", info->vendor }, { "version", info->version },
		{ "driver", info->driver }, { "type", info->type } };
	const struct {
		const char *name;
		uint64_t number;
	} numbers[] = { { "units", info->units }, { "clock", info->clock },
		{ "memory", info->memory }, { "alloc_max", info->alloc_max },
		{ "local_max", info->local_max },
		{ "group_max", info->group_max } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		emit_key(b, texts[i].name), emit_cstr(b, texts[i].text);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		emit_key(b, numbers[i].name), emit_u64(b, numbers[i].number);
}

/* The extensions, one by one. */
static void
add_extensions(struct buf *b, const char *text)
{
	emit_key(b, "extensions"), emit_begin(b, '[');
	while (*text) {
		size_t n = strcspn(text, " ");

		if (n)
			emit_str(b, (struct span){ text, n });
		text += n + (text[n] == ' ');
	}
	emit_end(b, ']');
}

/* What it can do, or why it cannot be used. */
static void
add_features(struct buf *b, const struct device_found *f)
{
	struct err e = { "no OpenCL 1.2 with a compiler, or not available" };
	struct device *d = f->usable ? device_start(f, &e) : NULL;

	if (d == NULL) {
		emit_key(b, "unusable"), emit_cstr(b, e.msg);
		return;
	}
	emit_key(b, "features"), emit_begin(b, '{');
	emit_key(b, "fma"), emit_bool(b, f->info.fma);
	for (int i = 0; i < DEVICE_FEATURES; i++) {
		emit_key(b, device_traits[i].name);
		emit_bool(b, device_can(d, (enum device_feature)i));
	}
	emit_end(b, '}');
	device_close(d);
}

int
device_list(struct buf *lines, struct err *e)
{
	struct device_found_list list = { 0 };
	int rc = device_find(&list, e);

	for (size_t i = 0; rc == 0 && i < list.n; i++) {
		emit_begin(lines, '{');
		emit_key(lines, "choice"), add_choice(lines, &list, i);
		add_info(lines, &list.v[i].info);
		add_features(lines, &list.v[i]);
		add_extensions(lines, list.v[i].info.extensions);
		emit_end(lines, '}');
		buf_byte(lines, '\n');
	}
	device_find_release(&list);
	return rc;
}
