/* SPDX-License-Identifier: MIT */
/*
 * identify_review: what a person is asked travels through the spool to the
 * records it is about: an entry for each member of a case.
 */
#include "identify.h"

#include "../lib/clock.h"

#define ENTRY_CAP (64u * LIMIT_KEY)

/* May x be what the open one is?  Two of one system are two, unless they are
 * the case. */
static bool
is_candidate(const struct party *x, const struct party *open,
    enum case_how how)
{
	bool joined = x->finding == FOUND_LINKED;

	return x != open && !x->blind && (x->systems & ~open->systems ||
	    how == CASE_TWICE) && !joined;
}

static void
put_candidates(struct buf *b, const struct party *p, size_t n,
    const struct party *open, enum case_how how)
{
	const struct party *named[CASE_NAMED];
	size_t count = 0;

	for (size_t i = 0; i < n && count < CASE_NAMED; i++)
		if (is_candidate(&p[i], open, how))
			named[count++] = &p[i];
	buf_varint(b, count);
	for (size_t i = 0; i < count; i++)
		buf_counted(b, named[i]->uid);
}

static void
put_entry(struct buf *b, const struct policy *policy, size_t policy_at,
    size_t key, const struct party *p, size_t n, const struct party *x,
    uint64_t open_in, enum case_how how)
{
	struct observe_head head = { .entity = (uint32_t)policy_at,
		.review = true };
	bool open = x->finding == FOUND_REVIEW;
	struct buf why;

	buf_init(&why, LIMIT_LINE, "match key");
	match_put_name(&why, policy->entity, key);
	buf_put(b, &head, sizeof head);
	buf_putc(b, open);
	buf_put(b, &x->value[key], sizeof x->value[key]);
	buf_put(b, &open_in, sizeof open_in);
	buf_counted(b, buf_view(&why));
	if (open)
		put_candidates(b, p, n, x, how);
	else
		buf_varint(b, 0);
	buf_free(&why);
}

enum rc
identify_put_case(struct identify *d, size_t policy, size_t key,
    const struct party *p, size_t n, enum case_how how, struct err *e)
{
	const struct policy *pol = d->r->policy[policy];
	uint64_t open_in = 0;
	struct buf entry;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n; i++)
		if (p[i].finding == FOUND_REVIEW)
			open_in |= p[i].systems;
	buf_init(&entry, ENTRY_CAP, "review");
	for (size_t i = 0; i < n && !rc; i++) {
		KEY_BUF(name);

		if (p[i].blind || (p[i].finding == FOUND_LINKED &&
		    p[i].with != i))
			continue;
		KEY(&name, pol->entity->name, p[i].uid);
		buf_reset(&entry);
		put_entry(&entry, pol, policy, key, p, n, &p[i], open_in,
		    how);
		rc = buf_check(&entry, e);
		if (!rc)
			rc = spool_add(d->cases, buf_view(&name),
			    buf_view(&entry), e);
	}
	buf_free(&entry);
	return rc;
}

/* ---- on the other side of the spool ---- */

static bool
decode(struct span v, struct case_entry *c, struct arena *a)
{
	unsigned char open;
	uint64_t count;

	if (!span_take_bytes(&v, &open, 1) ||
	    !span_take_bytes(&v, &c->subject, sizeof c->subject) ||
	    !span_take_bytes(&v, &c->open_in, sizeof c->open_in) ||
	    !span_take_counted(&v, &c->why) ||
	    !span_take_varint(&v, &count) || count > CASE_NAMED)
		return false;
	c->open = open;
	c->candidates = arena_alloc(a, (CASE_NAMED + 1) *
	    sizeof *c->candidates);
	for (c->candidate_count = 0; c->candidate_count < count;
	    c->candidate_count++)
		if (!span_take_counted(&v, &c->candidates[
		    c->candidate_count]))
			return false;
	return v.len == 0;
}

enum rc
case_take(struct group *g, struct span text, struct err *e)
{
	struct case_entry *c = arena_alloc(&g->arena, sizeof *c);

	if (!decode(text, c, &g->arena))
		return err_set(e, RC_SYSTEM, "the spool broke");
	c->next = g->cases;
	g->cases = c;
	return RC_OK;
}

