/* SPDX-License-Identifier: MIT */
/*
 * match_index: which records have, or had, which value of a match key.
 *
 *   match  entity \0 VALUE uid         ->  (empty)     VALUE: 16 bytes
 *   meta   "match" \0 entity           ->  struct match_standing
 *
 * A row may be out of date: who finds one looks at the record.  None is missing
 * while the index is complete.  A first import makes none: it is built by the
 * first run that looks for a small number of records among many, and dropped
 * (not complete any more) by a run that changes very many.
 */
#ifndef MATCH_INDEX_H
#define MATCH_INDEX_H

#include "match.h"
#include "policy.h"

struct match_standing {
	struct hash128 keys;   /* what the entity's keys were; zero: dropped */
	uint64_t changes;      /* +1 by each run that may change values */
	uint64_t additions;    /* +1 by each that adds records */
};

/* All zero when there is none. */
enum rc match_standing_get(struct txn *t, struct span entity,
    struct match_standing *s, struct err *e) RC_CHECK;
enum rc match_standing_put(struct txn *t, struct span entity,
    const struct match_standing *s, struct err *e) RC_CHECK;

/* The keys, their fields and types as a number: another makes another index. */
struct hash128 match_keys(const struct entity *en);

/* Is there a complete one for these keys? */
static inline bool
match_complete(const struct match_standing *s, const struct entity *en)
{
	return hash128_eq(s->keys, match_keys(en));
}

/*
 * The values of a record's keys; zero where it has none.  While a field of a
 * key is in conflict each side's value counts: variant 0 is what is agreed,
 * variant i what the i-th side shows of such fields.
 */
size_t match_variants(const struct policy *p, const struct record *r);
void match_values(const struct policy *p, const struct record *r,
    size_t variant, struct match_room *m, struct hash128 value[LIMIT_MATCH]);

enum rc match_add(struct txn *t, struct span entity, struct hash128 value,
    struct span uid, struct err *e) RC_CHECK;
/* All values of a record as it is now; those it has there cost little. */
enum rc match_add_record(struct txn *t, const struct policy *p,
    const struct record *r, struct match_room *m, struct err *e) RC_CHECK;

/* RC_END from `visit` ends the walk well. */
enum rc match_each(struct txn *t, struct span entity, struct hash128 value,
    walk_visit *visit, void *arg, struct err *e) RC_CHECK;


/*
 * A record was put by somebody who knows nothing of the index: it is kept, or
 * whoever is building it begins anew.
 */
enum rc match_keep(struct txn *t, const struct policy *p,
    const struct record *r, struct err *e) RC_CHECK;

#endif
