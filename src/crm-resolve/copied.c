/* SPDX-License-Identifier: MIT */
#include "copied.h"

#include "../lib/todo.h"

#define SPOOL_MEMORY ((size_t)64 << 20)
#define WHY SPAN("its uid is carried by another one")

/* What was read of a record that the uid in doubt is linked to. */
struct sight {
	struct sight *next;
	struct span system, object, id;
	bool gone;
	bool moved;                /* it carries the uid from now on */
};

/* A pass over both spools, which have one order. */
struct settling {
	struct intake *n;
	struct spool *to;
	struct span key, payload;  /* of the main spool: read ahead */
	bool ended;
	/* of the uid in doubt at hand */
	struct buf at;
	struct sight *sights;
	struct arena arena;
	struct json json;
	struct buf entry;
};

/*
 * Of what is not listed completely the other one may be gone, and not shown:
 * it is asked for by its id first.  That it was is on the todo list.
 */
static enum rc
must_ask(struct intake *n, const struct side *there, bool *must,
    struct err *e)
{
	const struct section *s = &n->in.section;
	struct source src = { s->entity, s->system, there->object,
		there->id };
	struct todo row = { .why = SPAN("") };
	enum rc rc = s->full ? RC_END : todo_get(&n->txn, &src, &row, e);

	*must = !s->full && !span_eq(row.why, WHY);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
copied_hold(struct intake *n, struct span uid, const struct side *there,
    struct err *e)
{
	bool must;
	enum rc rc = must_ask(n, there, &must, e);
	KEY_BUF(key);

	if (rc)
		return rc;
	if (!n->doubtful)
		n->doubtful = spool_new(home_path(), SPOOL_MEMORY);
	KEY(&key, n->policy->entity->name, uid);
	buf_reset(&n->payload);
	buf_put(&n->payload, &n->head, sizeof n->head);
	buf_putc(&n->payload, must);
	buf_counted(&n->payload, there->object);
	buf_counted(&n->payload, there->id);
	buf_span(&n->payload, n->line.text);
	n->head.stamp = STAMP_UNSAID;
	return key.over ? err_set(e, RC_RECORD, "its names and id are too "
	    "long") : spool_add(n->doubtful, buf_view(&key),
	    buf_view(&n->payload), e);
}

/* ---- what else was read of the uid ---- */

static enum rc
next_main(struct settling *s, struct err *e)
{
	enum rc rc = spool_next(s->n->r->spool, &s->key, &s->payload, e);

	s->ended = rc == RC_END;
	return s->ended ? RC_OK : rc;
}

static struct span
member(struct settling *s, struct span name)
{
	return arena_dup(&s->arena, json_get_string(&s->json, 0, name,
	    &s->arena));
}

static enum rc
note_sight(struct settling *s, struct err *e)
{
	struct observe_head head;
	struct span text;
	struct sight *seen;
	enum rc rc;

	memcpy(&head, s->payload.ptr, sizeof head);
	text = span_of(s->payload.ptr + sizeof head, s->payload.len -
	    sizeof head);
	if (!text.len || head.review || head.unreadable)
		return RC_OK;
	rc = json_parse(&s->json, text, e);
	if (rc)
		return rc;
	seen = arena_alloc(&s->arena, sizeof *seen);
	*seen = (struct sight){ s->sights, member(s, SPAN("system")),
		member(s, SPAN("object")), member(s, SPAN("id")),
		head.deletes, false };
	s->sights = seen;
	return RC_OK;
}

/* The main spool goes on to behind this uid. */
static enum rc
copy_to(struct settling *s, struct span key, struct err *e)
{
	enum rc rc = RC_OK;

	while (!rc && !s->ended && span_cmp(s->key, key) <= 0) {
		if (span_eq(s->key, key))
			rc = note_sight(s, e);
		if (!rc)
			rc = spool_add(s->to, s->key, s->payload, e);
		if (!rc)
			rc = next_main(s, e);
	}
	return rc;
}

/* ---- what follows for one in doubt ---- */

/* Nothing but that it is gone was read of the record its uid lived in. */
static bool
was_left(const struct settling *s, struct span system, struct span object,
    struct span id)
{
	bool gone = false;

	for (const struct sight *i = s->sights; i; i = i->next) {
		if (!span_eq(i->system, system) || !span_eq(i->id, id) ||
		    !span_eq(i->object, object))
			continue;
		if (!i->gone)
			return false;
		gone = true;
	}
	return gone;
}

static enum rc
put_settled(struct settling *s, struct span key, struct observe_head *head,
    struct span text, struct err *e)
{
	buf_reset(&s->entry);
	buf_put(&s->entry, head, sizeof *head);
	buf_span(&s->entry, text);
	return spool_add(s->to, key, buf_view(&s->entry), e);
}

/* The line at hand is one more of the record that moved. */
static bool
has_moved(struct settling *s, struct span system)
{
	struct span object = member(s, SPAN("object")),
	    id = member(s, SPAN("id"));

	for (const struct sight *i = s->sights; i; i = i->next)
		if (i->moved && span_eq(i->system, system) &&
		    span_eq(i->object, object) && span_eq(i->id, id))
			return true;
	return false;
}

static void
add_sight(struct settling *s, struct span system, struct span object,
    struct span id, bool moved)
{
	struct sight *seen = arena_alloc(&s->arena, sizeof *seen);

