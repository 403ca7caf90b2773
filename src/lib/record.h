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
	int64_t time;      /* ms: when it got this value there */
	struct span value;
	bool conflict;     /* waits for a person: sent nowhere */
};

struct side {
	uint32_t system;       /* interned */
	enum life life;
	uint64_t revision;     /* +1 whenever what it shows has moved */
	int64_t modified;      /* ms: the version the shadow stands for, 0: ? */
	struct span object, id;
	struct span version;   /* the system's own tag, may be empty */
	struct span *value;    /* by field index, room as record.field_room */
};

struct record {
	struct span entity, uid;
	uint64_t version;      /* +1 when its row changes; 0: not there yet */
	enum life life;
	int64_t life_time;
	uint32_t life_origin;
	struct agreed_field *fields;
	size_t field_count, field_room;
	struct side *sides;
	size_t side_count, side_room;
};

/* Fields in a record are never more than this. */
#define RECORD_FIELDS 1024

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

enum rc record_put_agreed(struct txn *t, const struct record *r,
    struct err *e) RC_CHECK;
/* The caller raises the revision when what the side shows has moved; rows are
 * relative to agreed, so all sides are put when agreed changes. */
enum rc record_put_side(struct txn *t, const struct record *r,
    const struct side *s, struct err *e) RC_CHECK;
enum rc record_del_side(struct txn *t, const struct record *r,
    const struct side *s, struct err *e) RC_CHECK;

/* Index of a field, SIZE_MAX if it has none. */
size_t record_find(const struct record *r, uint32_t name);
/* Index of a field, added with value null if new. */
size_t record_add(struct record *r, uint32_t name, struct arena *a);
/* The system's side; NULL if none. */
struct side *record_side(const struct record *r, uint32_t system);
struct side *record_add_side(struct record *r, uint32_t system,
    struct arena *a);

/* "null" */
extern const struct span record_null;

/* What a side shows, or null where it never showed anything. */
static inline struct span
side_value(const struct side *s, size_t field)
{
	return s->value[field].ptr ? s->value[field] : record_null;
}

#endif
