/* SPDX-License-Identifier: MIT */
/* crm-auth: logs in to systems, and out. */
#include <string.h>

#include "../lib/secret.h"
#include "auth.h"

struct command {
	struct run_program program; /* .synopsis: name and operands */
	const char *help;
	void (*run)(struct run *r);
};

static const struct command commands[] = {
	{ { "crm-auth", "login SYSTEM", login_opts, 2, 2 },
	    "agree in the browser; or --token, from stdin", login_run },
	{ { "crm-auth", "list", NULL, 1, 1 },
	    "who is logged in where, and until when", list_run },
	{ { "crm-auth", "test [SYSTEM...]", NULL, 1, -1 },
	    "ask each who we are there, and what we may", test_run },
	{ { "crm-auth", "logout SYSTEM", logout_opts, 2, 2 },
	    "revoke what was granted, then forget it", logout_run },
	{ { "crm-auth", "rekey", NULL, 1, 1 },
	    "encrypt all with a new key", rekey_run },
};

#define COMMANDS (sizeof commands / sizeof *commands)

/* Options may stand before the command; none of those takes a value. */
static const struct command *
find(int argc, char **argv)
{
	size_t i, len;
	int arg = 1;

	while (arg < argc && argv[arg][0] == '-')
		arg++;
	for (i = 0; i < COMMANDS && arg < argc; i++) {
		len = strcspn(commands[i].program.synopsis, " ");
		if (strlen(argv[arg]) == len && memcmp(argv[arg],
		    commands[i].program.synopsis, len) == 0)
			return &commands[i];
	}
	return NULL;
}

/* "COMMAND", and a line for each below. */
static const char *
overview(struct buf *b)
{
	size_t i;

	BUF_LIT(b, "COMMAND");
	for (i = 0; i < COMMANDS; i++)
		buf_printf(b, "\n  %-32s %s", commands[i].program.synopsis,
		    commands[i].help);
	return buf_cstr(b);
}

/* -h, --version, or a call that names no command. */
static int
without_command(int argc, char **argv)
{
	struct run_program program = { "crm-auth", "", NULL, 0, -1 };
	struct buf text;
	struct run run;
	struct err e;

	buf_init(&text, 1 << 16, "usage");
	program.synopsis = overview(&text);
	run_open(&run, &program, argc, argv);
	if (run.operands)
		run_fatal(&run, err_set(&e, RC_CONFIG, "no command '%s'; see"
		    " --help", run.operand[0]), &e);
	run_fatal(&run, err_set(&e, RC_CONFIG, "which command? See --help"),
	    &e);
}

int
main(int argc, char **argv)
{
	const struct command *c = find(argc, argv);
	struct run run;

	secret_guard();
	if (!c)
		return without_command(argc, argv);
	run_open(&run, &c->program, argc, argv);
	c->run(&run);
	return run_close(&run);
}
