/* SPDX-License-Identifier: MIT */
/*
 * web: a kind of system that is spoken to over HTTP.
 *
 * All such a kind does is pure: values become requests, answers become values.
 * A *talk* is one errand (read an object, write a batch, list fields) as a
 * state machine: `next` says what to ask, `take` is given what came back.
 * Sockets, tokens, the clock, waiting, retries, budgets and logs are the
 * driver's (web_drive.c, web_session.c, over lib/http.h), so that a talk is
 * tested with files alone (tests/adapters).
 *
 * Asynchronous work fits as it is: create a job, upload (ask.body), poll
 * (ask.wait), fetch results; a talk that needs many answers before it goes on
 * says RC_END until it has them.
 */
#ifndef WEB_H
#define WEB_H

#include "../lib/budget.h"
#include "../lib/http.h"
#include "adapter.h"
#include "profile.h"

/* ---- one request ---- */

struct web_ask {
	const char *method;      /* literal */
	struct buf path;         /* "/path?query" below the base, or a link the
	                            system gave; emptied before `next` */
	struct buf body;         /* empty: none; emptied before `next` */
	const char *type;        /* Content-Type of the body; literal */
	enum http_repeat repeat; /* what sending it twice would do */
	unsigned lane;           /* of web.lanes */
	unsigned cost;           /* calls it counts for; 0 is 1 */
	int64_t wait;            /* ms before it is sent: a job is polled */
	/* the talk's own, given back with the answer */
	unsigned step;
	size_t from, count;
	void *own;
};

/* ---- one errand ---- */

struct talk {
	/*
	 * RC_OK: *ask is the next request, in the order in which its answer
	 * will be taken.  RC_END: nothing to ask now; asked again after each
	 * answer; over when none is outstanding.  Else the errand has failed.
	 */
	enum rc (*next)(struct talk *t, struct web_ask *ask, struct err *e);
	/*
	 * What came, in the order of asking.  `came` RC_OK: an answer of
	 * whatever status that the kind's judge takes.  Else why, and
	 * a->outcome says whether it may have been done; a reading may just
	 * return it.  RC_OK to go on, RC_END: what was asked ahead is of no
	 * interest any more, it is over; else the errand has failed.
	 */
	enum rc (*take)(struct talk *t, const struct web_ask *ask,
	    const struct http_answer *a, enum rc came, const struct err *why,
	    struct err *e);
	void (*free)(struct talk *t); /* NULL where nothing is owned */
	void *own;
	unsigned ahead;  /* requests at a time; 0: one */
	int64_t now;     /* ms, the system's own clock as far as it is known; */
	int64_t lead;    /* and how far it is before ours: the driver keeps
	                    both current */
};

/* What a batch is to be written to. */
struct web_target {
	struct span object;
	const struct mapping *mapping;
	bool compare;    /* read again what is about to be written; what is to
	                    be taken away is in any case */
};

/* ---- what it has: fields of an object ---- */

struct web_option { struct span value, label; };

struct web_field {
	struct span name, label;
	struct span type;        /* a field type's word of crm-mapping(5) */
	struct span native;      /* the system's own word for it */
	struct span to;          /* a reference: the object it points to */
	bool writable, required, unique, custom;
	size_t max_length;       /* characters; 0: not known */
	const struct web_option *options; /* of a pick list */
	size_t option_count;
};

typedef enum rc web_field_emit(void *arg, const struct web_field *f,
    struct err *e);

/* What crm-auth setup is to see to: made where it lacks, never changed. */
struct web_wish {
	struct span name, label, description;
	struct span type;        /* a field type's word */
	const struct web_option *options; /* of a pick list that is to be */
	size_t option_count;
	bool unique;             /* it will hold our uid */
	/* out */
	enum { WISH_OPEN, WISH_THERE, WISH_MADE, WISH_FAILED } became;
	bool standard;           /* THERE: it is the system's own field */
	struct err error;        /* FAILED: why, and what to do */
};

/* ---- a kind ---- */

struct web {
	const struct profile *profile;
	const struct budget_lane *lanes; /* the first is for all calls */
	unsigned lane_count;
	uint64_t daily;          /* calls of a day where the account does not
	                            tell; 0: no limit */
	http_limits *limits;     /* what an answer tells of them; or NULL */
	http_judge *judge;       /* NULL: http_judge_status */
	unsigned concurrent;     /* requests at a time at most */

	/* How many calls it takes to read n, to write so many that are made
	 * there and n that are there, about: said before it is begun. */
	uint64_t (*read_calls)(const struct read_request *req, uint64_t n);
	uint64_t (*write_calls)(const struct web_target *to, uint64_t made,
	    uint64_t n);

	/*
	 * Each fills a talk that is zero but for `now`; what they are given
	 * lives as long as the talk.
	 *
	 * read: all of req->object, or from req->cursor on what changed;
	 * req->emit takes the records, req->checkpoint and req->whole are
	 * set at the end.
	 */
	enum rc (*read)(struct talk *t, struct read_request *req,
	    struct err *e);
	/* These ids: each is emitted once, `missing` where there is none. */
	enum rc (*fetch)(struct talk *t, struct read_request *req,
	    const struct span *ids, size_t n, struct err *e);
	/* Items come with status 0, and leave with the one they have. */
	enum rc (*write)(struct talk *t, const struct web_target *to,
	    struct write_item *items, size_t n, struct arena *a,
	    struct err *e);
	/* How many a whole reading would find; NULL: that cannot be asked,
	 * RC_END: not of that object. */
	enum rc (*count)(struct talk *t, struct span object, uint64_t *n,
	    struct err *e);
	enum rc (*describe)(struct talk *t, struct span object,
	    web_field_emit *emit, void *arg, struct err *e);
	/* `look`: what lacks is not made, and stays OPEN.  NULL: nothing can
	 * be set up there. */
	enum rc (*setup)(struct talk *t, struct span object,
	    struct web_wish *wishes, size_t n, bool look, struct err *e);
};

/* ---- the driver ---- */

struct web_pace {
	unsigned concurrent;     /* requests at a time at most */
	void (*idle)(void *arg); /* called before waiting; or NULL */
	void *idle_arg;
};

/* Until the talk is over; frees it.  What it, or the machine, failed with is
 * the result; RC_SYSTEM ends it with requests whose answers nobody took. */
enum rc web_drive(struct http *h, struct talk *t, const struct web_pace *pace,
    struct err *e) RC_CHECK;

#endif
