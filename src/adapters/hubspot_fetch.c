/* SPDX-License-Identifier: MIT */
/*
 * hubspot_fetch: records by id: in batches of those there are, then of those
 * that were archived, and the rest one by one: another id in the answer says
 * that it was merged.
 */
#include "hubspot_read.h"

enum { ACTIVE, ARCHIVED, SINGLE, DONE };

static bool
is_among(struct span id, const struct span *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(ids[i], id))
			return true;
	return false;
}

/* Ids nobody answered for, each once, from r->next on. */
static size_t
gather(struct hubspot_reading *r, struct span *ids)
{
	size_t n = 0, most = r->phase == SINGLE ? 1 : HUBSPOT_BATCH;

	for (; r->next < r->id_count && n < most; r->next++)
		if (!r->state[r->next] &&
		    !is_among(r->ids[r->next], ids, n))
			ids[n++] = r->ids[r->next];
	return n;
}

/* Marks it as answered for among those of this request; was it asked for? */
static bool
answered(struct hubspot_reading *r, const struct web_ask *asked,
    struct span id)
{
	bool found = false;

	for (size_t i = asked->from; i < asked->count; i++)
		if (span_eq(r->ids[i], id)) {
			r->state[i] = 1;
			found = true;
		}
	return found;
}

/* What is no id of HubSpot's is nobody there, and would spoil a batch. */
static enum rc
begin(struct hubspot_reading *r, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->id_count && !rc; i++)
		if (hubspot_record_number(r->ids[i]) < 0) {
			r->state[i] = 1;
			rc = hubspot_rows_missing(&r->rows, r->ids[i], e);
		}
	return rc == RC_END ? RC_OK : rc;
}

/* Only which one it is: a batch reads what it holds. */
static void
put_single(struct hubspot_reading *r, struct web_ask *ask, struct span id)
{
	ask->method = "GET";
	buf_printf(&ask->path, "/crm/v3/objects/%.*s/%.*s"
	    "?properties=hs_object_id", SPAN_ARG(r->object.name),
	    SPAN_ARG(id));
}

static enum rc
ask(struct hubspot_reading *r, struct web_ask *ask, struct err *e)
{
	struct span ids[HUBSPOT_BATCH];
	size_t n;

	(void)e;
	for (; r->phase != DONE; r->phase++, r->next = 0) {
		ask->from = r->next;
		n = gather(r, ids);
		if (!n)
			continue;
		if (r->phase == SINGLE)
			put_single(r, ask, ids[0]);
		else
			hubspot_rows_put_read(ask, &r->rows, ids, n,
			    r->phase == ARCHIVED);
		ask->count = r->next;
		return RC_OK;
	}
	return RC_END;
}

static enum rc
take_batch(struct hubspot_reading *r, const struct web_ask *asked,
    const struct http_answer *a, struct err *e)
{
	const struct json *j = &r->json;
	uint32_t results;
	enum rc rc = hubspot_reading_page(r, a, &results, e);

	if (rc)
		return rc;
	r->rows.archived = r->phase == ARCHIVED;
	for (JSON_ITEMS(j, results, row)) {
		struct span id = hubspot_record_id(j, json_get(j, row,
		    SPAN("id")), &r->arena);

		/* another one: who it was asked by is looked at by itself */
		if (!answered(r, asked, id))
			continue;
		rc = hubspot_rows_row(&r->rows, j, row, &r->arena, e);
		if (rc)
			break;
	}
	return rc;
}

static enum rc
take_single(struct hubspot_reading *r, const struct web_ask *asked,
    const struct http_answer *a, struct err *e)
{
	struct span id = r->ids[asked->count - 1], now;
	enum rc rc;

	r->state[asked->count - 1] = 1;
	r->rows.archived = false;
	if (a->status == 404)
		return hubspot_rows_missing(&r->rows, id, e);
	rc = hubspot_reading_answer(r, a, e);
	if (rc)
		return rc;
	now = hubspot_record_id(&r->json, json_get(&r->json, 0, SPAN("id")),
	    &r->arena);
	if (!now.len)
		return err_set(e, RC_REMOTE, "HubSpot's answer has no id");
	hubspot_rows_await(&r->rows, now);
	if (span_eq(now, id))
		return RC_OK;
	return hubspot_rows_merged(&r->rows, id, now, SPAN(""), e);
}

static enum rc
take(struct hubspot_reading *r, const struct web_ask *asked,
    const struct http_answer *a, struct err *e)
{
	if (r->phase == SINGLE)
		return take_single(r, asked, a, e);
	return take_batch(r, asked, a, e);
}

const struct hubspot_source hubspot_fetch = { SIZE_MAX, begin, ask, take };
