/* SPDX-License-Identifier: MIT */
#include "csv_columns.h"

#include <stdlib.h>

#include "../lib/charcase.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/mapping.h"
#include "../lib/xalloc.h"

void
csv_columns_init(struct csv_columns *c)
{
	*c = (struct csv_columns){ 0 };
	arena_init(&c->arena);
}

void
csv_columns_free(struct csv_columns *c)
{
	free(c->items);
	arena_free(&c->arena);
}

void
csv_columns_add(struct csv_columns *c, struct span name)
{
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 64;
		c->items = xrealloc(c->items, c->room * sizeof *c->items);
	}
	c->bytes += name.len;
	if (c->bytes > LIMIT_LINE)
		name = span_of(NULL, 0);
	c->items[c->count++] = (struct csv_column){
	    .name = arena_dup(&c->arena, name), .carried = true };
}

/* ---- names without case ---- */

static unsigned char
lower(char ch)
{
	unsigned char c = (unsigned char)ch;

	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static int
compare(struct span a, struct span b)
{
	size_t i, n = a.len < b.len ? a.len : b.len;

	for (i = 0; i < n; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return lower(a.ptr[i]) - lower(b.ptr[i]);
	return (a.len > b.len) - (a.len < b.len);
}

/* Equal names stand in file order. */
static int
by_name(const void *x, const void *y)
{
	const struct csv_column *a = *(const struct csv_column *const *)x;
	const struct csv_column *b = *(const struct csv_column *const *)y;
	int order = compare(a->name, b->name);

	return order ? order : (a > b) - (a < b);
}

/* As it stands, else without white space at its ends. */
static size_t
find(const struct csv_columns *c, struct span name)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (compare(c->items[i].name, name) == 0)
			return i;
	for (i = 0; i < c->count; i++)
		if (compare(charcase_trim(c->items[i].name), name) == 0)
			return i;
	return c->count;
}

/* ---- what is wrong with a header ---- */

/* How much of the header a message shows. */
#define LIST_TEXT 240

/* "Name, Phone, …" */
static const char *
list_names(const struct csv_columns *c, struct buf *b)
{
	size_t i;

	for (i = 0; i < c->count && b->len < LIST_TEXT; i++) {
		if (i)
			BUF_LIT(b, ", ");
		buf_span(b, c->items[i].name);
	}
	if (i < c->count)
		buf_printf(b, ", ... (%zu columns)", c->count);
	return buf_cstr(b);
}

static enum rc
no_id(const struct csv_columns *c, struct span wanted, struct err *e)
{
	struct buf names;
	enum rc rc;

	buf_init(&names, LIMIT_LINE, "header");
	rc = wanted.len > 0 ?
	    err_set(e, RC_CONFIG, "no column \"%.*s\" holds the id; there are "
	    "%s", SPAN_ARG(wanted), list_names(c, &names)) :
	    err_set(e, RC_CONFIG, "no column is called id: name the one that "
	    "holds it with -k; there are %s", list_names(c, &names));
	buf_free(&names);
	return rc;
}

static enum rc
check_empty(const struct csv_columns *c, struct err *e)
{
	struct buf at;
	size_t i, empty = 0;
	enum rc rc = RC_OK;

	buf_init(&at, LIMIT_LINE, "header");
	for (i = 0; i < c->count; i++)
		if (c->items[i].name.len == 0 && empty++ < 8)
			buf_printf(&at, "%s%zu", empty > 1 ? ", " : "",
			    i + 1);
	if (empty > 0)
		rc = err_set(e, RC_CONFIG, "%zu column%s without a name: "
		    "column %s%s", empty, empty > 1 ? "s" : "", buf_cstr(&at),
		    empty > 8 ? ", ..." : "");
	buf_free(&at);
	return rc;
}

static enum rc
check_unique(const struct csv_columns *c, struct err *e)
{
	const struct csv_column **sorted;
	enum rc rc = RC_OK;
	size_t i;

	sorted = xcalloc(c->count, sizeof(struct csv_column *));
	for (i = 0; i < c->count; i++)
		sorted[i] = &c->items[i];
	qsort(sorted, c->count, sizeof *sorted, by_name);
	for (i = 1; i < c->count && !rc; i++)
		if (compare(sorted[i - 1]->name, sorted[i]->name) == 0)
			rc = err_set(e, RC_CONFIG, "columns %zu and %zu have "
			    "the same name: %.*s",
			    (size_t)(sorted[i - 1] - c->items) + 1,
			    (size_t)(sorted[i] - c->items) + 1,
			    SPAN_ARG(sorted[i]->name));
	free(sorted);
	return rc;
}

/* ---- settling ---- */

/* The mapping's spelling; a column it does not use is not carried. */
static void
apply_mapping(struct csv_columns *c, const struct mapping *m)
{
	struct csv_column *col;
	struct span name;

	for (col = c->items; col < c->items + c->count; col++) {
		name = mapping_source_name(m, col->name);
		col->carried = name.len > 0;
		if (col->carried && !c->id_name.len && span_eq(name, m->id))
			c->id_name = charcase_trim(col->name);
		if (col->carried)
			col->name = name;
	}
}

static enum rc
find_id(struct csv_columns *c, const char *said, const struct mapping *m,
    struct err *e)
{
	struct span wanted = said ? span_str(said) : m ? m->id :
	    span_of(NULL, 0);

	c->id = find(c, wanted.len > 0 ? wanted : SPAN("id"));
	return c->id == c->count ? no_id(c, wanted, e) : RC_OK;
}

/* A file in another language, or of another entity, must not pass as empty. */
static enum rc
check_carried(const struct csv_columns *c, struct err *e)
{
	struct buf names;
	size_t i, carried = 0;
	enum rc rc;

	for (i = 0; i < c->count; i++)
		carried += i != c->id && c->items[i].carried;
	if (carried > 0 || c->count == 1)
		return RC_OK;
	buf_init(&names, LIMIT_LINE, "header");
	rc = err_set(e, RC_CONFIG, "but for the id the mapping knows no "
	    "column; there are %s (crm-map --suggest proposes a mapping)",
	    list_names(c, &names));
	buf_free(&names);
	return rc;
}

/*
 * -k names a column as the file has it, so it is looked for before the
 * mapping's spelling is put on, the mapping's own id after.
 */
static enum rc
settle_names(struct csv_columns *c, const struct read_request *req,
    struct err *e)
{
	const struct mapping *m = req->mapping;
	enum rc rc = RC_OK;

	if (req->id_column || !m)
		rc = find_id(c, req->id_column, NULL, e);
	if (!rc && (req->id_column || !m))
		c->id_name = charcase_trim(c->items[c->id].name);
	if (rc || !m)
		return rc;
	apply_mapping(c, m);
	rc = check_unique(c, e);
	if (!rc && !req->id_column)
		rc = find_id(c, NULL, m, e);
	return rc ? rc : check_carried(c, e);
}

static void
give_roles(struct csv_columns *c, const struct mapping *m)
{
	size_t i = m && m->modified.len > 0 ? find(c, m->modified) : c->count;

	if (i < c->count)
		c->items[i].role = CSV_MODIFIED;
	c->items[c->id].role = CSV_ID;
	c->items[c->id].carried = true;
}

static void
make_key(struct csv_columns *c, struct csv_column *col, struct buf *b)
{
	char *key;

	buf_reset(b);
	json_put_string(b, col->name);
	BUF_LIT(b, ":\"");
	key = arena_zero(&c->arena, b->len + CSV_KEY_SLACK);
	memcpy(key, b->ptr, b->len);
	col->key = span_of(key, b->len);
	col->simple = col->carried && b->len <= CSV_KEY_SLACK;
}

enum rc
csv_columns_settle(struct csv_columns *c, const struct read_request *req,
    struct err *e)
{
	struct buf b;
	size_t i;
	enum rc rc;

	rc = c->bytes > LIMIT_LINE ? err_set(e, RC_CONFIG, "it is longer than "
	    "%u bytes", LIMIT_LINE) : check_empty(c, e);
	if (!rc)
		rc = check_unique(c, e);
	if (!rc)
		rc = settle_names(c, req, e);
	if (rc)
		return rc;
	give_roles(c, req->mapping);
	buf_init(&b, LIMIT_LINE, "column name");
	for (i = 0; i < c->count; i++)
		make_key(c, &c->items[i], &b);
	buf_free(&b);
	return RC_OK;
}
