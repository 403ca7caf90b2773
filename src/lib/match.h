/* SPDX-License-Identifier: MIT */
/*
 * match: what a record is known by besides its links: the values of the
 * entity's match keys.  Values are compared as their types are equivalent:
 * text, enum and email without case and runs of blanks, phones by their
 * digits without a country's or a trunk's lead, addresses without scheme,
 * "www." and final slash, instants to the second.  A key with a null or empty
 * part is no key.
 */
#ifndef MATCH_H
#define MATCH_H

#include "hash.h"
#include "mapping.h"

/* The caller's, to be used again: nothing is allocated per record. */
struct match_room {
	struct buf text, squeezed;
	struct arena arena, values;
};
void match_room_init(struct match_room *m);
void match_room_free(struct match_room *m);

/*
 * Appends the value to m->text in the form that equivalent values share;
 * false: there is none.
 */
bool match_normal(const struct entity_field *f, struct span value,
    struct match_room *m);

/*
 * A key's value as a number; false when a part of it is missing.  `values` are
 * canonical JSON texts by entity field (a NULL ptr is missing); references as
 * {"ref","uid"}.  Different keys never share a number.
 */
bool match_hash(const struct entity *en, size_t key,
    const struct span *values, struct match_room *m, struct hash128 *h);

/* Appends the names of a key's fields: "name+country"; "similar" for the one
 * after the last. */
void match_put_name(struct buf *b, const struct entity *en, size_t key);

#endif
