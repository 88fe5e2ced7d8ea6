/*
 * price: what tokens cost.
 *
 * Prices are data: share/prices.json, or a file of the user's own, with
 *
 *	{"models":{"NAME":{"input":2,"cached":0.5,"output":8}}}
 *
 * in dollars for a million tokens. A name stands for its dated versions, too
 * ("gpt-4.1" for "gpt-4.1-2025-04-14"), not for other models whose names begin
 * like it ("gpt-4.1-mini").
 */
#ifndef MODEL_PRICE_H
#define MODEL_PRICE_H

#include "base/buf.h"
#include "model/chat.h"

struct price {
	double input, cached, output; /* dollars for a token */
};

/*
 * price_load(p, path, model, e): The price of ${model} from the file ${path},
 * NULL for the one that comes with the tools. 1, or 0 where the file has none
 * for it, or -1 where the file is not as it should be.
 */
int price_load(
	struct price *p, const char *path, const char *model, struct err *e);

/* price_of(p, u): What a request costs. */
double price_of(const struct price *p, const struct chat_usage *u);

#endif
