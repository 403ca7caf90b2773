/* SPDX-License-Identifier: MIT */
#include "records.h"

#include "../lib/clock.h"
#include "../lib/run.h"

#define RENEW_EVERY 16384 /* records: a look at the clock */
#define RENEW_MS 1000     /* old pages are not held for longer */

struct side_walk {
	uint32_t system;
	struct walk walk;
	enum rc rc;          /* RC_END: it has no more */
	struct buf prefix;
	char room[LIMIT_KEY];
};

struct pass {
	struct txn *txn;
	struct span entity;
	struct side_walk sides[LIMIT_SYSTEMS];
	size_t count;
	struct walk walk;    /* over agreed */
	struct arena arena;  /* of the record */
	int64_t renewed;
};

/* ---- cursors ---- */

/* To the first row of this uid or after it. */
static enum rc
open_at(struct pass *p, struct side_walk *w, struct span uid, struct err *e)
{
	enum rc rc = walk_open(&w->walk, p->txn, TABLE_SHADOW,
	    buf_view(&w->prefix), e);
	KEY_BUF(key);

	buf_span(&key, buf_view(&w->prefix));
	buf_span(&key, uid);
	if (!rc)
		w->rc = rc = walk_from(&w->walk, buf_view(&key), e);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
open_side(struct pass *p, uint32_t system, struct err *e)
{
	struct side_walk *w = &p->sides[p->count++];

	w->system = system;
	w->walk.cursor = NULL;
	w->prefix = (struct buf){ .ptr = w->room, .room = sizeof w->room,
		.cap = sizeof w->room, .what = "key" };
	KEY(&w->prefix, p->entity, name_of(p->txn->state, system), SPAN(""));
	return open_at(p, w, SPAN(""), e);
}

static void
close_all(struct pass *p)
{
	walk_close(&p->walk);
	for (size_t i = 0; i < p->count; i++)
		walk_close(&p->sides[i].walk);
}

/* All go on in the newest snapshot, where they stood. */
static enum rc
renew(struct pass *p, struct err *e)
{
	struct span prefix = p->walk.prefix, uid;
	enum rc rc;
	KEY_BUF(key);

	buf_span(&key, p->walk.key);
	uid = span_of(key.ptr + prefix.len, key.len - prefix.len);
	close_all(p);
	rc = txn_renew(p->txn, e);
	if (!rc)
		rc = walk_open(&p->walk, p->txn, TABLE_AGREED, prefix, e);
	for (size_t i = 0; i < p->count && !rc; i++)
		rc = open_at(p, &p->sides[i], uid, e);
	if (!rc)
		rc = walk_from(&p->walk, buf_view(&key), e);
	p->renewed = clock_monotonic();
	return rc;
}

/* ---- one record ---- */

/* Brings the cursor to this uid or past it; *there: it has a row of it. */
static enum rc
advance(struct side_walk *w, struct span uid, bool *there, struct err *e)
{
	int order = -1;

	while (!w->rc) {
		order = span_cmp(span_of(w->walk.key.ptr + w->prefix.len,
		    w->walk.key.len - w->prefix.len), uid);
		if (order >= 0)
			break;
		w->rc = walk_next(&w->walk, e);
	}
	*there = !w->rc && order == 0;
	return w->rc == RC_END ? RC_OK : w->rc;
}

static enum rc
take_record(struct pass *p, records_visit *visit, void *arg, struct err *e)
{
	size_t prefix = p->walk.prefix.len;
	struct record r = { .entity = p->entity, .uid = span_of(
	    p->walk.key.ptr + prefix, p->walk.key.len - prefix) };
	enum rc rc;

	arena_reset(&p->arena);
	rc = record_from_row(&r, p->walk.value, &p->arena, e);
	for (size_t i = 0; i < p->count && !rc; i++) {
		struct side_walk *w = &p->sides[i];
		bool there;

		rc = advance(w, r.uid, &there, e);
		if (!rc && there)
			rc = record_side_from_row(&r, w->system,
			    w->walk.value, &p->arena, e);
	}
	return rc ? rc : visit(arg, &r, &p->arena, e);
}

static enum rc
take_all(struct pass *p, records_visit *visit, void *arg, struct err *e)
{
	uint64_t done = 0;
	enum rc rc = walk_next(&p->walk, e);

	while (!rc) {
		rc = take_record(p, visit, arg, e);
		if (!rc)
			rc = walk_next(&p->walk, e);
		if (rc || ++done % RENEW_EVERY)
			continue;
		if (run_stopping())
			rc = err_set(e, RC_SYSTEM, "stopped");
		else if (clock_monotonic() - p->renewed > RENEW_MS)
			rc = renew(p, e);
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
records_each(struct txn *t, struct span entity, const uint32_t *systems,
    size_t n, records_visit *visit, void *arg, struct err *e)
{
	struct pass p = { .txn = t, .entity = entity,
		.renewed = clock_monotonic() };
	enum rc rc;
	KEY_BUF(prefix);

	arena_init(&p.arena);
	KEY(&prefix, entity, SPAN(""));
	rc = walk_open(&p.walk, t, TABLE_AGREED, buf_view(&prefix), e);
	for (size_t i = 0; i < n && !rc; i++)
		rc = open_side(&p, systems[i], e);
	if (!rc)
		rc = take_all(&p, visit, arg, e);
	close_all(&p);
	arena_free(&p.arena);
	return rc;
}
