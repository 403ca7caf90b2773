/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/scope.h"
#include "../lib/stream.h"
#include "../lib/todo.h"
#include "../lib/xalloc.h"
#include "wanted.h"

/* Every so many records progress is thought of. */
#define PROGRESS_STEP 256

struct walking {
	const struct listing *w;
	struct stream_out out;
	struct buf head;       /* `{"type":"record",…,"id":"` of each record */
	uint64_t read, rejected;
	int64_t started;       /* before the first byte was read */
	bool begun;            /* the begin line is written */
	bool limited;          /* --limit ended it */
	bool confirmed;        /* what it lacks is gone: the system said so */
	struct sights shown;   /* of kinds that can be asked by id */
	struct wanted wanted;
};

static struct read_request *
req_of(const struct walking *s)
{
	return &s->w->from->request;
}

static const struct adapter *
adapter_of(const struct walking *s)
{
	return s->w->from->adapter;
}

/* Does it show only some of what there is, even if it shows something? */
static bool
is_delta(const struct walking *s)
{
	return s->w->delta || (req_of(s)->cursor.len &&
	    adapter_of(s)->kind->caps & CAP_DELTA);
}

/* ---- begin ---- */

/* `{"type":"…","system":"…","object":"…"` */
static void
put_envelope(struct buf *b, const char *type, const struct read_request *req)
{
	buf_printf(b, "{\"type\":\"%s\",\"system\":", type);
	json_put_string(b, req->system->name);
	BUF_LIT(b, ",\"object\":");
	json_put_string(b, req->object);
}

/*
 * Written with the first record, or at the end where there is none: only then
 * is it known whether the cursor spared us the listing.
 */
static enum rc
put_begin(struct walking *s, bool delta, struct err *e)
{
	struct buf *b = &s->out.buf;
	int64_t as_of = req_of(s)->as_of;

	s->begun = true;

	stream_out_section(&s->out, req_of(s)->system->name,
	    req_of(s)->object);
	put_envelope(b, "begin", req_of(s));
	buf_printf(b, ",\"mode\":\"%s\",\"scope\":\"",
	    delta ? "delta" : "full");
	scope_put(b, span_str(adapter_of(s)->kind->name),
	    req_of(s)->object);
	if (adapter_of(s)->kind->caps & CAP_CURRENT)
		BUF_LIT(b, "\",\"current\":true,\"started\":\"");
	else
		BUF_LIT(b, "\",\"started\":\"");
	clock_put(b, as_of && as_of < s->started ? as_of : s->started);
	buf_putc(b, '"');
	clock_put_member(b, "covers", req_of(s)->covers);
	if (s->w->account.name[0]) {
		json_put_text(b, "account", span_str(s->w->account.name));
		buf_printf(b, ",\"written\":%llu",
		    (unsigned long long)s->w->account.written);
	}
	if (delta && req_of(s)->cursor.len) {
		BUF_LIT(b, ",\"cursor\":");
		buf_span(b, req_of(s)->cursor);
	}
	BUF_LIT(b, ",\"run\":");
	json_put_string(b, span_str(clock_run_id()));
	buf_putc(b, '}');
	return stream_out_line(&s->out, e);
}

/* ---- records ---- */

static enum rc
put_record(struct walking *s, const struct read_record *rec, struct err *e)
{
	struct buf *b = &s->out.buf;

	buf_span(b, buf_view(&s->head));
	json_put_escaped(b, rec->id);
	if (rec->modified.len > 0) {
		BUF_LIT(b, "\",\"modified\":\"");
		buf_span(b, rec->modified);
	}
	if (rec->version.len > 0) {
		BUF_LIT(b, "\",\"version\":\"");
		json_put_escaped(b, rec->version);
	}
	if (rec->deleted)
		BUF_LIT(b, "\",\"deleted\":true,\"data\":");
	else
		BUF_LIT(b, "\",\"data\":");
	buf_span(b, rec->data);
	if (rec->times.len > 0) {
		BUF_LIT(b, ",\"times\":");
		buf_span(b, rec->times);
	}
	buf_putc(b, '}');
	stream_out_account(&s->out, rec->id);
	return stream_out_line(&s->out, e);
}

