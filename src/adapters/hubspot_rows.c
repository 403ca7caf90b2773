/* SPDX-License-Identifier: MIT */
/* hubspot_rows: from the rows of pages to records. */
#include "hubspot_read.h"

#include "../lib/limits.h"
#include "../lib/xalloc.h"

#include <stdlib.h>

enum { STEP_WIDE = 100, STEP_LINKED };

void
hubspot_rows_init(struct hubspot_rows *r, struct read_request *req,
    const struct hubspot_object *o, const struct hubspot_columns *c)
{
	*r = (struct hubspot_rows){ .req = req, .object = o, .columns = c,
		.linked = { .object = o, .columns = c } };
	buf_init(&r->data, LIMIT_LINE, "record");
	arena_init(&r->id_arena);
	arena_init(&r->linked.arena);
}

void
hubspot_rows_free(struct hubspot_rows *r)
{
	buf_free(&r->data);
	arena_free(&r->id_arena);
	arena_free(&r->linked.arena);
	free(r->ids);
	free(r->linked.rows);
}

void
hubspot_rows_measure(struct hubspot_rows *r, size_t most)
{
	struct buf b;

	buf_init(&b, most, "names");
	hubspot_columns_put_json(&b, r->columns);
	r->wide = b.over;
	buf_free(&b);
}

/* ---- records ---- */

static enum rc
emit(struct hubspot_rows *r, const struct read_record *rec,
    const struct err *problem, struct err *e)
{
	enum rc rc = r->req->emit(r->req->arg, rec, problem, e);

	r->stopped |= rc == RC_END;
	return rc;
}

enum rc
hubspot_rows_merged(struct hubspot_rows *r, struct span id,
    struct span into, struct span modified, struct err *e)
{
	struct read_record rec = { .id = id, .modified = modified,
		.version = modified, .if_known = true };
	struct buf b;
	enum rc rc;

	buf_init(&b, LIMIT_LINE, "record");
	buf_printf(&b, "{\"id\":\"%.*s\",\"merged_into\":\"%.*s\"}",
	    SPAN_ARG(id), SPAN_ARG(into));
	rec.data = buf_view(&b);
	rc = emit(r, &rec, NULL, e);
	buf_free(&b);
	return rc;
}

/* "51;77": they went into this one, which comes right behind them. */
static enum rc
tell_merged(struct hubspot_rows *r, const struct hubspot_row *row,
    struct err *e)
{
	struct span rest = row->merged;
	enum rc rc = RC_OK;

	while (rest.len && !rc) {
		struct span id = span_cut(&rest, ';');

		while (id.len && id.ptr[0] == ' ')
			id = span_of(id.ptr + 1, id.len - 1);
		if (hubspot_record_number(id) >= 0 && !span_eq(id, row->id))
			rc = hubspot_rows_merged(r, id, row->id,
			    row->modified, e);
	}
	return rc;
}

static enum rc
tell(struct hubspot_rows *r, const struct hubspot_row *row, struct span data,
    struct err *e)
{
	struct read_record rec = { .id = row->id, .modified = row->modified,
		.version = row->modified, .deleted = row->archived,
		.data = data };
	enum rc rc = row->archived ? RC_OK : tell_merged(r, row, e);

	return rc ? rc : emit(r, &rec, NULL, e);
}

static enum rc
tell_odd(struct hubspot_rows *r, const struct hubspot_row *row,
    const struct json *j, uint32_t node, const struct err *problem,
    struct err *e)
{
	struct read_record rec = { .id = row->id, .data = json_text(j, node) };

	if (!rec.id.len)
		r->req->lost = true;
	return emit(r, &rec, problem, e);
}

/* ---- rows ---- */

/* A page may repeat what another had: the later is the newer. */
static struct hubspot_row *
place(struct hubspot_linked *l, struct span id)
{
	for (size_t i = l->count; i--;)
		if (span_eq(l->rows[i].id, id))
			return &l->rows[i];
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : HUBSPOT_LINKED +
		    HUBSPOT_PAGE;
		l->rows = xrealloc(l->rows, l->room * sizeof *l->rows);
	}
	return &l->rows[l->count++];
}

static void
keep(struct hubspot_rows *r, const struct hubspot_row *row)
{
	struct hubspot_linked *l = &r->linked;
	struct hubspot_row *to = place(l, row->id);

	to->id = arena_dup(&l->arena, row->id);
	to->modified = arena_dup(&l->arena, row->modified);
	to->merged = arena_dup(&l->arena, row->merged);
	to->data = arena_dup(&l->arena, row->data);
	to->archived = row->archived;
	to->unlinked = false;
}

enum rc
hubspot_rows_row(struct hubspot_rows *r, const struct json *j, uint32_t node,
    struct arena *a, struct err *e)
{
	struct hubspot_row row = { .archived = r->archived };
	struct err odd;
	enum rc rc = hubspot_record_take(&row, &r->data, j, node, a, &odd);

	if (rc)
		return tell_odd(r, &row, j, node, &odd, e);
	if (r->columns->link_count) {
		keep(r, &row);
		return RC_OK;
	}
	buf_putc(&r->data, '}');
	return tell(r, &row, buf_view(&r->data), e);
}

