#include "gallery.h"

#include <stdlib.h>

#include "record/json.h"

void
gallery_start(struct gallery *g, struct nearest_engine *engine,
	const struct device *d, uint64_t limit)
{
	uint64_t half = d ? device_info(d)->memory / 2 : UINT64_MAX;

	*g = (struct gallery){ .engine = engine,
		.limit = half < limit ? half : limit };
}

/* The members that say which features an image has. */
static const char *const named[] = { "keypoints", "descriptors", "features" };

/* What an image is known by, into ${key}; -1 where a member is missing. */
static int
key_of(struct span record, struct buf *key, struct gallery_fault *f)
{
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		struct span value = json_get(record, named[i]);

		if (json_kind(value) <= JSON_NULL) {
			f->code = "no_features";
			return err_set(&f->why,
				"\"%s\" is missing: run cupel-feature first",
				named[i]);
		}
		buf_add(key, value);
		buf_byte(key, '\n');
	}
	return 0;
}

static void
let_go(struct gallery *g, size_t at)
{
	struct gallery_image *i = g->kept[at];

	g->kept[at] = g->kept[--g->n];
	g->images[i->key] = NULL;
	g->held -= nearest_bytes(i->set);
	nearest_unload(i->set);
	features_release(&i->features);
	free(i);
}

/* The one that was not wanted for the longest time. */
static size_t
oldest(const struct gallery *g)
{
	size_t at = 0;

	for (size_t i = 1; i < g->n; i++)
		if (g->kept[i]->wanted < g->kept[at]->wanted)
			at = i;
	return at;
}

static struct gallery_image *
load(struct gallery *g, struct span record, struct gallery_fault *f)
{
	struct gallery_image *i = mem_alloc(1, sizeof(*i));

	*i = (struct gallery_image){ 0 };
	f->code = "bad_features";
	if (features_load(&i->features, record, &f->why) == 0) {
		f->code = "device";
		i->set = nearest_load(g->engine, &i->features, &f->why);
	}
	if (i->set) {
		g->loads++;
		g->held += nearest_bytes(i->set);
		return i;
	}
	features_release(&i->features);
	free(i);
	return NULL;
}

/* Where the image with the key belongs, which may be a new one. */
static struct gallery_image **
slot_of(struct gallery *g, struct span key, size_t *index)
{
	size_t before = g->keys.n;

	*index = map_put(&g->keys, key);
	if (*index == before) {
		g->images = mem_grow(g->images, &g->images_cap, before + 1,
			sizeof(*g->images));
		g->images[before] = NULL;
	}
	return &g->images[*index];
}

const struct gallery_image *
gallery_get(struct gallery *g, struct span record, struct gallery_fault *f)
{
	struct gallery_image **slot, *i;
	struct buf key = { 0 };
	size_t index;

	if (key_of(record, &key, f)) {
		buf_release(&key);
		return NULL;
	}
	slot = slot_of(g, buf_span(&key), &index);
	buf_release(&key);
	if (*slot == NULL) {
		*slot = load(g, record, f);
		if (*slot == NULL)
			return NULL;
		(*slot)->key = index;
		g->kept = mem_grow(
			g->kept, &g->cap, g->n + 1, sizeof(*g->kept));
		g->kept[g->n++] = *slot;
	}
	i = *slot;
	i->wanted = ++g->wanted;
	while (g->held > g->limit && g->n > 2)
		let_go(g, oldest(g));
	return i;
}

void
gallery_release(struct gallery *g)
{
	while (g->n)
		let_go(g, g->n - 1);
	map_release(&g->keys);
	free(g->images);
	free(g->kept);
	*g = (struct gallery){ 0 };
}
