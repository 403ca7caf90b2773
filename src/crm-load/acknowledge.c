/* SPDX-License-Identifier: MIT */
/*
 * acknowledge: what came back becomes state, record by record; only then is
 * it said.  A shadow moves only for the fields that were written, and only if
 * that side was not seen otherwise meanwhile.
 */
#include "expect.h"

#include "../lib/clock.h"
#include "../lib/recall.h"
#include "../lib/ref.h"
#include "../lib/todo.h"

#define RETRY_FIRST_MS 60000
#define RETRY_MOST_MS (6 * 3600 * 1000)

struct ack {
	struct load *l;
	struct txn *t;
	struct job *j;
	struct policy_system *s;
	struct span entity;
	struct record record;   /* as it is now */
	struct side *side;
};

static struct source
source_of(const struct ack *a, struct span id)
{
	return (struct source){ a->entity, a->s->name, a->s->object, id };
}

/* ---- links ---- */

static bool
has_refs(const struct ack *a)
{
	const struct entity *en = a->j->outlet->policy->entity;

	for (size_t i = 0; i < en->field_count; i++)
		if (en->fields[i].type == TYPE_REF)
			return true;
	return false;
}

/*
 * RC_RECORD when that id is live as another record of ours.  `exact`: the side
 * is known as it stands there, so that its next sight can be expected; else
 * that is compared in full, as is what was so before: it may show a reference
 * that cannot be followed yet.
 */
static enum rc
put_link(struct ack *a, struct span id, bool live, bool exact,
    struct err *e)
{
	struct source src = source_of(a, id);
	struct link link = { .live = false };
	enum rc rc = link_get(a->t, &src, &link, &a->l->arena, e);
	bool new = rc == RC_END, was = rc == RC_OK && link.live;

	if (rc != RC_OK && rc != RC_END)
		return rc;
	if (was && !span_eq(link.uid, a->j->uid))
		return err_set(e, RC_RECORD, "record %.*s there is linked to "
		    "%.*s", SPAN_ARG(id), SPAN_ARG(link.uid));
	if (new && !live)
		return RC_OK;
	rc = tallies_change(a->t, a->j->outlet, was, live,
	    new ? &link.ordinal : NULL, e);
	if (rc)
		return rc;
	if (new)
		link.scope = a->j->outlet->scope;
	exact &= !was || link.seen.lo || link.seen.hi || !has_refs(a);
	link.seen = (struct hash128){ 0, 0 };
	link.live = live;
	link.uid = a->j->uid;
	rc = live && exact ? expect_seen(a->l, a->t, a->j->outlet, &a->record,
	    a->side, &link.seen, e) : RC_OK;
	if (rc)
		return rc;
	if (was != live)
		link.since = clock_now();
	return link_put(a->t, &src, &link, e);
}

/* ---- the side ---- */

/* Seen otherwise meanwhile: what it shows now is newer than our write. */
static bool
moved_meanwhile(const struct ack *a)
{
	return a->side && a->j->side &&
	    a->side->revision != a->j->revision &&
	    a->side->modified > a->j->item->modified;
}

/* The fields as they were sent; later decisions stay pending. */
static enum rc
move_fields(struct ack *a, struct err *e)
{
	const struct job *j = a->j;
	const struct policy *p = j->outlet->policy;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->entity->field_count && !rc; i++) {
		struct span sent, held;
		size_t then, now;

		if (!j->sent || !j->sent[i])
			continue;
		then = policy_field_at(p, i, &j->record);
		now = policy_field_at(p, i, &a->record);
		if (now == SIZE_MAX)
			now = record_append(&a->record, p->name[i],
			    &a->l->arena);
		sent = j->record.fields[then].value;
		rc = ref_as_told(a->t, a->s->name, sent, &a->l->arena, &held,
		    e);
		record_hold(&a->record, a->side, now, held, span_eq(held,
		    sent) ? span_of(NULL, 0) : sent, &a->l->arena);
	}
	return rc;
}

