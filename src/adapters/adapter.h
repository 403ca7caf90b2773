/* SPDX-License-Identifier: MIT */
/*
 * adapter: what a kind of system can do.  Adding one is one file here, one
 * line in kinds.list, its mappings and its tests.
 *
 * Reading is push: the reader hands every record to `emit`, so that parsers
 * driven by callbacks and page loops fit alike.  Writing is by batches: the
 * caller claims operations in state, hands over the batch, and acknowledges
 * what comes back.
 */
#ifndef ADAPTER_H
#define ADAPTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/arena.h"
#include "../lib/buf.h"
#include "../lib/err.h"
#include "../lib/home.h"
#include "../lib/span.h"
#include "kind.h"

struct mapping;
struct account; /* lib/account.h */

/* ---- reading ---- */

struct read_record {
	uint64_t line;        /* of the source file, 0 where there is none */
	struct span id;       /* empty: no id could be read */
	struct span modified; /* RFC 3339 UTC, or empty */
	struct span version;  /* the system's own tag, or empty */
	bool deleted;         /* the system itself says it is deleted */
	struct span data;     /* one JSON object, as the source gave it */
	struct span times;    /* one of instants, when members of it got their
	                         values, or empty: not known */
	bool missing;         /* asked for by id: there is none, and nothing
	                         says that it was deleted; data is empty */
	bool if_known;        /* of interest only if it is linked: a record
	                         that another one says was merged into it */
};

/*
 * Takes one record: RC_OK, or RC_END to stop reading (--limit, a signal), or
 * a failure.  `problem` non-NULL says that this record is bad and why (data is
 * then the raw input, id may be empty): it becomes a reject and, with an id,
 * `seen`.
 */
typedef enum rc read_emit(void *arg, const struct read_record *rec,
    const struct err *problem, struct err *e);

struct read_request {
	const struct system *system;
	struct span object;
	const char *path;              /* csv: the FILE operand ("-": stdin) */
	const struct mapping *mapping; /* -m, or NULL: everything */
	const char *id_column;         /* csv -k, or NULL */
	const char *encoding;          /* csv --encoding, or NULL: UTF-8 */
	const char *delimiter, *quote; /* csv, or NULL: detect / '"' */
	const char *null_marker;       /* csv, e.g. "#N/A", or NULL */
	bool last_line_whole;          /* csv: though no line end follows it */
	bool all_columns;              /* csv: a blank cell is null, not
	                                  absent: what columns are there? */
	bool full;                     /* no delta */
	struct span cursor;            /* JSON from the checkpoint, or empty */
	read_emit *emit;
	void (*idle)(void *arg);       /* call before waiting for input */
	void *arg;
	/* out: */
	struct buf checkpoint;         /* JSON object for `end`, may be empty */
	int64_t covers;                /* before the first record: what came
	                                  later than that (ms, of our clock)
	                                  may not be shown yet; 0: all is */
	int64_t as_of;                 /* before the first record: what was
	                                  written there since (ms, of our clock)
	                                  is not shown; 0: all is */
	bool whole;                    /* a complete listing was given */
	bool lost;                     /* a record without an id was met */
	uint64_t bytes_done, bytes_total; /* for progress; 0 unknown */
};

/* ---- writing ---- */

enum write_kind { WRITE_CREATE, WRITE_UPDATE, WRITE_ARCHIVE, WRITE_DELETE };

enum write_status {
	WRITE_DONE = 1,
	WRITE_FAILED,  /* refused for good at this value; error says why */
	WRITE_STALE,   /* a field we are about to write has moved */
	WRITE_GONE,    /* update, archive: no such record any more */
	WRITE_EXISTS,  /* create: a record with our uid is there: new_id */
	WRITE_UNKNOWN, /* it may or may not have happened */
	WRITE_NOT_SENT /* nothing left us: the loader's own word */
};

