/* SPDX-License-Identifier: MIT */
#include "merge.h"

#include "../lib/clock.h"
#include "../lib/recall.h"
#include "../lib/redirect.h"
#include "../lib/review.h"
#include "../lib/todo.h"
#include "second.h"

/* ---- what was merged into what ---- */

/* RC_END: that id was never linked. */
static enum rc
find_winner(struct group *g, struct txn *t, const struct observation *o,
    struct span id, struct span *into, struct err *e)
{
	struct source src = { g->entity, g->policy->systems[o->system].name,
		o->object, id };
	struct link link;
	enum rc rc = link_get(t, &src, &link, &g->arena, e);

	if (rc)
		return rc;
	*into = link.uid;
	rc = redirect_get(t, g->entity, link.uid, &g->arena, into, e);
	return rc == RC_END ? RC_OK : rc;
}

/*
 * May it be there, as another one than ours?  If it is not known, it could not
 * be used, now or before, or nobody has listed all there is.
 */
static enum rc
may_be_there(const struct resolve *r, struct group *g, struct txn *t,
    const struct observation *o, struct span id, bool *may, struct err *e)
{
	const struct source src = { g->entity,
		g->policy->systems[o->system].name, o->object, id };
	struct span into, why, from = SPAN("");
	struct todo row;
	enum rc rc = find_winner(g, t, o, id, &into, e);

	if (!rc) {
		rc = second_find(g, t, o, id, &from, e);
		*may = !span_eq(into, g->uid) || from.len;
		return rc;
	}
	if (rc == RC_END)
		rc = todo_get(t, &src, &row, e);
	*may = rc == RC_OK || !o->listed ||
	    (resolve_noted(r, &src, &why) && why.len);
	return rc == RC_END ? RC_OK : rc;
}

/* Was it shown as itself in this very stream before it went? */
static bool
was_itself(const struct resolve *r, const struct group *g,
    const struct observation *o, const struct source *src)
{
	struct span why;

	for (size_t i = 0; i < g->count; i++)
		if (g->obs[i].system == o->system &&
		    span_eq(g->obs[i].id, o->id) && !observed_gone(&g->obs[i]))
			return true;
	return resolve_noted(r, src, &why) && (!why.len ||
	    span_eq(why, TODO_REJECTED));
}

/*
 * That it was merged was said before it went, and could not be followed yet:
 * see todo.h.  If what it went into is gone as well, it is a deletion.
 */
static enum rc
recollect(const struct resolve *r, struct group *g, struct txn *t,
    struct observation *o, struct err *e)
{
	const struct source src = { g->entity,
		g->policy->systems[o->system].name, o->object, o->id };
	struct todo row;
	bool may = false;
	enum rc rc = todo_get(t, &src, &row, e);

	if (!rc && row.into.len && !was_itself(r, g, o, &src)) {
		row.into = arena_dup(&g->arena, row.into);
		rc = may_be_there(r, g, t, o, row.into, &may, e);
	}
	if (may) {
		o->op = OBSERVED_MERGE;
		o->merged_into = row.into;
	}
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
recollect_all(const struct resolve *r, struct group *g, struct txn *t,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < g->count && !rc; i++)
		if (g->obs[i].op == OBSERVED_DELETE)
			rc = recollect(r, g, t, &g->obs[i], e);
	return rc;
}

static bool
is_copy(const struct observation *a, const struct observation *b)
{
	return a->op == b->op && a->system == b->system &&
	    span_eq(a->id, b->id);
}

/* Of the copies of a merge in a stream, is it the one that counts? */
static bool
is_merge(const struct group *g, size_t at)
{
	const struct observation *o = &g->obs[at];

	if (o->op != OBSERVED_MERGE)
		return false;
	for (size_t i = 0; i < g->count; i++)
		if (i != at && is_copy(&g->obs[i], o) &&
		    (i < at ? g->obs[i].modified > o->modified :
		    g->obs[i].modified >= o->modified))
			return false;
	return true;
}

/* All copies of it. */
static void
put_off(struct group *g, const struct observation *o, const char *why)
{
	for (size_t i = 0; i < g->count; i++)
		if (is_copy(&g->obs[i], o)) {
			g->obs[i].relinked = true;
			g->obs[i].todo = why;
		}
}

