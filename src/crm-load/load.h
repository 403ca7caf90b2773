/* SPDX-License-Identifier: MIT */
/*
 * load: deliver what was decided, and acknowledge it.
 *
 *   behind.c      whether the account there is the one we know
 *   main.c        options, and the loop: gather, claim, send, acknowledge
 *   gather.c      which records are to be sent: lines of a plan, or the outbox
 *   forecast.c    how many calls a large load takes, before it begins
 *   order.c       in which order, with --pending
 *   claim.c       claims them durably and computes what is sent: agreed minus
 *                 the shadow, as it is now
 *   body.c        the same in the target's own names and values
 *   doubt.c       what left before and was not answered
 *   overtaken.c   whether the target was read meanwhile
 *   said.c        whether a line's own values are those
 *   send.c        hands batches to the adapter
 *   acknowledge.c what came back becomes state, then receipts
 *   tallies.c     how many of our records live there
 *   trail.c       what the audit is told of it
 *   measure.c     what crm-status is to tell of it
 *   expect.c      the line by which our own write will be shown
 *   receipt.c     the lines on stdout
 *   report.c      the import report
 */
#ifndef LOAD_H
#define LOAD_H

#include "../adapters/adapter.h"
#include "../lib/audit.h"
#include "../lib/flight.h"
#include "../lib/hash.h"
#include "../lib/outbox.h"
#include "../lib/policy.h"
#include "../lib/run.h"
#include "../lib/stream.h"

/* An opened writer for one entity's object. */
struct outlet {
	struct policy *policy;
	struct policy_system *system;
	struct writer *writer;    /* NULL until something is sent */
	struct write_item *items; /* of the batch; owned, room batch_max */
	struct job **jobs;        /* whose they are */
	size_t count;
	bool tallied;             /* system->tally was read in this one */
	uint32_t scope;           /* and this: of its listings, or 0 */
	struct hash128 reading;   /* its last one's, when it was claimed */
	bool overtaken;           /* there was another since */
	struct measure *measure;  /* owned; NULL: nothing was counted */
};

/* One record to be sent to our system. */
struct job {
	struct outlet *outlet;
	struct span uid;
	bool repeated;            /* the batch has it already */
	bool passed;              /* not its turn, or told before: no receipt */
	uint64_t version;         /* the line's; 0: what stands (--pending) */
	struct span said;         /* the line; ptr NULL: --pending */
	struct span said_op;      /* of a line as crm-resolve writes it */
	struct span said_rest;    /* and what follows its version; or empty */
	/* from claiming */
	bool claimed;
	uint64_t claimed_version;
	uint64_t revision;        /* of our side then */
	struct span flight;       /* in doubt already then: outbox.h */
	bool intent, made;        /* and by a create */
	struct record record;
	struct side *side;        /* NULL: it is to be created */
	bool *sent;               /* by entity field; NULL: none is */
	bool stamp;               /* it gets our uid there: it had another's */
	bool held_reference;      /* a field waits for its parent's id there */
	bool refers;              /* a reference is written over */
	bool refers_away;         /* and what it was has no id there */
	bool *rest;               /* by entity field: what is sent when a
	                             reference that shows there and cannot be
	                             followed is in the way; or NULL */
	struct span rest_data, rest_expected;
	const char *left;         /* why not all of it was sent; or NULL */
	struct write_item *item;  /* the outlet's; NULL: nothing to send */
	/* what becomes of it */
	const char *status;       /* of the receipt; NULL: not yet known */
	const char *code;         /* why in a word, of receipt.c; or NULL */
	const char *why;          /* in the batch's arena, or NULL */
};

struct report {
	uint64_t created, updated, archived, deleted, nothing;
	uint64_t failed, held, stale, unknown;
	uint64_t unsent;          /* of those held: never left us */
	uint64_t unchanged, duplicates, skipped;
	struct reasons reasons;
};

struct load {
	struct run run;
	/* options */
	bool pending, subset, dry_run;
	const char *report_path, *report_form;
	struct adapter_terms terms;

	struct systems systems;
	const struct system *system;
	const struct adapter *adapter;
	uint32_t system_id;       /* interned */
	struct state *state;
	struct audit *audit;
	const char *waits;        /* after a restore: for what; or NULL */
	struct outlet outlet[LIMIT_SYSTEMS];
	size_t outlet_count;

	struct stream_in in;
	struct line line;
	bool plan_ended, epoch_known;
	bool sent;                /* a batch, if only to nobody */
	bool foretold;            /* how many calls it takes */
	char plan_run[LIMIT_NAME + 1]; /* who decided it, or empty */
	bool ordered;             /* --pending: */
	size_t order[LIMIT_SYSTEMS]; /* outlets */
	size_t turn;              /* order_at of it is being sent */
	bool turn_ended;          /* its last batch was gathered */
	struct span walk_from;    /* last key taken of it */
	struct arena walk_arena;

	int64_t batch_began;      /* ms */
	uint64_t measured;        /* jobs of the batch */
	struct arena arena;       /* of the batch */
	struct job *jobs;
	size_t count, room;
	size_t bytes;             /* of what its jobs are about, so far */
	uint32_t *met;            /* records of the batch, hashed */
	struct buf text, body;    /* bodies being built */
	struct buf flight;        /* what is about to leave */
	struct json json;
	struct stream_out out;
	struct report report;
};

