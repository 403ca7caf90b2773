/* SPDX-License-Identifier: MIT */
/* body: the fields of a job in the target's own names and values. */
#include "load.h"

#include "../lib/history.h"
#include "../lib/ref.h"

/*
 * What is sent of each field, agreed's or the side's, with the ids there in
 * references; a NULL ptr: nothing.
 */
static enum rc
find_values(struct load *l, struct txn *t, struct job *j, bool held,
    struct span *values, struct err *e)
{
	const struct policy *p = j->outlet->policy;

	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, &j->record);
		struct span value;
		enum rc rc;

		values[i] = span_of(NULL, 0);
		if (!j->sent[i])
			continue;
		/* what was never shown is expected not to be there */
		value = held ? side_value(j->side, at) :
		    j->record.fields[at].value;
		rc = held ? ref_to_last_id(t, l->system->name, value,
		    &l->arena, &value, e) : ref_to_id(t, l->system->name,
		    value, &l->arena, &value, e);
		if (rc == RC_END && !held) {
			j->sent[i] = false;
			j->held_reference = true;
		}
		j->refers |= p->entity->fields[i].type == TYPE_REF;
		j->refers_away |= held && rc == RC_END;
		if (rc == RC_END)
			continue;
		if (rc)
			return rc;
		values[i] = value;
	}
	return RC_OK;
}

/* l->text becomes a canonical object of them. */
static enum rc
put_fields(struct load *l, const struct job *j, const struct span *values,
    struct err *e)
{
	const struct entity *en = j->outlet->policy->entity;
	struct buf *b = &l->text;

	buf_reset(b);
	buf_putc(b, '{');
	for (size_t i = 0; i < en->field_count; i++) {
		if (!values[i].ptr)
			continue;
		json_put_key(b, en->fields[i].name);
		buf_span(b, values[i]);
	}
	buf_putc(b, '}');
	return buf_check(b, e);
}

/* l->text becomes {"fields":…,"history":…}: what was, of what is sent. */
static void
add_history(struct load *l, const struct job *j)
{
	const struct policy *p = j->outlet->policy;
	const struct mapping *m = j->outlet->system->mapping;
	struct span fields = arena_dup(&l->arena, buf_view(&l->text));
	struct buf *b = &l->text;

	buf_reset(b);
	BUF_LIT(b, "{\"fields\":");
	buf_span(b, fields);
	BUF_LIT(b, ",\"history\":{");
	for (size_t i = 0; i < m->field_count; i++) {
		size_t field = m->fields[i].field;
		const struct entity_field *ef = &p->entity->fields[field];

		if (!m->fields[i].uses_history || !j->sent[field])
			continue;
		json_put_key(b, ef->name);
		history_put(b, &j->record.fields[policy_field_at(p, field,
		    &j->record)], ef->history);
	}
	BUF_LIT(b, "}}");
}

/* The canonical object in l->text, or with history two in one. */
static enum rc
write_text(struct load *l, struct mapping *m, bool history, struct buf *body,
    struct err *e)
{
	enum rc rc = json_parse(&l->json, buf_view(&l->text), e);
	uint32_t past = 0, fields = 0;

	if (!rc && history) {
		past = json_get(&l->json, 0, SPAN("history"));
		fields = json_get(&l->json, 0, SPAN("fields"));
	}
	return rc ? rc : mapping_write_history(m, &l->json, fields, past,
	    body, e);
}

/* The values in the target's own names, in the arena. */
static enum rc
to_target(struct load *l, const struct job *j, const struct span *values,
    bool history, struct span *out, struct err *e)
{
	struct mapping *m = j->outlet->system->mapping;
	struct buf *body = &l->body;
	enum rc rc = RC_OK;

	buf_reset(body);
	if (mapping_writes_values(m)) {
		rc = mapping_write_values(m, values, body, e);
	} else {
		rc = put_fields(l, j, values, e);
		if (!rc && history)
			add_history(l, j);
		if (!rc)
			rc = write_text(l, m, history, body, e);
	}
	if (!rc)
		rc = buf_check(body, e);
	if (!rc)
		*out = arena_dup(&l->arena, buf_view(body));
	return rc;
}

enum rc
body_make(struct load *l, struct txn *t, struct job *j, bool held,
    struct span *out, struct err *e)
{
	size_t fields = j->outlet->policy->entity->field_count;
	struct span *values = arena_alloc(&l->arena, (fields + 1) *
	    sizeof *values);
	enum rc rc = find_values(l, t, j, held, values, e);

	return rc ? rc : to_target(l, j, values, !held &&
	    j->outlet->system->mapping->uses_history, out, e);
}
