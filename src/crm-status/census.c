/* SPDX-License-Identifier: MIT */
/* census: who has each record, and in how many fields it shows what stands. */
#include "status.h"

#include "records.h"

struct counting {
	struct topic *topic;
	struct share *shares[LIMIT_SYSTEMS]; /* as the systems are asked for */
	uint32_t systems[LIMIT_SYSTEMS];
	size_t count;
	bool exports;          /* those not declared count as systems, too */
};

/* What no file says is mapped is taken for mapped where it was shown. */
static bool
is_mapped(const struct share *h, const struct side *s,
    const struct record *r, size_t field)
{
	return h->mapped ? h->mapped[r->fields[field].name] :
	    s->value[field].ptr != NULL;
}

static void
count_fields(struct share *h, const struct record *r, const struct side *s)
{
	for (size_t i = 0; i < r->field_count; i++) {
		if (!is_mapped(h, s, r, i))
			continue;
		h->fields++;
		h->agreeing += span_eq(side_stands_for(s, i),
		    r->fields[i].value);
	}
}

/*
 * An export that was read once is no system that records should be in, unless
 * it is all there is beside one.
 */
static bool
takes_part(const struct counting *c, const struct share *h)
{
	return c->exports || h->declared;
}

static enum rc
count_record(void *arg, const struct record *r, struct arena *a,
    struct err *e)
{
	struct counting *c = arg;
	size_t live = 0, at = 0;

	(void)a;
	(void)e;
	if (r->life != LIFE_LIVE)
		return RC_OK;
	/* sides are in the order of c->systems */
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *s = &r->sides[i];

		while (c->systems[at] != s->system)
			at++;
		if (s->life != LIFE_LIVE)
			continue;
		live += takes_part(c, c->shares[at]);
		c->shares[at]->linked++;
		count_fields(c->shares[at], r, s);
	}
	c->topic->records++;
	c->topic->matched += live == c->topic->systems;
	return RC_OK;
}

/* Systems that show the entity, or once did and still have records of it. */
static enum rc
count_topic(struct status *s, struct topic *t, struct err *e)
{
	struct counting c = { .topic = t };
	enum rc rc;

	for (size_t i = 0; i < s->share_count; i++) {
		struct share *h = s->shares[i];

		if (!span_eq(h->entity, t->name) || h->id == NO_ID ||
		    !(h->live || h->read) || c.count == LIMIT_SYSTEMS)
			continue;
		c.shares[c.count] = h;
		c.systems[c.count++] = h->id;
	}
	for (size_t i = 0; i < c.count; i++)
		t->systems += c.shares[i]->declared;
	c.exports = t->systems < 2;
	if (c.exports)
		t->systems = c.count;
	rc = records_each(&s->txn, t->name, c.systems, c.count, count_record,
	    &c, e);
	for (size_t i = 0; i < c.count; i++) {
		t->fields += c.shares[i]->fields;
		t->agreeing += c.shares[i]->agreeing;
	}
	return rc;
}

enum rc
census(struct status *s, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < s->topic_count && !rc; i++)
		rc = count_topic(s, &s->topics[i], e);
	s->counted = !rc;
	return rc;
}
