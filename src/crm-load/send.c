/* SPDX-License-Identifier: MIT */
/* send: claimed records go to the adapter, a batch an entity. */
#include "load.h"

#include "../lib/scope.h"

#include <stdlib.h>

/*
 * What lists all it has lists what we just made there: if the next listing
 * lacks it, it is gone.  Elsewhere it first has to be seen within a scope.
 */
static uint32_t
scope_of(const struct load *l, const struct outlet *o)
{
	char room[32];
	struct buf text = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };

	if (!(l->adapter->kind->caps & CAP_LIST_IS_ALL) ||
	    (l->adapter->kind->caps & CAP_WRITE_ONCE))
		return 0;
	scope_put(&text, span_str(l->adapter->kind->name), o->system->object);
	return scope_number(buf_view(&text));
}

static enum rc
bind_outlet(struct load *l, struct outlet *o, struct err *e)
{
	struct txn t = { .mdb = NULL };
	size_t at = policy_system_find(o->policy, l->system->name);
	enum rc rc;

	if (at == SIZE_MAX)
		return err_set(e, RC_CONFIG, "no mapping %.*s.%.*s: it says "
		    "what is written there", SPAN_ARG(o->policy->entity->name),
		    SPAN_ARG(l->system->name));
	o->system = &o->policy->systems[at];
	o->scope = scope_of(l, o);
	rc = txn_begin(&t, l->state, !l->dry_run, e);
	if (!rc)
		rc = policy_bind(o->policy, &t, e);
	if (!rc && !l->dry_run)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	l->system_id = o->system->id;
	return rc;
}

enum rc
send_outlet(struct load *l, struct span entity, struct outlet **out,
    struct err *e)
{
	struct outlet *o;
	enum rc rc;

	for (size_t i = 0; i < l->outlet_count; i++)
		if (span_eq(l->outlet[i].policy->entity->name, entity)) {
			*out = &l->outlet[i];
			return RC_OK;
		}
	if (l->outlet_count == LIMIT_SYSTEMS)
		return err_set(e, RC_CONFIG, "more than %d entities",
		    LIMIT_SYSTEMS);
	o = &l->outlet[l->outlet_count];
	*o = (struct outlet){ .writer = NULL };
	rc = policy_load(&o->policy, entity, &l->systems, l->system->name, e);
	if (rc)
		return rc;
	rc = bind_outlet(l, o, e);
	if (rc) {
		policy_free(o->policy);
		return rc;
	}
	l->outlet_count++;
	*out = o;
	return RC_OK;
}

/* Nothing left us if it could not even be opened. */
static void
nothing_left(struct outlet *o, const struct err *why)
{
	for (size_t i = 0; i < o->count; i++) {
		o->items[i].status = WRITE_NOT_SENT;
		o->items[i].error = *why;
	}
}

static enum rc
send_batch(struct load *l, struct outlet *o, struct err *e)
{
	enum rc rc = RC_OK;

	if (!o->writer)
		rc = l->adapter->write_open(&o->writer, l->system,
		    o->system->object, o->system->mapping, e);
	if (rc) {
		nothing_left(o, e);
		return rc;
	}
	return l->adapter->write(o->writer, o->items, o->count, e);
}

/* The next write would take its answer away. */
static void
keep_answer(struct load *l, struct write_item *item)
{
	item->new_id = arena_dup(&l->arena, item->new_id);
	item->new_version = arena_dup(&l->arena, item->new_version);
}

/* From now on the job is about the rest of it. */
static void
leave_references(struct job *j, struct write_item *item)
{
	*item = *j->item;
	item->status = 0;
	item->error.text[0] = '\0';
	item->data = j->rest_data;
	item->expected = j->rest_expected;
	item->version = j->side->version; /* it holds for all but those */
	j->item = item;
	j->sent = j->rest;
	j->left = "a reference there leads to no record that is known: it is "
	    "not written over";
}

/* What moved there may be nothing but a reference that we cannot follow. */
static enum rc
send_rest(struct load *l, struct outlet *o, struct err *e)
{
	struct write_item *items;
	size_t n = 0;

	for (size_t i = 0; i < o->count; i++)
		n += o->jobs[i]->rest && o->items[i].status == WRITE_STALE;
	if (!n)
		return RC_OK;
	items = arena_zero(&l->arena, n * sizeof *items);
	n = 0;
	for (size_t i = 0; i < o->count; i++) {
		if (o->jobs[i]->rest && o->items[i].status == WRITE_STALE)
			leave_references(o->jobs[i], &items[n++]);
		else
			keep_answer(l, &o->items[i]);
	}
	return l->adapter->write(o->writer, items, n, e);
}

enum rc
send_jobs(struct load *l, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->outlet_count; i++) {
		struct outlet *o = &l->outlet[i];

		if (rc)
			nothing_left(o, e);
		else if (o->count)
			rc = send_batch(l, o, e);
		if (!rc && o->count)
			rc = send_rest(l, o, e);
	}
	return rc;
}

enum rc
send_close(struct load *l, struct err *e)
{
	enum rc worst = RC_OK;

	for (size_t i = 0; i < l->outlet_count; i++) {
		struct outlet *o = &l->outlet[i];
		struct err why = { "" };
		enum rc rc = o->writer ?
		    l->adapter->write_close(o->writer, &why) : RC_OK;

		o->writer = NULL;
		policy_free(o->policy);
		measure_free(o->measure);
		free(o->items);
		free(o->jobs);
		if (rc && !worst) {
			worst = rc;
			*e = why;
		}
	}
	l->outlet_count = 0;
	return worst;
}
