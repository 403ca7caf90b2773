/* SPDX-License-Identifier: MIT */
/*
 * record: what was agreed on one record, and each system's shadow of it.
 *
 *   agreed  entity \0 uid            -> decided values, existence, version
 *   shadow  entity \0 system \0 uid  -> where it is there, its version, and the
 *                                       fields it holds otherwise than agreed
 *
 * In memory both are plain values: sides[i].value[f] is what that system last
 * showed for fields[f].  Values are canonical JSON texts; "null" is no value;
 * a NULL ptr in a side means the system never showed that field.
 *
 * A system may hold otherwise what it was sent (a phone in its own format, a
 * text cut to its length) without anybody having edited it: then sent[f] is
 * what the held value stands for.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

enum life {
	LIFE_NONE,     /* never was */
	LIFE_LIVE,
	LIFE_ARCHIVED,
	LIFE_DELETED,
	LIFE_MERGED    /* its origin was merged into another: sent nowhere */
};

struct agreed_field {
	uint32_t name;     /* interned */
	uint32_t origin;   /* interned system it came from */
	int64_t time;      /* ms: when it got this value there, at the latest */
	bool exact;        /* at that very instant */
	struct span value;
	bool conflict;     /* waits for a person: sent nowhere */
	uint32_t before;   /* hash of the value that another system's replaced;
	                      0: none, or long ago */
	unsigned char flips; /* how often that one came back, each time from
	                        another system */
	struct span past;    /* values before, if some are kept: history.h */
};

struct side {
	uint32_t system;       /* interned */
	enum life life;
	bool copied;           /* it carries another record's uid there: it is
	                          to be given its own */
	bool unread;           /* it was another record's until now, and what it
	                          shows has yet to be held against this one: it
	                          is sent nothing until it was read */
	uint64_t revision;     /* +1 whenever what it shows has moved */
	int64_t modified;      /* ms: the version the shadow stands for, 0: ? */
	int64_t synced;        /* ms: when it was last taken over from there, or
	                          written there where nobody had edited it;
	                          0: ? */
	struct span object, id;
	struct span version;   /* the system's own tag, may be empty */
	struct span *value;    /* by field index, room as record.field_room */
	struct span *sent;     /* the same, or NULL: all is held as sent */
};

struct record {
	struct span entity, uid;
	uint64_t version;      /* +1 when its row changes; 0: not there yet */
	enum life life;
	int64_t life_time;
	uint32_t life_origin;
	bool disputed;         /* as it was loaded: a field was in conflict */
	struct agreed_field *fields;
	size_t field_count, field_room;
	struct side *sides;
	size_t side_count, side_room;
};

/*
 * Fields in a record are never more than this: those that the entity had under
 * other names stay.
 */
#define RECORD_FIELDS (4 * LIMIT_FIELDS)

/*
 * Reads agreed and the shadows of `systems` (interned ids); what is not there
 * is an empty record (version 0) and no side.  All memory is the arena's.
 */
enum rc record_load(struct txn *t, struct span entity, struct span uid,
    const uint32_t *systems, size_t n, struct arena *a, struct record *r,
    struct err *e) RC_CHECK;

/*
 * As it is now, given what was loaded before: agreed's values are taken over
 * when its version is still the same; sides are always read.  `was` and its
 * values must outlive *r.
 */
enum rc record_reload(struct txn *t, const struct record *was,
    const uint32_t *systems, size_t n, struct arena *a, struct record *r,
    struct err *e) RC_CHECK;

/* Rows of waiting.h follow. */
enum rc record_put_agreed(struct txn *t, const struct record *r,
    struct err *e) RC_CHECK;
/* The caller raises the revision when what the side shows has moved; rows are
 * relative to agreed, so all sides are put when agreed changes. */
enum rc record_put_side(struct txn *t, const struct record *r,
    const struct side *s, struct err *e) RC_CHECK;
enum rc record_del_side(struct txn *t, const struct record *r,
    const struct side *s, struct err *e) RC_CHECK;

/*
 * For walks over the rows themselves: *r has its entity and uid, and becomes
 * what the row of agreed says; then sides are added, each from its row.  What
 * they hold points into the rows.  RC_STATE: the row is damaged.
 */
enum rc record_from_row(struct record *r, struct span row, struct arena *a,
    struct err *e) RC_CHECK;
enum rc record_side_from_row(struct record *r, uint32_t system,
    struct span row, struct arena *a, struct err *e) RC_CHECK;

/* Index of a field, SIZE_MAX if it has none. */
static inline size_t
record_find(const struct record *r, uint32_t name)
{
	for (size_t i = 0; i < r->field_count; i++)
		if (r->fields[i].name == name)
			return i;
	return SIZE_MAX;
}

/* Index of a field, added with value null if new. */
size_t record_add(struct record *r, uint32_t name, struct arena *a);
/* The same for a field that is known to be new. */
size_t record_append(struct record *r, uint32_t name, struct arena *a);
/* The system's side; NULL if none. */
struct side *record_side(const struct record *r, uint32_t system);
/* The first side that it lives in, or NULL. */
static inline const struct side *
record_living(const struct record *r)
{
	for (size_t i = 0; i < r->side_count; i++)
		if (r->sides[i].life == LIFE_LIVE)
			return &r->sides[i];
	return NULL;
}
/* Room for so many fields is made at once, not by and by. */
void record_room(struct record *r, size_t fields, struct arena *a);
struct side *record_add_side(struct record *r, uint32_t system,
    struct arena *a);

/* "null" */
extern const struct span record_null;

/*
 * The side holds `value` and stands by it for `sent`; a NULL ptr of `sent`:
 * for itself.
 */
void record_hold(const struct record *r, struct side *s, size_t field,
    struct span value, struct span sent, struct arena *a);

/* What a side shows, or null where it never showed anything. */
static inline struct span
side_value(const struct side *s, size_t field)
{
	return s->value[field].ptr ? s->value[field] : record_null;
}

/* What it was sent and holds in its own way; else what it shows. */
static inline struct span
side_stands_for(const struct side *s, size_t field)
{
	return s->sent && s->sent[field].ptr ? s->sent[field] :
	    side_value(s, field);
}

#endif
