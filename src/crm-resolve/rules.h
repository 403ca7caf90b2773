/* SPDX-License-Identifier: MIT */
/*
 * rules: what becomes of a field that several sides show otherwise.
 *
 *   rules.c        puts candidates in order and asks the field's rule
 *   rule_pick.c    rules that pick one: latest prefer first max min longest
 *   rule_union.c   of lists, three-way
 *   rule_append.c  of texts, three-way
 *   rule_ask.c     of programs: jq expressions, and commands, with rule_input.c
 *                  (what they are given), command.c (a process), answers.c
 *                  (what it said while judging, for applying)
 *
 * A rule sees candidates in one order that depends on nothing but themselves:
 * by time, then value, then whether that time is exact, then the system's
 * name.  So whoever was read first, or has which number in state, the same
 * value stands.
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
	bool exact;        /* `time` is of this very edit, to the instant */
	bool agreed;       /* it is the agreed value, not a new one */
};

/* One field of one record, and who says what. */
struct dispute {
	const struct policy *policy;
	struct span uid;
	size_t at;                    /* of the field in the entity */
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
	const char *why;    /* if it is not the rule that says so; else NULL */
	bool failed;        /* a program did not do its work: to be told */
	struct span value;  /* else: what stands from now on, */
	uint32_t system;    /* who said so (last), */
	int64_t time;       /* and since when, at the latest */
	bool exact;         /* or at that very instant */
	bool agreed;        /* it is what stood before */
};

/*
 * Candidates may be equal; a lone value stands.  RC_END while applying, when a
 * command was not asked this while judging: state has moved.
 */
enum rc rules_decide(struct dispute *d, struct verdict *v, struct err *e)
    RC_CHECK;

/*
 * Gives the policy what its rules need besides (expressions, commands).
 * RC_CONFIG with file and field when an expression does not compile.
 */
enum rc rules_open(struct policy *p, struct err *e) RC_CHECK;
void rules_close(struct policy *p); /* ends the commands; accepts NULL */

/* A pass over records begins, in the order of their uids; group.c says so. */
enum rc rules_pass(struct policy *p, bool applying, struct err *e) RC_CHECK;
/* How often a command was asked: it may have taken long. */
uint64_t rules_asked(const struct policy *p);

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

/* The candidates as a JSON array. */
void rule_input(struct buf *b, const struct dispute *d);
/* What a program gave as the field's value; RC_RECORD when it does not fit. */
enum rc rule_fit(const struct dispute *d, struct span value,
    struct span *out, struct err *e) RC_CHECK;

/* RC_RECORD with the reason when a person decides. */
enum rc rule_jq(const struct dispute *d, struct span *out, struct err *e)
    RC_CHECK;
/* As rules_decide and as rule_jq. */
enum rc rule_command(const struct dispute *d, struct verdict *v,
    struct span *out, struct err *e) RC_CHECK;

#endif
