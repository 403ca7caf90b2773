/* SPDX-License-Identifier: MIT */
/*
 * world: a home with two or three stores, what people did to them and what
 * the programs were told to do; the oracle's memory.
 *
 * All is deterministic: the clock is ours, files get their times from it, and
 * every command and edit is also a line of a shell script that does the same.
 * Whatever goes wrong ends the play by world_fail.
 */
#ifndef WORLD_H
#define WORLD_H

#include <setjmp.h>
#include <stdint.h>
#include <time.h>

#include "history.h"
#include "store.h"

enum event_kind {
	EVENT_EDIT, EVENT_CREATE, EVENT_DELETE, EVENT_RESTORE, EVENT_ABSENT,
	EVENT_BAD, EVENT_MEND, EVENT_REWRITE, EVENT_MERGE
};

/* What somebody did to one record on one side. */
struct event {
	enum event_kind kind;
	int side;
	int field;               /* or -1 */
	struct span id, uid;
	struct span stamp;       /* the uid it had then; `uid` may become
	                            another's later (copies.h, and at the
	                            end) */
	const char *value, *seen; /* now; and when it was last read */
	const char *before;      /* what stood there; values_never: nothing */
	struct span token;       /* of a memo: what was put into it */
	struct span target;      /* of a parent: its id there */
	bool archived;           /* an edit of what stood archived there */
	bool early;              /* a parent that nobody had read yet */
	bool cut;                /* a name of which only a part stood there */
	bool merged;             /* its record became another since */
	const char **left;       /* a deletion: what its row had, by field, as
	                            it was last read, or written by us; NULL:
	                            nobody had seen it */
	unsigned taken;          /* one that was made, an edit, a deletion: how
	                            many plans there were when what had shown
	                            it was decided; 0: nothing had */
};

/* Which values a rule may decide for, of those that were there. */
enum weight { WEIGHT_ANY, WEIGHT_MOST, WEIGHT_LEAST, WEIGHT_LONGEST,
	WEIGHT_ALL };

/* A line of a plan: an operation or a conflict. */
struct plan_line {
	bool conflict;
	int side;                /* whom it is for */
	struct span uid;
	unsigned fields, ruled;  /* bits: has the field, a rule decided it */
	enum weight weight[FIELDS];
	struct span value[FIELDS];
};

/* What a plan said, and after how many events. */
struct plan {
	unsigned events, count;
	struct plan_line *line;
};

/* What a reading of a record accepted. */
struct known {
	int side;
	struct span id;
	bool dead;               /* archived, or gone */
	unsigned events;         /* how many had happened then */
	int64_t at;              /* s: when it was read, or written by us */
	int64_t moved;           /* s: when what is known of it moved last: what
	                            was read before is put off until it is read
	                            again */
	bool shown;              /* it was read while it lived: only then do
	                            its values count for anything */
	unsigned silent;         /* bits of fields it said nothing about */
	const char *value[FIELDS];
};

struct known_list {
	unsigned count, room;
	struct known *items;
};

/* Two records of a side became one there. */
struct merged {
	int side;
	struct span loser, winner; /* uids */
	struct span id, into;      /* their ids there */
	struct span as;            /* whose the loser's row is by our links, at
	                              the end */
	bool forgotten;            /* by a state that was put back, and it is
	                              not there any more */
	const char *value[FIELDS]; /* what had been read of the loser there */
	struct span second[SIDES]; /* the loser's ids elsewhere, if both live
	                              there */
};

enum { EVENTS = 1024, PLANS = 128, REMOVED = 64, MERGED = 32 };

struct world {
	const struct history *history;
	int sides;
	const char *name[SIDES];
	bool swapped;            /* names of the first two */
	int64_t now;             /* s since our beginning of time */
	unsigned runs, made;
	unsigned coded[CODES];   /* bits of sides that had a record of it */
	unsigned coded_at[CODES]; /* how many readings before the first */
	unsigned ambiguous;      /* bits of codes that several have there */
	unsigned unmet;          /* bits of codes one of which could not be
	                            used before it was known */
	unsigned tokens;         /* that were put into memos */
	unsigned readings;
	bool midway;             /* a round is under way */
	struct arena arena;      /* for all that lives as long as the play */
	struct json json;
	struct buf text;         /* of a file, briefly */
	struct store store[SIDES];
	bool fresh[SIDES];       /* store[] is what the file holds */
	struct timespec stamped[SIDES];
	unsigned event_count, plan_count, quiet_count;
	struct event event[EVENTS];
	struct plan plan[PLANS];
	unsigned quiet[STEPS];   /* event counts at which all was at rest */
	struct known_list seen;
	bool backed_up;          /* there is a dump of the state */
	struct known_list seen_then;
	unsigned restored;       /* event count when that was put back */
	unsigned merged_count;
	struct merged merged[MERGED];
	unsigned removed_count[SIDES];
	struct span removed[SIDES][REMOVED];
	struct buf *script;      /* or NULL */
	char why[1024];
	jmp_buf failed;
};

/* Exit statuses a command may have, as bits. */
enum { MAY_DO = 1 << 0 | 1 << 1, MAY_BREAK = MAY_DO | 1 << 3 };

void world_open(struct world *w, const struct history *h, bool swapped,
    struct buf *script);
/* setup.c: home, mappings and stores in the current folder, which is empty. */
void world_begin(struct world *w);
void world_close(struct world *w);

/* The first word says which invariant it is. */
void world_fail(struct world *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));

/* A name for a side that does not change when names are swapped. */
const char *world_unswapped(const struct world *w, int side);

/*
 * Runs a program with its streams (streams.h); its words end with NULL.  Its
 * exit status, which is one it may have.
 */
int world_run(struct world *w, unsigned may, const char *in,
    const char *out, ...) __attribute__((sentinel));
/* A file's bytes, in w->text until the next call. */
struct span world_read(struct world *w, const char *path);
/* Its bytes, for the script. */
void world_note_text(struct world *w, const char *path, struct span text);
/* It gets the time it is written at, and is no line of the script. */
void world_write(struct world *w, const char *path, struct span text);
/* A person writes a file. */
void world_put(struct world *w, const char *path, struct span text);
void world_note(struct world *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A program may have written there: it gets our time. */
void world_stamp(struct world *w, int side);

/* "app/thing.ndjson" */
const char *world_path(const struct world *w, int side, char room[64]);
struct store *world_store(struct world *w, int side);
void world_put_store(struct world *w, int side);
struct span world_uid(struct world *w, int side, const struct row *r);
bool world_live(const struct row *r);
bool world_merged(const struct row *r);
bool world_has(const struct world *w, enum field f);
/* The row of that id, or NULL. */
struct row *world_find(struct world *w, int side, struct span id);
/* From this plan on there was nothing to be told, nor to be asked. */
bool world_planned_nothing(const struct world *w, unsigned from);
/* All events before this one had come to rest when it happened. */
unsigned world_quiet_before(const struct world *w, unsigned at);
/* What it was merged into, if it was. */
struct span world_winner(const struct world *w, struct span uid);
/* Was that record merged into another, by anybody? */
bool world_lost_uid(const struct world *w, struct span uid);
/* What the row shows of a field. */
const char *world_shows(struct world *w, int side, const struct row *r,
    enum field f);
/* Our time as "2026-...Z", `ago` seconds back. */
void world_clock(const struct world *w, int64_t ago, char text[32]);

#endif
