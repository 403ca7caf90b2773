/* SPDX-License-Identifier: MIT */
/*
 * diff: one section of canonical records against what its system last showed.
 *
 *   main.c     options, the section's begin, and the loop
 *   line.c     one record known by its line's bytes
 *   sight.c    one record compared field by field
 *   sight_time.c  is it older than what was last seen?
 *   sight_seen.c  one that could not be processed is there all the same
 *   absence.c  which links a complete listing did not show
 */
#ifndef DIFF_H
#define DIFF_H

#include "../lib/filter.h"
#include "../lib/link.h"
#include "../lib/record.h"
#include "../lib/state.h"

struct diff {
	struct filter filter;
	struct run run;
	bool full, delta;        /* --full, --delta */

	struct state *state;
	struct txn txn;          /* the snapshot, renewed every second */
	int64_t renewed;
	struct walk links;       /* over TABLE_LINK */

	/* of the section */
	struct source source;    /* id is that of the line at hand */
	uint32_t system;         /* interned; NO_NAME when never seen */
	uint32_t scope;          /* hash of begin's scope */
	bool compare_all;        /* references may lead further than before */
	int64_t began;           /* ms; 0: begin does not say */
	int64_t covers;          /* ms: what came later may not be shown yet */
	bool pending;            /* something is, for this system */
	bool current;            /* no copy in it can be an old one */
	struct buf prefix;       /* how its record lines start, up to the id */
	struct buf head;         /* `"entity":…,"object":…,"id":"` to write */
	struct buf key;          /* link key: the prefix, then the id */
	size_t key_prefix;
	struct buf shown;        /* bit per ordinal */
	struct buf times;        /* members of the change at hand's `times` */
	struct arena absent;     /* reset for each absent record */
	uint64_t creates, updates, same, deletes, duplicates;
	uint64_t ahead;          /* last seen at a time to come */
};

#define NO_NAME UINT32_MAX

/*
 * line.c: the head of an answer, up to the id, and its hash.  RC_END: the line
 * is not known by its bytes.
 */
void line_head(struct diff *d, const char *type, struct span escaped_id);
void line_hash(struct buf *b, struct hash128 h);
enum rc line_quick(struct filter *f, struct err *e);

/* sight.c */
enum rc sight_record(struct filter *f, struct err *e);

/* sight_seen.c */
enum rc sight_seen(struct filter *f, struct err *e) RC_CHECK;
void sight_known(struct filter *f, struct buf *b);

/* absence.c: marks an ordinal as shown; true if it was already. */
bool absence_mark(struct diff *d, uint64_t ordinal);
enum rc absence_sweep(struct diff *d, struct err *e);

/* main.c: the link of source.id; RC_END when there is none. */
enum rc diff_link(struct diff *d, struct span id, struct link *l,
    struct err *e);

/*
 * main.c: what may have arrived there is compared by crm-resolve, who knows
 * what it was: he is told all of it.  The version the side (or NULL) is known
 * by says nothing of it.
 */
enum rc diff_doubt(struct diff *d, struct span uid, const struct side *side,
    struct span version, bool *doubt, struct err *e);

#endif