	*seen = (struct sight){ s->sights, system, object, id, false, moved };
	s->sights = seen;
}

/* It is the record of that uid: no other can follow it now. */
static enum rc
put_moved(struct settling *s, struct observe_head *head, struct span system,
    struct span object, struct span id, struct span text, struct err *e)
{
	add_sight(s, system, object, id, false);
	add_sight(s, system, member(s, SPAN("object")), member(s, SPAN("id")),
	    true);
	head->stamp = STAMP_OWN;
	return put_settled(s, buf_view(&s->at), head, text, e);
}

static enum rc
put_copy(struct settling *s, struct observe_head *head, struct span system,
    struct span text, struct err *e)
{
	struct resolve *r = s->n->r;
	struct policy *p = r->policy[head->entity];
	size_t at = policy_system_find(p, system);
	struct span uid = uid_make(&s->arena, system, member(s,
	    SPAN("object")), member(s, SPAN("id")));
	KEY_BUF(key);

	KEY(&key, p->entity->name, uid);
	head->unlinked = true;
	if (at != SIZE_MAX)
		r->unlinked[head->entity][at]++;
	return put_settled(s, buf_view(&key), head, text, e);
}

/* Both are read again: it is a copy only of one that is still there. */
static void
ask_for_both(struct settling *s, const struct observe_head *head,
    struct span system, struct span object, struct span id)
{
	struct resolve *r = s->n->r;
	struct source src = { r->policy[head->entity]->entity->name, system,
		object, id };

	resolve_todo(r, &src, WHY);
	src.object = member(s, SPAN("object"));
	src.id = member(s, SPAN("id"));
	resolve_todo(r, &src, SPAN("it carries the uid of another one"));
}

static enum rc
settle_one(struct settling *s, struct span payload, struct err *e)
{
	unsigned char must;
	struct observe_head head;
	struct span rest = span_of(payload.ptr + sizeof head, payload.len -
	    sizeof head), object, id, system;
	enum rc rc;

	memcpy(&head, payload.ptr, sizeof head);
	if (!span_take_bytes(&rest, &must, 1) ||
	    !span_take_counted(&rest, &object) ||
	    !span_take_counted(&rest, &id))
		return err_set(e, RC_SYSTEM, "a damaged spool");
	object = arena_dup(&s->arena, object);
	id = arena_dup(&s->arena, id);
	rc = json_parse(&s->json, rest, e);
	if (rc)
		return rc;
	system = member(s, SPAN("system"));
	if (has_moved(s, system) || was_left(s, system, object, id))
		return put_moved(s, &head, system, object, id, rest, e);
	if (!must)
		return put_copy(s, &head, system, rest, e);
	ask_for_both(s, &head, system, object, id);
	return RC_OK;
}

static enum rc
settle_all(struct settling *s, struct err *e)
{
	struct span key, payload;
	enum rc rc = spool_rewind(s->n->doubtful, e);

	if (!rc)
		rc = spool_rewind(s->n->r->spool, e);
	if (!rc)
		rc = next_main(s, e);
	while (!rc) {
		rc = spool_next(s->n->doubtful, &key, &payload, e);
		if (rc)
			break;
		if (!span_eq(buf_view(&s->at), key)) {
			arena_reset(&s->arena);
			s->sights = NULL;
			buf_reset(&s->at);
			buf_span(&s->at, key);
		}
		rc = copy_to(s, key, e);
		if (!rc)
			rc = settle_one(s, payload, e);
	}
	while (rc == RC_END && !s->ended) {
		rc = spool_add(s->to, s->key, s->payload, e);
		if (!rc)
			rc = next_main(s, e);
		rc = rc ? rc : RC_END;
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
copied_settle(struct intake *n, struct err *e)
{
	struct settling s = { .n = n };
	enum rc rc;

	if (!n->doubtful)
		return RC_OK;
	s.to = spool_new(home_path(), SPOOL_MEMORY);
	buf_init(&s.at, LIMIT_KEY, "key");
	buf_init(&s.entry, 9u * LIMIT_LINE, "change");
	arena_init(&s.arena);
	json_init(&s.json);
	rc = settle_all(&s, e);
	spool_free(n->r->spool);
	n->r->spool = s.to;
	buf_free(&s.at);
	buf_free(&s.entry);
	arena_free(&s.arena);
	json_free(&s.json);
	return rc;
}
