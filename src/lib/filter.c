/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <unistd.h>

#include "limits.h"

static struct where
where(const struct filter *f)
{
	const struct section *s = &f->in.section;

	return (struct where){ .line = f->line.number, .system = s->system,
		.object = s->object, .id = f->line.id };
}

static enum rc
fail(struct filter *f, enum rc rc, const struct err *e)
{
	struct where w = where(f);

	w.id = SPAN("");
	run_problem(f->run, &w, rc, e);
	return rc;
}

/*
 * A line nobody can read: diverted; the section's books know.  In a piece of a
 * stream nobody keeps them: it goes to whoever reads the whole.
 */
static enum rc
reject_unreadable(struct filter *f, struct err *why)
{
	struct where w = where(f);

	w.id = SPAN("");
	if (!f->part)
		return run_reject(f->run, &w, why, f->line.text);
	if (f->line.text.len < LIMIT_LINE)
		return stream_out_copy(&f->out, f->line.text, why);
	return RC_SYSTEM;
}

static enum rc
reject_record(struct filter *f, const struct err *why, struct err *e)
{
	const struct section *s = &f->in.section;
	struct where w = where(f);
	struct buf known;
	enum rc rc = run_reject(f->run, &w, why, f->line.text);

	if (rc)
		return rc;
	buf_init(&known, LIMIT_REJECT_INPUT, "what is known");
	if (f->known)
		f->known(f, &known);
	rc = stream_out_seen(&f->out, s->system, s->object, f->line.id,
	    SPAN("rejected"), known.over ? SPAN("") : buf_view(&known), e);
	buf_free(&known);
	return rc;
}

static void
open_books(struct filter *f)
{
	stream_out_section(&f->out, f->line.system, f->line.object);
	f->rejected_before = f->run->rejected;
	f->run->reasons = (struct reasons){ .count = 0 };
}

static enum rc
on_begin(struct filter *f, struct err *e)
{
	struct buf *b = &f->out.buf;
	struct span text = f->line.text;
	struct buf extra;
	enum rc rc = RC_OK;

	buf_init(&extra, LIMIT_REJECT_INPUT, "begin line");
	open_books(f);
	if (f->begin)
		rc = f->begin(f, &extra, e);
	if (!rc) {
		while (text.len && text.ptr[text.len - 1] != '}')
			text.len--;
		buf_put(b, text.ptr, text.len - 1);
		buf_span(b, buf_view(&extra));
		buf_putc(b, '}');
		rc = stream_out_line(&f->out, e);
	}
	buf_free(&extra);
	return rc;
}

static bool
rewritten(struct span name)
{
	static const struct span names[] = { { "type", 4 }, { "system", 6 },
		{ "object", 6 }, { "complete", 8 }, { "why", 3 },
		{ "absence", 7 }, { "count", 5 }, { "digest", 6 },
		{ "stages", 6 } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_eq(names[i], name))
			return true;
	return false;
}

static void
put_stages(struct filter *f)
{
	const struct json *j = &f->line.json;
	struct buf *b = &f->out.buf;
	uint32_t stages = json_get(j, 0, SPAN("stages"));

	BUF_LIT(b, ",\"stages\":[");
	if (stages && json_kind(j, stages) == JSON_ARRAY)
		for (JSON_ITEMS(j, stages, item)) {
			buf_span(b, json_text(j, item));
			buf_putc(b, ',');
		}
	buf_printf(b, "{\"stage\":\"%s\",\"rejected\":%llu",
	    f->run->program->name, (unsigned long long)(f->run->rejected -
	    f->rejected_before));
	if (f->counters)
		f->counters(f, b);
	reasons_put(b, &f->run->reasons);
	BUF_LIT(b, "}]}");
}

/* The end line again, with our books in it and what we know of the whole. */
static enum rc
put_end(struct filter *f, bool complete, bool absence, const char *why,
    struct err *e)
{
	const struct json *j = &f->line.json;
	struct buf *b = &f->out.buf;

	BUF_LIT(b, "{\"type\":\"end\",\"system\":");
	json_put_string(b, f->in.section.system);
	BUF_LIT(b, ",\"object\":");
	json_put_string(b, f->in.section.object);
	buf_printf(b, ",\"complete\":%s,", complete ? "true" : "false");
	if (why)
		buf_printf(b, "\"why\":\"%s\",", why);
	if (!absence)
		BUF_LIT(b, "\"absence\":false,");
	if (f->in.section.unreadable)
		BUF_LIT(b, "\"unreadable\":true,");
	stream_out_books(&f->out);
	for (JSON_EACH(j, 0, key, value)) {
		if (rewritten(json_inner(j, key)) ||
		    (f->in.section.unreadable && span_eq(json_inner(j, key),
		    SPAN("unreadable"))))
			continue;
		buf_putc(b, ',');
		buf_span(b, json_text(j, key));
		buf_putc(b, ':');
		buf_span(b, json_text(j, value));
	}
	put_stages(f);
	return stream_out_line(&f->out, e);
}

