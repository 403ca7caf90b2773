/* SPDX-License-Identifier: MIT */
/* audit: what the commands on the audit share. */
#ifndef STATE_AUDIT_H
#define STATE_AUDIT_H

#include "../lib/audit_read.h"
#include "../lib/run.h"

/* The audit as of now, from the day `since` (or empty) on. */
enum rc audit_open(struct audit_reader *r, struct state *s, const char *since,
    unsigned char key[AUDIT_HASH], struct audit_place *base, struct err *e)
    RC_CHECK;

/* Hands every line to `each`; `wanted` (or an empty one) stands in it. */
typedef enum rc audit_each(void *arg, const struct audit_entry *entry,
    struct json *j, struct err *e);
enum rc audit_lines(struct state *s, const char *since, struct span wanted,
    audit_each *each, void *arg, struct err *e) RC_CHECK;

/* audit_verify.c: says itself what does not hold. */
enum rc audit_verify(struct run *run, struct state *s, const char *since,
    struct err *e) RC_CHECK;

#endif
