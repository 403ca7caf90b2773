/* SPDX-License-Identifier: MIT */
/*
 * hubspot_fields: which fields an object has: its properties, what stands
 * beside them in `data`, and whom it may be associated with.  Owners,
 * pipelines and stages have no properties: theirs are listed here.
 */
#include "hubspot.h"

#include "../lib/limits.h"
#include "../lib/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is no property ---- */

struct fixed {
	const char *name, *label, *type;
	bool unique;
};

static const struct fixed envelope[] = {
	{ "id", "Record ID", "text", true },
	{ "archived", "Archived", "boolean", false },
	{ "createdAt", "Created", "datetime", false },
	{ "updatedAt", "Updated", "datetime", false },
	{ "merged_into", "Merged into", "text", false },
	{ NULL, NULL, NULL, false }
};

static const struct fixed owners[] = {
	{ "id", "Owner ID", "text", true },
	{ "email", "Email", "email", false },
	{ "type", "Type", "enum", false },
	{ "firstName", "First name", "text", false },
	{ "lastName", "Last name", "text", false },
	{ "userId", "User ID", "number", false },
	{ "userIdIncludingInactive", "User ID", "number", false },
	{ "teams", "Teams", "json", false },
	{ "archived", "Archived", "boolean", false },
	{ "createdAt", "Created", "datetime", false },
	{ "updatedAt", "Updated", "datetime", false },
	{ NULL, NULL, NULL, false }
};

static const struct fixed pipelines[] = {
	{ "id", "Pipeline ID", "text", true },
	{ "label", "Label", "text", false },
	{ "displayOrder", "Order", "number", false },
	{ "archived", "Archived", "boolean", false },
	{ "createdAt", "Created", "datetime", false },
	{ "updatedAt", "Updated", "datetime", false },
	{ NULL, NULL, NULL, false }
};

static const struct fixed stages[] = {
	{ "id", "Stage ID", "text", true },
	{ "label", "Label", "text", false },
	{ "displayOrder", "Order", "number", false },
	{ "pipeline", "Pipeline ID", "text", false },
	{ "probability", "Probability", "number", false },
	{ "isClosed", "Closed", "boolean", false },
	{ "ticketState", "State of a ticket", "enum", false },
	{ "archived", "Archived", "boolean", false },
	{ "createdAt", "Created", "datetime", false },
	{ "updatedAt", "Updated", "datetime", false },
	{ NULL, NULL, NULL, false }
};

static enum rc
tell_fixed(const struct fixed *f, web_field_emit *emit, void *arg,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (; !rc && f->name; f++) {
		struct web_field field = { .name = span_str(f->name),
			.label = span_str(f->label),
			.type = span_str(f->type), .unique = f->unique };

		rc = emit(arg, &field, e);
	}
	return rc;
}

/* ---- associations ---- */

/* Whom each may be associated with; NULL is an object of the account's own,
 * and those that are not HubSpot's may be with any of these. */
static const struct {
	const char *of, *with;
} pairs[] = {
	{ "contacts", "companies contacts deals tickets leads tasks notes "
	    "meetings calls emails" },
	{ "companies", "contacts companies deals tickets leads tasks notes "
	    "meetings calls emails" },
	{ "deals", "contacts companies deals tickets line_items tasks notes "
	    "meetings calls emails" },
	{ "tickets", "contacts companies deals tasks notes meetings calls "
	    "emails" },
	{ "leads", "contacts companies" },
	{ "line_items", "deals" },
	{ "tasks", "contacts companies deals tickets" },
	{ "notes", "contacts companies deals tickets" },
	{ "meetings", "contacts companies deals tickets" },
	{ "calls", "contacts companies deals tickets" },
	{ "emails", "contacts companies deals tickets" },
	{ NULL, "contacts companies deals tickets" },
};

static enum rc
tell_pair(struct span other, web_field_emit *emit, void *arg, struct err *e)
{
	char name[LIMIT_NAME + 16];
	struct web_field one = { .label = other, .type = SPAN("ref"),
		.to = other, .writable = true };
	struct web_field all = { .label = other, .type = SPAN("set"),
		.to = other };
	enum rc rc;

	snprintf(name, sizeof name, "association:%.*s", SPAN_ARG(other));
	one.name = span_str(name);
	rc = emit(arg, &one, e);
	snprintf(name, sizeof name, "associations:%.*s", SPAN_ARG(other));
	all.name = span_str(name);
	return rc ? rc : emit(arg, &all, e);
}

