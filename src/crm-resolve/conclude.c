/* SPDX-License-Identifier: MIT */
/* conclude: what follows from whole sections, with the last batch. */
#include "resolve.h"

#include "../lib/away.h"
#include "../lib/checkpoint.h"
#include "../lib/ref.h"
#include "../lib/todo.h"
#include "columns.h"
#include "making.h"
#include "share.h"

int64_t
conclude_began(const struct resolve *r, int64_t began)
{
	began = began ? began : r->run.began;
	/* a clock may have been ahead; what this run puts came later */
	return began < r->taken ? began : r->taken;
}

/* When the first section that can have shown it was begun to be read. */
static int64_t
began_of(const struct resolve *r, const struct source *s)
{
	int64_t began = r->run.began;

	for (size_t i = 0; i < r->conclusion_count; i++) {
		const struct conclusion *c = &r->conclusion[i];

		if (c->began && c->began < began &&
		    span_eq(c->system, s->system) &&
		    span_eq(c->object, s->object) &&
		    span_eq(c->entity, s->entity))
			began = c->began;
	}
	return began;
}

static enum rc
put_todo(struct resolve *r, struct txn *t, struct err *e)
{
	struct span list = buf_view(&r->todo);
	struct source src;
	struct span why;
	enum rc rc = RC_OK;
	bool put;

	while (list.len && !rc) {
		if (!span_take_counted(&list, &src.entity) ||
		    !span_take_counted(&list, &src.system) ||
		    !span_take_counted(&list, &src.object) ||
		    !span_take_counted(&list, &src.id) ||
		    !span_take_counted(&list, &why))
			return err_set(e, RC_SYSTEM, "the to-do list broke");
		put = why.len;
		if (span_eq(why, TODO_MADE))
			rc = making_ended(t, &src, &put, e);
		if (!rc && put)
			rc = span_eq(why, TODO_REJECTED) ?
			    todo_put_merged(t, &src, why, SPAN(""), e) :
			    todo_put(t, &src, why, e);
		else if (!rc && !why.len)
			rc = todo_settle(t, &src, began_of(r, &src), e);
	}
	return rc;
}

/* The row, with the entities that references could be followed to. */
static enum rc
put_checkpoint(struct txn *t, const struct conclusion *c, struct err *e)
{
	struct buf row, entities;
	enum rc rc;

	buf_init(&row, LIMIT_LINE, "checkpoint");
	buf_init(&entities, LIMIT_LINE, "checkpoint");
	rc = ref_entities(t, c->system, &entities, e);
	buf_put(&row, c->checkpoint.ptr, c->checkpoint.len - 1);
	json_put_key(&row, SPAN("entities"));
	json_put_string(&row, buf_view(&entities));
	buf_putc(&row, '}');
	if (!rc)
		rc = checkpoint_put(t, c->system, c->object, c->entity,
		    buf_view(&row), e);
	buf_free(&entities);
	buf_free(&row);
	return rc;
}

/*
 * A listing of all there is has shown all that was to be read again.  What
 * could not be used once more was put on the list anew, after it was begun.
 */
static enum rc
clear_todo(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->conclusion_count && !rc; i++) {
		const struct conclusion *c = &r->conclusion[i];
		struct source src = { c->entity, c->system, c->object,
			SPAN("") };

		if (c->listed)
			rc = todo_clear(t, &src, conclude_began(r, c->began),
			    e);
	}
	return rc;
}

/* Who is back was told; who is not here has to be, once it is. */
static enum rc
keep_away(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->conclusion_count && !rc; i++) {
		const struct conclusion *c = &r->conclusion[i];

		if (c->checkpoint.len)
			rc = away_forget(t, c->entity, c->system, e);
	}
	for (size_t i = 0; i < r->policy_count && !rc; i++)
		rc = away_note(t, r->policy[i], e);
	return rc;
}

/* Only now is anything concluded about what was read. */
enum rc
conclude(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = clear_todo(r, t, e);

	if (!rc)
		rc = keep_away(r, t, e);
	if (!rc)
		rc = put_todo(r, t, e);
	if (!rc)
		rc = share_settle(r, t, e);
	if (!rc)
		rc = section_put_accounts(r, t, e);

	for (size_t i = 0; i < r->conclusion_count && !rc; i++) {
		const struct conclusion *c = &r->conclusion[i];

		if (c->checkpoint.len)
			rc = put_checkpoint(t, c, e);
		for (size_t k = 0; k < r->policy_count && !rc; k++)
			if (c->checkpoint.len && span_eq(c->entity,
			    r->policy[k]->entity->name))
				rc = columns_keep(r->policy[k], c->system, t,
				    e);
	}
	if (!rc)
		rc = inflow_put(r, t, e);
	return rc ? rc : plan_record(r, t, e);
}
