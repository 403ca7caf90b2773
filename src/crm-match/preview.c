/* SPDX-License-Identifier: MIT */
/*
 * preview: what two records would be as one.  They have no common past, so a
 * null is no opinion and a value fills a blank; of two values the field's rule
 * chooses where it needs no more than these, else a person must.
 */
#include "match.h"

#include "../lib/clock.h"
#include "../lib/decimal.h"
#include "../lib/mapping.h"
#include "../lib/type.h"

/* One record's values. */
struct shown {
	const struct match *m;
	const struct kept_record *r;
	struct json j;
	uint32_t at;
};

struct differing {
	struct buf text;
	size_t count;
};

static enum rc
show(struct shown *s, struct err *e)
{
	json_init(&s->j);
	return json_parse(&s->j, s->r->fields, e);
}

static struct span
value_of(struct shown *s, struct span name)
{
	uint32_t v = json_get_next(&s->j, 0, name, &s->at);
	struct span text = v ? json_text(&s->j, v) : span_of(NULL, 0);

	return text.ptr && span_eq(text, SPAN("null")) ? span_of(NULL, 0) :
	    text;
}

static bool
preferred(const struct shown *s, struct span system)
{
	return span_eq(s->m->origin[s->r->origin].system, system);
}

/* -1: the first record's; 1: the second's; 0: nobody can tell. */
static int
by_list(const struct entity_field *f, const struct shown *a,
    const struct shown *b)
{
	for (size_t i = 0; i < f->prefer_count; i++) {
		bool is_a = preferred(a, f->prefer[i]);
		bool is_b = preferred(b, f->prefer[i]);

		if (is_a != is_b)
			return is_a ? -1 : 1;
	}
	return 0;
}

static int
by_length(struct span a, struct span b)
{
	return a.len == b.len ? 0 : a.len > b.len ? -1 : 1;
}

static int
choose(const struct entity_field *f, const struct shown *a, struct span x,
    const struct shown *b, struct span y)
{
	if (span_eq(x, y))
		return -1;
	if (type_equivalent(f, 0, x, y)) /* the fuller, else the first text */
		return by_length(x, y) ? by_length(x, y) :
		    span_cmp(x, y) < 0 ? -1 : 1;
	switch (f->rule) {
	case RULE_PREFER:
	case RULE_FIRST:
	case RULE_LATEST: /* times of records say nothing of a field's */
		return by_list(f, a, b);
	case RULE_LONGEST:
		return by_length(x, y);
	default:
		return 0;
	}
}

static void
put_member(struct buf *b, struct span name, struct span value)
{
	json_put_key(b, name);
	buf_span(b, value);
}

static void
put_differing(struct differing *d, struct span name, struct span x,
    struct span y)
{
	json_put_key(&d->text, name);
	buf_putc(&d->text, '[');
	buf_span(&d->text, x);
	buf_putc(&d->text, ',');
	buf_span(&d->text, y);
	buf_putc(&d->text, ']');
	d->count++;
}

static void
put_fields(struct match *m, struct shown *a, struct shown *b,
    struct buf *out, struct differing *d)
{
	for (size_t i = 0; i < m->entity->field_count; i++) {
		const struct entity_field *f = &m->entity->fields[i];
		struct span x = value_of(a, f->name);
		struct span y = value_of(b, f->name);
		int side = !x.ptr ? 1 : !y.ptr ? -1 : choose(f, a, x, b, y);

		if (!x.ptr && !y.ptr)
			continue;
		if (!side)
			put_differing(d, f->name, x, y);
		else
			put_member(out, f->name, side < 0 ? x : y);
	}
}

enum rc
preview_put(struct match *m, const struct kept_record *a,
    const struct kept_record *b, struct buf *out, struct err *e)
{
	struct shown x = { .m = m, .r = a }, y = { .m = m, .r = b };
	struct differing d = { .count = 0 };
	enum rc rc = show(&x, e), other = show(&y, e);

	buf_init(&d.text, 4u * LIMIT_LINE, "preview");
	rc = rc ? rc : other;
	if (!rc) {
		BUF_LIT(out, ",\"merged\":{");
		buf_putc(&d.text, '{');
		put_fields(m, &x, &y, out, &d);
		buf_putc(out, '}');
		if (d.count) {
			BUF_LIT(out, ",\"differ\":");
			buf_span(out, buf_view(&d.text));
			buf_putc(out, '}');
		}
	}
	buf_free(&d.text);
	json_free(&x.j);
	json_free(&y.j);
	return rc;
}
