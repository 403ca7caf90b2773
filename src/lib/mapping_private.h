/* SPDX-License-Identifier: MIT */
/*
 * mapping_private: what the mapping_* modules share.  Nobody else includes it.
 *
 *   mapping_load    files -> struct mapping
 *   mapping_field   one field's entry -> map_field: names, direction, limits
 *   mapping_step_load  the rest of it -> map_step
 *   mapping_conversion records that became others, of other entities
 *   mapping_columns which source names a direction uses
 *   mapping_source  source names: lookup by header, by member, per record
 *   mapping_read    a record's members -> canonical fields
 *   mapping_step    what stands between a source value and its type
 *   mapping_write   canonical fields -> a target's members
 *   mapping_times   when a field got its value, where a source says so
 *   mapping_history last values of a field as further members
 *   mapping_trip    both, of one value: what the mapping makes of it
 *   type            one value of one type: canonical form, equivalence
 */
#ifndef MAPPING_PRIVATE_H
#define MAPPING_PRIVATE_H

#include "datetime.h"
#include "jqprog.h"
#include "mapping.h"

#define NO_SOURCE UINT32_MAX

/* A name a value is read from; its slot in `private->found`. */
struct map_source {
	struct span name;
	struct span head;   /* dotted "a.b.c": "a", else empty */
	struct span rest;   /* "b.c" */
	struct span *labels;
	size_t label_count;
	uint32_t nest;      /* source of `head`, NO_SOURCE when not dotted */
	bool hidden;        /* only there as the head of dotted ones */
};

/* Any spelling of a name, folded, to its source. */
struct map_alias {
	struct span folded;
	uint32_t source;
	bool label;         /* not the name itself */
};

/* A key met in records, as it stands in their text. */
struct map_key {
	uint32_t source;    /* NO_SOURCE: not used */
	uint8_t length;
	bool exact;         /* spelled as the mapping does */
	char text[50];
};

/* A value on its way: a text is plain, other kinds are JSON text; arrays and
 * objects also have their nodes. */
struct map_value {
	enum json_kind kind; /* 0: absent */
	struct span text;
	const struct json *json;
	uint32_t node;
};

enum misfit { MISFIT_REJECT, MISFIT_NULL, MISFIT_TRUNCATE };

struct map_enum {
	struct span theirs; /* plain text */
	struct span ours;
};

struct map_step {
	struct span key;    /* `"name":` as it stands in a line */
	bool readable;      /* a push field with write but no read is not */
	uint32_t *sources;  /* where it is read from, in order */
	size_t source_count;
	bool plain;         /* nothing below up to `read` is in use */
	bool raw;           /* a plain text: stands in the line as it is */
	bool required;      /* the entity's */
	size_t raw_longest; /* bytes that need no counting of characters */
	bool joined;        /* several sources joined with `join` */
	struct span join;
	bool trim, lower, upper, host, split, cut;
	struct span separator;
	int64_t part;       /* of split: 1 first, -1 last; 0: a set's items */
	int64_t cut_start, cut_length; /* substring, in characters */
	struct map_enum *table;
	size_t table_count;
	struct span ids_of; /* a ref's: the kind of system whose ids they are */
	struct span otherwise; /* else: canonical text; ptr NULL: none */
	struct span missing;   /* default: canonical text when absent/null */
	struct jqprog *read, *write;
	enum misfit on_misfit;
	struct datetime_spec when;
	uint32_t time;      /* where its own time is from; NO_SOURCE: nowhere */
	struct datetime_spec timed; /* how that is written */
	char mark;          /* decimal mark */
	size_t longest;     /* the smaller of both max_lengths, 0: none */
	struct span *examples; /* JSON texts, for --check */
	size_t example_count;
};

struct map_private {
	struct map_source *sources;
	uint32_t source_count;
	struct map_alias *aliases; /* open addressing, by folded name */
	size_t alias_mask;
	uint32_t *found;    /* per source: value node in this record, 0 none */
	bool *exact;        /* per source: found by its own spelling */
	uint32_t *times;    /* per source: its time's node; NULL: none had */
	bool has_time;      /* some field says where its time is from */
	struct map_key *keys; /* in the order records have them */
	size_t key_count, key_room;
	/* sources */
	uint32_t id, modified, uid, deleted, merged_into, converted;
	struct datetime_spec when; /* for `modified` */
	struct arena scratch; /* reset by each read and write */
	struct buf text, value; /* scratch */
	struct json json;   /* scratch: results of expressions */
	struct span *columns[4]; /* by direction */
	size_t column_count[4];
	struct jqprog **programs; /* owned */
	size_t program_count;
};

