/* SPDX-License-Identifier: MIT */
/* wipe: values of one record in files, wiped where they stand. */
#ifndef WIPE_H
#define WIPE_H

#include "../lib/audit_read.h"
#include "../lib/link.h"

/* A file's lines of which some are wiped; the rest of it is not touched. */
struct wipe {
	struct span *uids;       /* the record's, and those joined with it */
	size_t uid_count;
	struct source *sources;  /* where it was: system, object and id */
	size_t source_count;
	uint64_t lines;          /* wiped so far */
};

/*
 * `"values":null` and spaces in place of what lines of the audit say of these
 * uids, up to the end of the chain; synced.  Again does no harm.
 */
enum rc wipe_audit(struct wipe *w, const struct audit_place *end,
    struct err *e) RC_CHECK;

/* The same for the inputs of rejects of these sources, in the home. */
enum rc wipe_rejects(struct wipe *w, struct err *e) RC_CHECK;

#endif
