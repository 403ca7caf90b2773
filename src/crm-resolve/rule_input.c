/* SPDX-License-Identifier: MIT */
/* rule_input: candidates as JSON, and a program's result as a value. */
#include "rules.h"

#include "../lib/clock.h"
#include "../lib/type.h"

static void
put_candidate(struct buf *b, const struct dispute *d,
    const struct candidate *c)
{
	BUF_LIT(b, "{\"system\":");
	json_put_string(b, c->name);
	BUF_LIT(b, ",\"value\":");
	buf_span(b, c->value);
	BUF_LIT(b, ",\"was\":");
	buf_span(b, c->base.ptr ? c->base : record_null);
	BUF_LIT(b, ",\"time\":");
	/* where values meet for the first time none is the later one */
	if (d->first || !c->time) {
		buf_span(b, record_null);
	} else {
		buf_putc(b, '"');
		clock_put(b, c->time);
		buf_putc(b, '"');
	}
	buf_printf(b, ",\"exact\":%s,\"agreed\":%s}", c->exact && !d->first ?
	    "true" : "false", c->agreed ? "true" : "false");
}

void
rule_input(struct buf *b, const struct dispute *d)
{
	buf_putc(b, '[');
	for (size_t i = 0; i < d->count; i++) {
		if (i)
			buf_putc(b, ',');
		put_candidate(b, d, &d->candidates[i]);
	}
	buf_putc(b, ']');
}

/* Of references only those of candidates are known. */
static bool
find_reference(const struct dispute *d, struct span value, struct span *out)
{
	struct json a, b;
	struct err e;
	bool found = false;

	json_init(&a);
	json_init(&b);
	for (size_t i = 0; i < d->count && !found &&
	    !json_parse(&a, value, &e); i++) {
		struct span uid = json_get_string(&a, 0, SPAN("uid"),
		    d->arena);

		*out = d->candidates[i].value;
		found = uid.ptr && !json_parse(&b, *out, &e) &&
		    span_eq(uid, json_get_string(&b, 0, SPAN("uid"),
		    d->arena));
	}
	json_free(&a);
	json_free(&b);
	return found;
}

enum rc
rule_fit(const struct dispute *d, struct span value, struct span *out,
    struct err *e)
{
	for (size_t i = 0; i < d->count; i++)
		if (span_eq(value, d->candidates[i].value)) {
			*out = d->candidates[i].value;
			return RC_OK;
		}
	if (d->field->type != TYPE_REF || span_eq(value, record_null))
		return type_fit(d->field, value, d->arena, out, e);
	return find_reference(d, value, out) ? RC_OK : err_set(e, RC_RECORD,
	    "is no candidate's reference");
}