/* ---- where a record may not be created ---- */

struct holding {
	struct txn *txn;
	const struct policy *policy;
	struct arena *arena;
	bool *held;
	struct span uid;
};

static void
hold_all(struct holding *h)
{
	for (size_t i = 0; i < h->policy->system_count; i++)
		h->held[i] = true;
}

/* What was merged elsewhere may stand in several systems as a second one. */
static enum rc
hold_seconds(struct holding *h, const struct review *r, struct err *e)
{
	const struct policy *p = h->policy;
	struct record second;
	enum rc rc = record_load(h->txn, r->entity, arena_dup(h->arena,
	    r->uid), p->ids, p->id_count, h->arena, &second, e);

	for (size_t i = 0; i < p->system_count && !rc; i++) {
		const struct side *s = record_side(&second, p->systems[i].id);

		h->held[i] |= s && s->life == LIFE_LIVE;
	}
	return rc;
}

static enum rc
hold_there(void *arg, const struct review *r, struct err *e)
{
	struct holding *h = arg;
	size_t at;

	if (!r->open || span_eq(r->uid, h->uid))
		return RC_OK;
	at = policy_system_find(h->policy, r->system);
	if (at != SIZE_MAX)
		h->held[at] = true;
	return span_eq(r->why, SPAN("merge")) ? hold_seconds(h, r, e) :
	    RC_OK;
}

static enum rc
hold_case(void *arg, const struct review *r, struct err *e)
{
	struct holding *h = arg;

	if (r->open) {
		hold_all(h);
		return RC_OK;
	}
	return review_each_in(h->txn, r->entity, r->subject, hold_there, h,
	    e);
}

enum rc
case_holds(struct group *g, struct txn *t, struct err *e)
{
	struct holding h = { .txn = t, .policy = g->policy,
		.arena = &g->arena, .uid = g->uid };
	bool any;
	enum rc rc = review_any(t, &any, e);

	g->held = NULL;
	if (rc || (!any && !g->cases))
		return rc;
	h.held = arena_zero(&g->arena, g->policy->system_count + 1);
	g->held = h.held;
	for (const struct case_entry *c = g->cases; c; c = c->next) {
		if (c->open)
			hold_all(&h);
		for (size_t i = 0; i < g->policy->system_count; i++)
			h.held[i] |= c->open_in >> i & 1;
	}
	return any ? review_each_of(t, g->entity, g->uid, hold_case, &h, e) :
	    RC_OK;
}

/* ---- what follows ---- */

static const struct observation *
seen_in(const struct group *g)
{
	for (size_t i = 0; i < g->count; i++)
		if (!g->obs[i].moved && !g->obs[i].superseded)
			return &g->obs[i];
	return NULL;
}

enum rc
case_put(struct group *g, struct txn *t, struct err *e)
{
	const struct observation *o = seen_in(g);
	enum rc rc = RC_OK;

	for (const struct case_entry *c = g->cases; c && !rc; c = c->next) {
		struct review r = { .entity = g->entity, .uid = g->uid,
			.subject = c->subject, .open = c->open,
			.why = c->why, .since = clock_now() };

		if (c->open && !o)
			continue; /* it moved meanwhile: not now */
		if (c->open) {
			r.system = g->policy->systems[o->system].name;
			r.id = o->id;
		}
		rc = review_add(t, &r, e);
	}
	return rc;
}

bool
case_line(struct buf *b, const struct group *g, const struct case_entry *c)
{
	const struct observation *o = seen_in(g);

	if (!c->open || !o)
		return false;
	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", g->entity);
	json_put_text(b, "uid", g->uid);
	json_put_text(b, "kind", SPAN("identity"));
	json_put_text(b, "system", g->policy->systems[o->system].name);
	json_put_text(b, "object", o->object);
	json_put_text(b, "id", o->id);
	json_put_text(b, "match", c->why);
	BUF_LIT(b, ",\"candidates\":[");
	for (size_t i = 0; i < c->candidate_count; i++) {
		if (i)
			buf_putc(b, ',');
		json_put_string(b, c->candidates[i]);
	}
	BUF_LIT(b, "]}");
	return true;
}