/* gather.c: fills jobs; RC_END when there is no more. */
enum rc gather_lines(struct load *l, struct err *e) RC_CHECK;
enum rc gather_pending(struct load *l, struct err *e) RC_CHECK;

/* forecast.c: before the first batch is sent. */
enum rc forecast(struct load *l, struct err *e) RC_CHECK;

/*
 * order.c: --pending goes over the outbox twice, an entity a turn: creates and
 * updates, then removals.
 */
enum rc order_find(struct load *l, struct err *e) RC_CHECK;
/* Whose turn it is; NULL when all had theirs. */
const struct outlet *order_at(const struct load *l, size_t turn);
/* Is this turn for what is archived or deleted, or for the rest? */
bool order_removes(const struct load *l);

/* claim.c */
enum rc claim(struct load *l, struct err *e) RC_CHECK;

/*
 * body.c: an object in the arena of the fields to be sent (j->sent; those whose
 * reference has no id there yet are taken out of it), or `held`: of what the
 * side holds of them now.
 */
enum rc body_make(struct load *l, struct txn *t, struct job *j, bool held,
    struct span *out, struct err *e) RC_CHECK;

/*
 * said.c: RC_RECORD, and why, when the job's line says otherwise than what is
 * to be sent (j->sent) by that kind of write, or less.  What it says of fields
 * that were delivered since has to be right too; `history`, `why`, `id` and
 * `base` are not looked at.
 */
enum rc said_check(struct load *l, const struct job *j,
    enum write_kind kind, struct err *e) RC_CHECK;

/* doubt.c */
/* Takes down what of the entry is in doubt. */
void doubt_note(struct job *j, const struct outbox *o);
/* Is it as it was taken down? */
bool doubt_stands(const struct job *j, const struct outbox *o);
/* What may be there is written again, even if nothing differs any more. */
void doubt_add(struct job *j);
/* Was a create sent for what is to be gone by now, and not answered? */
bool doubt_of_life(const struct job *j);
/* The entry gets what is about to leave; RC_END: there is no room for it. */
enum rc doubt_fly(struct load *l, const struct job *j, struct outbox *o)
    RC_CHECK;
/* Did another loader take the entry over since we claimed it? */
bool doubt_is_taken(const struct job *j, const struct outbox *o);
/* Whether it arrived is `unknown`; else what was in doubt before still is. */
void doubt_land(const struct job *j, struct outbox *o, bool unknown);

/*
 * overtaken.c: who reads a target while a record is made there does not know
 * that it is ours, and lets pass what a person does to it.  With the claims,
 * and with the acknowledgements: whether that may have been.
 */
enum rc overtaken_note(struct load *l, struct txn *t, struct err *e) RC_CHECK;
enum rc overtaken_look(struct load *l, struct txn *t, struct err *e) RC_CHECK;

/* behind.c: before anything is sent, and after all is. */
enum rc behind_check(struct load *l, struct err *e) RC_CHECK;
enum rc behind_remember(struct load *l, struct err *e) RC_CHECK;
/* l->waits: for what, after the state was restored. */
enum rc behind_restored(struct load *l, struct txn *t, struct err *e)
    RC_CHECK;

/*
 * send.c: all batches.  What a reference that cannot be followed was in the way
 * of is sent once more without references; j->sent then says what was.
 */
enum rc send_jobs(struct load *l, struct err *e) RC_CHECK;
enum rc send_close(struct load *l, struct err *e) RC_CHECK;
/* The outlet of an entity, loaded at first use. */
enum rc send_outlet(struct load *l, struct span entity, struct outlet **out,
    struct err *e) RC_CHECK;

/*
 * tallies.c: those of an outlet's links; one that was live, or not, is so, or
 * not.  Read once a transaction, and put at its end.  `ordinal`, or NULL: the
 * place of a link that is new.
 */
enum rc tallies_change(struct txn *t, struct outlet *o, bool was, bool is,
    uint64_t *ordinal, struct err *e) RC_CHECK;
enum rc tallies_put(struct load *l, struct txn *t, struct err *e) RC_CHECK;

/* acknowledge.c */
enum rc acknowledge(struct load *l, struct err *e) RC_CHECK;

/* trail.c */
/* Takes down whose plan this is, from its begin. */
void trail_plan(struct load *l, const struct json *begin);
/* What became of all, under the run that decided it.  Once, at the end. */
enum rc trail_end(struct load *l, struct err *e) RC_CHECK;
/* Once its status is known. */
void trail_job(struct load *l, const struct job *j);

/* measure.c */
void measure_begin(struct load *l);
/* Once its status is known. */
enum rc measure_job(struct load *l, struct txn *t, const struct job *j,
    struct err *e) RC_CHECK;
/* What the batch brought, with its acknowledgements. */
enum rc measure_put(struct load *l, struct txn *t, struct err *e) RC_CHECK;
void measure_free(struct measure *m);

/* receipt.c: also counts it for the report. */
enum rc receipt_put(struct load *l, struct job *j, struct err *e) RC_CHECK;

/* Once, after the last: how many more were not sent than was said. */
void receipt_end(struct load *l);

/* report.c */
/* Takes over what earlier stages counted: the plan's end. */
void report_plan_end(struct load *l, const struct json *j);
enum rc report_print(struct load *l, struct err *e) RC_CHECK;

#endif