static enum rc
tell_pairs(const struct hubspot_type *type, web_field_emit *emit, void *arg,
    struct err *e)
{
	struct span rest = { NULL, 0 };
	enum rc rc = RC_OK;

	for (size_t i = 0; !rest.ptr && i < sizeof pairs / sizeof *pairs; i++)
		if (!pairs[i].of || (type->name &&
		    strcmp(pairs[i].of, type->name) == 0))
			rest = span_str(pairs[i].with);
	while (!rc && rest.len)
		rc = tell_pair(span_cut(&rest, ' '), emit, arg, e);
	return rc;
}

/* ---- properties ---- */

/* What a new record cannot be without. */
static bool
is_required(const struct hubspot_type *type, struct span name)
{
	static const char *const needed[][2] = {
		{ "deals", "dealname" }, { "deals", "dealstage" },
		{ "tickets", "subject" }, { "tickets", "hs_pipeline_stage" },
		{ "tasks", "hs_timestamp" }, { "notes", "hs_timestamp" },
		{ "meetings", "hs_timestamp" }, { "calls", "hs_timestamp" },
		{ "emails", "hs_timestamp" }, { "emails",
		"hs_email_direction" }, { "leads", "hs_lead_name" },
	};

	for (size_t i = 0; type->name && i < sizeof needed / sizeof *needed;
	    i++)
		if (strcmp(needed[i][0], type->name) == 0 &&
		    span_eq(span_str(needed[i][1]), name))
			return true;
	return false;
}

static bool
is_one_of(struct span s, const char *const *words)
{
	for (; *words; words++)
		if (span_eq(s, span_str(*words)))
			return true;
	return false;
}

/* A text that its name says more of. */
static struct span
text_type(struct span name, struct span form)
{
	static const char *const mail[] = { "email", "work_email",
		"hs_email_from_email", NULL };
	static const char *const pages[] = { "website",
		"linkedin_company_page", "facebook_company_page",
		"hs_linkedin_url", "hs_meeting_external_url",
		"hs_call_recording_url", NULL };

	if (span_eq(form, SPAN("phonenumber")))
		return SPAN("phone");
	if (is_one_of(name, mail))
		return SPAN("email");
	if (is_one_of(name, pages))
		return SPAN("url");
	return SPAN("text");
}

static struct span
choice_type(struct web_field *f, struct span form, bool owner)
{
	if (owner) {
		f->to = SPAN("owners");
		return SPAN("ref");
	}
	if (span_eq(form, SPAN("checkbox")))
		return SPAN("set");
	if (span_eq(form, SPAN("booleancheckbox")))
		return SPAN("boolean");
	return SPAN("enum");
}

static struct span
type_word(struct web_field *f, struct span form, bool owner)
{
	static const char *const same[] = { "number", "date", "datetime",
		"json", NULL };

	if (span_eq(f->native, SPAN("enumeration")))
		return choice_type(f, form, owner);
	if (span_eq(f->native, SPAN("bool")))
		return SPAN("boolean");
	if (span_eq(f->native, SPAN("phone_number")))
		return SPAN("phone");
	if (span_eq(f->native, SPAN("object_coordinates")))
		return SPAN("json");
	return is_one_of(f->native, same) ? f->native :
	    text_type(f->name, form);
}

static void
read_options(struct web_field *f, const struct json *j, uint32_t list,
    struct arena *a)
{
	struct web_option *options;

	if (!list || json_kind(j, list) != JSON_ARRAY)
		return;
	options = arena_zero(a, (size_t)(j->nodes[list].next - list) *
	    sizeof *options);
	for (JSON_ITEMS(j, list, item)) {
		struct web_option *o = &options[f->option_count];

		if (json_kind(j, item) != JSON_OBJECT)
			continue;
		o->value = json_get_string(j, item, SPAN("value"), a);
		o->label = json_get_string(j, item, SPAN("label"), a);
		f->option_count += o->value.len > 0;
	}
	f->options = options;
}

static bool
is_owner(const struct json *j, uint32_t node, struct span name,
    struct arena *a)
{
	struct span of = json_get_string(j, node,
	    SPAN("referencedObjectType"), a);

	return span_eq(of, SPAN("OWNER")) ||
	    span_eq(name, SPAN("hubspot_owner_id"));
}

void
hubspot_fields_read(struct web_field *f, const struct json *j, uint32_t node,
    struct arena *a)
{
	uint32_t rights = json_get(j, node, SPAN("modificationMetadata"));
	struct span form = json_get_string(j, node, SPAN("fieldType"), a);

