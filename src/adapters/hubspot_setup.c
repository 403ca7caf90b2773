/* SPDX-License-Identifier: MIT */
/*
 * hubspot_setup: the properties we need and an account lacks are made, in a
 * group of their own; nothing that is there is changed.
 *
 *   list -> (group -> make the group) -> make one -> (look at it) -> ...
 */
#include "hubspot.h"

#include "../lib/literal.h"
#include "../lib/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define GROUP "crm_sync"
#define GROUP_LABEL "CRM Sync"

enum step { LIST, GROUP_LOOK, GROUP_MAKE, MAKE, LOOK, OVER };

struct setting_up {
	struct hubspot_object object;
	struct web_wish *wishes;
	size_t count, at; /* at: the one being made */
	bool look;
	enum step step;
	struct json json;   /* of the answer at hand */
	struct arena arena;
};

/* How HubSpot makes a field of our types. */
static const struct form {
	const char *type, *native, *field;
} forms[] = {
	{ "text", "string", "text" },
	{ "number", "number", "number" },
	{ "integer", "number", "number" },
	{ "boolean", "bool", "booleancheckbox" },
	{ "date", "date", "date" },
	{ "datetime", "datetime", "date" },
	{ "phone", "string", "phonenumber" },
	{ "json", "string", "textarea" },
	{ "enum", "enumeration", "select" },
	{ "set", "enumeration", "checkbox" },
};

/* A list that may hold anything is a text. */
static const struct form *
form_of(const struct web_wish *w)
{
	bool open = (span_eq(w->type, SPAN("enum")) ||
	    span_eq(w->type, SPAN("set"))) && !w->option_count;

	for (size_t i = 1; !open && i < sizeof forms / sizeof *forms; i++)
		if (span_eq(span_str(forms[i].type), w->type))
			return &forms[i];
	return &forms[0];
}

__attribute__((format(printf, 2, 3))) static void
fail(struct web_wish *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->error.text, sizeof w->error.text, fmt, ap);
	va_end(ap);
	w->became = WISH_FAILED;
}

/* ---- what is there ---- */

/* Will it take what we write?  A text takes anything, and whether a list has
 * our values is for crm-map --check --live. */
static bool
takes(const struct web_wish *w, const struct web_field *f)
{
	bool list = span_eq(w->type, SPAN("enum")) ||
	    span_eq(w->type, SPAN("set"));

	return span_eq(f->native, span_str(form_of(w)->native)) ||
	    span_eq(f->native, SPAN("string")) ||
	    (list && span_eq(f->native, SPAN("enumeration")));
}

static void
judge_found(struct web_wish *w, const struct web_field *f)
{
	w->became = WISH_THERE;
	w->standard = !f->custom;
	if (w->unique && !f->unique)
		fail(w, "is there and takes one value twice, which HubSpot "
		    "settles when a property is made: archive it there and "
		    "run this again, or name another in the mapping");
	else if (f->custom && !takes(w, f))
		fail(w, "is there as %.*s, and %s is needed: name another "
		    "property in the mapping, or archive it there and run "
		    "this again", SPAN_ARG(f->native),
		    form_of(w)->native);
	else if (f->custom && !f->writable)
		fail(w, "is there and cannot be written");
}

/* HubSpot's own misspelt would be made as another. */
static void
judge_near(struct web_wish *w, const struct web_field *f)
{
	unsigned d = literal_distance(w->name, f->name);

	if (w->became == WISH_OPEN && !f->custom && w->name.len >= 5 &&
	    d <= (w->name.len < 8 ? 1u : 2u))
		fail(w, "lacks, and is nearly HubSpot's own \"%.*s\": correct "
		    "the mapping, or make it there by hand",
		    SPAN_ARG(f->name));
}

static void
judge_name(struct web_wish *w)
{
	if (memchr(w->name.ptr, ':', w->name.len)) {
		w->became = WISH_THERE; /* an association */
		w->standard = true;
	} else if (w->name.len > 3 && memcmp(w->name.ptr, "hs_", 3) == 0) {
		fail(w, "lacks, and only HubSpot makes properties whose names "
		    "begin with hs_: it is misspelt, or not in this account's "
		    "edition");
	}
}

