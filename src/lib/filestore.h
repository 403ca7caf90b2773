/* SPDX-License-Identifier: MIT */
/*
 * filestore: the application's own two-way store: a directory with a file
 * OBJECT.ndjson for each object, one JSON object a line, made to be read and
 * edited by people as well:
 *
 *   {"id":"…","uid":"…","version":"7.1a2b3c4d.0f12","modified":"…Z",
 *    "archived":true, …the application's members, flat…}     (on one line)
 *
 * Only id is needed (a string, or a whole number taken as text).  What a
 * person wrote is never lost: members and lines we do not know are kept byte
 * for byte, and an edit made while we write is found and merged with.  Once a
 * run wrote to the object, every line has a version and a modified.
 *
 * Reading streams and needs memory for one line.  A line whose content does
 * not fit its version was edited: it counts as modified when it says so
 * itself, else at the file's mtime.
 *
 * Writing: one writer (a lock), batches durable one by one in a journal, which
 * the close merges into the file in one pass (a crashed writer's journal: the
 * next one who opens).  Eight bytes of memory a record.
 */
#ifndef FILESTORE_H
#define FILESTORE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "span.h"

/* ---- reading ---- */

struct filestore_record {
	uint64_t line;
	struct span id, modified, version;
	struct span data; /* the line's object; the raw line of a bad one */
};

/* As adapter.h's read_emit. */
typedef enum rc filestore_emit(void *arg, const struct filestore_record *r,
    const struct err *problem, struct err *e);

struct filestore_reading {
	const char *dir;
	struct span object;
	bool full;          /* even if nothing changed since cursor */
	struct span cursor; /* a former checkpoint, or empty */
	filestore_emit *emit;
	void *arg;
	/* out: */
	struct buf *checkpoint; /* appended to */
	bool whole;             /* every line was read, and it was all */
	bool lost;              /* a line without a usable id was met */
	int64_t *as_of;         /* before the first line: what was written to
	                           it since then (ms, our clock) is not shown;
	                           0: all is */
	uint64_t *bytes_done, *bytes_total;
};

/*
 * Reads the object's lines in order.  RC_END when emit ended it; RC_CONFIG
 * when the directory is missing; RC_RETRY when the file was changed while it
 * was read.  A missing file has no records.  With the cursor of the same
 * unchanged file nothing is emitted, and whole is false.  While another
 * process writes, whole is false too: its journal is not read, and what it
 * reported done is not shown.
 */
enum rc filestore_read(struct filestore_reading *r, struct err *e) RC_CHECK;

/* ---- writing ---- */

struct filestore;

enum filestore_kind {
	FILESTORE_CREATE, FILESTORE_UPDATE, FILESTORE_ARCHIVE,
	FILESTORE_DELETE
};

struct filestore_change {
	enum filestore_kind kind;
	struct span uid;      /* create: becomes id and uid; with `stamp` an
	                         update makes it the uid, too */
	struct span id;       /* all others; create: of the archived record
	                         that is to come back, or empty */
	struct span version;  /* as read; empty: do not compare */
	struct span data;     /* a JSON object; null removes a member */
	struct span expected; /* a JSON object, or empty */
	bool live;            /* it was not archived when that was read */
	bool stamp;
	bool repeat;          /* an earlier one may have been applied */
	bool unseen;          /* create with id: nobody has read what it held */
};

enum filestore_outcome {
	FILESTORE_DONE,   /* durable after filestore_commit */
	FILESTORE_FAILED, /* cannot be: result.why */
	FILESTORE_STALE,  /* somebody changed it since */
	FILESTORE_GONE,   /* no such record */
	FILESTORE_EXISTS  /* create: a record has this id or uid: result.id.
	                     It is DONE all the same where that one was made
	                     with just these values, and archived since; or
	                     is the archived one that was named, which comes
	                     back with them.  If that was edited meanwhile
	                     (it has other values than `expected`), it comes
	                     back as it is, which is EXISTS, too:
	                     result.returned */
};

struct filestore_result {
	enum filestore_outcome outcome;
	struct span id, version; /* good until the next filestore_begin; of an
	                            update that met somebody's edit of other
	                            members still the one decided against */
	int64_t modified;        /* ms */
	bool returned;           /* EXISTS: it was archived, and came back */
	struct err why;
};

/*
 * Locks the object (RC_RETRY naming the process that has it) and merges a
 * journal a crashed writer left.  The records are read at the first change.
 */
enum rc filestore_open(struct filestore **s, const char *dir,
    struct span object, struct err *e) RC_CHECK;

/* A new batch: one time for all of it, results of the last one end. */
void filestore_begin(struct filestore *s);

/*
 * One change, in order.  It is stale when a member of `expected` has another
 * value now; without expected, when the version is another; never when
 * neither is given, nor when the version is the one decided against.  With
 * `live`, it is stale too when the record was archived since.  A repeat is
 * stale unless the version is the one given, or all of data stands there; one
 * of a create that was to bring an archived record back finds it exists then.
 * An archive or delete without id is of what has the uid: stale where there is
 * such a record.  A change that changes nothing is done without writing; so is
 * the delete of a record that is not there.
 */
enum rc filestore_apply(struct filestore *s, const struct filestore_change *c,
    struct filestore_result *r, struct err *e) RC_CHECK;

/* What was applied since filestore_begin is durable; or RC_SYSTEM: then it is
 * unknown, and the store takes nothing more but the close. */
enum rc filestore_commit(struct filestore *s, struct err *e) RC_CHECK;

/* Merges the journal into the file, unlocks and frees; s may be NULL. */
enum rc filestore_close(struct filestore *s, struct err *e) RC_CHECK;

/* Lines that are no records, and that repeat an id; both are left alone. */
uint64_t filestore_unreadable(const struct filestore *s);
uint64_t filestore_repeated(const struct filestore *s);

#endif
