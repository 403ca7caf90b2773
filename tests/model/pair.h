/* SPDX-License-Identifier: MIT */
/*
 * pair: two records, X and Y, each in A and in B or X in A only, of one field;
 * A makes one of them: Y is merged into X there.  A machine of its own beside
 * that of one record: it is small enough for the whole of it to be visited.
 *
 *   pair.c         people, a reading that is decided, a loader's steps: merge.c
 *                  and ../../src/lib/redirect.c, claim.c, acknowledge.c
 *   pair_check.c   what must hold
 *   pair_search.c  breadth first
 */
#ifndef PAIR_H
#define PAIR_H

#include "model.h"

enum { X, Y, RECORDS };
enum { PLACES = 3 };     /* in a system: X's and Y's, and one made later */
enum { PAIR_ROOTS = 2 };

enum place_life { PLACE_NONE, PLACE_LIVE, PLACE_GONE, PLACE_MERGED };
enum record_life { RECORD_LIVE, RECORD_ARCHIVED, RECORD_MERGED };

struct place {
	uint8_t life, value, time;
};

struct record {
	uint8_t life, value, time;
};

/* What a system last showed of a record of ours. */
struct shown {
	uint8_t live, id, value, time;
};

struct pending {
	uint8_t there, claimed;
	uint8_t doubt;   /* an update was not answered: of this value; one
	                    at most, what becomes of several see model.h */
};

struct sending {
	uint8_t stage;   /* enum of claim.c's jobs: JOB_... */
	uint8_t system, record, kind, id, value, version, result;
	uint8_t repeat;
};

struct pair {
	uint8_t now;
	struct place place[SYSTEMS][PLACES];
	struct record record[RECORDS];
	struct shown shown[SYSTEMS][RECORDS];
	uint8_t owner[SYSTEMS][PLACES]; /* linked, alive: record + 1 */
	struct pending pending[SYSTEMS][RECORDS];
	struct sending sending;
	uint8_t asked;   /* a person has to look */
	uint8_t humans, crashes;
	/* ghost */
	uint8_t followed; /* that it was merged is known */
	uint8_t beside;   /* B had both then */
	uint8_t second;   /* what B's second showed then, or people since */
	uint8_t last;     /* what X was given last, in A */
	uint8_t astray;
};

void pair_root(struct pair *p, size_t i);
const char *pair_root_name(size_t i);
size_t pair_steps(void);
bool pair_take(struct pair *p, size_t step);
const char *pair_say(size_t step);

bool pair_read(struct pair *p, size_t system);
bool pair_claim(struct pair *p, size_t system, size_t record);
bool pair_send(struct pair *p, enum fate fate);
bool pair_acknowledge(struct pair *p);

/* NULL, or what is wrong: now, and once all went quiet. */
const char *pair_check(const struct pair *p);

void pair_search(struct search *s, const struct bounds *b, size_t root);

#endif
