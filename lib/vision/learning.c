#include "learning.h"

#include "record/emit.h"
#include "vision/describe.h"
#include "vision/features.h"
#include "vision/vocabulary.h"

void
learning_start(struct learning *l, const struct training_opts *o)
{
	*l = (struct learning){ .training = training_new(o),
		.dense = o->dense };
}

void
learning_take(struct learning *l, const struct rec *r)
{
	struct features f;
	struct err e;

	l->records++;
	if (rec_failed(r)) {
		l->carried++;
	} else if (describe_features(r->raw, l->dense, &f, &e)) {
		complain_of(&l->unusable, r, "%s", e.msg);
	} else {
		training_add(l->training, r->raw, &f);
		features_release(&f);
	}
}

void
learning_tell(struct learning *l)
{
	complain_tell(&l->unusable);
	if (l->carried)
		warn("records that carry an error, left aside: %llu",
			(unsigned long long)l->carried);
}

uint64_t
learning_left(const struct learning *l)
{
	return l->carried + l->unusable.n;
}

void
learning_put(const struct learning *l, const struct vocabulary *v,
	const char *file, struct buf *b)
{
	emit_begin(b, '{');
	emit_key(b, "vocabulary"), emit_cstr(b, v->name);
	emit_key(b, "file"), emit_cstr(b, file);
	emit_key(b, "clusters"), emit_u64(b, v->clusters);
	emit_key(b, "dims"), emit_u64(b, v->dims);
	emit_key(b, "length"), emit_u64(b, vocabulary_dims(v));
	emit_key(b, "dense"), emit_bool(b, v->dense);
	emit_key(b, "seed"), emit_u64(b, v->seed);
	emit_key(b, "images"), emit_u64(b, v->images);
	emit_key(b, "descriptors"), emit_u64(b, training_seen(l->training));
	emit_key(b, "records"), emit_u64(b, l->records);
	emit_key(b, "errors"), emit_u64(b, learning_left(l));
	emit_end(b, '}');
}

void
learning_release(struct learning *l)
{
	training_free(l->training);
	map_release(&l->unusable.reasons);
	*l = (struct learning){ 0 };
}
