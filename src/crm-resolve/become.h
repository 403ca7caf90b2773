/* SPDX-License-Identifier: MIT */
/*
 * become: a system made of one record others, of other entities.  The record
 * of ours is closed there (../lib/conversion.h); what else holds it is dealt
 * with as its entity's `converts` says (decide.c).
 */
#ifndef BECOME_H
#define BECOME_H

#include "resolve.h"

/*
 * Before deciding: what the group's record became is found.  While that is not
 * known yet, or something is being delivered, the conversion is put off, and
 * nothing is created where it was seen.
 */
enum rc become_look(struct resolve *r, struct group *g, struct txn *t,
    struct err *e) RC_CHECK;

/* After its rows were put: its own are, or are taken back. */
enum rc become_follow(struct group *g, struct txn *t,
    const struct decision *d, struct err *e) RC_CHECK;

/* Appends what it became newly, by system: {"crm":{"contact":UID}}. */
void become_put(struct buf *b, const struct policy *p,
    const struct observation *obs, size_t n);

/* Appends what a person is asked (no LF); false: nothing. */
bool become_line(struct buf *b, const struct txn *t, const struct group *g,
    const struct decision *d);

#endif
