/* SPDX-License-Identifier: MIT */
/*
 * subcommand: a program of several commands, as crm-state and crm-auth are.
 * One table drives the call, -h and its overview; a command is a line of it.
 */
#ifndef SUBCOMMAND_H
#define SUBCOMMAND_H

#include "run.h"

struct subcommand {
	struct run_program program; /* .name: the whole program's; .synopsis:
	                               the command's name and its operands */
	const char *help;           /* one line, lower case, no full stop */
	void (*run)(struct run *r); /* reports its failures to the run */
};

/*
 * main() of such a program: finds the command, parses, runs it, and returns
 * the exit status.  Options may stand before the command; none of those may
 * take a value.  The table ends with one whose help is NULL.
 */
int subcommand_main(const struct subcommand *table, int argc, char **argv);

#endif
