#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "model/hints.h"

#define TEXT 64 /* bytes of a value that are looked at */

void
hints_init(struct hints *h)
{
	*h = (struct hints){ .after = -1, .reset = -1 };
	h->resets[0][0] = h->resets[0][1] = -1;
	h->resets[1][0] = h->resets[1][1] = -1;
}

/* Numbers and times. */

/* A plain decimal number, without sign, exponent or blanks; what follows it. */
static const char *
decimal(const char *s, double *to)
{
	double place = 1;

	if ((*s < '0' || *s > '9') && *s != '.')
		return NULL;
	for (*to = 0; *s >= '0' && *s <= '9'; s++)
		*to = *to * 10 + (*s - '0');
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			*to += (place /= 10) * (*s - '0');
	return s;
}

/* Longer names first: "ms" is not minutes. */
static const struct {
	const char *name;
	double seconds;
} units[] = { { "ms", 1e-3 }, { "us", 1e-6 }, { "\xc2\xb5s", 1e-6 },
	{ "ns", 1e-9 }, { "d", 86400 }, { "h", 3600 }, { "m", 60 },
	{ "s", 1 } };

static const char *
unit(const char *s, double *seconds)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t n = strlen(units[i].name);

		if (strncmp(s, units[i].name, n) == 0) {
			*seconds = units[i].seconds;
			return s + n;
		}
	}
	return NULL;
}

static const char *
terminated(struct span text, char to[TEXT])
{
	text = span_trim(text, " \t\r\n");
	if (text.len >= TEXT)
		text.len = TEXT - 1;
	if (text.len)
		memcpy(to, text.s, text.len);
	to[text.len] = '\0';
	return to;
}

