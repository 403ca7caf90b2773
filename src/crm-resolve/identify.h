/* SPDX-License-Identifier: MIT */
/*
 * identify: between reading and deciding, which of the records that came
 * unlinked are records we know, or are each other.
 *
 *   identify.c        the step: a pass for each match key
 *   identify_score.c  then by their likeness
 *   identify_party.c  who takes part: what came unlinked, and what is known
 *   identify_moved.c  what is known, and gets or leaves a value in this run
 *   identify_case.c   what follows for those that share a value (pure)
 *   identify_fate.c   what was found of each, by its place in the spool
 *   identify_review.c what a person is asked
 *   identify_blind.c  whom a record that could not be used may be
 *   identify_spool.c  the spool again, under the uids that were found
 *
 * All that take part are sorted by value on disk; only those that share one
 * are in memory together.
 */
#ifndef IDENTIFY_H
#define IDENTIFY_H

#include "../lib/match_index.h"
#include "../lib/review.h"
#include "resolve.h"

/* A value that more records share than these is no key for anybody. */
#define CASE_MOST 10000
/* So many candidates are named. */
#define CASE_NAMED 8

enum finding {
	FOUND_NONE,   /* not open: nothing to find out */
	FOUND_ALONE,  /* as far as this key goes */
	FOUND_LINKED, /* is the same as `with` */
	FOUND_REVIEW, /* a person says which it is */
	FOUND_TWICE,  /* is the second of `with` in its system: left out */
	FOUND_WAITS   /* it may be what is being created there now */
};

/* A record as matching sees it. */
struct party {
	struct span uid;
	uint64_t systems;    /* a bit for each of the policy's ids it is in */
	bool open;           /* came unlinked, and nothing is found yet */
	bool stranger;       /* came with a uid that no record has; not open:
	                        others are joined to it, or it to one known */
	bool blind;          /* is there, but could not be used: nobody is
	                        joined to it; never open */
	bool former;         /* leaves the value in this run, or may lose it: it
	                        may be meant, but nobody is joined by it;
	                        never open */
	uint32_t section;    /* blind: whose line it was */
	struct hash128 value[LIMIT_MATCH]; /* zero: none */
	/* out */
	enum finding finding;
	size_t with;         /* the party it joins, perhaps itself */
};

/* The later ones are better known: others become them. */
enum rank { RANK_BLIND, RANK_OPEN, RANK_STRANGER,
	RANK_KNOWN };

enum rank identify_rank(const struct party *p);

/*
 * Judges those that share the value of `key`, ordered by uid, each uid once.
 * Only one to one: at most one record of each system, at most one known, at
 * most one stranger.  A blind one counts in its system, and is nobody else; by
 * a value that somebody leaves nobody is joined.
 * Where that is not so the later keys are tried among them.  Whoever is open
 * and met a record of another system then goes to review.  Parties that were
 * joined have their systems in the one they joined.
 */
void identify_case(struct party *p, size_t n, size_t key, size_t keys);

/* The same, but nobody is joined: they are alike, and a person says. */
void identify_ask(struct party *p, size_t n);

/*
 * All are one, and of one system: but for the first, known or else by uid,
 * whoever is open goes to review or, with `skip`, is left out.
 */
void identify_twice(struct party *p, size_t n, bool skip);

/* What becomes of those in a case. */
enum case_how { CASE_LINK, CASE_ASK, CASE_TWICE };

/* ---- what the step's files share ---- */

enum fate_kind {
	FATE_GROWN,  /* lives in these systems, too */
	FATE_KNOWN,  /* so: its uid is carried there; it is not open */
	FATE_CARRIED, /* so, but no record has that uid: a stranger */
	FATE_LINKED, /* is another's, which lives in these systems */
	FATE_REVIEW,
	FATE_TWICE,  /* the second of another's in its system */
	FATE_WAITS
};

struct fate {
	enum fate_kind kind;
	unsigned char key;     /* FATE_LINKED: by which, from 1 */
	uint64_t systems;
	/* FATE_LINKED, FATE_TWICE: then the uid's bytes */
};

/* What was found of one record, reading in the order of the main spool. */
struct fates {
	struct spool *spool;
	struct span key, payload; /* the entry it stands at */
	bool begun, ended;
	/* of the key sought last */
	struct buf at;
	bool known, carried, linked, reviewed, waits, twice;
	uint64_t systems;
	unsigned char by;         /* linked: by which, from 1 */
	struct buf uid;           /* and whose it is; twice: which is first */
};

