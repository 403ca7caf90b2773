/* SPDX-License-Identifier: MIT */
/*
 * said: whether a line of the plan says what was decided.  Its values are
 * never sent; but who has edited them must not believe they were.
 */
#include "load.h"

static const char *const op_name[] = {
	[WRITE_CREATE] = "create", [WRITE_UPDATE] = "update",
	[WRITE_ARCHIVE] = "archive", [WRITE_DELETE] = "delete"
};

static const char edited[] = "change values before crm-resolve";

static struct span
decided(const struct job *j, size_t field)
{
	size_t at = policy_field_at(j->outlet->policy, field, &j->record);

	return at == SIZE_MAX ? record_null : j->record.fields[at].value;
}

/* ---- as crm-resolve writes it: by comparing bytes ---- */

static bool
take(struct span *s, struct span lead)
{
	if (s->len < lead.len || memcmp(s->ptr, lead.ptr, lead.len) != 0)
		return false;
	*s = span_of(s->ptr + lead.len, s->len - lead.len);
	return true;
}

/* The version there, which is not compared: the system itself will. */
static void
pass_base(struct span *s)
{
	const char *quote;

	if (!take(s, SPAN(",\"base\":\"")))
		return;
	quote = memchr(s->ptr, '"', s->len);
	if (quote)
		*s = span_of(quote + 1, s->len - (size_t)(quote + 1 -
		    s->ptr));
}

static bool
take_field(struct span *s, struct span name, struct span value)
{
	return take(s, SPAN("\"")) && take(s, name) &&
	    take(s, SPAN("\":")) && take(s, value);
}

/* The uid it is given. */
static bool
take_stamp(struct span *s, struct span uid)
{
	return take(s, SPAN(",\"stamp\":\"")) && take(s, uid) &&
	    take(s, SPAN("\""));
}

/* Just an object and the line's end?  It may hold no escapes to be one. */
static bool
ends_with_object(struct span s)
{
	size_t depth = 0;
	bool text = false;

	for (size_t i = 0; i < s.len && s.ptr[i] != '\\'; i++) {
		text ^= s.ptr[i] == '"';
		depth += !text && s.ptr[i] == '{';
		depth -= !text && s.ptr[i] == '}';
		if (!depth)
			return i + 2 == s.len && s.ptr[i + 1] == '}';
	}
	return false;
}

/* After the operation's name and version: just the fields to be sent. */
static bool
is_as_written(const struct job *j)
{
	const struct entity *en = j->outlet->policy->entity;
	struct span s = j->said_rest;
	bool first = true;

	pass_base(&s);
	if (j->stamp && !take_stamp(&s, j->uid))
		return false;
	if (!j->sent)
		return span_eq(s, SPAN("}"));
	if (!take(&s, SPAN(",\"fields\":{")))
		return false;
	for (size_t i = 0; i < en->field_count; i++) {
		if (!j->sent[i])
			continue;
		if ((!first && !take(&s, SPAN(","))) ||
		    !take_field(&s, en->fields[i].name, decided(j, i)))
			return false;
		first = false;
	}
	return span_eq(s, SPAN("}}")) ||
	    (take(&s, SPAN("},\"why\":")) && ends_with_object(s));
}

/* ---- in another form: by its values ---- */

static bool
is_same(struct load *l, uint32_t value, struct span want)
{
	bool same;

	buf_reset(&l->text);
	json_put_value(&l->text, &l->json, value, &l->arena);
	same = !l->text.over && span_eq(buf_view(&l->text), want);
	buf_reset(&l->text);
	return same;
}

static size_t
find_field(const struct load *l, const struct entity *en, uint32_t key)
{
	size_t i = 0;

	while (i < en->field_count && !json_is(&l->json, key,
	    en->fields[i].name))
		i++;
	return i;
}

/* What the line says: also of fields that need not be sent any more. */
static enum rc
check_values(struct load *l, const struct job *j, uint32_t fields,
    struct err *e)
{
	const struct entity *en = j->outlet->policy->entity;

	for (JSON_EACH(&l->json, fields, key, value)) {
		size_t i = find_field(l, en, key);

		if (i < en->field_count && is_same(l, value, decided(j, i)))
			continue;
		return err_set(e, RC_RECORD, "the line's value of %.*s is not "
		    "what was decided: %s",
		    SPAN_ARG(json_inner(&l->json, key)), edited);
	}
	return RC_OK;
}

/* What it does not say, and is to be sent. */
static enum rc
check_all(struct load *l, const struct job *j, uint32_t fields,
    struct err *e)
{
	const struct entity *en = j->outlet->policy->entity;

	for (size_t i = 0; i < en->field_count; i++)
		if (j->sent && j->sent[i] && !json_get(&l->json, fields,
		    en->fields[i].name))
			return err_set(e, RC_RECORD, "the line has no %.*s, "
			    "which is to be sent: a line is sent whole or not "
			    "at all", SPAN_ARG(en->fields[i].name));
	return RC_OK;
}

/* What was to be created may have been since, but for some fields. */
static enum rc
check_op(struct load *l, enum write_kind kind, struct err *e)
{
	struct span op = json_get_string(&l->json, 0, SPAN("op"), &l->arena);

	if (span_eq(op, span_str(op_name[kind])) ||
	    (kind == WRITE_UPDATE && span_eq(op, SPAN("create"))))
		return RC_OK;
	return err_set(e, RC_RECORD, "the line's operation is not what is to "
	    "be done, which is %s: an old plan, or an edited one",
	    op_name[kind]);
}

/* The uid it is to be given: just that, if the line says one. */
static enum rc
check_stamp(struct load *l, const struct job *j, struct err *e)
{
	uint32_t node = json_get(&l->json, 0, SPAN("stamp"));

	if (!node ? !j->stamp : span_eq(json_get_string(&l->json, 0,
	    SPAN("stamp"), &l->arena), j->uid))
		return RC_OK;
	return err_set(e, RC_RECORD, node ? "the line's stamp is not the "
	    "record's uid: an edited plan" : "the line has no stamp, which is "
	    "to be written: a line is sent whole or not at all");
}

enum rc
said_check(struct load *l, const struct job *j, enum write_kind kind,
    struct err *e)
{
	uint32_t fields;
	enum rc rc;

	if (!j->said.ptr || (j->said_rest.len &&
	    span_eq(j->said_op, span_str(op_name[kind])) && is_as_written(j)))
		return RC_OK;
	rc = json_parse(&l->json, j->said, e);
	if (!rc)
		rc = check_op(l, kind, e);
	if (rc)
		return rc;
	fields = json_get(&l->json, 0, SPAN("fields"));
	if (fields && json_kind(&l->json, fields) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "the line's fields are no "
		    "object: %s", edited);
	rc = check_stamp(l, j, e);
	if (!rc && fields)
		rc = check_values(l, j, fields, e);
	return rc ? rc : check_all(l, j, fields, e);
}
