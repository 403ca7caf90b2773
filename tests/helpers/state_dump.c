/* SPDX-License-Identifier: MIT */
/*
 * state_dump: the state of $CRM_HOME in lines, without clocks, versions and
 * hashes, so that two homes that stand for the same have the same lines.
 *
 *   agreed TAB entity TAB uid TAB life
 *   field TAB uid TAB field TAB value
 *   conflict TAB uid TAB field
 *   side TAB uid TAB system TAB life TAB id
 *   shows TAB uid TAB system TAB field TAB value    (where not as agreed)
 *   link TAB entity:system:object:id TAB uid TAB live
 *   outbox TAB system TAB uid TAB held TAB error
 *   todo TAB system:object:entity:id TAB why
 *   asked TAB uid TAB system TAB why       (of a case; no system: a candidate)
 */
#include <stdio.h>
#include <stdlib.h>

#include "link.h"
#include "outbox.h"
#include "record.h"
#include "review.h"
#include "todo.h"

#define SYSTEMS 64

static struct state *state;
static struct txn txn;
static struct arena arena;
static uint32_t systems[SYSTEMS];
static size_t system_count;

static void
must(enum rc rc, const struct err *e)
{
	if (rc == RC_OK || rc == RC_END)
		return;
	fprintf(stderr, "state_dump: %s\n", e->text);
	exit(10 + (int)rc);
}

/* NUL bytes of keys become colons. */
static void
put_key(struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		putchar(key.ptr[i] ? key.ptr[i] : ':');
}

/* Every interned name: systems are among them. */
static void
find_systems(void)
{
	for (size_t i = 0; i < state->name_count && i < SYSTEMS; i++)
		systems[system_count++] = (uint32_t)i;
}

static void
put_field(const struct record *r, size_t at)
{
	const struct agreed_field *f = &r->fields[at];
	struct span name = name_of(state, f->name);

	/* null and never there are one */
	if (!span_eq(f->value, record_null))
		printf("field\t%.*s\t%.*s\t%.*s\n", SPAN_ARG(r->uid),
		    SPAN_ARG(name), SPAN_ARG(f->value));
	if (f->conflict)
		printf("conflict\t%.*s\t%.*s\n", SPAN_ARG(r->uid),
		    SPAN_ARG(name));
}

static void
put_side(const struct record *r, const struct side *s)
{
	struct span system = name_of(state, s->system);

	if (s->life == LIFE_NONE)
		return;
	printf("side\t%.*s\t%.*s\t%d\t%.*s\n", SPAN_ARG(r->uid),
	    SPAN_ARG(system), s->life == LIFE_LIVE, SPAN_ARG(s->id));
	for (size_t i = 0; i < r->field_count && s->life == LIFE_LIVE; i++)
		if (!span_eq(side_value(s, i), r->fields[i].value))
			printf("shows\t%.*s\t%.*s\t%.*s\t%.*s\n",
			    SPAN_ARG(r->uid), SPAN_ARG(system),
			    SPAN_ARG(name_of(state, r->fields[i].name)),
			    SPAN_ARG(side_value(s, i)));
}

static void
put_record(const struct walk *w)
{
	struct span uid = w->key, entity = key_take(&uid);
	struct record r;
	struct err e;

	must(record_load(&txn, entity, uid, systems, system_count, &arena, &r,
	    &e), &e);
	printf("agreed\t%.*s\t%.*s\t%d\n", SPAN_ARG(entity), SPAN_ARG(uid),
	    r.life == LIFE_LIVE);
	for (size_t i = 0; i < r.field_count; i++)
		put_field(&r, i);
	for (size_t i = 0; i < r.side_count; i++)
		put_side(&r, &r.sides[i]);
}

static void
put_link(const struct walk *w)
{
	struct link l;
	struct err e;

	must(link_decode(w->key, w->value, &l, &arena, &e), &e);
	printf("link\t");
	put_key(w->key);
	printf("\t%.*s\t%d\n", SPAN_ARG(l.uid), l.live);
}

static void
put_outbox(const struct walk *w)
{
	struct outbox o;
	struct err e;

	must(outbox_decode(w->value, &o, &e), &e);
	printf("outbox\t");
	put_key(w->key);
	printf("\t%d\t%.*s\n", o.held, SPAN_ARG(o.error));
}

static void
put_todo(const struct walk *w)
{
	struct todo row = todo_decode(w->value);

	printf("todo\t");
	put_key(w->key);
	printf("\t%.*s\t%.*s\n", SPAN_ARG(row.why), SPAN_ARG(row.into));
}

static enum rc
put_review(void *arg, const struct review *r, struct err *e)
{
	(void)arg;
	(void)e;
	printf("asked\t%.*s\t%.*s\t%.*s\n", SPAN_ARG(r->uid),
	    SPAN_ARG(r->system), SPAN_ARG(r->why));
	return RC_OK;
}

static void
each(enum state_table table, void (*put)(const struct walk *))
{
	struct walk w;
	struct err e;
	enum rc rc = walk_open(&w, &txn, table, SPAN(""), &e);

	must(rc, &e);
	for (rc = walk_next(&w, &e); rc == RC_OK; rc = walk_next(&w, &e))
		put(&w);
	must(rc, &e);
	walk_close(&w);
}

int
main(void)
{
	struct err e;

	arena_init(&arena);
	must(state_open(&state, true, &e), &e);
	must(txn_begin(&txn, state, false, &e), &e);
	find_systems();
	each(TABLE_AGREED, put_record);
	each(TABLE_LINK, put_link);
	each(TABLE_OUTBOX, put_outbox);
	each(TABLE_TODO, put_todo);
	must(review_each(&txn, put_review, NULL, &e), &e);
	txn_abort(&txn);
	state_close(state);
	arena_free(&arena);
	return fflush(stdout) ? 3 : 0;
}
