/* SPDX-License-Identifier: MIT */
/*
 * acknowledge: what came back becomes state, record by record; only then is
 * it said.  A shadow moves only for the fields that were written, and only if
 * that side was not seen otherwise meanwhile.
 */
#include "load.h"

#include "../lib/checkpoint.h"
#include "../lib/clock.h"

#define RETRY_FIRST_MS 60000
#define RETRY_MOST_MS (6 * 3600 * 1000)

struct ack {
	struct load *l;
	struct txn *t;
	struct job *j;
	struct policy_system *s;
	struct record record;   /* as it is now */
	struct side *side;
};

static struct source
source_of(const struct ack *a, struct span id)
{
	return (struct source){ a->j->entity, a->s->name,
		a->side ? a->side->object : a->s->object, id };
}

/* ---- links ---- */

static enum rc
put_tally(struct ack *a, const struct source *src, bool was, bool is,
    bool new, uint64_t *ordinal, struct err *e)
{
	struct tally n;
	enum rc rc = tally_get(a->t, src, &n, e);

	if (rc)
		return rc;
	if (new)
		*ordinal = n.next++;
	n.live += is;
	n.live -= was;
	return tally_put(a->t, src, &n, e);
}

/*
 * RC_RECORD when that id is live as another record of ours.  A new link has no
 * scope and no seen bytes: the next sight of it is compared in full.
 */
static enum rc
put_link(struct ack *a, struct span id, bool live, struct err *e)
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
	rc = put_tally(a, &src, was, live, new, &link.ordinal, e);
	if (rc)
		return rc;
	link.live = live;
	link.uid = a->j->uid;
	link.seen = (struct hash128){ 0, 0 };
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
	    a->side->modified > a->j->item.modified;
}

/* The fields as they were sent; later decisions stay pending. */
static void
move_fields(struct ack *a)
{
	const struct job *j = a->j;
	const struct policy *p = j->policy;

	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t then, now;

		if (!j->sent || !j->sent[i])
			continue;
		then = policy_field_at(p, i, &j->record);
		now = record_add(&a->record, p->name[i], &a->l->arena);
		a->side->value[now] = j->record.fields[then].value;
	}
}

static void
move_version(struct ack *a)
{
	const struct write_item *item = &a->j->item;

	a->side->version = item->new_version;
	if (item->modified > a->side->modified)
		a->side->modified = item->modified;
	a->side->revision++;
}

static enum rc
ack_written(struct ack *a, struct err *e)
{
	const struct write_item *item = &a->j->item;
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
	rc = put_link(a, id, true, e);
	if (rc)
		return rc;
	move_fields(a);
	move_version(a);
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
	a->side->life = LIFE_DELETED;
	move_version(a);
	rc = put_link(a, a->j->item.id, false, e);
	return rc ? rc : record_put_side(a->t, &a->record, a->side, e);
}

/* A create met the record: link it, decide again once it has been read. */
static enum rc
ack_exists(struct ack *a, struct err *e)
{
	struct span id = a->j->item.new_id;
	enum rc rc;

	if (!a->side)
		a->side = record_add_side(&a->record, a->s->id,
		    &a->l->arena);
	a->side->object = a->s->object;
	a->side->id = id;
	rc = put_link(a, id, true, e);
	if (rc)
		return rc;
	a->side->life = LIFE_LIVE;
	a->side->revision++;
	rc = record_put_side(a->t, &a->record, a->side, e);
	return rc ? rc : todo_put(a->t, a->s->name, a->s->object, id,
	    SPAN("a create met it"), e);
}

/* ---- the outbox ---- */

