#include "camera.h"

#include <math.h>

#include "record/emit.h"
#include "record/json.h"

#define CONVERGED 1e-10 /* in (u, v): a ten-millionth of a pixel */
#define STEPS 100

static const struct model {
	const char *name;
	uint8_t params;
	uint8_t focals; /* 2: fx and fy */
} models[] = {
	[CAMERA_SIMPLE_PINHOLE] = { "SIMPLE_PINHOLE", 3, 1 },
	[CAMERA_PINHOLE] = { "PINHOLE", 4, 2 },
	[CAMERA_SIMPLE_RADIAL] = { "SIMPLE_RADIAL", 4, 1 },
	[CAMERA_RADIAL] = { "RADIAL", 5, 1 },
	[CAMERA_OPENCV] = { "OPENCV", 8, 2 },
};

#define MODELS (sizeof(models) / sizeof(*models))

const char *
camera_model_name(enum camera_model model)
{
	return models[model].name;
}

size_t
camera_model_params(enum camera_model model)
{
	return models[model].params;
}

static int
check(const struct camera *c, struct err *e)
{
	for (size_t i = 0; i < models[c->model].params; i++)
		if (!isfinite(c->params[i]))
			return err_set(
				e, "a camera's parameters have to be finite");
	for (size_t i = 0; i < models[c->model].focals; i++)
		if (c->params[i] <= 0)
			return err_set(e,
				"a camera's focal length has to be more than "
				"0, not %g",
				c->params[i]);
	return 0;
}

int
camera_set(struct camera *c, struct span name, const double *params, size_t n,
	struct err *e)
{
	size_t model = 0;

	while (model < MODELS && !span_is(name, models[model].name))
		model++;
	if (model == MODELS)
		return err_set(e,
			"there is no camera model %.*s here: convert it to "
			"SIMPLE_PINHOLE, PINHOLE, SIMPLE_RADIAL, RADIAL or "
			"OPENCV",
			SPAN_ARG(name));
	if (n != models[model].params)
		return err_set(e,
			"a camera of model %s has %d parameters, not %zu",
			models[model].name, models[model].params, n);
	*c = (struct camera){ .model = (enum camera_model)model };
	memcpy(c->params, params, n * sizeof(*params));
	return check(c, e);
}

static int
read_params(
	double to[CAMERA_PARAMS], size_t *n, struct span params, struct err *e)
{
	struct json_iter it = json_iter(params);
	struct json_member m;

	if (json_kind(params) != JSON_ARRAY)
		return err_set(e,
			"\"params\" of \"camera\" has to be an array of "
			"numbers, not %s",
			json_kind_name(json_kind(params)));
	for (*n = 0; json_next(&it, &m); ++*n)
		if (*n < CAMERA_PARAMS && !json_f64(m.value, &to[*n]))
			return err_set(e,
				"\"params\" of \"camera\" has to be numbers, "
				"not %.*s",
				SPAN_ARG(m.value));
	return 0;
}

/* The size is optional; where it is there it has to be one. */
static int
read_size(uint32_t *to, struct span record, const char *name, struct err *e)
{
	struct span v = json_get(record, name);
	int64_t n = 0;

	if (json_kind(v) != JSON_ABSENT && json_kind(v) != JSON_NULL &&
		(!json_i64(v, &n) || n < 1 || n > INT32_MAX))
		return err_set(e,
			"\"%s\" has to be a number of pixels, not %.*s", name,
			SPAN_ARG(v));
	*to = (uint32_t)n;
	return 0;
}

int
camera_read(struct camera *c, struct span record, struct err *e)
{
	struct span v = json_get(record, "camera"), name;
	double params[CAMERA_PARAMS];
	struct arena text = { NULL };
	size_t n = 0;
	int rc = -1;

	if (json_kind(v) != JSON_OBJECT)
		return err_set(e,
			"there is no \"camera\": give the image one, as "
			"{\"model\":\"PINHOLE\",\"params\":[fx,fy,cx,cy]}");
	name = json_str(json_get(v, "model"), &text);
	if (!name.s)
		err_set(e, "\"model\" of \"camera\" has to be a text");
	else if (read_params(params, &n, json_get(v, "params"), e) == 0 &&
		 camera_set(c, name, params, n, e) == 0 &&
		 read_size(&c->width, record, "width", e) == 0 &&
		 read_size(&c->height, record, "height", e) == 0)
		rc = 0;
	arena_release(&text);
	return rc;
}

