/* SPDX-License-Identifier: MIT */
/*
 * hubspot_list: all records, by pages of a hundred: those there are, then
 * those that were archived, which is how it is known what was deleted.
 */
#include "hubspot_read.h"

#include "../lib/percent.h"

#define NAMES_MOST 6000 /* of an address; a longer one may be refused */
#define STARTS 3        /* from the first page again */

static enum rc
ask(struct hubspot_reading *r, struct web_ask *ask, struct err *e)
{
	struct buf *b = &ask->path;

	(void)e;
	if (r->listed)
		return RC_END;
	/* what waits of the page before has been read by now */
	r->rows.archived = r->archived;
	ask->method = "GET";
	buf_printf(b, "/crm/v3/objects/%.*s?limit=%d&archived=%s",
	    SPAN_ARG(r->object.name), HUBSPOT_BATCH,
	    r->archived ? "true" : "false");
	BUF_LIT(b, "&properties=");
	if (r->rows.wide)
		BUF_LIT(b, "hs_object_id");
	else
		hubspot_columns_put_path(b, &r->columns);
	if (r->after.len) {
		BUF_LIT(b, "&after=");
		percent_put(b, buf_view(&r->after));
	}
	return RC_OK;
}

/* The highest id so far: where to go on when a cursor is no good any more. */
static void
note_last(struct hubspot_reading *r, uint32_t results)
{
	for (JSON_ITEMS(&r->json, results, row)) {
		struct span id = hubspot_record_id(&r->json, json_get(
		    &r->json, row, SPAN("id")), &r->arena);

		if (hubspot_record_order(id, buf_view(&r->last)) <= 0)
			continue;
		buf_reset(&r->last);
		buf_span(&r->last, id);
	}
}

/*
 * A cursor is the id of the next record: so the last one that came is one,
 * too, and is read twice; if that does not do, or leads no further, then all
 * of it is.
 */
static enum rc
restart(struct hubspot_reading *r, const struct http_answer *a, struct err *e)
{
	int64_t last = hubspot_record_number(buf_view(&r->last));

	buf_reset(&r->after);
	r->turns = (struct hubspot_turns){ 0 };
	if (r->restarts++ == 0 && last != r->restarted) {
		r->restarted = last;
		buf_span(&r->after, buf_view(&r->last));
		return RC_OK;
	}
	r->restarted = 0;
	if (r->starts++ < STARTS)
		return RC_OK;
	return err_prefix(e, hubspot_refusal_say(e, RC_RETRY, a), "reading "
	    "%.*s: its pages end before they are read",
	    SPAN_ARG(r->req->object));
}

static enum rc
turn(struct hubspot_reading *r, struct err *e)
{
	enum rc rc = hubspot_reading_turn(r, e);

	if (rc || r->more)
		return rc;
	buf_reset(&r->after);
	buf_reset(&r->last);
	r->turns = (struct hubspot_turns){ 0 };
	if (r->archived) {
		r->listed = true;
		return hubspot_reading_done(r, true, e);
	}
	r->archived = true;
	return RC_OK;
}

static enum rc
take(struct hubspot_reading *r, const struct web_ask *asked,
    const struct http_answer *a, struct err *e)
{
	uint32_t results;
	enum rc rc;

	(void)asked;
	if (!r->hi)
		hubspot_reading_from(r, r->talk->now);
	if (a->status == 414 && !r->rows.wide) {
		r->rows.wide = true;
		return RC_OK;
	}
	if (a->status == 400 && r->after.len)
		return restart(r, a, e);
	rc = hubspot_reading_page(r, a, &results, e);
	if (rc)
		return rc;
	r->restarts = 0;
	note_last(r, results);
	rc = hubspot_reading_rows(r, results, e);
	return rc ? rc : turn(r, e);
}

const struct hubspot_source hubspot_list = { NAMES_MOST, NULL, ask, take };