/* identify_fate.c */
void fates_open(struct fates *f, struct spool *s);
void fates_close(struct fates *f);
/* Keys must be sought in order; one may be sought again. */
enum rc fates_seek(struct fates *f, struct span key, struct err *e) RC_CHECK;
enum rc fates_copy(struct spool *from, struct spool *to, struct err *e)
    RC_CHECK;

/* What the parties' spool holds of one; `uid` is the key's. */
struct party_row {
	uint32_t policy, section;
	bool open, stranger, blind, former;
	uint64_t systems;
	struct hash128 value[LIMIT_MATCH];
};

struct identify {
	struct resolve *r;
	struct txn txn;
	struct spool *parties; /* by main key: struct party_row */
	struct spool *fates;   /* by main key: struct fate */
	struct spool *cases;   /* by main key: entries for the main spool */
	struct spool *wanted;  /* values to be looked up: policy, value */
	uint64_t fate_count;
	bool takes_part[LIMIT_SYSTEMS]; /* by policy */
	struct match_room room;
	struct buf entry;      /* of the spool, being changed */
	struct json json;
	struct arena arena;
	struct party_row moved; /* the last of identify_moved.c */
	struct buf moved_key;   /* whose; empty: none yet */
};

/* identify_fate.c: one of `of`, by `key`; it lives where `into` does. */
enum rc fates_put(struct identify *d, struct span entity,
    const struct party *of, enum fate_kind kind, const struct party *into,
    size_t key, struct err *e) RC_CHECK;

/* identify.c */
/*
 * `values`: policy and value -> party_row and uid.  Each value is a case, of
 * the key `key`.
 */
enum rc identify_judge(struct identify *d, struct spool *values, size_t key,
    enum case_how how, struct err *e) RC_CHECK;
/* What has been read of the fates can be added to again. */
enum rc identify_more_fates(struct identify *d, struct err *e) RC_CHECK;

/* identify_score.c: those of the policy that no key has found. */
enum rc identify_score(struct identify *d, size_t policy, struct err *e)
    RC_CHECK;
/* Those of one system that are the same, as --duplicates has it. */
enum rc identify_duplicates(struct identify *d, size_t policy,
    struct err *e) RC_CHECK;

/* identify_party.c */
/*
 * Values by entity field, in d->arena, and the bit of the system of an entry
 * that came unlinked.  RC_END: it takes no part.
 */
enum rc identify_read_open(struct identify *d, struct span text,
    const struct observe_head *head, struct span **values, uint64_t *system,
    struct err *e) RC_CHECK;

/* All that live somewhere; values in d->arena. */
typedef enum rc identify_visit(void *arg, struct span key,
    const struct record *r, uint64_t systems, struct err *e);
enum rc identify_each_known(struct identify *d, size_t policy,
    identify_visit *visit, void *arg, struct err *e) RC_CHECK;

/* One that lives somewhere, by its main key; else RC_OK, and no visit. */
enum rc identify_known(struct identify *d, size_t policy, struct span key,
    identify_visit *visit, void *arg, struct err *e) RC_CHECK;

enum rc identify_add_party(struct identify *d, struct span key,
    const struct party_row *row, struct err *e) RC_CHECK;
/* What the change in d->json shows, by entity field; in d->arena. */
enum rc identify_read_values(struct identify *d, const struct policy *p,
    struct span system, bool blind, struct span *values, struct err *e)
    RC_CHECK;
enum rc identify_parties(struct identify *d, struct err *e) RC_CHECK;
/* Is the entry one of the spool's that came unlinked? */
bool identify_is_open(struct span payload, struct observe_head *head);

/*
 * identify_moved.c: a known record, of which the line changes a field of a
 * key, has the values it is to have, too; and those it leaves may still mean
 * it.
 */
enum rc identify_add_moved(struct identify *d, struct span key,
    struct span text, const struct observe_head *head, struct err *e)
    RC_CHECK;

/*
 * identify_review.c: an entry for each member of the case, to be decided with
 * its record.
 */
enum rc identify_put_case(struct identify *d, size_t policy, size_t key,
    const struct party *p, size_t n, enum case_how how, struct err *e)
    RC_CHECK;

/*
 * identify_blind.c: the case is judged; whoever may be one that could not be
 * used counts as living in its system, too, and is not created there.
 */
enum rc identify_hold_blind(struct identify *d, size_t policy, size_t key,
    struct party *p, size_t n, struct err *e) RC_CHECK;

/* identify_spool.c: the main spool, with what was found. */
enum rc identify_rewrite(struct identify *d, struct err *e) RC_CHECK;

#endif
