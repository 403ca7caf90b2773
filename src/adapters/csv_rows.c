/* SPDX-License-Identifier: MIT */
#include "csv_rows.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "../lib/json.h"

/* Room for the line around `data`, so that a row that fits makes a line. */
#define ROW_CAP (LIMIT_LINE - (16u << 10))
/*
 * A cell up to SHORT_CELL bytes, under a key up to CSV_KEY_SLACK, needs no
 * more than SHORT_ROOM: so that one question a cell is enough.
 */
#define SHORT_CELL 2048u
#define SHORT_ROOM (6 * SHORT_CELL + 2 * CSV_KEY_SLACK)
#define VECTOR 16

void
csv_rows_init(struct csv_rows *r, struct csv_columns *columns)
{
	memset(r, 0, sizeof *r);
	r->columns = columns;
	r->null_marker = span_of(NULL, SIZE_MAX);
	buf_init(&r->data, ROW_CAP, "row");
	buf_init(&r->modified, LIMIT_LINE, "time");
	csv_rows_next(r);
}

void
csv_rows_free(struct csv_rows *r)
{
	buf_free(&r->data);
	buf_free(&r->modified);
}

void
csv_rows_settle(struct csv_rows *r)
{
	r->settled = true;
	r->cells.expects = r->columns->count;
}

void
csv_rows_next(struct csv_rows *r)
{
	buf_reset(&r->data);
	buf_reset(&r->modified);
	buf_putc(&r->data, '{');
	r->id_len = 0;
	r->blanks = 0;
}

struct span
csv_rows_data(struct csv_rows *r, size_t cells)
{
	struct buf *b = &r->data;

	/* each member left a comma behind */
	if (b->len > 1)
		b->len--;
	if (cells > r->columns->count)
		buf_putc(b, ']');
	buf_putc(b, '}');
	return buf_view(b);
}

/* ---- a short cell, in room already reserved ---- */

static const char hex[] = "0123456789abcdef";

static char *
put_escape(char *out, char mark)
{
	static const char letters[0x20] = { ['\b'] = 'b', ['\f'] = 'f',
	    ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };
	unsigned char c = mark == CSV_MARK_TAB ? '\t' : (unsigned char)mark;

	if (mark == CSV_MARK_SPACE) {
		*out++ = ' ';
		return out;
	}
	*out++ = '\\';
	if (c >= 0x20) {
		*out++ = (char)c;
	} else if (letters[c]) {
		*out++ = letters[c];
	} else {
		memcpy(out, "u00", 3);
		out[3] = hex[c >> 4];
		out[4] = hex[c & 15];
		out += 5;
	}
	return out;
}

/*
 * copy_vector copies 16 bytes and returns how many come before the first that
 * cannot stay: a control character, a quote, a backslash, a mark of csv.h.
 * Two added, without carry, the marks are 0 and 1 and stand just below the
 * control characters: one comparison finds both.
 */
#define LAST_CONTROL 0x1f

#ifdef __SSE2__
static inline unsigned
copy_vector(char *out, const char *ptr)
{
	__m128i v = _mm_loadu_si128((const __m128i *)ptr);
	__m128i up = _mm_add_epi8(v, _mm_set1_epi8(2));
	__m128i low = _mm_cmpeq_epi8(up, _mm_min_epu8(up,
	    _mm_set1_epi8(LAST_CONTROL + 2)));
	__m128i bad = _mm_or_si128(low, _mm_or_si128(
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));

	_mm_storeu_si128((__m128i *)out, v);
	return (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(bad) |
	    1u << VECTOR);
}
#else
static inline unsigned
copy_vector(char *out, const char *ptr)
{
	unsigned n;

	memcpy(out, ptr, VECTOR);
	for (n = 0; n < VECTOR; n++)
		if ((unsigned char)(ptr[n] + 2) <= LAST_CONTROL + 2 ||
		    ptr[n] == '"' || ptr[n] == '\\')
			break;
	return n;
}
#endif

/* Reads and writes up to a vector beyond the end; both have that slack. */
static inline char *
copy_escaped(char *out, const char *ptr, size_t len, bool *control)
{
	const char *end = ptr + len;
	size_t left, n;

	for (;;) {
		left = (size_t)(end - ptr);
		n = copy_vector(out, ptr);
		if (n >= left)
			return out + left;
		out += n;
		ptr += n;
		if (n == VECTOR)
			continue;
		*control |= (unsigned char)*ptr <= LAST_CONTROL;
		out = put_escape(out, *ptr++);
	}
}

