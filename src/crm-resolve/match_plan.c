/* SPDX-License-Identifier: MIT */
#include "match_plan.h"

#include "resolve.h"

/* A run that changes more than these would change most of the index's pages. */
#ifdef CRM_FAULT
#define BULK 8
#define BUILD_ROWS 3
#else
#define BULK 20000
#define BUILD_ROWS 20000
#endif

enum rc
match_plan_make(struct resolve *r, size_t policy, struct txn *t,
    bool takes_part, struct err *e)
{
	struct match_plan *m = &r->match[policy];
	const struct entity *en = r->policy[policy]->entity;
	bool complete, bulk = r->lines - r->same > BULK;
	enum rc rc;

	*m = (struct match_plan){ .kept = en->match_count > 0 ||
	    en->similar };
	if (!m->kept)
		return RC_OK;
	rc = match_standing_get(t, en->name, &m->standing, e);
	complete = match_complete(&m->standing, en);
	for (size_t i = 0; i < r->policy[policy]->system_count; i++)
		m->adds |= r->unlinked[policy][i] > 0;
	m->look_up = complete && !bulk;
	m->drop = complete && bulk;
	m->build = takes_part && !complete && !bulk && !r->dry_run;
	m->maintain = m->look_up || m->build;
	return rc;
}

static enum rc
begin(struct match_plan *m, struct txn *t, struct span entity,
    struct match_standing *now, struct err *e)
{
	m->begun = true;
	now->changes++;
	now->additions += m->adds;
	if (m->drop)
		now->keys = (struct hash128){ 0, 0 };
	m->build &= now->changes == m->standing.changes + 1;
	m->standing = *now;
	return match_standing_put(t, entity, now, e);
}

enum rc
match_plan_batch(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count && !rc; i++) {
		struct match_plan *m = &r->match[i];
		struct span entity = r->policy[i]->entity->name;
		struct match_standing now;

		if (!m->kept)
			continue;
		rc = match_standing_get(t, entity, &now, e);
		if (rc)
			break;
		m->overtaken |= now.additions != m->standing.additions;
		if (!m->begun)
			rc = begin(m, t, entity, &now, e);
	}
	return rc;
}

enum rc
match_plan_put(struct resolve *r, size_t policy, struct txn *t,
    const struct decision *d, struct err *e)
{
	if (!r->match[policy].maintain || !(d->changed || d->grown) ||
	    d->record.life != LIFE_LIVE)
		return RC_OK;
	return match_add_record(t, r->policy[policy], &d->record,
	    &r->match_room, e);
}

/* ---- building ---- */

static enum rc
add_row(struct resolve *r, struct txn *t, struct span key, struct err *e)
{
	uint32_t policy;
	struct hash128 value;

	memcpy(&policy, key.ptr, sizeof policy);
	memcpy(&value, key.ptr + sizeof policy, sizeof value);
	return match_add(t, r->policy[policy]->entity->name, value,
	    span_of(key.ptr + sizeof policy + sizeof value, key.len -
	    sizeof policy - sizeof value), e);
}

/* Only if nobody changed anything since we looked. */
static enum rc
complete(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count && !rc; i++) {
		struct match_plan *m = &r->match[i];
		const struct entity *en = r->policy[i]->entity;
		struct match_standing now;

		if (!m->build)
			continue;
		rc = match_standing_get(t, en->name, &now, e);
		if (rc || now.changes != m->standing.changes)
			continue;
		now.keys = match_keys(en);
		rc = match_standing_put(t, en->name, &now, e);
	}
	return rc;
}

static enum rc
one_batch(struct resolve *r, bool *last, struct err *e)
{
	struct txn t = { .mdb = NULL };
	enum rc rc = txn_begin(&t, r->state, true, e);

	for (size_t n = 0; n < BUILD_ROWS && !rc; n++) {
		struct span key, payload;

		rc = spool_next(r->match_rows, &key, &payload, e);
		if (!rc)
			rc = add_row(r, &t, key, e);
	}
	*last = rc == RC_END;
	if (*last)
		rc = complete(r, &t, e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	return rc;
}

enum rc
match_plan_build(struct resolve *r, struct err *e)
{
	bool last = !r->match_rows;
	enum rc rc = last ? RC_OK : spool_rewind(r->match_rows, e);

	while (!rc && !last && !run_stopping())
		rc = one_batch(r, &last, e);
	return rc;
}
