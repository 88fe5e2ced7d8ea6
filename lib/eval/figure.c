#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "eval/centred.h"
#include "eval/figure.h"

/* In pixels. */
#define WIDTH 960
#define LEFT 62
#define PANEL_WIDTH 410
#define PANEL_HEIGHT 170
#define GAP 50
#define HEADER 70
#define LEGEND_LINE 20
#define CHAR 5.8 /* of the legend's text, about */

#define MOST_BINS 128
#define BINS 40 /* about as many */

/* Okabe and Ito's colours, which the colour-blind can tell apart. */
static const char *const colours[] = { "#009e73", "#0072b2", "#e69f00",
	"#d55e00", "#cc79a7", "#56b4e9", "#666666" };
#define COLOURS (sizeof(colours) / sizeof(colours[0]))

static const char *const titles[CENTRED_TIMES] = { "reward model alone",
	"reward model and rules" };

/* What the two panels of a response type share. */
struct axes {
	double step;  /* width of a bin; one is centred on 0 */
	double first; /* bins: that of 0 is number 0 */
	int nbins;
	double top;  /* greatest share of completions that is shown */
	bool beyond; /* some values lie outside */
};

struct panel {
	const struct centred *c;
	const struct axes *axes;
	int time;
	double x, y; /* upper left corner */
	int cut;     /* columns that were too high so far */
};

/* Text. */

static void
put_text(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i];

		if (c == '<')
			buf_add(b, SPAN("&lt;"));
		else if (c == '&')
			buf_add(b, SPAN("&amp;"));
		else
			buf_byte(b, c < ' ' ? ' ' : (char)c);
	}
}

static void
put_label(struct buf *b, double x, double y, const char *how, const char *text)
{
	buf_printf(b, "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, how,
		text);
}

static void
put_line(struct buf *b, const double at[4], const char *how)
{
	buf_printf(b,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n",
		at[0], at[1], at[2], at[3], how);
}

/* Axes. */

