/* SPDX-License-Identifier: MIT */
/* crm-state: makes the home of a sync, shows and repairs what is in it. */
#include "../lib/subcommand.h"
#include "commands.h"
#include "pick.h"

static const struct subcommand commands[] = {
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
	{ { NULL, NULL, NULL, 0, 0 }, NULL, NULL }
};

int
main(int argc, char **argv)
{
	return subcommand_main(commands, argc, argv);
}