static inline bool
put_short(struct buf *b, struct span key, const char *ptr, size_t len)
{
	char *out = b->ptr + b->len;
	bool control = false;

	memcpy(out, key.ptr, CSV_KEY_SLACK);
	out = copy_escaped(out + key.len, ptr, len, &control);
	memcpy(out, "\",", 2);
	b->len = (size_t)(out + 2 - b->ptr);
	return control;
}

/* ---- any cell ---- */

static void
put_long(struct buf *b, struct span key, char *ptr, size_t len)
{
	csv_restore_spaces(ptr, len);
	buf_span(b, key);
	json_put_escaped(b, span_of(ptr, len));
	BUF_LIT(b, "\",");
}

/* The key's last byte is the quote of a string. */
static void
put_null(struct buf *b, struct span key)
{
	buf_put(b, key.ptr, key.len - 1);
	BUF_LIT(b, "null,");
}

/* A row with more cells than columns: bad, but its reject shows them. */
static void
put_extra(struct csv_rows *r, char *ptr, size_t len)
{
	csv_restore_spaces(ptr, len);
	if (r->cells.count == r->columns->count + 1)
		BUF_LIT(&r->data, "\"\":[");
	json_put_string(&r->data, span_of(ptr, len));
	buf_putc(&r->data, ',');
}

static void
put_blank(struct csv_rows *r, const struct csv_column *c, bool quoted)
{
	if (r->blank == CSV_BLANK_NULL)
		put_null(&r->data, c->key);
	else if (r->blank == CSV_BLANK_EMPTY ||
	    (r->blank == CSV_BLANK_AS_WRITTEN && quoted))
		put_long(&r->data, c->key, NULL, 0);
}

static void
keep(struct csv_rows *r, const struct csv_column *c, char *ptr, size_t len)
{
	csv_restore_spaces(ptr, len);
	if (c->role == CSV_MODIFIED) {
		buf_put(&r->modified, ptr, len);
		return;
	}
	r->id_len = len;
	if (len > 0 && len <= LIMIT_ID)
		memcpy(r->id, ptr, len);
}

static bool
is_null(const struct csv_rows *r, char *ptr, size_t len)
{
	if (len != r->null_marker.len)
		return false;
	csv_restore_spaces(ptr, len);
	return memcmp(ptr, r->null_marker.ptr, len) == 0;
}

/* For the next short cells, as far as the ceiling lets. */
static void
make_room(struct buf *b)
{
	if (b->len + SHORT_ROOM <= b->cap)
		(void)buf_reserve(b, SHORT_ROOM);
}

/* Anything but a plain short cell. */
static void
put_other(struct csv_rows *r, const struct csv_column *c, char *ptr,
    size_t len)
{
	r->cells.line += csv_count_lines(span_of(ptr, len));
	r->blanks += !ptr;
	if (!c->carried)
		return;
	if (len == 0)
		put_blank(r, c, ptr != NULL);
	else if (is_null(r, ptr, len))
		put_null(&r->data, c->key);
	else
		put_long(&r->data, c->key, ptr, len);
	make_room(&r->data);
}

static inline bool
is_short(const struct csv_rows *r, const struct csv_column *c,
    const char *ptr, size_t len)
{
	return c->simple && len <= SHORT_CELL && len != r->null_marker.len &&
	    (len > 0 || (ptr && r->blank == CSV_BLANK_AS_WRITTEN)) &&
	    r->data.room - r->data.len >= SHORT_ROOM;
}

/* A cell of the header, one too many, one dropped, or after a stop. */
static void
put_unexpected(struct csv_rows *r, void *ptr, size_t len)
{
	size_t i = r->cells.count - 1;

	if (!csv_cell_take(&r->cells, &ptr, &len))
		return;
	if (r->settled && i < r->columns->count) {
		put_other(r, &r->columns->items[i], ptr, len);
		return;
	}
	r->cells.line += csv_count_lines(span_of(ptr, len));
	if (r->settled) {
		put_extra(r, ptr, len);
		return;
	}
	csv_restore_spaces(ptr, len);
	csv_columns_add(r->columns, span_of(ptr, len));
}

void
csv_rows_cell(void *ptr, size_t len, void *rows)
{
	struct csv_rows *r = rows;
	const struct csv_column *c;
	size_t i = r->cells.count++;

	if (i >= r->cells.fast) {
		put_unexpected(r, ptr, len);
		return;
	}
	c = &r->columns->items[i];
	if (c->role != CSV_PLAIN)
		keep(r, c, ptr, len);
	if (!is_short(r, c, ptr, len))
		put_other(r, c, ptr, len);
	else if (put_short(&r->data, c->key, ptr, len))
		r->cells.line += csv_count_lines(span_of(ptr, len));
}