typedef void judging(struct web_wish *w, const struct web_field *f);

static void
each_pair(struct setting_up *s, uint32_t list, bool equal, judging *judge)
{
	const struct json *j = &s->json;
	struct web_field f;

	for (JSON_ITEMS(j, list, item)) {
		if (json_kind(j, item) != JSON_OBJECT)
			continue;
		hubspot_fields_read(&f, j, item, &s->arena);
		for (size_t i = 0; i < s->count; i++)
			if (!equal || span_eq(s->wishes[i].name, f.name))
				judge(&s->wishes[i], &f);
	}
}

/* ---- asking ---- */

static void
put_options(struct buf *b, const struct web_option *options, size_t n)
{
	BUF_LIT(b, ",\"options\":[");
	for (size_t i = 0; i < n; i++) {
		buf_put(b, ",", i > 0);
		buf_putc(b, '{');
		json_put_text(b, "label", options[i].label);
		json_put_text(b, "value", options[i].value);
		buf_printf(b, ",\"displayOrder\":%zu,\"hidden\":false}", i);
	}
	buf_putc(b, ']');
}

static void
put_property(struct buf *b, const struct web_wish *w)
{
	static const struct web_option yes_no[] = {
		{ { "true", 4 }, { "Yes", 3 } },
		{ { "false", 5 }, { "No", 2 } },
	};
	const struct form *f = form_of(w);

	BUF_LIT(b, "{\"groupName\":\"" GROUP "\"");
	json_put_text(b, "name", w->name);
	json_put_text(b, "label", w->label);
	json_put_member(b, "description", w->description);
	buf_printf(b, ",\"type\":\"%s\",\"fieldType\":\"%s\"", f->native,
	    f->field);
	if (w->unique)
		BUF_LIT(b, ",\"hasUniqueValue\":true");
	if (strcmp(f->native, "bool") == 0)
		put_options(b, yes_no, 2);
	else if (strcmp(f->native, "enumeration") == 0)
		put_options(b, w->options, w->option_count);
	buf_putc(b, '}');
}

/* The next one that lacks. */
static bool
find_open(struct setting_up *s)
{
	while (s->at < s->count && s->wishes[s->at].became != WISH_OPEN)
		s->at++;
	return s->at < s->count;
}

static enum rc
next(struct talk *t, struct web_ask *ask, struct err *e)
{
	struct setting_up *s = t->own;
	bool makes = s->step == GROUP_MAKE || s->step == MAKE;

	(void)e;
	if (s->step == OVER)
		return RC_END;
	ask->method = makes ? "POST" : "GET";
	/* what is there already is refused: twice is as once */
	ask->repeat = makes ? HTTP_IDEMPOTENT : HTTP_SAFE;
	ask->type = makes ? "application/json" : NULL;
	buf_printf(&ask->path, "/crm/v3/properties/%.*s",
	    SPAN_ARG(s->object.name));
	if (s->step == LIST)
		BUF_LIT(&ask->path, "?archived=false");
	else if (s->step == GROUP_LOOK)
		BUF_LIT(&ask->path, "/groups/" GROUP);
	else if (s->step == GROUP_MAKE)
		BUF_LIT(&ask->path, "/groups");
	else if (s->step == LOOK)
		buf_printf(&ask->path, "/%.*s",
		    SPAN_ARG(s->wishes[s->at].name));
	if (s->step == GROUP_MAKE)
		BUF_LIT(&ask->body, "{\"name\":\"" GROUP "\",\"label\":\""
		    GROUP_LABEL "\",\"displayOrder\":-1}");
	else if (s->step == MAKE)
		put_property(&ask->body, &s->wishes[s->at]);
	return RC_OK;
}

/* ---- answers ---- */

/* None of what lacks can be made. */
static void
fail_all(struct setting_up *s, const struct http_answer *a)
{
	struct err e;

	(void)hubspot_refusal_say(&e, RC_CONFIG, a);
	for (; find_open(s); s->at++)
		fail(&s->wishes[s->at], "lacks, and could not be made: %s",
		    e.text);
	s->step = OVER;
}

