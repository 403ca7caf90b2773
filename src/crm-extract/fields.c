/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include <unistd.h>

#include "../adapters/web_session.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/run.h"
#include "../lib/stream.h"

#define RECORDS 1000 /* looked at, where fields are not told */

struct telling {
	const struct read_request *req;
	struct stream_out out;
	/* where fields are not told: */
	struct arena arena;
	struct json json;
	struct member {
		struct span name;
		uint64_t seen;
	} *members;
	size_t count, room;
	uint64_t records;
};

/* ---- told ---- */

static void
put_flag(struct buf *b, const char *name, bool value)
{
	buf_printf(b, ",\"%s\":%s", name, value ? "true" : "false");
}

static void
put_head(struct telling *t, struct span name)
{
	struct buf *b = &t->out.buf;

	BUF_LIT(b, "{\"type\":\"field\"");
	json_put_text(b, "system", t->req->system->name);
	json_put_text(b, "object", t->req->object);
	json_put_text(b, "name", name);
}

static void
put_options(struct buf *b, const struct web_field *f)
{
	if (!f->option_count)
		return;
	BUF_LIT(b, ",\"options\":[");
	for (size_t i = 0; i < f->option_count; i++) {
		buf_put(b, ",", i > 0);
		buf_putc(b, '{');
		json_put_text(b, "value", f->options[i].value);
		json_put_member(b, "label", f->options[i].label);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static enum rc
on_field(void *arg, const struct web_field *f, struct err *e)
{
	struct telling *t = arg;
	struct buf *b = &t->out.buf;

	put_head(t, f->name);
	json_put_member(b, "label", f->label);
	json_put_member(b, "holds", f->type);
	json_put_member(b, "native", f->native);
	json_put_member(b, "to", f->to);
	put_flag(b, "writable", f->writable);
	put_flag(b, "required", f->required);
	put_flag(b, "unique", f->unique);
	put_flag(b, "custom", f->custom);
	if (f->max_length)
		buf_printf(b, ",\"max_length\":%zu", f->max_length);
	put_options(b, f);
	buf_putc(b, '}');
	return stream_out_line(&t->out, e);
}

/* ---- seen ---- */

static struct member *
member_of(struct telling *t, struct span name)
{
	struct member *bigger;

	for (size_t i = 0; i < t->count; i++)
		if (span_eq(t->members[i].name, name))
			return &t->members[i];
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		bigger = arena_zero(&t->arena, t->room * sizeof *bigger);
		if (t->count)
			memcpy(bigger, t->members, t->count * sizeof *bigger);
		t->members = bigger;
	}
	t->members[t->count].name = arena_dup(&t->arena, name);
	return &t->members[t->count++];
}

static enum rc
on_record(void *arg, const struct read_record *rec, const struct err *problem,
    struct err *e)
{
	struct telling *t = arg;
	struct err ignored;

	if (run_stopping())
		return err_set(e, RC_SYSTEM, "stopped");
	if (t->records == RECORDS)
		return RC_END;
	if (problem || json_parse(&t->json, rec->data, &ignored) ||
	    json_kind(&t->json, 0) != JSON_OBJECT)
		return RC_OK;
	t->records++;
	for (JSON_EACH(&t->json, 0, key, value)) {
		(void)value;
		member_of(t, json_string(&t->json, key, &t->arena))->seen++;
	}
	return RC_OK;
}

static enum rc
put_members(struct telling *t, struct err *e)
{
	enum rc rc = RC_OK;

	if (!t->records)
		return err_set(e, RC_CONFIG, "%.*s: %.*s does not tell its "
		    "fields, and has no records to see them in",
		    SPAN_ARG(t->req->object), SPAN_ARG(t->req->system->name));
	for (size_t i = 0; !rc && i < t->count; i++) {
		put_head(t, t->members[i].name);
		buf_printf(&t->out.buf, ",\"seen\":%llu}",
		    (unsigned long long)t->members[i].seen);
		rc = stream_out_line(&t->out, e);
	}
	return rc;
}

static enum rc
look(struct telling *t, struct extraction *s, struct err *e)
{
	struct read_request *req = &s->request;
	enum rc rc;

	req->emit = on_record;
	req->arg = t;
	req->mapping = NULL;
	req->full = true;
	req->all_columns = true;
	buf_init(&req->checkpoint, LIMIT_LINE, "checkpoint");
	rc = s->adapter->read(req, e);
	buf_free(&req->checkpoint);
	if (rc == RC_END)
		rc = RC_OK;
	return rc ? rc : put_members(t, e);
}

enum rc
fields_run(struct extraction *s, struct err *e)
{
	struct telling t = { .req = &s->request };
	enum rc rc;

	arena_init(&t.arena);
	json_init(&t.json);
	stream_out_open(&t.out, STDOUT_FILENO);
	if (s->adapter->web)
		rc = web_describe(s->request.object, on_field, &t, e);
	else
		rc = look(&t, s, e);
	if (rc && s->adapter->web)
		rc = err_prefix(e, rc, "%.*s", SPAN_ARG(s->request.object));
	if (!rc)
		rc = stream_out_flush(&t.out, e);
	stream_out_free(&t.out);
	json_free(&t.json);
	arena_free(&t.arena);
	return rc;
}