	*f = (struct web_field){
		.name = json_get_string(j, node, SPAN("name"), a),
		.label = json_get_string(j, node, SPAN("label"), a),
		.native = json_get_string(j, node, SPAN("type"), a),
		.unique = json_get_true(j, node, SPAN("hasUniqueValue")),
		.custom = !json_get_true(j, node, SPAN("hubspotDefined")),
	};
	f->type = type_word(f, form, is_owner(j, node, f->name, a));
	f->writable = !json_get_true(j, node, SPAN("calculated")) &&
	    !(rights && json_get_true(j, rights, SPAN("readOnlyValue")));
	if (!span_eq(f->type, SPAN("boolean")))
		read_options(f, j, json_get(j, node, SPAN("options")), a);
}

/* ---- the talk ---- */

struct describing {
	struct hubspot_object object;
	web_field_emit *emit;
	void *arg;
	bool asked;
	struct json json;      /* what it says */
	struct arena arena;
};

static enum rc
next(struct talk *t, struct web_ask *ask, struct err *e)
{
	struct describing *d = t->own;

	(void)e;
	if (d->asked)
		return RC_END;
	d->asked = true;
	ask->method = "GET";
	buf_printf(&ask->path, "/crm/v3/properties/%.*s?archived=false",
	    SPAN_ARG(d->object.name));
	return RC_OK;
}

/* HubSpot's own id and e-mail are as good as marked unique. */
static enum rc
tell(struct describing *d, uint32_t node, struct err *e)
{
	const struct hubspot_type *type = d->object.type;
	struct web_field f;

	hubspot_fields_read(&f, &d->json, node, &d->arena);
	if (!f.name.len)
		return RC_OK;
	f.required = is_required(type, f.name);
	f.unique |= span_eq(f.name, SPAN("hs_object_id")) ||
	    (type->name && strcmp(type->name, "contacts") == 0 &&
	    span_eq(f.name, SPAN("email")));
	return d->emit(d->arg, &f, e);
}

static enum rc
tell_all(struct describing *d, struct err *e)
{
	const struct json *j = &d->json;
	uint32_t list = hubspot_fields_list(j);
	enum rc rc = RC_OK;

	if (!list)
		return err_set(e, RC_REMOTE, "what it has is no list of "
		    "properties");
	for (JSON_ITEMS(j, list, item)) {
		if (!rc && json_kind(j, item) == JSON_OBJECT)
			rc = tell(d, item, e);
	}
	if (!rc)
		rc = tell_fixed(envelope, d->emit, d->arg, e);
	return rc ? rc : tell_pairs(d->object.type, d->emit, d->arg, e);
}

uint32_t
hubspot_fields_list(const struct json *j)
{
	uint32_t list = json_kind(j, 0) == JSON_OBJECT ?
	    json_get(j, 0, SPAN("results")) : 0;

	return list && json_kind(j, list) == JSON_ARRAY ? list : 0;
}

static enum rc
take(struct talk *t, const struct web_ask *ask, const struct http_answer *a,
    enum rc came, const struct err *why, struct err *e)
{
	struct describing *d = t->own;

	(void)ask;
	if (came) {
		*e = *why;
		return came;
	}
	if (a->status != 200)
		return hubspot_refusal_say(e, RC_CONFIG, a);
	if (json_parse(&d->json, buf_view(&a->body), e))
		return err_set(e, RC_REMOTE, "the answer is no JSON");
	return tell_all(d, e);
}

static void
release(struct talk *t)
{
	struct describing *d = t->own;

	json_free(&d->json);
	arena_free(&d->arena);
	free(d);
}

enum rc
hubspot_fields_open(struct talk *t, struct span object, web_field_emit *emit,
    void *arg, struct err *e)
{
	static const struct fixed *const lists[] = {
		[HUBSPOT_OWNERS] = owners, [HUBSPOT_PIPELINES] = pipelines,
		[HUBSPOT_STAGES] = stages };
	struct describing *d = xcalloc(1, sizeof *d);
	enum rc rc = hubspot_type_object(&d->object, object, e);

	json_init(&d->json);
	arena_init(&d->arena);
	d->emit = emit;
	d->arg = arg;
	t->next = next;
	t->take = take;
	t->free = release;
	t->own = d;
	if (rc || d->object.form == HUBSPOT_RECORDS)
		return rc;
	d->asked = true;
	return tell_fixed(lists[d->object.form], emit, arg, e);
}
