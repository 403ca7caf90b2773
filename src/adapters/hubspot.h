/* SPDX-License-Identifier: MIT */
/*
 * hubspot: what the parts of HubSpot's adapter share.  Each part is a file:
 *
 *   hubspot.c           the kind
 *   hubspot_limits.c    lanes, limits, what an answer means for going on
 *   hubspot_calls.c     how many calls an errand takes
 *   hubspot_type.c      the types of objects there are, and their names
 *   hubspot_refusal.c   what a refusal says
 *   hubspot_turns.c     pages that never end
 *   hubspot_read.h      reading
 *   hubspot_write.h     what is written
 *   hubspot_profile.c   logging in
 *   hubspot_fields.c    which fields an object has
 *   hubspot_setup.c     making those that lack
 */
#ifndef HUBSPOT_H
#define HUBSPOT_H

#include "web.h"

#include "../lib/json.h"

/* Limits of an account's calls.  A search counts in the first, too; calls of
 * associations (/crm/v4/...) do not. */
enum hubspot_lane {
	HUBSPOT_ALL,
	HUBSPOT_SEARCH,
	HUBSPOT_ASSOCIATIONS,
	HUBSPOT_LANES
};

/* As web.h says. */
extern const struct budget_lane hubspot_lanes[HUBSPOT_LANES];
http_limits hubspot_limits;
http_judge hubspot_judge;
uint64_t hubspot_read_calls(const struct read_request *req, uint64_t n);
uint64_t hubspot_write_calls(const struct web_target *to, uint64_t made,
    uint64_t n);
enum rc hubspot_count(struct talk *t, struct span object, uint64_t *n,
    struct err *e) RC_CHECK;

/* ---- types ---- */

struct hubspot_type {
	const char *name;     /* "companies"; NULL: an account's own objects */
	const char *id;       /* "0-2": it answers to that too */
	const char *scope;    /* whose scopes it rides on */
	const char *modified; /* property: when it was last changed */
	bool merges;          /* two may become one: hs_merged_object_ids */
};

/* What can be read, by its name in a mapping or on a command line. */
enum hubspot_form {
	HUBSPOT_RECORDS,   /* TYPE */
	HUBSPOT_OWNERS,    /* owners */
	HUBSPOT_PIPELINES, /* pipelines/TYPE */
	HUBSPOT_STAGES     /* stages/TYPE */
};

struct hubspot_object {
	enum hubspot_form form;
	struct span name;                /* TYPE as it is written in paths */
	const struct hubspot_type *type; /* never NULL */
};

/* Never NULL: what is not HubSpot's own is the account's. */
const struct hubspot_type *hubspot_type_find(struct span name);
/* RC_CONFIG: nothing there could be called that. */
enum rc hubspot_type_object(struct hubspot_object *o, struct span object,
    struct err *e) RC_CHECK;

/* ---- writing ---- */

/* As web.h says; see hubspot_write.h. */
enum rc hubspot_write(struct talk *t, const struct web_target *to,
    struct write_item *items, size_t n, struct arena *a, struct err *e)
    RC_CHECK;

/* ---- refusals ---- */

/*
 * Appends "CATEGORY: message (correlationId)" of an error, which is `node`: an
 * answer of its own (0), or one of the errors of a batch.  What is not there
 * is left out; no control characters.
 */
void hubspot_refusal_put(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a);
/*
 * "HTTP 400: ..." of a whole answer that is no success, in JSON or not;
 * returns rc, and for 401 and 403 RC_PERSON, with the scopes that lack.
 */
enum rc hubspot_refusal_say(struct err *e, enum rc rc,
    const struct http_answer *a);

/* ---- pages ---- */

struct hubspot_turns {
	uint64_t mark, pages; /* zero at the first page */
};

/* The cursor of a next page: true if it goes round in a circle, of any length
 * (told in time, not at once). */
bool hubspot_turns_again(struct hubspot_turns *t, struct span after);

/* ---- fields ---- */

/* web.h's describe, of any object there is. */
enum rc hubspot_fields_open(struct talk *t, struct span object,
    web_field_emit *emit, void *arg, struct err *e) RC_CHECK;
/* The list of properties in an answer; 0: it is none. */
uint32_t hubspot_fields_list(const struct json *j);
/* A property as HubSpot shows it; what it points to lives in j and a. */
void hubspot_fields_read(struct web_field *f, const struct json *j,
    uint32_t node, struct arena *a);

/* web.h's setup: a group, and the properties that lack. */
enum rc hubspot_setup_open(struct talk *t, struct span object,
    struct web_wish *wishes, size_t n, bool look, struct err *e) RC_CHECK;

#endif
