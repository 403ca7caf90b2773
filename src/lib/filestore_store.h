/* SPDX-License-Identifier: MIT */
/* filestore_store: the open store, shared by the files that make it up. */
#ifndef FILESTORE_STORE_H
#define FILESTORE_STORE_H

#include "arena.h"
#include "clock.h"
#include "filestore.h"
#include "filestore_files.h"
#include "filestore_index.h"
#include "filestore_journal.h"
#include "filestore_line.h"

/* The records as they are now: a base, a journal over it, an index of both. */
struct filestore_store {
	const struct filestore_files *files;
	int base;                     /* -1: none */
	struct filestore_ident ident; /* of the base when it was indexed */
	struct filestore_index index;
	struct filestore_journal journal;
	struct filestore_parser line; /* holds the record found last */
	struct buf read;              /* and this the bytes it is in */
	uint64_t number;              /* highest of all versions */
	uint64_t unreadable, repeated;
	uint64_t unstamped;           /* lines to be given a version */
};

/*
 * Reads and indexes the base; what is written goes to `journal` (a name), and
 * is not in the base since then (ms, our clock).
 */
enum rc filestore_store_open(struct filestore_store *s,
    const struct filestore_files *f, const char *journal, int64_t since,
    struct err *e) RC_CHECK;
void filestore_store_close(struct filestore_store *s);

/* A record as it is now. */
struct filestore_found {
	struct filestore_probe probe;  /* where it is indexed */
	struct filestore_entry entry;  /* .origin: its first line */
	struct filestore_line line;
	bool deleted;                  /* not found: we deleted it */
};

/* RC_END: there is none. */
enum rc filestore_store_find(struct filestore_store *s, struct span id,
    struct filestore_found *f, struct err *e) RC_CHECK;
/* By id or else by its member uid. */
enum rc filestore_store_find_uid(struct filestore_store *s, struct span uid,
    struct filestore_found *f, struct err *e) RC_CHECK;

/* The line of a record that was looked for and not found (f); a found
 * record's next line; its end. */
enum rc filestore_store_add(struct filestore_store *s,
    struct filestore_found *f, struct span id, struct span line,
    struct err *e) RC_CHECK;
enum rc filestore_store_change(struct filestore_store *s,
    struct filestore_found *f, struct span old, struct span line,
    struct err *e) RC_CHECK;
enum rc filestore_store_remove(struct filestore_store *s,
    struct filestore_found *f, struct err *e) RC_CHECK;

/* What filestore.h's functions work on. */
struct filestore {
	struct filestore_files files;
	struct filestore_store store;
	bool indexed;            /* the store is open */
	bool broken;             /* takes nothing more */
	struct arena results;    /* of the batch */
	int64_t now;
	char modified[CLOCK_TEXT];
	struct json data, expected;
	struct buf line, old;
};

#endif
