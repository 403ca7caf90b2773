/* SPDX-License-Identifier: MIT */
/*
 * resolve: decide, then commit.
 *
 *   main.c      options and the two steps
 *   intake.c    the stream -> the spool, sorted by record
 *   making.c    who is dead and not ours, unless a loader makes it
 *   recall.c    what a system read for the first time lacks
 *   match_plan.c how the index of match keys is kept
 *   identify.c  which of those not linked are known, or each other
 *   whose.c     which of ours a line is
 *   copied.c    who carries another's uid: a copy, or has it moved
 *   section.c   a section's begin and what its end concludes
 *   judge.c     decides everything, counts, asks the ceilings; commits nothing
 *   apply.c     decides again batch by batch, commits, prints operations
 *   group.c     all observations of one record out of the spool
 *   plain.c     most lines of a first import, by their bytes
 *   decide.c    what follows from them (pure), with field.c and rules.h
 *   existence.c what is shown lives
 *   ending.c    what follows from its end in a system
 *   derive.c    fields made of what is known of a record
 *   echo.c      our own values that come back in the system's way
 *   drift.c     what changed where we only push
 *   flip.c      a field that goes back and forth is stopped
 *   doubt.c     what may have arrived there, and what was seen of it
 *   unread.c    no create into a system that was not read since
 *   merge.c     what became one there becomes one here
 *   second.c    two merges of the same two, each the other way round
 *   become.c    what became records of other entities there
 *   dispute.c   what a person has to look at, as lines
 *   conclude.c  what follows from whole sections
 *   share.c     only a part of the records is released
 *   inflow.c    what each section brought, for crm-status
 *   unshared.c  one account under two names
 *   renamed.c   one object under two names
 *   twice.c     copies of one record that contradict each other
 *   plan.c      begins and ends the lines of a plan
 *   counts.c    what it would do to each system
 *   ceilings.c  whether that is too much
 *   applied.c   what the last 24 hours brought
 *   spread.c    one value on many records, spread_day.c: in 24 hours
 *   trail.c     what the audit is told
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "../lib/audit.h"
#include "../lib/hash.h"
#include "../lib/account.h"
#include "../lib/run.h"
#include "../lib/spool.h"
#include "../lib/stream.h"
#include "applied.h"
#include "decide.h"
#include "dispute.h"
#include "match_plan.h"
#include "spread.h"

/* What a section's end says once all is committed. */
struct conclusion {
	struct span system, object, entity;
	struct span checkpoint; /* JSON row, empty: it does not move */
	struct span stages;     /* JSON array of the stages' counters */
	uint64_t records;       /* it held */
	uint64_t digest;        /* of their ids */
	int64_t began;          /* ms: when it was begun to be read; 0: ? */
	int64_t ended;          /* ms: by then it had been read */
	bool complete;
	bool listed;            /* all there is was shown */
};

#define CEILING_EXAMPLES 3
#define SHARE_ALL 10000 /* hundredths of a percent */

/* What was counted in one system, with the first uids of each kind. */
struct counts {
	uint64_t n[APPLIED_KINDS];
	uint64_t absent; /* of those that vanished: nobody said deleted */
	struct span example[APPLIED_KINDS][CEILING_EXAMPLES];
};

/* --duplicates: records of one system that are the same. */
enum duplicates {
	DUPLICATES_KEEP,   /* they are two, as the system says: the default */
	DUPLICATES_REVIEW, /* the second waits for a person */
	DUPLICATES_MERGE,  /* no system merges for us: as review */
	DUPLICATES_SKIP    /* the second is rejected */
};

struct resolve {
	struct run run;
	/* options */
	const char *duplicates_text;
	enum duplicates on_duplicate;
	bool dry_run, propose, subset;
	bool stopped;              /* by --strict */
	bool judged;               /* the first step is done */
	int64_t taken;             /* ms: when all of the input was */
	int64_t renewed;           /* when it last saw what others commit */
	uint64_t asked;            /* commands were, as of the last record */
	const char *override;      /* --allow NUMBER:HASH */
	const char *share_text;    /* --share */
	uint32_t share;            /* of SHARE_ALL; see share.h */
	bool kept_back;            /* something was, by an earlier run */
	/* ceilings, in % of a system's records */
	int64_t max_creates, max_updates, max_deletes, max_clears, max_first,
	    max_spread;

