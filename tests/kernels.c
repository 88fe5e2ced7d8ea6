/*
 * kernels: for tests/lint-kernels, every program that a device may be asked to
 * compile; tests/limits.t asks one and sees that there are no others.
 *
 * A line each: file, kind of device (cpu, gpu, any), feature that it must have or
 * "-", options. They are those of the tables that lib/vision reads too; what
 * orb_device.c and atlas.c ask for has no options.
 */
#include <stdio.h>

#include "vision/device_trait.h"
#include "vision/nearest_shape.h"
#include "vision/sift_shape.h"

/* Nobody asks a device here. */
const struct device_info *
device_info(const struct device *d)
{
	(void)d;
	return NULL;
}

bool
device_can(struct device *d, enum device_feature feature)
{
	(void)d, (void)feature;
	return false;
}

static void
row(const char *file, const char *kind, const char *feature,
	const char *options)
{
	printf("%s %s %s %s\n", file, kind, feature, options);
}

int
main(void)
{
	const struct nearest_shape *s = nearest_shapes;

	for (int i = 0; i < DEVICE_FEATURES; i++)
		row("probe.cl", "any", device_traits[i].name,
			device_traits[i].options);
	for (; s->name; s++)
		row("nearest.cl",
			!s->gpu   ? "cpu"
			: !s->cpu ? "gpu"
				  : "any",
			s->probed ? device_traits[s->feature].name : "-",
			s->options);
	for (const struct sift_build *b = sift_builds; b->options; b++)
		row("sift.cl", b->lanes > 1 ? "cpu" : "any", "-", b->options);
	row("orb.cl", "any", "-", "");
	row("retrieve.cl", "any", "-", "");
	return 0;
}
