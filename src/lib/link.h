/* SPDX-License-Identifier: MIT */
/*
 * link: which record of which system is which of ours.
 *
 *   entity \0 system \0 object \0 id  ->  struct link
 *
 * A uid is its origin: "system:object:id".  A deleted record's link becomes a
 * tombstone.  `ordinal` counts links of one (entity, system, object) densely
 * from 0, so that what a listing showed is a bitmap.  `seen` is the hash of the
 * canonical line last accepted; all zero when unknown (after our own write, or
 * while it shows a reference to what is not known).  Of a tombstone that a
 * merge left it is the hash of the id it was merged into.
 */
#ifndef LINK_H
#define LINK_H

#include <stdint.h>

#include "hash.h"
#include "state.h"

struct link {
	bool live;           /* false: a tombstone */
	bool merged;         /* that a merge left */
	uint64_t ordinal;
	struct span uid;     /* into the transaction's memory or the arena */
	int64_t since;       /* ms: when linked, or when it died */
	uint32_t scope;      /* hash of the scope it was last seen under */
	struct hash128 seen;
};

/* As `seen`: all is known but what a reference to what is gone means. */
static const struct hash128 link_partly = { 1, 0 };

/* What names a record in a system. */
struct source {
	struct span entity, system, object, id;
};

/* RC_OK, RC_END when there is none. */
enum rc link_get(struct txn *t, const struct source *s, struct link *l,
    struct arena *a, struct err *e) RC_CHECK;
enum rc link_put(struct txn *t, const struct source *s, const struct link *l,
    struct err *e) RC_CHECK;

/* Decodes a row under its key; uid in the arena when it is its own origin. */
enum rc link_decode(struct span key, struct span value, struct link *l,
    struct arena *a, struct err *e) RC_CHECK;

/* Flags and hash alone, without the uid: for the hot path. */
bool link_peek(struct span value, struct link *l);

/* Appends "entity \0 system \0 object \0". */
void link_prefix(struct buf *b, struct span entity, struct span system,
    struct span object);

/* Appends "system:object:id". */
void uid_put(struct buf *b, struct span system, struct span object,
    struct span id);
struct span uid_make(struct arena *a, struct span system, struct span object,
    struct span id);

/*
 * How many links of (entity, system, object) there ever were (`next`, the next
 * ordinal) and are (`live`).
 */
struct tally {
	uint64_t next, live;
};

enum rc tally_get(struct txn *t, const struct source *s, struct tally *n,
    struct err *e) RC_CHECK;
enum rc tally_put(struct txn *t, const struct source *s,
    const struct tally *n, struct err *e) RC_CHECK;

#endif