static bool
still_differs(const struct ack *a)
{
	const struct policy *p = a->j->policy;
	bool there = a->side && a->side->life == LIFE_LIVE;

	if (a->record.life != LIFE_LIVE)
		return there;
	if (!there)
		return true;
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (policy_sends(p, a->s, &a->record, a->side, i))
			return true;
	return false;
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
	struct span why;
	enum rc rc = outbox_get(a->t, l->system->name, j->entity, j->uid, &o,
	    e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	why = span_str(j->why.text);
	o.lease = 0;
	o.claimant = SPAN("");
	o.intent = unknown && o.intent;
	if (o.version == j->claimed_version) {
		o.held |= held;
		o.attempts += failed;
		o.next_try = failed ? next_try(o.attempts) : 0;
		o.error = arena_dup(&l->arena, why);
	} else {
		o.error = arena_dup(&l->arena, o.error);
	}
	return outbox_put(a->t, l->system->name, j->entity, j->uid, &o, e);
}

static enum rc
settle_entry(struct ack *a, struct err *e)
{
	if (!still_differs(a))
		return outbox_del(a->t, a->l->system->name, a->j->entity,
		    a->j->uid, e);
	return put_back(a, false, false, false, e);
}

/* ---- one job ---- */

static enum rc
ack_done(struct ack *a, struct err *e)
{
	enum write_kind kind = a->j->item.kind;
	enum rc rc = kind == WRITE_CREATE || kind == WRITE_UPDATE ?
	    ack_written(a, e) : ack_removed(a, e);

	if (rc == RC_RECORD) {
		a->j->status = "held";
		a->j->why = *e;
		return put_back(a, true, false, false, e);
	}
	a->j->status = "done";
	return rc ? rc : settle_entry(a, e);
}

static enum rc
ack_reread(struct ack *a, const char *why, struct err *e)
{
	enum rc rc = todo_put(a->t, a->s->name, a->s->object, a->j->item.id,
	    span_str(why), e);

	a->j->status = "stale";
	err_set(&a->j->why, RC_OK, "%s: it is read again and decided again",
	    why);
	return rc ? rc : put_back(a, false, true, false, e);
}

static enum rc
ack_failed(struct ack *a, struct err *e)
{
	bool released = a->j->status != NULL; /* it never left us */

	a->j->why = a->j->item.error;
	a->j->status = released ? "held" : "failed";
	return put_back(a, !released, !released, false, e);
}

static enum rc
ack_item(struct ack *a, struct err *e)
{
	enum rc rc;

	switch (a->j->item.status) {
	case WRITE_DONE:
		return ack_done(a, e);
	case WRITE_STALE:
		return ack_reread(a, "a field to be written has moved there",
		    e);
	case WRITE_GONE:
		return ack_reread(a, "it is not there any more", e);
	case WRITE_EXISTS:
		rc = ack_exists(a, e);
		a->j->status = rc == RC_RECORD ? "held" : "stale";
		a->j->why = rc == RC_RECORD ? *e : a->j->item.error;
		if (rc && rc != RC_RECORD)
			return rc;
		return put_back(a, rc == RC_RECORD, false, false, e);
	case WRITE_FAILED:
		return ack_failed(a, e);
	default:
		a->j->status = "unknown";
		a->j->why = a->j->item.error;
		return put_back(a, false, true, true, e);
	}
}

static enum rc
acknowledge_job(struct load *l, struct txn *t, struct job *j, struct err *e)
{
	struct ack a = { .l = l, .t = t, .j = j };
	enum rc rc;

	if (!j->claimed)
		return RC_OK;
	a.s = &j->policy->systems[policy_system_find(j->policy,
	    l->system->name)];
	rc = record_load(t, j->entity, j->uid, &l->system_id, 1, &l->arena,
	    &a.record, e);
	if (rc)
		return rc;
	a.side = record_side(&a.record, l->system_id);
	if (!j->status || strcmp(j->status, "released") == 0)
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

	for (size_t i = 0; i < l->count && !rc; i++)
		rc = acknowledge_job(l, &t, &l->jobs[i], e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	for (size_t i = 0; i < l->count && !rc; i++)
		rc = receipt_put(l, &l->jobs[i], e);
	return rc;
}