void
camera_emit(struct buf *b, const struct camera *c)
{
	if (c->width && c->height) {
		emit_key(b, "width"), emit_u64(b, c->width);
		emit_key(b, "height"), emit_u64(b, c->height);
	}
	emit_key(b, "camera"), emit_begin(b, '{');
	emit_key(b, "model"), emit_cstr(b, models[c->model].name);
	emit_key(b, "params"), emit_begin(b, '[');
	for (size_t i = 0; i < models[c->model].params; i++)
		emit_f64(b, c->params[i]);
	emit_end(b, ']'), emit_end(b, '}');
}

struct camera_lens
camera_lens(const struct camera *c)
{
	const double *p = c->params;

	if (models[c->model].focals == 2)
		return (struct camera_lens){ p[0], p[1], p[2], p[3] };
	return (struct camera_lens){ p[0], p[0], p[1], p[2] };
}

/* k1, k2, p1, p2, with 0 for what the model does not have. */
static void
bend(const struct camera *c, double k[4])
{
	size_t from = models[c->model].focals + 2;

	for (size_t i = 0; i < 4; i++)
		k[i] = from + i < models[c->model].params ? c->params[from + i]
		                                          : 0;
}

bool
camera_distorts(const struct camera *c)
{
	double k[4];

	bend(c, k);
	return k[0] < 0 || k[0] > 0 || k[1] < 0 || k[1] > 0 || k[2] < 0 ||
	       k[2] > 0 || k[3] < 0 || k[3] > 0;
}

/*
 * Does the radius grow all the way out to rr? Its slope is 1 + 3 k1 s + 5 k2 ss
 * at s; between the ends that is least at its vertex.
 */
static bool
unfolded(const double k[4], double rr)
{
	double vertex = k[1] > 0 ? -3 * k[0] / (10 * k[1]) : rr;
	double s = vertex > 0 && vertex < rr ? vertex : rr;

	return 1 + s * (3 * k[0] + s * 5 * k[1]) > 0;
}

/*
 * What the lens makes of (u, v), and how that changes with them: j is symmetric,
 * duu, duv, dvv. False beyond where it folds back.
 */
static bool
distort(const double k[4], const double at[2], double to[2], double j[3])
{
	double u = at[0], v = at[1], rr = u * u + v * v;
	double radial = 1 + rr * (k[0] + rr * k[1]);
	double slope = 2 * (k[0] + 2 * k[1] * rr); /* d radial / d u, over u */

	to[0] = u * radial + 2 * k[2] * u * v + k[3] * (rr + 2 * u * u);
	to[1] = v * radial + k[2] * (rr + 2 * v * v) + 2 * k[3] * u * v;
	j[0] = radial + u * u * slope + 2 * k[2] * v + 6 * k[3] * u;
	j[1] = u * v * slope + 2 * k[2] * u + 2 * k[3] * v;
	j[2] = radial + v * v * slope + 6 * k[2] * v + 2 * k[3] * u;
	return unfolded(k, rr) && j[0] * j[2] - j[1] * j[1] > 0;
}

bool
camera_project(const struct camera *c, const double point[3], double pixel[2])
{
	struct camera_lens l = camera_lens(c);
	double k[4], at[2], bent[2], j[3];

	if (!(point[2] > 0))
		return false;
	at[0] = point[0] / point[2];
	at[1] = point[1] / point[2];
	bend(c, k);
	if (!distort(k, at, bent, j))
		return false;
	pixel[0] = l.fx * bent[0] + l.cx;
	pixel[1] = l.fy * bent[1] + l.cy;
	return true;
}

bool
camera_ray(const struct camera *c, const double pixel[2], double ray[3])
{
	struct camera_lens l = camera_lens(c);
	double want[2] = { (pixel[0] - l.cx) / l.fx, (pixel[1] - l.cy) / l.fy };
	double k[4], at[2] = { want[0], want[1] }, got[2], j[3];

	bend(c, k);
	ray[2] = 1;
	for (int step = 0; step < STEPS; step++) {
		bool unfolds = distort(k, at, got, j);
		double du = want[0] - got[0], dv = want[1] - got[1];
		double det = j[0] * j[2] - j[1] * j[1];

		if (unfolds && fabs(du) < CONVERGED && fabs(dv) < CONVERGED) {
			ray[0] = at[0], ray[1] = at[1];
			return true;
		}
		/* Beyond the fold Newton would run away: come back in. */
		if (!unfolds) {
			at[0] /= 2, at[1] /= 2;
			continue;
		}
		at[0] += (j[2] * du - j[1] * dv) / det;
		at[1] += (j[0] * dv - j[1] * du) / det;
	}
	return false;
}