/* It had been edited there besides, and nobody has read that yet. */
static bool
holds_unread(const struct write_item *item)
{
	return item->kind == WRITE_UPDATE && item->version.len &&
	    span_eq(item->new_version, item->version);
}

static void
move_version(struct ack *a)
{
	const struct write_item *item = a->j->item;

	a->side->version = item->new_version;
	if (!holds_unread(item))
		a->side->synced = clock_now();
	if (item->modified > a->side->modified)
		a->side->modified = item->modified;
	a->side->revision++;
}

static enum rc
ack_written(struct ack *a, struct err *e)
{
	const struct write_item *item = a->j->item;
	struct span id = item->kind == WRITE_CREATE ? item->new_id : item->id;
	size_t fields = a->record.field_count;
	enum rc rc;

	if (moved_meanwhile(a))
		return RC_OK;
	if (!a->side)
		a->side = record_add_side(&a->record, a->s->id,
		    &a->l->arena);
	if (item->kind == WRITE_CREATE) {
		a->side->object = a->s->object;
		a->side->id = id;
	}
	a->side->life = LIFE_LIVE;
	if (a->j->stamp || item->kind == WRITE_CREATE)
		a->side->copied = false;
	rc = move_fields(a, e);
	move_version(a);
	if (!rc)
		rc = put_link(a, id, true, true, e);
	if (rc)
		return rc;
	if (a->record.field_count > fields)
		rc = record_put_agreed(a->t, &a->record, e);
	return rc ? rc : record_put_side(a->t, &a->record, a->side, e);
}

static enum rc
ack_removed(struct ack *a, struct err *e)
{
	enum rc rc;

	if (!a->side)
		return RC_OK;
	a->side->life = a->j->item->kind == WRITE_ARCHIVE ? LIFE_ARCHIVED :
	    LIFE_DELETED;
	move_version(a);
	rc = put_link(a, a->j->item->id, false, false, e);
	return rc ? rc : record_put_side(a->t, &a->record, a->side, e);
}

/*
 * It was archived there, and somebody brought it back before we did: for
 * deciding it is gone there until that has been read.
 */
static bool
returned_by_hand(const struct ack *a)
{
	const struct write_item *item = a->j->item;

	return a->side && (a->side->life == LIFE_ARCHIVED || a->side->life ==
	    LIFE_DELETED) && span_eq(a->side->id, item->new_id) &&
	    !item->returned && !item->repeat;
}

/* By what was last seen it is another one's there, and a person said no. */
static enum rc
find_merged(struct ack *a, bool *merged, struct err *e)
{
	struct source src = source_of(a, a->j->item->new_id);
	struct link link = { .live = false };
	enum rc rc = link_get(a->t, &src, &link, &a->l->arena, e);

	*merged = !rc && link.merged;
	return rc == RC_END ? RC_OK : rc;
}

/* A create met the record: link it, decide again once it has been read. */
static enum rc
ack_exists(struct ack *a, bool *merged, struct err *e)
{
	struct span id = a->j->item->new_id;
	struct source src = source_of(a, id);
	enum rc rc = find_merged(a, merged, e);

	if (rc)
		return rc;
	if (returned_by_hand(a))
		return todo_put(a->t, &src, SPAN("a create met it"), e);
	if (!a->side)
		a->side = record_add_side(&a->record, a->s->id,
		    &a->l->arena);
	a->side->object = a->s->object;
	a->side->id = id;
	rc = put_link(a, id, true, false, e);
	if (rc)
		return rc;
	a->side->life = LIFE_LIVE;
	a->side->revision++;
	rc = record_put_side(a->t, &a->record, a->side, e);
	return rc ? rc : todo_put(a->t, &src, SPAN("a create met it"), e);
}

/* ---- the outbox ---- */

