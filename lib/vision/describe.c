#include <stdlib.h>

#include "describe.h"
#include "record/json.h"
#include "vision/dense.h"
#include "vision/features.h"
#include "vision/seen.h"
#include "vision/vlad.h"
#include "vision/vocabulary.h"

static const char *
none(struct err *e)
{
	err_set(e, "the image has no features: it is like no other");
	return "empty";
}

static const char *
describe_picture(struct span record, struct features *f, struct err *e)
{
	struct image image;
	struct features_in in;
	const char *code = seen_read(
		&image, record, &(struct seen_opts){ 0 }, e);

	*f = (struct features){ 0 };
	if (code)
		return code;
	in = (struct features_in){ image_grey(&image), image.mask, image.width,
		image.height };
	dense_find(&in, f);
	free((float *)in.grey);
	image_release(&image);
	return f->n ? NULL : none(e);
}

const char *
describe_features(
	struct span record, bool dense, struct features *f, struct err *e)
{
	enum json_kind kind = json_kind(json_get(record, "features"));
	const char *code = NULL;

	if (dense)
		return describe_picture(record, f, e);
	if (features_load(f, record, e))
		return kind == JSON_OBJECT ? "bad_features" : "no_features";
	if (f->n == 0) {
		code = none(e);
	} else if (f->type != FEATURES_ROOTSIFT) {
		err_set(e,
			"features.type is %s, where vocabularies are of "
			"rootsift",
			features_names[f->type]);
		code = "bad_features";
	}
	if (code)
		features_release(f);
	return code;
}

const char *
describe_image(const struct describer *d, struct span record, struct global *g,
	struct err *e)
{
	const struct vocabulary *v = d->vocabulary;
	struct features f;
	const char *code;
	float *whole;

	*g = (struct global){ 0 };
	code = describe_features(record, v->dense, &f, e);
	if (code)
		return code;
	whole = mem_alloc(vocabulary_length(v), sizeof(*whole));
	g->n = vocabulary_dims(v);
	g->v = mem_alloc(g->n, sizeof(*g->v));
	if (vlad_whole(d->engine, v, &f, whole, e))
		code = "device";
	else if (!vlad_turn(v, whole, g->v)) {
		err_set(e, "what was found is the vocabulary's own average");
		code = "empty";
	}
	free(whole);
	features_release(&f);
	if (code)
		global_release(g);
	return code;
}