/* What it went into is new there, and comes as this very record: it moves. */
static bool
moves(const struct group *g, const struct observation *o)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->obs[i].op == OBSERVED_CREATE &&
		    g->obs[i].system == o->system &&
		    span_eq(g->obs[i].id, o->merged_into))
			return true;
	return false;
}

/* It was merged there, too. */
static bool
ends_there(const struct group *g, const struct side *s)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->obs[i].op == OBSERVED_MERGE && !g->obs[i].relinked &&
		    g->policy->systems[g->obs[i].system].id == s->system &&
		    span_eq(g->obs[i].id, s->id) && !moves(g, &g->obs[i]))
			return true;
	return false;
}

/* What other systems hold of it, and the winner there as well. */
static enum rc
find_seconds(struct group *g, struct txn *t, struct merge *m, struct err *e)
{
	const struct policy *p = g->policy;
	struct record from, into;
	enum rc rc = record_load(t, g->entity, g->uid, p->ids, p->id_count,
	    &g->arena, &from, e);

	if (!rc)
		rc = record_load(t, g->entity, m->into, p->ids, p->id_count,
		    &g->arena, &into, e);
	if (rc)
		return rc;
	m->lives = into.version && into.life == LIFE_LIVE;
	for (size_t i = 0; i < from.side_count; i++) {
		const struct side *s = &from.sides[i];

		if (s->life != LIFE_LIVE || ends_there(g, s))
			continue;
		if (!m->second && !(m->lives && !redirect_has_place(t, &into,
		    s->system)))
			m->second = s;
	}
	return RC_OK;
}

/* Merged into itself, as far as we know. */
static enum rc
look_itself(struct group *g, struct txn *t, struct observation *o,
    struct err *e)
{
	const char *why;
	enum rc rc = second_look(g, t, o, &why, e);

	if (!rc && why)
		put_off(g, o, why);
	return rc;
}

/* One system's: it is followed, or put off. */
static enum rc
look(struct group *g, struct txn *t, struct observation *o, struct err *e)
{
	struct merge *m = arena_zero(&g->arena, sizeof *m);
	struct err why = { "" };
	enum rc rc;

	m->o = o;
	rc = find_winner(g, t, o, o->merged_into, &m->into, e);
	if (!rc && span_eq(m->into, g->uid))
		return look_itself(g, t, o, e);
	if (rc == RC_END) {
		put_off(g, o, "merged into a record that is not known");
		return RC_OK;
	}
	if (!rc)
		rc = find_seconds(g, t, m, e);
	if (rc)
		return rc;
	if (m->lives)
		rc = redirect_may_join(t, g->policy, g->uid, m->into, &why);
	if (rc == RC_RECORD) {
		put_off(g, o, "merged while something is delivered");
		return RC_OK;
	}
	if (rc)
		*e = why;
	else
		g->merge = m;
	return rc;
}

enum rc
merge_look(const struct resolve *r, struct group *g, struct txn *t,
    struct err *e)
{
	enum rc rc = recollect_all(r, g, t, e);

	g->merge = NULL;
	for (size_t i = 0; i < g->count && !rc; i++) {
		struct observation *o = &g->obs[i];

		if (!is_merge(g, i) || moves(g, o))
			continue;
		/* beside the one that is followed another only ends there */
		if (!g->merge)
			rc = look(g, t, o, e);
	}
	for (size_t i = 0; i < g->count && g->merge; i++)
		if (g->obs[i].second.len) {
			g->obs[i].second = SPAN("");
			g->obs[i].left = false;
		}
	return rc;
}

/* ---- following it ---- */

/* Nobody stands for it any more: who has it elsewhere is asked. */
static enum rc
put_orphan(struct group *g, struct txn *t, struct err *e)
{
	const struct side *s = g->merge->second;
	struct review r = { .entity = g->entity, .uid = g->uid,
		.subject = hash128(g->uid, 0), .open = true,
		.system = name_of(t->state, s->system), .id = s->id,
		.why = SPAN("merge"), .since = clock_now() };

	return review_put(t, &r, e);
}

static struct span
what_undone(const struct observation *o)
{
	return o->unconverted ? SPAN("undone conversion") :
	    SPAN("undone merge");
}