struct write_item {
	/* in */
	enum write_kind kind;
	struct span uid;
	struct span id;       /* on create: what it was there before, or
	                         empty; archived, it comes back.  On archive,
	                         delete: empty when nobody knows whether it was
	                         made: done if it is not there, else stale */
	struct span version;  /* decided against; empty: unknown */
	bool repeat;          /* an earlier attempt may have arrived: stale
	                         unless the version is that one, or the
	                         record holds `data` already; and a create of
	                         what was archived there exists, unless it is
	                         that one */
	struct span data;     /* JSON object in the target's names */
	struct span expected; /* JSON object: the values of those fields this
	                         was decided against; empty: do not compare */
	struct span was;      /* create with id, JSON object: the values of
	                         those fields it was last seen with.  Where it
	                         holds others by now, it was edited while it
	                         was archived: a kind that can tell brings it
	                         back as it is, `returned`, and it exists */
	bool unseen;          /* create with id: nobody has read what it held
	                         there; archived, it comes back as it is */
	bool stamp;           /* update: our uid is to be written too, as by a
	                         create */
	bool dropped;         /* the loader's own: not to be sent after all */
	/* out; spans live until the next write or close */
	enum write_status status;
	struct span new_id;
	struct span new_version; /* of an update that met an edit of other
	                         fields: still `version` */
	int64_t modified;     /* the system's time of the write, ms, or 0 */
	bool returned;        /* it exists: it was archived, and is back as it
	                         is (`was`) */
	struct err error;
};

struct writer; /* the kind's own */

/* How to speak to a system, from the command line. */
struct adapter_terms {
	const char *trace;  /* a file for the wire log, or NULL */
	bool bodies;        /* bodies stand in it too... */
	bool mask;          /* ...without the values that are persons' */
	bool blind;         /* write without reading again before */
};

struct adapter {
	const struct kind *kind;
	const struct web *web; /* web.h: it is spoken to over HTTP; or NULL */
	size_t batch_max; /* items one write() may carry */

	/*
	 * Once before all else, and at the end (never opened is fine): only
	 * kinds that hold connections have them.  One system a process.
	 */
	enum rc (*open)(const struct system *system,
	    const struct adapter_terms *terms, struct err *e);
	void (*close)(void);

	/*
	 * Which account stands behind the system; NULL: that kind has none.
	 * `make`: give it a name if it has none yet.  RC_END: it has none.
	 */
	enum rc (*account)(const struct system *system, bool make,
	    struct account *a, struct err *e);

	/* Reads an object from start to end.  RC_OK when the listing ended by
	 * itself, RC_END when emit ended it. */
	enum rc (*read)(struct read_request *req, struct err *e);
	/* Emits each of these ids once.  NULL: only all can be read. */
	enum rc (*fetch)(struct read_request *req, const struct span *ids,
	    size_t n, struct err *e);

	/*
	 * A large errand is said before it is begun.  How many calls it takes,
	 * about: to read all of an object (which may be asked for; 0: not
	 * known), to write records: those made there, and n that are there.
	 * NULL, all three: calls are free.
	 */
	enum rc (*read_calls)(const struct read_request *req,
	    uint64_t *calls, struct err *e);
	uint64_t (*write_calls)(const struct system *system,
	    struct span object, const struct mapping *mapping, uint64_t made,
	    uint64_t n);
	/* Appends words when they are many of what the account has left.
	 * RC_REMOTE when it has not so many today, but would tomorrow. */
	enum rc (*forecast)(uint64_t calls, struct buf *words, struct err *e);

	enum rc (*write_open)(struct writer **w, const struct system *system,
	    struct span object, const struct mapping *mapping, struct err *e);
	/* Everything reported WRITE_DONE is durable when it returns. */
	enum rc (*write)(struct writer *w, struct write_item *items, size_t n,
	    struct err *e);
	/* Also after a failure; writes out what is left to be written. */
	enum rc (*write_close)(struct writer *w, struct err *e);
};

/* NULL when there is no such kind. */
const struct adapter *adapter_find(struct span kind);

#endif