/* The least of 1, 2, 5 times a power of ten that is not below ${x}. */
static double
nice(double x)
{
	double power = pow(10, floor(log10(x)));

	if (x <= power)
		return power;
	return x <= 2 * power   ? 2 * power
	       : x <= 5 * power ? 5 * power
	                        : 10 * power;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double *
all_values(const struct centred *c, size_t *n)
{
	double *v;
	size_t k = 0;

	for (size_t i = 0; i < c->nlabels; i++)
		k += CENTRED_TIMES * c->labels[i].n;
	v = mem_alloc(k + 1, sizeof(*v));
	*n = k;
	k = 0;
	for (size_t i = 0; i < c->nlabels; i++)
		for (int time = 0; time < CENTRED_TIMES; time++)
			for (size_t j = 0; j < c->labels[i].n; j++)
				v[k++] = fmax(-1e300,
					fmin(1e300, c->labels[i].v[time][j]));
	qsort(v, k, sizeof(*v), by_value);
	return v;
}

/* A few values far out must not press the others together. */
static void
find_range(const struct centred *c, double range[2])
{
	size_t n, cut;
	double *v = all_values(c, &n), low, high;

	cut = n / 200;
	low = fmin(0, v[cut]);
	high = fmax(0, v[n - 1 - cut]);
	range[0] = fmin(0, v[0]);
	range[1] = fmax(0, v[n - 1]);
	if (range[1] - range[0] > 1.3 * (high - low)) {
		range[0] = low;
		range[1] = high;
	}
	if (!(range[1] - range[0] > 1e-9)) {
		range[0] = -1;
		range[1] = 1;
	}
	free(v);
}

static int
bin_of(const struct axes *a, double x)
{
	double bin = floor(x / a->step + 0.5) - a->first;

	return bin <= 0 ? 0 : bin >= a->nbins ? a->nbins - 1 : (int)bin;
}

/* The share of the label's completions that is in each bin; the greatest. */
static double
shares(const struct axes *a, const struct centred_label *l, int time,
	double to[MOST_BINS])
{
	double most = 0;

	for (int i = 0; i < a->nbins; i++)
		to[i] = 0;
	for (size_t i = 0; i < l->n; i++)
		to[bin_of(a, l->v[time][i])] += 1;
	for (int i = 0; i < a->nbins; i++) {
		to[i] /= (double)l->n;
		most = fmax(most, to[i]);
	}
	return most;
}

/*
 * Where a prompt has one ideal completion that one is at 0: a column of 100 %
 * would leave nothing to see of the others, so it is cut.
 */
static double
find_top(const struct axes *a, const struct centred *c)
{
	double bins[MOST_BINS], all = 0, others = 0;

	for (size_t i = 0; i < c->nlabels; i++)
		for (int time = 0; time < CENTRED_TIMES; time++) {
			double most = shares(a, &c->labels[i], time, bins);

			all = fmax(all, most);
			if (!c->labels[i].ideal)
				others = fmax(others, most);
		}
	return 1.1 * (others > 0 && all > 1.5 * others ? others : all);
}

static struct axes
make_axes(const struct centred *c)
{
	double range[2];
	struct axes a = { 0 };

	find_range(c, range);
	a.step = nice((range[1] / BINS - range[0] / BINS));
	a.first = floor(range[0] / a.step + 0.5) - 1;
	a.nbins = (int)(floor(range[1] / a.step + 0.5) - a.first) + 2;
	a.top = find_top(&a, c);
	for (size_t i = 0; i < c->nlabels; i++)
		for (int time = 0; time < CENTRED_TIMES; time++) {
			const struct centred_label *l = &c->labels[i];

			a.beyond |= l->v[time][0] < range[0] ||
			            l->v[time][l->n - 1] > range[1];
		}
	return a;
}

static double
x_of(const struct panel *p, double value)
{
	double bins = value / p->axes->step + 0.5 - p->axes->first;

	return p->x + PANEL_WIDTH * bins / p->axes->nbins;
}

static double
y_of(const struct panel *p, double share)
{
	double part = fmin(share / p->axes->top, 1);

	return p->y + PANEL_HEIGHT * (1 - part);
}

/* Panels. */

static void
put_frame(struct panel *p, struct buf *b)
{
	double zero = x_of(p, 0), right = p->x + PANEL_WIDTH,
	       bottom = p->y + PANEL_HEIGHT;

	buf_printf(b,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" "
		"fill=\"#faf1ee\"/>\n",
		zero, p->y, right - zero, PANEL_HEIGHT);
	put_label(b, p->x, p->y - 8, "class=\"panel\"", titles[p->time]);
	put_label(b, right - 4, p->y - 8, "class=\"note\" text-anchor=\"end\"",
		"shaded: outranks the ideal");
	put_line(
		b, (double[]){ p->x, bottom, right, bottom }, "class=\"axis\"");
	put_line(b, (double[]){ zero, p->y, zero, bottom },
		"stroke=\"#555\" stroke-dasharray=\"3 3\"");
}

static void
put_x_ticks(const struct panel *p, struct buf *b)
{
	const struct axes *a = p->axes;
	double bottom = p->y + PANEL_HEIGHT,
	       step = nice(a->step * a->nbins / 8);
	double low = (a->first - 0.5) * a->step,
	       high = low + a->step * a->nbins;

	for (double k = ceil(low / step); k * step <= high; k++) {
		double x = x_of(p, k * step);
		char text[32];

		snprintf(text, sizeof(text), "%s%.6g",
			k < 0 ? "\xe2\x88\x92" : "", fabs(k * step));
		put_line(b, (double[]){ x, bottom, x, bottom + 4 },
			"class=\"axis\"");
		put_label(b, x, bottom + 17, "class=\"tick\"", text);
	}
	put_label(b, p->x + PANEL_WIDTH / 2.0, bottom + 34, "class=\"tick\"",
		"reward \xe2\x88\x92 mean reward of the prompt\xe2\x80\x99s "
		"ideal completions");
}

static void
put_y_ticks(const struct panel *p, struct buf *b)
{
	double step = nice(p->axes->top / 5);

	for (double k = 0; k * step <= p->axes->top; k++) {
		double y = y_of(p, k * step);
		char text[32];

		snprintf(text, sizeof(text), "%.3g%%", 100 * k * step);
		if (k > 0)
			put_line(b,
				(double[]){ p->x, y, p->x + PANEL_WIDTH, y },
				"stroke=\"#ddd\"");
		put_label(b, p->x - 6, y + 4,
			"class=\"tick\" "
			"style=\"text-anchor:end\"",
			text);
	}
	if (p->time == 0)
		buf_printf(b,
			"<text transform=\"translate(%.1f %.1f) rotate(-90)\" "
			"class=\"tick\">share of its completions</text>\n",
			p->x - 46, p->y + PANEL_HEIGHT / 2.0);
}

/* How high a column is whose top is not to be seen. */
static void
put_cuts(struct panel *p, size_t label, const double *bins, struct buf *b)
{
	const struct axes *a = p->axes;

	for (int i = 0; i < a->nbins; i++) {
		double x = p->x + PANEL_WIDTH * (i + 1.0) / a->nbins;

		if (bins[i] <= a->top)
			continue;
		buf_printf(b,
			"<text x=\"%.1f\" y=\"%.1f\" class=\"cut\" "
			"fill=\"%s\">\xe2\x86\x91 %.0f%%</text>\n",
			x + 4, p->y + 14 + 15 * p->cut++,
			colours[label % COLOURS], 100 * bins[i]);
	}
}

/* Outlines where there is something: they do not run along the axis. */
static void
put_outline(const struct panel *p, const double *bins, struct buf *b)
{
	int n = p->axes->nbins;
	double bottom = p->y + PANEL_HEIGHT, width = (double)PANEL_WIDTH / n;

	for (int i = 0; i < n; i++) {
		if (!(bins[i] > 0))
			continue;
		if (i == 0 || !(bins[i - 1] > 0))
			buf_printf(b, "M%.1f %.1f", p->x + width * i, bottom);
		buf_printf(b, "V%.1fH%.1f", y_of(p, bins[i]),
			p->x + width * (i + 1));
		if (i + 1 == n || !(bins[i + 1] > 0))
			buf_printf(b, "V%.1f", bottom);
	}
}

static void
put_histogram(struct panel *p, size_t label, struct buf *b)
{
	double bins[MOST_BINS];
	const char *colour = colours[label % COLOURS];

	shares(p->axes, &p->c->labels[label], p->time, bins);
	buf_add(b, SPAN("<path d=\""));
	put_outline(p, bins, b);
	buf_printf(b,
		"\" fill=\"%s\" fill-opacity=\"0.22\" stroke=\"%s\" "
		"stroke-width=\"1.6\"%s/>\n",
		colour, colour,
		label >= COLOURS ? " stroke-dasharray=\"4 2\"" : "");
	put_cuts(p, label, bins, b);
}

static void
put_panel(struct panel *p, struct buf *b)
{
	put_frame(p, b);
	put_y_ticks(p, b);
	put_x_ticks(p, b);
	for (size_t i = p->c->nlabels; i-- > 0;)
		put_histogram(p, i, b);
}

/* Response types. */

/* Returns the y below it. */
static double
put_legend(const struct centred *c, double y, struct buf *b)
{
	double x = LEFT;

	for (size_t i = 0; i < c->nlabels; i++) {
		const struct centred_label *l = &c->labels[i];
		struct arena a = { 0 };
		struct span text = arena_printf(&a, "%.*s%s, n = %zu",
			SPAN_ARG(l->name), l->ideal ? " (ideal)" : "", l->n);
		double width = 22 + CHAR * (double)utf8_count(text) + 18;

		if (x > LEFT && x + width > WIDTH) {
			x = LEFT;
			y += LEGEND_LINE;
		}
		buf_printf(b,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"14\" "
			"height=\"11\" fill=\"%s\" fill-opacity=\"0.35\" "
			"stroke=\"%s\" stroke-width=\"1.6\"%s/>\n",
			x, y - 10, colours[i % COLOURS], colours[i % COLOURS],
			i >= COLOURS ? " stroke-dasharray=\"4 2\"" : "");
		buf_printf(b, "<text x=\"%.1f\" y=\"%.1f\">", x + 21, y);
		put_text(b, text);
		buf_add(b, SPAN("</text>\n"));
		x += width;
		arena_release(&a);
	}
	return y + LEGEND_LINE;
}

/* Returns the y below it. */
static double
put_notes(
	const struct centred *c, const struct axes *a, double y, struct buf *b)
{
	if (!a->beyond && !c->without)
		return y;
	buf_printf(b, "<text x=\"%d\" y=\"%.1f\" class=\"note\">", LEFT, y);
	if (a->beyond)
		buf_add(b, SPAN("The outermost columns hold what lies beyond "
				"them. "));
	if (c->without)
		buf_printf(b,
			"Not shown: %zu prompts without an ideal completion.",
			c->without);
	buf_add(b, SPAN("</text>\n"));
	return y + 20;
}

static double
put_panels(const struct centred *c, double y, struct buf *b)
{
	struct axes a = make_axes(c);

	y = put_legend(c, y, b) + 26;
	for (int time = 0; time < CENTRED_TIMES; time++) {
		struct panel p = { .c = c,
			.axes = &a,
			.time = time,
			.x = LEFT + time * (PANEL_WIDTH + GAP),
			.y = y };

		put_panel(&p, b);
	}
	return put_notes(c, &a, y + PANEL_HEIGHT + 56, b) + 24;
}

/* Returns where the next one begins. */
static double
put_type(const struct sheet_type *t, double y, struct buf *b)
{
	struct centred c;

	centred_of(&c, t);
	buf_printf(b, "<text x=\"%d\" y=\"%.1f\" class=\"type\">", LEFT, y);
	put_text(b, t->order->name);
	buf_printf(b,
		"<tspan class=\"note\" dx=\"10\">%zu prompts</tspan></text>\n",
		c.prompts);
	if (c.prompts) {
		y = put_panels(&c, y + 24, b);
	} else {
		put_label(b, LEFT, y + 24, "class=\"note\"",
			"No prompt has an ideal completion, so there is "
			"nothing to compare with.");
		y += 70;
	}
	centred_release(&c);
	return y;
}

static void
put_head(double height, struct buf *b)
{
	buf_printf(b,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%.0f\" viewBox=\"0 0 %d %.0f\" "
		"font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" "
		"font-size=\"12\" fill=\"#222\">\n",
		WIDTH, height, WIDTH, height);
	buf_add(b, SPAN("<title>Rewards of completions, before and after the "
			"rules</title>\n"
			"<style>.tick{fill:#444;font-size:11px;"
			"text-anchor:middle}.note{fill:#666;font-size:11px;"
			"font-weight:normal}.type{font-size:15px;"
			"font-weight:bold}.panel{font-weight:bold}"
			".cut{font-size:11px;font-weight:bold}"
			".axis{stroke:#444}</style>\n"
			"<rect width=\"100%\" height=\"100%\" "
			"fill=\"#fff\"/>\n"));
	put_label(b, LEFT, 32, "font-size=\"18\" font-weight=\"bold\"",
		"Rewards of completions, before and after the rules");
}

void
figure_svg(const struct sheet *s, struct buf *b)
{
	size_t *order = map_sorted(&s->types);
	struct buf body = { 0 };
	double y = HEADER;

	for (size_t i = 0; i < s->types.n; i++)
		y = put_type(&s->v[order[i]], y, &body);
	put_head(y, b);
	buf_add(b, buf_span(&body));
	buf_add(b, SPAN("</svg>\n"));
	buf_release(&body);
	free(order);
}
