/* SPDX-License-Identifier: MIT */
/* crm-state: makes the home of a sync, shows and repairs what is in it. */
#include <stdio.h>
#include <string.h>

#include "../lib/buf.h"
#include "commands.h"
#include "pick.h"

struct command {
	struct run_program program; /* .synopsis: name and operands */
	const char *help;
	void (*run)(struct run *r);
};

static const struct command commands[] = {
	{ { "crm-state", "init", NULL, 1, 1 },
	    "make the home of a sync: $CRM_HOME, or .crm here", init_run },
	{ { "crm-state", "systems [ENTITY...]", NULL, 1, -1 },
	    "which entity is kept the same where, parents first",
	    systems_run },
	{ { "crm-state", "show [ENTITY] UID", show_opts, 2, 4 },
	    "what is known of one record; or ENTITY SYSTEM ID", show_run },
	{ { "crm-state", "links", links_opts, 1, 1 },
	    "which record of which system is which of ours", links_run },
	{ { "crm-state", "queue [SYSTEM [UID...]]", pick_list_opts, 1, -1 },
	    "what is pending, a line each", queue_run },
	{ { "crm-state", "approve [SYSTEM [UID...]]", pick_change_opts, 1,
	    -1 }, "release what was only proposed", approve_run },
	{ { "crm-state", "retry [SYSTEM [UID...]]", pick_change_opts, 1, -1 },
	    "try again what was refused, waits or was skipped", retry_run },
	{ { "crm-state", "skip [SYSTEM [UID...]]", pick_change_opts, 1, -1 },
	    "leave it undelivered until it is decided again", skip_run },
	{ { "crm-state", "conflicts", conflicts_opts, 1, 1 },
	    "fields that wait for a person, a line each", conflicts_run },
	{ { "crm-state", "reviews", reviews_opts, 1, 1 },
	    "records of which a person says which one they are",
	    reviews_run },
	{ { "crm-state", "decide [ENTITY UID FIELD SYSTEM]", decide_opts, 1,
	    5 }, "the field gets that system's value everywhere",
	    decide_run },
	{ { "crm-state", "todo [SYSTEM]", todo_opts, 1, 2 },
	    "what is read again by its id, and why", todo_run },
	{ { "crm-state", "dismiss SYSTEM [ID...]", dismiss_opts, 2, -1 },
	    "take it off that list; it is read when it changes",
	    dismiss_run },
	{ { "crm-state", "account SYSTEM", account_opts, 2, 2 },
	    "which account stands behind it; --accept another",
	    account_run },
	{ { "crm-state", "audit", audit_opts, 1, 1 },
	    "what was decided and done; --verify proves it",
	    audit_run },
	{ { "crm-state", "runs [RUN]", NULL, 1, 2 },
	    "what each stage of each run did, a line each", runs_run },
	{ { "crm-state", "undo RUN", undo_opts, 2, 2 },
	    "set back what a run decided; prints the plan", undo_run },
	{ { "crm-state", "forget UID", forget_opts, 2, 2 },
	    "erase a record's values, wherever the home has them",
	    forget_run },
	{ { "crm-state", "dump", NULL, 1, 1 },
	    "all the state knows, as lines", dump_run },
	{ { "crm-state", "backup FILE", NULL, 2, 2 },
	    "a copy of the state, while others work", backup_run },
	{ { "crm-state", "restore FILE", NULL, 2, 2 },
	    "make a home out of a dump or a backup", restore_run },
	{ { "crm-state", "check", check_opts, 1, 1 },
	    "read every row, hold the tables against each other",
	    check_run },
	{ { "crm-state", "upgrade", NULL, 1, 1 },
	    "bring an older state up to this program's format",
	    upgrade_run },
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
	struct run_program program = { "crm-state", "", NULL, 0, -1 };
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

	if (!c)
		return without_command(argc, argv);
	run_open(&run, &c->program, argc, argv);
	c->run(&run);
	return run_close(&run);
}
