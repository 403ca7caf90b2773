/* SPDX-License-Identifier: MIT */
#include "redirect.h"

#include "clock.h"
#include "match_index.h"
#include "outbox.h"
#include "recall.h"
#include "review.h"
#include "todo.h"

#define LEAD SPAN("redirect")
#define FOLLOW_MOST 64 /* a chain longer than this is a circle */

/* ---- rows ---- */

enum rc
redirect_get(struct txn *t, struct span entity, struct span uid,
    struct arena *a, struct span *into, struct err *e)
{
	struct span at = uid, value;
	enum rc rc = RC_OK;

	for (int i = 0; i < FOLLOW_MOST; i++) {
		KEY_BUF(key);

		KEY(&key, LEAD, entity, at);
		if (key.over || key.len > LIMIT_KEY)
			return RC_END;
		rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
		if (rc)
			break;
		at = arena_dup(a, value);
	}
	if (!rc)
		return err_set(e, RC_STATE, "state: redirects in a circle; "
		    "see crm-state check");
	if (rc != RC_END)
		return rc;
	*into = at;
	return at.ptr == uid.ptr ? RC_END : RC_OK;
}

enum rc
redirect_put(struct txn *t, struct span entity, struct span uid,
    struct span into, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity, uid);
	return txn_put(t, TABLE_META, buf_view(&key), into, e);
}

enum rc
redirect_del(struct txn *t, struct span entity, struct span uid,
    struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity, uid);
	return txn_del(t, TABLE_META, buf_view(&key), e);
}

/* ---- joining ---- */

struct joining {
	struct txn *t;
	const struct policy *p;
	struct arena *a;
	bool first;            /* a first contact */
	struct record from, into;
	struct join *j;
};

/*
 * Is it claimed, or in doubt since?  What is shown then may be ours; not once
 * it was tried again and answered, nor by a reading that was begun after the
 * claim had ended: whatever arrived was there by then.
 */
static bool
is_under_way(const struct policy *p, uint32_t system, const struct outbox *o)
{
	size_t at = policy_system_by_id(p, system);

	return o->intent || o->lease > clock_now() || (o->lease &&
	    !o->attempts && at != SIZE_MAX && p->systems[at].read_at <=
	    o->lease);
}

enum rc
redirect_may_move(struct txn *t, const struct policy *p, struct span uid,
    struct err *e)
{
	struct span entity = p->entity->name;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->id_count && !rc; i++) {
		struct span system = name_of(t->state, p->ids[i]);
		struct outbox o;

		rc = outbox_get(t, system, entity, uid, &o, e);
		if (!rc && is_under_way(p, p->ids[i], &o))
			return err_set(e, RC_RECORD, "%.*s is being delivered "
			    "to %.*s", SPAN_ARG(uid), SPAN_ARG(system));
		rc = rc == RC_END ? RC_OK : rc;
	}
	return rc;
}

enum rc
redirect_may_join(struct txn *t, const struct policy *p, struct span from,
    struct span into, struct err *e)
{
	enum rc rc = redirect_may_move(t, p, from, e);

	return rc ? rc : redirect_may_move(t, p, into, e);
}

static enum rc
clear_queue(struct joining *g, struct span uid, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < g->p->id_count && !rc; i++)
		rc = outbox_del(g->t, name_of(g->t->state, g->p->ids[i]),
		    g->p->entity->name, uid, e);
	return rc;
}

/*
 * What it shows there, by the fields of `into`; nothing of a first contact, nor
 * what was in conflict: that has to be seen again.
 */
static void
move_values(struct joining *g, const struct side *s, struct side *to)
{
	for (size_t i = 0; i < g->into.field_room; i++)
		to->value[i] = span_of(NULL, 0);
	to->sent = NULL;
	for (size_t i = 0; i < g->from.field_count && !g->first; i++) {
		const struct agreed_field *f = &g->from.fields[i];
		size_t at = record_find(&g->into, f->name);

		if (at != SIZE_MAX && !f->conflict)
			to->value[at] = s->value[i];
	}
}

