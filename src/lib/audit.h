/* SPDX-License-Identifier: MIT */
/*
 * audit: audit/YYYY-MM-DD.ndjson in the home, what was decided and done, a
 * line each, appended and synced before the commit it belongs to.
 *
 *   {"prev":"…","n":7,"type":"…","at":"…","run":"…",…}
 *   {"prev":"…",…,"digest":"…","salt":"…","values":{…}}
 *
 * prev    SHA-256 of the line before: of all its bytes, or where it has values
 *         of those before the comma in front of "salt" (or "values").  64
 *         zeros in the very first line.
 * n       1, 2, 3 … over all days
 * digest  HMAC-SHA-256 under the home's own key of the bytes from "salt" on,
 *         without the last brace.  So a person's values can be erased
 *         (`"values":null` and spaces in their place) and the chain still
 *         holds; the salt goes with them, so that nobody can try values.
 *
 * Where the chain ends stands in the state and moves with each commit.  Lines
 * of a transaction that never came to pass are left behind that end: the next
 * to append says so in a line of type "void".  Appending needs a write
 * transaction and nothing else: who has it has the audit.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "audit_hash.h"
#include "state.h"

#define AUDIT_DAY 10 /* 2026-11-20 */

/* A place in the chain: behind line `n`. */
struct audit_place {
	uint64_t n;               /* lines so far */
	uint64_t length;          /* of the day's file */
	char day[AUDIT_DAY + 1];  /* empty: nothing was written yet */
	unsigned char hash[AUDIT_HASH]; /* of the last line */
};

struct audit;

struct audit *audit_new(void);
void audit_free(struct audit *a);

/* Takes up the chain where the last commit left it; `t` is a write one. */
enum rc audit_begin(struct audit *a, struct txn *t, struct err *e) RC_CHECK;

/*
 * A line: audit_line, its members (json_put_…) into the buffer, then
 * audit_end.  Values come last: audit_values, one JSON object, audit_end.
 */
struct buf *audit_line(struct audit *a, const char *type);
struct buf *audit_values(struct audit *a);
void audit_end(struct audit *a);

/*
 * Many records of whom the same is to be said share a line: `members` (as
 * text) and "records":{"uid":value,…}.  `value` is JSON.
 */
void audit_group(struct audit *a, const char *type, struct span members,
    struct span uid, struct span value);

/* Bytes of lines that are said and not put yet: they are in memory. */
size_t audit_waiting(const struct audit *a);

/* An empty buffer, the caller's until the next call. */
struct buf *audit_scratch(struct audit *a);

/* JSON string: 32 hex digits of the keyed digest of `text`. */
#define AUDIT_SHORT 16
void audit_put_digest(struct audit *a, struct buf *b, struct span text);

/*
 * Writes and syncs what was said since audit_begin, and puts the new end into
 * the transaction, which the caller then commits.  Nothing said: nothing done.
 */
enum rc audit_put(struct audit *a, struct txn *t, struct err *e) RC_CHECK;

/*
 * A restored state goes on with the chain it knew: where that ended is where
 * the new home's lines begin.  The files up to there may be brought back; what
 * stands behind it in them never came to pass here.
 */
enum rc audit_rebase(struct txn *t, struct err *e) RC_CHECK;

/*
 * Are values kept, or (for homes that must not) only their digests?  Then
 * nothing can be undone.  The caller commits.
 */
enum rc audit_keep(struct txn *t, bool values, struct err *e) RC_CHECK;

/* ---- for those that read it ---- */

/* The end of the chain as of this transaction, and the home's key. */
enum rc audit_place_get(struct txn *t, struct audit_place *p, struct err *e)
    RC_CHECK;
/* Where a restored home's chain begins: n is 0 elsewhere. */
enum rc audit_base_get(struct txn *t, struct audit_place *p, struct err *e)
    RC_CHECK;
enum rc audit_key_get(struct txn *t, unsigned char key[AUDIT_HASH],
    struct err *e) RC_CHECK;

/* "HOME/audit/DAY.ndjson"; false when that is too long. */
#define AUDIT_PATH 4096
bool audit_path(char path[AUDIT_PATH], const char *day);
/* "2026-11-20.ndjson" and nothing else. */
bool audit_is_file(const char *name);

#endif
