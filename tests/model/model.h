/* SPDX-License-Identifier: MIT */
/*
 * model: shadow x agreed x outbox x system as a small machine, searched whole.
 *
 * Two systems, one customer record of two fields, two workers.  A worker is a
 * pipeline at one of its programs: it reads a system (its snapshot), compares
 * it with its shadow, and commits what follows for all it has read; or it
 * takes an outbox entry: computes, claims, sends, acknowledges.  Between any
 * two of these steps the other worker may do any of its own, people may edit,
 * clear, revert, delete and restore in either system, and a worker may die.
 *
 *   world.c    the roots, and what people do
 *   look.c     a read and its comparison        (crm-extract, crm-diff)
 *   decide.c   what follows from it             (crm-resolve: decide.c), with
 *   field.c, doubt.c, and blame.c: a ghost that knows who has seen what
 *   commit.c   and becomes state                (crm-resolve: apply.c)
 *   claim.c    what is sent                     (crm-load: claim.c)
 *   deliver.c  sent and acknowledged            (the adapter, acknowledge.c)
 *   step.c     every step by a number, and in words
 *   release.c  what a person releases           (--propose, approve)
 *   backup.c   the state is restored            (crm-state restore)
 *   key.c      two worlds that differ in names only are one
 *   check.c    what must hold
 *   search.c   breadth first: the first violation is a shortest one
 *   main.c     options, TAP
 *   pair.h     a machine of its own: two records, of which one is merged
 *
 * Each follows the program beside it branch by branch.  Modelled beyond what
 * the programs do today, as no system yet needs it: reading from a cursor, a
 * copy that arrives late (an event, a lagging replica), a get by id that
 * confirms an absence or a restore, a match by key at first contact.
 *
 * What left and was not answered (struct flight) is doubt.c's, in crm-load and
 * in crm-resolve: what may have arrived, and a person who changed or deleted
 * it before it was seen.
 *
 * Not modelled, and where it is shown instead (e2e, golden: of tests/):
 *   ceilings, over many records and a day    e2e/ceilings.t, golden crm-resolve
 *                                            ceilings, convert-ceiling
 *   another account, scope, mapping          e2e/account.t, golden crm-resolve
 *                                            one-account-twice, column-renamed
 *   rules other than latest, flips           golden crm-resolve rules, rule-*,
 *                                            prefer-wins; e2e/flip.t
 *   references, order of parents, of deaths  golden crm-resolve reference-*,
 *                                            deleted-together, crm-load
 *                                            pending-order
 *   copies, matching by keys                 golden crm-resolve copy-or-moved,
 *                                            match-*; e2e/identity.t
 *   merges undone, or of several             golden crm-resolve merge-*
 *   refused values, edited lines, dry runs   golden crm-load receipt-codes,
 *                                            edited-line, crm-resolve dry-run
 *   times: ties, wrong clocks                e2e/times.t, golden crm-resolve
 *                                            times, time-to-come
 *   a request that arrives after its answer was given up: nowhere yet
 * Copies, merges and references are in the random histories, too
 * (property/histories.t).
 *
 * People's edits are followed by a ghost the machine cannot see: every edit has
 * a bit, every value the bits of the edits it stands for.  An edit is closed
 * when a person who saw it replaces it, or a decision against another open
 * edit is recorded; all that is open when all is quiet must stand everywhere.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYSTEMS = 2, SLOTS = 2, FIELDS = 2, WORKERS = 2, EDITS = 7, TRIES = 2 };
enum { REVIVED = 0x80 }; /* in slot.ours: its life is our doing */
enum { NEVER = 0xff };  /* a side that never showed the field */
enum { FORM = 0x40 };   /* in a value: in the form of the system that has it */
enum { BACKED_UP = 2 }; /* values and instants of a backup: at most */

/* What some roots have besides. */
enum { MODE_BACKUP = 1, MODE_PROPOSE = 2,
	MODE_FORM = 4, /* B has its own form of what it is sent, */
	MODE_CUT = 8,          /* which is less */
	MODE_UNREAD = 16 };    /* when systems were read is known */

