/* SPDX-License-Identifier: MIT */
/*
 * mapping: the entity files and system files of crm-mapping(5), loaded and
 * applied in both directions.
 *
 * An entity file (customer.jq) says what a customer is for us; a system file
 * (customer.salesforce.jq) says how one system shows it.  Both are found in
 * $CRM_MAPPINGS (a list parted by ':'), ./mappings, PREFIX/share/crm/mappings,
 * in that order.  customer.hubspot-eu.jq serves that system if it exists, else
 * customer.KIND.jq.
 */
#ifndef MAPPING_H
#define MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "home.h"
#include "json.h"
#include "span.h"

enum field_type {
	TYPE_TEXT, TYPE_NUMBER, TYPE_INTEGER, TYPE_BOOLEAN, TYPE_DATE,
	TYPE_DATETIME, TYPE_EMAIL, TYPE_PHONE, TYPE_URL, TYPE_ENUM, TYPE_SET,
	TYPE_REF, TYPE_JSON
};

enum field_rule {
	RULE_LATEST, RULE_PREFER, RULE_MAX, RULE_MIN, RULE_APPEND, RULE_UNION,
	RULE_LONGEST, RULE_FIRST, RULE_JQ, RULE_COMMAND, RULE_MANUAL
};

/* What a field is made of, instead of being shown by a system. */
enum field_derive {
	DERIVE_NONE,
	DERIVE_CRM_URL,   /* where a person finds it in a system */
	DERIVE_SYNCED_AT, /* when it was last decided */
	DERIVE_STATUS,    /* "synced", "conflict" */
	DERIVE_ORIGIN     /* the system it was entered in first */
};

/* What becomes of a record in other systems once one has converted it. */
enum convert_policy {
	CONVERTS_REVIEW, /* the default: it stays, and a person looks */
	CONVERTS_TELL,   /* it lives on where it stands */
	CONVERTS_ARCHIVE
};

enum delete_policy {
	DELETES_ARCHIVE, /* the default */
	DELETES_DELETE,
	DELETES_KEEP,    /* a delete elsewhere changes nothing here */
	DELETES_REVIEW
};

struct entity_field {
	struct span name;
	struct span description; /* for people; may be empty */
	enum field_type type;
	bool required;
	int scale;             /* number: decimals kept; -1: as they come */
	size_t max_length;     /* characters; 0: no limit */
	enum field_rule rule;
	struct span *prefer;   /* PREFER, FIRST, LATEST: systems, best first */
	size_t prefer_count;
	bool ask;              /* LATEST: a person, where times do not tell */
	struct span separator; /* UNION of a text: between its items */
	struct span program;   /* JQ: the expression */
	struct span *command;  /* COMMAND: program and arguments */
	size_t command_count;
	struct span to;        /* ref: the entity it points to */
	struct span *values;   /* enum, set: allowed values, if said */
	size_t value_count;
	unsigned history;      /* past values kept; 0: none */
	enum field_derive derive;
	struct span derive_of; /* CRM_URL: the system */
};

struct likeness;

struct match_key {
	size_t *fields; /* indexes into entity.fields */
	size_t count;
};

struct entity {
	struct span name;
	struct entity_field *fields;
	size_t field_count;
	struct match_key *match;
	size_t match_count;
	struct likeness *similar; /* likeness.h; NULL: none */
	enum delete_policy deletes;
	enum convert_policy converts;
	bool derives;          /* some field is derived */
};

enum direction { DIR_PULL = 1, DIR_PUSH = 2, DIR_BOTH = 3 };

/* How one canonical field stands in one system. */
struct map_field {
	size_t field;        /* index into entity.fields */
	enum direction dir;
	struct span from;    /* first source name: what it is written as */
	struct span also;    /* a further name it is written as, or empty */
	bool keep_drift;     /* push: another value there stays */
	size_t max_length;   /* the system's own limit, characters; 0: none */
	struct span history; /* what its last values are written as, or empty */
	struct span history_join; /* in one text with this between; ptr NULL */
	struct span trend;   /* what their trend is written as, or empty */
	bool uses_history;   /* one of these, or an expression does */
	struct map_step *steps; /* the rest of it, mapping's own */
};

