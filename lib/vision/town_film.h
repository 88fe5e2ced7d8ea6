/*
 * town_film: light to samples, with the faults of a real camera.
 */
#ifndef VISION_TOWN_FILM_H
#define VISION_TOWN_FILM_H

#include "vision/image.h"
#include "vision/town_render.h"

struct town_film {
	uint8_t channels, bits; /* 1 or 3; 8 or 16 */
	double exposure; /* stops beyond what the camera chooses by itself */
	double blur;     /* standard deviation in pixels, 0: none */
	double noise;    /* standard deviation in 256ths of full scale */
	uint32_t seed;   /* of the noise */
};

/*
 * town_film(f, rgb, im): Develop ${rgb} into ${im}, whose size is set; samples
 * are sRGB-encoded. ${rgb} is used up. Returns 0, or -1 with ${e} filled.
 */
int town_film(
	const struct town_film *f, float *rgb, struct image *im, struct err *e);

#endif