/* What can be taken away, one at a time; RULE_NONE is first. */
#define RULES(X) \
	X(NONE, "nothing") \
	X(END, "no end, no conclusions") \
	X(BASE, "the base is the system's shadow, not agreed") \
	X(CONCURRENT, "concurrent: the shadow does not stand for agreed") \
	X(RECHECK, "checked again at commit") \
	X(AT_SENDING, "computed at sending") \
	X(CLAIM, "claimed before sending") \
	X(KEEP_CLAIMED, "a claimed entry is not cancelled") \
	X(DEAD_CLAIM, "a dead claim is an unknown outcome") \
	X(ACK_FIELDS, "an acknowledgement moves only what it wrote") \
	X(ACK_LATER, "and only if not seen later meanwhile") \
	X(COMPARE, "compared before written") \
	X(INTENT, "intent before a create") \
	X(OWN_UID, "own uid looked up before a create") \
	X(READ_FIRST, "no create into a system that was not read") \
	X(OLD_COPY, "old copies are ignored") \
	X(ABSENT_OLDER, "absence counts for links older than begin") \
	X(BY_ID, "a get by id confirms absence and restore") \
	X(DELETE_ONCE, "a deletion counts once, for the id now linked") \
	X(EDIT_BEATS, "edit beats delete") \
	X(CURSOR, "a checkpoint moves if begun at or before it") \
	X(TODO, "what is to do is read whatever the cursor says") \
	X(FIRST_SIGHT, "a first sight counts while its id is unknown") \
	X(DIED, "a sight of what died meanwhile is read again") \
	X(FLIGHT, "what is in flight is known until it is seen or answered") \
	X(STRICT, "a repeat is written only where nothing has moved") \
	X(UNMOVED, "the same version as before says nothing of a flight") \
	X(DOUBT, "set back, or never there: a person decides") \
	X(WAIT, "what is being sent is judged once it is answered") \
	X(REVIVE, "only what was known to be dead is revived") \
	X(ARCHIVED, "what was archived there is not updated") \
	X(OVERTAKEN, "what was made while its system was read is read again") \
	X(HOLD, "restored, nothing is made or removed before all is read") \
	X(RELEASED, "what is only proposed is not sent") \
	X(VERSION, "a release is of one decision") \
	X(RETRACT, "what is decided again is proposed again") \
	X(EPOCH, "what was said before a restore releases nothing") \
	X(ECHO, "what a system makes of what it is sent is no edit") \
	X(ECHO_ONLY, "and all else it shows is one") \
	X(CUT, "an edit of what is held cut is for a person to decide") \
	X(FIRST, "at first contact nobody is later: a person decides") \
	X(TOMBSTONE, "what died is remembered") \
	X(UNREAD, "no create where it may have come since that was read") \
	X(IN_REVIEW, "what waits for a person is sent nowhere") \
	X(MERGE, "a merge is followed, and is no deletion") \
	X(MERGE_ENDS, "what was merged is told nothing any more") \
	X(MERGE_MOVES, "what only it had elsewhere is the other's by now") \
	X(MERGE_WAITS, "nothing is joined while something is delivered")

enum rule {
#define X(name, text) RULE_##name,
	RULES(X)
#undef X
	RULE_COUNT
};

extern enum rule model_removed;

static inline bool
holds(enum rule r)
{
	return model_removed != r;
}

/* All members are bytes: no padding, and equal worlds are equal bytes. */

enum life { LIFE_NONE, LIFE_LIVE, LIFE_ARCHIVED, LIFE_GONE };

struct cell {
	uint8_t value;   /* 0: null */
	uint8_t edits;   /* ghost */
};

/* A place for a record in a system; its number there is its id. */
struct slot {
	uint8_t life;
	uint8_t time;    /* of its last change; its version, too */
	uint8_t stamped; /* carries our uid */
	uint8_t ours;    /* fields written last by us */
	uint8_t before[FIELDS]; /* what stood there before that */
	struct cell field[FIELDS];
};

struct agreed {
	uint8_t life;    /* NONE: there is no row */
	uint8_t version; /* with MODE_PROPOSE: of the decision */
	uint8_t conflict;       /* fields in review */
	uint8_t time[FIELDS];
	struct cell field[FIELDS];
};

struct side {
	uint8_t life;
	uint8_t id;
	uint8_t time;    /* the version the shadow stands for */
	uint8_t version; /* 0: unknown */
	uint8_t value[FIELDS];
	uint8_t sent[FIELDS]; /* that this is the form of; 0: it is no form */
};

struct link {
	uint8_t state;   /* LIFE_NONE, LIFE_LIVE, or LIFE_GONE: a tombstone */
	uint8_t since;
};

/* What was claimed and is not acknowledged: it may be there, or come yet. */
enum { FLIGHT = 0x80 };

struct flight {
	uint8_t fields;  /* and FLIGHT */
	uint8_t made;    /* by a create */
	uint8_t since;   /* what is read later shows what became of it */
	uint8_t value[FIELDS][TRIES]; /* of one try: the same twice */
};

enum kind { KIND_NOTHING, KIND_CREATE, KIND_UPDATE, KIND_ARCHIVE };

