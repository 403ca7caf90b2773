/* SPDX-License-Identifier: MIT */
#include "wanted.h"

#include "../lib/mapping.h"
#include "../lib/todo.h"

void
wanted_init(struct wanted *w)
{
	w->count = 0;
	w->ended = false;
	arena_init(&w->arena);
	buf_init(&w->from, LIMIT_KEY, "key");
}

void
wanted_free(struct wanted *w)
{
	arena_free(&w->arena);
	buf_free(&w->from);
}

/* ---- a look at the state ---- */

struct glance {
	struct state *state;
	struct txn txn;
};

static enum rc
glance_open(struct glance *g, struct err *e)
{
	enum rc rc;

	*g = (struct glance){ .state = NULL };
	rc = state_open(&g->state, true, e);
	return rc ? rc : txn_begin(&g->txn, g->state, false, e);
}

static void
glance_close(struct glance *g)
{
	txn_abort(&g->txn);
	state_close(g->state);
}

static struct source
source_of(const struct extraction *x, struct span id)
{
	return (struct source){ x->mapping->entity->name,
		x->request.system->name, x->request.object, id };
}

bool
wanted_has_state(const struct extraction *x)
{
	return x->mapping && x->adapter->fetch && home_exists();
}

/* ---- walking on where the last look ended ---- */

struct looking {
	const struct extraction *x;
	struct sights *shown;
	uint32_t scope;     /* links: */
	int64_t began;
};

typedef enum rc wants(const struct looking *l, struct span id,
    struct span value, bool *is, struct err *e);

static enum rc
want(struct wanted *w, const struct walk *at, const struct looking *l,
    wants *judge, struct err *e)
{
	struct span id = span_of(at->key.ptr + at->prefix.len,
	    at->key.len - at->prefix.len);
	bool is = false;
	enum rc rc = judge(l, id, at->value, &is, e);

	if (!rc && is)
		w->ids[w->count++] = arena_dup(&w->arena, id);
	return rc;
}

static enum rc
start(struct wanted *w, struct walk *at, struct err *e)
{
	enum rc rc;

	if (!w->from.len)
		return walk_next(at, e);
	rc = walk_from(at, buf_view(&w->from), e);
	if (!rc && span_eq(at->key, buf_view(&w->from)))
		rc = walk_next(at, e);
	return rc;
}

static enum rc
look(struct wanted *w, enum state_table table, struct span prefix,
    const struct looking *l, wants *judge, struct err *e)
{
	struct glance g;
	struct walk at = { .cursor = NULL };
	enum rc rc = glance_open(&g, e);

	if (!rc)
		rc = walk_open(&at, &g.txn, table, prefix, e);
	if (!rc)
		rc = start(w, &at, e);
	while (!rc) {
		rc = want(w, &at, l, judge, e);
		buf_reset(&w->from);
		buf_span(&w->from, at.key);
		if (rc || w->count == WANTED_AT_A_TIME)
			break;
		rc = walk_next(&at, e);
	}
	w->ended = rc == RC_END;
	walk_close(&at);
	glance_close(&g);
	return rc == RC_END ? RC_OK : rc;
}

static bool
begin(struct wanted *w, const struct extraction *x)
{
	w->count = 0;
	arena_reset(&w->arena);
	w->ended = !wanted_has_state(x);
	return !w->ended;
}

/* ---- the todo list ---- */

static enum rc
wants_todo(const struct looking *l, struct span id, struct span value,
    bool *is, struct err *e)
{
	(void)value;
	(void)e;
	*is = !sights_have(l->shown, id);
	return RC_OK;
}

enum rc
wanted_todo(struct wanted *w, const struct extraction *x,
    struct sights *shown, struct err *e)
{
	struct looking l = { .x = x, .shown = shown };
	struct source s;
	KEY_BUF(prefix);

	if (!begin(w, x))
		return RC_OK;
	s = source_of(x, SPAN(""));
	todo_prefix(&prefix, &s);
	return look(w, TABLE_TODO, buf_view(&prefix), &l, wants_todo, e);
}

/* ---- what a listing lacks ---- */

static enum rc
wants_missed(const struct looking *l, struct span id, struct span value,
    bool *is, struct err *e)
{
	struct link link;

	if (!link_peek(value, &link))
		return err_set(e, RC_STATE, "state: a damaged link; see "
		    "crm-state check");
	*is = link.live && link.scope == l->scope && link.since < l->began &&
	    !sights_have(l->shown, id);
	return RC_OK;
}

enum rc
wanted_missed(struct wanted *w, const struct extraction *x,
    struct sights *shown, uint32_t scope, int64_t began, struct err *e)
{
	struct looking l = { x, shown, scope, began };
	struct source s;
	KEY_BUF(prefix);

	if (!begin(w, x))
		return RC_OK;
	s = source_of(x, SPAN(""));
	link_prefix(&prefix, s.entity, s.system, s.object);
	return look(w, TABLE_LINK, buf_view(&prefix), &l, wants_missed, e);
}

/* ---- one of them ---- */

enum rc
wanted_is_known(const struct extraction *x, struct span id, bool *known,
    struct err *e)
{
	struct glance g;
	struct arena a;
	struct link link = { .live = false };
	struct source s;
	enum rc rc;

	*known = false;
	if (!wanted_has_state(x))
		return RC_OK;
	s = source_of(x, id);
	arena_init(&a);
	rc = glance_open(&g, e);
	if (!rc)
		rc = link_get(&g.txn, &s, &link, &a, e);
	*known = rc == RC_OK && link.live;
	glance_close(&g);
	arena_free(&a);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
wanted_is_gone(const struct extraction *x, struct span id, bool *gone,
    struct err *e)
{
	struct glance g;
	struct source s;
	struct todo row = { .why = SPAN("") };
	enum rc rc;

	*gone = false;
	if (!wanted_has_state(x))
		return RC_OK;
	s = source_of(x, id);
	rc = glance_open(&g, e);
	if (!rc)
		rc = todo_get(&g.txn, &s, &row, e);
	*gone = !rc && span_eq(row.why, TODO_GONE);
	glance_close(&g);
	return rc == RC_END ? RC_OK : rc;
}
