/* SPDX-License-Identifier: MIT */
/*
 * hubspot_linked: what the records of a block are associated with: one type
 * after the other, for all of them at once.  A record with very many gives
 * them by pages; one without any is among the errors of the answer.
 */
#include "hubspot_read.h"

#include <stdlib.h>

#define NONE_FOUND "crm.associations.NO_ASSOCIATIONS_FOUND"
#define LOOKS 20000000 /* at rows: far more than any order of them takes */

/* ---- asking ---- */

static void
put_input(struct buf *b, struct span id, struct span after, bool *first)
{
	buf_put(b, *first ? "" : ",", *first ? 0 : 1);
	*first = false;
	BUF_LIT(b, "{\"id\":\"");
	buf_span(b, id);
	if (after.ptr) {
		BUF_LIT(b, "\",\"after\":");
		json_put_string(b, after);
		buf_putc(b, '}');
	} else {
		BUF_LIT(b, "\"}");
	}
}

/* Those not asked for yet, else those that have more; how many. */
static size_t
put_inputs(struct hubspot_linked *l, struct buf *b)
{
	struct span none = span_of(NULL, 0);
	bool first = true, fresh = l->asked < l->count;
	size_t n = 0;

	for (size_t i = fresh ? l->asked : 0; i < l->count &&
	    n < HUBSPOT_LINKED; i++) {
		if (fresh)
			l->asked = i + 1;
		if (l->rows[i].archived || (!fresh && !l->found[i].after.ptr))
			continue;
		put_input(b, l->rows[i].id, fresh ? none : l->found[i].after,
		    &first);
		l->found[i].before = l->found[i].after;
		l->found[i].after = none;
		l->found[i].asked = true;
		n++;
	}
	return n;
}

static void put_found(struct hubspot_linked *l);

enum rc
hubspot_linked_ask(struct hubspot_linked *l, struct web_ask *ask)
{
	for (; l->link < l->columns->link_count; l->link++, l->asked = 0) {
		size_t n;

		if (!l->asked)
			l->found = arena_zero(&l->arena,
			    l->count * sizeof *l->found);
		BUF_LIT(&ask->body, "{\"inputs\":[");
		n = put_inputs(l, &ask->body);
		BUF_LIT(&ask->body, "]}");
		if (n) {
			ask->method = "POST";
			ask->type = "application/json";
			ask->lane = HUBSPOT_ASSOCIATIONS;
			buf_printf(&ask->path, "/crm/v4/associations/%.*s/"
			    "%.*s/batch/read", SPAN_ARG(l->object->name),
			    SPAN_ARG(l->columns->links[l->link].type));
			return RC_OK;
		}
		buf_reset(&ask->body);
		put_found(l);
	}
	return RC_END;
}

/* ---- taking ---- */

/* Answers come mostly in the order of asking. */
static struct hubspot_found *
find(struct hubspot_linked *l, struct span id)
{
	for (size_t i = 0; i < l->count && l->looks < LOOKS; i++) {
		size_t at = (l->last + i) % l->count;

		l->looks++;
		if (!span_eq(l->rows[at].id, id))
			continue;
		l->last = at + 1;
		return &l->found[at];
	}
	return NULL;
}

bool
hubspot_linked_primary(const struct json *j, uint32_t to)
{
	uint32_t types = json_get(j, to, SPAN("associationTypes"));

	if (!types || json_kind(j, types) != JSON_ARRAY)
		return false;
	for (JSON_ITEMS(j, types, type)) {
		uint32_t category = json_get(j, type, SPAN("category"));
		uint32_t label = json_get(j, type, SPAN("label"));
		int64_t id = json_get_int(j, type, SPAN("typeId"), 0);

		if (category && !json_is(j, category, SPAN("HUBSPOT_DEFINED")))
			continue;
		/* contact-company, company-contact, deal-, company-deal */
		if (id == 1 || id == 2 || id == 5 || id == 6 ||
		    (label && json_is(j, label, SPAN("Primary"))))
			return true;
	}
	return false;
}

