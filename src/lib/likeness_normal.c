/* SPDX-License-Identifier: MIT */
/* likeness_normal: values as they are compared. */
#include "likeness.h"

#include "fold.h"
#include "legal_form.h"
#include "limits.h"

#define PHONE_TAIL 9 /* digits that a country's and a trunk's lead leave */

void
likeness_room_init(struct likeness_room *r)
{
	buf_init(&r->text, 2u * LIMIT_LINE, "value");
	arena_init(&r->arena);
}

void
likeness_room_free(struct likeness_room *r)
{
	buf_free(&r->text);
	arena_free(&r->arena);
}

/* ---- addresses ---- */

static const struct {
	const char *word, *brief;
} street_words[] = {
	{ "street", "st" }, { "road", "rd" }, { "avenue", "av" },
	{ "ave", "av" }, { "boulevard", "blvd" }, { "drive", "dr" },
	{ "lane", "ln" }, { "place", "pl" }, { "court", "ct" },
	{ "square", "sq" }, { "highway", "hwy" }, { "parkway", "pkwy" },
	{ "crescent", "cr" }, { "cres", "cr" }, { "terrace", "tce" },
	{ "circuit", "cct" }, { "close", "cl" }, { "suite", "ste" },
	{ "apartment", "apt" }, { "floor", "fl" }, { "building", "bldg" },
	{ "strasse", "str" }, { "platz", "pl" }, { "north", "n" },
	{ "south", "s" }, { "east", "e" }, { "west", "w" },
};

static bool
has_digit(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
			return true;
	return false;
}

static struct span
street_word(struct span word)
{
	for (size_t i = 0; i < sizeof street_words / sizeof *street_words;
	    i++)
		if (*street_words[i].word == *word.ptr && span_eq(word,
		    span_str(street_words[i].word)))
			return span_str(street_words[i].brief);
	return word;
}

/* A street's words as they are short, or those of it with digits. */
static void
keep_street(struct buf *b, size_t from, bool numbers)
{
	size_t end = b->len, kept;
	struct span rest;
	char room[LIKENESS_VALUE * 4];

	kept = end - from < sizeof room ? end - from : sizeof room;
	memcpy(room, b->ptr + from, kept);
	rest = span_of(room, kept);
	b->len = from;
	while (rest.len) {
		struct span word = span_cut(&rest, ' ');

		if (!word.len || has_digit(word) != numbers)
			continue;
		if (b->len > from)
			buf_putc(b, ' ');
		buf_span(b, street_word(word));
	}
}

/* ---- the rest ---- */

static void
put_phone(struct buf *b, struct span text)
{
	const char *extension = memchr(text.ptr, 'x', text.len);
	size_t from = b->len, digits;

	if (extension)
		text.len = (size_t)(extension - text.ptr);
	fold_digits(b, text);
	digits = b->len - from;
	if (digits > PHONE_TAIL) {
		memmove(b->ptr + from, b->ptr + b->len - PHONE_TAIL,
		    PHONE_TAIL);
		b->len = from + PHONE_TAIL;
	}
	if (digits < 4)
		b->len = from;
}

static bool
drop(struct span *text, struct span lead)
{
	if (text->len < lead.len || memcmp(text->ptr, lead.ptr, lead.len))
		return false;
	*text = span_of(text->ptr + lead.len, text->len - lead.len);
	return true;
}

static void
put_host(struct buf *b, struct span text)
{
	size_t end = 0;

	if (!drop(&text, SPAN("https://")))
		(void)drop(&text, SPAN("http://"));
	(void)drop(&text, SPAN("www."));
	while (end < text.len && !strchr("/?#:", text.ptr[end]))
		end++;
	for (size_t i = 0; i < end; i++) {
		char c = text.ptr[i];

		buf_putc(b, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
}

static void
put_company(struct buf *b, struct span text)
{
	size_t from = b->len;
	struct span all, core;

	fold_words(b, text);
	all = span_of(b->ptr + from, b->len - from);
	core = legal_form_strip(all);
	memmove(b->ptr + from, core.ptr, core.len);
	b->len = from + core.len;
}

static void
put_value(struct buf *b, enum likeness_kind kind, bool street_number,
    struct span text)
{
	size_t from = b->len;

	switch (kind) {
	case LIKE_COMPANY:
		put_company(b, text);
		break;
	case LIKE_STREET:
		fold_words(b, text);
		keep_street(b, from, false);
		break;
	case LIKE_NUMBER:
		if (!street_number) {
			fold_code(b, text);
			break;
		}
		fold_words(b, text);
		keep_street(b, from, true);
		break;
	case LIKE_DATE:
		fold_digits(b, span_of(text.ptr, text.len < 10 ? text.len :
		    10));
		break;
	case LIKE_PHONE:
		put_phone(b, text);
		break;
	case LIKE_EMAIL:
		buf_span(b, text);
		break;
	case LIKE_DOMAIN:
		put_host(b, text);
		break;
	case LIKE_CODE:
	case LIKE_ID:
		fold_code(b, text);
		break;
	default:
		fold_words(b, text);
	}
}

/* The slot before it is the same field's street. */
static bool
is_of_street(const struct likeness *l, size_t slot)
{
	return l->slot[slot].kind == LIKE_NUMBER && slot &&
	    l->slot[slot - 1].kind == LIKE_STREET &&
	    l->slot[slot - 1].field == l->slot[slot].field;
}

void
likeness_features(const struct likeness *l, const struct span *values,
    struct likeness_room *r, struct buf *out)
{
	arena_reset(&r->arena);
	for (size_t i = 0; i < l->count; i++) {
		struct span value = values[l->slot[i].field];
		size_t len;

		buf_reset(&r->text);
		if (value.ptr && !span_eq(value, SPAN("null")))
			put_value(&r->text, l->slot[i].kind,
			    is_of_street(l, i),
			    json_characters(value, &r->arena));
		len = r->text.len < LIKENESS_VALUE ? r->text.len :
		    LIKENESS_VALUE;
		buf_putc(out, (char)len);
		buf_put(out, r->text.ptr, len);
	}
}

void
likeness_split(const struct likeness *l, const char *features,
    struct span value[LIKENESS_SLOTS])
{
	for (size_t i = 0; i < l->count; i++) {
		size_t len = (unsigned char)*features++;

		value[i] = span_of(features, len);
		features += len;
	}
}
