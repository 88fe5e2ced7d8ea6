#include "gallery.h"

#include <stdlib.h>

#include "record/json.h"

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
take_out(struct gallery *g, struct gallery_image *i)
{
	*(i->newer ? &i->newer->older : &g->newest) = i->older;
	*(i->older ? &i->older->newer : &g->oldest) = i->newer;
}

static void
put_first(struct gallery *g, struct gallery_image *i)
{
	i->newer = NULL;
	i->older = g->newest;
	*(g->newest ? &g->newest->newer : &g->oldest) = i;
	g->newest = i;
}

static void
let_go(struct gallery *g, struct gallery_image *i)
{
	take_out(g, i);
	g->held -= nearest_bytes(i->set);
	g->images[i->key] = NULL;
	nearest_unload(i->set);
	features_release(&i->features);
	free(i);
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
		g->images = mem_grow(
			g->images, &g->cap, before + 1, sizeof(*g->images));
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
	i = *slot;
	if (i)
		take_out(g, i);
	else
		i = load(g, record, f);
	if (i == NULL)
		return NULL;
	i->key = index;
	*slot = i;
	put_first(g, i);
	while (g->held > g->limit && g->oldest != i && g->oldest != i->older)
		let_go(g, g->oldest);
	return i;
}

void
gallery_release(struct gallery *g)
{
	while (g->oldest)
		let_go(g, g->oldest);
	map_release(&g->keys);
	free(g->images);
	*g = (struct gallery){ 0 };
}
