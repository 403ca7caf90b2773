/* SPDX-License-Identifier: MIT */
/*
 * claim: takes outbox entries for this run, durably, and computes what is
 * sent: agreed minus the shadow as both are now.
 */
#include "load.h"

#include "../lib/clock.h"
#include "../lib/xalloc.h"

#include <stddef.h>

#define LEASE_MS (10 * 60 * 1000) /* a claim older than this is dead */

static enum rc
settle(struct job *j, const char *status, const char *code, const char *why)
{
	j->status = status;
	j->code = code;
	j->why = why;
	return RC_OK;
}

/* Room for one more in the outlet's batch. */
static struct write_item *
add_item(struct load *l, struct outlet *o, struct job *j)
{
	struct write_item *item;

	if (!o->items) {
		o->items = xmalloc(l->adapter->batch_max * sizeof *o->items);
		o->jobs = xmalloc(l->adapter->batch_max * sizeof *o->jobs);
	}
	o->jobs[o->count] = j;
	item = &o->items[o->count++];
	memset(item, 0, offsetof(struct write_item, error));
	item->error.text[0] = '\0';
	item->uid = j->uid;
	j->item = item;
	return item;
}

/* May this entry be sent, by us, now? */
static enum rc
check_entry(struct job *j, const struct outbox *o)
{
	int64_t now = clock_now();

	if (j->version && o->version != j->version)
		return settle(j, "stale", "old", "decided again since: an "
		    "old plan");
	if (o->lease > now && !span_eq(o->claimant,
	    span_str(clock_run_id())))
		return settle(j, "held", "claimed", "another loader is sending "
		    "it");
	if (o->held && o->skipped)
		return settle(j, "held", "skipped", "a person said to leave "
		    "it: crm-state retry");
	if (!j->version && !o->released)
		return settle(j, "held", "proposed", "proposed, not released: "
		    "crm-state approve");
	if (o->held)
		return settle(j, "held", "refused", "refused before at these "
		    "values: change them, or crm-state retry");
	if (!j->version && o->next_try > now)
		return settle(j, "held", "waits", "waits for its next attempt");
	j->claimed = true;
	j->claimed_version = o->version;
	doubt_note(j, o);
	return RC_OK;
}

/* ---- what is sent ---- */

static bool
choose_kind(struct job *j, enum write_kind *kind)
{
	const struct record *r = &j->record;
	bool there = j->side && j->side->life == LIFE_LIVE;

	if (!there)
		j->side = NULL;
	if (r->life == LIFE_LIVE)
		*kind = there ? WRITE_UPDATE : WRITE_CREATE;
	else if (r->life == LIFE_ARCHIVED)
		*kind = WRITE_ARCHIVE;
	else
		*kind = WRITE_DELETE;
	return there || r->life == LIFE_LIVE;
}

/*
 * It became another record, or others, here or there: nothing is sent, also of
 * what was claimed before by somebody who died.
 */
static bool
has_ended(const struct job *j)
{
	return j->record.life == LIFE_MERGED ||
	    (j->record.life == LIFE_LIVE && j->side &&
	    j->side->life == LIFE_MERGED);
}

/* Does a person have to choose its value first? */
static bool
in_conflict(const struct job *j, size_t field)
{
	size_t at = policy_field_at(j->outlet->policy, field, &j->record);

	return at != SIZE_MAX && j->record.fields[at].conflict;
}

/* A create without what the entity requires is no record: it is not sent. */
static bool
lacks_required(struct load *l, struct job *j, const struct policy_system *s)
{
	const struct entity *en = j->outlet->policy->entity;
	struct err why;
	bool waits;

	for (size_t i = 0; i < en->field_count; i++) {
		if (!en->fields[i].required || j->sent[i] ||
		    !(s->direction[i] & DIR_PUSH))
			continue;
		waits = in_conflict(j, i);
		err_set(&why, RC_RECORD, waits ? "field %.*s is required, and "
		    "waits for a person" : "field %.*s is required, and has "
		    "no value", SPAN_ARG(en->fields[i].name));
		settle(j, waits ? "held" : "failed", waits ? "conflict" :
		    "required", arena_cstr(&l->arena, span_str(why.text)));
		return true;
	}
	return false;
}