/* Twice in a batch would be refused. */
void
hubspot_rows_await(struct hubspot_rows *r, struct span id)
{
	for (size_t i = 0; i < r->id_count; i++)
		if (span_eq(r->ids[i], id))
			return;
	if (r->id_count == r->id_room) {
		r->id_room = r->id_room ? 2 * r->id_room : HUBSPOT_PAGE;
		r->ids = xrealloc(r->ids, r->id_room * sizeof *r->ids);
	}
	r->ids[r->id_count++] = arena_dup(&r->id_arena, id);
}

enum rc
hubspot_rows_add(struct hubspot_rows *r, const struct json *j,
    uint32_t node, struct arena *a, struct err *e)
{
	struct span id = hubspot_record_id(j, json_get(j, node, SPAN("id")),
	    a);

	if (!r->wide || !id.len)
		return hubspot_rows_row(r, j, node, a, e);
	hubspot_rows_await(r, id);
	return RC_OK;
}

/* ---- what is asked between pages ---- */

void
hubspot_rows_put_read(struct web_ask *ask, const struct hubspot_rows *r,
    const struct span *ids, size_t n, bool archived)
{
	struct buf *b = &ask->body;

	ask->method = "POST";
	ask->type = "application/json";
	buf_printf(&ask->path, "/crm/v3/objects/%.*s/batch/read%s",
	    SPAN_ARG(r->object->name), archived ? "?archived=true" : "");
	BUF_LIT(b, "{\"properties\":");
	hubspot_columns_put_json(b, r->columns);
	BUF_LIT(b, ",\"inputs\":[");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(b, ',');
		BUF_LIT(b, "{\"id\":");
		json_put_string(b, ids[i]);
		buf_putc(b, '}');
	}
	BUF_LIT(b, "]}");
}

static void
ask_wide(struct hubspot_rows *r, struct web_ask *ask)
{
	size_t n = r->id_count < HUBSPOT_BATCH ? r->id_count : HUBSPOT_BATCH;

	ask->step = STEP_WIDE;
	ask->count = n;
	hubspot_rows_put_read(ask, r, r->ids, n, r->archived);
}

/*
 * Without what it is associated with it would pass for read, and nobody would
 * ask again: it is a bad one, and read again by its id.
 */
static enum rc
tell_unlinked(struct hubspot_rows *r, const struct hubspot_row *row,
    struct err *e)
{
	struct read_record rec = { .id = row->id, .data = buf_view(&r->data) };
	struct err problem;

	err_set(&problem, RC_RECORD, "HubSpot does not tell what it is "
	    "associated with");
	return emit(r, &rec, &problem, e);
}

/* All that was kept is known now. */
static enum rc
tell_block(struct hubspot_rows *r, struct err *e)
{
	struct hubspot_linked *l = &r->linked;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->count && !rc; i++) {
		buf_reset(&r->data);
		buf_span(&r->data, l->rows[i].data);
		buf_putc(&r->data, '}');
		rc = buf_check(&r->data, e);
		if (!rc)
			rc = l->rows[i].unlinked ? tell_unlinked(r,
			    &l->rows[i], e) : tell(r, &l->rows[i],
			    buf_view(&r->data), e);
	}
	arena_reset(&l->arena);
	l->count = l->link = l->asked = 0;
	return rc;
}

enum rc
hubspot_rows_ask(struct hubspot_rows *r, struct web_ask *ask, bool last,
    struct err *e)
{
	struct hubspot_linked *l = &r->linked;
	enum rc rc;

	if (r->id_count) {
		ask_wide(r, ask);
		return RC_OK;
	}
	if (!l->count || (!last && l->count < HUBSPOT_LINKED))
		return RC_END;
	if (hubspot_linked_ask(l, ask) == RC_OK) {
		ask->step = STEP_LINKED;
		return RC_OK;
	}
	rc = tell_block(r, e);
	return rc ? rc : RC_END;
}

static void
mark_answered(struct hubspot_rows *r, size_t n, struct span id)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(r->ids[i], id))
			r->ids[i] = SPAN("");
}

enum rc
hubspot_rows_missing(struct hubspot_rows *r, struct span id, struct err *e)
{
	struct read_record rec = { .id = id, .missing = true };

	return emit(r, &rec, NULL, e);
}

/*
 * The first n are done with.  One that a page showed and a batch does not give
 * (it went meanwhile, or its row failed) is asked for by its id next time.
 */
static enum rc
end_wide(struct hubspot_rows *r, size_t n, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && !rc; i++)
		if (r->ids[i].len)
			rc = hubspot_rows_missing(r, r->ids[i], e);
	r->id_count -= n;
	memmove(r->ids, r->ids + n, r->id_count * sizeof *r->ids);
	if (!r->id_count)
		arena_reset(&r->id_arena);
	return rc;
}

static enum rc
take_wide(struct hubspot_rows *r, size_t n, const struct json *j,
    struct arena *a, struct err *e)
{
	uint32_t results;
	enum rc rc = hubspot_record_results(&results, j, e);

	if (rc)
		return rc;
	for (JSON_ITEMS(j, results, row)) {
		rc = hubspot_rows_row(r, j, row, a, e);
		if (rc)
			return rc;
		mark_answered(r, n, hubspot_record_id(j, json_get(j, row,
		    SPAN("id")), a));
	}
	return end_wide(r, n, e);
}

enum rc
hubspot_rows_take(struct hubspot_rows *r, const struct web_ask *ask,
    const struct json *j, struct arena *a, struct err *e)
{
	if (ask->step == STEP_WIDE)
		return take_wide(r, ask->count, j, a, e);
	return hubspot_linked_take(&r->linked, j, a, e);
}