static bool
still_differs(const struct ack *a)
{
	const struct policy *p = a->j->outlet->policy;
	bool there = a->side && a->side->life == LIFE_LIVE;

	if (a->record.life == LIFE_MERGED)
		return false;
	if (a->record.life != LIFE_LIVE)
		return there;
	if (!there)
		return !a->side || a->side->life != LIFE_MERGED;
	return policy_sends_any(p, a->s, &a->record, a->side) ||
	    policy_stamps(p, a->s, a->side);
}

static int64_t
next_try(uint32_t attempts)
{
	int64_t wait = RETRY_FIRST_MS;

	while (attempts-- > 1 && wait < RETRY_MOST_MS)
		wait *= 2;
	return clock_now() + (wait < RETRY_MOST_MS ? wait : RETRY_MOST_MS);
}

/* Gives the claim back, with what is to be known of this attempt. */
static enum rc
put_back(struct ack *a, bool held, bool failed, bool unknown, struct err *e)
{
	struct load *l = a->l;
	struct job *j = a->j;
	struct outbox o = { .version = 0 };
	enum rc rc = outbox_get(a->t, l->system->name, a->entity, j->uid, &o,
	    e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (doubt_is_taken(j, &o))
		return RC_OK;
	if (unknown)
		o.flight = arena_dup(&l->arena, o.flight);
	doubt_land(j, &o, unknown);
	if (o.version == j->claimed_version) {
		o.held |= held;
		o.attempts += failed;
		o.next_try = failed ? next_try(o.attempts) : 0;
		o.error = span_str(j->why ? j->why : j->left);
	} else {
		o.error = arena_dup(&l->arena, o.error);
	}
	return outbox_put(a->t, l->system->name, a->entity, j->uid, &o, e);
}

/* It has been answered, or there was nothing to ask. */
static enum rc
settle_entry(struct ack *a, struct err *e)
{
	struct outbox o = { .version = 0 };
	enum rc rc = outbox_get(a->t, a->l->system->name, a->entity,
	    a->j->uid, &o, e);

	if (rc || doubt_is_taken(a->j, &o))
		return rc == RC_END ? RC_OK : rc;
	if (a->j->item)
		a->j->flight = SPAN("");
	if (!still_differs(a))
		return outbox_del(a->t, a->l->system->name, a->entity,
		    a->j->uid, e);
	return put_back(a, false, false, false, e);
}

/* ---- one job ---- */

static void
say_why(struct ack *a, const char *status, const char *code,
    const struct err *e)
{
	a->j->status = status;
	a->j->code = code;
	a->j->why = arena_cstr(&a->l->arena, span_str(e->text));
}

/* Its address there may be a field of the record: the next run sees. */
static enum rc
recall_derived(struct ack *a, struct err *e)
{
	return a->j->outlet->policy->entity->derives ? recall_put(a->t,
	    a->entity, a->j->uid, e) : RC_OK;
}

/* Read while it was made: whoever did did not know that it is ours. */
static enum rc
reread_made(struct ack *a, struct err *e)
{
	struct source src = source_of(a, a->j->item->new_id);

	return a->j->outlet->overtaken ? todo_put(a->t, &src, TODO_MADE, e) :
	    RC_OK;
}

static enum rc
ack_done(struct ack *a, struct err *e)
{
	enum write_kind kind = a->j->item->kind;
	enum rc rc = kind == WRITE_CREATE || kind == WRITE_UPDATE ?
	    ack_written(a, e) : ack_removed(a, e);

	if (rc == RC_RECORD) {
		say_why(a, "held", "linked", e);
		return put_back(a, true, false, false, e);
	}
	a->j->status = "done";
	if (!rc && kind == WRITE_CREATE)
		rc = reread_made(a, e);
	if (!rc && kind == WRITE_CREATE)
		rc = recall_derived(a, e);
	return rc ? rc : settle_entry(a, e);
}

static enum rc
ack_reread(struct ack *a, const char *code, const char *why, struct err *e)
{
	const struct write_item *item = a->j->item;
	struct source src = source_of(a, item->id.len ? item->id :
	    item->new_id);
	enum rc rc = todo_put(a->t, &src, span_str(why), e);

	a->j->status = "stale";
	a->j->code = code;
	a->j->why = why;
	return rc ? rc : put_back(a, false, true, false, e);
}

static enum rc
ack_failed(struct ack *a, bool sent, struct err *e)
{
	say_why(a, sent ? "failed" : "held", sent ? "refused" : "unsent",
	    &a->j->item->error);
	return put_back(a, sent, sent, false, e);
}

static enum rc
ack_item(struct ack *a, struct err *e)
{
	const struct err met = { "it exists there already: it is read and "
		"decided again" };
	const struct err edited = { "it was edited while it was archived "
		"there, and is back as it is: it is read and decided again" };
	const struct err other = { "it was merged there, and is there still: "
		"take it apart there, too; it is read and decided again" };
	bool merged = false;
	enum rc rc;

	switch (a->j->item->status) {
	case WRITE_DONE:
		return ack_done(a, e);
	case WRITE_STALE:
		return ack_reread(a, "moved", "a field to be written has "
		    "moved there: it is read and decided again", e);
	case WRITE_GONE:
		return ack_reread(a, "gone", "it is not there any more: it is "
		    "read and decided again", e);
	case WRITE_EXISTS:
		rc = ack_exists(a, &merged, e);
		if (rc && rc != RC_RECORD)
			return rc;
		if (rc)
			say_why(a, "held", "linked", e);
		else
			say_why(a, "stale", "exists", a->j->item->returned ?
			    &edited : merged ? &other : &met);
		return put_back(a, rc == RC_RECORD, false, false, e);
	case WRITE_FAILED:
		return ack_failed(a, true, e);
	case WRITE_NOT_SENT:
		return ack_failed(a, false, e);
	default:
		say_why(a, "unknown", "unknown", &a->j->item->error);
		return put_back(a, false, true, true, e);
	}
}

/* What was agreed has usually not moved since: then it need not be read. */
static enum rc
load_record(struct ack *a, struct err *e)
{
	struct load *l = a->l;
	const struct job *j = a->j;
	enum rc rc = record_reload(a->t, &j->record, &l->system_id, 1,
	    &l->arena, &a->record, e);

	a->side = record_side(&a->record, l->system_id);
	return rc;
}

static enum rc
acknowledge_job(struct load *l, struct txn *t, struct job *j, struct err *e)
{
	struct ack a = { .l = l, .t = t, .j = j, .s = j->outlet->system,
		.entity = j->outlet->policy->entity->name };
	enum rc rc;

	if (!j->claimed)
		return RC_OK;
	rc = load_record(&a, e);
	if (rc)
		return rc;
	if (!j->status)
		return ack_item(&a, e);
	/* settled while claiming: nothing was sent */
	if (strcmp(j->status, "done") == 0)
		return settle_entry(&a, e);
	return put_back(&a, strcmp(j->status, "failed") == 0,
	    strcmp(j->status, "failed") == 0, false, e);
}

enum rc
acknowledge(struct load *l, struct err *e)
{
	struct txn t = { .mdb = NULL };
	enum rc rc = txn_begin(&t, l->state, true, e);

	if (!rc)
		rc = audit_begin(l->audit, &t, e);
	if (!rc)
		rc = overtaken_look(l, &t, e);
	for (size_t i = 0; i < l->count && !rc; i++) {
		rc = acknowledge_job(l, &t, &l->jobs[i], e);
		if (!rc)
			trail_job(l, &l->jobs[i]);
		if (!rc)
			rc = measure_job(l, &t, &l->jobs[i], e);
	}
	if (!rc)
		rc = tallies_put(l, &t, e);
	if (!rc)
		rc = measure_put(l, &t, e);
	if (!rc)
		rc = audit_put(l->audit, &t, e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	for (size_t i = 0; i < l->count && !rc; i++)
		rc = receipt_put(l, &l->jobs[i], e);
	return rc;
}
