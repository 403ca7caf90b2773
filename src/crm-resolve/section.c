/* SPDX-License-Identifier: MIT */
/* section: what a section's begin prepares, and what its end concludes. */
#include "intake.h"

#include "../lib/checkpoint.h"
#include "../lib/clock.h"
#include "../lib/scope.h"

/* How lines of this type start in the section, up to the id. */
static void
prepare_prefix(struct buf *b, const char *type, const struct section *s)
{
	buf_reset(b);
	buf_printf(b, "{\"type\":\"%s\",\"entity\":", type);
	json_put_string(b, s->entity);
	BUF_LIT(b, ",\"system\":");
	json_put_string(b, s->system);
	BUF_LIT(b, ",\"object\":");
	json_put_string(b, s->object);
	BUF_LIT(b, ",\"id\":\"");
}

enum rc
section_begin(struct intake *n, struct err *e)
{
	const struct section *s = &n->in.section;
	const struct json *j = &n->line.json;
	struct arena *a = &n->r->arena;
	int64_t began = 0;
	enum rc rc;

	if (!s->entity.len)
		return err_set(e, RC_CONFIG, "the section has no entity: "
		    "crm-map and crm-diff come before crm-resolve");
	rc = resolve_policy(n->r, s->entity, &n->policy, e);
	if (!rc)
		rc = policy_add_source(n->policy, s->system, &n->r->systems,
		    e);
	if (rc)
		return rc;
	n->scope = arena_dup(a, json_get_string(j, 0, SPAN("scope"), a));
	n->mapping = arena_dup(a, json_get_string(j, 0, SPAN("mapping"), a));
	n->account = arena_dup(a, json_get_string(j, 0, SPAN("account"), a));
	n->started = arena_dup(a, json_get_string(j, 0, SPAN("started"), a));
	if (!clock_parse(n->started, &began))
		began = 0;
	for (uint32_t i = 0; i < n->r->policy_count; i++)
		if (n->r->policy[i] == n->policy)
			n->policy_at = i;
	n->system_at = policy_system_find(n->policy, s->system);
	n->head = (struct observe_head){ .entity = n->policy_at,
		.scope = scope_number(n->scope), .began = began };
	prepare_prefix(&n->prefix, "same", s);
	prepare_prefix(&n->change_prefix, "change", s);
	buf_reset(&n->key);
	link_prefix(&n->key, s->entity, s->system, s->object);
	n->key_prefix = n->key.len;
	return RC_OK;
}

/* The checkpoint row this section leaves behind, if all is committed. */
static enum rc
checkpoint_row(struct intake *n, struct buf *b, bool *first,
    struct err *e)
{
	const struct section *s = &n->in.section;
	uint32_t cursor = json_get(&n->line.json, 0, SPAN("checkpoint"));
	struct span before, full = SPAN("");
	struct json j;
	enum rc rc = checkpoint_get(&n->txn, s->system, s->object, s->entity,
	    &before, e);

	if (rc != RC_OK && rc != RC_END)
		return rc;
	json_init(&j);
	if (rc == RC_OK) {
		rc = json_parse(&j, before, e);
		if (!rc)
			full = json_get_string(&j, 0, SPAN("full"),
			    &n->r->arena);
	}
	*first = s->full && !full.len;
	buf_putc(b, '{');
	if (cursor) {
		BUF_LIT(b, "\"cursor\":");
		buf_span(b, json_text(&n->line.json, cursor));
	}
	json_put_member(b, "scope", n->scope);
	json_put_member(b, "mapping", n->mapping);
	json_put_member(b, "account", n->account);
	json_put_member(b, "at", n->started);
	json_put_member(b, "full", s->full ? n->started : full);
	buf_putc(b, '}');
	json_free(&j);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
section_end(struct intake *n, struct err *e)
{
	struct resolve *r = n->r;
	const struct section *s = &n->in.section;
	const struct json *j = &n->line.json;
	uint32_t stages = json_get(j, 0, SPAN("stages")), told;
	struct conclusion *c = &r->conclusion[r->conclusion_count];
	size_t at = policy_system_find(n->policy, s->system);
	struct buf row;
	bool first = false;
	enum rc rc = RC_OK;

	if (r->conclusion_count == LIMIT_SECTIONS)
		return err_set(e, RC_CONFIG, "more than %d sections",
		    LIMIT_SECTIONS);
	if (stream_verify(&n->in, &n->line) != STREAM_WHOLE && !r->subset)
		return err_set(e, RC_SYSTEM, "the section has %llu records, "
		    "not those its end speaks of: a stage before lost some "
		    "(--subset if that was meant); nothing is committed",
		    (unsigned long long)s->count);
	*c = (struct conclusion){ .system = arena_dup(&r->arena, s->system),
		.object = arena_dup(&r->arena, s->object),
		.entity = arena_dup(&r->arena, s->entity) };
	c->complete = json_get_true(j, 0, SPAN("complete")) &&
	    stream_verify(&n->in, &n->line) == STREAM_WHOLE;
	if (stages)
		c->stages = arena_dup(&r->arena, json_text(j, stages));
	r->conclusion_count++;
	if (!c->complete)
		return RC_OK;
	told = json_get(j, 0, SPAN("absence"));
	c->listed = s->full && (!told || json_get_true(j, 0,
	    SPAN("absence")));
	if (at != SIZE_MAX && s->full)
		n->policy->systems[at].read = true;
	buf_init(&row, LIMIT_LINE, "checkpoint");
	rc = checkpoint_row(n, &row, &first, e);
	if (!rc)
		c->checkpoint = arena_dup(&r->arena, buf_view(&row));
	buf_free(&row);
	first &= at != SIZE_MAX && n->policy->systems[at].enabled;
	return rc || !first ? rc : recall_lacking(n, c->system, e);
}
