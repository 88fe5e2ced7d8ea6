#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "opt.h"

static const struct tool *self;
static bool wants_help, wants_version, wants_dump;
static const struct opt **given; /* in the order of the command line */
static size_t ngiven;

static const struct opt standard[] = {
	{ 'h', "help", NULL, "show this help", OPT_FLAG(&wants_help) },
	{ 0, "version", NULL, "show the version", OPT_FLAG(&wants_version) },
	{ 0 },
};
static const struct opt hidden[] = {
	{ 0, "dump-options", NULL, "", OPT_FLAG(&wants_dump) },
	{ 0 },
};

/* Calls ${fn} with each table until it returns an option. */
static const struct opt *
each_table(const struct opt *(*fn)(const struct opt *, const char *, size_t),
	const char *key, size_t len)
{
	const struct opt *o = NULL;

	for (size_t i = 0; !o && self->tables && self->tables[i]; i++)
		o = fn(self->tables[i], key, len);
	return o ? o : fn(standard, key, len);
}

static const struct opt *
by_name(const struct opt *t, const char *name, size_t len)
{
	for (; t->name; t++)
		if (strlen(t->name) == len && memcmp(t->name, name, len) == 0)
			return t;
	return NULL;
}

static const struct opt *
by_letter(const struct opt *t, const char *letter, size_t len)
{
	(void)len;
	for (; t->name; t++)
		if (t->letter && t->letter == *letter)
			return t;
	return NULL;
}

/* Parsing an argument. */

static int
whole(const char *text, uint64_t *to, char **end)
{
	errno = 0;
	*to = strtoull(text, end, 10);
	return *text < '0' || *text > '9' || errno ? -1 : 0;
}

static int
parse_u64(const struct opt *o, const char *text, struct err *e)
{
	char *end;

	if (whole(text, o->to.u64, &end) || *end)
		return err_set(e, "a whole number is expected");
	return 0;
}

static int
parse_size(const struct opt *o, const char *text, struct err *e)
{
	static const char units[] = "kMG";
	const char *unit;
	char *end;
	int shift = 0;

	if (whole(text, o->to.u64, &end))
		return err_set(
			e, "a size such as 65536, 64k, 16M or 1G is expected");
	if (*end && (unit = strchr(units, *end)) && end[1] == '\0') {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || *o->to.u64 > UINT64_MAX >> (shift + 1))
		return err_set(
			e, "a size such as 65536, 64k, 16M or 1G is expected");
	*o->to.u64 <<= shift;
	return 0;
}

static int
parse_f64(const struct opt *o, const char *text, struct err *e)
{
	char *end;
	double d = strtod(text, &end);

	if (end == text || *end || !isfinite(d))
		return err_set(e, "a number is expected");
	*o->to.f64 = d;
	return 0;
}

size_t
opt_numbers(const char *text, char between, double *v, size_t most)
{
	for (size_t n = 0; n < most; text++) {
		char *end;

		v[n] = strtod(text, &end);
		if (end == text || !isfinite(v[n]))
			return 0;
		n++;
		if (*end == '\0')
			return n;
		if (*end != between)
			return 0;
		text = end;
	}
	return 0;
}

static int
parse_choice(const struct opt *o, const char *text, struct err *e)
{
	size_t used = 0;

	for (int i = 0; o->names[i]; i++)
		if (strcmp(o->names[i], text) == 0)
			return *o->to.choice = i, 0;
	used += (size_t)snprintf(e->msg, sizeof(e->msg), "expected");
	for (int i = 0; o->names[i] && used < sizeof(e->msg); i++)
		used += (size_t)snprintf(e->msg + used, sizeof(e->msg) - used,
			"%s %s", i ? "," : " one of", o->names[i]);
	return -1;
}

