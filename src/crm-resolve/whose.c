/* SPDX-License-Identifier: MIT */
#include "whose.h"

#include "../lib/redirect.h"

/*
 * A uid is its origin.  One that we do not know (any more: the state was
 * restored, or begun anew) is the record that its origin will be when shown.
 */
static bool
is_origin(struct span uid)
{
	const char *end = uid.ptr + uid.len, *colon = memchr(uid.ptr, ':',
	    uid.len);

	return uid.len <= LIMIT_UID && !memchr(uid.ptr, '\0', uid.len) &&
	    colon && home_is_name(span_of(uid.ptr, (size_t)(colon -
	    uid.ptr))) &&
	    memchr(colon + 1, ':', (size_t)(end - colon - 1)) != NULL;
}

/* RC_OK: the uid it carries is of another record, which lives `there`, too. */
static enum rc
find_original(struct intake *n, struct span stamp, struct record *rec,
    const struct side **there, struct err *e)
{
	const struct line *l = &n->line;
	uint32_t id;
	enum rc rc;

	*there = NULL;
	if (!name_find(n->r->state, l->system, &id))
		id = UINT32_MAX;
	rc = record_load(&n->txn, n->policy->entity->name, stamp, &id,
	    id != UINT32_MAX, &n->in.arena, rec, e);
	if (rc)
		return rc;
	for (size_t i = 0; i < rec->side_count; i++)
		if (rec->sides[i].life == LIFE_LIVE &&
		    !span_eq(rec->sides[i].id, l->id))
			*there = &rec->sides[i];
	return *there ? RC_OK : RC_END;
}

/* A system may take our uid as the id of what we make, as a file store does. */
static bool
is_id_ours(const struct intake *n)
{
	struct span id = n->line.id;
	const char *colon = memchr(id.ptr, ':', id.len);

	return colon && is_origin(id) && policy_system_find(n->policy,
	    span_of(id.ptr, (size_t)(colon - id.ptr))) != SIZE_MAX;
}

/* `by` has the uid that leads to it. */
static enum rc
follow(struct intake *n, struct span uid, struct stamped *by, struct err *e)
{
	struct span *stamp = &by->uid;
	struct span entity = n->policy->entity->name;
	enum rc rc = RC_OK;

	n->head.stamp = STAMP_UNSAID;
	by->original = (struct record){ .version = 0 };
	by->there = NULL;
	if (stamp->len && !span_eq(*stamp, uid))
		rc = redirect_get(&n->txn, entity, *stamp, &n->in.arena, stamp,
		    e);
	if (rc && rc != RC_END)
		return rc;
	if (!stamp->len)
		return RC_OK;
	n->head.stamp = STAMP_OWN;
	if (span_eq(*stamp, uid))
		return RC_OK;
	rc = find_original(n, *stamp, &by->original, &by->there, e);
	n->head.stamp = rc == RC_OK ? STAMP_COPIED : STAMP_UNSAID;
	if (rc == RC_RECORD)    /* that cannot be one of ours */
		*stamp = SPAN("");
	return rc == RC_END || rc == RC_RECORD ? RC_OK : rc;
}

static struct span
carried(struct intake *n)
{
	return json_get_string(&n->line.json, 0, SPAN("stamp"), &n->in.arena);
}

enum rc
whose_stamp(struct intake *n, struct span uid, struct stamped *by,
    struct err *e)
{
	by->uid = carried(n);
	return follow(n, uid, by, e);
}

enum rc
whose_uid(struct intake *n, struct span *uid, bool *linked,
    struct stamped *by, struct err *e)
{
	const struct line *l = &n->line;
	struct arena *a = &n->in.arena;
	struct source s = { n->policy->entity->name, l->system, l->object,
		l->id };
	struct link link;
	enum rc rc = link_get(&n->txn, &s, &link, a, e);

	if (rc && rc != RC_END)
		return rc;
	*linked = rc == RC_OK;
	*uid = *linked ? link.uid : uid_make(a, l->system, l->object, l->id);
	by->uid = carried(n);
	if (!by->uid.len && !*linked && is_id_ours(n))
		by->uid = l->id;
	rc = follow(n, *uid, by, e);
	if (rc || *linked || n->head.stamp != STAMP_UNSAID || !by->uid.len ||
	    (!by->original.version && !is_origin(by->uid)))
		return rc; /* a copy is a record of its own */
	*uid = by->uid;
	*linked = n->head.stamped = true;
	n->head.stranger = !by->original.version;
	n->head.stamp = STAMP_OWN;
	return RC_OK;
}
