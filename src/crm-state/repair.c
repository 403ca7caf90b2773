/* SPDX-License-Identifier: MIT */
#include "repair.h"

#include <stdio.h>

#include "../lib/json.h"

#define BATCH 1000

static enum rc
begin(struct repair *k, struct err *e)
{
	enum rc rc = txn_begin(&k->txn, k->state, true, e);

	/* rows are looked at after others were put */
	k->txn.outlived = true;
	arena_reset(&k->arena);
	policies_begin(&k->policies);
	return rc ? rc : audit_begin(k->audit, &k->txn, e);
}

static enum rc
end(struct repair *k, enum rc rc, struct err *e)
{
	if (!rc)
		rc = audit_put(k->audit, &k->txn, e);
	if (!rc)
		rc = txn_commit(&k->txn, e);
	txn_abort(&k->txn);
	return rc;
}

enum rc
repair_in_one(struct repair *k, repair_work *work, void *arg, struct err *e)
{
	enum rc rc = begin(k, e);

	if (!rc)
		rc = work(k, arg, e);
	return end(k, rc == RC_END ? RC_OK : rc, e);
}

/* ---- all rows of a table ---- */

/* Copies up to BATCH keys from *last on, which becomes the last of them. */
static enum rc
gather(struct repair *k, enum state_table table, struct span prefix,
    struct buf *last, struct span *keys, size_t *n, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, &k->txn, table, prefix, e);

	*n = 0;
	if (!rc)
		rc = last->len ? walk_from(&w, buf_view(last), e) :
		    walk_next(&w, e);
	if (!rc && last->len && span_eq(w.key, buf_view(last)))
		rc = walk_next(&w, e);
	while (!rc && *n < BATCH) {
		keys[(*n)++] = arena_dup(&k->arena, w.key);
		rc = walk_next(&w, e);
	}
	walk_close(&w);
	if (*n) {
		buf_reset(last);
		buf_span(last, keys[*n - 1]);
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
repair_each(struct repair *k, enum state_table table, struct span prefix,
    repair_row *row, void *arg, struct err *e)
{
	struct span keys[BATCH];
	size_t n = BATCH;
	enum rc rc = RC_OK;
	KEY_BUF(last);

	while (!rc && n == BATCH) {
		if (run_stopping())
			return err_set(e, RC_SYSTEM, "stopped");
		n = 0;
		rc = begin(k, e);
		if (!rc)
			rc = gather(k, table, prefix, &last, keys, &n, e);
		for (size_t i = 0; i < n && !rc; i++)
			rc = row(k, arg, keys[i], e);
		rc = end(k, rc, e);
	}
	return rc;
}

void
repair_tell(struct repair *k, const char *what, struct span entity,
    struct span system, struct span uid)
{
	struct buf *b = audit_line(k->audit, "repaired");

	json_put_text(b, "what", span_str(what));
	json_put_member(b, "entity", entity);
	json_put_member(b, "system", system);
	json_put_member(b, "uid", uid);
	audit_end(k->audit);
}

/* ---- all of it ---- */

static void
put_sums(const struct repair *k)
{
	printf("{\"type\":\"repaired\",\"tallies\":%llu,\"redirects\":%llu,"
	    "\"pending\":%llu,\"recalled\":%llu,\"dropped\":%llu,"
	    "\"indexed\":%llu}\n",
	    (unsigned long long)k->tallies, (unsigned long long)k->redirects,
	    (unsigned long long)k->pending, (unsigned long long)k->recalled,
	    (unsigned long long)k->dropped, (unsigned long long)k->indexed);
}

enum rc
repair(struct run *r, struct err *e)
{
	struct repair k = { .run = r, .audit = audit_new() };
	enum rc rc = policies_open(&k.policies, e);

	arena_init(&k.arena);
	if (!rc)
		rc = state_open(&k.state, false, e);
	if (!rc)
		rc = repair_tally(&k, e);
	if (!rc)
		rc = repair_redirect(&k, e);
	if (!rc)
		rc = repair_pending(&k, e);
	if (!rc)
		rc = repair_match(&k, e);
	if (!rc)
		put_sums(&k);
	policies_close(&k.policies);
	audit_free(k.audit);
	arena_free(&k.arena);
	state_close(k.state);
	return rc;
}