	struct systems systems;
	struct state *state;
	struct audit *audit;       /* NULL: a dry run */
	struct policy *policy[LIMIT_SYSTEMS];
	size_t policy_count;
	char **only;               /* ENTITY operands, or none */

	struct spool *spool;
	struct conclusion conclusion[LIMIT_SECTIONS];
	size_t conclusion_count;
	struct arena arena;        /* lives as long as the run */
	struct buf todo;           /* counted entity, system, object, id,
	                              why (empty: off the list), … */
	uint64_t lines, same, duplicates, moved;
	uint64_t exports_moved;    /* of those moved */
	uint64_t unlinked[LIMIT_SYSTEMS][LIMIT_SYSTEMS]; /* [policy][system]:
	                              came without a link */
	bool waited;               /* somebody did for a system to be read */

	struct match_plan match[LIMIT_SYSTEMS]; /* by policy */
	struct match_room match_room;
	struct spool *match_rows;  /* of the index to be built, or NULL */

	struct {
		struct span system;
		struct account account;
	} behind[LIMIT_SYSTEMS];   /* who stands behind the systems read */
	size_t behind_count;
	struct counts *counts;     /* [policy][system], judged */
	struct spread *spread;     /* likewise */
	struct suspect suspect[SPREAD_SUSPECTS];
	size_t suspect_count;
	bool allowed;              /* over a ceiling, by --allow */
	uint64_t plan_hash, plan_lines;
	struct stream_out out;
};

/* A case for a person that the record is a member of; see review.h. */
struct case_entry {
	struct case_entry *next;
	struct hash128 subject;
	bool open;
	uint64_t open_in;          /* systems where open ones were found */
	struct span why;
	struct span *candidates;   /* some of them */
	size_t candidate_count;
};

/*
 * All is gone over more than once, the later times over what was put off.  What
 * of it dies does so in the very last pass: until then everybody is judged by
 * records as they were, whichever comes first.
 */
enum pass {
	PASS_SHOWN, /* more was seen of it than that it ended */
	PASS_ENDED, /* nothing else was */
	PASS_DYING
};

/* All observations of one record, as the spool gives them. */
struct group {
	struct policy *policy;
	struct span key, entity, uid;
	struct span *text;         /* its entries */
	size_t texts, text_room;
	struct observation *obs;   /* those that can be used */
	size_t count;
	bool only_deletes;         /* nothing but deletions was seen */
	bool recalled;             /* a system was read for the first time */
	bool kept;                 /* outside the share: nothing is released */
	struct case_entry *cases;  /* new ones */
	bool *held;                /* by system: it is not created there */
	uint64_t unreadable;       /* a bit for each system that shows it so */
	uint64_t rejected;         /* of these, who was rejected there */
	bool *unread;              /* because that was not read; or NULL */
	bool withheld;             /* and a create that waited to be sent is
	                              not sent any more */
	struct merge *merge;       /* merge.h; NULL: it was not merged */
	enum pass pass;
	struct spool *put_off;     /* what this pass reads; NULL: all */
	struct spool *later;       /* what it put off itself; or NULL */
	struct arena arena;        /* reset by group_next */
	struct json json;
	/* the entry read ahead */
	struct arena ahead_arena;
	struct span ahead_key, ahead;
	bool have_ahead, ended;
};

/* intake.c: notes that a record is to be read again whatever happens. */
void resolve_todo(struct resolve *r, const struct source *s,
    struct span why);
/* What was noted last; empty: it was read, and leaves the list. */
bool resolve_noted(const struct resolve *r, const struct source *s,
    struct span *why);
/* Reads all of stdin; says itself what went wrong. */
enum rc intake(struct resolve *r, struct err *e) RC_CHECK;

/* group.c */
void group_init(struct group *g);
void group_free(struct group *g);
/*
 * Begins the first pass over all.  Records of which nothing but deletions was
 * seen are put off; what else was seen of a record is decided together with its
 * deletion.
 */
