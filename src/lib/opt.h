/* SPDX-License-Identifier: MIT */
/*
 * opt: options as data.  One table drives parsing, -h and the test that holds
 * it against the man page.  Long options take "--name value" or
 * "--name=value"; short ones bundle; "--" ends options; "-" is an operand.
 * A single-value option given twice is an error.
 */
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum opt_kind {
	OPT_FLAG,   /* bool * */
	OPT_STRING, /* const char ** */
	OPT_LIST,   /* struct opt_list *: may be repeated */
	OPT_COUNT   /* int64_t *: a whole number from min to max */
};

struct opt_list {
	const char **items; /* owned array of argv's own strings */
	size_t count;
};

struct opt {
	char letter;       /* 0 when there is only a long name */
	const char *name;  /* long name, without dashes */
	const char *value; /* name of its argument in -h, NULL for a flag */
	const char *help;  /* one line, lower case, no full stop */
	enum opt_kind kind;
	void *target;
	int64_t min, max;  /* OPT_COUNT */
};

#define OPT_END { 0, NULL, NULL, NULL, OPT_FLAG, NULL, 0, 0 }

/*
 * Parses argv by the given tables (NULL-terminated list; each ends with
 * OPT_END).  Operands are moved, in order, to argv[1..*operands].
 * RC_CONFIG with words on any mistake.
 */
enum rc opt_parse(const struct opt *const *tables, int argc, char **argv,
    int *operands, struct err *e) RC_CHECK;

/* Prints "usage: NAME SYNOPSIS", then a line an option, to stdout. */
void opt_usage(const char *name, const char *synopsis,
    const struct opt *const *tables);

#endif
