/* SPDX-License-Identifier: MIT */
/*
 * plain: a create as crm-diff writes it, taken apart by its bytes: no white
 * space, no escapes but in values, the fields in the entity's order, each
 * once, and no member but those below.  Most lines of a first import are such;
 * all others are parsed (observe.c), and say the same.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "../lib/policy.h"

struct plain {
	struct span entity, system, object, id, uid, stamp, op, version,
	    modified, hash;
};

/*
 * False: it is none, or it may be broken.  `fields` (by entity field, all
 * without a ptr before) become what the line says, and are left as they were
 * when it is none.
 */
bool plain_create(const struct policy *p, struct span text, struct plain *l,
    struct span *fields);

#endif
