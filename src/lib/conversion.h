/* SPDX-License-Identifier: MIT */
/*
 * conversion: a system made of one record others, of other entities: a lead
 * became a customer, a contact and a deal.  It stays ours, closed in that
 * system (LIFE_MERGED of its side).  What it became is kept by that system's
 * own ids, so that it is found also if it is linked, or merged, later.
 *
 *   meta  "converted" \0 entity \0 uid \0 system  ->  {"contact":"003",...}
 *   meta  "became" \0 ENTITY \0 system \0 id      ->  id of the ENTITY there
 *
 * By the second, a reference to an ENTITY that still names the record it was
 * made of finds it.
 */
#ifndef CONVERSION_H
#define CONVERSION_H

#include "link.h"
#include "record.h"

/* `into`: ids by entity, as in a line's "converted_into". */
enum rc conversion_put(struct txn *t, const struct source *s,
    struct span uid, struct span into, struct err *e) RC_CHECK;
/* It is shown again as it was; `s` as it was put.  No such row is RC_OK. */
enum rc conversion_del(struct txn *t, const struct source *s,
    struct span uid, struct err *e) RC_CHECK;

/*
 * A row's key, without what it begins with in all ("converted" \0): whose it
 * is.  RC_END: that system does not hold the record closed, or the row is
 * damaged.
 */
enum rc conversion_check(struct txn *t, struct span rest, struct arena *a,
    struct source *s, struct span *uid, struct err *e) RC_CHECK;

/* Is there one, of that system?  RC_END: no. */
enum rc conversion_find(struct txn *t, struct span entity, struct span uid,
    struct span system, struct err *e) RC_CHECK;
/* The id in `system` of what {entity, id} became one of; RC_END: nothing. */
enum rc conversion_follow(struct txn *t, struct span entity,
    struct span system, struct span id, struct arena *a, struct span *into,
    struct err *e) RC_CHECK;

/*
 * Appends what a line's "converted_into" means here, {"contact":UID,...}; what
 * is not linked is left out.  `known`: one at least is, and each whose entity
 * is of that system at all.  Objects that are linked for the first time by this
 * very transaction are only found if they are among `places`.
 */
struct conversion_from {
	struct span system;
	struct span into;
	const struct conversion_place {
		struct span entity, object;
	} *places;
	size_t count;
};
enum rc conversion_resolve(struct txn *t, const struct conversion_from *f,
    struct arena *a, struct buf *b, bool *known, struct err *e) RC_CHECK;
/* The same of all systems that converted it: {"salesforce":{...}}; nothing
 * when none did. */
enum rc conversion_tell(struct txn *t, struct span entity, struct span uid,
    struct arena *a, struct buf *b, struct err *e) RC_CHECK;

/*
 * Some system did, and holds it closed: it is created nowhere, but brought back
 * where we archived it.
 */
static inline bool
conversion_bars(const struct record *r, const struct side *there)
{
	if (there && there->life == LIFE_ARCHIVED)
		return false;
	for (size_t i = 0; i < r->side_count; i++)
		if (r->sides[i].life == LIFE_MERGED)
			return true;
	return false;
}

#endif
