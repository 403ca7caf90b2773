/* SPDX-License-Identifier: MIT */
/*
 * policy: what one entity's files and the home's systems say about deciding:
 * fields and rules, and which systems show or take which of them.
 */
#ifndef POLICY_H
#define POLICY_H

#include "../adapters/kind.h"
#include "link.h"
#include "mapping.h"
#include "record.h"

struct policy_system {
	struct span name;
	uint32_t id;               /* interned */
	struct mapping *mapping;   /* owned; NULL: it has none */
	const struct kind *kind;   /* NULL: not one of ours */
	struct span object;        /* the mapping's */
	bool enabled;
	bool read;                 /* was read completely once */
	bool fresh;                /* and by this run */
	int64_t read_at;           /* ms: when it was begun to be read last, or
	                              what that covered */
	int64_t covers;            /* ms, fresh: what came then or later may be
	                              missing; 0: nothing is */
	bool late;                 /* it says so itself: it shows things late */
	bool garbled;              /* lines of it could not be read at all */
	uint64_t waiting;          /* to be created there, though fresh */
	uint64_t alike;            /* or there already, and unreadable */
	unsigned char *direction;  /* by entity field: enum direction or 0 */
	bool *elsewhere;           /* by entity field: this run reads it under
	                              another name than the last; or NULL */
	struct tally tally;        /* of the transaction at hand */
	bool pending;              /* something was, when that began */
};

struct rules;

struct policy {
	struct entity *entity;     /* owned */
	uint32_t *name;            /* interned, by entity field */
	struct policy_system *systems;
	size_t system_count;
	uint32_t *ids;             /* of all systems that ever had records */
	size_t id_count;
	int64_t now;               /* ms: the same for all it decides */
	const struct systems *declared; /* the caller's */
	struct rules *rules;       /* crm-resolve's own (rules.h), or NULL */
	struct policy *const *beside; /* those of the same run, or NULL */
	const size_t *beside_count;
	bool restores;             /* some that were gone are shown again in
	                              this run */
	struct arena arena;
};

/*
 * Loads the entity and the mapping of every declared system that has one; of
 * system `only` alone unless that is empty.  RC_CONFIG when a file is wrong.
 */
enum rc policy_load(struct policy **out, struct span entity,
    const struct systems *systems, struct span only, struct err *e) RC_CHECK;
void policy_free(struct policy *p);

/*
 * A system that shows records without being declared (an export read under the
 * name of its kind): a source, never a target.  Before policy_bind.
 */
enum rc policy_add_source(struct policy *p, struct span system,
    const struct systems *systems, struct err *e) RC_CHECK;

/* Names to numbers; which systems were read once; what time it is.  Once
 * before deciding. */
enum rc policy_bind(struct policy *p, struct txn *t, struct err *e) RC_CHECK;

/* Does nothing go there before a person approved it? */
static inline bool
policy_asks(const struct policy_system *s)
{
	return s->mapping && s->mapping->approve;
}

/* Index, or SIZE_MAX. */
size_t policy_system_find(const struct policy *p, struct span name);
size_t policy_system_by_id(const struct policy *p, uint32_t id);

/* Index of an entity field in a record, SIZE_MAX when it has none yet. */
static inline size_t
policy_field_at(const struct policy *p, size_t field, const struct record *r)
{
	/* records are usually in the entity's order */
	if (field < r->field_count && r->fields[field].name == p->name[field])
		return field;
	return record_find(r, p->name[field]);
}

/*
 * Is this field of the record to be sent to that system's side (NULL: it is
 * to be created)?  Pushed there, not in conflict, shown otherwise, and the side
 * has been read since it is this record's.
 */
static inline bool
policy_sends(const struct policy *p, const struct policy_system *s,
    const struct record *r, const struct side *side, size_t field)
{
	const struct agreed_field *a;
	size_t at;

	if (!(s->direction[field] & DIR_PUSH) || (side && side->unread))
		return false;
	at = policy_field_at(p, field, r);
	if (at == SIZE_MAX)
		return false;
	a = &r->fields[at];
	if (a->conflict)
		return false;
	return !span_eq(a->value, side ? side_stands_for(side, at) :
	    record_null);
}

/*
 * Is the record there to be given its own uid: it is a copy of another, and
 * that is a system we write to?
 */
bool policy_stamps(const struct policy *p, const struct policy_system *s,
    const struct side *side);

/* Is any?  One that is to be sent only with others, a time, does not count. */
bool policy_sends_any(const struct policy *p, const struct policy_system *s,
    const struct record *r, const struct side *side);

/* Is the record's field (its index there) one that is derived? */
bool policy_derives(const struct policy *p, const struct record *r,
    size_t at);

#endif