static bool
must_reread(const struct joining *g)
{
	for (size_t i = 0; i < g->from.field_count; i++)
		if (g->from.fields[i].conflict)
			return true;
	return g->first;
}

static enum rc
move_side(struct joining *g, const struct side *s, struct err *e)
{
	struct span system = name_of(g->t->state, s->system);
	struct source src = { g->from.entity, system, s->object, s->id };
	struct side *to = record_add_side(&g->into, s->system, g->a);
	struct link link;
	enum rc rc = link_get(g->t, &src, &link, g->a, e);

	if (rc)
		return rc == RC_END ? err_set(e, RC_STATE, "state: a record "
		    "without its link; see crm-state check") : rc;
	link.uid = g->into.uid;
	if (must_reread(g))
		link.seen = (struct hash128){ 0, 0 };
	to->revision = (to->revision > s->revision ? to->revision :
	    s->revision) + 1;
	to->life = LIFE_LIVE;
	to->unread = s->unread || must_reread(g);
	to->modified = s->modified;
	to->synced = s->synced;
	to->object = s->object;
	to->id = s->id;
	to->version = s->version;
	move_values(g, s, to);
	g->j->moved++;
	rc = link_put(g->t, &src, &link, e);
	if (!rc)
		rc = record_del_side(g->t, &g->from, s, e);
	if (rc || !must_reread(g))
		return rc;
	return todo_put(g->t, &src,
	    SPAN("two records of ours became one"), e);
}

static bool
lives(const struct side *s)
{
	return s && s->life == LIFE_LIVE;
}

bool
redirect_has_place(const struct txn *t, const struct record *into,
    uint32_t system)
{
	const struct side *s = record_side(into, system);
	struct span name = name_of(t->state, system);

	if (s)
		return s->life == LIFE_LIVE;
	return into->uid.len > name.len && into->uid.ptr[name.len] == ':' &&
	    memcmp(into->uid.ptr, name.ptr, name.len) == 0;
}

static enum rc
move_sides(struct joining *g, struct err *e)
{
	struct record *from = &g->from;
	size_t kept = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < from->side_count && !rc; i++) {
		struct side *s = &from->sides[i];

		if (lives(s) && !redirect_has_place(g->t, &g->into,
		    s->system)) {
			rc = move_side(g, s, e);
			continue;
		}
		if (lives(s) && !g->j->second++) {
			g->j->system = name_of(g->t->state, s->system);
			g->j->id = s->id;
		}
		from->sides[kept++] = *s;
	}
	from->side_count = kept;
	return rc;
}

/* Nothing that only the one had is lost; of two values the standing stays. */
static void
fill_blanks(struct joining *g)
{
	for (size_t i = 0; i < g->from.field_count; i++) {
		const struct agreed_field *f = &g->from.fields[i];
		size_t at = record_add(&g->into, f->name, g->a);
		struct agreed_field *to = &g->into.fields[at];

		if (!span_eq(to->value, record_null) || to->conflict ||
		    span_eq(f->value, record_null))
			continue;
		to->value = f->value;
		to->time = f->time;
		to->exact = f->exact;
		to->origin = f->origin;
		to->past = to->past.len ? to->past : f->past;
	}
}

/* A question of what lives nowhere any more is none. */
static void
drop_questions(struct record *r)
{
	for (size_t i = 0; i < r->side_count; i++)
		if (lives(&r->sides[i]))
			return;
	for (size_t i = 0; i < r->field_count; i++)
		r->fields[i].conflict = false;
}

static enum rc
put_record(struct joining *g, struct record *r, struct err *e)
{
	enum rc rc;

	r->version++;
	rc = record_put_agreed(g->t, r, e);
	for (size_t i = 0; i < r->side_count && !rc; i++)
		rc = record_put_side(g->t, r, &r->sides[i], e);
	return rc;
}

/* The second record of one customer: a person looks at it. */
static enum rc
put_second(struct joining *g, struct err *e)
{
	struct review r = { .entity = g->from.entity, .uid = g->from.uid,
		.subject = hash128(g->from.uid, 0), .open = true,
		.system = g->j->system, .id = g->j->id, .why = SPAN("merge"),
		.since = clock_now() };
	enum rc rc = review_put(g->t, &r, e);

	r.open = false;
	r.uid = g->into.uid;
	r.system = r.id = SPAN("");
	return rc ? rc : review_add(g->t, &r, e);
}

