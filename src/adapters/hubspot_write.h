/* SPDX-License-Identifier: MIT */
/*
 * hubspot_write: a batch of items on their way into HubSpot.
 *
 *   hubspot_write.c          the errand: what is asked next, how it ends
 *   hubspot_write_row.c      an item as HubSpot's values; is it as expected?
 *   hubspot_write_ask.c      the requests
 *   hubspot_write_take.c     their answers, matched to rows by what they say
 *   hubspot_write_refuse.c   refusals: of a row, or of all for one of them
 *   hubspot_write_link.c     associations
 *
 * Each row is at a step, which is the call it waits for.  Rows at one step
 * travel together, in any order.
 *
 * Nothing is sent again before it was looked at: a write whose outcome is
 * unknown leads to a look, by id or by our uid, which says what became of it.
 * A create goes by batch/create with our uid in a property whose values are
 * unique: HubSpot itself refuses a second one, and nobody's record is written
 * over, as an upsert would where it meets one.
 */
#ifndef HUBSPOT_WRITE_H
#define HUBSPOT_WRITE_H

#include "hubspot.h"

#include "../lib/mapping.h"

enum step {
	/* those nearer to the end first: what was looked at is soon written */
	STEP_UNLINK,
	STEP_LINK,
	STEP_ARCHIVE,
	STEP_UPDATE,
	STEP_CREATE,
	STEP_LINKED,        /* whom is it associated with? */
	STEP_LOOK_ARCHIVED, /* was it archived? */
	STEP_FIND_ARCHIVED, /* was one with our uid? */
	STEP_FIND,          /* is there one with our uid? */
	STEP_LOOK,          /* what is there, by id? */
	STEP_LABELS,        /* how are such records associated at all? */
	STEP_OVER
};

struct write_prop {
	struct span name;
	struct span value;    /* as HubSpot takes it: a text, "" is none */
	struct span expected; /* ptr NULL: anything */
	enum field_type type;
	bool pushed;          /* it is written over, whatever is there */
};

/* How records of our type and of another are associated. */
struct write_pair {
	struct span type;        /* the others', as the mapping has it */
	bool known, asked;
	const char *category;
	unsigned plain, primary; /* ids of labels; 0: none */
};

struct write_link {
	struct write_pair *pair;
	struct span to;          /* who is to be it; empty: nobody */
	struct span was;         /* decided against; empty: nobody, if known */
	struct span is;          /* who it is there, once looked at */
	struct span after;       /* the next page of those there are */
	struct hubspot_turns turns;
	bool expected;           /* `was` is known */
	bool looked, linked, unlinked;
};

struct write_row {
	struct write_item *item;
	enum step step;
	bool flying;             /* its request is on its way */
	bool left;               /* something of it may be there */
	bool wrote;              /* its properties surely are */
	bool fresh;              /* looked at, and nothing had moved */
	bool met;                /* a create was told that there is one */
	bool by_email;           /* it is found by that, not by our uid */
	unsigned tries;          /* outcomes that stayed unknown */
	unsigned bundle;         /* only with those; 0: with all others */
	int64_t wait;            /* ms before its next request */
	int64_t looked_at;
	struct span seen;        /* its version when it was looked at */
	struct write_prop *props;
	size_t prop_count;
	struct write_link *links;
	size_t link_count;
	size_t link;             /* the one that is being read or written */
	struct span email;       /* by which HubSpot tells contacts apart */
	struct span told;        /* the id of the one there is */
};

#define WRITE_BUSY (1u << 14) /* slots for whom requests in flight touch */
#define WRITE_PAIRS 16        /* types others of which we associate with */

struct writing {
	struct talk *talk;
	const struct web_target *to;
	struct hubspot_object object;
	struct span uid;         /* the property of our uid; empty: none */
	struct write_row *rows;
	size_t count;
	struct write_pair pairs[WRITE_PAIRS];
	size_t pair_count;
	struct arena *arena;     /* of what items tell */
	struct json json;        /* of an answer */
	unsigned bundles;        /* given out */
	unsigned flying;         /* requests */
	uint16_t *busy;          /* by hash: rows in flight that touch one */
	enum rc rc;              /* nothing more is asked, and so it ends */
	struct err why;
	enum rc lack;            /* what else is to be said at the end */
	struct err lacks;
};