/* What is to be sent, as a person is shown it. */
struct said {
	uint8_t kind, sent;
	uint8_t value[FIELDS], over[FIELDS];
};

/* A line of a plan, or of the queue, that somebody kept. */
struct line {
	uint8_t version; /* 0: there is none */
	uint8_t epoch;
	struct said said;
};

enum { LEASE_NONE, LEASE_DEAD = WORKERS + 1 }; /* else worker + 1 */

struct entry {
	uint8_t there;
	uint8_t lease;
	uint8_t claimant; /* as a lease, also of a dead one */
	uint8_t intent;
	uint8_t version, released;
	struct said said; /* ghost: what was released */
	struct flight flight;
	/* without RULE_AT_SENDING: as it was when it was decided */
	uint8_t frozen;
	struct cell field[FIELDS];
	uint8_t expected[FIELDS];
};

enum op { OP_NONE, OP_CREATE, OP_UPDATE, OP_TOUCH, OP_DELETE,
	OP_AGAIN /* nothing can be concluded: it is to be read again */ };

/* One copy of a record, as read, then as an observation. */
struct copy {
	uint8_t shown;
	uint8_t life, time, stamped;
	struct cell field[FIELDS];
	uint8_t op;
	uint8_t said;    /* fields that differ */
	uint8_t has_base;
	uint8_t stands;  /* the side has not moved since */
	uint8_t dead;    /* archived, and none of ours that lives */
};

enum { LOOK_NONE, LOOK_TAKEN, LOOK_COMPARED };

struct look {
	uint8_t stage;
	uint8_t began;
	uint8_t taken;   /* where its cursor gets to */
	uint8_t since;   /* where it began to read */
	uint8_t full;    /* a complete listing */
	struct copy copy[SLOTS];
};

enum { JOB_NONE, JOB_COMPUTED, JOB_CLAIMED, JOB_SENT };
enum result { RESULT_NONE, RESULT_DONE, RESULT_STALE, RESULT_GONE,
	RESULT_EXISTS, RESULT_UNKNOWN };

struct job {
	uint8_t stage;
	uint8_t system;
	uint8_t kind;
	uint8_t id;      /* SLOTS: none */
	uint8_t version; /* the slot's it was decided against */
	uint8_t stands;  /* the entry has not been decided again */
	uint8_t unmoved; /* the side has not moved */
	uint8_t had_side;
	uint8_t sent;    /* fields */
	struct cell field[FIELDS];
	uint8_t expected[FIELDS];
	uint8_t repeat;  /* an earlier one may be there: strictly */
	uint8_t overtaken; /* its system was read since it was claimed */
	struct flight before; /* what was in flight before this */
	uint8_t taken;   /* over by another loader, as known at the end */
	uint8_t result;
	uint8_t time;    /* of the write, as the system says */
};

struct worker {
	struct look look[SYSTEMS];
	struct job job;
};

enum astray { ASTRAY_NONE, ASTRAY_UNSAID, ASTRAY_ARCHIVED, ASTRAY_REVIEW };

/* Of a person: of which field (or FIELDS: deleted, FIELDS + 1: restored). */
struct edit {
	uint8_t kind, value, system;
	uint8_t seen;    /* edits its author replaced, knowingly or not */
};

struct world {
	uint8_t now;
	uint8_t delta;   /* systems are read from a cursor */
	struct slot slot[SYSTEMS][SLOTS];
	struct agreed agreed;
	struct side side[SYSTEMS];
	struct link link[SYSTEMS][SLOTS];
	struct entry outbox[SYSTEMS];
	uint8_t todo[SYSTEMS];     /* ids */
	uint8_t cursor[SYSTEMS];
	uint8_t was_read[SYSTEMS]; /* completely, once */
	uint8_t read_at[SYSTEMS];  /* with MODE_UNREAD: last */
	uint8_t waits[SYSTEMS]; /* it is not made there before it is read */
	struct worker worker[WORKERS];
	uint8_t root, modes;
	uint8_t backups; /* how often the state may still be restored */
	uint8_t restored, epoch;
	struct line line[SYSTEMS];
	/* how much may still happen */
	uint8_t humans, crashes, lates, stalls;
	/* ghost */
	uint8_t edits;   /* how many there were */
	uint8_t real;    /* those that nobody has replaced knowingly */
	uint8_t open;    /* of these, those no recorded decision was against */
	uint8_t deletes; /* a person ever deleted it */
	uint8_t undone;  /* and it was taken to live again for nothing */
	uint8_t forgotten; /* edits before the state was restored */
	uint8_t lives;   /* so the state said that was lost by a restore */
	uint8_t astray;  /* enum astray */
	struct edit edit[EDITS];
};

