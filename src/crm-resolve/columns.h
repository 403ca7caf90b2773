/* SPDX-License-Identifier: MIT */
/*
 * columns: under which name each field is found in a system, as of the last
 * reading.  One that is found under another name from now on was never shown
 * there: what stood in the other place is no base for it.
 *
 *   meta  "columns" \0 entity \0 system  ->  {"field":"name",...}
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "field.h"
#include "intake.h"

/* For the open section: sets `elsewhere` of its system in the policy. */
enum rc columns_look(struct intake *n, struct err *e) RC_CHECK;

/* The section was read: so they are found there now. */
enum rc columns_keep(const struct policy *p, struct span system,
    struct txn *t, struct err *e) RC_CHECK;

/* Such fields of systems that show the record, or are only told of them. */
void columns_forget(struct work *w);

#endif