static int
parse_list(const struct opt *o, const char *text, struct err *e)
{
	struct opt_list *l = o->to.list;

	(void)e;
	l->v = mem_resize(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = text;
	return 0;
}

static int
parse_argument(const struct opt *o, const char *text, struct err *e)
{
	switch (o->kind) {
	case OPT_KIND_FLAG:
		return *o->to.flag = true, 0;
	case OPT_KIND_U64:
		return parse_u64(o, text, e);
	case OPT_KIND_SIZE:
		return parse_size(o, text, e);
	case OPT_KIND_F64:
		return parse_f64(o, text, e);
	case OPT_KIND_STR:
		return *o->to.str = text, 0;
	case OPT_KIND_LIST:
		return parse_list(o, text, e);
	case OPT_KIND_CHOICE:
		return parse_choice(o, text, e);
	case OPT_KIND_PARSE:
		return o->to.parse(text, e);
	}
	return -1;
}

static _Noreturn void
usage(const char *problem, const char *dash, const char *name, size_t len)
{
	die(ST_USAGE, "%s %s%.*s; see %s --help", problem, dash, (int)len, name,
		progname);
}

static void
take(const struct opt *o, const char *text)
{
	struct err e = { "" };

	if (parse_argument(o, text, &e))
		die(ST_USAGE, "--%s %s: %s", o->name, text, e.msg);
	given = mem_resize(given, ngiven + 1, sizeof(*given));
	given[ngiven++] = o;
}

/* "--name", "--name=value", "--name value"; returns the next argument. */
static char **
long_option(char **argv)
{
	const char *name = *argv + 2;
	size_t len = strcspn(name, "=");
	const struct opt *o = each_table(by_name, name, len);

	if (o == NULL)
		o = by_name(hidden, name, len);
	if (o == NULL)
		usage("unknown option", "--", name, len);
	if (o->kind == OPT_KIND_FLAG && name[len])
		usage("no argument belongs to", "--", name, len);
	if (o->kind == OPT_KIND_FLAG || name[len])
		return take(o, name[len] ? name + len + 1 : ""), argv + 1;
	if (argv[1] == NULL)
		usage("an argument is missing behind", "--", name, len);
	return take(o, argv[1]), argv + 2;
}

/* "-abc", "-nvalue", "-n value"; returns the next argument. */
static char **
letters(char **argv)
{
	for (const char *p = *argv + 1; *p; p++) {
		const struct opt *o = each_table(by_letter, p, 1);

		if (o == NULL)
			usage("unknown option", "-", p, 1);
		if (o->kind == OPT_KIND_FLAG) {
			take(o, "");
			continue;
		}
		if (p[1])
			return take(o, p + 1), argv + 1;
		if (argv[1] == NULL)
			usage("an argument is missing behind", "-", p, 1);
		return take(o, argv[1]), argv + 2;
	}
	return argv + 1;
}

/* Showing the table. */

static const struct opt *
show_help(const struct opt *t, const char *unused, size_t len)
{
	(void)unused, (void)len;
	for (; t->name; t++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
			t->letter ? '-' : ' ', t->letter ? t->letter : ' ',
			t->letter ? "," : " ", t->name, t->arg ? " " : "",
			t->arg ? t->arg : "");
		printf("  %-26s %s%s\n", left,
			strlen(left) > 26 ? "\n                             "
					  : "",
			t->help);
	}
	return NULL;
}

static const struct opt *
dump(const struct opt *t, const char *unused, size_t len)
{
	(void)unused, (void)len;
	for (; t->name; t++)
		printf("%c\t%s\t%s\t%s\n", t->letter ? t->letter : '-', t->name,
			t->arg ? t->arg : "", t->help);
	return NULL;
}

static _Noreturn void
finish(void)
{
	if (fflush(stdout) || ferror(stdout))
		die(ST_CUT, "standard output: %s", strerror(errno));
	exit(ST_OK);
}

static void
answer_standard(void)
{
	if (wants_version) {
		printf("%s (Cupel) %s\n", progname, VERSION);
		finish();
	}
	if (wants_help) {
		printf("usage: %s [option ...]%s%s\n%s\n\n", progname,
			*self->operands ? " " : "", self->operands,
			self->summary);
		each_table(show_help, NULL, 0);
		printf("\nSee %s(1) and cupel(7).\n", progname);
		finish();
	}
	if (wants_dump) {
		each_table(dump, NULL, 0);
		finish();
	}
}

/*
 * A standard stream that is closed must not be what the next open, socket or
 * pipe returns: records would go into the journal. What stands there instead
 * can neither be read (0) nor written (1, 2).
 */
static void
occupy_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
			open("/dev/null",
				fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			exit(ST_CUT);
}

/* The last of several is the one that counts, so this is for the end. */
static void
check_bounds(void)
{
	for (size_t i = 0; i < ngiven; i++) {
		const struct opt *o = given[i];
		double x;

		if (o->expected == NULL)
			continue;
		x = o->kind == OPT_KIND_U64 ? (double)*o->to.u64 : *o->to.f64;
		if (x < o->least || x > o->most)
			die(ST_USAGE, "--%s: %s", o->name, o->expected);
	}
}

char **
opt_parse(const struct tool *tool, char **argv)
{
	static char name[64];

	occupy_standard_streams();
	self = tool;
	snprintf(name, sizeof(name), "cupel-%s", tool->name);
	progname = name;
	argv++;
	while (*argv && (*argv)[0] == '-' && (*argv)[1]) {
		if (strcmp(*argv, "--") == 0) {
			argv++;
			break;
		}
		argv = (*argv)[1] == '-' ? long_option(argv) : letters(argv);
	}
	answer_standard();
	check_bounds();
	return argv;
}

/* What belongs to something else. */

static bool
was_given(const struct opt *o)
{
	for (size_t i = 0; i < ngiven; i++)
		if (given[i] == o)
			return true;
	return false;
}

void
opt_belong(bool holds, const char *with, const char *names)
{
	for (size_t len; *names; names += len) {
		const struct opt *o;

		names += strspn(names, " ");
		len = strcspn(names, " ");
		o = each_table(by_name, names, len);
		if (o == NULL)
			die(ST_USAGE, "no option is called --%.*s", (int)len,
				names);
		if (!holds && was_given(o))
			die(ST_USAGE, "--%s goes with %s", o->name, with);
	}
}
