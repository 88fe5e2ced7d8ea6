/* fuzz-json: any bytes as a text. */
#include "fuzz.h"
#include "json_laws.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	laws((struct span){ (const char *)data, size });
	return 0;
}
