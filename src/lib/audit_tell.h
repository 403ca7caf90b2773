/* SPDX-License-Identifier: MIT */
/*
 * audit_tell: what programs do, as lines of the audit; crm-audit(5) describes
 * them.
 */
#ifndef AUDIT_TELL_H
#define AUDIT_TELL_H

#include "audit.h"
#include "operation.h"

struct audit_decision {
	const struct record *before; /* version 0: it is new */
	const struct record *after;
	const struct reason *why; /* by after's field */
	const char *by;     /* "person", "undo"; NULL: a rule */
	struct span of;     /* the run that is undone, or empty */
	struct span merged_into; /* a merge: the uid or id it went into */
	struct span converted_into; /* a conversion: JSON, uids by system and
	                               entity */
};

/*
 * A record's decision: fields that were decided, with rule, origin, the value
 * before and what each system shows; its life, where that changed.
 */
void audit_tell_decision(struct audit *a, const struct state *s,
    const struct audit_decision *d);

/*
 * A new record out of one system alone.  Its values are those of the digest
 * here; they stand in the state until a later line says what they were.
 */
void audit_tell_created(struct audit *a, const struct state *s,
    const struct record *r, uint32_t from);

struct audit_delivery {
	const struct policy *policy;
	const struct policy_system *system;
	const struct record *record; /* as it was sent */
	const struct side *side;     /* as it was then; NULL: a create */
	const bool *sent;            /* by entity field, or NULL */
	bool stamp;                  /* it was given its own uid there */
	struct span id;
	const char *op, *status, *why; /* why NULL: nothing to say */
	uint64_t version;
	struct span plan;   /* the run that decided it, or empty */
};

/* What a system was told, and what came of it. */
void audit_tell_delivery(struct audit *a, const struct audit_delivery *d);

/* A person's word on something pending: "approve", "retry". */
void audit_tell_pending(struct audit *a, const char *what,
    struct span system, struct span entity, struct span uid,
    uint64_t version);

#endif
