#include <stdlib.h>

#include "base/rng.h"
#include "training.h"
#include "vision/describe.h"
#include "vision/features.h"
#include "vision/kmeans.h"
#include "vision/pca.h"
#include "vision/vlad.h"
#include "vision/vocabulary.h"

#define ROUNDS 20 /* of k-means */

/* Streams of the seed; k-means has 0. */
enum { STREAM_DESCRIPTORS = 1, STREAM_IMAGES };

struct training {
	struct training_opts o;
	struct rng pick, choose; /* of descriptors, of images */
	struct features kept;
	size_t cap;
	uint64_t seen; /* descriptors */
	uint32_t images;
	struct buf records[PCA_MOST];
};

struct training *
training_new(const struct training_opts *o)
{
	struct training *t = mem_alloc(1, sizeof(*t));

	*t = (struct training){ .o = *o, .kept.type = FEATURES_ROOTSIFT };
	rng_init(&t->pick, o->seed, STREAM_DESCRIPTORS);
	rng_init(&t->choose, o->seed, STREAM_IMAGES);
	return t;
}

void
training_free(struct training *t)
{
	for (size_t i = 0; t && i < PCA_MOST; i++)
		buf_release(&t->records[i]);
	if (t)
		features_release(&t->kept);
	free(t);
}

/* Where the next of ${seen} is kept among ${most}; SIZE_MAX: nowhere. */
static size_t
place(struct rng *r, uint64_t seen, uint64_t most)
{
	uint64_t at = seen < most ? seen : rng_below(r, seen + 1);

	return at < most ? (size_t)at : SIZE_MAX;
}

static void
keep_descriptor(struct training *t, const uint8_t *descriptor)
{
	size_t at = place(&t->pick, t->seen++, t->o.sample);

	if (at == SIZE_MAX)
		return;
	if (at == t->kept.n)
		t->kept.descriptors = mem_grow(t->kept.descriptors, &t->cap,
			++t->kept.n, ROOTSIFT_BYTES);
	memcpy(t->kept.descriptors + at * ROOTSIFT_BYTES, descriptor,
		ROOTSIFT_BYTES);
}

void
training_add(struct training *t, struct span record, const struct features *f)
{
	size_t at = place(&t->choose, t->images++, PCA_MOST);

	for (size_t i = 0; i < f->n; i++)
		keep_descriptor(t, f->descriptors + i * ROOTSIFT_BYTES);
	if (at == SIZE_MAX || t->o.dims == 0)
		return;
	buf_clear(&t->records[at]);
	buf_add(&t->records[at], record);
}

uint64_t
training_seen(const struct training *t)
{
	return t->seen;
}

/*
 * How many axes there are where nobody says. Whitening is most of what makes
 * dense descriptors work, and even axes of few images help; with keypoints they
 * only make vectors shorter, and need many images to cost nothing.
 */
static uint32_t
usual_dims(const struct training *t)
{
	uint32_t most = t->images < PCA_MOST ? t->images : PCA_MOST;

	if (!t->o.dense)
		return most < PCA_MOST ? 0 : 256;
	return most * 2 / 3 < 512 ? most * 2 / 3 : 512;
}

/* How many axes there are to be; -1 where there are too few images for them. */
static int
choose_dims(const struct training *t, uint32_t *dims, struct err *e)
{
	uint32_t n = t->images < PCA_MOST ? t->images : PCA_MOST;

	*dims = t->o.dims == TRAINING_ANY ? usual_dims(t) : (uint32_t)t->o.dims;
	if (*dims < n || *dims == 0)
		return 0;
	return err_set(e,
		"%u axes need %u images, of which %u at the most are used, and "
		"there are %u: --dims 0 does without",
		*dims, *dims + 1, PCA_MOST, t->images);
}

/* The whole vectors of the images that were kept. */
static int
describe_kept(const struct training *t, struct nearest_engine *g,
	const struct vocabulary *v, struct pca *p, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		struct features f;
		int rc;

		if (describe_features(
			    buf_span(&t->records[i]), t->o.dense, &f, e))
			return -1;
		rc = vlad_whole(g, v, &f, p->rows + i * p->length, e);
		features_release(&f);
		if (rc)
			return -1;
	}
	return 0;
}

/* Nobody asked for the usual ones, of which there may be fewer. */
static int
too_many(uint32_t dims, const struct pca *p, struct err *e)
{
	return err_set(e,
		"%u axes are too many: the %zu images differ along %zu only: "
		"give other images, or --dims %zu at the most",
		dims, p->n, p->dims, p->dims);
}

static int
find_axes(const struct training *t, struct nearest_engine *g,
	struct vocabulary *v, uint32_t dims, struct err *e)
{
	struct pca p = { .n = t->images < PCA_MOST ? t->images : PCA_MOST,
		.length = vocabulary_length(v),
		.dims = dims };
	int rc;

	p.rows = mem_alloc(p.n * p.length, sizeof(*p.rows));
	p.mean = v->mean = mem_alloc(p.length, sizeof(*p.mean));
	p.axes = v->axes = mem_alloc(dims * p.length, sizeof(*p.axes));
	rc = describe_kept(t, g, v, &p, e);
	rc = rc ? rc : pca_find(&p, e);
	v->dims = (uint32_t)p.dims;
	if (rc == 0 && t->o.dims != TRAINING_ANY && p.dims < dims)
		rc = too_many(dims, &p, e);
	free(p.rows);
	return rc;
}

int
training_finish(struct training *t, struct nearest_engine *g,
	struct vocabulary *v, struct err *e)
{
	struct kmeans_opts o = { (uint32_t)t->o.clusters, ROUNDS, t->o.seed };
	uint32_t dims;

	*v = (struct vocabulary){ .clusters = o.clusters,
		.dense = t->o.dense,
		.images = t->images,
		.seed = o.seed };
	if (choose_dims(t, &dims, e))
		return -1;
	v->centres = mem_alloc(vocabulary_length(v), 1);
	if (kmeans_find(g, &t->kept, &o, v->centres, e))
		return -1;
	return dims ? find_axes(t, g, v, dims, e) : 0;
}
