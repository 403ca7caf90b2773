/* SPDX-License-Identifier: MIT */
/*
 * repair_pending: the outbox is where agreed and shadow differ.  What is not
 * pending any more goes; what is missing comes back as proposed, and the next
 * run decides it again, ceilings and all: so does what has to be created.
 */
#include "repair.h"

#include "../lib/clock.h"
#include "../lib/operation.h"
#include "../lib/outbox.h"
#include "../lib/recall.h"
#include "../lib/waiting.h"

/* While it is claimed, or may have left us, it is the loader's. */
static bool
is_busy(const struct outbox *o)
{
	return o->lease || o->intent;
}

/* A row that tells nothing: nobody knows what for, or nothing differs. */
static enum rc
is_idle(struct repair *k, struct span system, struct span entity,
    struct span uid, bool *idle, struct err *e)
{
	struct policy *p;
	struct record r;
	const struct side *side;
	enum target_op op;
	size_t at;
	enum rc rc = policies_get(&k->policies, &k->txn, entity, &p, e);

	*idle = false;
	if (!rc)
		rc = record_load(&k->txn, entity, uid, p->ids, p->id_count,
		    &k->arena, &r, e);
	at = rc ? SIZE_MAX : policy_system_find(p, system);
	if (at == SIZE_MAX || !p->systems[at].enabled)
		return rc;
	side = record_side(&r, p->systems[at].id);
	*idle = !r.version || (side && side->life != LIFE_NONE &&
	    !operation_target(p, &p->systems[at], &r, &op));
	return RC_OK;
}

/* key: system \0 entity \0 uid */
static enum rc
check_row(struct repair *k, void *arg, struct span key, struct err *e)
{
	struct span rest = key, system = key_take(&rest);
	struct span entity = key_take(&rest);
	struct outbox o;
	bool idle = true;
	enum rc rc = outbox_get(&k->txn, system, entity, rest, &o, e);

	(void)arg;
	if (rc == RC_END || (!rc && is_busy(&o)))
		return RC_OK;
	if (!rc)
		rc = is_idle(k, system, entity, rest, &idle, e);
	else if (rc == RC_STATE) /* a damaged row is one too many */
		rc = RC_OK;
	if (rc || !idle)
		return rc;
	k->dropped++;
	repair_tell(k, "pending taken out", entity, system, rest);
	return outbox_del(&k->txn, system, entity, rest, e);
}

/* ---- what is missing ---- */

static enum rc
check_target(struct repair *k, const struct policy *p, size_t at,
    const struct record *r, struct err *e)
{
	struct span system = p->systems[at].name;
	struct outbox o = { .version = r->version, .since = clock_now() };
	struct outbox there;
	enum target_op op;
	enum rc rc;

	if (!operation_target(p, &p->systems[at], r, &op))
		return RC_OK;
	rc = outbox_get(&k->txn, system, r->entity, r->uid, &there, e);
	if (rc != RC_END)
		return rc;
	/* what is not there may wait for a reading, or a person */
	k->recalled += op == TARGET_CREATE;
	if (op == TARGET_CREATE)
		return recall_put(&k->txn, r->entity, r->uid, e);
	/* perhaps nobody had approved it */
	o.asks = op == TARGET_ARCHIVE || op == TARGET_DELETE;
	k->pending++;
	repair_tell(k, "pending put back", r->entity, system, r->uid);
	rc = recall_put(&k->txn, r->entity, r->uid, e);
	return rc ? rc : outbox_put(&k->txn, system, r->entity, r->uid, &o,
	    e);
}

/* key: entity \0 uid */
static enum rc
check_record(struct repair *k, void *arg, struct span key, struct err *e)
{
	struct span uid = key, entity = key_take(&uid);
	struct policy *p;
	struct record r;
	enum rc rc = policies_get(&k->policies, &k->txn, entity, &p, e);

	(void)arg;
	if (!rc)
		rc = record_load(&k->txn, entity, uid, p->ids, p->id_count,
		    &k->arena, &r, e);
	if (rc == RC_STATE) /* crm-state check names it */
		return RC_OK;
	if (!rc)
		rc = waiting_keep(&k->txn, &r, e);
	for (size_t i = 0; !rc && i < p->system_count; i++)
		rc = check_target(k, p, i, &r, e);
	return rc;
}

enum rc
repair_pending(struct repair *k, struct err *e)
{
	enum rc rc = repair_each(k, TABLE_OUTBOX, SPAN(""), check_row, NULL,
	    e);

	return rc ? rc : repair_each(k, TABLE_AGREED, SPAN(""), check_record,
	    NULL, e);
}
