/* SPDX-License-Identifier: MIT */
#include "plain.h"

#include "../lib/json_escape.h"
#include "../lib/json_scan.h"
#include "../lib/utf8.h"

static bool
take(struct span *s, struct span lead)
{
	if (s->len < lead.len || memcmp(s->ptr, lead.ptr, lead.len) != 0)
		return false;
	*s = span_of(s->ptr + lead.len, s->len - lead.len);
	return true;
}

/* The closing quote of a string; NULL: it is none, or has escapes. */
static const char *
closing(const char *p, const char *end, bool escapes)
{
	const char *ignored;

	for (;;) {
		struct span rest;
		size_t n;

		p = json_scan_ascii(p, end);
		if (p == end || *p == '"')
			return p == end ? NULL : p;
		rest = span_of(p, (size_t)(end - p));
		n = escapes && *p == '\\' ? json_escape_check(rest,
		    &ignored) : utf8_sequence(rest);
		if (!n)
			return NULL;
		p += n;
	}
}

/* A string's characters, and its closing quote; the first one was taken. */
static bool
take_text(struct span *s, struct span *out)
{
	const char *quote = closing(s->ptr, s->ptr + s->len, false);

	if (!quote)
		return false;
	*out = span_of(s->ptr, (size_t)(quote - s->ptr));
	*s = span_of(quote + 1, s->len - out->len - 1);
	return true;
}

/* Past a string of any kind; its first quote was taken. */
static bool
pass_text(struct span *s)
{
	const char *quote = closing(s->ptr, s->ptr + s->len, true);

	if (!quote)
		return false;
	*s = span_of(quote + 1, (size_t)(s->ptr + s->len - quote) - 1);
	return true;
}

/* ---- its own members ---- */

/* Each once. */
static bool
take_member(struct span *s, struct span name, struct plain *l)
{
	const struct {
		struct span name;
		struct span *into;
	} known[] = {
		{ { "entity", 6 }, &l->entity },
		{ { "system", 6 }, &l->system },
		{ { "object", 6 }, &l->object }, { { "id", 2 }, &l->id },
		{ { "uid", 3 }, &l->uid }, { { "stamp", 5 }, &l->stamp },
		{ { "op", 2 }, &l->op }, { { "version", 7 }, &l->version },
		{ { "modified", 8 }, &l->modified },
		{ { "hash", 4 }, &l->hash },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (span_eq(name, known[i].name))
			return !known[i].into->ptr && take(s, SPAN(":\"")) &&
			    take_text(s, known[i].into);
	return false;
}

/* All that stand before the fields. */
static bool
take_head(struct span *s, struct plain *l)
{
	struct span name;

	*l = (struct plain){ .op = span_of(NULL, 0) };
	if (!take(s, SPAN("{\"type\":\"change\"")))
		return false;
	while (take(s, SPAN(",\"")) && take_text(s, &name)) {
		if (span_eq(name, SPAN("fields")))
			return take(s, SPAN(":{")) &&
			    span_eq(l->op, SPAN("create"));
		if (!take_member(s, name, l))
			return false;
	}
	return false;
}

/* ---- values ---- */

static bool
is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

/* Digits, with a fraction or without; exponents are left to the parser. */
static bool
take_number(struct span *s)
{
	const char *p = s->ptr, *end = p + s->len, *from;

	p += *p == '-';
	from = p;
	while (is_digit(p, end))
		p++;
	if (p == from || (*from == '0' && p - from > 1))
		return false;
	if (p < end && *p == '.') {
		from = ++p;
		while (is_digit(p, end))
			p++;
		if (p == from)
			return false;
	}
	*s = span_of(p, (size_t)(end - p));
	return true;
}

static bool
take_list(struct span *s)
{
	if (take(s, SPAN("]")))
		return true;
	do
		if (!take(s, SPAN("\"")) || !pass_text(s))
			return false;
	while (take(s, SPAN(",")));
	return take(s, SPAN("]"));
}

/* What is no scalar, no list of texts and no reference is not plain. */
static bool
take_value(struct span *s, struct span *out)
{
	const char *from = s->ptr;
	struct span ignored;
	bool whole;

	if (take(s, SPAN("\"")))
		whole = pass_text(s);
	else if (take(s, SPAN("[")))
		whole = take_list(s);
	else if (take(s, SPAN("{\"ref\":\"")))
		whole = take_text(s, &ignored) &&
		    take(s, SPAN(",\"id\":\"")) && take_text(s, &ignored) &&
		    take(s, SPAN("}"));
	else
		whole = take(s, SPAN("null")) || take(s, SPAN("true")) ||
		    take(s, SPAN("false")) || (s->len && take_number(s));
	*out = span_of(from, (size_t)(s->ptr - from));
	return whole;
}

/* ---- fields ---- */

/* The next of the entity's fields that has this name, after its quote. */
static bool
take_name(struct span *s, const struct entity *en, size_t *at)
{
	if (!take(s, SPAN("\"")))
		return false;
	for (; *at < en->field_count; ++*at) {
		struct span name = en->fields[*at].name;

		if (s->len > name.len && s->ptr[name.len] == '"' &&
		    memcmp(s->ptr, name.ptr, name.len) == 0)
			return take(s, name);
	}
	return false;
}

static bool
take_fields(struct span *s, const struct entity *en, struct span *fields)
{
	if (take(s, SPAN("}")))
		return true;
	for (size_t at = 0;; at++) {
		if (!take_name(s, en, &at) ||
		    !take(s, SPAN("\":{\"new\":")) ||
		    !take_value(s, &fields[at]) || !take(s, SPAN("}")))
			return false;
		if (!take(s, SPAN(",")))
			return take(s, SPAN("}"));
	}
}

bool
plain_create(const struct policy *p, struct span text, struct plain *l,
    struct span *fields)
{
	struct span s = text;

	if (take_head(&s, l) && take_fields(&s, p->entity, fields) &&
	    span_eq(s, SPAN("}")))
		return true;
	memset(fields, 0, p->entity->field_count * sizeof *fields);
	return false;
}
