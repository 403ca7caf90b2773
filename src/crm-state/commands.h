/* SPDX-License-Identifier: MIT */
/*
 * commands: what crm-state can do.  A command is one line in the table of
 * main.c and one file beside it.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "../lib/run.h"

/* Each reports its failures to the run. */

/* init: makes the home of a sync. */
void init_run(struct run *r);

/* show: everything known of one record. */
void show_run(struct run *r);
extern const struct opt show_opts[];

/* links: which record of which system is which of ours. */
void links_run(struct run *r);
extern const struct opt links_opts[];

/* queue: what is pending; approve, retry, skip: a person's word on it.
 * Options: pick.h. */
void queue_run(struct run *r);
void approve_run(struct run *r);
void retry_run(struct run *r);
void skip_run(struct run *r);

/* conflicts: what waits for a person; reviews: those of identity alone;
 * decide: the person's word. */
void conflicts_run(struct run *r);
extern const struct opt conflicts_opts[];
void reviews_run(struct run *r);
extern const struct opt reviews_opts[];
void decide_run(struct run *r);
extern const struct opt decide_opts[];

/* systems: which entity is kept the same where. */
void systems_run(struct run *r);

/* todo, dismiss: what is read again by its id whatever the cursor says. */
void todo_run(struct run *r);
extern const struct opt todo_opts[];
void dismiss_run(struct run *r);
extern const struct opt dismiss_opts[];

/* account: which account stands behind a system's name; or the next one. */
void account_run(struct run *r);
extern const struct opt account_opts[];

/* audit: shows what was decided and done, or proves that nobody changed it. */
void audit_run(struct run *r);
extern const struct opt audit_opts[];

/* runs: what each stage of each run did. */
void runs_run(struct run *r);

/* undo: what a run decided, set back; the plan of that on stdout. */
void undo_run(struct run *r);
extern const struct opt undo_opts[];

/* dump, restore: all the state knows as lines, and a home out of them, or out
 * of a backup. */
void dump_run(struct run *r);
void restore_run(struct run *r);

/* backup: a copy in one file; upgrade: the format this program writes. */
void backup_run(struct run *r);
void upgrade_run(struct run *r);

/* forget: a record's values, wherever the home has them. */
void forget_run(struct run *r);
extern const struct opt forget_opts[];

/* check: reads every row, holds the tables against each other. */
void check_run(struct run *r);
extern const struct opt check_opts[];

#endif
