/* SPDX-License-Identifier: MIT */
#include "look.h"

#include <unistd.h>

#include "../lib/clock.h"

#define RENEW_MS 1000
#define RENEW_ROWS 256 /* the clock is looked at so often */

void
look(struct run *r, look_body *body, void *arg)
{
	struct look l = { .run = r, .renewed = clock_monotonic() };
	struct err e;
	enum rc rc = state_open(&l.state, true, &e);

	arena_init(&l.arena);
	arena_init(&l.lasting);
	stream_out_open(&l.out, STDOUT_FILENO);
	if (!rc)
		rc = txn_begin(&l.txn, l.state, false, &e);
	if (!rc)
		rc = body(&l, arg, &e);
	txn_abort(&l.txn);
	if (!rc)
		rc = stream_out_flush(&l.out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&l.out);
	arena_free(&l.arena);
	arena_free(&l.lasting);
	state_close(l.state);
}

/* A lasting snapshot would keep old pages from being used again. */
static enum rc
renew(struct look *l, struct walk *w, enum state_table table,
    struct span prefix, struct err *e)
{
	char room[LIMIT_KEY];
	struct span at = span_of(room, w->key.len);
	enum rc rc;

	memcpy(room, w->key.ptr, w->key.len);
	walk_close(w);
	rc = txn_renew(&l->txn, e);
	l->renewed = clock_monotonic();
	if (!rc)
		rc = walk_open(w, &l->txn, table, prefix, e);
	if (!rc)
		rc = walk_from(w, at, e);
	if (!rc && span_eq(w->key, at))
		rc = walk_next(w, e);
	return rc;
}

enum rc
look_rows(struct look *l, enum state_table table, struct span prefix,
    look_row *row, void *arg, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, &l->txn, table, prefix, e);

	if (!rc)
		rc = walk_next(&w, e);
	for (size_t n = 1; !rc; n++) {
		arena_reset(&l->arena);
		rc = row(l, arg, w.key, w.value, e);
		if (rc)
			break;
		if (run_stopping())
			rc = err_set(e, RC_SYSTEM, "stopped");
		else if (n % RENEW_ROWS == 0 &&
		    clock_monotonic() - l->renewed > RENEW_MS)
			rc = renew(l, &w, table, prefix, e);
		else
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
look_listed(struct look *l, enum state_table table, look_row *row,
    struct err *e)
{
	KEY_BUF(prefix);

	if (l->run->operands > 1)
		KEY(&prefix, span_str(l->run->operand[1]), SPAN(""));
	return look_rows(l, table, buf_view(&prefix), row, NULL, e);
}

enum rc
look_part(struct txn *t, enum state_table table, struct span prefix,
    struct span last, struct arena *a, struct span *part, struct err *e)
{
	struct walk w;
	struct span rest;
	enum rc rc = walk_open(&w, t, table, prefix, e);
	KEY_BUF(from);

	if (!rc && last.len) {
		buf_span(&from, prefix);
		buf_span(&from, last);
		buf_putc(&from, 1); /* after all of its own */
		rc = walk_from(&w, buf_view(&from), e);
	} else if (!rc) {
		rc = walk_next(&w, e);
	}
	if (!rc) {
		rest = span_of(w.key.ptr + prefix.len, w.key.len -
		    prefix.len);
		*part = arena_dup(a, key_take(&rest));
	}
	walk_close(&w);
	return rc;
}
