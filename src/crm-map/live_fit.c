/* SPDX-License-Identifier: MIT */
#include "live_fit.h"

#include "../lib/mapping_private.h"

#define TEXTS "text email phone url "

/* Per type of ours: what it may be read from, and what it may be written to,
 * in the words of the field lines; NULL: anything. */
static const struct {
	const char *read, *write;
} fits[] = {
	[TYPE_TEXT] = { NULL, TEXTS "json enum set ref " },
	[TYPE_NUMBER] = { TEXTS "number integer enum ",
	    TEXTS "number integer enum " },
	[TYPE_INTEGER] = { TEXTS "number integer enum ",
	    TEXTS "number integer enum " },
	[TYPE_BOOLEAN] = { TEXTS "boolean enum number ",
	    TEXTS "boolean enum " },
	[TYPE_DATE] = { TEXTS "date datetime ", TEXTS "date datetime " },
	[TYPE_DATETIME] = { TEXTS "date datetime ", TEXTS "datetime " },
	[TYPE_EMAIL] = { TEXTS, TEXTS },
	[TYPE_PHONE] = { TEXTS, TEXTS },
	[TYPE_URL] = { TEXTS, TEXTS },
	[TYPE_ENUM] = { NULL, TEXTS "enum boolean number integer ref " },
	[TYPE_SET] = { TEXTS "set enum ref ", TEXTS "set enum " },
	[TYPE_REF] = { TEXTS "ref set enum number integer ",
	    TEXTS "ref enum number integer " },
	[TYPE_JSON] = { NULL, TEXTS "json " },
};

static bool
is_among(const char *words, struct span word)
{
	const char *end;

	if (!words || !word.len)
		return true;
	for (; *words; words = end + 1) {
		end = strchr(words, ' ');
		if (span_eq(span_of(words, (size_t)(end - words)), word))
			return true;
	}
	return false;
}

bool
live_fit_read(const struct entity_field *ef, const struct account_field *f)
{
	return is_among(fits[ef->type].read, f->holds);
}

bool
live_fit_write(const struct entity_field *ef, const struct account_field *f)
{
	return is_among(fits[ef->type].write, f->holds);
}

/* ---- words ---- */

static bool
is_list(const struct entity_field *ef)
{
	return ef->type == TYPE_ENUM || ef->type == TYPE_SET;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
same_word(struct span a, struct span b)
{
	for (size_t i = 0; i < a.len && a.len == b.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return a.len == b.len;
}

bool
live_fit_word_read(const struct entity_field *ef, const struct map_step *s,
    struct span theirs)
{
	if (!is_list(ef) || !ef->value_count || s->otherwise.ptr ||
	    mapping_step_ours(s, theirs).ptr || s->on_misfit != MISFIT_REJECT)
		return true;
	for (size_t i = 0; i < ef->value_count; i++)
		if (same_word(ef->values[i], theirs))
			return true;
	return false;
}

/* Ours where they are listed, else those of the table. */
size_t
live_fit_words(const struct entity_field *ef, const struct map_step *s)
{
	if (!is_list(ef))
		return 0;
	return ef->value_count ? ef->value_count : s->table_count;
}

struct span
live_fit_word(const struct entity_field *ef, const struct map_step *s,
    size_t i)
{
	struct span ours = ef->value_count ? ef->values[i] : s->table[i].ours;
	struct span theirs = mapping_step_theirs(s, ours);

	return theirs.ptr ? theirs : ours;
}

bool
live_fit_option(const struct account_field *f, struct span word)
{
	for (size_t i = 0; i < f->option_count; i++)
		if (span_eq(f->options[i], word))
			return true;
	return !f->option_count;
}