static bool
shows_any(const struct record *r, const struct side *s)
{
	for (size_t i = 0; i < r->field_count; i++)
		if (s->value[i].ptr)
			return true;
	return false;
}

/*
 * What of it was last seen there, of what is sent; what no longer fits the
 * target's mapping cannot be held against anything.
 */
static enum rc
add_last_seen(struct load *l, struct txn *t, struct job *j,
    struct side *gone, struct err *e)
{
	struct span was;
	enum rc rc;

	if (!shows_any(&j->record, gone)) { /* what was read is forgotten */
		j->item->unseen = !gone->synced;
		return RC_OK;
	}
	j->side = gone;
	rc = body_make(l, t, j, true, &was, e);
	j->side = NULL;
	if (!rc)
		j->item->was = was;
	return rc == RC_RECORD ? RC_OK : rc;
}

static enum rc
build_body(struct load *l, struct txn *t, struct job *j,
    enum write_kind kind, struct err *e)
{
	const struct policy *p = j->outlet->policy;
	struct policy_system *s = j->outlet->system;
	/* what comes back may still hold values that were cleared since */
	struct side *gone = j->side ? NULL :
	    record_side(&j->record, l->system_id);
	struct span data, expected = SPAN("");
	struct write_item *item;
	size_t sent = 0;
	enum rc rc;

	doubt_add(j);
	for (size_t i = 0; i < p->entity->field_count && gone; i++)
		j->sent[i] |= policy_sends(p, s, &j->record, gone, i);
	rc = body_make(l, t, j, false, &data, e);
	for (size_t i = 0; i < p->entity->field_count; i++)
		sent += j->sent[i];
	if (!rc && !j->side && lacks_required(l, j, s))
		return RC_OK;
	if (!rc && !sent && !j->stamp && j->flight.len)
		return settle(j, "held", "unread", "it may be there");
	if (!rc && !sent && !j->stamp)
		return j->held_reference ? settle(j, "held", "reference",
		    "waits for the id of the record it refers to") :
		    settle(j, "done", NULL, "nothing is left to send");
	if (!rc && j->side)
		rc = body_make(l, t, j, true, &expected, e);
	if (rc)
		return rc;
	item = add_item(l, j->outlet, j);
	item->kind = kind;
	item->data = data;
	item->expected = expected;
	item->stamp = j->stamp;
	return gone && gone->id.len ? add_last_seen(l, t, j, gone, e) :
	    RC_OK;
}

static void
choose_fields(struct load *l, struct job *j)
{
	const struct policy *p = j->outlet->policy;

	j->sent = arena_zero(&l->arena, p->entity->field_count + 1);
	for (size_t i = 0; i < p->entity->field_count; i++)
		j->sent[i] = policy_sends(p, j->outlet->system, &j->record,
		    j->side, i);
}

/* A line that says otherwise: nothing of the record is touched. */
static enum rc
refuse_line(struct load *l, struct job *j, const struct err *why)
{
	j->claimed = false;
	j->sent = NULL;
	return settle(j, "stale", "edited", arena_cstr(&l->arena,
	    span_str(why->text)));
}

/*
 * Nothing the side ever showed, or not since it is this record's: writing would
 * be blind.
 */
static bool
is_blind(const struct job *j)
{
	return j->side && (j->side->unread || (!j->side->version.len &&
	    !shows_any(&j->record, j->side)));
}

