/* SPDX-License-Identifier: MIT */
#include "resolve.h"


enum rc
plan_begin(struct resolve *r, struct err *e)
{
	return operation_begin(&r->out, r->state, r->dry_run, e);
}

/* The sections' own counters, so that a loader can report on the whole. */
static void
put_sections(struct resolve *r, struct buf *b)
{
	BUF_LIT(b, ",\"sections\":[");
	for (size_t i = 0; i < r->conclusion_count; i++) {
		const struct conclusion *c = &r->conclusion[i];

		if (i)
			buf_putc(b, ',');
		BUF_LIT(b, "{\"system\":");
		json_put_string(b, c->system);
		BUF_LIT(b, ",\"object\":");
		json_put_string(b, c->object);
		buf_printf(b, ",\"complete\":%s", c->complete ? "true" :
		    "false");
		if (c->stages.len) {
			BUF_LIT(b, ",\"stages\":");
			buf_span(b, c->stages);
		}
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

enum rc
plan_end(struct resolve *r, struct err *e)
{
	struct buf *b = &r->out.buf;
	enum rc rc;

	BUF_LIT(b, "{\"type\":\"end\",\"system\":\"*\",\"object\":\"plan\","
	    "\"complete\":true,");
	stream_out_books(&r->out);
	buf_printf(b, ",\"plan\":\"%llu:%016llx\"",
	    (unsigned long long)r->plan_lines,
	    (unsigned long long)r->plan_hash);
	buf_printf(b, ",\"stages\":[{\"stage\":\"crm-resolve\",\"rejected\":"
	    "%llu,\"same\":%llu,\"moved\":%llu,\"duplicates\":%llu",
	    (unsigned long long)r->run.rejected,
	    (unsigned long long)r->same, (unsigned long long)r->moved,
	    (unsigned long long)r->duplicates);
	reasons_put(b, &r->run.reasons);
	BUF_LIT(b, "}]");
	put_sections(r, b);
	buf_putc(b, '}');
	rc = stream_out_line(&r->out, e);
	return rc ? rc : stream_out_flush(&r->out, e);
}
