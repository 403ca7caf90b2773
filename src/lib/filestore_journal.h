/* SPDX-License-Identifier: MIT */
/*
 * filestore_journal: what was written since the base was made, a line each.
 *
 *   {…}                             a new record: the very line of the base
 *   #CHECK 0 0  {"inode":…,"since":…}  first line: the base this is written
 *                                   against, and since when (ms, our clock);
 *                                   none when there was no base
 *   =CHECK ORIGIN LEN OLD LINE      a changed record: LEN bytes of former
 *                                   values of the members changed; its line
 *   -CHECK ORIGIN 0  LINE           a deleted record: its last line
 *   !CHECK 0 0  {"inode":…}         last line: the next base is made, this
 *                                   is it; only its name is missing
 *
 * ORIGIN is the place of the line this one stands for: in the base, or of a
 * new record further up.  CHECK is a hash of the rest of the line; a new
 * record's line has its hash in its version.  So a torn end is seen, and an
 * import into an empty store writes every byte once: its journal is the base.
 */
#ifndef FILESTORE_JOURNAL_H
#define FILESTORE_JOURNAL_H

#include "filestore_files.h"
#include "filestore_index.h"
#include "filestore_line.h"
#include "filestore_scan.h"

#define FILESTORE_JOURNAL_LINE (2 * (size_t)LIMIT_LINE + 128)

enum filestore_entry_kind {
	FILESTORE_NEW = '{',
	FILESTORE_BASE = '#',
	FILESTORE_CHANGED = '=',
	FILESTORE_DELETED = '-',
	FILESTORE_NEXT = '!'
};

struct filestore_entry {
	enum filestore_entry_kind kind;
	uint64_t origin;  /* a place; a new record's is its own */
	struct span old;  /* FILESTORE_CHANGED */
	struct span text; /* the line */
};

struct filestore_journal {
	int fd;             /* -1: nothing was written yet */
	const char *name;   /* of the files' names */
	uint64_t size;      /* of the file, and */
	uint64_t durable;   /* how much of it is synced */
	struct buf pending; /* what comes after */
	struct buf frame;
	uint64_t news;      /* new records written, and */
	uint64_t others;    /* lines of other kinds but the head */
};

void filestore_journal_init(struct filestore_journal *j, const char *name);
void filestore_journal_free(struct filestore_journal *j);

/* Each returns the place of what it adds; nothing is durable yet. */
uint64_t filestore_journal_new(struct filestore_journal *j, struct span line);
uint64_t filestore_journal_put(struct filestore_journal *j,
    enum filestore_entry_kind kind, uint64_t origin, struct span old,
    struct span text);
/* The last line; after all else. */
void filestore_journal_mark(struct filestore_journal *j,
    const struct filestore_ident *next);

/* The head of a journal against `base` as it is since then; before all else. */
void filestore_journal_start(struct filestore_journal *j,
    const struct filestore_ident *base, int64_t since);

/*
 * Writes what was added, unless it is little and `all` is false.  The file is
 * made at the first write.
 */
enum rc filestore_journal_write(struct filestore_journal *j,
    const struct filestore_files *f, bool all, struct err *e) RC_CHECK;
/* Durable up to here. */
enum rc filestore_journal_sync(struct filestore_journal *j, struct err *e)
    RC_CHECK;

/* After a failed write: takes away what is not durable, as far as possible. */
void filestore_journal_undo(struct filestore_journal *j);

/* The line at a place; b holds it when it is in the file. */
enum rc filestore_journal_read(const struct filestore_journal *j,
    uint64_t place, struct buf *b, struct filestore_entry *n, struct err *e)
    RC_CHECK;

/*
 * The next whole entry of a scan.  RC_END at the end; also at the first line
 * that is torn: then scan->at is where to cut.  With a parser new records are
 * checked as well, without (our own journal) taken as they are.
 */
enum rc filestore_journal_next(struct filestore_scan *s,
    struct filestore_parser *p, struct filestore_entry *n, bool *torn,
    struct err *e) RC_CHECK;

/* Takes apart the text of a BASE or NEXT line; *since: 0 where it says none. */
enum rc filestore_journal_take_ident(struct span text,
    struct filestore_ident *id, int64_t *since, struct err *e) RC_CHECK;

/*
 * Since when a base may lack what is durable in this journal; 0: nobody knows.
 * RC_END: nothing is.
 */
enum rc filestore_journal_since(int journal, int64_t *since, struct err *e)
    RC_CHECK;

#endif
