/* SPDX-License-Identifier: MIT */
#include "share.h"

#include "../lib/outbox.h"

#define META_SHARE SPAN("share")
#define SHARE_SEED 7 /* never to change: a rollout would begin anew */

/* ---- which records ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

enum rc
share_parse(const char *text, uint32_t *share, struct err *e)
{
	const char *p = text;
	uint32_t n = 0;
	unsigned places = 0;
	bool good = is_digit(*p);

	for (; is_digit(*p) && n <= SHARE_ALL; p++)
		n = n * 10 + (uint32_t)(*p - '0');
	if (*p == '.') {
		good = good && is_digit(p[1]);
		for (p++; is_digit(*p) && places < 2; p++, places++)
			n = n * 10 + (uint32_t)(*p - '0');
	}
	for (; places < 2; places++)
		n *= 10;
	p += *p == '%';
	if (!good || *p || !n || n > SHARE_ALL)
		return err_set(e, RC_CONFIG, "--share takes a share from "
		    "0.01%% to 100%%, with two decimals at most, not '%s'",
		    text);
	*share = n;
	return RC_OK;
}

bool
share_includes(uint32_t share, struct span uid)
{
	return share == SHARE_ALL || hash64(uid, SHARE_SEED) % SHARE_ALL <
	    share;
}

/* ---- what was kept back ---- */

static enum rc
recall_system(struct intake *n, size_t system, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	rc = outbox_walk(&w, &n->txn, n->policy->systems[system].name,
	    n->policy->entity->name, &prefix, e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		struct span uid = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);
		struct outbox o;

		rc = outbox_decode(w.value, &o, e);
		if (!rc && o.kept && share_includes(n->r->share, uid))
			rc = intake_spool(n, SPOOLED_LINKED, uid, SPAN(""),
			    e);
		if (rc)
			break;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
share_recall(struct intake *n, struct err *e)
{
	struct resolve *r = n->r;
	struct span ignored;
	enum rc rc = txn_get(&n->txn, TABLE_META, META_SHARE, &ignored, e);

	r->kept_back = rc == RC_OK;
	if (rc || r->propose) /* what is proposed is released by a person */
		return rc == RC_END ? RC_OK : rc;
	for (uint32_t i = 0; i < r->policy_count && !rc; i++) {
		n->policy = r->policy[i];
		n->head = (struct observe_head){ .entity = i };
		for (size_t k = 0; k < n->policy->system_count && !rc; k++)
			rc = recall_system(n, k, e);
	}
	return rc;
}

enum rc
share_let_go(const struct group *g, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < g->policy->system_count && !rc; i++) {
		struct span system = g->policy->systems[i].name;
		struct outbox o;

		if (g->held && g->held[i])
			continue;
		rc = outbox_get(t, system, g->entity, g->uid, &o, e);
		if (rc == RC_OK && o.kept) {
			o.released = true;
			rc = outbox_put(t, system, g->entity, g->uid, &o, e);
		}
		rc = rc == RC_END ? RC_OK : rc;
	}
	return rc;
}

/* ---- whether anything is ---- */

enum rc
share_mark(struct txn *t, struct err *e)
{
	return txn_put(t, TABLE_META, META_SHARE, SPAN(""), e);
}

enum rc
share_settle(const struct resolve *r, struct txn *t, struct err *e)
{
	struct walk w;
	struct outbox o = { .kept = false };
	enum rc rc;

	if (!r->kept_back)
		return RC_OK;
	rc = walk_open(&w, t, TABLE_OUTBOX, SPAN(""), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc && !o.kept) {
		rc = outbox_decode(w.value, &o, e);
		if (!rc && !o.kept)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? txn_del(t, TABLE_META, META_SHARE, e) : rc;
}