enum rc group_rewind(struct resolve *r, struct group *g, struct err *e)
    RC_CHECK;
/* The next pass; RC_END: there was nothing put off. */
enum rc group_go_on(struct resolve *r, struct group *g, struct err *e)
    RC_CHECK;
/* The record at hand comes again in the next pass. */
enum rc group_put_off(struct group *g, struct err *e) RC_CHECK;
/* The next record's; a bad line is rejected and left out.  RC_END. */
enum rc group_next(struct resolve *r, struct txn *t, struct group *g,
    struct err *e) RC_CHECK;

/*
 * Left out of those observed: said once, while judging; it is read again next
 * time.  `text` is what the rejects file gets.
 */
enum rc group_reject(struct resolve *r, struct group *g,
    const struct observation *o, struct span text, const struct err *why)
    RC_CHECK;

/* twice.c: leaves out of those observed what contradicts itself. */
enum rc twice_leave_out(struct resolve *r, struct group *g) RC_CHECK;

/* identify.c: after the intake; changes the spool. */
enum rc identify(struct resolve *r, struct err *e) RC_CHECK;

/* identify_review.c */
enum rc case_take(struct group *g, struct span text, struct err *e) RC_CHECK;
/* Finds out where the group's record may not be created. */
enum rc case_holds(struct group *g, struct txn *t, struct err *e) RC_CHECK;
/* Puts the group's new cases. */
enum rc case_put(struct group *g, struct txn *t, struct err *e) RC_CHECK;
/* Appends the conflict line of an open one (no LF); false: it is none. */
bool case_line(struct buf *b, const struct group *g,
    const struct case_entry *c);

/* Decides the group; see decide.h. */
enum rc group_decide(struct group *g, struct txn *t, struct decision *d,
    struct err *e) RC_CHECK;

/* judge.c */
enum rc judge(struct resolve *r, struct err *e) RC_CHECK;

/* apply.c */
enum rc apply(struct resolve *r, struct err *e) RC_CHECK;

/* conclude.c */
/* Checkpoints, and the to-do list. */
enum rc conclude(struct resolve *r, struct txn *t, struct err *e) RC_CHECK;
/* When a section was begun to be read; one that does not say: before us. */
int64_t conclude_began(const struct resolve *r, int64_t began);

/* section.c: which accounts were read. */
enum rc section_put_accounts(struct resolve *r, struct txn *t,
    struct err *e) RC_CHECK;

/* plan.c: the plan's own section on stdout. */
enum rc plan_begin(struct resolve *r, struct err *e) RC_CHECK;
enum rc plan_end(struct resolve *r, struct err *e) RC_CHECK;
/* What the run did, with its last transaction. */
enum rc plan_record(struct resolve *r, struct txn *t, struct err *e)
    RC_CHECK;

/* inflow.c: with the checkpoints. */
enum rc inflow_put(struct resolve *r, struct txn *t, struct err *e) RC_CHECK;

/* counts.c: what a run does to each system, while it is judged. */
void counts_new(struct resolve *r);
void counts_free(struct resolve *r);
size_t counts_policy_at(const struct resolve *r, const struct policy *p);
void counts_target(struct resolve *r, const struct policy *p,
    const struct decision *d, const struct target *t);
void counts_gone(struct resolve *r, const struct group *g);
/* Adds what was judged to the sums of the day. */
enum rc counts_record(struct resolve *r, struct txn *t, struct err *e)
    RC_CHECK;

/* ceilings.c: which values have to be counted exactly; reads tallies. */
enum rc ceilings_suspect(struct resolve *r, struct txn *t, struct err *e)
    RC_CHECK;
/* Says what is over, how many, with examples; RC_PERSON with the override. */
enum rc ceilings_check(struct resolve *r, struct txn *t, struct err *e)
    RC_CHECK;

/* main.c: loads the policy of an entity once; NULL if it is not asked for. */
enum rc resolve_policy(struct resolve *r, struct span entity,
    struct policy **p, struct err *e) RC_CHECK;

#endif
