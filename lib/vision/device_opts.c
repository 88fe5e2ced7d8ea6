#include <stdlib.h>
#include <strings.h>

#include "vision/device.h"
#include "vision/device_opts.h"

static const char *wanted;
static bool told;

const struct opt device_opts[] = {
	{ 0, "device", "CHOICE",
		"the OpenCL device (default $CUPEL_CL, or the best)",
		OPT_STR(&wanted) },
	{ 0 },
};

const char *
device_chosen(const char *choice)
{
	if (choice == NULL)
		choice = wanted;
	if (choice == NULL)
		choice = getenv("CUPEL_CL");
	return choice ? choice : "";
}

bool
device_chosen_none(const char *choice)
{
	return strcasecmp(choice, "none") == 0;
}

void
device_without(const char *why)
{
	if (!told)
		warn("%s: plain C does the work, more slowly (--device none "
		     "says that this is meant)",
			why);
	told = true;
}
