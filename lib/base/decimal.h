/*
 * decimal: doubles and the decimal numbers they are written as.
 *
 * Both ways are exact: reading gives the double nearest to the text, and what
 * is written is the shortest decimal that reads back as the same double. No
 * locale changes that.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdint.h>

#include "span.h"

/* The number ${digits} times ten to the power of ${exp}. */
struct decimal {
	uint64_t digits; /* below 10^17; ends in 0 only if ${exp} is 0 */
	int exp;
	bool minus;
};

/*
 * decimal_of(d): Of the decimals with the fewest digits that read back as
 * ${d}, which is finite, the one nearest to it.
 */
struct decimal decimal_of(double d);

/*
 * decimal_f64, decimal_i64: Read a number that is spelled as in JSON. False
 * where it is too large for a double, or no whole number of 64 bits.
 */
bool decimal_f64(struct span number, double *to);
bool decimal_i64(struct span number, int64_t *to);

/*
 * decimal_power(k, g): Ten to the power of ${k}, from -342 to 324, as the 128
 * bits g[0], g[1], scaled by a power of two so that the highest is set and
 * rounded up.
 */
void decimal_power(int k, uint64_t g[2]);

#endif
