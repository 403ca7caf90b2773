/* SPDX-License-Identifier: MIT */
/*
 * check_identity: reviews stand twice, redirects lead to a record, what was
 * converted is closed there, and the index of match keys, where it is complete,
 * lacks nobody.
 */
#include "check.h"
#include "policies.h"

#include "../lib/conversion.h"
#include "../lib/link.h"
#include "../lib/match_index.h"
#include "../lib/redirect.h"
#include "../lib/review.h"
#include "../lib/waiting.h"

/* ---- reviews ---- */

static enum rc
check_review(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct review r = { .uid = SPAN("") };
	struct record rec;
	enum rc rc;

	if (waiting_is(key))
		return RC_OK;
	rc = review_check(&c->txn, key, value, &r, e);
	if (rc == RC_RECORD) {
		check_complain(c, "review", r.uid);
		return RC_OK;
	}
	if (rc)
		return rc;
	rc = record_load(&c->txn, r.entity, r.uid, NULL, 0, &c->arena, &rec,
	    e);
	if (rc && rc != RC_STATE) /* check_agreed tells a damaged one */
		return rc;
	if (!rc && !rec.version)
		check_complain(c, "review", r.uid);
	return RC_OK;
}

/* ---- redirects ---- */

static enum rc
check_redirect(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct span rest = key, entity, into;
	struct record r;
	enum rc rc;

	(void)value;
	key_take(&rest);
	entity = key_take(&rest);
	rc = redirect_get(&c->txn, entity, rest, &c->arena, &into, e);
	if (!rc)
		rc = record_load(&c->txn, entity, into, NULL, 0, &c->arena,
		    &r, e);
	if (rc == RC_STATE || (!rc && !r.version)) {
		check_complain(c, "redirect", rest);
		return RC_OK;
	}
	return rc;
}

/* ---- conversions ---- */

static enum rc
check_conversion(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct source s;
	struct span uid;
	enum rc rc;

	(void)value;
	key_take(&key);
	rc = conversion_check(&c->txn, key, &c->arena, &s, &uid, e);
	if (rc == RC_END)
		check_complain(c, "conversion", uid);
	return rc == RC_END || rc == RC_STATE ? RC_OK : rc;
}

/* ---- the index of match keys ---- */

struct index {
	struct check *check;
	struct policy *policy;
	struct match_room room;
};

static enum rc
found(void *arg, struct span uid, struct err *e)
{
	struct span *wanted = arg;

	(void)e;
	if (!span_eq(*wanted, uid))
		return RC_OK;
	*wanted = SPAN("");
	return RC_END;
}

static enum rc
check_values(struct index *x, const struct record *r, size_t variant,
    bool *whole, struct err *e)
{
	struct hash128 value[LIMIT_MATCH];
	enum rc rc = RC_OK;

	match_values(x->policy, r, variant, &x->room, value);
	for (size_t k = 0; k < x->policy->entity->match_count && !rc; k++) {
		struct span wanted = r->uid;

		if (!value[k].lo && !value[k].hi)
			continue;
		rc = match_each(&x->check->txn, r->entity, value[k], found,
		    &wanted, e);
		*whole &= !wanted.len;
	}
	return rc;
}

/* Each live record is found by each value it has. */
static enum rc
check_indexed(struct index *x, struct span uid, struct err *e)
{
	struct check *c = x->check;
	struct record r;
	bool whole = true;
	enum rc rc = record_load(&c->txn, x->policy->entity->name, uid,
	    c->names, c->name_count, &c->arena, &r, e);

	if (rc == RC_STATE)
		return RC_OK; /* told elsewhere */
	if (rc || r.life != LIFE_LIVE)
		return rc;
	for (size_t i = 0, n = match_variants(x->policy, &r); i < n && !rc;
	    i++)
		rc = check_values(x, &r, i, &whole, e);
	if (!rc && !whole)
		check_complain(c, "match", uid);
	return rc;
}

static enum rc
check_index(struct check *c, struct policies *ps, struct span entity,
    struct err *e)
{
	struct index x = { .check = c };
	struct match_standing standing;
	struct err why;
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	/* without its file nobody knows its keys, nor uses the index */
	if (policies_get(ps, &c->txn, entity, &x.policy, &why))
		return RC_OK;
	rc = match_standing_get(&c->txn, entity, &standing, e);
	if (rc == RC_STATE)
		check_complain(c, "match", entity);
	if (rc || !match_complete(&standing, x.policy->entity))
		return rc == RC_STATE ? RC_OK : rc;
	match_room_init(&x.room);
	KEY(&prefix, entity, SPAN(""));
	rc = walk_open(&w, &c->txn, TABLE_AGREED, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		arena_reset(&c->arena);
		rc = check_indexed(&x, span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len), e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	match_room_free(&x.room);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
check_indexes(struct check *c, struct err *e)
{
	struct policies ps;
	struct walk w;
	enum rc rc = policies_open(&ps, e);
	KEY_BUF(prefix);

	policies_begin(&ps);
	KEY(&prefix, SPAN("match"), SPAN(""));
	if (!rc)
		rc = walk_open(&w, &c->txn, TABLE_META, buf_view(&prefix), e);
	if (!rc) {
		rc = walk_next(&w, e);
		for (; !rc; rc = rc ? rc : walk_next(&w, e))
			rc = check_index(c, &ps, span_of(w.key.ptr +
			    prefix.len, w.key.len - prefix.len), e);
		walk_close(&w);
	}
	policies_close(&ps);
	return rc == RC_END ? RC_OK : rc;
}

/* A row is an entity, a value of 16 bytes and a uid, and says no more. */
static enum rc
check_match(struct check *c, struct span key, struct span value,
    struct err *e)
{
	struct span rest = key, entity = key_take(&rest);

	(void)e;
	if (value.len || rest.len <= sizeof(struct hash128))
		check_complain(c, "match", entity);
	return RC_OK;
}

enum rc
check_identity(struct check *c, struct err *e)
{
	enum rc rc = check_each(c, TABLE_CONFLICT, SPAN(""), check_review, e);
	KEY_BUF(prefix);
	KEY_BUF(converted);

	KEY(&prefix, SPAN("redirect"), SPAN(""));
	if (!rc)
		rc = check_each(c, TABLE_META, buf_view(&prefix),
		    check_redirect, e);
	KEY(&converted, SPAN("converted"), SPAN(""));
	if (!rc)
		rc = check_each(c, TABLE_META, buf_view(&converted),
		    check_conversion, e);
	if (!rc)
		rc = check_each(c, TABLE_MATCH, SPAN(""), check_match, e);
	return rc ? rc : check_indexes(c, e);
}
