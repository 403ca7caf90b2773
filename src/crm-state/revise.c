/* SPDX-License-Identifier: MIT */
#include "revise.h"

#include "../lib/away.h"
#include "../lib/clock.h"
#include "../lib/match_index.h"
#include "../lib/outbox.h"
#include "../lib/recall.h"

enum rc
revise_load(const struct policy *p, struct txn *t, struct span entity,
    struct span uid, struct arena *a, struct record *r, struct err *e)
{
	return record_load(t, entity, uid, p->ids, p->id_count, a, r, e);
}

/* It never stood there: whether it may is for a run to find out. */
static bool
is_new_there(const struct revision *v, size_t system)
{
	const struct policy_system *s = &v->policy->systems[system];
	const struct side *side = record_side(v->record, s->id);
	enum target_op op;

	return (!side || side->life == LIFE_NONE) && operation_target(
	    v->policy, s, v->record, &op) && op == TARGET_CREATE;
}

void
revise_plan(struct revision *v)
{
	const struct policy *p = v->policy;

	v->record->version++;
	v->target_count = v->waiting = 0;
	v->waits = arena_zero(v->arena, (p->system_count + 1) *
	    sizeof *v->waits);
	v->targets = arena_alloc(v->arena, (p->system_count + 1) *
	    sizeof *v->targets);
	for (size_t i = 0; i < p->system_count; i++) {
		enum target_op op;

		if (operation_target(p, &p->systems[i], v->record, &op) &&
		    !is_new_there(v, i))
			v->targets[v->target_count++] =
			    (struct target){ i, op };
	}
}

/* SIZE_MAX: it has nothing to be told. */
static size_t
target_of(const struct revision *v, size_t system)
{
	for (size_t i = 0; i < v->target_count; i++)
		if (v->targets[i].system == system)
			return i;
	return SIZE_MAX;
}

static bool
removes(const struct target *t)
{
	return t && (t->op == TARGET_ARCHIVE || t->op == TARGET_DELETE);
}

/*
 * A word on a field approves nothing else: what was proposed before stays that;
 * nor a deletion.
 */
static bool
is_released(const struct revision *v, const struct target *t,
    const struct outbox *o, bool pending)
{
	return !v->proposed && (pending ? o->released : !removes(t));
}

/* While an entry is claimed nothing in it is cancelled. */
static enum rc
put_outbox(struct revision *v, struct txn *t, size_t system, struct err *e)
{
	struct span name = v->policy->systems[system].name;
	size_t at = target_of(v, system);
	const struct target *target = at == SIZE_MAX ? NULL : &v->targets[at];
	const struct record *r = v->record;
	struct outbox o = { .version = 0 };
	enum rc rc = outbox_get(t, name, r->entity, r->uid, &o, e);

	if (rc && rc != RC_END)
		return rc;
	if (rc == RC_END && is_new_there(v, system))
		return recall_put(t, r->entity, r->uid, e);
	if (at == SIZE_MAX && !is_new_there(v, system))
		return rc == RC_END || o.lease || o.intent ? RC_OK :
		    outbox_del(t, name, r->entity, r->uid, e);
	o.claimant = arena_dup(v->arena, o.claimant);
	o.error = SPAN("");
	o.version = r->version;
	o.released = is_released(v, target, &o, rc == RC_OK);
	o.kept &= !o.released;
	o.asks = removes(target);
	o.held = o.skipped = v->stays >> system & 1;
	o.next_try = 0;
	o.attempts = 0;
	if (!o.since)
		o.since = clock_now();
	if (at != SIZE_MAX && !o.released) {
		v->waits[at] = true;
		v->waiting++;
	}
	return outbox_put(t, name, r->entity, r->uid, &o, e);
}

enum rc
revise_put(struct revision *v, struct txn *t, struct err *e)
{
	struct audit_decision told = { .before = v->before,
		.after = v->record, .why = v->why, .by = v->by, .of = v->of };
	enum rc rc;

	revise_plan(v);
	rc = record_put_agreed(t, v->record, e);
	/* rows are relative to agreed: all of them */
	for (size_t i = 0; i < v->record->side_count && !rc; i++)
		rc = record_put_side(t, v->record, &v->record->sides[i], e);
	if (!rc)
		rc = match_keep(t, v->policy, v->record, e);
	for (size_t i = 0; i < v->policy->system_count && !rc; i++)
		rc = put_outbox(v, t, i, e);
	if (!rc)
		rc = away_note(t, v->policy, e);
	if (!rc && v->policy->entity->derives) /* what follows from it */
		rc = recall_put(t, v->record->entity, v->record->uid, e);
	if (!rc && v->audit)
		audit_tell_decision(v->audit, t->state, &told);
	return rc;
}
