/* SPDX-License-Identifier: MIT */
/*
 * apply: the second step.  In batches: decide again against state as it is
 * now, put what follows, commit, and only then print the batch's operations.
 * Checkpoints and the to-do list (conclude.c) come with the last batch.
 */
#include "become.h"
#include "doubt.h"
#include "merge.h"
#include "unread.h"

#include <time.h>

#include "../lib/clock.h"
#include "../lib/outbox.h"
#include "../lib/recall.h"
#include "../lib/todo.h"
#include "share.h"
#include "trail.h"

#ifdef CRM_FAULT
#define BATCH_RECORDS 3 /* the crash sweep has several batches */
#else
#define BATCH_RECORDS 3000 /* some 2 MB of lines: a loader works meanwhile */
#endif
#define BATCH_MS 200
#define BATCH_BYTES (8u << 20) /* lines, the audit's too, of large records */
#define PENDING_CAP ((size_t)1 << 30) /* lines of one batch */
#define PAUSE_NS 200000   /* lets acknowledgements take their turn */

struct batch {
	struct resolve *r;
	struct txn txn;
	struct group group;
	struct buf pending;    /* lines to print after the commit */
	bool todo[LIMIT_SYSTEMS][LIMIT_SYSTEMS]; /* [policy][system] */
	bool counted;          /* the day knows of this run */
	bool kept;             /* something is kept back */
	bool last;
};

/* ---- rows of one record ---- */

static enum rc
put_record(struct batch *b, const struct decision *d, struct err *e)
{
	const struct policy *p = b->group.policy;
	enum rc rc = RC_OK;

	if (d->changed || d->grown)
		rc = record_put_agreed(&b->txn, &d->record, e);
	/* rows are relative to agreed, those of systems not asked now too */
	for (size_t i = 0; i < d->record.side_count && !rc; i++) {
		struct side *s = &d->record.sides[i];
		size_t at = policy_system_by_id(p, s->system);

		if (d->changed || d->grown ||
		    (at != SIZE_MAX && d->side_changed[at]))
			rc = record_put_side(&b->txn, &d->record, s, e);
	}
	return rc;
}

static void
tally_change(struct policy_system *s, bool was, bool is)
{
	s->tally.live += is;
	s->tally.live -= was;
}

static enum rc
put_link(struct batch *b, const struct observation *o, struct err *e)
{
	struct group *g = &b->group;
	struct policy_system *s = &g->policy->systems[o->system];
	struct source src = { g->entity, s->name, o->object, o->id };
	struct link l = { .live = false };
	enum rc rc = link_get(&b->txn, &src, &l, &g->arena, e);
	bool was = rc == RC_OK && l.live;

	if (rc != RC_OK && rc != RC_END)
		return rc;
	if (rc == RC_END && observed_gone(o))
		return RC_OK;
	if (rc == RC_END)
		l.ordinal = s->tally.next++;
	l.live = !observed_ends(o);
	if (rc == RC_END || l.live != was)
		l.since = clock_now();
	l.uid = g->uid;
	l.merged = o->op == OBSERVED_MERGE;
	if (l.merged)
		l.seen = hash128(o->merged_into, b->txn.state->seed);
	if (l.live) {
		l.scope = o->scope;
		l.seen = o->hash;
		if (o->unlinked) /* compared in full until it is linked */
			l.seen = o->unknown ? (struct hash128){ 0, 0 } :
			    link_partly;
	}
	tally_change(s, was, l.live);
	return link_put(&b->txn, &src, &l, e);
}

/* It is to be read again.  What is shown was not merged into another. */
static enum rc
put_moved(struct batch *b, const struct source *src,
    const struct observation *o, struct err *e)
{
	struct span why = o->todo ? span_str(o->todo) :
	    SPAN("moved meanwhile");

	b->r->moved++;
	b->r->exports_moved += o->exported && !observed_gone(o);
	return o->op == OBSERVED_DELETE ? todo_put(&b->txn, src, why, e) :
	    todo_put_merged(&b->txn, src, why, o->op == OBSERVED_MERGE ?
	    o->merged_into : SPAN(""), e);
}

