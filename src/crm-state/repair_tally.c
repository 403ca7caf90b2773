/* SPDX-License-Identifier: MIT */
/* repair_tally: how many links there are of each object of each system. */
#include "repair.h"

#include "../lib/link.h"

struct counting {
	struct source of;      /* ptrs into `key`; id is empty */
	struct buf *key;       /* entity \0 system \0 object */
	struct tally n;
};

static enum rc
settle(struct repair *k, struct counting *c, struct err *e)
{
	struct tally was;
	struct err damaged;
	enum rc rc;

	if (!c->key->len)
		return RC_OK;
	rc = tally_get(&k->txn, &c->of, &was, &damaged);
	if (!rc && was.live == c->n.live && was.next >= c->n.next)
		return RC_OK;
	/* a higher next only leaves gaps */
	if (!rc && was.next > c->n.next)
		c->n.next = was.next;
	k->tallies++;
	repair_tell(k, "tally", c->of.entity, c->of.system, SPAN(""));
	return tally_put(&k->txn, &c->of, &c->n, e);
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

/* The rows are in the order of their objects. */
static enum rc
count_all(struct repair *k, void *arg, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, &k->txn, TABLE_LINK, SPAN(""), e);
	KEY_BUF(room);
	struct counting c = { .key = &room };

	(void)arg;
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct span group;
		struct link l;
		bool whole;

		arena_reset(&k->arena);
		group = arena_dup(&k->arena, group_of(w.key));
		whole = !link_decode(w.key, w.value, &l, &k->arena, e);
		if (!span_eq(group, buf_view(c.key))) {
			rc = settle(k, &c, e);
			move_on(&c, group);
		}
		if (whole) {
			c.n.live += l.live;
			if (l.ordinal >= c.n.next)
				c.n.next = l.ordinal + 1;
		}
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? settle(k, &c, e) : rc;
}

enum rc
repair_tally(struct repair *k, struct err *e)
{
	return repair_in_one(k, count_all, NULL, e);
}
