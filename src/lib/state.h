/* SPDX-License-Identifier: MIT */
/*
 * state: the LMDB environment of a home and its transactions.
 *
 * Only the state family (state link record outbox checkpoint todo match) sees
 * LMDB.  What a transaction hands out lives in the caller's arena or until the
 * transaction ends, as each function says.
 *
 * Durable: a committed transaction survives power loss (LMDB's default sync).
 * The map grows by itself between transactions.  Opening refuses network file
 * systems, a missing or damaged file and a newer format (RC_STATE or
 * RC_CONFIG with what to do); it never starts afresh: only state_create does.
 */
#ifndef STATE_H
#define STATE_H

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "limits.h"
#include "span.h"

enum state_table {
	TABLE_META,       /* format, epoch, seed */
	TABLE_NAME,       /* interned names: "i"+id -> name, "n"+name -> id */
	TABLE_LINK,       /* link.h */
	TABLE_AGREED,     /* record.h */
	TABLE_SHADOW,     /* record.h */
	TABLE_OUTBOX,     /* outbox.h */
	TABLE_CONFLICT,   /* conflict.h */
	TABLE_MATCH,      /* match.h */
	TABLE_TODO,       /* todo.h */
	TABLE_CHECKPOINT, /* checkpoint.h */
	TABLE_RUN,        /* run id -> what each stage did, JSON */
	TABLE_COUNT       /* how many there are */
};

struct state {
	MDB_env *env;
	MDB_dbi table[TABLE_COUNT];
	bool read_only;
	bool copy;          /* a file apart: a backup */
	uint64_t format;    /* an older one can be read as it is */
	uint64_t seed;      /* of link hashes; random per state */
	uint64_t epoch;     /* renewed by restore */
	struct arena names; /* interned names, index = id */
	struct span *name;
	size_t name_count;
};

/* Where a transaction looked last in a table: what is near is found fast. */
struct spot {
	MDB_cursor *cursor;    /* NULL: nowhere yet */
	bool knows_last;       /* `last` is the table's last key, or was */
	size_t last_len;
	char last[LIMIT_KEY];
};

struct txn {
	struct state *state;
	MDB_txn *mdb;
	bool write;
	bool outlived; /* by what it hands out: rows are copied to the arena */
	size_t names_before; /* interned ones a failed commit takes back */
	struct spot *spots;  /* by table; until it ends */
};

/* Makes the environment of a new home, or finishes one that was begun. */
enum rc state_create(const char *home, struct err *e) RC_CHECK;

enum rc state_open(struct state **out, bool read_only, struct err *e)
    RC_CHECK;
/* The state of a home that has no marker yet: restore fills it. */
enum rc state_open_fresh(struct state **out, const char *home, struct err *e)
    RC_CHECK;
void state_close(struct state *s);

/*
 * A copy of all as it is at one moment, others may write meanwhile; and a
 * state in a file of its own, without locks: nobody else must have it open.
 * A copy that says that it is one (state_mark_copy) is no home's state:
 * state_open refuses it.
 */
enum rc state_copy(struct state *s, int fd, struct err *e) RC_CHECK;
enum rc state_open_copy(struct state **out, const char *path, bool read_only,
    struct err *e) RC_CHECK;
enum rc state_mark_copy(struct txn *t, struct err *e) RC_CHECK;
bool state_is_mark(enum state_table table, struct span key);

/* "agreed"; and back, TABLE_COUNT when there is none of that name. */
const char *state_table_name(enum state_table table);
enum state_table state_table_find(struct span name);

/* The format this program writes; older ones are brought up to it. */
extern const uint64_t state_format;
/* The member `,"epoch":"…"` of a line; and is this the epoch it is of? */
void state_put_epoch(struct buf *b, const struct state *s);
bool state_is_epoch(const struct state *s, struct span text);
/* A number nobody can guess; pinned runs give the same. */
enum rc state_random(uint64_t *n, struct err *e) RC_CHECK;

/* One write transaction at a time in the whole world: waits for its turn. */
enum rc txn_begin(struct txn *t, struct state *s, bool write, struct err *e)
    RC_CHECK;