static enum rc
put_observation(struct batch *b, size_t policy_at,
    const struct observation *o, struct err *e)
{
	struct policy_system *s = &b->group.policy->systems[o->system];
	struct source src = { b->group.entity, s->name, o->object, o->id };
	bool *todo = &b->todo[policy_at][o->system];

	if (o->superseded) {
		b->r->duplicates++;
		return RC_OK;
	}
	if (o->moved) {
		*todo = true;
		return put_moved(b, &src, o, e);
	}
	if (o->unlinked) {
		enum rc rc = todo_put_merged(&b->txn, &src, TODO_REFERS,
		    SPAN(""), e);

		if (rc)
			return rc;
		*todo = true;
	} else if (*todo) {
		enum rc rc = todo_settle(&b->txn, &src, conclude_began(b->r,
		    o->began), e);

		if (rc)
			return rc;
	}
	return put_link(b, o, e);
}

/* ---- the outbox ---- */

static bool
is_target(const struct decision *d, size_t system)
{
	for (size_t i = 0; i < d->target_count; i++)
		if (d->targets[i].system == system)
			return true;
	return false;
}

/* What a person has yet to approve stands for what is agreed now. */
static enum rc
put_asked(struct batch *b, const struct decision *d, struct span system,
    struct outbox *o, struct err *e)
{
	const struct group *g = &b->group;

	o->version = d->record.version;
	return outbox_put(&b->txn, system, g->entity, g->uid, o, e);
}

/*
 * While an entry is claimed nothing in it is cancelled.  What there is to send
 * once it has arrived, and differs from what was decided now, nobody released.
 */
static enum rc
keep_claimed(struct batch *b, const struct decision *d, struct span system,
    struct outbox *o, bool propose, struct err *e)
{
	struct group *g = &b->group;

	if (!propose || o->version == d->record.version)
		return RC_OK;
	o->claimant = arena_dup(&g->arena, o->claimant);
	o->flight = arena_dup(&g->arena, o->flight);
	o->error = arena_dup(&g->arena, o->error);
	o->version = d->record.version;
	o->released = false;
	return outbox_put(&b->txn, system, g->entity, g->uid, o, e);
}

static enum rc
put_outbox(struct batch *b, const struct decision *d, size_t system,
    struct err *e)
{
	struct group *g = &b->group;
	const struct policy_system *s = &g->policy->systems[system];
	struct span name = s->name;
	bool wanted = is_target(d, system);
	bool propose = b->r->propose || policy_asks(s);
	struct outbox o = { .version = 0 };
	enum rc rc = outbox_get(&b->txn, name, g->entity, g->uid, &o, e);

	if (rc != RC_OK && rc != RC_END)
		return rc;
	if (d->asks >> system & 1)
		return put_asked(b, d, name, &o, e);
	if (!wanted && rc == RC_END)
		return RC_OK;
	if (!wanted)
		return o.lease || o.intent ? keep_claimed(b, d, name, &o,
		    propose, e) : outbox_del(&b->txn, name, g->entity,
		    g->uid, e);
	o.claimant = arena_dup(&g->arena, o.claimant);
	o.flight = arena_dup(&g->arena, o.flight);
	o.error = SPAN("");
	o.version = d->record.version;
	o.held = false;
	o.next_try = 0;
	o.attempts = 0;
	if (!o.since)
		o.since = g->policy->now;
	o.asks = false;
	o.released = !propose && !g->kept;
	o.kept = !propose && g->kept;
	b->kept |= o.kept;
	return outbox_put(&b->txn, name, g->entity, g->uid, &o, e);
}

