/*
 * bucket: a limit on requests a second, as providers keep it.
 *
 * A token bucket that holds one second's worth of requests (at least one) and
 * fills steadily. Time comes from the caller, so that tests can make it up.
 */
#ifndef MODEL_BUCKET_H
#define MODEL_BUCKET_H

#include <stdint.h>

struct bucket {
	double rate; /* requests a second; 0: no limit */
	double left;
	uint64_t at_ms; /* when ${left} was right; 0: never */
};

/*
 * bucket_take(b, now_ms): Take a token. Returns 0, or in how many milliseconds
 * there will be one, rounded up.
 */
uint64_t bucket_take(struct bucket *b, uint64_t now_ms);

/* bucket_size(b): Tokens in a full bucket. */
double bucket_size(const struct bucket *b);

/* bucket_full_ms(b): In how many milliseconds it is full again. */
uint64_t bucket_full_ms(const struct bucket *b);

#endif
