/* SPDX-License-Identifier: MIT */
/*
 * pick: which of what is pending is meant: by system and uid, by what it is,
 * or as the lines of a file say.  The options of queue, approve, retry, skip.
 */
#ifndef PICK_H
#define PICK_H

#include "policies.h"
#include "rows.h"

extern const struct opt pick_list_opts[];   /* of queue */
extern const struct opt pick_change_opts[]; /* of those that change */

struct pick {
	const char *system; /* NULL: all */
	char **uids;        /* NULL-terminated; none: all */
	bool *met;          /* by uid: something of it is pending */
	bool all;           /* --all */
	const char *file;   /* -f, or NULL */
	int64_t before;     /* ms: pending since then or earlier; 0: any */
	struct policies policies;
	bool open;          /* they are */
	struct arena arena; /* of a row */
};

/* By the run's operands and options; RC_CONFIG when they are wrong. */
enum rc pick_open(struct pick *k, struct run *r, struct err *e) RC_CHECK;
/* RC_CONFIG when it names a system or an entity that there is not. */
enum rc pick_require(const struct pick *k, struct state *s, struct err *e)
    RC_CHECK;
void pick_close(struct pick *k);
/* A transaction begins. */
void pick_begin(struct pick *k);

/* Is this row meant?  Loads what it takes to know. */
enum rc pick_row(struct pick *k, struct txn *t, const struct outbox_row *row,
    bool *meant, struct err *e) RC_CHECK;

/* Was it asked for by its own name? */
static inline bool
pick_is_named(const struct pick *k)
{
	return k->file || *k->uids;
}

#endif