static bool
shows_agreed(const struct policy *p, const struct policy_system *s,
    const struct record *r)
{
	const struct side *side = record_side(r, s->id);
	bool there = side && side->life == LIFE_LIVE;

	if (there != (r->life == LIFE_LIVE))
		return false;
	return !there || (!policy_sends_any(p, s, r, side) &&
	    !policy_stamps(p, s, side));
}

/* Somebody did there what it was to be told: there is nothing to approve. */
static enum rc
drop_reached(struct batch *b, const struct decision *d, size_t system,
    struct err *e)
{
	const struct policy *p = b->group.policy;

	if (!d->side_changed[system] ||
	    !shows_agreed(p, &p->systems[system], &d->record))
		return RC_OK;
	return put_outbox(b, d, system, e);
}

/* ---- one record ---- */

static void
print_later(struct batch *b, const struct decision *d)
{
	struct group *g = &b->group;

	for (size_t i = 0; !g->kept && i < d->target_count; i++) {
		if (policy_asks(&g->policy->systems[d->targets[i].system]))
			continue;
		operation_put(&b->pending, g->policy, &b->txn,
		    &d->record, d->why, &d->targets[i]);
		buf_putc(&b->pending, '\n');
		stream_out_account(&b->r->out, g->uid);
	}
	for (size_t i = 0; i < d->conflict_count; i++) {
		dispute_put_field(&b->pending, g->policy, d,
		    &d->conflicts[i]);
		buf_putc(&b->pending, '\n');
		run_outcome(&b->r->run, RC_RECORD);
	}
	for (const struct case_entry *c = g->cases; c; c = c->next)
		if (case_line(&b->pending, g, c)) {
			buf_putc(&b->pending, '\n');
			run_outcome(&b->r->run, RC_RECORD);
		}
	if (merge_line(&b->pending, &b->txn, g, d) ||
	    become_line(&b->pending, &b->txn, g, d)) {
		buf_putc(&b->pending, '\n');
		run_outcome(&b->r->run, RC_RECORD);
	}
}

static enum rc
apply_group(struct batch *b, struct err *e)
{
	struct group *g = &b->group;
	size_t at = counts_policy_at(b->r, g->policy);
	struct decision d;
	enum rc rc = group_decide(g, &b->txn, &d, e);

	if (!rc && d.dies && g->pass < PASS_DYING)
		return group_put_off(g, e);
	if (!rc)
		rc = trail_decision(b->r->audit, &b->txn, g->policy, g->obs,
		    g->count, &d, &g->arena, e);
	if (!rc)
		rc = put_record(b, &d, e);
	if (!rc)
		rc = dispute_keep(g->policy, &b->txn, &d, e);
	if (!rc)
		rc = unread_put(b->r, g, &b->txn, &d, e);
	if (!rc)
		rc = match_plan_put(b->r, at, &b->txn, &d, e);
	for (size_t i = 0; i < g->count && !rc; i++)
		rc = put_observation(b, at, &g->obs[i], e);
	if (!rc && g->recalled)
		rc = recall_del(&b->txn, g->entity, g->uid, e);
	if (!rc)
		rc = merge_follow(g, &b->txn, &d, b->r->audit, e);
	if (!rc)
		rc = become_follow(g, &b->txn, &d, e);
	if (!rc && g->cases)
		rc = case_put(g, &b->txn, e);
	rc = rc ? rc : doubt_settle(g, &b->txn, e);
	for (size_t i = 0; i < g->policy->system_count && !rc; i++)
		rc = d.changed ? put_outbox(b, &d, i, e) :
		    drop_reached(b, &d, i, e);
	if (!rc && b->r->kept_back && !b->r->propose && g->recalled &&
	    !g->kept && !d.changed)
		rc = share_let_go(g, &b->txn, e);
	if (!rc)
		print_later(b, &d);
	return rc;
}

/* ---- batches ---- */