enum rc txn_commit(struct txn *t, struct err *e) RC_CHECK;
void txn_abort(struct txn *t); /* also after commit: does nothing */
/* LMDB's code; the cursor is the transaction's. */
int txn_spot(struct txn *t, enum state_table table, struct spot **spot);
/* Forgets where it looked: one that LMDB, not these, will end. */
void txn_leave(struct txn *t);
/* A read transaction moves to the newest snapshot. */
enum rc txn_renew(struct txn *t, struct err *e) RC_CHECK;

/* RC_OK, RC_END when there is no such key. The value lives until the next
 * write or the end of the transaction.  Keys asked for in order are cheap. */
enum rc txn_get(struct txn *t, enum state_table table, struct span key,
    struct span *value, struct err *e) RC_CHECK;
/* Keys put in order fill pages whole. */
enum rc txn_put(struct txn *t, enum state_table table, struct span key,
    struct span value, struct err *e) RC_CHECK;
/* RC_OK also when there was none. */
enum rc txn_del(struct txn *t, enum state_table table, struct span key,
    struct err *e) RC_CHECK;

/* A walk over keys that begin with a prefix, in key order. */
struct walk {
	struct txn *txn;
	MDB_cursor *cursor;
	struct span prefix; /* caller's; must outlive the walk */
	struct span key, value; /* where it stands */
	bool started;
};

enum rc walk_open(struct walk *w, struct txn *t, enum state_table table,
    struct span prefix, struct err *e) RC_CHECK;
/* RC_OK with key and value, RC_END after the last. */
enum rc walk_next(struct walk *w, struct err *e) RC_CHECK;
/* Goes to this very key (RC_END: not there).  Near keys are cheap. */
enum rc walk_seek(struct walk *w, struct span key, struct err *e) RC_CHECK;
/* Stands at the first key >= this, with the prefix (RC_END: there is none). */
enum rc walk_from(struct walk *w, struct span key, struct err *e) RC_CHECK;
void walk_close(struct walk *w);

/* Is there a key with this prefix? */
enum rc walk_any(struct txn *t, enum state_table table, struct span prefix,
    bool *any, struct err *e) RC_CHECK;
/* What follows the prefix in each such key, until a visit fails; RC_END from
 * one ends the walk well. */
typedef enum rc walk_visit(void *arg, struct span rest, struct err *e);
enum rc walk_each(struct txn *t, enum state_table table, struct span prefix,
    walk_visit *visit, void *arg, struct err *e) RC_CHECK;
/* Deletes all rows whose keys have this prefix. */
enum rc walk_delete(struct txn *t, enum state_table table,
    struct span prefix, struct err *e) RC_CHECK;

/* Names of fields and systems are small numbers in rows.  In a read
 * transaction a new name holds only until its end (a dry run). */
enum rc name_intern(struct txn *t, struct span name, uint32_t *id,
    struct err *e) RC_CHECK;
/* Takes over the names others have interned since we looked. */
enum rc name_load(struct txn *t, struct err *e) RC_CHECK;
/* The id if it has one; false when it was never interned. */
bool name_find(const struct state *s, struct span name, uint32_t *id);
/* Empty span for an unknown id. */
struct span name_of(const struct state *s, uint64_t id);

/* LMDB's code as an rc with words; `what` says what was being done. */
enum rc state_fail(int code, const char *what, struct err *e);

/* Appends the parts parted by NUL bytes: the form of every key. */
void key_put(struct buf *b, size_t n, const struct span *parts);
#define KEY(b, ...)                                                         \
	key_put((b), sizeof((struct span[]){ __VA_ARGS__ }) /               \
	    sizeof(struct span), (struct span[]){ __VA_ARGS__ })
/* A buffer for one key on the stack; over (never moved) when it is too long. */
#define KEY_BUF(name)                                                       \
	char name##_room[2 * LIMIT_KEY];                                    \
	struct buf name = { .ptr = name##_room, .what = "key",              \
		.room = sizeof name##_room, .cap = sizeof name##_room }
/* Takes the part before the next NUL (or the rest) off the front. */
struct span key_take(struct span *key);

#endif
