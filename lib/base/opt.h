/*
 * opt: options, from one typed table.
 *
 * A tool describes itself in a struct tool: parsing, --help and shell
 * completion all read it, and tests hold the manual against it. Long options
 * are not abbreviated, options come before operands, "--" ends them and "-" is
 * an operand. Besides its own tables every tool has -h, --help, --version and
 * a hidden --dump-options (letter, name, argument, help; tab-separated).
 *
 * An option's destination holds the default before opt_parse and the user's
 * choice after it. Strings are not copied: they point into argv. A number may
 * have bounds, which hold for what is given and not for the default.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "die.h"

/* A list of strings, in the order given. */
struct opt_list {
	const char **v;
	size_t n;
};

enum opt_kind {
	OPT_KIND_FLAG, /* present: true */
	OPT_KIND_U64,  /* a decimal whole number */
	OPT_KIND_SIZE, /* bytes: a whole number, k M G behind it (powers of 2) */
	OPT_KIND_F64,  /* a finite decimal number */
	OPT_KIND_STR,  /* any text */
	OPT_KIND_LIST,   /* any text, may be given again */
	OPT_KIND_CHOICE, /* one of ${names}: its index */
	OPT_KIND_PARSE,  /* whatever ${parse} takes, may be given again */
};

/* opt_parser: Read ${text}; return 0, or -1 with ${e} filled. */
typedef int opt_parser(const char *text, struct err *e);

struct opt {
	char letter;      /* 0: none */
	const char *name; /* without the dashes; NULL ends the table */
	const char *arg;  /* what the argument is called in --help, or NULL */
	const char *help; /* one line, lower case, with its default */
	enum opt_kind kind;
	union {
		bool *flag;
		uint64_t *u64;
		double *f64;
		const char **str;
		struct opt_list *list;
		int *choice;
		opt_parser *parse;
	} to;
	const char *const *names; /* OPT_KIND_CHOICE: the words, NULL-ended */
	double least, most;       /* OPT_WITHIN: of OPT_KIND_U64 or _F64 */
	const char *expected;     /* what is said otherwise; NULL: no bounds */
};

#define OPT_FLAG(p) .kind = OPT_KIND_FLAG, .to.flag = (p)
#define OPT_U64(p) .kind = OPT_KIND_U64, .to.u64 = (p)
#define OPT_SIZE(p) .kind = OPT_KIND_SIZE, .to.u64 = (p)
#define OPT_F64(p) .kind = OPT_KIND_F64, .to.f64 = (p)
#define OPT_STR(p) .kind = OPT_KIND_STR, .to.str = (p)
#define OPT_LIST(p) .kind = OPT_KIND_LIST, .to.list = (p)
#define OPT_CHOICE(p, words)                                                   \
	.kind = OPT_KIND_CHOICE, .to.choice = (p), .names = (words)
#define OPT_PARSE(fn) .kind = OPT_KIND_PARSE, .to.parse = (fn)
/* Behind OPT_U64 or OPT_F64; ${what}: "a number from 1 to 64 is expected". */
#define OPT_WITHIN(low, high, what)                                            \
	.least = (low), .most = (high), .expected = (what)

struct tool {
	const char *name;     /* without "cupel-" */
	const char *summary;  /* the manual's one-line description */
	const char *operands; /* "[file ...]" say */
	const struct opt *const
		*tables; /* NULL-ended, in the order of --help */
};

/*
 * opt_parse(tool, argv): Set ${progname} and the options' destinations; return
 * the operands, NULL-ended. A mistake ends the tool with ST_USAGE and a line
 * that says how to do it right; --help and --version end it with ST_OK.
 */
char **opt_parse(const struct tool *tool, char **argv);

/*
 * opt_belong(holds, with, names): Refuse what would be ignored: of the options
 * ${names}, long names with blanks between, any that was given where ${holds}
 * is false ends the tool with ST_USAGE and "--NAME goes with ${with}".
 */
void opt_belong(bool holds, const char *with, const char *names);

/*
 * opt_numbers(text, between, v, most): For a parser: the finite numbers of
 * ${text}, with the character ${between} between them, into ${v}. Returns how
 * many there are; 0 where it is anything else or more than ${most}.
 */
size_t opt_numbers(const char *text, char between, double *v, size_t most);

#endif
