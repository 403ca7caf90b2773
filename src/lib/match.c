/* SPDX-License-Identifier: MIT */
#include "match.h"

#include "charcase.h"
#include "limits.h"

#define PHONE_TAIL 9 /* digits that a country's and a trunk's lead leave */
#define SECONDS 19   /* of 2026-11-20T10:11:12.123Z */

void
match_room_init(struct match_room *m)
{
	buf_init(&m->text, 2u * LIMIT_LINE, "match key");
	buf_init(&m->squeezed, LIMIT_LINE, "match key");
	arena_init(&m->arena);
	arena_init(&m->values);
}

void
match_room_free(struct match_room *m)
{
	buf_free(&m->text);
	buf_free(&m->squeezed);
	arena_free(&m->arena);
	arena_free(&m->values);
}

static void
put_plain(struct match_room *m, struct span text)
{
	buf_reset(&m->squeezed);
	charcase_squeeze(&m->squeezed, text);
	charcase_lower(&m->text, buf_view(&m->squeezed));
}

/* What is no number was kept as a text, and is compared as one. */
static void
put_phone(struct match_room *m, struct span text)
{
	size_t from = text.len && text.ptr[0] == '+', end = from;

	while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
		end++;
	if (end == from || (end < text.len && text.ptr[end] != ' ')) {
		put_plain(m, text);
		return;
	}
	if (end - from > PHONE_TAIL)
		from = end - PHONE_TAIL;
	buf_span(&m->text, span_of(text.ptr + from, text.len - from));
}

static struct span
without(struct span text, struct span lead)
{
	return text.len >= lead.len && memcmp(text.ptr, lead.ptr,
	    lead.len) == 0 ? span_of(text.ptr + lead.len, text.len -
	    lead.len) : text;
}

static void
put_url(struct match_room *m, struct span text)
{
	text = without(text, SPAN("https://"));
	text = without(text, SPAN("http://"));
	text = without(text, SPAN("www."));
	if (text.len && text.ptr[text.len - 1] == '/')
		text.len--;
	buf_span(&m->text, text);
}

static void
put_type(const struct entity_field *f, struct span text,
    struct match_room *m)
{
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_ENUM:
	case TYPE_EMAIL:
		put_plain(m, text);
		break;
	case TYPE_PHONE:
		put_phone(m, text);
		break;
	case TYPE_URL:
		put_url(m, text);
		break;
	case TYPE_DATETIME:
		buf_span(&m->text, span_of(text.ptr, text.len < SECONDS ?
		    text.len : SECONDS));
		break;
	default:
		buf_span(&m->text, text);
	}
}

bool
match_normal(const struct entity_field *f, struct span value,
    struct match_room *m)
{
	size_t mark = m->text.len;

	if (!value.ptr || span_eq(value, SPAN("null")) ||
	    span_eq(value, SPAN("[]")))
		return false;
	arena_reset(&m->arena);
	put_type(f, json_characters(value, &m->arena), m);
	return m->text.len > mark;
}

bool
match_hash(const struct entity *en, size_t key, const struct span *values,
    struct match_room *m, struct hash128 *h)
{
	const struct match_key *k = &en->match[key];

	buf_reset(&m->text);
	for (size_t i = 0; i < k->count; i++) {
		const struct entity_field *f = &en->fields[k->fields[i]];

		if (!match_normal(f, values[k->fields[i]], m))
			return false;
		buf_putc(&m->text, '\0'); /* parts do not run into another */
	}
	*h = hash128(buf_view(&m->text), key + 1);
	return !m->text.over && !m->squeezed.over;
}

void
match_put_name(struct buf *b, const struct entity *en, size_t key)
{
	if (key == en->match_count) {
		BUF_LIT(b, "similar");
		return;
	}
	for (size_t i = 0; i < en->match[key].count; i++) {
		if (i)
			buf_putc(b, '+');
		buf_span(b, en->fields[en->match[key].fields[i]].name);
	}
}
