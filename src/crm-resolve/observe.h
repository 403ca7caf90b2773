/* SPDX-License-Identifier: MIT */
/* observe: a spooled line as what one system shows of one record. */
#ifndef OBSERVE_H
#define OBSERVE_H

#include "../lib/policy.h"

enum observed {
	OBSERVED_CREATE,
	OBSERVED_UPDATE,
	OBSERVED_TOUCH,  /* same values, other bytes or version */
	OBSERVED_DELETE,
	OBSERVED_MERGE,  /* gone into another record of that system */
	OBSERVED_CONVERT /* shown, but closed: it became records of other
	                    entities */
};

/* Whose uid a record carries there. */
enum stamp {
	STAMP_UNSAID,
	STAMP_OWN,
	STAMP_COPIED     /* that of another, which lives there, too */
};

struct observation {
	size_t system;        /* index in the policy */
	struct span object, id;
	struct span version;  /* the system's own tag, or empty */
	enum observed op;
	struct span merged_into; /* id there, of a merge */
	struct span converted_into; /* ids by entity, of a conversion */
	struct span became;   /* the same in uids, as far as they are known */
	bool absent;          /* inferred from a complete listing */
	bool listed;          /* its section shows all there is */
	bool has_base;
	uint64_t base;        /* the side's revision it was compared with */
	int64_t modified;     /* ms; 0: the system does not say */
	int64_t began;        /* ms: when its section was begun to be read */
	int64_t ended;        /* ms: by then it had been */
	uint32_t scope;
	struct hash128 hash;
	struct span *fields;  /* by entity field; NULL ptr: says nothing */
	int64_t *times;       /* ms: when they got their values, 0: not said;
	                         NULL: of none */
	bool unconverted;     /* it had become others, and is itself again */
	bool relinked;        /* known otherwise meanwhile, or put off */
	unsigned char matched; /* by this match key, from 1 */
	enum stamp stamp;
	struct span second;   /* a merge into what stands for its record there
	                         from now on: whose that was; or empty */
	const char *todo;     /* why it is read again; NULL: it moved */
	struct span flight;   /* what left for it and may have arrived: see
	                         outbox.h; or empty */
	bool made;            /* if it is there at all, it arrived */
	bool unlinked;        /* refers to a record that is not linked (yet) */
	bool unknown;         /* and was never there */
	bool again;           /* its section showed it before, as it was or not
	                         to be read */
	bool unordered;       /* of its copies none is the later by its place */
	bool exported;        /* it comes again only if a person lets it */
	size_t entry;         /* which of the group's it is made of */
	/* out of deciding: */
	int64_t since;        /* ms: the version it was compared with; 0: ? */
	bool moved;           /* state moved meanwhile: read it again */
	bool superseded;      /* a later copy in the stream counts */
	bool left;            /* a deletion: it stands under another id now */
};

/* It is not there any more, whatever became of it. */
static inline bool
observed_gone(const struct observation *o)
{
	return o->op == OBSERVED_DELETE || o->op == OBSERVED_MERGE;
}

/* It stands there no more as something that could be written. */
static inline bool
observed_ends(const struct observation *o)
{
	return observed_gone(o) || o->op == OBSERVED_CONVERT;
}

/* What travels with the line through the spool. */
struct observe_head {
	uint32_t scope;
	uint32_t entity;      /* index of the policy */
	uint32_t section;     /* index of its conclusion */
	bool deletes;         /* the line says that it is gone */
	bool unlinked;        /* nothing linked it when it was read */
	bool stamped;         /* nothing but our uid, which it carries, did */
	bool stranger;        /* and no record has that uid (any more) */
	bool rekeyed;         /* linked, and a field of a match key changed */
	bool review;          /* no line, but a case it is a member of */
	bool unreadable;      /* no line, but its origin shows it unread */
	bool blind;           /* so, nothing linked it, and what could be read
	                         of it follows */
	unsigned char matched; /* by this match key, from 1; 0: it was not */
	unsigned char stamp;  /* enum stamp */
	bool unordered;       /* its section's order tells no time */
	bool exported;        /* nobody reads its section again by himself */
	int64_t began;
};

/* 32 hex digits, as a line's hash is written. */
bool observe_hash(struct span hex, struct hash128 *h);

/*
 * Parses a change or same line.  References become uids; those not linked
 * say nothing.  All memory is the arena's.
 */
enum rc observe_line(const struct policy *p, struct txn *t, struct json *j,
    const struct observe_head *head, struct span text, struct arena *a,
    struct observation *o, struct err *e) RC_CHECK;

#endif
