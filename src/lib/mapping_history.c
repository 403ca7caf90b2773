/* SPDX-License-Identifier: MIT */
/* mapping_history: a field's last values, and where they lead, as fields of a
 * target. */
#include "mapping_private.h"

#include "history.h"
#include "limits.h"
#include "literal.h"
#include "mapping_file.h"

static const char *const list_keys[] = { "to", "join", NULL };

/* history: "Name", or {to: "Name", join: ", "}: a text instead of a list. */
static enum rc
load_list(struct map_loader *l)
{
	uint32_t node = json_get(l->j, l->node, SPAN("history"));
	struct map_field *f = l->f;
	enum rc rc;

	if (!node)
		return RC_OK;
	if (json_kind(l->j, node) != JSON_OBJECT)
		return mapping_file_string(l->j, l->node, "history",
		    &l->m->arena, &f->history, l->e);
	rc = literal_keys(l->j, node, list_keys, l->e);
	if (!rc)
		rc = mapping_file_string(l->j, node, "to", &l->m->arena,
		    &f->history, l->e);
	if (!rc)
		rc = mapping_file_string(l->j, node, "join", &l->m->arena,
		    &f->history_join, l->e);
	if (!rc && !f->history.len)
		rc = err_set(l->e, RC_CONFIG, "needs to: the target's name");
	return rc ? err_prefix(l->e, rc, "history") : RC_OK;
}

static bool
has_order(enum field_type type)
{
	return type == TYPE_NUMBER || type == TYPE_INTEGER ||
	    type == TYPE_DATE || type == TYPE_DATETIME;
}

enum rc
mapping_history_load(struct map_loader *l)
{
	struct map_field *f = l->f;
	bool expression = l->s->write && jqprog_wants_history(l->s->write);
	enum rc rc = load_list(l);

	if (!rc)
		rc = mapping_file_string(l->j, l->node, "trend", &l->m->arena,
		    &f->trend, l->e);
	if (rc)
		return rc;
	f->uses_history = f->history.len || f->trend.len || expression;
	l->m->uses_history |= f->uses_history;
	if (l->s->read && jqprog_wants_history(l->s->read))
		return err_set(l->e, RC_CONFIG, "read: $history is for what is"
		    " written");
	if (f->uses_history && !l->field->history)
		return err_set(l->e, RC_CONFIG, "the entity keeps no history"
		    " of it: give history: 6 there");
	if (f->uses_history && !(f->dir & DIR_PUSH))
		return err_set(l->e, RC_CONFIG, "history is written: dir must"
		    " be \"push\" or \"both\"");
	if (f->trend.len && !has_order(l->field->type))
		return err_set(l->e, RC_CONFIG, "trend is for numbers and"
		    " dates");
	return RC_OK;
}

/* ---- writing ---- */

static void
put_values(struct mapping *m, const struct json *j, uint32_t list,
    struct buf *out)
{
	const char *mark = "";

	buf_putc(out, '[');
	for (JSON_ITEMS(j, list, item)) {
		buf_printf(out, "%s", mark);
		json_put_value(out, j, json_get(j, item, SPAN("value")),
		    &m->private->scratch);
		mark = ",";
	}
	buf_putc(out, ']');
}

static void
put_joined(struct mapping *m, const struct map_field *f,
    const struct json *j, uint32_t list, struct buf *out)
{
	struct buf *text = &m->private->text;
	bool first = true;

	buf_reset(text);
	for (JSON_ITEMS(j, list, item)) {
		uint32_t value = json_get(j, item, SPAN("value"));

		if (!first)
			buf_span(text, f->history_join);
		first = false;
		buf_span(text, json_kind(j, value) == JSON_STRING ?
		    json_string(j, value, &m->private->scratch) :
		    json_text(j, value));
	}
	json_put_string(out, buf_view(text));
}

static bool
is_list(const struct json *j, uint32_t list)
{
	if (!list || json_kind(j, list) != JSON_ARRAY)
		return false;
	for (JSON_ITEMS(j, list, item))
		if (json_kind(j, item) != JSON_OBJECT ||
		    !json_get(j, item, SPAN("value")))
			return false;
	return true;
}

enum rc
mapping_history_put(struct mapping *m, const struct map_field *f,
    const struct json *j, uint32_t list, struct buf *out, struct err *e)
{
	struct span trend;

	if (!list || !(f->history.len || f->trend.len))
		return RC_OK;
	if (!is_list(j, list))
		return err_set(e, RC_RECORD, "its history is no list of"
		    " {value, time}");
	if (f->history.len) {
		json_put_key(out, f->history);
		if (f->history_join.ptr)
			put_joined(m, f, j, list, out);
		else
			put_values(m, j, list, out);
	}
	if (f->trend.len) {
		trend = history_trend(j, list);
		json_put_key(out, f->trend);
		if (trend.len)
			json_put_string(out, trend);
		else
			BUF_LIT(out, "null");
	}
	return RC_OK;
}
