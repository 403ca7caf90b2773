/* SPDX-License-Identifier: MIT */
/* stage: what crm-map keeps while lines go through, and its steps. */
#ifndef STAGE_H
#define STAGE_H

#include "../lib/filter.h"
#include "../lib/mapping.h"

/* One mapping, with the beginning every answer of it has. */
struct stage_mapping {
	struct mapping *mapping;
	struct buf head; /* {"type":"record",...,"entity":"customer","id": */
};

struct stage {
	struct stage_mapping *items; /* owned */
	size_t count;
	struct systems systems;
	struct stage_mapping *now;   /* serves the open section, or NULL */
	struct buf fields, notes;    /* scratch of one record */
};

/* Loads all mappings named; RC_CONFIG also when two serve one object. */
enum rc stage_open(struct stage *s, char *const *names, struct err *e)
    RC_CHECK;
void stage_close(struct stage *s);

/* The mapping that serves a system's object, NULL when none does. */
struct stage_mapping *stage_find(struct stage *s, struct span system,
    struct span object);

/* ---- the steps, each a file ---- */

/* convert: source records to canonical ones */
void convert_run(struct filter *f);
/* show: operations and canonical records in the target's names */
void show_run(struct filter *f);
/* check: mappings, and whether they hold together; with `live` (or NULL) also
 * against that system's account, all that serve it when none is named */
void check_run(struct run *r, char *const *names, const char *live);
/* suggest: a system file from what a system says of itself: on stdin, or asked
 * of `live`, of that object or of the one it is mapped to now (NULL) */
void suggest_run(struct run *r, const char *name, const char *live,
    const char *object);

#endif