static enum rc
put_bad(struct walking *s, const struct read_record *rec,
    const struct err *problem, struct err *e)
{
	const struct read_request *req = req_of(s);
	struct where where = { rec->line, req->system->name, req->object,
	    rec->id };
	enum rc rc;

	s->rejected++;
	rc = run_reject(s->w->run, &where, problem, rec->data);
	if (rc)
		return rc;
	if (!rec->id.len)
		return RC_OK;
	return stream_out_seen(&s->out, req->system->name, req->object,
	    rec->id, SPAN("rejected"), SPAN(""), e);
}

/*
 * Asked for by its id, and not there; who took it away the system does not
 * say.  A person may have.
 */
static enum rc
put_missing(struct walking *s, const struct read_record *rec, struct err *e)
{
	const struct read_request *req = req_of(s);
	struct read_record dead = { .id = rec->id, .deleted = true,
		.data = SPAN("{}") };
	bool gone;
	enum rc rc = wanted_is_gone(s->w->from, rec->id, &gone, e);

	if (rc)
		return rc;
	return gone ? put_record(s, &dead, e) : stream_out_seen(&s->out,
	    req->system->name, req->object, rec->id, TODO_MISSING, SPAN(""), e);
}

static void
progress(const struct walking *s)
{
	const struct read_request *req = req_of(s);

	if (req->bytes_total)
		run_progress(s->w->run, req->bytes_done, req->bytes_total,
		    "bytes");
	else
		run_progress(s->w->run, s->read, 0, "records");
}

static enum rc
put(struct walking *s, const struct read_record *rec,
    const struct err *problem, struct err *e)
{
	if (adapter_of(s)->fetch)
		sights_add(&s->shown, rec->id);
	if (rec->missing)
		return put_missing(s, rec, e);
	return problem ? put_bad(s, rec, problem, e) : put_record(s, rec, e);
}

static enum rc
on_record(void *arg, const struct read_record *rec, const struct err *problem,
    struct err *e)
{
	struct walking *s = arg;
	bool known = true;

	if (rec->if_known) {
		enum rc rc = wanted_is_known(s->w->from, rec->id, &known, e);

		if (rc || !known)
			return rc;
	}
	if (run_stopping())
		return RC_END;
	if (s->w->limit && s->read == s->w->limit) {
		s->limited = true;
		return RC_END;
	}
	if (s->read++ % PROGRESS_STEP == 0)
		progress(s);
	if (!s->begun) {
		enum rc rc = put_begin(s, is_delta(s), e);

		if (rc)
			return rc;
	}
	return put(s, rec, problem, e);
}

/* What is known goes on; a failure stays with the output until the end. */
static void
on_idle(void *arg)
{
	struct walking *s = arg;
	struct err ignored;

	if (s->out.buf.len && stream_out_flush(&s->out, &ignored))
		return;
}

/* ---- end ---- */

static enum rc
put_end(struct walking *s, struct err *e)
{
	const struct read_request *req = req_of(s);
	struct buf *b = &s->out.buf;

	put_envelope(b, "end", req);
	buf_printf(b, ",\"complete\":%s,", s->w->ids->count ?
	    "false,\"why\":\"ids\"" : s->limited ?
	    "false,\"why\":\"limit\"" : "true");
	stream_out_books(&s->out);
	if (!s->limited && (req->lost || !req->whole || !s->confirmed))
		BUF_LIT(b, ",\"absence\":false");
	if (req->lost)
		BUF_LIT(b, ",\"unreadable\":true");
	if (req->checkpoint.len > 0 && !s->limited) {
		BUF_LIT(b, ",\"checkpoint\":");
		buf_span(b, buf_view(&req->checkpoint));
	}
	buf_printf(b, ",\"stages\":[{\"stage\":\"crm-extract\",\"read\":%llu,"
	    "\"rejected\":%llu", (unsigned long long)s->read,
	    (unsigned long long)s->rejected);
	reasons_put(b, &s->w->run->reasons);
	BUF_LIT(b, "}]}");
	return stream_out_line(&s->out, e);
}

/* ---- the walk ---- */

