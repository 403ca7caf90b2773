/* SPDX-License-Identifier: MIT */
/*
 * history: what happens to some stores: people do things, and rounds of the
 * pipeline go over them, disturbed or clean.  A history is data: it is made
 * from a seed, played (play.h), and made smaller (shrink.h).
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "values.h"

enum { STEPS = 48, HOOKS = 3 };

enum act_kind {
	ACT_CREATE, ACT_EDIT, ACT_CLEAR, ACT_BAD, ACT_ARCHIVE, ACT_UNARCHIVE,
	ACT_REMOVE, ACT_RESTORE, ACT_REORDER, ACT_MERGE
};

/* How an edited line is written. */
enum style {
	STYLE_TIME = 1,    /* it says when it was modified */
	STYLE_UNTAGGED = 2, /* without the version that stood there */
	STYLE_ASCII = 4,   /* escapes in place of other characters */
	STYLE_LATE = 8,    /* with STYLE_TIME: a time long past */
	STYLE_ARCHIVED = 16 /* an edit: of what stands archived, if any does */
};

struct act {
	enum act_kind kind;
	int side;
	unsigned n;        /* which of the records it fits */
	enum field field;
	unsigned value, way;
	bool null;         /* a clear: null, else the member goes */
	unsigned style;
	unsigned fields;   /* a create: bits of fields, values in `values` */
	unsigned char values[FIELDS], ways[FIELDS];
};

enum fault {
	FAULT_NONE,
	FAULT_CUT,     /* the output of a stage of a side breaks off */
	FAULT_LIMIT,   /* a side is read in part */
	FAULT_WITHOUT, /* a side is not read */
	FAULT_NOLOAD,  /* nothing is delivered to a side */
	FAULT_GREP,    /* some operations for a side are filtered out */
	FAULT_TWICE,   /* a side gets the plan twice */
	FAULT_DOUBLE,  /* a side's section comes twice */
	FAULT_ORDER,   /* two pipelines at once: `n` says in which order */
	FAULT_COUNT    /* how many there are */
};

/* Where in a round people do something. */
struct hook {
	int place; /* see PLACE_; with FAULT_ORDER: before that step */
	struct act act;
};

enum { PLACE_PLAN, PLACE_READ, PLACE_LOAD = PLACE_READ + SIDES };

/* The state is dumped; the home is made anew of the dump. */
enum step_kind { STEP_ACT, STEP_CLEAN, STEP_ROUND, STEP_BACKUP,
	STEP_RESTORE };

struct step {
	enum step_kind kind;
	struct act act;
	enum fault fault;
	int side;          /* the fault's */
	unsigned stage, n; /* which stage is cut; how many, which */
	double share;      /* of the bytes that are left */
	unsigned hooks;
	struct hook hook[HOOKS];
};

enum rule { RULE_LATEST, RULE_MANUAL, RULE_MAX, RULE_MIN, RULE_LONGEST,
	RULE_UNION, RULE_PREFER, RULE_APPEND, RULE_JQ, RULE_COMMAND };

struct history {
	uint64_t seed;
	int sides;
	enum rule rule[FIELDS];
	int prefer[FIELDS][SIDES]; /* sides in order, -1 at the end */
	bool hard_deletes;
	bool match;                /* records are joined by their codes */
	bool merges;               /* records may become others */
	bool ambiguous;            /* a code may be of several there */
	bool nameless;             /* no mapping says where the uid stands */
	unsigned shows;            /* bits of fields that there are */
	unsigned cuts;             /* bit per side: names have little room */
	unsigned reformats;        /* bit per side: it writes things its way */
	unsigned steps;
	struct step step[STEPS];
};

#define ORDERS 6
#define ORDER_STEPS 6
/* Steps of two pipelines at once, "X1": the first one reads, then R, L. */
extern const char *const history_orders[ORDERS][ORDER_STEPS];

void history_make(struct history *h, uint64_t seed);

/* True when swapping the names of the first two sides must change nothing. */
bool history_mirrors(const struct history *h);

/*
 * The `n`th history with one thing less; false when there are no more.
 */
bool history_less(const struct history *h, unsigned n, struct history *out);

/* For people: one line a step, each after `prefix`. */
void history_print(const struct history *h, const char *prefix,
    struct buf *b);

#endif
