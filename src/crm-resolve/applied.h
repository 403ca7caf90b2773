/* SPDX-License-Identifier: MIT */
/*
 * applied: how much was decided in the last 24 hours, hour by hour, so that
 * many small runs are no way around a ceiling.
 *
 *   meta  "applied" \0 entity \0 system  ->  struct applied_hour ...
 */
#ifndef APPLIED_H
#define APPLIED_H

#include <stdint.h>

#include "../lib/state.h"

/* What is counted of one system, in one run or a day. */
enum applied {
	APPLIED_CREATES,
	APPLIED_UPDATES,
	APPLIED_DELETES,  /* archives and deletes it is told */
	APPLIED_VANISHED, /* records it does not show any more */
	APPLIED_CLEARS,   /* fields that it is told are null */
	APPLIED_FIRST,    /* values replaced in it at first contact */
	APPLIED_KINDS     /* how many there are */
};

#define APPLIED_HOURS 24

/* The sums of the last 24 hours; zero where there are none. */
enum rc applied_get(struct txn *t, struct span entity, struct span system,
    uint64_t sum[APPLIED_KINDS], struct err *e) RC_CHECK;
/* Adds to the hour that it is; drops hours that are past. */
enum rc applied_add(struct txn *t, struct span entity, struct span system,
    const uint64_t n[APPLIED_KINDS], struct err *e) RC_CHECK;
/* A person has looked: it counts from zero again. */
enum rc applied_forget(struct txn *t, struct span entity,
    struct span system, struct err *e) RC_CHECK;

#endif
