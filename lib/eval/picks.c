#include "eval/picks.h"

void
picks_row(struct picks *p, const struct trainer_side *side)
{
	struct err e;

	if (p->to == TRAINER_NONE) {
		stream_write(p->st, side->r);
		return;
	}
	buf_clear(&p->line);
	if (trainer_row(p->to, side, p->rows, &p->line, &e)) {
		complain_of(&p->unwritten, side->r, "%s", e.msg);
		return;
	}
	stream_put(p->st, buf_span(&p->line));
	p->rows++;
}

bool
picks_pair(struct picks *p, const struct trainer_side *better,
	const struct trainer_side *worse)
{
	struct err e;

	if (trainer_same(better->r, worse->r)) {
		p->twins++;
		return false;
	}
	buf_clear(&p->line);
	if (trainer_pair(p->to, better, worse, &p->line, &e)) {
		complain_of(&p->unwritten, better->r, "%s", e.msg);
		return false;
	}
	stream_put(p->st, buf_span(&p->line));
	return true;
}

void
picks_failed(struct picks *p, struct rec *r)
{
	struct span why = json_str(
		json_get(rec_get(r, "error"), "message"), &r->arena);

	if (p->to)
		complain_of(&p->unwritten, r, "%.*s",
			SPAN_ARG(why.s ? why : SPAN("it carries an error")));
	else
		stream_write(p->st, r);
}

void
picks_release(struct picks *p)
{
	buf_release(&p->line);
}
