/*
 * digest: SHA-256, for names that stand for their content.
 */
#ifndef RECORD_DIGEST_H
#define RECORD_DIGEST_H

#include "base/span.h"

#define DIGEST_HEX 64 /* characters, and a NUL behind them */

/* digest_hex(text, hex): SHA-256 of ${text} in lower-case hexadecimal. */
void digest_hex(struct span text, char hex[DIGEST_HEX + 1]);

#endif