/* What a system means by a field without content (CSV's blank cell). */
enum blank_policy {
	BLANK_ABSENT, /* the default: says nothing */
	BLANK_NULL,   /* clears */
	BLANK_EMPTY   /* empty text */
};

/* What a source says of a record that became others, of other entities. */
struct map_conversion {
	struct span from;    /* source name of the flag; ptr NULL: none */
	struct span value;   /* what it says then, without case */
	struct map_becomes {
		struct span entity; /* what it became one of */
		struct span name;   /* source name of that one's id */
		uint32_t source;
	} *into;
	size_t count;
};

struct mapping {
	struct entity *entity; /* owned */
	struct span name;    /* "customer.salesforce": what was asked for */
	struct span system;  /* "salesforce": the system it serves */
	struct span kind;
	struct span object;
	struct span id, modified, uid; /* source names; ptr NULL: none */
	struct span deleted; /* source name of the flag; ptr NULL: none */
	struct span deleted_value; /* what it says then, without case */
	struct span merged_into; /* source name; ptr NULL: none */
	struct map_conversion converted;
	enum blank_policy blank;
	bool approve;        /* what is written there waits for a person */
	struct span null_marker; /* a cell that means null; ptr NULL: none */
	struct map_field *fields; /* in the entity file's order */
	size_t field_count;
	bool uses_history;   /* some field does */
	char hash[17];       /* of both files' evaluated contents */
	struct arena arena;  /* owns all spans */
	struct map_private *private;
	/*
	 * After mapping_read: members `"field":"original text"` of fields
	 * whose canonical text says less than the source did.
	 */
	struct buf original;
	/* After mapping_read_all: members `"field":"instant"`, if any. */
	struct buf times;
};

/* "text", "number", ...: the words of an entity file, by enum. */
extern const char *const mapping_types[];

/* Loads and checks an entity file by entity name. */
enum rc entity_load(struct entity **out, struct span name, struct err *e)
    RC_CHECK;
void entity_free(struct entity *en);

/*
 * Loads "ENTITY.SYSTEM", its entity file with it.  `systems` gives the kind
 * of a declared system.  RC_CONFIG with file, field and what to do.
 */
enum rc mapping_load(struct mapping **out, struct span name,
    const struct systems *systems, struct err *e) RC_CHECK;
void mapping_free(struct mapping *m);
/* True when a file for ENTITY.SYSTEM (or its kind) exists. */
bool mapping_exists(struct span entity, struct span system,
    const struct systems *systems);

/* Index of an entity's field by name, SIZE_MAX when it has none. */
size_t entity_field_find(const struct entity *en, struct span name);

/* Index into m->fields of an entity's field, SIZE_MAX when not mapped. */
size_t mapping_field_find(const struct mapping *m, size_t entity_field);

/*
 * What a column header of an export is for this mapping: its spelling there
 * (the API name), found exactly, then without case, then among the labels.
 * Empty when the mapping does not use the column.
 */
struct span mapping_source_name(const struct mapping *m, struct span header);

/*
 * The source names a direction uses, each once: DIR_PULL all that are read
 * (id, modified, uid, deleted, merged_into, converted, then fields), DIR_PUSH
 * those written (id, uid, then fields).  Owned by m.
 */
const struct span *mapping_list_columns(const struct mapping *m,
    enum direction dir, size_t *count);

/*
 * What a source object says of itself, beside its fields: plain text in `a`,
 * ptr NULL when absent, null or blank.  `modified` is canonical (UTC, ms);
 * `converted_into` an object of ids by entity, {"contact":"003"}.
 * RC_RECORD without an id, or when a value does not fit.
 */
