/* SPDX-License-Identifier: MIT */
/*
 * pairing: which of many records are the same, by their likeness.  Records
 * are added, then found out in bounded memory: what does not fit is in files
 * without names in `dir`.  The answer does not depend on the order in which
 * they came, but for the places it names.
 *
 *   pairing.c         the records, and the steps
 *   pairing_block.c   which are worth comparing
 *   pairing_judge.c   which pairs stand
 *
 * Between systems the answer is one to one: a pair stands when its score
 * reaches `same` and no other record of those systems comes near it from
 * either side.  Within one system every pair that reaches it stands.  What
 * reaches `review` only, or has a rival, is for a person.
 */
#ifndef PAIRING_H
#define PAIRING_H

#include "likeness.h"

/* Hundredths of a bit a rival must be behind. */
#define PAIRING_MARGIN 300

/* Pairs compared for each record, on the average, and at least in all. */
#define PAIRING_EFFORT 24u
#define PAIRING_FREE 3000000u

enum pairing_which {
	PAIRING_ACROSS = 1, /* records that share no system */
	PAIRING_WITHIN = 2  /* records of one system */
};

struct pairing;

struct pairing_found {
	uint32_t a, b;      /* places, in the order they were added; a < b */
	int score;
	bool same;          /* else for review */
	bool within;        /* both are of one system */
	bool rival;         /* reached `same`, but so does another */
};

struct pairing_tally {
	uint64_t records, compared;
	uint64_t blocks_left_out, pairs_left_out; /* blocks too large */
};

/* `l` and `dir` must outlive it. */
struct pairing *pairing_new(const struct likeness *l, const char *dir);
void pairing_free(struct pairing *p);

/*
 * `values` by entity field as likeness_features has them; `systems` a bit for
 * each it is in; `label` any bytes to know it by.  Two that are not open are
 * never held together; those that are open are added before the others.
 */
enum rc pairing_add(struct pairing *p, const struct span *values,
    uint64_t systems, bool open, struct span label, struct err *e) RC_CHECK;

/* After the last was added; `which` is one of pairing_which, or both. */
enum rc pairing_find(struct pairing *p, unsigned which,
    struct pairing_tally *t, struct err *e) RC_CHECK;

/* Then each pair, by a, then b. */
typedef enum rc pairing_visit(void *arg, const struct pairing_found *f,
    struct err *e);
enum rc pairing_each(struct pairing *p, pairing_visit *visit, void *arg,
    struct err *e) RC_CHECK;

/* After pairing_find; lives as long as the pairing. */
struct span pairing_label(const struct pairing *p, uint32_t record);
uint64_t pairing_systems(const struct pairing *p, uint32_t record);

/* What the two weigh, field by field. */
void pairing_weigh(const struct pairing *p, uint32_t a, uint32_t b,
    struct likeness_weights *w);

#endif
