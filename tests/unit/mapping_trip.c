/* SPDX-License-Identifier: MIT */
/*
 * mapping_trip: out(in(x)) = x.  Every field every shipped mapping writes and
 * reads takes generated canonical values to the system's form and back.
 * CRM_SEED repeats a run.
 */
#include <stdlib.h>

#include "mapping.h"
#include "mapping_private.h"
#include "tap.h"

#define ROUNDS 60

static uint64_t state;

static uint64_t
random_next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static unsigned
below(unsigned n)
{
	return (unsigned)(random_next() % n);
}

static void
put_digits(struct buf *b, unsigned count)
{
	buf_putc(b, (char)('1' + below(9)));
	while (--count)
		buf_putc(b, (char)('0' + below(10)));
}

static void
put_letters(struct buf *b, unsigned count)
{
	while (count--)
		buf_putc(b, (char)('a' + below(26)));
}

/* Text of all kinds; the last character is no white space. */
static void
put_text(struct buf *b, unsigned most)
{
	static const char *const pieces[] = { "a", "Z", "9", " ", "\"", "\\",
		"\n", "\t", ",", ";", "'", "/", "\xc3\xa9", "\xe4\xbd\xa0",
		"\xf0\x9f\x98\x80", "\x01", "#", "%", "{", "|" };
	unsigned n = 1 + below(most);
	struct buf plain;

	buf_init(&plain, 4096, "text");
	while (n--)
		buf_span(&plain, span_str(pieces[below(20)]));
	json_put_string(b, buf_view(&plain));
	buf_free(&plain);
}

static void
put_date(struct buf *b)
{
	buf_printf(b, "%04u-%02u-%02u", 1970 + below(99), 1 + below(12),
	    1 + below(28));
}

static void
put_word(struct buf *b, const struct map_step *s)
{
	if (s->table_count && below(4))
		json_put_string(b, s->table[below((unsigned)s->table_count)]
		    .ours);
	else {
		BUF_LIT(b, "\"zz");
		put_letters(b, 1 + below(5));
		buf_putc(b, '"');
	}
}

static void
put_quoted_form(struct buf *b, enum field_type type, bool seconds)
{
	buf_putc(b, '"');
	if (type == TYPE_DATE || type == TYPE_DATETIME)
		put_date(b);
	if (type == TYPE_DATETIME)
		buf_printf(b, "T%02u:%02u:%02u.%03uZ", below(24), below(60),
		    below(60), seconds ? 0 : below(1000));
	if (type == TYPE_EMAIL || type == TYPE_URL) {
		if (type == TYPE_URL)
			BUF_LIT(b, "https://");
		put_letters(b, 1 + below(8));
		if (type == TYPE_EMAIL)
			buf_putc(b, '@');
		put_letters(b, 1 + below(8));
		BUF_LIT(b, ".example");
	}
	if (type == TYPE_PHONE) {
		if (below(2))
			buf_putc(b, '+');
		put_digits(b, 4 + below(8));
		if (below(2))
			buf_printf(b, " x%u", 1 + below(999));
	}
	buf_putc(b, '"');
}

static void
put_number(struct buf *b, bool fraction)
{
	if (below(2))
		buf_putc(b, '-');
	put_digits(b, 1 + below(12));
	if (fraction && below(2))
		buf_printf(b, ".%u%u", below(10), 1 + below(9));
}

static void
put_value(struct buf *b, const struct entity_field *f,
    const struct map_step *s)
{
	switch (f->type) {
	case TYPE_TEXT:
		if (s->table_count)
			put_word(b, s);
		else
			put_text(b, s->longest && s->longest < 12 ?
			    (unsigned)s->longest : 12);
		break;
	case TYPE_NUMBER:
	case TYPE_INTEGER:
		put_number(b, f->type == TYPE_NUMBER);
		break;
	case TYPE_BOOLEAN:
		buf_printf(b, "%s", below(2) ? "true" : "false");
		break;
	case TYPE_ENUM:
		put_word(b, s);
		break;
	case TYPE_SET:
		BUF_LIT(b, "[\"a\",\"b c\"]");
		break;
	case TYPE_REF:
		BUF_LIT(b, "{\"ref\":");
		json_put_string(b, f->to);
		buf_printf(b, ",\"id\":\"%u\"}", below(100000));
		break;
	case TYPE_JSON:
		BUF_LIT(b, "{\"a\":[1,true,null]}");
		break;
	default:
		put_quoted_form(b, f->type, s->when.count > 0);
	}
}

struct trip {
	struct mapping *m;
	struct json json;
	struct buf fields, data, back, notes;
};