static void
add(struct hubspot_found *f, struct span id, bool primary, struct arena *a)
{
	if (primary)
		f->primary = id;
	if (f->count == f->room) {
		struct span *more;

		f->room = f->room ? 4 * f->room : 2;
		more = arena_alloc(a, f->room * sizeof *more);
		if (f->count)
			memcpy(more, f->ids, f->count * sizeof *more);
		f->ids = more;
	}
	f->ids[f->count++] = id;
}

static enum rc
take_row(struct hubspot_linked *l, const struct json *j, uint32_t row,
    struct arena *a, struct err *e)
{
	uint32_t from = json_get(j, row, SPAN("from"));
	uint32_t to = json_get(j, row, SPAN("to")), paging, next, after;
	struct hubspot_found *f = find(l, hubspot_record_id(j,
	    json_get(j, from, SPAN("id")), a));

	if (!from || !f)
		return RC_OK; /* nobody asked */
	f->asked = false;
	if (!to || json_kind(j, to) != JSON_ARRAY)
		return err_set(e, RC_REMOTE, "HubSpot does not say what a "
		    "record is associated with");
	for (JSON_ITEMS(j, to, one)) {
		struct span id = hubspot_record_id(j, json_get(j, one,
		    SPAN("toObjectId")), a);

		if (id.len)
			add(f, arena_dup(&l->arena, id),
			    hubspot_linked_primary(j, one), &l->arena);
	}
	paging = json_get(j, row, SPAN("paging"));
	next = paging ? json_get(j, paging, SPAN("next")) : 0;
	after = next ? json_get(j, next, SPAN("after")) : 0;
	if (!after || (json_kind(j, after) != JSON_STRING &&
	    json_kind(j, after) != JSON_NUMBER))
		return RC_OK;
	f->after = arena_dup(&l->arena, json_kind(j, after) == JSON_STRING ?
	    json_string(j, after, a) : json_text(j, after));
	if (hubspot_turns_again(&f->turns, f->after))
		return err_set(e, RC_REMOTE, "HubSpot gives the same page of "
		    "associations again and again");
	return RC_OK;
}

/* What an error says of those it is of. */
static enum hubspot_doubt
doubt_of(const struct json *j, uint32_t error)
{
	uint32_t why = json_get(j, error, SPAN("subCategory"));
	uint32_t category = json_get(j, error, SPAN("category"));

	if (why && json_is(j, why, SPAN(NONE_FOUND)))
		return HUBSPOT_TOLD;
	return category && json_is(j, category, SPAN("OBJECT_NOT_FOUND")) ?
	    HUBSPOT_UNKNOWN : HUBSPOT_FAILED;
}

static void
cast(struct hubspot_found *f, enum hubspot_doubt doubt)
{
	if (f->doubt < doubt)
		f->doubt = doubt;
}

/* What it says of those it does not name. */
static enum hubspot_doubt
take_error(struct hubspot_linked *l, const struct json *j, uint32_t error,
    struct arena *a)
{
	enum hubspot_doubt doubt = doubt_of(j, error);
	uint32_t context = json_get(j, error, SPAN("context"));
	uint32_t ids = context ? json_get(j, context, SPAN("fromObjectId")) :
	    0;
	bool named = false;

	if (!ids || json_kind(j, ids) != JSON_ARRAY)
		return doubt;
	for (JSON_ITEMS(j, ids, item)) {
		struct hubspot_found *f = find(l, hubspot_record_id(j, item,
		    a));

		if (!f)
			continue;
		f->asked = false;
		cast(f, doubt);
		named = true;
	}
	return named ? HUBSPOT_TOLD : doubt;
}

/*
 * Those the answer has nothing of have none, unless it has errors that name
 * nobody, or they had some on a page before.
 */
