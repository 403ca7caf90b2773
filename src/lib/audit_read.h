/* SPDX-License-Identifier: MIT */
/*
 * audit_read: the lines of the audit in order, those left out that never came
 * to pass.  What is no line of an audit is handed out as it stands: whoever
 * reads decides what that means.
 */
#ifndef AUDIT_READ_H
#define AUDIT_READ_H

#include "audit.h"
#include "json.h"

struct audit_entry {
	char day[AUDIT_DAY + 1];
	uint64_t line;     /* in its file, from 1 */
	uint64_t offset;   /* of its first byte */
	struct span text;  /* without LF; until the next */
	bool cut;          /* it had no LF */
};

struct audit_void {
	char day[AUDIT_DAY + 1];
	uint64_t from, to;
};

struct audit_reader {
	struct audit_place end;
	char (*days)[AUDIT_DAY + 1]; /* owned, in order */
	size_t day_count, day_at;
	struct audit_void *voids;    /* owned */
	size_t void_count;
	int fd;
	struct buf buf;
	size_t start;
	uint64_t offset, line;       /* of buf.ptr + start */
	bool eof;
	bool voids_too;              /* hand those out as well */
	uint64_t behind;             /* bytes found behind the end */
};

/* `since`: a day, or empty.  `end` as of a transaction taken before. */
enum rc audit_read_open(struct audit_reader *r, const struct audit_place *end,
    const char *since, struct err *e) RC_CHECK;
void audit_read_close(struct audit_reader *r);
/* RC_END after the last. */
enum rc audit_read_next(struct audit_reader *r, struct audit_entry *entry,
    struct err *e) RC_CHECK;

/* What a line says of itself. */
struct audit_claim {
	uint64_t n;
	struct span prev;     /* 64 hex digits */
	struct span digest;   /* the same; empty: it has no values */
	size_t cut;           /* bytes that are hashed */
	bool erased;          /* its values are not there any more */
	struct span type;
};

/* Parses a line; RC_RECORD when it is none of an audit. */
enum rc audit_claim(struct json *j, struct span text, struct audit_claim *c,
    struct err *e) RC_CHECK;
/* The hash that the next line carries. */
void audit_claim_hash(struct audit_hash *h, struct span text,
    const struct audit_claim *c, unsigned char out[AUDIT_HASH]);
/* Do the values match the digest?  True also when they were erased. */
bool audit_claim_holds(struct audit_hash *h, struct span text,
    const struct audit_claim *c);

/* Do these bytes stand somewhere in the text? */
bool audit_contains(struct span text, struct span bytes);

#endif
