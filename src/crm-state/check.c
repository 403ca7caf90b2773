/* SPDX-License-Identifier: MIT */
/* check: reads every row and holds the tables against each other. */
#include "check.h"
#include "commands.h"
#include "counted.h"
#include "repair.h"
#include "rows.h"

#include <stdio.h>

#include "../lib/budget_file.h"
#include "../lib/link.h"

static bool repairs;

const struct opt check_opts[] = {
	{ 0, "repair", NULL, "first compute again what can be", OPT_FLAG,
	    &repairs, 0, 0 },
	OPT_END
};

void
check_complain(struct check *c, const char *what, struct span key)
{
	struct err e;
	struct where w = { .id = key, .object = span_str(what) };

	c->problems++;
	err_set(&e, RC_STATE, "does not fit the rest of the state");
	run_problem(c->run, &w, RC_STATE, &e);
}

/* The uid part of "entity \0 system \0 object \0 id" or "entity \0 uid". */
static struct span
after(struct span key, int parts)
{
	while (parts--)
		key_take(&key);
	return key;
}

/* A link's record is there, and shows this very id in that system. */
static enum rc
check_link(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct span rest = key, entity = key_take(&rest);
	struct span system = key_take(&rest);
	struct record r;
	struct side *s = NULL;
	struct link l;
	uint32_t id;
	enum rc rc = link_decode(key, value, &l, &c->arena, e);

	c->links++;
	if (!rc)
		rc = record_load(&c->txn, entity, l.uid, c->names,
		    c->name_count, &c->arena, &r, e);
	if (rc == RC_STATE) {
		check_complain(c, "link", after(key, 3));
		return RC_OK;
	}
	if (rc)
		return rc;
	c->live += l.live;
	if (name_find(c->state, system, &id))
		s = record_side(&r, id);
	if (!r.version || (l.live && (!s || s->life != LIFE_LIVE ||
	    !span_eq(s->id, after(key, 3)))))
		check_complain(c, "link", after(key, 3));
	return RC_OK;
}

static enum rc
check_agreed(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct span rest = key, entity = key_take(&rest);
	struct record r;
	enum rc rc = record_load(&c->txn, entity, rest, c->names,
	    c->name_count, &c->arena, &r, e);

	(void)value;
	c->records++;
	if (rc == RC_STATE)
		check_complain(c, "record", rest);
	else if (rc)
		return rc;
	else
		c->shadows += r.side_count;
	for (size_t i = 0; !rc && i < r.field_count; i++)
		c->disputed += r.fields[i].conflict;
	return RC_OK;
}

static enum rc
check_outbox(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct outbox o;

	c->pending++;
	if (outbox_decode(value, &o, e) != RC_OK)
		check_complain(c, "pending", after(key, 2));
	return RC_OK;
}

enum rc
check_each(struct check *c, enum state_table table, struct span prefix,
    check_row *row, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, &c->txn, table, prefix, e);

	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		arena_reset(&c->arena);
		rc = row(c, w.key, w.value, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

/* Absence is computed by these. */
static enum rc
check_tally(void *arg, const struct source *s, const struct tally *n,
    struct err *e)
{
	struct check *c = arg;
	struct tally was;
	enum rc rc = counted_hold(&c->txn, s, n, &was, e);

	if (rc == RC_END)
		check_complain(c, "number of links", s->system);
	return rc == RC_END ? RC_OK : rc;
}

/* "\0 entity \0 system \0 object": one of whose links none is there. */
static enum rc
check_counted(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct span rest = after(key, 1);
	struct source s = { .entity = key_take(&rest) };
	struct tally n;
	bool any;
	enum rc rc;
	KEY_BUF(links);

	(void)value;
	s.system = key_take(&rest);
	s.object = rest;
	KEY(&links, s.entity, s.system, s.object, SPAN(""));
	rc = walk_any(&c->txn, TABLE_LINK, buf_view(&links), &any, e);
	if (rc || any)
		return rc; /* they were held against it */
	rc = tally_get(&c->txn, &s, &n, e);
	if (rc == RC_STATE || (!rc && n.live))
		check_complain(c, "number of links", s.system);
	return rc == RC_STATE ? RC_OK : rc;
}

static enum rc
check_all(struct check *c, struct err *e)
{
	enum rc rc = txn_begin(&c->txn, c->state, false, e);

	if (rc)
		return rc;
	c->names = rows_all_names(c->state, &c->names_arena);
	c->name_count = c->state->name_count;
	rc = check_each(c, TABLE_LINK, SPAN(""), check_link, e);
	if (!rc)
		rc = counted_each(&c->txn, check_tally, c, e);
	if (!rc)
		rc = check_each(c, TABLE_META, span_of("", 1), check_counted,
		    e);
	if (!rc)
		rc = check_each(c, TABLE_AGREED, SPAN(""), check_agreed, e);
	if (!rc)
		rc = check_each(c, TABLE_OUTBOX, SPAN(""), check_outbox, e);
	if (!rc)
		rc = check_identity(c, e);
	if (!rc)
		rc = check_conflicts(c, e);
	txn_abort(&c->txn);
	return rc;
}

void
check_run(struct run *r)
{
	struct check c = { .run = r };
	struct err e;
	enum rc rc = budget_file_check(repairs, &e);

	if (rc)
		run_problem(r, NULL, rc, &e);
	rc = repairs ? repair(r, &e) : RC_OK;
	arena_init(&c.arena);
	arena_init(&c.names_arena);
	if (!rc)
		rc = state_open(&c.state, true, &e);
	if (!rc)
		rc = check_all(&c, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		printf("{\"type\":\"check\",\"records\":%llu,\"shadows\":%llu,"
		    "\"links\":%llu,\"live\":%llu,\"pending\":%llu,"
		    "\"problems\":%llu}\n", (unsigned long long)c.records,
		    (unsigned long long)c.shadows,
		    (unsigned long long)c.links, (unsigned long long)c.live,
		    (unsigned long long)c.pending,
		    (unsigned long long)c.problems);
	arena_free(&c.arena);
	arena_free(&c.names_arena);
	state_close(c.state);
}