/* A request in flight; in web_ask.own. */
struct write_flight {
	struct write_row **rows;
	size_t count;
};

/* ---- hubspot_write.c ---- */

/* What is to be asked of it first. */
void hubspot_write_begin(struct writing *w, struct write_row *r);
void hubspot_write_end(struct write_row *r, enum write_status status,
    const struct err *why);
/* It may be there or not: looked at before it is sent again, if it can be. */
void hubspot_write_doubt(struct writing *w, struct write_row *r,
    const struct err *why);
/* Looked at, and nothing is against it: what is next? */
void hubspot_write_on(struct writing *w, struct write_row *r);
/* The errand has failed: what did not leave does not. */
void hubspot_write_fail(struct writing *w, enum rc rc, const struct err *why);

/* ---- hubspot_write_row.c ---- */

/* Its properties and associations; ends the row where they make no sense. */
void hubspot_write_row(struct writing *w, struct write_row *r,
    struct json *data, struct json *expected);
/* Has `properties` (a node) what is to be written; `strict`: also where it is
 * written over whatever is there. */
bool hubspot_write_holds(const struct writing *w, const struct write_row *r,
    uint32_t properties, bool strict);
/* Has something moved since it was decided? */
bool hubspot_write_moved(const struct writing *w, const struct write_row *r,
    uint32_t properties, struct span version);
/* Do two texts mean the same instant? */
bool hubspot_write_same_time(struct span a, struct span b);
/* Has HubSpot silently kept what was there?  Says what it kept. */
bool hubspot_write_kept(const struct writing *w, const struct write_row *r,
    uint32_t properties, struct err *why);

/* ---- hubspot_write_ask.c ---- */

void hubspot_write_ask(struct writing *w, struct web_ask *ask,
    enum step step, const struct write_flight *f);

/* ---- hubspot_write_take.c ---- */

/* The whole of an answer to a request of rows that was not refused. */
void hubspot_write_take(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a);

/* ---- hubspot_write_refuse.c ---- */

/* One row's error, which is `node`; 0: the whole answer is. */
void hubspot_write_refuse(struct writing *w, enum step step,
    struct write_row *r, uint32_t node, const struct http_answer *a);
/* The errors of an answer, each to its row.  True: some could be any's of
 * which nothing was said. */
bool hubspot_write_refuse_some(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a);
/* All was refused, because of one of them or all. */
void hubspot_write_refuse_all(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a);
/* They are asked for again in two halves, apart from each other. */
void hubspot_write_split(struct writing *w, const struct write_flight *f);
/* The only one of which nothing was said yet, or NULL. */
struct write_row *hubspot_write_only(const struct write_flight *f);
/* By an error's ids or trace ids: the row it is of, among those, in flight or
 * answered; or NULL. */
struct write_row *hubspot_write_row_of(const struct writing *w,
    const struct write_flight *f, struct span trace, struct span id);
/* A text, or a number's. */
struct span hubspot_write_id(const struct writing *w, uint32_t node);

/* ---- hubspot_write_link.c ---- */

/* RC_CONFIG: too many. */
enum rc hubspot_write_pair(struct writing *w, struct span type,
    struct write_pair **out, struct err *e) RC_CHECK;
/* The next thing to do about its associations; or it is done. */
void hubspot_write_next_link(struct write_row *r);
/* `[{"associationCategory":...,"associationTypeId":...},...]` */
void hubspot_write_put_labels(struct buf *b, const struct write_pair *p);
void hubspot_write_take_labels(struct writing *w,
    const struct write_flight *f);
void hubspot_write_take_linked(struct writing *w,
    const struct write_flight *f, const struct http_answer *a);
void hubspot_write_take_links(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a);

#endif