static enum rc
on_end(struct filter *f, struct err *e)
{
	const struct json *j = &f->line.json;
	uint32_t told = json_get(j, 0, SPAN("absence"));
	bool whole = stream_verify(&f->in, &f->line) == STREAM_WHOLE;
	bool complete = whole && json_get_true(j, 0, SPAN("complete"));
	bool absence = complete && !f->in.section.unreadable &&
	    !(told && json_kind(j, told) == JSON_FALSE);
	struct span why = json_get_string(j, 0, SPAN("why"), &f->in.arena);
	enum rc rc = RC_OK;

	if (f->part)
		return stream_out_copy(&f->out, f->line.text, e);
	if (!whole && !f->subset)
		return err_set(e, RC_SYSTEM, "the section has %llu records, "
		    "not those its end speaks of: a stage before lost some "
		    "(--subset if that was meant)",
		    (unsigned long long)f->in.section.count);
	if (f->end)
		rc = f->end(f, absence, e);
	if (rc)
		return rc;
	return put_end(f, complete, absence, !whole ? "subset" :
	    why.len ? arena_cstr(&f->in.arena, why) : NULL, e);
}

static enum rc
on_record(struct filter *f, struct err *e)
{
	size_t mark = f->out.buf.len;
	enum rc rc = f->record(f, e);
	struct err why = *e;

	if (rc == RC_OK && f->out.buf.over) {
		rc = RC_RECORD;
		err_set(&why, rc, "the answer is too long");
	}
	if (rc == RC_OK)
		return stream_out_line(&f->out, e);
	f->out.buf.len = mark;
	f->out.buf.over = false;
	if (rc == RC_RECORD)
		return reject_record(f, &why, e);
	if (rc != RC_END)
		return rc;
	stream_out_account(&f->out, f->line.id);
	return stream_out_copy(&f->out, f->line.text, e);
}

/* A counted line of another type passes, and keeps its place in our books. */
static enum rc
on_other(struct filter *f, struct err *e)
{
	const struct line *l = &f->line;
	bool absent = l->type == LINE_CHANGE &&
	    json_get_true(&l->json, 0, SPAN("absent"));

	if (l->type == LINE_SEEN || l->type == LINE_SAME ||
	    l->type == LINE_RECORD || (l->type == LINE_CHANGE && !absent))
		stream_out_account(&f->out, l->id);
	if (l->type == LINE_OPERATION)
		stream_out_account(&f->out, l->uid);
	if (l->type == LINE_SEEN && f->seen) {
		enum rc rc = f->seen(f, e);

		if (rc)
			return rc;
	}
	return stream_out_copy(&f->out, l->text, e);
}

static enum rc
on_operation(struct filter *f, struct err *e)
{
	size_t mark = f->out.buf.len;
	enum rc rc = f->operation(f, e);

	if (rc == RC_OK && !f->out.buf.over) {
		stream_out_account(&f->out, f->line.uid);
		return stream_out_line(&f->out, e);
	}
	if (rc == RC_OK)
		rc = err_set(e, RC_RECORD, "the answer is too long");
	f->out.buf.len = mark;
	f->out.buf.over = false;
	if (rc == RC_RECORD)
		rc = reject_unreadable(f, e);
	if (rc && rc != RC_END)
		return rc;
	return on_other(f, e);
}

/* Parses the line; a piece's section may begin with any. */
static enum rc
parse(struct filter *f, struct err *e)
{
	bool open = f->in.section.open;
	enum rc rc = stream_parse(&f->in, &f->line, e);
	enum rc begun;

	if (open || !f->in.section.open || f->line.type == LINE_BEGIN)
		return rc;
	open_books(f);
	begun = f->begin ? f->begin(f, NULL, e) : RC_OK;
	return begun ? begun : rc;
}

static enum rc
on_line(struct filter *f, struct err *e)
{
	enum rc rc = f->quick ? f->quick(f, e) : RC_END;

	if (rc == RC_OK)
		return stream_out_line(&f->out, e);
	if (rc != RC_END)
		return rc;
	rc = parse(f, e);
	if (rc == RC_RECORD)
		return reject_unreadable(f, e);
	if (rc)
		return rc;
	switch (f->line.type) {
	case LINE_BEGIN:
		return on_begin(f, e);
	case LINE_END:
		return on_end(f, e);
	case LINE_RECORD:
		return f->record ? on_record(f, e) : on_other(f, e);
	case LINE_OPERATION:
		return f->operation ? on_operation(f, e) : on_other(f, e);
	default:
		return on_other(f, e);
	}
}

/* RC_END at the clean end of all sections. */
static enum rc
read_all(struct filter *f, struct err *e)
{
	enum rc rc;

	do {
		f->line.id = SPAN("");
		rc = stream_read(&f->in, &f->line, e);
		if (rc == RC_OK)
			rc = on_line(f, e);
		else if (rc == RC_RECORD)
			rc = reject_unreadable(f, e);
		if ((f->in.lines & 255) == 0)
			run_progress(f->run, f->in.lines, 0, "lines");
	} while (rc == RC_OK);
	if (rc == RC_END && f->in.section.open && !f->part)
		rc = err_set(e, RC_SYSTEM, "the input ended inside a section: "
		    "nothing is concluded from it");
	return rc;
}

void
filter_run(struct filter *f)
{
	struct err e = { "" };
	enum rc rc;

	stream_out_open(&f->out, STDOUT_FILENO);
	stream_in_open(&f->in, STDIN_FILENO, &f->out);
	f->in.part = f->part;
	stream_line_init(&f->line);
	rc = read_all(f, &e);
	/* RC_RECORD is --strict: already said, and the stream stays open */
	if (rc != RC_END && rc != RC_RECORD)
		fail(f, rc, &e);
	if (!f->out.failed && stream_out_flush(&f->out, &e))
		fail(f, RC_SYSTEM, &e);
	stream_line_free(&f->line);
	stream_in_free(&f->in);
	stream_out_free(&f->out);
}
