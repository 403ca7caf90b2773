/* SPDX-License-Identifier: MIT */
/*
 * rules: what becomes of a field that several sides show otherwise.
 *
 *   rules.c        puts candidates in order and asks the field's rule
 *   rule_pick.c    rules that pick one: latest prefer first max min longest
 *   rule_union.c   of lists, three-way
 *   rule_append.c  of texts, three-way
 *
 * A rule sees candidates in one order that depends on nothing but themselves:
 * by time, then value, then the system's name.  So whoever was read first, or
 * has which number in state, the same value stands.
 */
#ifndef RULES_H
#define RULES_H

#include "../lib/policy.h"

struct candidate {
	uint32_t system;   /* interned: who shows it, or where agreed is from */
	struct span name;  /* that system's */
	struct span value; /* canonical JSON text */
	struct span base;  /* what it showed before; ptr NULL: never anything */
	int64_t since;     /* ms: it changed after that; 0: not known */
	int64_t time;      /* ms: but not after that */
	bool vague;        /* `time` is of a write of ours, not of an edit */
	bool agreed;       /* it is the agreed value, not a new one */
};

/* One field of one record, and who says what. */
struct dispute {
	const struct policy *policy;
	const struct entity_field *field;
	struct span agreed;           /* what stands, or null */
	bool first;                   /* values meet without a base */
	struct candidate *candidates; /* n >= 1; brought in order */
	size_t count;
	struct arena *arena;          /* gives what a rule makes its memory */
};

struct verdict {
	const char *rule;   /* which decided */
	bool review;        /* a person decides */
	const char *why;    /* if the rule failed; else NULL */
	struct span value;  /* else: what stands from now on, */
	uint32_t system;    /* who said so (last), */
	int64_t time;       /* and since when, at the latest */
	bool agreed;        /* it is what stood before */
};

/* Candidates may be equal; a lone value stands. */
void rules_decide(struct dispute *d, struct verdict *v);

/* RC_CONFIG when a field's rule is not one we can apply. */
enum rc rules_check(const struct entity *en, struct err *e) RC_CHECK;

/* ---- for the rules themselves; candidates are in order ---- */

/* Index of the candidate that stands, or RULE_NONE. */
#define RULE_NONE SIZE_MAX
size_t rule_pick(const struct dispute *d);
/* By the systems the rule prefers; RULE_NONE when it prefers none. */
size_t rule_pick_first(const struct dispute *d);

/*
 * The agreed list without what any side took out, with what any side put in
 * (that wins); compared with what the side showed before.  RC_RECORD with the
 * reason when what comes out does not fit.
 */
enum rc rule_union(const struct dispute *d, struct span *out, struct err *e)
    RC_CHECK;

/*
 * The agreed text with every side's edit.  What two sides wrote in the same
 * place follows each other, the earlier first; what is there already is not
 * put there again.
 */
enum rc rule_append(const struct dispute *d, struct span *out, struct err *e)
    RC_CHECK;

#endif
