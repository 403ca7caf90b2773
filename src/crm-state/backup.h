/* SPDX-License-Identifier: MIT */
/*
 * backup: a copy of the state in one file, with systems.jq in it, which only
 * crm-state restore makes a home out of.
 *
 * Behind the state's pages is a seal (seal.h): a changed byte makes no home.
 *
 *   meta  "backup"                  ->  (empty)
 *   meta  "file" \0 "systems.jq"    ->  its text
 */
#ifndef BACKUP_H
#define BACKUP_H

#include "../lib/state.h"

/* Is the file one, or at least no text? */
bool backup_is(const char *path);

/* What a backup adds to the state's own rows; for files, the name. */
bool backup_is_own(enum state_table table, struct span key,
    struct span *file);

/* All rows of a table in key order. */
typedef enum rc backup_row(void *arg, enum state_table table,
    struct span key, struct span value, struct err *e);
enum rc backup_each(struct state *s, backup_row *row, void *arg,
    struct err *e) RC_CHECK;

#endif
