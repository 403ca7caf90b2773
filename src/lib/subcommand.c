/* SPDX-License-Identifier: MIT */
#include "subcommand.h"

#include <string.h>

#include "buf.h"

#define OVERVIEW_CAP (1 << 16) /* bytes of a program's -h */

static const struct subcommand *
find(const struct subcommand *table, int argc, char **argv)
{
	int arg = 1;

	while (arg < argc && argv[arg][0] == '-')
		arg++;
	for (; table->help && arg < argc; table++) {
		const char *name = table->program.synopsis;
		size_t len = strcspn(name, " ");

		if (strlen(argv[arg]) == len &&
		    memcmp(argv[arg], name, len) == 0)
			return table;
	}
	return NULL;
}

/* "COMMAND", and a line for each below. */
static const char *
overview(const struct subcommand *table, struct buf *b)
{
	BUF_LIT(b, "COMMAND");
	for (; table->help; table++)
		buf_printf(b, "\n  %-32s %s", table->program.synopsis,
		    table->help);
	return buf_cstr(b);
}

/* -h, --version, or a call that names no command. */
static int
without_command(const struct subcommand *table, int argc, char **argv)
{
	struct run_program program = { table->program.name, "", NULL, 0, -1 };
	struct buf text;
	struct run run;
	struct err e;

	buf_init(&text, OVERVIEW_CAP, "usage");
	program.synopsis = overview(table, &text);
	run_open(&run, &program, argc, argv);
	if (run.operands)
		run_fatal(&run, err_set(&e, RC_CONFIG, "no command '%s'; see"
		    " --help", run.operand[0]), &e);
	run_fatal(&run, err_set(&e, RC_CONFIG, "which command? See --help"),
	    &e);
}

int
subcommand_main(const struct subcommand *table, int argc, char **argv)
{
	const struct subcommand *c = find(table, argc, argv);
	struct run run;

	if (!c)
		return without_command(table, argc, argv);
	run_open(&run, &c->program, argc, argv);
	c->run(&run);
	return run_close(&run);
}
