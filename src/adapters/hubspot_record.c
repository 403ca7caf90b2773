/* SPDX-License-Identifier: MIT */
/* hubspot_record: one object of an answer as a flat record. */
#include "hubspot_read.h"

#include "../lib/clock.h"
#include "../lib/limits.h"

static bool
is_digits(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

struct span
hubspot_record_id(const struct json *j, uint32_t node, struct arena *a)
{
	struct span id = SPAN("");

	if (node && json_kind(j, node) == JSON_NUMBER)
		id = json_text(j, node);
	else if (node && json_kind(j, node) == JSON_STRING)
		id = json_string(j, node, a);
	return is_digits(id) && id.len <= LIMIT_ID ? id : SPAN("");
}

int64_t
hubspot_record_number(struct span digits)
{
	int64_t n = 0;

	if (!is_digits(digits) || digits.len > 18)
		return -1;
	for (size_t i = 0; i < digits.len; i++)
		n = 10 * n + (digits.ptr[i] - '0');
	return n;
}

int
hubspot_record_order(struct span id, struct span other)
{
	if (id.len != other.len)
		return id.len < other.len ? -1 : 1;
	return span_cmp(id, other);
}

/* Each is looked up among others: very many would take for ever. */
enum rc
hubspot_record_results(uint32_t *results, const struct json *j,
    struct err *e)
{
	size_t n = 0;

	*results = json_get(j, 0, SPAN("results"));
	if (!*results || json_kind(j, *results) != JSON_ARRAY)
		return err_set(e, RC_REMOTE, "HubSpot's answer has no "
		    "results");
	for (JSON_ITEMS(j, *results, row))
		if (row && ++n > HUBSPOT_ROWS)
			return err_set(e, RC_REMOTE, "HubSpot's answer has "
			    "more rows than were asked for");
	return RC_OK;
}

struct span
hubspot_record_time(struct span text, struct arena *a)
{
	char canonical[CLOCK_TEXT];
	int64_t ms;

	if (!clock_parse(text, &ms))
		return SPAN("");
	clock_format(ms, canonical);
	return arena_dup(a, span_str(canonical));
}

/* ---- its data ---- */

static const struct span envelope[] = { { "createdAt", 9 },
	{ "updatedAt", 9 }, { "archivedAt", 10 } };

/* What stands beside the properties has the name for itself, and so has what
 * it is associated with: names of properties have no colon. */
static bool
is_taken(const struct json *j, uint32_t key)
{
	struct span name = json_text(j, key);
	size_t n = name.len - 2;

	if (memchr(name.ptr, ':', name.len))
		return true;
	if (n != 2 && n != 8 && n != 9 && n != 10 && n != 11 &&
	    !memchr(name.ptr, '\\', name.len))
		return false;
	for (size_t i = 0; i < 3; i++)
		if (json_is(j, key, envelope[i]))
			return true;
	return json_is(j, key, SPAN("id")) || json_is(j, key,
	    SPAN("archived")) || json_is(j, key, SPAN("merged_into"));
}

static void
put_properties(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a)
{
	for (JSON_EACH(j, node, key, value)) {
		if (is_taken(j, key))
			continue;
		buf_putc(b, ',');
		json_put_value(b, j, key, a);
		buf_putc(b, ':');
		json_put_value(b, j, value, a);
	}
}

static void
put_data(struct buf *b, const struct json *j, uint32_t node,
    const struct hubspot_row *row, uint32_t properties, struct arena *a)
{
	buf_reset(b);
	BUF_LIT(b, "{\"id\":\"");
	buf_span(b, row->id);
	buf_printf(b, "\",\"archived\":%s", row->archived ? "true" : "false");
	for (size_t i = 0; i < 3; i++) {
		uint32_t value = json_get(j, node, envelope[i]);

		if (!value || json_kind(j, value) != JSON_STRING)
			continue;
		json_put_key(b, envelope[i]);
		json_put_value(b, j, value, a);
	}
	put_properties(b, j, properties, a);
}

/* The envelope tells it, but for an odd one. */
static struct span
changed_at(const struct json *j, uint32_t node, uint32_t properties,
    struct arena *a)
{
	struct span text = json_get_string(j, node, SPAN("updatedAt"), a);

	if (!text.len)
		text = json_get_string(j, properties,
		    SPAN("hs_lastmodifieddate"), a);
	if (!text.len)
		text = json_get_string(j, properties,
		    SPAN("lastmodifieddate"), a);
	return hubspot_record_time(text, a);
}

enum rc
hubspot_record_take(struct hubspot_row *row, struct buf *data,
    const struct json *j, uint32_t node, struct arena *a, struct err *e)
{
	uint32_t properties = json_get(j, node, SPAN("properties"));
	uint32_t archived = json_get(j, node, SPAN("archived"));

	*row = (struct hubspot_row){
		.id = hubspot_record_id(j, json_get(j, node, SPAN("id")), a),
		.archived = archived ? json_kind(j, archived) == JSON_TRUE :
		    row->archived };
	if (!row->id.len)
		return err_set(e, RC_RECORD, "a record without an id");
	if (!properties || json_kind(j, properties) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "a record without properties");
	row->modified = changed_at(j, node, properties, a);
	row->merged = json_get_string(j, properties,
	    SPAN("hs_merged_object_ids"), a);
	put_data(data, j, node, row, properties, a);
	row->data = buf_view(data);
	return buf_check(data, e);
}