static enum rc
join(struct joining *g, struct err *e)
{
	struct span entity = g->from.entity, uid = g->from.uid;
	enum rc rc = redirect_may_join(g->t, g->p, uid, g->into.uid, e);

	if (rc)
		return rc;
	fill_blanks(g);
	rc = move_sides(g, e);
	g->from.life = LIFE_MERGED;
	g->from.life_time = clock_now();
	drop_questions(&g->from);
	if (!rc)
		rc = put_record(g, &g->from, e);
	if (!rc)
		rc = put_record(g, &g->into, e);
	if (!rc)
		rc = match_keep(g->t, g->p, &g->into, e);
	if (!rc)
		rc = clear_queue(g, uid, e);
	if (!rc)
		rc = redirect_put(g->t, entity, uid, g->into.uid, e);
	if (!rc)
		rc = review_leave(g->t, entity, uid, recall_freed, g->t, e);
	if (!rc && g->j->second)
		rc = put_second(g, e);
	return rc ? rc : recall_put(g->t, entity, g->into.uid, e);
}

enum rc
redirect_join(struct txn *t, const struct policy *p, struct span from,
    struct span into, bool first, struct arena *a, struct join *j,
    struct err *e)
{
	struct joining g = { .t = t, .p = p, .a = a, .first = first, .j = j };
	struct span entity = p->entity->name, end = into, was = from;
	enum rc rc = redirect_get(t, entity, into, a, &end, e);

	*j = (struct join){ .into = end };
	if (!rc || rc == RC_END)
		rc = redirect_get(t, entity, from, a, &was, e);
	if (rc != RC_END && rc)
		return rc;
	if (span_eq(was, end))
		return RC_OK; /* done before */
	rc = record_load(t, entity, was, p->ids, p->id_count, a, &g.from, e);
	if (!rc)
		rc = record_load(t, entity, end, p->ids, p->id_count, a,
		    &g.into, e);
	if (rc)
		return rc;
	if (!g.from.version || !g.into.version || g.into.life != LIFE_LIVE)
		return RC_END;
	return join(&g, e);
}

static void
drop_side(struct record *r, const struct side *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->side_count; i++)
		if (&r->sides[i] != s)
			r->sides[kept++] = r->sides[i];
	r->side_count = kept;
}

enum rc
redirect_stand_in(struct txn *t, const struct policy *p, struct span from,
    struct span into, uint32_t system, struct arena *a, struct join *j,
    struct err *e)
{
	struct joining g = { .t = t, .p = p, .a = a, .first = true, .j = j };
	struct span entity = p->entity->name;
	struct side *s;
	enum rc rc = record_load(t, entity, from, p->ids, p->id_count, a,
	    &g.from, e);

	*j = (struct join){ .into = into };
	if (!rc)
		rc = record_load(t, entity, into, p->ids, p->id_count, a,
		    &g.into, e);
	if (rc)
		return rc;
	s = record_side(&g.from, system);
	if (!lives(s))
		return RC_END;
	rc = move_side(&g, s, e);
	drop_side(&g.from, s);
	drop_questions(&g.from);
	if (!rc)
		rc = put_record(&g, &g.from, e);
	if (!rc)
		rc = put_record(&g, &g.into, e);
	if (!rc) /* what was for the other one: it is decided again */
		rc = outbox_del(t, name_of(t->state, system), entity, into,
		    e);
	return rc ? rc : recall_put(t, entity, into, e);
}

void
redirect_tell(struct audit *a, struct span entity, struct span from,
    const struct join *j, const char *why)
{
	struct buf *b = audit_line(a, "joined");

	json_put_text(b, "entity", entity);
	json_put_text(b, "uid", from);
	json_put_text(b, "into", j->into);
	json_put_text(b, "why", span_str(why));
	buf_printf(b, ",\"moved\":%zu,\"second\":%zu", j->moved, j->second);
	audit_end(a);
}
