/* SPDX-License-Identifier: MIT */
#include "counted.h"

struct counting {
	struct txn *txn;
	counted_visit *visit;
	void *arg;
	struct arena arena;    /* of a row */
	struct buf *key;       /* entity \0 system \0 object */
	struct source of;      /* its parts */
	struct tally n;
};

static enum rc
hand_over(struct counting *c, struct err *e)
{
	return c->key->len ? c->visit(c->arg, &c->of, &c->n, e) : RC_OK;
}

static void
move_on(struct counting *c, struct span group)
{
	struct span rest;

	buf_reset(c->key);
	buf_span(c->key, group);
	rest = buf_view(c->key);
	c->of.entity = key_take(&rest);
	c->of.system = key_take(&rest);
	c->of.object = rest;
	c->of.id = SPAN("");
	c->n = (struct tally){ 0 };
}

/* "entity \0 system \0 object" of a link's key. */
static struct span
group_of(struct span key)
{
	struct span rest = key;

	for (int i = 0; i < 3; i++)
		key_take(&rest);
	return span_of(key.ptr, (size_t)(rest.ptr - key.ptr) - 1);
}

/* A visit may write: nothing of the row is looked at after it. */
static enum rc
count_row(struct counting *c, struct span key, struct span value,
    struct err *e)
{
	struct span group;
	struct link l;
	bool whole;
	enum rc rc = RC_OK;

	arena_reset(&c->arena);
	group = arena_dup(&c->arena, group_of(key));
	whole = !link_decode(key, value, &l, &c->arena, e);
	if (!span_eq(group, buf_view(c->key))) {
		rc = hand_over(c, e);
		move_on(c, group);
	}
	if (!whole)
		return rc;
	c->n.live += l.live;
	if (l.ordinal >= c->n.next)
		c->n.next = l.ordinal + 1;
	return rc;
}

enum rc
counted_each(struct txn *t, counted_visit *visit, void *arg, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_LINK, SPAN(""), e);
	KEY_BUF(room);
	struct counting c = { .txn = t, .visit = visit, .arg = arg,
		.key = &room };

	arena_init(&c.arena);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		rc = count_row(&c, w.key, w.value, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	if (rc == RC_END)
		rc = hand_over(&c, e);
	arena_free(&c.arena);
	return rc;
}

enum rc
counted_hold(struct txn *t, const struct source *s, const struct tally *n,
    struct tally *was, struct err *e)
{
	enum rc rc = tally_get(t, s, was, e);

	if (rc == RC_STATE || (!rc && (was->live != n->live ||
	    was->next < n->next)))
		return RC_END;
	return rc;
}
