/* SPDX-License-Identifier: MIT */
#include "columns.h"

#define LEAD SPAN("columns")

static enum rc
get_row(struct txn *t, const struct policy *p, struct span system,
    struct json *j, struct arena *a, struct err *e)
{
	struct span row;
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, LEAD, p->entity->name, system);
	rc = txn_get(t, TABLE_META, buf_view(&key), &row, e);
	if (!rc)
		rc = json_parse(j, arena_dup(a, row), e);
	if (rc && rc != RC_END)
		return err_set(e, RC_STATE, "state: a damaged list of names "
		    "of fields; see crm-state check");
	return rc;
}

/* ---- what was found where ---- */

static void
hold_against(struct policy *p, struct policy_system *s,
    const struct json *was, struct arena *a)
{
	for (size_t i = 0; i < s->mapping->field_count; i++) {
		const struct map_field *f = &s->mapping->fields[i];
		struct span name = json_get_string(was, 0,
		    p->entity->fields[f->field].name, a);

		if (!name.len || span_eq(name, f->from))
			continue;
		if (!s->elsewhere)
			s->elsewhere = arena_zero(&p->arena,
			    p->entity->field_count);
		s->elsewhere[f->field] = true;
	}
}

enum rc
columns_look(struct intake *n, struct err *e)
{
	struct policy *p = n->policy;
	struct policy_system *s = &p->systems[n->system_at];
	struct arena a;
	struct json was;
	enum rc rc;

	arena_init(&a);
	json_init(&was);
	rc = get_row(&n->txn, p, s->name, &was, &a, e);
	if (!rc && s->mapping)
		hold_against(p, s, &was, &a);
	json_free(&was);
	arena_free(&a);
	return rc == RC_END ? RC_OK : rc;
}

/* ---- as it is from now on ---- */

static void
put_name(struct buf *b, struct span field, struct span name)
{
	json_put_key(b, field);
	json_put_string(b, name);
}

/* Those that are not mapped now may be again. */
static void
put_row(struct buf *b, const struct policy *p, const struct policy_system *s,
    const struct json *was, struct arena *a)
{
	const struct entity *en = p->entity;

	buf_putc(b, '{');
	for (size_t i = 0; i < en->field_count; i++) {
		const struct map_field *f = NULL;
		struct span name = was ? json_get_string(was, 0,
		    en->fields[i].name, a) : SPAN("");

		for (size_t k = 0; k < s->mapping->field_count && !f; k++)
			if (s->mapping->fields[k].field == i)
				f = &s->mapping->fields[k];
		if (f && f->from.len)
			name = f->from;
		if (name.len)
			put_name(b, en->fields[i].name, name);
	}
	buf_putc(b, '}');
}

enum rc
columns_keep(const struct policy *p, struct span system, struct txn *t,
    struct err *e)
{
	size_t at = policy_system_find(p, system);
	struct arena a;
	struct json was;
	struct buf row;
	enum rc rc;
	KEY_BUF(key);

	if (at == SIZE_MAX || !p->systems[at].mapping)
		return RC_OK;
	arena_init(&a);
	json_init(&was);
	buf_init(&row, LIMIT_LINE, "names of fields");
	KEY(&key, LEAD, p->entity->name, system);
	rc = get_row(t, p, system, &was, &a, e);
	if (rc == RC_OK || rc == RC_END) {
		put_row(&row, p, &p->systems[at], rc ? NULL : &was, &a);
		rc = !rc && span_eq(buf_view(&row), json_text(&was, 0)) ?
		    RC_OK : txn_put(t, TABLE_META, buf_view(&key),
		    buf_view(&row), e);
	}
	buf_free(&row);
	json_free(&was);
	arena_free(&a);
	return rc;
}

/* ---- one record ---- */

static bool
is_shown(const struct work *w, size_t system)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->obs[i].system == system && work_counts(&w->obs[i]) &&
		    !observed_gone(&w->obs[i]))
			return true;
	return false;
}

/* What was not read otherwise than before stands in the new place, too. */
static void
forget_in(struct work *w, size_t system)
{
	const struct policy *p = w->policy;
	const struct policy_system *s = &p->systems[system];
	struct side *side = record_side(&w->d->record, s->id);
	bool shown = is_shown(w, system);

	if (!side || side->life != LIFE_LIVE)
		return;
	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, &w->d->record);

		if (!s->elsewhere[i] || at == SIZE_MAX ||
		    !side->value[at].ptr || (!shown && s->direction[i] !=
		    DIR_PUSH))
			continue;
		record_hold(&w->d->record, side, at, span_of(NULL, 0),
		    span_of(NULL, 0), NULL);
		w->d->side_changed[system] = true;
	}
}

void
columns_forget(struct work *w)
{
	for (size_t i = 0; i < w->policy->system_count; i++)
		if (w->policy->systems[i].elsewhere)
			forget_in(w, i);
}
