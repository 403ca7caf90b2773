/* SPDX-License-Identifier: MIT */
/* hubspot_read: the talk of every reading; the sources are beside it. */
#include "hubspot_read.h"

#include "../lib/xalloc.h"

#include <stdlib.h>

enum { STEP_PAGE, STEP_COLUMNS };

/* ---- answers ---- */

static enum rc
parse(struct hubspot_reading *r, const struct http_answer *a, struct err *e)
{
	struct err why;

	arena_reset(&r->arena);
	if (json_parse(&r->json, buf_view(&a->body), &why) == RC_OK &&
	    json_kind(&r->json, 0) == JSON_OBJECT)
		return RC_OK;
	return err_set(e, RC_REMOTE, "HubSpot's answer is no JSON object");
}

/* What cannot become better by itself is for whoever called. */
static enum rc
refused(const struct hubspot_reading *r, const struct http_answer *a,
    struct err *e)
{
	enum rc rc = hubspot_refusal_say(e, RC_CONFIG, a);

	return err_prefix(e, rc, "reading %.*s", SPAN_ARG(r->req->object));
}

enum rc
hubspot_reading_answer(struct hubspot_reading *r, const struct http_answer *a,
    struct err *e)
{
	if (a->status < 200 || a->status >= 300)
		return refused(r, a, e);
	return parse(r, a, e);
}

enum rc
hubspot_reading_page(struct hubspot_reading *r, const struct http_answer *a,
    uint32_t *results, struct err *e)
{
	enum rc rc = hubspot_reading_answer(r, a, e);

	return rc ? rc : hubspot_record_results(results, &r->json, e);
}

enum rc
hubspot_reading_rows(struct hubspot_reading *r, uint32_t results,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (JSON_ITEMS(&r->json, results, row)) {
		rc = hubspot_rows_add(&r->rows, &r->json, row, &r->arena, e);
		if (rc)
			break;
	}
	return rc;
}

/* The link beside it may lead anywhere; it is not followed. */
enum rc
hubspot_reading_turn(struct hubspot_reading *r, struct err *e)
{
	const struct json *j = &r->json;
	uint32_t paging = json_get(j, 0, SPAN("paging"));
	uint32_t next = paging ? json_get(j, paging, SPAN("next")) : 0;
	uint32_t after = next ? json_get(j, next, SPAN("after")) : 0;
	struct span to;

	r->more = false;
	if (!after || json_kind(j, after) == JSON_NULL)
		return RC_OK;
	to = json_kind(j, after) == JSON_STRING ?
	    json_string(j, after, &r->arena) : json_text(j, after);
	if (!to.len)
		return RC_OK;
	if (hubspot_turns_again(&r->turns, to))
		return err_set(e, RC_REMOTE, "HubSpot gives the same page "
		    "again and again");
	buf_reset(&r->after);
	buf_span(&r->after, to);
	r->more = true;
	return buf_check(&r->after, e);
}

/* What it covers is held against what we saw elsewhere, and when. */
void
hubspot_reading_from(struct hubspot_reading *r, int64_t hi)
{
	r->hi = hi;
	r->req->covers = hi - r->talk->lead - HUBSPOT_LAG_MS;
}

enum rc
hubspot_reading_done(struct hubspot_reading *r, bool whole, struct err *e)
{
	struct buf *b = &r->req->checkpoint;

	buf_reset(b);
	buf_printf(b, "{\"hi\":\"%lld\"}", (long long)r->hi);
	r->req->whole = whole;
	return buf_check(b, e);
}

/* ---- which properties there are ---- */

static void
ask_columns(struct hubspot_reading *r, struct web_ask *ask)
{
	ask->step = STEP_COLUMNS;
	ask->method = "GET";
	buf_printf(&ask->path, "/crm/v3/properties/%.*s?archived=false",
	    SPAN_ARG(r->object.name));
}

static enum rc
take_columns(struct hubspot_reading *r, const struct http_answer *a,
    struct err *e)
{
	enum rc rc = hubspot_reading_answer(r, a, e);

