/* SPDX-License-Identifier: MIT */
#include "match_index.h"

#include "limits.h"

#define LEAD SPAN("match")

/* ---- how it stands ---- */

enum rc
match_standing_get(struct txn *t, struct span entity,
    struct match_standing *s, struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	*s = (struct match_standing){ .changes = 0 };
	KEY(&key, LEAD, entity);
	rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	if (rc == RC_END)
		return RC_OK;
	if (!rc && value.len != sizeof *s)
		return err_set(e, RC_STATE, "state: a damaged match index; "
		    "see crm-state check");
	if (!rc)
		memcpy(s, value.ptr, sizeof *s);
	return rc;
}

enum rc
match_standing_put(struct txn *t, struct span entity,
    const struct match_standing *s, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, LEAD, entity);
	return txn_put(t, TABLE_META, buf_view(&key),
	    span_of((const char *)s, sizeof *s), e);
}

struct hash128
match_keys(const struct entity *en)
{
	struct hash128 h = { 1, en->match_count };

	for (size_t k = 0; k < en->match_count; k++)
		for (size_t i = 0; i < en->match[k].count; i++) {
			const struct entity_field *f =
			    &en->fields[en->match[k].fields[i]];
			struct hash128 part = hash128(f->name, h.lo + k);

			h.lo = part.lo + (uint64_t)f->type;
			h.hi = hash_fold(h.hi, part.hi) + 1;
		}
	return h;
}

/* ---- rows ---- */

size_t
match_variants(const struct policy *p, const struct record *r)
{
	const struct entity *en = p->entity;

	for (size_t k = 0; k < en->match_count; k++)
		for (size_t i = 0; i < en->match[k].count; i++) {
			size_t at = policy_field_at(p, en->match[k].fields[i],
			    r);

			if (at != SIZE_MAX && r->fields[at].conflict)
				return 1 + r->side_count;
		}
	return 1;
}

void
match_values(const struct policy *p, const struct record *r,
    size_t variant, struct match_room *m, struct hash128 value[LIMIT_MATCH])
{
	const struct entity *en = p->entity;
	struct span *values;

	arena_reset(&m->values);
	values = arena_zero(&m->values, (en->field_count + 1) *
	    sizeof *values);
	for (size_t i = 0; i < en->field_count; i++) {
		size_t at = policy_field_at(p, i, r);

		if (at == SIZE_MAX)
			continue;
		values[i] = r->fields[at].value;
		if (variant && r->fields[at].conflict)
			values[i] = r->sides[variant - 1].value[at];
	}
	for (size_t k = 0; k < LIMIT_MATCH; k++)
		if (k >= en->match_count || !match_hash(en, k, values, m,
		    &value[k]))
			value[k] = (struct hash128){ 0, 0 };
}

static void
put_prefix(struct buf *b, struct span entity, struct hash128 value)
{
	KEY(b, entity, SPAN(""));
	buf_put(b, &value, sizeof value);
}

enum rc
match_add(struct txn *t, struct span entity, struct hash128 value,
    struct span uid, struct err *e)
{
	struct span there;
	enum rc rc;
	KEY_BUF(key);

	put_prefix(&key, entity, value);
	buf_span(&key, uid);
	if (key.len > LIMIT_KEY) /* the hash takes what names leave */
		return err_set(e, RC_RECORD, "its names and id are too long");
	rc = txn_get(t, TABLE_MATCH, buf_view(&key), &there, e);
	return rc != RC_END ? rc : txn_put(t, TABLE_MATCH, buf_view(&key),
	    SPAN(""), e);
}

enum rc
match_add_record(struct txn *t, const struct policy *p,
    const struct record *r, struct match_room *m, struct err *e)
{
	size_t variants = match_variants(p, r);
	struct hash128 value[LIMIT_MATCH];
	enum rc rc = RC_OK;

	for (size_t i = 0; i < variants && !rc; i++) {
		match_values(p, r, i, m, value);
		for (size_t k = 0; k < p->entity->match_count && !rc; k++)
			if (value[k].lo || value[k].hi)
				rc = match_add(t, r->entity, value[k],
				    r->uid, e);
	}
	return rc;
}

enum rc
match_each(struct txn *t, struct span entity, struct hash128 value,
    walk_visit *visit, void *arg, struct err *e)
{
	KEY_BUF(prefix);

	put_prefix(&prefix, entity, value);
	return walk_each(t, TABLE_MATCH, buf_view(&prefix), visit, arg, e);
}

enum rc
match_keep(struct txn *t, const struct policy *p, const struct record *r,
    struct err *e)
{
	struct match_standing s;
	struct match_room m;
	enum rc rc = match_standing_get(t, r->entity, &s, e);

	if (rc || !p->entity->match_count)
		return rc;
	s.changes++;
	rc = match_standing_put(t, r->entity, &s, e);
	if (rc || !match_complete(&s, p->entity))
		return rc;
	match_room_init(&m);
	rc = match_add_record(t, p, r, &m, e);
	match_room_free(&m);
	return rc;
}
