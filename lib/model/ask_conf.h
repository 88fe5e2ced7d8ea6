/*
 * ask_conf: what the options and the environment say about asking, within
 * lib/model.
 */
#ifndef MODEL_ASK_CONF_H
#define MODEL_ASK_CONF_H

#include "base/buf.h"
#include "model/chat.h"
#include "model/http.h"

#define ASK_MAX_REPLY (1 << 30) /* bytes, the most that --max-reply may say */

struct ask_conf {
	/* options */
	const char *model, *url, *journal, *key_file, *prices;
	int api; /* enum chat_api */
	uint64_t jobs, tries, retries, max_requests, max_reply;
	double timeout, max_wait, max_cost;
	bool http1, send_key, progress, dry_run, batch;

	/* made of them by ask_conf_load */
	struct http_address address;
	struct buf more;          /* --set: a JSON object, or empty */
	struct buf key;           /* or empty */
	const char *key_variable; /* that may hold it */
	bool sends_key;
	struct arena arena;     /* of the headers */
	const char *headers[8]; /* NULL-ended */
};

/*
 * ask_conf_load(): The options as given, checked and completed from the
 * environment; dies of usage where they are wrong or a key is missing.
 */
const struct ask_conf *ask_conf_load(void);

/* ask_conf_release(): Forget the key and the rest. */
void ask_conf_release(void);

#endif