/* ---- mapping_source ---- */

/* The source of that name, made if need be. */
uint32_t mapping_source_add(struct mapping *m, struct span name);
/* A further spelling of it. */
void mapping_source_label(struct mapping *m, uint32_t source,
    struct span *labels, size_t count);
/* Once all are there: tables; RC_CONFIG when two share a spelling. */
enum rc mapping_source_index(struct mapping *m, struct err *e) RC_CHECK;
/* The source an unescaped name means, NO_SOURCE when none. */
uint32_t mapping_source_find(const struct mapping *m, struct span name,
    bool *exact);
/* Fills private->found for one record. */
enum rc mapping_source_scan(struct mapping *m, const struct json *j,
    uint32_t data, struct err *e) RC_CHECK;

/* ---- mapping_field, mapping_step_load ---- */

/* One field's entry being read. */
struct map_loader {
	struct mapping *m;
	struct map_field *f;
	struct map_step *s;
	const struct entity_field *field;
	const struct json *j;
	uint32_t node;
	struct err *e;
};

/* The keys that say what is done with a value. */
enum rc mapping_step_load(struct map_loader *l) RC_CHECK;


/* Reads one entry of a system file's `fields` into *f. */
enum rc mapping_field_load(struct mapping *m, struct map_field *f,
    const struct json *j, uint32_t key, uint32_t value,
    const struct datetime_spec *when, struct err *e) RC_CHECK;

/* zone and formats of an object, for a field or the whole file */
enum rc mapping_field_when(struct mapping *m, const struct json *j,
    uint32_t object, struct datetime_spec *when, struct err *e) RC_CHECK;

/* ---- mapping_conversion ---- */

/* The key converted. */
enum rc mapping_conversion_load(struct mapping *m, const struct json *j,
    struct err *e) RC_CHECK;
/* What the scanned record became, as map_identity says it; ptr NULL: it did
 * not. */
struct span mapping_conversion_read(struct mapping *m, const struct json *j,
    struct arena *a);
/* A source as plain text in `a`; ptr NULL when absent, null or blank. */
struct span mapping_read_plain(const struct mapping *m, const struct json *j,
    uint32_t source, struct arena *a);
/* The same of an id of its system (source_id.h). */
struct span mapping_read_id(const struct mapping *m, const struct json *j,
    uint32_t source, struct arena *a);

/* ---- mapping_times ---- */

/* The key time, when `dir` is there. */
enum rc mapping_times_load(struct map_loader *l) RC_CHECK;
/* The line's own times by source name, if it has any. */
enum rc mapping_times_scan(struct mapping *m, const struct json *j,
    uint32_t times, struct err *e) RC_CHECK;
/*
 * Appends the field's time to m->times, where the scanned record says one;
 * `listed`: the line's own were scanned.  RC_RECORD when it is no instant.
 */
enum rc mapping_times_put(struct mapping *m, const struct map_field *f,
    const struct json *j, bool listed, struct err *e) RC_CHECK;

/* ---- mapping_history ---- */

/* The keys history and trend, when `write` is there. */
enum rc mapping_history_load(struct map_loader *l) RC_CHECK;
/* The members they ask for; `list` is the field's history, 0: say nothing. */
enum rc mapping_history_put(struct mapping *m, const struct map_field *f,
    const struct json *j, uint32_t list, struct buf *out, struct err *e)
    RC_CHECK;

/* ---- mapping_step ---- */

/* A field's value as the type is given it, from the scanned record. */
enum rc mapping_step_read(struct mapping *m, const struct map_field *f,
    const struct json *j, uint32_t data, struct map_value *v, struct err *e)
    RC_CHECK;

/* A source's value in the scanned record; 0 when absent. */
uint32_t mapping_source_value(const struct mapping *m, const struct json *j,
    uint32_t source);

/* theirs -> ours and back; ptr NULL when the table has no such value */
struct span mapping_step_ours(const struct map_step *s, struct span theirs);
struct span mapping_step_theirs(const struct map_step *s, struct span ours);

/* The first characters of valid UTF-8; all of it when there are fewer. */
struct span mapping_step_first(struct span text, size_t characters);

/* Loads from memory, for tests and fuzzing: both files' texts. */
enum rc mapping_parse(struct mapping **out, struct span name,
    struct span entity_text, struct span system_text,
    const struct systems *systems, struct err *e) RC_CHECK;

#endif
