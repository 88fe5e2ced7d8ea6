/*
 * caveat: what people should know about a response type and its orderings.
 *
 * None of it is an error, and each of it is likely a mistake: labels that nobody
 * has, completions that no label ranks, lists with a hole in them.
 */
#ifndef EVAL_CAVEAT_H
#define EVAL_CAVEAT_H

#include "eval/sheet.h"

/* caveat_tell(t): Tell what there is to tell about the type. */
void caveat_tell(const struct sheet_type *t);

/* caveat_no_pairs(t): Why there are none, if there are none. */
const char *caveat_no_pairs(const struct sheet_type *t);

#endif
