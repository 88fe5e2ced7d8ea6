/*
 * town_render: what a camera sees of a town.
 *
 * Light is linear: the sun's with shadows, the sky's by how much of it a surface
 * faces, the sky's again in what is glossy, and haze in between. A pixel is the
 * mean of samples x samples rays; its depth is that of the ray through its
 * centre, along the camera's z axis and not along the ray.
 */
#ifndef VISION_TOWN_RENDER_H
#define VISION_TOWN_RENDER_H

#include "vision/pose.h"
#include "vision/town.h"

struct town_light {
	double azimuth,
		elevation; /* of the sun, degrees, from north over east */
	double sight; /* metres at which haze takes 95 % of the contrast; 0: none */
};

/* town_sun(light, to): The unit vector to the sun. */
void town_sun(const struct town_light *light, double to[3]);

struct town_camera {
	struct pose pose;
	uint32_t width, height;
	double focal;     /* pixels; the principal point is in the middle */
	unsigned samples; /* in a row of a pixel's, 1 to 8 */
};

/*
 * town_render(t, light, c, rgb, depth): Fill ${rgb}, width * height * 3 numbers
 * of linear light in which 1 is about as bright as white paint in the sun, and
 * ${depth}, width * height in metres, infinite for the sky.
 */
void town_render(const struct town *t, const struct town_light *light,
	const struct town_camera *c, float *rgb, float *depth);

#endif
