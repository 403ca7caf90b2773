/* SPDX-License-Identifier: MIT */
/*
 * crm-match: which records are the same one, without touching any.
 *
 *   main.c     options, and the steps
 *   intake.c   records from the stream into the comparison
 *   kept.c     what is needed of each record to name and to show it
 *   tell.c     a line for each pair
 *   preview.c  what a merge would make of two
 */
#ifndef CRM_MATCH_H
#define CRM_MATCH_H

#include "../lib/limits.h"
#include "../lib/pairing.h"
#include "../lib/run.h"
#include "../lib/stream.h"

/* A system and object that records came from. */
struct origin {
	struct span system, object; /* owned by the arena */
	unsigned bit;               /* of the system */
};

/* Records as they were read, in a file without a name. */
struct kept {
	int fd;             /* -1 until there are any */
	struct buf out;     /* not yet written */
	uint64_t written;
	uint64_t *at;       /* owned */
	size_t count, room;
};

/* One of them again. */
struct kept_record {
	size_t origin;
	struct span id, modified;
	struct span fields; /* JSON; empty without --preview */
};

struct match {
	struct run run;
	bool within, preview, subset;
	int64_t same, review;      /* --same, --review: bits, or NOT_SAID */
	struct entity *entity;
	struct pairing *pairing;
	struct stream_in in;
	struct line line;
	struct stream_out out;
	struct arena names, scratch;
	struct origin origin[LIMIT_SECTIONS];
	size_t origins, origin_now;
	unsigned systems;
	struct span *values;       /* by entity field */
	struct kept kept;
	uint64_t told_same, told_review;
};

#define NOT_SAID INT64_MIN

/* intake.c: all of stdin; RC_SYSTEM when a section is not whole. */
enum rc intake(struct match *m, struct err *e) RC_CHECK;

/* kept.c */
void kept_init(struct kept *k);
void kept_free(struct kept *k);
const char *kept_directory(void);
enum rc kept_add(struct kept *k, const struct kept_record *r, struct err *e)
    RC_CHECK;
/* Once all were added; spans live in `text`. */
enum rc kept_flush(struct kept *k, struct err *e) RC_CHECK;
enum rc kept_get(const struct kept *k, size_t i, struct buf *text,
    struct kept_record *r, struct err *e) RC_CHECK;

/* tell.c */
enum rc tell_pairs(struct match *m, struct err *e) RC_CHECK;

/*
 * preview.c: appends `,"merged":{...},"differ":{"field":[a,b],...}`: blanks are
 * filled, a rule that needs no history chooses, else both values are shown.
 */
enum rc preview_put(struct match *m, const struct kept_record *a,
    const struct kept_record *b, struct buf *out, struct err *e) RC_CHECK;

#endif