static void
settle(struct hubspot_linked *l, enum hubspot_doubt doubt)
{
	for (size_t i = 0; i < l->count; i++) {
		struct hubspot_found *f = &l->found[i];

		if (f->asked)
			cast(f, f->before.ptr ? HUBSPOT_FAILED : doubt);
		f->asked = false;
	}
}

enum rc
hubspot_linked_take(struct hubspot_linked *l, const struct json *j,
    struct arena *a, struct err *e)
{
	uint32_t results = json_get(j, 0, SPAN("results"));
	uint32_t errors = json_get(j, 0, SPAN("errors"));
	enum hubspot_doubt doubt = HUBSPOT_TOLD, one;
	enum rc rc = RC_OK;

	if (!results || json_kind(j, results) != JSON_ARRAY)
		return err_set(e, RC_REMOTE, "HubSpot's answer has no "
		    "results");
	l->last = l->looks = 0;
	for (JSON_ITEMS(j, results, row)) {
		rc = take_row(l, j, row, a, e);
		if (rc)
			return rc;
	}
	if (errors && json_kind(j, errors) == JSON_ARRAY)
		for (JSON_ITEMS(j, errors, error)) {
			one = take_error(l, j, error, a);
			doubt = one > doubt ? one : doubt;
		}
	if (l->looks >= LOOKS)
		return err_set(e, RC_REMOTE, "HubSpot's answer has more rows "
		    "than were asked for");
	settle(l, doubt);
	return RC_OK;
}

/* ---- writing it down ---- */

static int
by_number(const void *a, const void *b)
{
	return hubspot_record_order(*(const struct span *)a,
	    *(const struct span *)b);
}

/* They come by their number, mostly. */
static bool
is_sorted(const struct hubspot_found *f)
{
	for (size_t i = 1; i < f->count; i++)
		if (hubspot_record_order(f->ids[i - 1], f->ids[i]) > 0)
			return false;
	return true;
}

static void
sort(struct hubspot_found *f)
{
	size_t kept = 0;

	if (!is_sorted(f))
		qsort(f->ids, f->count, sizeof *f->ids, by_number);
	for (size_t i = 0; i < f->count; i++)
		if (!kept || !span_eq(f->ids[kept - 1], f->ids[i]))
			f->ids[kept++] = f->ids[i];
	f->count = kept;
}

static void
put_one(struct buf *b, const struct hubspot_found *f)
{
	if (!f->count)
		BUF_LIT(b, "null");
	else
		json_put_string(b, f->primary.len ? f->primary : f->ids[0]);
}

static void
put_all(struct buf *b, const struct hubspot_found *f)
{
	for (size_t i = 0; i < f->count; i++) {
		buf_putc(b, i ? ',' : '[');
		json_put_string(b, f->ids[i]);
	}
	buf_put(b, f->count ? "]" : "[]", f->count ? 1 : 2);
}

/* Where it is not known nobody said that it is gone. */
static void
put_found(struct hubspot_linked *l)
{
	const struct hubspot_link *link = &l->columns->links[l->link];
	struct buf b;

	buf_init(&b, LIMIT_LINE, "record");
	for (size_t i = 0; i < l->count; i++) {
		struct hubspot_row *row = &l->rows[i];
		struct hubspot_found *f = &l->found[i];

		row->unlinked |= f->doubt == HUBSPOT_FAILED;
		if (row->archived || f->doubt)
			continue;
		sort(f);
		buf_reset(&b);
		buf_span(&b, row->data);
		if (link->one) {
			buf_printf(&b, ",\"association:%.*s\":",
			    SPAN_ARG(link->type));
			put_one(&b, f);
		}
		if (link->all) {
			buf_printf(&b, ",\"associations:%.*s\":",
			    SPAN_ARG(link->type));
			put_all(&b, f);
		}
		row->data = arena_dup(&l->arena, buf_view(&b));
	}
	buf_free(&b);
}