/* ---- world.c ---- */

enum how { HOW_FRESH, HOW_CLEAR, HOW_MATCH, HOW_REVERT, HOWS };

size_t world_roots(void);
void world_root(struct world *w, size_t i);
const char *world_root_name(size_t i);
/* The state of its backup; the rest is the root's. */
void world_backup(struct world *w, size_t i);
uint8_t world_tick(struct world *w);
/* As that system has it, once it is put there. */
uint8_t world_form(const struct world *w, size_t system, uint8_t value);
/* The live record there; NULL if none. */
struct slot *world_live(struct world *w, size_t system);
/* False: it cannot be done now. */
bool world_edit(struct world *w, size_t system, size_t field, enum how how);
bool world_delete(struct world *w, size_t system, bool hard);
bool world_restore(struct world *w, size_t system);

/* ---- backup.c ---- */

/* The state becomes what it was when it was backed up. */
bool backup_restore(struct world *w);
/* Does a restored state wait for a system to be read? */
bool backup_waits(const struct world *w);

/* ---- release.c ---- */

/* A decision is put: under a new version, and as a line. */
void release_propose(struct world *w, size_t system);
/* The same of one that is no operation, as what is being sent is not there.
 * False: it was decided before. */
bool release_retract(struct world *w, size_t system);
/* A person releases what his line is of. */
bool release_approve(struct world *w, size_t system);
bool release_throw_away(struct world *w, size_t system);
/* May what the line is of be sent for it? */
bool release_is_said(const struct world *w, size_t system,
    const struct job *j);
/* It is: ghost. */
void release_send(struct world *w, const struct job *j);
/* A person releases all there is. */
void release_all(struct world *w);

/* ---- a worker's steps: false where they cannot be taken ---- */

bool look_read(struct world *w, size_t worker, size_t system, bool since);
/* `late`: the copy is old by now, and nothing says so. */
bool look_compare(struct world *w, size_t worker, size_t system, bool late);
/* The stream breaks off. */
bool look_cut(struct world *w, size_t worker, size_t system);
bool commit(struct world *w, size_t worker);

/* What it shows, or that of which it is its form. */
static inline uint8_t
side_stands_for(const struct side *s, size_t field)
{
	if (s->value[field] == NEVER)
		return 0;
	return s->sent[field] ? s->sent[field] : s->value[field];
}

/* Is this field to be sent there?  NULL: to a record to be made. */
bool claim_sends(const struct world *w, const struct side *s, size_t field);
/* What would be sent there now. */
void claim_would(const struct world *w, size_t system, struct job *j);
/* By a `line` that arrives; else what is pending. */
bool claim_compute(struct world *w, size_t worker, size_t system, bool line);
bool claim_take(struct world *w, size_t worker);

enum fate { FATE_DONE, FATE_UNKNOWN, FATE_LOST, FATES };
bool deliver_send(struct world *w, size_t worker, enum fate fate);
bool deliver_acknowledge(struct world *w, size_t worker);
/* What this side shows has moved: comparisons made before do not hold. */
void deliver_moved(struct world *w, size_t system);

bool worker_idle(const struct world *w, size_t worker);
bool worker_die(struct world *w, size_t worker);
/* Its lease ends while it is at work. */
bool worker_stall(struct world *w, size_t worker);

/* ---- decide.c ---- */

struct decision {
	bool changed;
	bool side_changed[SYSTEMS];
	bool create[SYSTEMS];    /* by now it may be made there */
	bool target[SYSTEMS];
	bool moved[SYSTEMS][SLOTS];
};

/* Changes agreed and sides as what worker has seen demands. */
void decide(struct world *w, const struct worker *by, bool recalled,
    struct decision *d);

/* ---- step.c ---- */

size_t step_count(const struct world *w);
bool step_take(struct world *w, size_t step);
void step_say(size_t step, char *text, size_t room);

/* ---- key.c ---- */

uint64_t key_of(const struct world *w);

/* ---- check.c: NULL, or what is wrong ---- */

/* In any world. */
const char *check_now(const struct world *w);
/* Lets all go quiet first; in a world whose workers are idle. */
const char *check_quiet(const struct world *w);

/* ---- search.c ---- */

struct search {
	size_t only;     /* this root; SIZE_MAX: all */
	size_t depth;    /* at most; out: the deepest level visited whole */
	size_t states;   /* at most; out: visited */
	bool whole;      /* out: nothing was left to visit */
	/* out: the first violation found */
	const char *problem;
	size_t root, steps;
	uint16_t step[64];
};

struct bounds {
	uint8_t humans, crashes, lates, stalls;
};

void search_run(struct search *s, const struct bounds *b);

#endif
