/* SPDX-License-Identifier: MIT */
/* judge: the first step.  Everything is decided and nothing is changed. */
#include "resolve.h"

#include "../lib/hash.h"

#define RENEW_GROUPS 4096

/* The plan's hash covers conflicts too; a dry run shows them. */
static enum rc
take_line(struct resolve *r, size_t mark, struct err *e)
{
	struct buf *b = &r->out.buf;

	r->plan_lines++;
	r->plan_hash += hash64(span_of(b->ptr + mark, b->len - mark), 1);
	if (r->dry_run)
		return stream_out_line(&r->out, e);
	b->len = mark;
	return RC_OK;
}

static enum rc
judge_target(struct resolve *r, struct group *g, struct txn *t,
    const struct decision *d, const struct target *target, struct err *e)
{
	counts_target(r, g->policy, d, target);
	r->plan_lines++;
	r->plan_hash += operation_hash(g->policy, d, target);
	if (!r->dry_run)
		return RC_OK;
	operation_put(&r->out.buf, g->policy, t, d, target);
	stream_out_account(&r->out, g->uid);
	return stream_out_line(&r->out, e);
}

static enum rc
judge_decision(struct resolve *r, struct group *g, struct txn *t,
    const struct decision *d, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < d->target_count && !rc; i++)
		rc = judge_target(r, g, t, d, &d->targets[i], e);
	for (size_t i = 0; i < d->conflict_count && !rc; i++) {
		size_t mark = r->out.buf.len;

		operation_put_conflict(&r->out.buf, g->policy, d,
		    &d->conflicts[i]);
		rc = take_line(r, mark, e);
	}
	for (const struct case_entry *c = g->cases; c && !rc; c = c->next) {
		size_t mark = r->out.buf.len;

		if (case_line(&r->out.buf, g, c))
			rc = take_line(r, mark, e);
	}
	if (d->merged && !rc) {
		size_t mark = r->out.buf.len;

		operation_put_merge(&r->out.buf, g->policy, d);
		rc = take_line(r, mark, e);
	}
	return rc;
}

static enum rc
judge_all(struct resolve *r, struct txn *t, struct group *g, struct err *e)
{
	struct decision d;
	uint64_t groups = 0;
	enum rc rc;

	while ((rc = group_next(r, t, g, e)) == RC_OK) {
		rc = group_decide(g, t, &d, e);
		counts_gone(r, g);
		if (!rc)
			rc = judge_decision(r, g, t, &d, e);
		if (!rc && ++groups % RENEW_GROUPS == 0 && !r->dry_run)
			rc = txn_renew(t, e);
		if (!rc && run_stopping())
			rc = err_set(e, RC_SYSTEM, "stopped while deciding; "
			    "nothing was committed");
		if (rc)
			return rc;
	}
	return rc == RC_END ? RC_OK : rc;
}

/* Once more through all, for values that may land on too many records. */
static enum rc
recount(struct resolve *r, struct txn *t, struct group *g, struct err *e)
{
	enum rc rc = group_rewind(r, g, false, e);
	struct decision d;

	while (!rc) {
		rc = group_next(r, t, g, e);
		if (!rc)
			rc = group_decide(g, t, &d, e);
		for (size_t i = 0; !rc && i < d.target_count; i++)
			spread_recount(r->suspect, r->suspect_count,
			    counts_policy_at(r, g->policy), g->policy, &d,
			    &d.targets[i], &r->arena);
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
judge(struct resolve *r, struct err *e)
{
	struct group g;
	struct txn t = { .mdb = NULL };
	enum rc rc;

	counts_new(r);
	group_init(&g);
	rc = txn_begin(&t, r->state, false, e);
	for (size_t i = 0; i < r->policy_count && !rc; i++)
		rc = policy_bind(r->policy[i], &t, e);
	for (int deleting = 0; deleting <= (r->deletes > 0) && !rc;
	    deleting++) {
		rc = group_rewind(r, &g, deleting, e);
		if (!rc)
			rc = judge_all(r, &t, &g, e);
	}
	r->judged = true;
	if (!rc)
		rc = ceilings_suspect(r, &t, e);
	if (!rc && r->suspect_count)
		rc = recount(r, &t, &g, e);
	if (!rc)
		rc = ceilings_check(r, &t, e);
	txn_abort(&t);
	group_free(&g);
	return rc;
}
