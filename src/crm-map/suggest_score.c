/* SPDX-License-Identifier: MIT */
/*
 * suggest_score: is this column that field?  By what people and vendors call
 * it: names and labels are taken apart into words and held against a list of
 * known names of each of our fields.  Equal words score full marks, words that
 * overlap less; a type that cannot hold the field's values halves it.
 */
#include "suggest.h"

#include "../lib/charcase.h"

#define WORDS 12

/* A name as words: lower case, camel case and punctuation parted. */
struct words {
	char joined[128];           /* all of them without gaps */
	size_t length;
	size_t start[WORDS + 1];    /* offsets into joined */
	size_t count;
};

static bool
is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static void
take_apart(struct words *w, struct span s)
{
	bool gap = true;
	size_t i;
	char c;

	if (s.len > 3 && !memcmp(s.ptr + s.len - 3, "__c", 3))
		s.len -= 3;
	w->length = w->count = 0;
	for (i = 0; i < s.len && w->length < sizeof(w->joined); i++) {
		c = s.ptr[i];
		if (!is_lower(c) && !is_upper(c)) {
			gap = true;
			continue;
		}
		gap |= is_upper(c) && i && is_lower(s.ptr[i - 1]);
		if (gap && w->count < WORDS)
			w->start[w->count++] = w->length;
		gap = false;
		w->joined[w->length++] = is_upper(c) ? (char)(c + 32) : c;
	}
	w->start[w->count] = w->length;
}

static struct span
word(const struct words *w, size_t i)
{
	return span_of(w->joined + w->start[i], w->start[i + 1] -
	    w->start[i]);
}

static bool
has_word(const struct words *w, struct span one)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (span_eq(word(w, i), one))
			return true;
	return false;
}

/* 98 the same, 93 the same words in another order, else by their share. */
static int
likeness(const struct words *a, const struct words *b)
{
	size_t common = 0, i;

	if (!a->length || !b->length)
		return 0;
	if (a->length == b->length && !memcmp(a->joined, b->joined,
	    a->length))
		return 98;
	for (i = 0; i < a->count; i++)
		common += has_word(b, word(a, i));
	if (common == a->count && common == b->count)
		return 93;
	return (int)(75 * common / (a->count + b->count - common));
}

/* The best of a '|' list against one name; a longer name that comes later
 * in the list is as good as an earlier one. */
static int
best_name(const char *names, const struct words *column)
{
	struct words w;
	const char *end;
	int best = 0, score;

	while (*names) {
		end = strchr(names, '|');
		if (!end)
			end = names + strlen(names);
		take_apart(&w, span_of(names, (size_t)(end - names)));
		score = likeness(&w, column);
		if (score > best)
			best = score;
		names = *end ? end + 1 : end;
	}
	return best;
}

/*
 * Its own name is best; then what the entity's list of names says, or the
 * common one.
 */
static int
named(struct span entity, struct span field, const struct words *column)
{
	struct words own;
	const char *names;
	int score;

	take_apart(&own, field);
	score = likeness(&own, column);
	if (score >= 98)
		return 100;
	names = suggest_names(entity, field);
	return names ? best_name(names, column) : score;
}

/* "Organization - Name" and "(Do Not Modify) Modified On" without what is
 * in front. */
static struct span
without_prefix(struct span label)
{
	size_t i;

	for (i = 0; i + 3 < label.len; i++)
		if (!memcmp(label.ptr + i, " - ", 3))
			return span_of(label.ptr + i + 3, label.len - i - 3);
	if (label.len > 16 && !memcmp(label.ptr, "(Do Not Modify) ", 16))
		return span_of(label.ptr + 16, label.len - 16);
	return label;
}

static bool
type_is(const struct suggest_column *c, const char *names)
{
	struct words w;

	take_apart(&w, c->type);
	return w.length && best_name(names, &w) >= 93;
}

#define NO_TEXT "boolean|bool|date|datetime|reference|ref|lookup|address|id|" \
	"location"

/* Could the column hold the field's values, by its declared type? */
static bool
type_fits(const struct entity_field *f, const struct suggest_column *c)
{
	if (!c->type.len)
		return true;
	switch (f->type) {
	case TYPE_NUMBER:
	case TYPE_INTEGER:
		return !type_is(c, "boolean|bool|date|datetime|reference|"
		    "ref|lookup|address|picklist");
	case TYPE_BOOLEAN:
		return type_is(c, "boolean|bool|picklist|enumeration|enum");
	case TYPE_DATE:
	case TYPE_DATETIME:
		return type_is(c, "date|datetime|string|varchar|date time");
	case TYPE_REF:
		return type_is(c, "reference|ref|lookup|owner|customer|string|"
		    "number|int|org|people|user|enumeration");
	case TYPE_SET:
		return !type_is(c, NO_TEXT);
	default:
		return !type_is(c, NO_TEXT "|set");
	}
}

static int
score_names(struct span entity, struct span field,
    const struct suggest_column *c)
{
	struct span label = without_prefix(c->label.len ? c->label : c->name);
	struct words name, text;
	int a, b;

	take_apart(&name, without_prefix(c->name));
	take_apart(&text, label);
	a = named(entity, field, &name);
	b = named(entity, field, &text);
	/* the name is the firmer ground */
	return a >= b ? a : b - 2;
}

int
suggest_score(struct span entity, const struct entity_field *f,
    const struct suggest_column *c)
{
	int score = score_names(entity, f->name, c);

	/* of two the one that can be written */
	score -= score > 0 && c->read_only;
	return type_fits(f, c) ? score : score / 2;
}

int
suggest_score_word(struct span entity, const char *field,
    const struct suggest_column *c)
{
	return score_names(entity, span_str(field), c);
}
