/*
 * rec: one record, a line that holds a JSON object.
 *
 * A record keeps its raw bytes. Members that nobody sets leave exactly as they
 * came; rec_set replaces a member's value where it stands, or splices a new
 * member in front of the closing brace. The raw bytes belong to the stream and
 * are valid until its next record is read, unless rec_hold copied them.
 * Whatever else belongs to a record is allocated from its arena. A zeroed
 * struct is a record that was not read yet.
 */
#ifndef RECORD_REC_H
#define RECORD_REC_H

#include "base/buf.h"
#include "record/json.h"

struct rec {
	struct span raw; /* the line without its end */
	struct json_members members;
	struct json_members inner; /* of the objects among their values */
	struct arena arena;
	const char *file; /* where it came from, for messages; or NULL */
	uint64_t line;    /* counted from 1 */
	struct rec_edit *edits;
	size_t nedits, edits_cap;
};

/*
 * rec_parse(r, text, f): Make ${r} the record ${text}, forgetting what it was.
 * Returns 0, or -1 with ${f} filled where the text is not a JSON object.
 */
int rec_parse(struct rec *r, struct span text, struct json_fault *f);

/* rec_get(r, name): The member's value as it is now, set or original. */
struct span rec_get(const struct rec *r, const char *name);

/* rec_iter(r, name): json_iter of that value, walked but once. */
struct json_iter rec_iter(const struct rec *r, const char *name);

/*
 * rec_set(r, name, json): Give the member ${name} (a literal or otherwise
 * longer-lived text) the value ${json}, which must live as long as the record.
 */
void rec_set(struct rec *r, const char *name, struct span json);

/* rec_set_buf(r, name, b): The same with a copy of what ${b} holds. */
void rec_set_buf(struct rec *r, const char *name, const struct buf *b);

/* rec_unset(r, name): Take the member out. */
void rec_unset(struct rec *r, const char *name);

/* rec_id(r): "id" or else "prompt_id", as JSON text; null counts as absent. */
struct span rec_id(const struct rec *r);

/*
 * rec_sample(r): Which draw of its prompt the record is: "sample", or 0 where
 * that is no whole number from 0 on.
 */
uint64_t rec_sample(const struct rec *r);

/*
 * rec_fail(r, code, fmt, ...): Put an "error" with this tool's name on the
 * record. ${code} is one lower-case word that programs may rely on, as
 * cupel-record(5) lists them; the message is for people.
 */
void rec_fail(struct rec *r, const char *code, const char *fmt, ...)
	PRINTF(3, 4);

/* rec_failed(r): Does the record carry an "error" that is not null? */
bool rec_failed(const struct rec *r);

/* rec_hold(r): Copy the raw bytes, so that they outlive the next read. */
void rec_hold(struct rec *r);

/* rec_print(r, b): Append the record as it is now, without a line end. */
void rec_print(const struct rec *r, struct buf *b);

void rec_release(struct rec *r);

#endif