struct map_identity {
	struct span id, modified, uid, merged_into, converted_into;
	bool deleted;
};
enum rc mapping_identity(struct mapping *m, const struct json *j,
    uint32_t data, struct map_identity *out, struct arena *a, struct err *e)
    RC_CHECK;

/*
 * mapping_identity and mapping_read in one look at the record; a missing id is
 * the caller's to see.  On RC_RECORD `identity` still tells `deleted` and
 * `merged_into`, if the record could be looked at.  `times` is the node of an
 * object that says when members of `data` got their values, or 0; see m->times.
 */
enum rc mapping_read_all(struct mapping *m, const struct json *j,
    uint32_t data, uint32_t times, struct map_identity *identity,
    struct arena *a, struct buf *fields, struct buf *notes, struct err *e)
    RC_CHECK;

/*
 * After RC_RECORD: what can be read of it all the same, so that it is still
 * known by its uid and its match keys.  Fields that do not fit are left out of
 * `fields`, which stays empty where there is no object.
 */
void mapping_read_known(struct mapping *m, const struct json *j,
    uint32_t data, struct map_identity *identity, struct arena *a,
    struct buf *fields);

/*
 * Source -> canonical.  `data` is the node of the source's object in `j`.
 * Appends the canonical object (fields in the entity file's order, absent
 * ones left out) to `fields`; where the canonical text differs from the
 * original in more than the type's equivalence, or was cut or nulled as the
 * mapping allows, appends a member to `notes` (`"field":"truncated"`; left
 * empty when there is none).  RC_RECORD with field and reason when a value
 * does not fit.  All readable fields are given, push-only ones too: a
 * system's own value of them is drift for crm-resolve to see.
 */
enum rc mapping_read(struct mapping *m, const struct json *j, uint32_t data,
    struct buf *fields, struct buf *notes, struct err *e) RC_CHECK;

/*
 * Canonical -> target's own names.  `fields` is the node of a canonical
 * object (all or some of the fields) in `j`; pull-only and unmapped ones are
 * left out.  A ref is written as the target's id it holds ({"ref":…,"id":…}).
 * Appends one JSON object to `out`.
 */
enum rc mapping_write(struct mapping *m, const struct json *j,
    uint32_t fields, struct buf *out, struct err *e) RC_CHECK;

/*
 * Appends what a canonical value is once it was written there and read again,
 * as far as the mapping itself changes it (cut, nulled, an expression that
 * loses something): "null" where nothing is left.  RC_RECORD when it does not
 * fit.  Not for references.
 */
enum rc mapping_trip(struct mapping *m, size_t map_field, struct span value,
    struct buf *out, struct err *e) RC_CHECK;

/*
 * As mapping_write, with the history of fields: `history` is the node in `j`
 * of an object of lists by field, [{"value":…,"time":…},…], or 0.
 */
enum rc mapping_write_history(struct mapping *m, const struct json *j,
    uint32_t fields, uint32_t history, struct buf *out, struct err *e)
    RC_CHECK;

/*
 * As mapping_write, of values by entity field (canonical texts; a NULL ptr:
 * it is not given).  Only of a mapping that writes without expressions and
 * history: mapping_writes_values.
 */
bool mapping_writes_values(const struct mapping *m);
enum rc mapping_write_values(struct mapping *m, const struct span *values,
    struct buf *out, struct err *e) RC_CHECK;

/*
 * Do two canonical values (JSON texts) of a field mean the same under its
 * type's equivalence (case of an email, digits of a phone, scale of a
 * number), or is `held` what `sent` becomes under the declared length?
 */
bool mapping_equivalent(const struct mapping *m, size_t map_field,
    struct span sent, struct span held);
/* Is `held` less than what was sent: cut, or nothing of it? */
bool mapping_loses(const struct mapping *m, size_t map_field,
    struct span sent, struct span held);

#endif
