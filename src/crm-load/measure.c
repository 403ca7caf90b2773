/* SPDX-License-Identifier: MIT */
/*
 * measure: what crm-status is to tell: how much was delivered, and how long
 * it took from its change to its receipt.  Kept with each acknowledgement, in
 * its transaction.
 */
#include "load.h"

#include <stdlib.h>

#include "../lib/checkpoint.h"
#include "../lib/clock.h"
#include "../lib/flow.h"
#include "../lib/xalloc.h"

struct measure {
	struct flow flow;         /* of the batch */
	uint64_t jobs;
	struct {
		uint32_t system;  /* interned */
		int64_t time;     /* ms: when it was first read; 0: unknown */
	} first[LIMIT_SYSTEMS];
	size_t first_count;
};

void
measure_free(struct measure *m)
{
	free(m);
}

void
measure_begin(struct load *l)
{
	l->batch_began = clock_now();
}

/* When that system's records of the entity were first read. */
static enum rc
first_read(struct measure *m, struct txn *t, struct span entity,
    uint32_t system, int64_t *time, struct err *e)
{
	enum rc rc;

	for (size_t i = 0; i < m->first_count; i++)
		if (m->first[i].system == system) {
			*time = m->first[i].time;
			return RC_OK;
		}
	rc = checkpoint_first(t, name_of(t->state, system), entity, time, e);
	if (rc || m->first_count == LIMIT_SYSTEMS)
		return rc;
	m->first[m->first_count].system = system;
	m->first[m->first_count++].time = *time;
	return RC_OK;
}

/*
 * The newest change of what was sent, and whose it is; 0: not known.  What is
 * derived is nobody's change.
 */
static int64_t
modified(const struct job *j, uint32_t *origin)
{
	const struct policy *p = j->outlet->policy;
	const struct record *r = &j->record;
	int64_t time = 0;

	*origin = r->life_origin;
	if (!j->sent)
		return r->life_time;
	for (size_t i = 0; i < p->entity->field_count; i++) {
		const struct agreed_field *f;

		if (!j->sent[i] || p->entity->fields[i].derive != DERIVE_NONE)
			continue;
		f = &r->fields[policy_field_at(p, i, r)];
		if (f->time < time)
			continue;
		time = f->time;
		*origin = f->origin;
	}
	return time;
}

/*
 * What is older than the first look at its source was never late; nor is
 * anything while that look is not ended.
 */
static enum rc
add_latency(struct measure *m, struct txn *t, const struct job *j,
    struct err *e)
{
	uint32_t origin;
	int64_t first = 0, time = modified(j, &origin);
	enum rc rc = RC_OK;

	if (!time)
		return RC_OK;
	rc = first_read(m, t, j->outlet->policy->entity->name, origin, &first,
	    e);
	if (rc)
		return rc;
	if (!first || time < first)
		m->flow.n[FLOW_BACKLOG]++;
	else
		histogram_add(&m->flow.latency, clock_now() - time);
	return RC_OK;
}

static enum rc
add_done(struct measure *m, struct txn *t, const struct job *j,
    struct err *e)
{
	static const enum flow_count kind[] = {
		[WRITE_CREATE] = FLOW_CREATED, [WRITE_UPDATE] = FLOW_UPDATED,
		[WRITE_ARCHIVE] = FLOW_ARCHIVED, [WRITE_DELETE] = FLOW_DELETED
	};

	if (!j->item)
		return RC_OK; /* nothing had to be sent */
	m->flow.n[kind[j->item->kind]]++;
	m->flow.delivered = clock_now();
	return add_latency(m, t, j, e);
}

static bool
is_code(const struct job *j, const char *code)
{
	return j->code && strcmp(j->code, code) == 0;
}

static void
add_undone(struct measure *m, const struct job *j)
{
	uint64_t *n = m->flow.n;

	if (strcmp(j->status, "stale") == 0) {
		n[FLOW_STALE]++;
		return;
	}
	if (strcmp(j->status, "failed") == 0 || is_code(j, "linked"))
		n[FLOW_FAILED]++;
	else if (strcmp(j->status, "unknown") == 0)
		n[FLOW_UNKNOWN]++;
	else if (is_code(j, "unsent"))
		n[FLOW_UNSENT]++;
	else
		return; /* it waits: nothing was tried */
	m->flow.failed = clock_now();
}

enum rc
measure_job(struct load *l, struct txn *t, const struct job *j,
    struct err *e)
{
	struct outlet *o = j->outlet;

	if (!j->claimed || !j->status)
		return RC_OK;
	if (!o->measure)
		o->measure = xcalloc(1, sizeof *o->measure);
	o->measure->jobs++;
	l->measured++;
	if (strcmp(j->status, "done") == 0)
		return add_done(o->measure, t, j, e);
	add_undone(o->measure, j);
	return RC_OK;
}

/* The time the batch took is shared by those it was of. */
enum rc
measure_put(struct load *l, struct txn *t, struct err *e)
{
	int64_t now = clock_now();
	uint64_t took = now > l->batch_began ?
	    (uint64_t)(now - l->batch_began) : 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->outlet_count && !rc; i++) {
		struct measure *m = l->outlet[i].measure;

		if (!m || !m->jobs)
			continue;
		m->flow.n[FLOW_BUSY] = took * m->jobs / l->measured;
		rc = flow_add(t, l->system->name,
		    l->outlet[i].policy->entity->name, now, &m->flow, e);
		memset(&m->flow, 0, sizeof m->flow);
		m->jobs = 0;
		m->first_count = 0; /* by the next it may be known */
	}
	l->measured = 0;
	return rc;
}