	if (!rc)
		rc = hubspot_columns_take(&r->columns, &r->object, &r->json,
		    e);
	hubspot_rows_measure(&r->rows, r->source->names_most);
	return rc;
}

/* ---- the talk ---- */

static enum rc
next(struct talk *t, struct web_ask *ask, struct err *e)
{
	struct hubspot_reading *r = t->own;
	enum rc rc;

	if (!r->columns.known) {
		ask_columns(r, ask);
		return RC_OK;
	}
	for (;;) {
		rc = hubspot_rows_ask(&r->rows, ask, r->ended, e);
		if (r->rows.stopped)
			return RC_END;
		if (rc != RC_END || r->ended)
			return rc;
		rc = r->source->ask(r, ask, e);
		if (rc != RC_END)
			return rc;
		r->ended = true;
	}
}

static enum rc
take(struct talk *t, const struct web_ask *ask, const struct http_answer *a,
    enum rc came, const struct err *why, struct err *e)
{
	struct hubspot_reading *r = t->own;
	enum rc rc;

	if (came) {
		*e = *why;
		return err_prefix(e, came, "reading %.*s",
		    SPAN_ARG(r->req->object));
	}
	if (ask->step == STEP_COLUMNS)
		return take_columns(r, a, e);
	if (ask->step == STEP_PAGE)
		return r->source->take(r, ask, a, e);
	rc = hubspot_reading_answer(r, a, e);
	return rc ? rc : hubspot_rows_take(&r->rows, ask, &r->json,
	    &r->arena, e);
}

static void
release(struct talk *t)
{
	struct hubspot_reading *r = t->own;

	json_free(&r->json);
	arena_free(&r->arena);
	hubspot_rows_free(&r->rows);
	hubspot_columns_free(&r->columns);
	buf_free(&r->after);
	buf_free(&r->last);
	free(r->state);
	free(r);
}

static enum rc
begin(struct talk *t, struct read_request *req, struct hubspot_reading **out,
    struct err *e)
{
	struct hubspot_reading *r = xcalloc(1, sizeof *r);
	enum rc rc;

	t->next = next;
	t->take = take;
	t->free = release;
	t->own = *out = r;
	r->talk = t;
	r->req = req;
	buf_init(&r->after, LIMIT_URL, "paging cursor");
	buf_init(&r->last, LIMIT_ID, "id");
	json_init(&r->json);
	arena_init(&r->arena);
	rc = hubspot_type_object(&r->object, req->object, e);
	hubspot_columns_init(&r->columns, &r->object, req->mapping);
	hubspot_rows_init(&r->rows, req, &r->object, &r->columns);
	if (r->object.form != HUBSPOT_RECORDS)
		r->columns.known = true;
	return rc;
}

static enum rc
start(struct hubspot_reading *r, const struct hubspot_source *source,
    struct err *e)
{
	r->source = source;
	if (r->columns.known)
		hubspot_rows_measure(&r->rows, source->names_most);
	return source->begin ? source->begin(r, e) : RC_OK;
}

enum rc
hubspot_read(struct talk *t, struct read_request *req, struct err *e)
{
	struct hubspot_reading *r;
	enum rc rc = begin(t, req, &r, e);

	if (rc)
		return rc;
	if (r->object.form != HUBSPOT_RECORDS)
		return start(r, &hubspot_plain, e);
	return start(r, req->full || !req->cursor.len ? &hubspot_list :
	    &hubspot_search, e);
}

enum rc
hubspot_read_ids(struct talk *t, struct read_request *req,
    const struct span *ids, size_t n, struct err *e)
{
	struct hubspot_reading *r;
	enum rc rc = begin(t, req, &r, e);

	if (rc)
		return rc;
	r->ids = ids;
	r->id_count = n;
	r->state = xcalloc(n ? n : 1, 1);
	return start(r, r->object.form == HUBSPOT_RECORDS ? &hubspot_fetch :
	    &hubspot_plain, e);
}
