/* SPDX-License-Identifier: MIT */
/* judge: the first step.  Everything is decided and nothing is changed. */
#include "become.h"
#include "merge.h"
#include "../lib/clock.h"
#include "../lib/hash.h"
#include "../lib/outbox.h"
#include "rules.h"

#define RENEW_GROUPS 4096
#define RENEW_MS 1000

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
	r->plan_hash += operation_hash(g->policy, &d->record, target);
	if (!r->dry_run)
		return RC_OK;
	operation_put(&r->out.buf, g->policy, t, &d->record, d->why, target);
	stream_out_account(&r->out, g->uid);
	return stream_out_line(&r->out, e);
}

/* A program that did not do its work is told of here, and once. */
static void
tell_failure(struct resolve *r, const struct group *g,
    const struct conflict *c)
{
	struct err e;

	err_set(&e, RC_RECORD, "%.*s %.*s: field %.*s: %s; a person decides",
	    SPAN_ARG(g->entity), SPAN_ARG(g->uid),
	    SPAN_ARG(g->policy->entity->fields[c->field].name), c->why);
	run_problem(&r->run, NULL, RC_RECORD, &e);
}

static enum rc
judge_decision(struct resolve *r, struct group *g, struct txn *t,
    const struct decision *d, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; !g->kept && i < d->target_count && !rc; i++)
		rc = judge_target(r, g, t, d, &d->targets[i], e);
	for (size_t i = 0; i < d->conflict_count && !rc; i++) {
		size_t mark = r->out.buf.len;

		if (d->conflicts[i].failed)
			tell_failure(r, g, &d->conflicts[i]);
		dispute_put_field(&r->out.buf, g->policy, d,
		    &d->conflicts[i]);
		rc = take_line(r, mark, e);
	}
	for (const struct case_entry *c = g->cases; c && !rc; c = c->next) {
		size_t mark = r->out.buf.len;

		if (case_line(&r->out.buf, g, c))
			rc = take_line(r, mark, e);
	}
	if (!rc) {
		size_t mark = r->out.buf.len;

		if (merge_line(&r->out.buf, t, g, d) ||
		    become_line(&r->out.buf, t, g, d))
			rc = take_line(r, mark, e);
	}
	return rc;
}

/* Others may go on with what we have read: often, and after long waits. */
static enum rc
renew(struct resolve *r, struct txn *t, struct group *g, uint64_t groups,
    struct err *e)
{
	uint64_t asked = rules_asked(g->policy);
	bool due = groups % RENEW_GROUPS == 0;

	if (asked != r->asked && !due)
		due = clock_monotonic() - r->renewed > RENEW_MS;
	r->asked = asked;
	if (!due || r->dry_run)
		return RC_OK;
	r->renewed = clock_monotonic();
	return txn_renew(t, e);
}

static enum rc
judge_all(struct resolve *r, struct txn *t, struct group *g, struct err *e)
{
	struct decision d;
	uint64_t groups = 0;
	enum rc rc;

	r->renewed = clock_monotonic();

	while ((rc = group_next(r, t, g, e)) == RC_OK) {
		rc = group_decide(g, t, &d, e);
		counts_gone(r, g);
		if (!rc)
			rc = judge_decision(r, g, t, &d, e);
		if (!rc)
			rc = renew(r, t, g, ++groups, e);
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
	enum rc rc = group_rewind(r, g, e);
	struct decision d;

	while (!rc) {
		rc = group_next(r, t, g, e);
		if (!rc)
			rc = group_decide(g, t, &d, e);
		for (size_t i = 0; !rc && !g->kept && i < d.target_count; i++)
			spread_recount(r->suspect, r->suspect_count,
			    counts_policy_at(r, g->policy), g->policy, &d,
			    &d.targets[i], &r->arena);
	}
	return rc == RC_END ? RC_OK : rc;
}

/* And whether anything is pending there at all. */
static enum rc
bind(struct policy *p, struct txn *t, struct err *e)
{
	enum rc rc = policy_bind(p, t, e);

	for (size_t i = 0; i < p->system_count && !rc; i++)
		rc = outbox_any(t, p->systems[i].name, p->entity->name,
		    &p->systems[i].pending, e);
	return rc;
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
		rc = bind(r->policy[i], &t, e);
	rc = rc ? rc : group_rewind(r, &g, e);
	while (!rc) { /* nothing changes: what dies need not be put off */
		rc = judge_all(r, &t, &g, e);
		if (!rc)
			rc = group_go_on(r, &g, e);
	}
	rc = rc == RC_END ? RC_OK : rc;
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