double
hints_duration(struct span text)
{
	char copy[TEXT];
	const char *s = terminated(text, copy);
	double sum = 0, n, seconds;

	for (bool first = true; *s || first; first = false) {
		s = decimal(s, &n);
		if (s == NULL)
			return -1;
		if (*s == '\0')
			return first ? n : -1;
		s = unit(s, &seconds);
		if (s == NULL)
			return -1;
		sum += n * seconds;
	}
	return sum;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int
days(int year, int month, int day)
{
	int y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

/* ${n} digits at ${*s}, and the byte ${after} behind them. */
static bool
digits(const char **s, int n, char after, int *to)
{
	for (*to = 0; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*to = *to * 10 + (**s - '0');
	}
	return after == '\0' || *(*s)++ == after;
}

/* 08:49:37 */
static bool
clock_time(const char **s, double *seconds)
{
	int h, m, sec;

	if (!digits(s, 2, ':', &h) || !digits(s, 2, ':', &m) ||
		!digits(s, 2, '\0', &sec))
		return false;
	*seconds = h * 3600.0 + m * 60 + sec;
	return h < 24 && m < 60 && sec <= 60;
}

static double
http_date(const char *s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *month;
	char name[4] = "";
	double seconds;
	int day, year;

	s = strchr(s, ',');
	if (s == NULL || *++s != ' ')
		return -1;
	s++;
	if (!digits(&s, 2, ' ', &day) || strlen(s) < 4)
		return -1;
	memcpy(name, s, 3);
	month = strstr(months, name);
	s += 4;
	if (month == NULL || (month - months) % 3 ||
		!digits(&s, 4, ' ', &year) || !clock_time(&s, &seconds))
		return -1;
	return days(year, 1 + (int)(month - months) / 3, day) * 86400.0 +
	       seconds;
}

static double
rfc3339(const char *s)
{
	int year, month, day, h, m;
	double seconds, fraction = 0, offset = 0;

	if (!digits(&s, 4, '-', &year) || !digits(&s, 2, '-', &month) ||
		!digits(&s, 2, 'T', &day) || month < 1 || month > 12 ||
		!clock_time(&s, &seconds))
		return -1;
	if (*s == '.')
		s = decimal(s, &fraction);
	if (*s == '+' || *s == '-') {
		double sign = *s++ == '+' ? -1 : 1;

		if (!digits(&s, 2, ':', &h) || !digits(&s, 2, '\0', &m))
			return -1;
		offset = sign * (h * 3600 + m * 60);
	}
	return days(year, month, day) * 86400.0 + seconds + fraction + offset;
}

double
hints_date(struct span text)
{
	char copy[TEXT];
	const char *s = terminated(text, copy);

	return *s >= '0' && *s <= '9' ? rfc3339(s) : http_date(s);
}

/* Headers. */

static bool
name_is(struct span name, const char *s)
{
	return name.len == strlen(s) && strncasecmp(name.s, s, name.len) == 0;
}

static bool
name_ends(struct span name, const char *s)
{
	size_t n = strlen(s);

	return name.len >= n && strncasecmp(name.s + name.len - n, s, n) == 0;
}

static bool
name_starts(struct span name, const char *s)
{
	return name.len >= strlen(s) && strncasecmp(name.s, s, strlen(s)) == 0;
}

static void
keep(char to[HINTS_ID + 1], struct span text)
{
	if (text.len > HINTS_ID)
		text.len = HINTS_ID;
	memcpy(to, text.s, text.len);
	to[text.len] = '\0';
}

static void
retry_after(struct hints *h, struct span value, double now)
{
	double seconds = hints_duration(value), date;

	if (seconds < 0) {
		date = hints_date(value);
		seconds = date < 0 ? -1 : fmax(date - now, 0);
	}
	if (!h->in_ms)
		h->after = seconds;
}

static void
retry_after_ms(struct hints *h, struct span value)
{
	double ms = hints_duration(value);

	if (ms < 0)
		return;
	h->after = ms / 1000;
	h->in_ms = true;
}

/*
 * x-ratelimit-reset-tokens: 6m0s, x-ratelimit-remaining-requests: 0,
 * anthropic-ratelimit-input-tokens-reset: 2026-01-01T00:00:00Z
 */
static void
limit(struct hints *h, struct span name, struct span value, double now)
{
	bool tokens = name_ends(name, "tokens") ||
	              name_ends(name, "tokens-reset") ||
	              name_ends(name, "tokens-remaining");
	bool anthropic = name_starts(name, "anthropic-");
	double date = hints_date(value), seconds = hints_duration(value);

	if (anthropic ? name_ends(name, "-remaining")
		      : name_starts(name, "x-ratelimit-remaining")) {
		if (seconds >= 0 && seconds < 1)
			h->resets[tokens][1] = fmax(h->resets[tokens][1], 0);
		return;
	}
	if (anthropic ? !name_ends(name, "-reset")
		      : !name_starts(name, "x-ratelimit-reset"))
		return;
	if (date >= 0)
		seconds = fmax(date - now, 0);
	if (seconds > 1e12) /* milliseconds since 1970 */
		seconds = fmax(seconds / 1000 - now, 0);
	else if (seconds > 1e9) /* seconds since then */
		seconds = fmax(seconds - now, 0);
	h->resets[tokens][0] = fmax(h->resets[tokens][0], seconds);
}

void
hints_line(struct hints *h, struct span line, double now)
{
	const char *colon = line.len ? memchr(line.s, ':', line.len) : NULL;
	struct span name, value;

	if (colon == NULL)
		return;
	name = (struct span){ line.s, (size_t)(colon - line.s) };
	value = (struct span){ colon + 1, line.len - name.len - 1 };
	value = span_trim(value, " \t\r\n");
	if (name_is(name, "retry-after"))
		retry_after(h, value, now);
	else if (name_is(name, "retry-after-ms"))
		retry_after_ms(h, value);
	else if (name_is(name, "x-should-retry"))
		h->retry = span_is(value, "true")    ? HINTS_RETRY
		           : span_is(value, "false") ? HINTS_GIVE_UP
		                                     : HINTS_SILENT;
	else if (name_is(name, "x-request-id") || name_is(name, "request-id"))
		keep(h->id, value);
	else if (name_is(name, "location"))
		keep(h->location, value);
	else if (name_starts(name, "x-ratelimit-") ||
		 name_starts(name, "anthropic-ratelimit-"))
		limit(h, name, value, now);
}

/* What is used up decides; else the sooner one, as it may be either. */
void
hints_done(struct hints *h)
{
	double soonest = -1;

	for (int i = 0; i < 2; i++) {
		double reset = h->resets[i][0];

		if (reset < 0)
			continue;
		if (h->resets[i][1] >= 0)
			h->reset = fmax(h->reset, reset);
		soonest = soonest < 0 ? reset : fmin(soonest, reset);
	}
	if (h->reset < 0)
		h->reset = soonest;
}