/* The same without its references, should one of them be in the way. */
static enum rc
build_rest(struct load *l, struct txn *t, struct job *j, struct err *e)
{
	const struct entity *en = j->outlet->policy->entity;
	bool *all = j->sent, *rest = arena_zero(&l->arena, en->field_count +
	    1), any = false;
	enum rc rc;

	for (size_t i = 0; i < en->field_count; i++) {
		rest[i] = all[i] && en->fields[i].type != TYPE_REF;
		any |= rest[i];
	}
	if (!any)
		return RC_OK;
	j->sent = rest;
	rc = body_make(l, t, j, false, &j->rest_data, e);
	if (!rc)
		rc = body_make(l, t, j, true, &j->rest_expected, e);
	j->sent = all;
	j->rest = rest;
	return rc;
}

/*
 * That version may show a reference which we cannot follow (yet), and which is
 * no part of the shadow: then the values decide whether it moved.
 */
static enum rc
find_version(struct load *l, struct txn *t, struct job *j,
    struct span *version, struct err *e)
{
	struct source src = { j->record.entity, l->system->name,
		j->side->object, j->side->id };
	struct link link;
	enum rc rc = RC_END;

	*version = j->side->version;
	if (j->refers && !j->refers_away)
		rc = link_get(t, &src, &link, &l->arena, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (link.seen.lo || link.seen.hi)
		return RC_OK;
	*version = SPAN("");
	return build_rest(l, t, j, e);
}

static enum rc
build_item(struct load *l, struct txn *t, struct job *j, struct err *e)
{
	const struct side *was = record_side(&j->record, l->system_id);
	enum write_kind kind;
	bool removes;
	enum rc rc;

	j->side = record_side(&j->record, l->system_id);
	j->revision = j->side ? j->side->revision : 0;
	if (has_ended(j))
		return settle(j, "done", NULL, "it became others: nothing is "
		    "sent");
	if (!choose_kind(j, &kind) && !doubt_of_life(j))
		return settle(j, "done", NULL, "it is gone there already");
	removes = kind == WRITE_ARCHIVE || kind == WRITE_DELETE;
	if (!removes)
		choose_fields(l, j);
	j->stamp = kind == WRITE_UPDATE && policy_stamps(j->outlet->policy,
	    j->outlet->system, j->side);
	rc = said_check(l, j, kind, e);
	if (rc)
		return rc == RC_RECORD ? refuse_line(l, j, e) : rc;
	if (l->waits && kind != WRITE_UPDATE)
		return settle(j, "held", "restored", l->waits);
	if (is_blind(j))
		return settle(j, "held", "unread", "it was never read there: "
		    "read it first");
	if (removes)
		add_item(l, j->outlet, j)->kind = kind;
	else
		rc = build_body(l, t, j, kind, e);
	if (rc == RC_RECORD) /* a value that does not fit the target */
		return settle(j, "failed", "unfit", arena_cstr(&l->arena,
		    span_str(e->text)));
	if (!rc && j->item && j->side) {
		j->item->id = j->side->id;
		rc = find_version(l, t, j, &j->item->version, e);
	}
	if (rc || !j->item)
		return rc;
	/* what was archived there comes back under its id */
	if (!j->side && was) {
		j->item->id = was->id;
		j->item->version = was->version;
	}
	j->item->repeat = j->flight.len != 0;
	return RC_OK;
}

/* ---- two looks ---- */

static struct span
entity_of(const struct job *j)
{
	return j->outlet->policy->entity->name;
}

/* For the same record as at the last attempt: that is no news. */
static bool
still_waits(const struct load *l, const struct job *j,
    const struct outbox *o)
{
	return l->pending && j->code && strcmp(j->code, "reference") == 0 &&
	    span_eq(o->error, span_str(j->why));
}

/* The long part, without a lock: what would be sent, if it still stands. */
static enum rc
prepare_job(struct load *l, struct txn *t, struct job *j, struct err *e)
{
	struct outbox o = { .version = 0 };
	enum rc rc;

	if (j->repeated)
		return settle(j, "stale", "twice", "the plan has it twice");
	rc = outbox_get(t, l->system->name, entity_of(j), j->uid, &o, e);
	if (rc == RC_END)
		rc = settle(j, "stale", "old", "nothing is pending: "
		    "delivered already, or decided again since");
	else if (!rc)
		rc = check_entry(j, &o);
	/* settled in the first turn too, or by it: it has its receipt */
	j->passed = l->pending && order_removes(l) && j->status;
	if (rc || j->status)
		return rc;
	rc = record_load(t, entity_of(j), j->uid, &l->system_id, 1,
	    &l->arena, &j->record, e);
	if (rc)
		return rc;
	j->passed = l->pending &&
	    order_removes(l) != (j->record.life != LIFE_LIVE);
	j->claimed &= !j->passed;
	rc = j->passed ? RC_OK : build_item(l, t, j, e);
	if (!rc && still_waits(l, j, &o))
		j->claimed = false;
	return rc;
}

static enum rc
let_go(struct job *j, const char *status, const char *code, const char *why)
{
	j->claimed = false;
	if (j->item)
		j->item->dropped = true;
	j->item = NULL;
	return settle(j, status, code, why);
}

/*
 * The short part, under the lock: the entry is still the one we looked at, so
 * what was computed is what stands; now it is ours.  What moved in between is
 * left to the next run.
 */
static enum rc
take_job(struct load *l, struct txn *t, struct job *j, struct err *e)
{
	struct outbox o = { .version = 0 };
	enum rc rc = outbox_get(t, l->system->name, entity_of(j), j->uid, &o,
	    e);
	bool moved = rc == RC_END || o.version != j->claimed_version ||
	    !doubt_stands(j, &o) || o.held || (!j->version && !o.released) ||
	    (o.lease > clock_now() && !span_eq(o.claimant,
	    span_str(clock_run_id())));

	if (rc && rc != RC_END)
		return rc;
	if (moved)
		return let_go(j, "stale", "old", "decided again meanwhile");
	if (!j->item)
		return RC_OK;   /* settled without sending */
	o.lease = clock_now() + LEASE_MS;
	o.claimant = span_str(clock_run_id());
	o.error = arena_dup(&l->arena, o.error);
	o.released = true;
	if (doubt_fly(l, j, &o))
		return let_go(j, "held", "unread", "too much may be there");
	return outbox_put(t, l->system->name, entity_of(j), j->uid, &o, e);
}

static enum rc
each_job(struct load *l, bool write, struct err *e)
{
	struct txn t = { .mdb = NULL };
	enum rc rc = txn_begin(&t, l->state, write, e);

	t.outlived = true; /* by the jobs */
	if (!rc)
		rc = write ? overtaken_note(l, &t, e) :
		    behind_restored(l, &t, e);
	for (size_t i = 0; i < l->count && !rc; i++) {
		struct job *j = &l->jobs[i];

		if (!write)
			rc = prepare_job(l, &t, j, e);
		else if (j->claimed)
			rc = take_job(l, &t, j, e);
	}
	if (!rc && write)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	return rc;
}

/* What moved under our hands is not sent. */
static void
drop_items(struct outlet *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->count; i++) {
		if (o->items[i].dropped)
			continue;
		if (kept != i) {
			o->items[kept] = o->items[i];
			o->jobs[kept] = o->jobs[i];
			o->jobs[kept]->item = &o->items[kept];
		}
		kept++;
	}
	o->count = kept;
}

enum rc
claim(struct load *l, struct err *e)
{
	enum rc rc;

	for (size_t i = 0; i < l->outlet_count; i++)
		l->outlet[i].count = 0;
	rc = each_job(l, false, e);
	if (!rc && !l->dry_run)
		rc = each_job(l, true, e);
	for (size_t i = 0; i < l->outlet_count; i++)
		drop_items(&l->outlet[i]);
	return rc;
}
