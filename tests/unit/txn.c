/* SPDX-License-Identifier: MIT */
/*
 * What a transaction says while it remembers where it looked last, against a
 * plain table: rows put, deleted and asked for in order, at random and by
 * turns, over pages that split and run empty.
 */
#include "state.h"

#include <stdio.h>

#include "scratch.h"
#include "tap.h"

#define KEYS 3000
#define ROUNDS 120
#define STEPS 4000
#define MOST 600 /* bytes of a value */

static struct err why;
static uint64_t seed = 1;
/* 0: not there; else what its value is made of */
static uint32_t now[KEYS], committed[KEYS];

static uint32_t
any(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static struct span
key_of(uint32_t i, char text[16])
{
	snprintf(text, 16, "row:%05u", i);
	return span_of(text, 9);
}

static struct span
value_of(uint32_t made, char text[MOST])
{
	size_t len = made % MOST;

	memset(text, 'a' + (int)(made % 26), len);
	return span_of(text, len);
}

static bool
get_is_right(struct txn *t, uint32_t i)
{
	char key[16], want[MOST];
	struct span got;
	enum rc rc = txn_get(t, TABLE_TODO, key_of(i, key), &got, &why);

	return now[i] ? rc == RC_OK && span_eq(got, value_of(now[i], want)) :
	    rc == RC_END;
}

static bool
put(struct txn *t, uint32_t i)
{
	char key[16], value[MOST];

	now[i] = 1 + any(1000000);
	return !txn_put(t, TABLE_TODO, key_of(i, key), value_of(now[i],
	    value), &why);
}

static bool
del(struct txn *t, uint32_t i)
{
	char key[16];

	now[i] = 0;
	return !txn_del(t, TABLE_TODO, key_of(i, key), &why);
}

/* All rows, in order, and no other; and is there any? */
static bool
walk_is_right(struct txn *t)
{
	char key[16], want[MOST];
	struct walk w;
	bool good, there, any_there = false;
	uint32_t i;

	good = !walk_open(&w, t, TABLE_TODO, SPAN("row:"), &why);
	for (i = 0; i < KEYS && good; i++) {
		if (!now[i])
			continue;
		any_there = true;
		good = !walk_next(&w, &why) &&
		    span_eq(w.key, key_of(i, key)) &&
		    span_eq(w.value, value_of(now[i], want));
	}
	good = good && walk_next(&w, &why) == RC_END;
	walk_close(&w);
	return good && !walk_any(t, TABLE_TODO, SPAN("row:"), &there, &why) &&
	    there == any_there;
}

static bool
one_transaction(struct state *s)
{
	struct txn t;
	uint32_t at = any(KEYS), ordered = any(3), leaning = any(3);
	uint32_t steps = any(STEPS);
	bool good = !txn_begin(&t, s, true, &why);

	for (uint32_t n = 0; n < steps && good; n++) {
		uint32_t what = any(6);

		at = ordered ? (at + any(ordered * 2)) % KEYS : any(KEYS);
		good = get_is_right(&t, at);
		if (what < 1 + leaning)
			good = good && put(&t, at);
		else if (what > 2 + leaning)
			good = good && del(&t, at);
		if (any(500) == 0)
			good = good && walk_is_right(&t);
	}
	for (uint32_t i = any(10) ? KEYS : 0; i < KEYS && good; i++)
		good = del(&t, i);
	good = good && walk_is_right(&t);
	if (any(4)) {
		good = good && !txn_commit(&t, &why);
		memcpy(committed, now, sizeof now);
	}
	txn_abort(&t);
	memcpy(now, committed, sizeof now);
	return good;
}

static bool
read_is_right(struct state *s)
{
	struct txn t;
	bool good = !txn_begin(&t, s, false, &why);

	for (uint32_t n = 0; n < 500 && good; n++)
		good = get_is_right(&t, any(KEYS));
	good = good && !txn_renew(&t, &why);
	for (uint32_t i = 0; i < KEYS && good; i++)
		good = get_is_right(&t, i);
	good = good && walk_is_right(&t);
	txn_abort(&t);
	return good;
}

int
main(void)
{
	struct state *s = scratch_state();
	uint32_t right = 0;

	while (right < ROUNDS && one_transaction(s) && read_is_right(s))
		right++;
	ok(right == ROUNDS, "%u of %d transactions as in a plain table", right,
	    ROUNDS);
	state_close(s);
	scratch_remove();
	return tap_done();
}
