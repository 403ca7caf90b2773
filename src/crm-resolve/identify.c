/* SPDX-License-Identifier: MIT */
#include "identify.h"

#include <stdlib.h>

#include "../lib/clock.h"
#include "../lib/outbox.h"
#include "../lib/xalloc.h"

#define SPOOL_MEMORY ((size_t)16 << 20)

/* ---- is there anything to find out? ---- */

/*
 * What came unlinked can only be what another system shows, now or before: a
 * first import into an empty system has nobody to meet.
 */
static enum rc
may_meet(struct identify *d, size_t policy, bool *may, struct err *e)
{
	const struct policy *p = d->r->policy[policy];
	const uint64_t *open = d->r->unlinked[policy];
	size_t from = 0;
	enum rc rc = RC_OK;

	*may = false;
	for (size_t i = 0; i < p->system_count; i++)
		from += open[i] > 0;
	if ((!p->entity->match_count && !p->entity->similar) || !from)
		return RC_OK;
	*may = from > 1 || p->id_count > p->system_count;
	for (size_t i = 0; i < p->system_count && !rc && !*may; i++) {
		struct source src = { p->entity->name, p->systems[i].name,
			p->systems[i].object, SPAN("") };
		struct tally n;

		rc = tally_get(&d->txn, &src, &n, e);
		*may = !rc && !open[i] && n.live;
	}
	return rc;
}

/* ---- one value ---- */

struct value_case {
	struct identify *d;
	size_t policy, key;
	struct party *p;
	size_t n, room;
	struct arena arena;
	bool over;           /* too many to be a key */
	enum case_how how;
	struct span at;      /* the spool's key: policy, value */
};

/* Is a create of it under way there, and nobody knows how it ends? */
static enum rc
in_flight(struct value_case *c, const struct party *known, size_t system,
    bool *is, struct err *e)
{
	const struct policy *p = c->d->r->policy[c->policy];
	struct outbox o;
	enum rc rc = outbox_get(&c->d->txn, p->systems[system].name,
	    p->entity->name, known->uid, &o, e);

	*is = rc == RC_OK && (o.intent || o.lease > clock_now());
	return rc == RC_END ? RC_OK : rc;
}

/* Is one that is not known there being made there? */
static enum rc
any_in_flight(struct value_case *c, size_t system, bool *any, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < c->n && !rc && !*any; i++)
		if (!c->p[i].open && !(c->p[i].systems >> system & 1))
			rc = in_flight(c, &c->p[i], system, any, e);
	return rc;
}

/*
 * Whoever may be what is just being created there waits for its outcome: there
 * is where it was found, and where one that could not be used may be it.
 */
static enum rc
let_wait(struct value_case *c, struct party *open, struct err *e)
{
	const struct policy *p = c->d->r->policy[c->policy];
	bool flies = false;
	enum rc rc = RC_OK;

	/* ids begin with the policy's systems, in their order */
	for (size_t i = 0; i < p->system_count && !rc && !flies; i++)
		if (open->systems >> i & 1)
			rc = any_in_flight(c, i, &flies, e);
	if (!rc && flies)
		rc = fates_put(c->d, p->entity->name, open, FATE_WAITS, open,
		    c->key, e);
	if (!rc && flies)
		open->finding = FOUND_WAITS;
	return rc;
}

static enum rc
take_waiting_out(struct value_case *c, struct err *e)
{
	size_t kept = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < c->n && !rc; i++)
		if (c->p[i].open)
			rc = let_wait(c, &c->p[i], e);
	for (size_t i = 0; i < c->n; i++)
		if (c->p[i].finding != FOUND_WAITS)
			c->p[kept++] = c->p[i];
	c->n = kept;
	return rc;
}

/* The systems in which one of them waits for a person. */
static uint64_t
reviewed_in(const struct value_case *c)
{
	uint64_t systems = 0;

	for (size_t i = 0; i < c->n; i++)
		if (c->p[i].finding == FOUND_REVIEW)
			systems |= c->p[i].systems;
	return systems;
}

static enum rc
put_fates(struct value_case *c, struct err *e)
{
	struct span entity = c->d->r->policy[c->policy]->entity->name;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < c->n && !rc; i++) {
		const struct party *x = &c->p[i], *with = &c->p[x->with];

		if (x->finding == FOUND_LINKED)
			rc = fates_put(c->d, entity, x, FATE_LINKED, with,
			    c->key, e);
		else if (x->finding == FOUND_REVIEW)
			rc = fates_put(c->d, entity, x, FATE_REVIEW, x,
			    c->key, e);
		else if (x->finding == FOUND_TWICE)
			rc = fates_put(c->d, entity, x, FATE_TWICE, with,
			    c->key, e);
		if (!rc && x->finding == FOUND_LINKED && with->finding !=
		    FOUND_LINKED)
			rc = fates_put(c->d, entity, with, FATE_GROWN, with,
			    c->key, e);
	}
	return rc;
}

