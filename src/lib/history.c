/* SPDX-License-Identifier: MIT */
#include "history.h"

#include "clock.h"
#include "decimal.h"
#include "limits.h"

#define TIME_BYTES 8

/* A past value: its time, eight bytes, then itself, counted. */
struct entry {
	int64_t time;
	struct span value;
};

static bool
take(struct span *past, struct entry *out)
{
	unsigned char bytes[TIME_BYTES];
	uint64_t time = 0;

	if (!span_take_bytes(past, bytes, sizeof bytes) ||
	    !span_take_counted(past, &out->value))
		return false;
	for (size_t i = 0; i < sizeof bytes; i++)
		time = time << 8 | bytes[i];
	out->time = (int64_t)time;
	return true;
}

static void
put(struct buf *b, int64_t time, struct span value)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_putc(b, (char)((uint64_t)time >> shift & 255));
	buf_counted(b, value);
}

static size_t
count(struct span past)
{
	struct entry entry;
	size_t n = 0;

	while (take(&past, &entry))
		n++;
	return n;
}

bool
history_is_whole(struct span past)
{
	struct entry entry;

	while (past.len)
		if (!take(&past, &entry))
			return false;
	return true;
}

/* The newest `most` of the past. */
static struct span
newest(struct span past, size_t most)
{
	struct entry entry;

	for (size_t n = count(past); n > most; n--)
		if (!take(&past, &entry))
			break;
	return past;
}

/* Oldest values go first where there is too much of them. */
static struct span
fitting(struct span past)
{
	struct entry entry;

	while (past.len > LIMIT_HISTORY && take(&past, &entry))
		;
	return past;
}

void
history_remember(struct agreed_field *f, unsigned most, struct arena *a)
{
	struct span past = most < 2 ? SPAN("") : f->past;
	struct buf b;

	if (most < 2 && !f->past.len)
		return;
	buf_init(&b, 2u * LIMIT_LINE, "history");
	if (most > 1 && !span_eq(f->value, record_null)) {
		buf_span(&b, newest(past, most - 2));
		put(&b, f->time, f->value);
		past = b.over ? past : buf_view(&b);
	}
	f->past = arena_dup(a, fitting(newest(past, most ? most - 1 : 0)));
	buf_free(&b);
}

static void
put_entry(struct buf *b, int64_t time, struct span value)
{
	BUF_LIT(b, "{\"value\":");
	buf_span(b, value);
	BUF_LIT(b, ",\"time\":\"");
	clock_put(b, time);
	BUF_LIT(b, "\"}");
}

void
history_put(struct buf *b, const struct agreed_field *f, unsigned most)
{
	bool blank = span_eq(f->value, record_null);
	struct span past = newest(f->past, most - !blank);
	const char *mark = "";
	struct entry entry;

	buf_putc(b, '[');
	while (take(&past, &entry)) {
		buf_printf(b, "%s", mark);
		put_entry(b, entry.time, entry.value);
		mark = ",";
	}
	if (!blank) {
		buf_printf(b, "%s", mark);
		put_entry(b, f->time, f->value);
	}
	buf_putc(b, ']');
}

static bool
is_number(struct span s)
{
	return s.len && (s.ptr[0] == '-' || (s.ptr[0] >= '0' &&
	    s.ptr[0] <= '9'));
}

struct span
history_trend(const struct json *j, uint32_t list)
{
	struct span first = { NULL, 0 }, last = { NULL, 0 };
	size_t n = 0;
	int c;

	if (!list || json_kind(j, list) != JSON_ARRAY)
		return span_of(NULL, 0);
	for (JSON_ITEMS(j, list, item)) {
		uint32_t value = json_kind(j, item) == JSON_OBJECT ?
		    json_get(j, item, SPAN("value")) : 0;

		if (!value)
			return span_of(NULL, 0);
		last = json_text(j, value);
		first = n++ ? first : last;
	}
	if (n < 2)
		return span_of(NULL, 0);
	c = is_number(first) && is_number(last) ? decimal_cmp(last, first) :
	    span_cmp(last, first);
	return c > 0 ? SPAN("up") : c < 0 ? SPAN("down") : SPAN("same");
}