static void
go_on(struct setting_up *s, enum step step)
{
	s->step = find_open(s) ? step : OVER;
}

static enum rc
take_list(struct setting_up *s, const struct http_answer *a, struct err *e)
{
	uint32_t list;

	if (a->status != 200)
		return hubspot_refusal_say(e, RC_CONFIG, a);
	list = hubspot_fields_list(&s->json);
	if (!list)
		return err_set(e, RC_REMOTE, "what it has is no list of "
		    "properties");
	each_pair(s, list, true, judge_found);
	for (size_t i = 0; i < s->count; i++)
		if (s->wishes[i].became == WISH_OPEN)
			judge_name(&s->wishes[i]);
	each_pair(s, list, false, judge_near);
	go_on(s, s->look ? OVER : GROUP_LOOK);
	return RC_OK;
}

static void
take_group(struct setting_up *s, const struct http_answer *a)
{
	if (a->status == 404 && s->step == GROUP_LOOK)
		s->step = GROUP_MAKE;
	else if (a->status >= 300 && a->status != 409)
		fail_all(s, a);
	else
		s->step = MAKE;
}

static void
take_made(struct setting_up *s, const struct http_answer *a)
{
	struct web_wish *w = &s->wishes[s->at];
	struct err e;

	if (a->status == 409) {
		s->step = LOOK; /* somebody was before us */
		return;
	}
	if (a->status == 401 || a->status == 403) {
		fail_all(s, a);
		return;
	}
	if (a->status < 300) {
		w->became = WISH_MADE;
	} else {
		(void)hubspot_refusal_say(&e, RC_CONFIG, a);
		fail(w, "lacks, and could not be made: %s", e.text);
	}
	go_on(s, MAKE);
}

static void
take_looked(struct setting_up *s, const struct http_answer *a)
{
	struct web_wish *w = &s->wishes[s->at];
	struct web_field f;

	if (a->status == 200 && json_kind(&s->json, 0) == JSON_OBJECT) {
		hubspot_fields_read(&f, &s->json, 0, &s->arena);
		judge_found(w, &f);
	} else {
		fail(w, "is said to be there, and is not: it may be archived; "
		    "restore it there, or name another in the mapping");
	}
	go_on(s, MAKE);
}

static enum rc
take(struct talk *t, const struct web_ask *ask, const struct http_answer *a,
    enum rc came, const struct err *why, struct err *e)
{
	struct setting_up *s = t->own;
	struct err ignored;
	enum rc rc = RC_OK;

	(void)ask;
	if (came) {
		*e = *why;
		return came;
	}
	arena_reset(&s->arena);
	if (json_parse(&s->json, buf_view(&a->body), &ignored) &&
	    a->status < 300)
		rc = err_set(e, RC_REMOTE, "the answer is no JSON");
	else if (s->step == LIST)
		rc = take_list(s, a, e);
	else if (s->step == MAKE)
		take_made(s, a);
	else if (s->step == LOOK)
		take_looked(s, a);
	else
		take_group(s, a);
	return rc;
}

static void
release(struct talk *t)
{
	struct setting_up *s = t->own;

	json_free(&s->json);
	arena_free(&s->arena);
	free(s);
}

enum rc
hubspot_setup_open(struct talk *t, struct span object,
    struct web_wish *wishes, size_t n, bool look, struct err *e)
{
	struct setting_up *s = xcalloc(1, sizeof *s);
	enum rc rc = hubspot_type_object(&s->object, object, e);

	json_init(&s->json);
	arena_init(&s->arena);
	s->wishes = wishes;
	s->count = n;
	s->look = look;
	t->next = next;
	t->take = take;
	t->free = release;
	t->own = s;
	if (rc || s->object.form == HUBSPOT_RECORDS)
		return rc;
	s->step = OVER;
	for (size_t i = 0; i < n; i++)
		fail(&wishes[i], "lacks: %.*s have no properties of one's "
		    "own", SPAN_ARG(object));
	return RC_OK;
}
