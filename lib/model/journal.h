/*
 * journal: replies on disk, so that nothing is asked and paid for twice.
 *
 * A journal is a file of lines in the format of the results of an OpenAI batch:
 *
 *	{"id":KEY,"custom_id":KEY,"response":{"status_code":200,
 *	 "request_id":ID,"body":{the reply}},"error":null}
 *
 * so journal, cache, recorded replies and downloaded batch results are one
 * thing. Lines of Anthropic's batches, {"custom_id":KEY,"result":{"type":
 * "succeeded","message":{the reply}}}, are read as well; lines that tell of a
 * failure are passed over. Of lines with the same key the last one counts.
 *
 * Only keys are kept in memory; replies are read again where they are wanted.
 * One process at a time has a journal.
 */
#ifndef MODEL_JOURNAL_H
#define MODEL_JOURNAL_H

#include "base/buf.h"

#define JOURNAL_KEY 64 /* characters at the most, for batches allow no more */

/*
 * journal_key(key, body, url, draw, again): The key of a request: what is asked,
 * where, which draw of it, and the how many-th asking after replies that were
 * not acceptable. Letters, digits, "-" only.
 *
 *	SHA-256(body), 40 digits "-" SHA-256(url), 8 digits "-" draw ["r" again]
 */
void journal_key(char key[JOURNAL_KEY + 1], struct span body, const char *url,
	unsigned draw, unsigned again);

/*
 * journal_parse(line, key, body): The two in a line that has them, as JSON text
 * that points into ${line}. 1, or 0 where the line tells of a failure, or -1
 * where it is no line of a journal.
 */
int journal_parse(struct span line, struct span *key, struct span *body);

struct journal;

/*
 * journal_open(path, longest, e): Open the file, which need not exist and whose
 * lines have ${longest} bytes at the most, about. A torn last line,
 * as kill -9 or a full disk leave it, is cut off; other lines that are none of a
 * journal's are skipped; both with a warning. NULL with ${e} filled on failure,
 * such as a second process that has the file, or a file that is no journal,
 * which stays as it is.
 */
struct journal *journal_open(const char *path, size_t longest, struct err *e);

/* journal_has(j, key): Is there a reply under ${key}? */
bool journal_has(const struct journal *j, const char *key);

/*
 * journal_find(j, key, body, e): Read that reply into ${body}: 1, or 0 where
 * there is none, or -1 where it cannot be read.
 */
int journal_find(
	struct journal *j, const char *key, struct buf *body, struct err *e);

/*
 * journal_add(j, key, id, body, e): Append the reply, a JSON value, with the
 * server's ${id} for it. It survives the process, however that ends, as soon as
 * this returns 0. On -1 the file is as it was.
 */
int journal_add(struct journal *j, const char *key, const char *id,
	struct span body, struct err *e);

/* journal_sync(j, e): Whatever was added survives the machine. */
int journal_sync(struct journal *j, struct err *e);

/* journal_close(j, e): Sync and close; 0 or -1. NULL is fine. */
int journal_close(struct journal *j, struct err *e);

#endif
