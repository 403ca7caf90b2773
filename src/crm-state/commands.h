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

/* queue: what is pending; approve, retry, skip: a person's word on it.
 * Options: pick.h. */
void queue_run(struct run *r);
void approve_run(struct run *r);
void retry_run(struct run *r);
void skip_run(struct run *r);

/* conflicts, decide: fields that wait for a person. */
void conflicts_run(struct run *r);
void decide_run(struct run *r);

/* systems: which entity is kept the same where. */
void systems_run(struct run *r);

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

/* dump, restore: all the state knows as lines, and a home out of them. */
void dump_run(struct run *r);
void restore_run(struct run *r);

/* forget: a record's values, wherever the home has them. */
void forget_run(struct run *r);
extern const struct opt forget_opts[];

/* check: reads every row, holds the tables against each other. */
void check_run(struct run *r);

#endif
