/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include "../lib/clock.h"
#include "../lib/ran.h"

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

/* What was done, as members. */
static void
put_done(struct resolve *r, struct buf *b)
{
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
}

enum rc
plan_record(struct resolve *r, struct txn *t, struct err *e)
{
	struct buf row;
	enum rc rc;

	buf_init(&row, LIMIT_LINE, "run");
	ran_begin(&row, r->run.began, run_status(&r->run));
	put_done(r, &row);
	buf_putc(&row, '}');
	rc = buf_check(&row, e);
	if (!rc)
		rc = ran_put(t, span_str(clock_run_id()), "crm-resolve",
		    SPAN(""), buf_view(&row), e);
	buf_free(&row);
	return rc;
}

enum rc
plan_end(struct resolve *r, struct err *e)
{
	struct buf *b = &r->out.buf;
	enum rc rc;

	BUF_LIT(b, "{\"type\":\"end\",\"system\":\"*\",\"object\":\"plan\","
	    "\"complete\":true,");
	stream_out_books(&r->out);
	put_done(r, b);
	buf_putc(b, '}');
	rc = stream_out_line(&r->out, e);
	return rc ? rc : stream_out_flush(&r->out, e);
}