/* It was merged once, and is shown again. */
static enum rc
put_undone(struct group *g, struct txn *t, const struct observation *o,
    struct err *e)
{
	struct review r = { .entity = g->entity, .uid = g->uid,
		.subject = hash128(g->uid, 1), .open = true,
		.system = g->policy->systems[o->system].name, .id = o->id,
		.why = what_undone(o), .since = clock_now() };
	struct span into;
	enum rc rc = review_put(t, &r, e);

	if (!rc)
		rc = redirect_get(t, g->entity, g->uid, &g->arena, &into, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	r.open = false;
	r.uid = into;
	r.system = r.id = SPAN("");
	return review_add(t, &r, e);
}

static const struct observation *
find_undone(const struct group *g, const struct decision *d)
{
	if (d->record.life != LIFE_MERGED || d->converted)
		return NULL;
	for (size_t i = 0; i < g->count; i++)
		if (g->obs[i].op == OBSERVED_CREATE && !g->obs[i].moved &&
		    !g->obs[i].superseded)
			return &g->obs[i];
	return NULL;
}

static enum rc
note_open(void *arg, const struct review *r, struct err *e)
{
	bool *open = arg;

	(void)e;
	*open |= r->open;
	return RC_OK;
}

/*
 * It stays, though it stands nowhere just now: it is to be created again, and
 * may have to wait for the others of its cases until then.
 */
static enum rc
still_waits(struct group *g, struct txn *t, const struct decision *d,
    bool *waits, struct err *e)
{
	bool open = false;
	enum rc rc = d->record.life != LIFE_LIVE ? RC_OK : review_each_of(t,
	    g->entity, g->uid, note_open, &open, e);

	*waits = !rc && d->record.life == LIFE_LIVE && !open;
	return rc;
}

/*
 * It is gone somewhere: what a person is asked of it, he is asked of where it
 * still stands, or no more.
 */
static enum rc
follow_end(struct group *g, struct txn *t, const struct decision *d,
    const struct observation *o, struct err *e)
{
	const struct side *s = record_living(&d->record);
	bool waits = false;
	enum rc rc = s ? RC_OK : still_waits(g, t, d, &waits, e);

	if (rc || waits)
		return rc;
	if (!s)
		return review_leave(t, g->entity, g->uid, recall_freed, t, e);
	return review_move(t, g->entity, g->uid,
	    g->policy->systems[o->system].name, name_of(t->state, s->system),
	    s->id, recall_freed, t, e);
}

enum rc
merge_follow(struct group *g, struct txn *t, const struct decision *d,
    struct audit *a, struct err *e)
{
	const struct observation *undone = find_undone(g, d);
	const struct merge *m = d->merged ? g->merge : NULL;
	struct join j;
	enum rc rc = RC_OK;

	if (m && m->lives)
		rc = redirect_join(t, g->policy, g->uid, m->into, false,
		    &g->arena, &j, e);
	if (m && m->lives && !rc)
		redirect_tell(a, g->entity, g->uid, &j, "merge");
	else if (m && m->second && !rc)
		rc = put_orphan(g, t, e);
	if (!rc && undone)
		rc = put_undone(g, t, undone, e);
	for (size_t i = 0; i < g->count && !rc; i++)
		if (second_counts(&g->obs[i]))
			rc = second_follow(g, t, &g->obs[i], a, e);
		else if (observed_ends(&g->obs[i]) && !g->obs[i].moved)
			rc = follow_end(g, t, d, &g->obs[i], e);
	return rc;
}

bool
merge_line(struct buf *b, const struct txn *t, const struct group *g,
    const struct decision *d)
{
	const struct observation *undone = find_undone(g, d);
	const struct merge *m = d->merged ? g->merge : NULL;

	if (!undone && (!m || !m->second))
		return false;
	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", g->entity);
	json_put_text(b, "uid", g->uid);
	json_put_text(b, "kind", SPAN("identity"));
	json_put_text(b, "system", undone ?
	    g->policy->systems[undone->system].name :
	    name_of(t->state, m->second->system));
	json_put_text(b, "id", undone ? undone->id : m->second->id);
	json_put_text(b, "match", undone ? what_undone(undone) :
	    SPAN("merge"));
	BUF_LIT(b, ",\"candidates\":[");
	if (m && m->lives)
		json_put_string(b, m->into);
	BUF_LIT(b, "]}");
	return true;
}