/* A field that is only read, as from another one's source. */
static bool
only_read(const struct mapping *m, struct span name)
{
	size_t i;

	for (i = 0; i < m->field_count; i++)
		if (span_eq(m->entity->fields[m->fields[i].field].name, name))
			return m->fields[i].dir == DIR_PULL;
	return false;
}

/* The field came back as it was, and nothing that was not asked for. */
static bool
came_back(struct trip *t, const struct map_field *mf, struct err *e)
{
	struct span name = t->m->entity->fields[mf->field].name;
	struct buf own;
	bool fine = json_parse(&t->json, buf_view(&t->back), e) == RC_OK;

	buf_init(&own, 1 << 16, "the field's own");
	for (JSON_EACH(&t->json, 0, key, value)) {
		if (!span_eq(json_inner(&t->json, key), name)) {
			fine &= only_read(t->m, json_inner(&t->json, key));
			continue;
		}
		buf_putc(&own, '{');
		buf_span(&own, mf->steps->key);
		buf_span(&own, json_text(&t->json, value));
		buf_putc(&own, '}');
	}
	fine &= span_eq(buf_view(&t->fields), buf_view(&own));
	buf_free(&own);
	return fine;
}

static bool
one_trip(struct trip *t, const struct map_field *mf, struct err *e)
{
	const struct entity_field *f = &t->m->entity->fields[mf->field];
	enum rc rc;

	buf_reset(&t->fields);
	buf_reset(&t->data);
	buf_reset(&t->back);
	buf_reset(&t->notes);
	buf_putc(&t->fields, '{');
	buf_span(&t->fields, mf->steps->key);
	if (!f->required && !below(20))
		BUF_LIT(&t->fields, "null");
	else
		put_value(&t->fields, f, mf->steps);
	buf_putc(&t->fields, '}');
	rc = json_parse(&t->json, buf_view(&t->fields), e);
	if (!rc)
		rc = mapping_write(t->m, &t->json, 0, &t->data, e);
	if (!rc)
		rc = json_parse(&t->json, buf_view(&t->data), e);
	if (!rc)
		rc = mapping_read(t->m, &t->json, 0, &t->back, &t->notes, e);
	return !rc && !t->notes.len && came_back(t, mf, e);
}

static void
test_field(struct trip *t, const struct map_field *mf)
{
	struct err e = { "" };
	bool fine = true;
	int i;

	for (i = 0; fine && i < ROUNDS; i++)
		fine = one_trip(t, mf, &e);
	ok(fine, "%.*s %.*s", SPAN_ARG(t->m->name), SPAN_ARG(t->m->entity->
	    fields[mf->field].name));
	if (!fine)
		printf("# %.*s\n# %.*s\n# %.*s\n# %s\n",
		    SPAN_ARG(buf_view(&t->fields)),
		    SPAN_ARG(buf_view(&t->data)),
		    SPAN_ARG(buf_view(&t->back)), e.text);
}

static void
test_mapping(struct trip *t, const char *entity, const char *system)
{
	char name[64];
	struct err e;
	size_t i;

	snprintf(name, sizeof(name), "%s.%s", entity, system);
	if (mapping_load(&t->m, span_str(name), NULL, &e)) {
		ok(false, "%s: %s", name, e.text);
		return;
	}
	for (i = 0; i < t->m->field_count; i++)
		if (t->m->fields[i].dir == DIR_BOTH)
			test_field(t, &t->m->fields[i]);
	mapping_free(t->m);
}

int
main(void)
{
	static const char *const entities[] = { "customer", "contact",
		"deal", "activity", "lead", "user" };
	static const char *const systems[] = { "file", "salesforce",
		"hubspot", "pipedrive", "dynamics" };
	const char *seed = getenv("CRM_SEED");
	struct trip t = { .m = NULL };
	size_t i, k;

	setenv("CRM_MAPPINGS", "mappings", 0);
	state = seed ? strtoull(seed, NULL, 10) | 1 : 20261120;
	printf("# CRM_SEED=%llu\n", (unsigned long long)state);
	json_init(&t.json);
	buf_init(&t.fields, 1 << 16, "fields");
	buf_init(&t.data, 1 << 16, "data");
	buf_init(&t.back, 1 << 16, "back");
	buf_init(&t.notes, 1 << 16, "notes");
	for (i = 0; i < 6; i++)
		for (k = 0; k < 5; k++)
			test_mapping(&t, entities[i], systems[k]);
	buf_free(&t.fields);
	buf_free(&t.data);
	buf_free(&t.back);
	buf_free(&t.notes);
	json_free(&t.json);
	return tap_done();
}
