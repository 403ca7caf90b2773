/* SPDX-License-Identifier: MIT */
/*
 * hubspot_plain: what records refer to and has no search, no batches and few
 * rows: owners, those that left too; pipelines; and the stages of pipelines,
 * each with the pipeline it is of.  All of it is read each time.
 */
#include "hubspot_read.h"

#include "../lib/limits.h"
#include "../lib/percent.h"

#define OWNERS_PAGE 500

static enum rc
ask(struct hubspot_reading *r, struct web_ask *ask, struct err *e)
{
	struct buf *b = &ask->path;

	(void)e;
	if (r->listed)
		return RC_END;
	ask->method = "GET";
	if (r->object.form != HUBSPOT_OWNERS) {
		buf_printf(b, "/crm/v3/pipelines/%.*s",
		    SPAN_ARG(r->object.name));
		return RC_OK;
	}
	buf_printf(b, "/crm/v3/owners?limit=%d&archived=%s", OWNERS_PAGE,
	    r->archived ? "true" : "false");
	if (r->after.len) {
		BUF_LIT(b, "&after=");
		percent_put(b, buf_view(&r->after));
	}
	return RC_OK;
}

/* ---- one of them ---- */

/* `node`'s members but the id, and but one more; those of `within` instead of
 * that member. */
static void
put_members(struct buf *b, const struct json *j, uint32_t node,
    struct span within, struct arena *a)
{
	for (JSON_EACH(j, node, key, value)) {
		if (json_is(j, key, SPAN("id")))
			continue;
		if (within.len && json_is(j, key, within)) {
			if (json_kind(j, value) == JSON_OBJECT)
				put_members(b, j, value, SPAN(""), a);
			continue;
		}
		buf_putc(b, ',');
		json_put_value(b, j, key, a);
		buf_putc(b, ':');
		json_put_value(b, j, value, a);
	}
}

/* By id only those asked for are of interest. */
static bool
is_wanted(struct hubspot_reading *r, struct span id)
{
	bool wanted = !r->ids;

	for (size_t i = 0; i < r->id_count; i++)
		if (span_eq(r->ids[i], id)) {
			r->state[i] = 1;
			wanted = true;
		}
	return wanted;
}

static struct span
id_of(const struct json *j, uint32_t node, struct arena *a)
{
	uint32_t id = json_get(j, node, SPAN("id"));

	if (id && json_kind(j, id) == JSON_STRING)
		return json_string(j, id, a);
	return hubspot_record_id(j, id, a);
}

/* `of`: the pipeline a stage is of, or 0. */
static enum rc
tell(struct hubspot_reading *r, uint32_t node, uint32_t of, struct err *e)
{
	const struct json *j = &r->json;
	struct buf *b = &r->rows.data;
	struct read_record rec = { .id = id_of(j, node, &r->arena),
		.deleted = json_get_true(j, node, SPAN("archived")) };
	struct err odd;

	if (!rec.id.len || rec.id.len > LIMIT_ID) {
		rec.id = SPAN("");
		rec.data = json_text(j, node);
		r->req->lost = true;
		err_set(&odd, RC_RECORD, "a record without an id");
		return r->req->emit(r->req->arg, &rec, &odd, e);
	}
	if (!is_wanted(r, rec.id))
		return RC_OK;
	buf_reset(b);
	BUF_LIT(b, "{\"id\":");
	json_put_string(b, rec.id);
	if (of) {
		json_put_text(b, "pipeline", id_of(j, of, &r->arena));
		json_put_text(b, "pipelineLabel", json_get_string(j, of,
		    SPAN("label"), &r->arena));
	}
	put_members(b, j, node, SPAN("metadata"), &r->arena);
	buf_putc(b, '}');
	rec.data = buf_view(b);
	rec.modified = rec.version = hubspot_record_time(json_get_string(j,
	    node, SPAN("updatedAt"), &r->arena), &r->arena);
	return r->req->emit(r->req->arg, &rec, NULL, e);
}

static enum rc
tell_stages(struct hubspot_reading *r, uint32_t pipeline, struct err *e)
{
	uint32_t stages = json_get(&r->json, pipeline, SPAN("stages"));
	enum rc rc = RC_OK;

	if (!stages || json_kind(&r->json, stages) != JSON_ARRAY)
		return err_set(e, RC_REMOTE, "HubSpot gives a pipeline "
		    "without its stages");
	for (JSON_ITEMS(&r->json, stages, stage)) {
		rc = tell(r, stage, pipeline, e);
		if (rc)
			break;
	}
	return rc;
}

static enum rc
tell_all(struct hubspot_reading *r, uint32_t results, struct err *e)
{
	enum rc rc = RC_OK;

	for (JSON_ITEMS(&r->json, results, one)) {
		rc = r->object.form == HUBSPOT_STAGES ?
		    tell_stages(r, one, e) : tell(r, one, 0, e);
		if (rc)
			break;
	}
	return rc;
}

/* ---- pages ---- */

static enum rc
finish(struct hubspot_reading *r, struct err *e)
{
	enum rc rc = RC_OK;

	r->listed = true;
	r->req->whole = !r->ids;
	for (size_t i = 0; i < r->id_count && !rc; i++) {
		struct read_record rec = { .id = r->ids[i], .missing = true };

		if (!r->state[i])
			rc = r->req->emit(r->req->arg, &rec, NULL, e);
	}
	return rc;
}

static enum rc
take(struct hubspot_reading *r, const struct web_ask *asked,
    const struct http_answer *a, struct err *e)
{
	uint32_t results;
	enum rc rc = hubspot_reading_page(r, a, &results, e);

	(void)asked;
	if (!rc)
		rc = tell_all(r, results, e);
	if (rc)
		return rc;
	rc = hubspot_reading_turn(r, e);
	if (rc || r->more)
		return rc;
	buf_reset(&r->after);
	if (r->object.form == HUBSPOT_OWNERS && !r->archived) {
		r->archived = true;
		r->turns = (struct hubspot_turns){ 0 };
		return RC_OK;
	}
	return finish(r, e);
}

const struct hubspot_source hubspot_plain = { SIZE_MAX, NULL, ask, take };