static enum rc
each_tally(struct batch *b, bool put, struct err *e)
{
	struct resolve *r = b->r;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count; i++)
		for (size_t k = 0; k < r->policy[i]->system_count && !rc;
		    k++) {
			struct policy_system *s = &r->policy[i]->systems[k];
			struct source src = { r->policy[i]->entity->name,
				s->name, s->object, SPAN("") };

			rc = put ? tally_put(&b->txn, &src, &s->tally, e) :
			    tally_get(&b->txn, &src, &s->tally, e);
			if (!rc && !put)
				rc = todo_any(&b->txn, &src,
				    &b->todo[i][k], e);
			if (!rc && !put)
				rc = outbox_any(&b->txn, s->name, src.entity,
				    &s->pending, e);
		}
	return rc;
}

/* After n records: what is not committed yet is in memory. */
static bool
is_full(const struct batch *b, size_t n, int64_t start)
{
	if (b->pending.len + audit_waiting(b->r->audit) > BATCH_BYTES)
		return true;
	return n == BATCH_RECORDS || (n % 256 == 255 &&
	    clock_monotonic() - start > BATCH_MS);
}

static enum rc
apply_groups(struct batch *b, struct err *e)
{
	int64_t start = clock_monotonic();
	enum rc rc = RC_OK;

	for (size_t n = 0; !is_full(b, n, start); n++) {
		rc = group_next(b->r, &b->txn, &b->group, e);
		if (rc)
			break;
		rc = apply_group(b, e);
		if (rc == RC_RECORD) /* nothing goes on without it */
			err_prefix(e, rc, "%.*s %.*s",
			    SPAN_ARG(b->group.entity),
			    SPAN_ARG(b->group.uid));
		if (rc)
			break;
	}
	if (rc == RC_END)
		rc = group_go_on(b->r, &b->group, e);
	b->last = rc == RC_END;
	return b->last ? RC_OK : rc;
}

static enum rc
print_pending(struct batch *b, struct err *e)
{
	struct stream_out *out = &b->r->out;

	if (b->pending.over)
		return err_set(e, RC_SYSTEM, "a batch's operations are too "
		    "long to print; they are committed: crm-load --pending");
	buf_span(&out->buf, buf_view(&b->pending));
	buf_reset(&b->pending);
	return stream_out_flush(out, e);
}

static void
pause_for_others(void)
{
	struct timespec ts = { .tv_nsec = PAUSE_NS };

	nanosleep(&ts, NULL);
}

static enum rc
apply_batch(struct batch *b, struct err *e)
{
	enum rc rc = txn_begin(&b->txn, b->r->state, true, e);

	if (!rc)
		rc = audit_begin(b->r->audit, &b->txn, e);
	if (!rc)
		rc = each_tally(b, false, e);
	if (!rc && !b->counted)
		rc = counts_record(b->r, &b->txn, e);
	b->counted = true;
	if (!rc)
		rc = match_plan_batch(b->r, &b->txn, e);
	if (!rc)
		rc = apply_groups(b, e);
	if (!rc)
		rc = each_tally(b, true, e);
	if (!rc && b->kept)
		rc = share_mark(&b->txn, e);
	b->kept = false;
	if (!rc && b->last)
		rc = conclude(b->r, &b->txn, e);
	if (!rc)
		rc = audit_put(b->r->audit, &b->txn, e);
	if (!rc)
		rc = txn_commit(&b->txn, e);
	txn_abort(&b->txn);
	return rc ? rc : print_pending(b, e);
}

enum rc
apply(struct resolve *r, struct err *e)
{
	struct batch b = { .r = r };
	enum rc rc;

	group_init(&b.group);
	rc = group_rewind(r, &b.group, e);
	buf_init(&b.pending, PENDING_CAP, "operations");
	while (!rc && !b.last) {
		rc = apply_batch(&b, e);
		if (!rc && !b.last && run_stopping())
			rc = err_set(e, RC_SYSTEM, "stopped between two "
			    "batches: run again to go on");
		if (!rc && !b.last)
			pause_for_others();
	}
	if (!rc)
		rc = match_plan_build(r, e);
	buf_free(&b.pending);
	group_free(&b.group);
	return rc;
}
