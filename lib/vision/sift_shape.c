#include "sift_shape.h"

const struct sift_build sift_builds[] = {
	{ "-D LANES=1", 1, false },
	{ "-D LANES=1 -D ALONE", 1, true },
	{ "-D LANES=8", 8, false },
	{ "-D LANES=8 -D ALONE", 8, true },
	{ 0 },
};

const char *
sift_shape_options(struct sift_shape shape)
{
	const struct sift_build *b = sift_builds;

	while (b->options &&
		(b->lanes != shape.lanes || b->alone != (shape.group == 1)))
		b++;
	return b->options;
}
