/*
 * chat_fail: what an error body means, within lib/model.
 *
 * Servers say the same failures with different statuses, codes and shapes; here
 * is the one table of them.
 */
#ifndef MODEL_CHAT_FAIL_H
#define MODEL_CHAT_FAIL_H

#include "model/chat.h"

/*
 * chat_fail_in_band(r, json, a): As chat_fail for an object that holds an
 * "error" though the status was 200.
 */
void chat_fail_in_band(struct chat_reply *r, struct span json, struct arena *a);

#endif
