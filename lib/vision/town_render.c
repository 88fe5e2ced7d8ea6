#include "vision/town_render.h"

#include <math.h>

#include "vision/town_num.h"
#include "vision/town_paint.h"

#define HAZE_HIGH 300.0 /* metres of haze overhead */

/* What is the same for all rays of a picture. */
struct scene {
	const struct town *t;
	double sun[3]; /* the direction to it */
	double sun_rgb[3], sky_rgb[3], haze_rgb[3];
	double sight;
	double axes[9]; /* the camera's x, y and z in the world, as rows */
	double centre[3];
};

static double
dot(const double a[3], const double b[3])
{
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void
town_sun(const struct town_light *light, double to[3])
{
	double az[2], el[2];

	town_sincos(light->azimuth, &az[0], &az[1]);
	town_sincos(light->elevation, &el[0], &el[1]);
	to[0] = az[0] * el[1];
	to[1] = az[1] * el[1];
	to[2] = el[0];
}

/* A low sun is weaker and redder. */
static void
scene_init(struct scene *s, const struct town *t,
	const struct town_light *light, const struct town_camera *c)
{
	double low;

	s->t = t;
	town_sun(light, s->sun);
	low = town_clamp(1 - s->sun[2] / 0.7);
	for (int k = 0; k < 3; k++) {
		s->sun_rgb[k] = (k == 0          ? 1.25
					: k == 1 ? 1.18
						 : 1.05) -
		                low * (k == 0          ? 0.1
					      : k == 1 ? 0.35
						       : 0.6);
		s->sky_rgb[k] = (k == 0          ? 0.34
					: k == 1 ? 0.42
						 : 0.56) *
		                (1 - 0.25 * low);
		s->haze_rgb[k] = town_mix(0.85, 0.6, low) *
		                 (k == 0          ? 0.92
					 : k == 1 ? 0.97
						  : 1.05);
	}
	s->sight = light->sight;
	pose_rotation(&c->pose, s->axes);
	pose_centre(&c->pose, s->centre);
}

/* Haze takes away from what is ${far} metres off. */
static void
veil(const struct scene *s, double far, double rgb[3])
{
	double clear;

	if (s->sight <= 0)
		return;
	clear = town_decay(3 * far / s->sight);
	for (int k = 0; k < 3; k++)
		rgb[k] = town_mix(s->haze_rgb[k], rgb[k], clear);
}

/* Blue above, pale at the horizon, with clouds and the sun. */
static void
sky(const struct scene *s, const double way[3], double rgb[3])
{
	double length = sqrt(dot(way, way)), up = way[2] / length;
	double high = up < 0 ? 0 : up, glow, cloud = 0;

	for (int k = 0; k < 3; k++)
		rgb[k] = town_mix(s->haze_rgb[k],
			k == 0   ? 0.16
			: k == 1 ? 0.34
				 : 0.72,
			high * (2 - high));
	if (up > 0.02) {
		double x = way[0] / way[2], y = way[1] / way[2];

		cloud = town_cloud(s->t->today, x * 1.3, y * 1.3, 0.02 / up);
		cloud = town_clamp((cloud - 0.5) * 5) * town_clamp(up * 5);
	}
	glow = dot(way, s->sun) / length;
	glow = glow > 0.9 ? (glow - 0.9) * 6 : 0;
	for (int k = 0; k < 3; k++)
		rgb[k] = town_mix(rgb[k], 0.95, cloud * 0.8) +
		         glow * s->sun_rgb[k] * glow;
	veil(s, up > 0 ? HAZE_HIGH / up : HUGE_VAL, rgb);
}

static bool
in_shadow(const struct scene *s, const struct town_hit *h)
{
	struct town_ray ray;

	for (int k = 0; k < 3; k++) {
		ray.from[k] = h->at[k] + 1e-4 * h->normal[k];
		ray.way[k] = s->sun[k];
	}
	return town_shaded(&s->t->grid, &ray);
}

/* Light from the sky comes in freely high up, less so near the ground. */
static double
openness(const struct town_hit *h)
{
	double high = h->at[2] < 12 ? h->at[2] / 12 : 1;

	return 0.75 + 0.25 * high;
}

static void
shade(const struct scene *s, const struct town_ray *ray,
	const struct town_hit *h, double blur, double rgb[3])
{
	struct town_paint p;
	double facing = dot(h->normal, s->sun), sun = 0;
	double up = 0.5 + 0.5 * h->normal[2];

	town_paint(s->t, h, blur, &p);
	if (facing > 0 && !in_shadow(s, h))
		sun = facing;
	for (int k = 0; k < 3; k++) {
		double sky_light = s->sky_rgb[k] * up * openness(h);
		double bounce = 0.14 * (1 - up) * s->sun_rgb[k];

		rgb[k] = p.rgb[k] *
		         (sun * s->sun_rgb[k] + sky_light + bounce + 0.06);
	}
	if (p.gloss > 0) {
		double way[3], mirror[3], twice = 2 * dot(ray->way, h->normal);

		for (int k = 0; k < 3; k++)
			way[k] = ray->way[k] - twice * h->normal[k];
		sky(s, way, mirror);
		for (int k = 0; k < 3; k++)
			rgb[k] += p.gloss * mirror[k] * (way[2] > 0 ? 1 : 0.3);
	}
}

/* ${x}, ${y}: where on the picture, in pixels; returns the depth. */
static double
trace(const struct scene *s, const struct town_camera *c, double x, double y,
	double rgb[3])
{
	struct town_ray ray;
	struct town_hit h;
	double u = (x - c->width / 2.0) / c->focal;
	double v = (y - c->height / 2.0) / c->focal;
	double blur, length, slant;

	for (int k = 0; k < 3; k++) {
		ray.from[k] = s->centre[k];
		ray.way[k] = u * s->axes[k] + v * s->axes[3 + k] +
		             s->axes[6 + k];
	}
	if (!town_cast(&s->t->grid, &ray, &h)) {
		if (rgb)
			sky(s, ray.way, rgb);
		return HUGE_VAL;
	}
	if (rgb == NULL)
		return h.t;
	length = sqrt(dot(ray.way, ray.way));
	slant = fabs(dot(ray.way, h.normal)) / length;
	blur = h.t / (c->focal * c->samples) /
	       sqrt(slant > 0.01 ? slant : 0.01);
	shade(s, &ray, &h, blur, rgb);
	veil(s, h.t * length, rgb);
	return h.t;
}

static void
pixel(const struct scene *s, const struct town_camera *c, uint32_t x,
	uint32_t y, float *to)
{
	double sum[3] = { 0 }, rgb[3], n = c->samples;

	for (unsigned j = 0; j < c->samples; j++)
		for (unsigned i = 0; i < c->samples; i++) {
			trace(s, c, x + (i + 0.5) / n, y + (j + 0.5) / n, rgb);
			for (int k = 0; k < 3; k++)
				sum[k] += rgb[k] > 4 ? 4 : rgb[k];
		}
	for (int k = 0; k < 3; k++)
		to[k] = (float)(sum[k] / (n * n));
}

void
town_render(const struct town *t, const struct town_light *light,
	const struct town_camera *c, float *rgb, float *depth)
{
	struct scene s;

	scene_init(&s, t, light, c);
	for (uint32_t y = 0; y < c->height; y++)
		for (uint32_t x = 0; x < c->width; x++) {
			size_t at = (size_t)y * c->width + x;

			pixel(&s, c, x, y, rgb + 3 * at);
			depth[at] = (float)trace(&s, c, x + 0.5, y + 0.5, NULL);
		}
}