static int
by_uid(const void *a, const void *b)
{
	const struct party *x = a, *y = b;
	int c = span_cmp(x->uid, y->uid);

	return c ? c : x->open - y->open;
}

/* They are one, and what the better known of them is. */
static void
become_one(struct party *p, const struct party *x)
{
	p->systems |= x->systems;
	p->former |= x->former;
	if (identify_rank(x) <= identify_rank(p))
		return;
	p->open = x->open;
	p->stranger = x->stranger;
	p->blind = x->blind;
}

/* Those joined by an earlier key come under one uid: they are one. */
static void
fold(struct value_case *c)
{
	size_t kept = 0;

	qsort(c->p, c->n, sizeof *c->p, by_uid);
	for (size_t i = 1; i < c->n; i++) {
		struct party *last = &c->p[kept];

		if (!span_eq(last->uid, c->p[i].uid)) {
			c->p[++kept] = c->p[i];
			continue;
		}
		become_one(last, &c->p[i]);
	}
	c->n = c->n ? kept + 1 : 0;
}

static bool
any_open(const struct value_case *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->p[i].open || c->p[i].stranger || c->p[i].blind)
			return true;
	return false;
}

/* All that share the value are here. */
static enum rc
judge_value(struct value_case *c, struct err *e)
{
	const struct entity *en = c->d->r->policy[c->policy]->entity;
	enum rc rc;

	if (c->over)
		return RC_OK;
	fold(c);
	if (c->n < 2 || !any_open(c))
		return RC_OK;
	rc = take_waiting_out(c, e);
	if (rc)
		return rc;
	if (c->how == CASE_TWICE)
		identify_twice(c->p, c->n, c->d->r->on_duplicate ==
		    DUPLICATES_SKIP);
	else if (c->how == CASE_ASK)
		identify_ask(c->p, c->n);
	else
		identify_case(c->p, c->n, c->key, en->match_count);
	rc = identify_hold_blind(c->d, c->policy, c->key, c->p, c->n, e);
	if (!rc)
		rc = put_fates(c, e);
	if (!rc && reviewed_in(c))
		rc = identify_put_case(c->d, c->policy, c->key, c->p, c->n,
		    c->how, e);
	return rc;
}

/* ---- one key ---- */

static void
add_to_case(struct value_case *c, const struct party_row *row,
    uint64_t systems, bool open, struct span uid)
{
	struct party *p;

	if (c->n == CASE_MOST) {
		c->over = true;
		return;
	}
	p = &c->p[c->n++];
	*p = (struct party){ .open = open, .systems = systems,
		.stranger = row->stranger && !row->blind,
		.blind = row->blind, .former = row->former,
		.section = row->section,
		.uid = arena_dup(&c->arena, uid) };
	memcpy(p->value, row->value, sizeof p->value);
}

static void
begin_case(struct value_case *c, struct span key)
{
	uint32_t policy;

	arena_reset(&c->arena);
	c->at = arena_dup(&c->arena, key);
	memcpy(&policy, key.ptr, sizeof policy);
	c->policy = policy;
	c->n = 0;
	c->over = false;
}

enum rc
identify_judge(struct identify *d, struct spool *values, size_t key,
    enum case_how how, struct err *e)
{
	struct value_case c = { .d = d, .key = key, .how = how };
	struct span at, payload;
	enum rc rc = spool_rewind(values, e);

	arena_init(&c.arena);
	c.p = xmalloc(CASE_MOST * sizeof *c.p);
	if (!rc)
		rc = spool_next(values, &at, &payload, e);
	while (!rc) {
		struct party_row row;

		if (!span_eq(at, c.at)) {
			rc = judge_value(&c, e);
			begin_case(&c, at);
		}
		memcpy(&row, payload.ptr, sizeof row);
		add_to_case(&c, &row, row.systems, row.open, span_of(
		    payload.ptr + sizeof row, payload.len - sizeof row));
		if (!rc)
			rc = spool_next(values, &at, &payload, e);
	}
	if (rc == RC_END)
		rc = judge_value(&c, e);
	free(c.p);
	arena_free(&c.arena);
	return rc == RC_END ? RC_OK : rc;
}

/* Sorts the parties by their values of the key, as earlier keys left them. */
static enum rc
sort_values(struct identify *d, struct spool *values, size_t key,
    struct err *e)
{
	struct fates f;
	struct span at, payload;
	struct buf out;
	enum rc rc = spool_rewind(d->parties, e);

