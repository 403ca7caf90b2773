/* SPDX-License-Identifier: MIT */
#include "expect.h"

#include "../lib/clock.h"
#include "../lib/ref.h"

static void
put_head(struct buf *b, const struct outlet *o, const struct record *r,
    const struct side *side)
{
	BUF_LIT(b, "{\"type\":\"record\"");
	json_put_text(b, "system", o->system->name);
	json_put_text(b, "object", side->object);
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "id", side->id);
	clock_put_member(b, "modified", side->modified);
	json_put_member(b, "version", side->version);
	json_put_text(b, "uid", r->uid);
}

/* Fields as crm-map gives them: in the entity's order, without the absent. */
static enum rc
put_fields(struct load *l, struct txn *t, const struct outlet *o,
    const struct record *r, const struct side *side, struct buf *b,
    struct err *e)
{
	const struct policy *p = o->policy;

	BUF_LIT(b, ",\"fields\":{");
	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, r);
		struct span value = at == SIZE_MAX ? record_null :
		    side_value(side, at);
		enum rc rc;

		if (!o->system->direction[i] || span_eq(value, record_null))
			continue;
		rc = ref_to_id(t, o->system->name, value, &l->arena, &value,
		    e);
		if (rc)
			return rc;
		json_put_key(b, p->entity->fields[i].name);
		buf_span(b, value);
	}
	BUF_LIT(b, "}}");
	return RC_OK;
}

enum rc
expect_seen(struct load *l, struct txn *t, const struct outlet *o,
    const struct record *r, const struct side *side, struct hash128 *seen,
    struct err *e)
{
	struct buf *b = &l->text;
	enum rc rc;

	*seen = (struct hash128){ 0, 0 };
	if (!o->scope || !side->modified || !side->version.len)
		return RC_OK;
	buf_reset(b);
	put_head(b, o, r, side);
	rc = put_fields(l, t, o, r, side, b, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (!b->over)
		*seen = hash128(buf_view(b), l->state->seed);
	return RC_OK;
}
