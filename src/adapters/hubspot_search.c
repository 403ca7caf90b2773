/* SPDX-License-Identifier: MIT */
/*
 * hubspot_search: what changed between two times, by the id of the last one
 * seen (so no number of them, nor of those with one time, is too many), up to
 * a time that stands from the start.
 *
 * Search knows of a write only later.  So each window begins well before the
 * end of the one before; who is seen again is no harm.
 */
#include "hubspot_read.h"

#include "../lib/clock.h"

/* A body has 3,000 characters at most, its filters too. */
#define NAMES_MOST 2400
#define OVERLAP_MS 300000 /* search lags by seconds, at times a minute */

/* {"hi":"1767229200000"} */
static enum rc
begin(struct hubspot_reading *r, struct err *e)
{
	struct err why;
	int64_t hi = -1;
	uint32_t node;

	if (json_parse(&r->json, r->req->cursor, &why) == RC_OK) {
		node = json_get(&r->json, 0, SPAN("hi"));
		if (node && json_kind(&r->json, node) == JSON_STRING)
			hi = hubspot_record_number(json_string(&r->json, node,
			    &r->arena));
	}
	if (hi < 0)
		return err_set(e, RC_STATE, "a checkpoint of %.*s that is "
		    "none of ours: crm-extract --full makes a new one",
		    SPAN_ARG(r->req->object));
	r->since = hi > OVERLAP_MS ? hi - OVERLAP_MS : 0;
	r->until = r->talk->now;
	if (r->until < hi)
		r->until = hi;
	return RC_OK;
}

static void
put_filter(struct buf *b, const char *name, const char *operator,
    struct span value)
{
	buf_printf(b, "{\"propertyName\":\"%s\",\"operator\":\"%s\","
	    "\"value\":\"%.*s\"}", name, operator, SPAN_ARG(value));
}

static void
put_time(struct buf *b, const char *name, const char *operator, int64_t ms)
{
	char text[32];
	struct buf t = { .ptr = text, .room = sizeof text,
		.cap = sizeof text };

	buf_u64(&t, (uint64_t)ms);
	put_filter(b, name, operator, buf_view(&t));
}

static enum rc
ask(struct hubspot_reading *r, struct web_ask *ask, struct err *e)
{
	const char *modified = r->object.type->modified;
	struct buf *b = &ask->body;

	(void)e;
	if (r->listed)
		return RC_END;
	ask->method = "POST";
	ask->type = "application/json";
	ask->lane = HUBSPOT_SEARCH;
	buf_printf(&ask->path, "/crm/v3/objects/%.*s/search",
	    SPAN_ARG(r->object.name));
	BUF_LIT(b, "{\"filterGroups\":[{\"filters\":[");
	put_time(b, modified, "GTE", r->since);
	buf_putc(b, ',');
	put_time(b, modified, "LTE", r->until);
	buf_putc(b, ',');
	put_filter(b, "hs_object_id", "GT", r->last.len ? buf_view(&r->last) :
	    SPAN("0"));
	BUF_LIT(b, "]}],\"sorts\":[{\"propertyName\":\"hs_object_id\","
	    "\"direction\":\"ASCENDING\"}],\"properties\":");
	if (r->rows.wide)
		BUF_LIT(b, "[\"hs_object_id\"]");
	else
		hubspot_columns_put_json(b, &r->columns);
	buf_printf(b, ",\"limit\":%d}", HUBSPOT_PAGE);
	return RC_OK;
}

static bool
is_new(const struct hubspot_reading *r, struct span id)
{
	return hubspot_record_order(id, buf_view(&r->last)) > 0;
}

/* Rows of a page come in any order.  How many there are; *more: some of them
 * are beyond all that was seen. */
static uint64_t
note_last(struct hubspot_reading *r, uint32_t results, bool *more)
{
	struct span highest = buf_view(&r->last);
	uint64_t n = 0;

	for (JSON_ITEMS(&r->json, results, row)) {
		struct span id = hubspot_record_id(&r->json, json_get(
		    &r->json, row, SPAN("id")), &r->arena);

		n++;
		if (hubspot_record_order(id, highest) > 0)
			highest = id;
	}
	*more = is_new(r, highest);
	highest = arena_dup(&r->arena, highest);
	buf_reset(&r->last);
	buf_span(&r->last, highest);
	return n;
}

static bool
has_next(struct hubspot_reading *r)
{
	uint32_t paging = json_get(&r->json, 0, SPAN("paging"));
	uint32_t next = paging ? json_get(&r->json, paging, SPAN("next")) : 0;

	return next && json_kind(&r->json, next) == JSON_OBJECT;
}

/*
 * Is there another page?  It may say so, or count more than it shows; but
 * where it is said and none comes, what is behind would be lost for good.
 */
static enum rc
turn(struct hubspot_reading *r, uint32_t results, struct err *e)
{
	bool more, next = has_next(r);
	uint64_t n = note_last(r, results, &more);
	int64_t total = json_get_int(&r->json, 0, SPAN("total"), 0);

	if (!more && (next || total > (int64_t)n))
		return err_set(e, RC_REMOTE, "reading %.*s: HubSpot's search "
		    "says that there is more, and does not give it",
		    SPAN_ARG(r->req->object));
	r->listed = !next && total <= (int64_t)n;
	return RC_OK;
}

/*
 * By its own clock, which ours may be ahead of.  A checkpoint that is ahead of
 * it came of a wrong one: what changed since then nobody would ask for.
 */
static enum rc
note_time(struct hubspot_reading *r, const struct http_answer *a,
    struct err *e)
{
	int64_t now = r->talk->now;

	if (r->hi)
		return RC_OK;
	if (a->date && r->since > now)
		return err_set(e, RC_STATE, "a checkpoint of %.*s that lies "
		    "in the future: crm-extract --full makes a new one",
		    SPAN_ARG(r->req->object));
	hubspot_reading_from(r, r->until < now ? r->until : now);
	return RC_OK;
}

static enum rc
take(struct hubspot_reading *r, const struct web_ask *asked,
    const struct http_answer *a, struct err *e)
{
	uint32_t results;
	enum rc rc = hubspot_reading_page(r, a, &results, e);

	(void)asked;
	if (!rc)
		rc = note_time(r, a, e);
	if (rc)
		return rc;
	rc = turn(r, results, e);
	if (!rc)
		rc = hubspot_reading_rows(r, results, e);
	if (rc)
		return rc;
	return r->listed ? hubspot_reading_done(r, false, e) : RC_OK;
}

const struct hubspot_source hubspot_search = { NAMES_MOST, begin, ask,
	take };
