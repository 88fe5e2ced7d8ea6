/* fuzz-emit: any bytes as a string, as a key, and each eight of them as a double. */
#include "emit_laws.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	double d;

	law_text(text);
	for (size_t i = 0; i + sizeof(d) <= size && i < 64; i += sizeof(d)) {
		memcpy(&d, data + i, sizeof(d));
		law_f64(d);
	}
	return 0;
}