typedef enum rc finds_wanted(struct walking *s, struct err *e);

static enum rc
find_todo(struct walking *s, struct err *e)
{
	return wanted_todo(&s->wanted, s->w->from, &s->shown, e);
}

static enum rc
find_missed(struct walking *s, struct err *e)
{
	char room[32];
	struct buf scope = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };

	scope_put(&scope, span_str(adapter_of(s)->kind->name),
	    req_of(s)->object);
	return wanted_missed(&s->wanted, s->w->from, &s->shown,
	    scope_number(buf_view(&scope)), s->started, e);
}

static enum rc
fetch_wanted(struct walking *s, finds_wanted *find, struct err *e)
{
	struct wanted *w = &s->wanted;
	enum rc rc = RC_OK;

	wanted_init(w);
	while (!rc && !w->ended && !run_stopping()) {
		rc = find(s, e);
		if (!rc && w->count)
			rc = adapter_of(s)->fetch(req_of(s), w->ids, w->count,
			    e);
	}
	wanted_free(w);
	return rc;
}

static enum rc
fetch_named(struct walking *s, struct err *e)
{
	const struct opt_list *list = s->w->ids;
	struct span *ids = xmalloc(list->count * sizeof *ids);
	enum rc rc;

	for (size_t i = 0; i < list->count; i++)
		ids[i] = span_str(list->items[i]);
	rc = adapter_of(s)->fetch(req_of(s), ids, list->count, e);
	free(ids);
	return rc;
}

/* The listing, then what must be asked for by its id. */
static enum rc
read_all(struct walking *s, struct err *e)
{
	enum rc rc;

	s->confirmed = adapter_of(s)->kind->caps & CAP_LIST_IS_ALL;
	if (s->w->ids->count)
		return fetch_named(s, e);
	rc = adapter_of(s)->read(req_of(s), e);
	if (rc || !adapter_of(s)->fetch)
		return rc;
	rc = fetch_wanted(s, find_todo, e);
	if (!rc && req_of(s)->whole && !s->confirmed && !is_delta(s)) {
		rc = fetch_wanted(s, find_missed, e);
		s->confirmed = !rc && wanted_has_state(s->w->from);
	}
	return rc ? rc : buf_check(&s->shown.hashes, e);
}

/* What was written before a failure is whole lines; there is no end. */
static enum rc
walk_section(struct walking *s, struct err *e)
{
	struct read_request *req = req_of(s);
	struct err last = { "" };
	enum rc rc;

	rc = read_all(s, e);
	if (!s->begun) {
		enum rc begun = put_begin(s, is_delta(s) ||
		    (!req->whole && !rc), rc ? &last : e);

		rc = rc ? rc : begun;
	}
	if (rc == RC_END && (s->limited || run_stopping()))
		rc = RC_OK;
	if (!rc && !run_stopping())
		rc = put_end(s, e);
	if (!s->out.failed && stream_out_flush(&s->out, &last) && !rc) {
		*e = last;
		rc = RC_SYSTEM;
	}
	return rc;
}

void
walk_object(const struct listing *w)
{
	struct walking s = { .w = w, .started = clock_now() };
	struct read_request *req = &w->from->request;
	const struct where where = { 0, req->system->name, req->object,
	    span_of(NULL, 0) };
	struct err e = { "" };
	enum rc rc;

	req->emit = on_record;
	req->idle = on_idle;
	req->arg = &s;
	buf_init(&req->checkpoint, LIMIT_LINE, "checkpoint");
	buf_init(&s.head, LIMIT_LINE, "line");
	put_envelope(&s.head, "record", req);
	BUF_LIT(&s.head, ",\"id\":\"");
	sights_init(&s.shown);
	stream_out_open(&s.out, STDOUT_FILENO);
	rc = walk_section(&s, &e);
	/* a reject under --strict has been told already */
	if (rc == RC_RECORD)
		run_outcome(w->run, rc);
	else if (rc)
		run_problem(w->run, &where, rc, &e);
	stream_out_free(&s.out);
	sights_free(&s.shown);
	buf_free(&s.head);
	buf_free(&req->checkpoint);
}
