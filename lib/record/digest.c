#include <openssl/evp.h>

#include "base/die.h"
#include "record/digest.h"

void
digest_hex(struct span text, char hex[DIGEST_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[DIGEST_HEX / 2];

	if (!EVP_Digest(text.s ? text.s : "", text.len, md, NULL, EVP_sha256(),
		    NULL))
		die(ST_CUT, "libcrypto cannot compute SHA-256");
	for (size_t i = 0; i < sizeof(md); i++) {
		hex[2 * i] = digits[md[i] >> 4];
		hex[2 * i + 1] = digits[md[i] & 15];
	}
	hex[DIGEST_HEX] = '\0';
}