	buf_init(&out, sizeof(struct party_row) + LIMIT_KEY, "party");
	fates_open(&f, d->fates);
	if (!rc)
		rc = spool_next(d->parties, &at, &payload, e);
	for (; !rc; rc = spool_next(d->parties, &at, &payload, e)) {
		struct party_row row;
		struct span uid = at;
		char name[sizeof row.policy + sizeof *row.value];

		memcpy(&row, payload.ptr, sizeof row);
		if (!row.value[key].lo && !row.value[key].hi)
			continue;
		rc = fates_seek(&f, at, e);
		if (rc)
			break;
		if (f.waits)
			continue;
		row.stranger = f.carried && !f.linked;
		row.open &= !f.known && !f.carried && !f.linked && !f.reviewed;
		row.systems |= f.systems;
		key_take(&uid);
		buf_reset(&out);
		buf_put(&out, &row, sizeof row);
		buf_span(&out, f.linked ? buf_view(&f.uid) : uid);
		memcpy(name, &row.policy, sizeof row.policy);
		memcpy(name + sizeof row.policy, &row.value[key],
		    sizeof *row.value);
		rc = spool_add(values, span_of(name, sizeof name),
		    buf_view(&out), e);
		if (rc)
			break;
	}
	fates_close(&f);
	buf_free(&out);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
identify_more_fates(struct identify *d, struct err *e)
{
	struct spool *next = spool_new(home_path(), SPOOL_MEMORY);
	enum rc rc = fates_copy(d->fates, next, e);

	spool_free(d->fates);
	d->fates = next;
	return rc;
}

/* What is found is added to what the earlier keys found. */
static enum rc
one_key(struct identify *d, size_t key, struct err *e)
{
	struct spool *values = spool_new(home_path(), SPOOL_MEMORY);
	enum rc rc = sort_values(d, values, key, e);

	if (!rc)
		rc = identify_more_fates(d, e);
	if (!rc)
		rc = identify_judge(d, values, key, CASE_LINK, e);
	spool_free(values);
	return rc;
}

/* ---- the step ---- */

static enum rc
all_keys(struct identify *d, struct err *e)
{
	size_t keys = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < d->r->policy_count; i++)
		if (d->takes_part[i] && d->r->policy[i]->entity->match_count >
		    keys)
			keys = d->r->policy[i]->entity->match_count;
	for (size_t k = 0; k < keys && !rc; k++)
		rc = one_key(d, k, e);
	return rc;
}

/* By what they are alike: those of other systems, then of their own. */
static enum rc
all_scores(struct identify *d, struct err *e)
{
	struct resolve *r = d->r;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count && !rc; i++)
		if (d->takes_part[i] && r->policy[i]->entity->similar)
			rc = identify_score(d, i, e);
	for (size_t i = 0; i < r->policy_count && !rc; i++)
		if (r->on_duplicate && r->policy[i]->entity->similar)
			rc = identify_duplicates(d, i, e);
	return rc;
}

static enum rc
find_out(struct identify *d, struct err *e)
{
	struct resolve *r = d->r;
	bool any = r->on_duplicate != DUPLICATES_KEEP;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count && !rc; i++) {
		rc = policy_bind(r->policy[i], &d->txn, e);
		if (!rc)
			rc = may_meet(d, i, &d->takes_part[i], e);
		if (!rc)
			rc = match_plan_make(r, i, &d->txn, d->takes_part[i],
			    e);
		any |= d->takes_part[i];
	}
	if (rc || !any)
		return rc;
	d->parties = spool_new(home_path(), SPOOL_MEMORY);
	d->fates = spool_new(home_path(), SPOOL_MEMORY);
	d->cases = spool_new(home_path(), SPOOL_MEMORY);
	d->wanted = spool_new(home_path(), SPOOL_MEMORY);
	r->match_rows = spool_new(home_path(), SPOOL_MEMORY);
	rc = identify_parties(d, e);
	if (!rc)
		rc = all_keys(d, e);
	if (!rc)
		rc = all_scores(d, e);
	return !rc && d->fate_count ? identify_rewrite(d, e) : rc;
}

enum rc
identify(struct resolve *r, struct err *e)
{
	struct identify d = { .r = r };
	enum rc rc = txn_begin(&d.txn, r->state, false, e);

	match_room_init(&d.room);
	buf_init(&d.entry, 9u * LIMIT_LINE, "change");
	buf_init(&d.moved_key, LIMIT_KEY, "key");
	json_init(&d.json);
	arena_init(&d.arena);
	if (!rc)
		rc = find_out(&d, e);
	txn_abort(&d.txn);
	spool_free(d.parties);
	spool_free(d.fates);
	spool_free(d.cases);
	spool_free(d.wanted);
	match_room_free(&d.room);
	buf_free(&d.entry);
	buf_free(&d.moved_key);
	json_free(&d.json);
	arena_free(&d.arena);
	return rc;
}
