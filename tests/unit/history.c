/* SPDX-License-Identifier: MIT */
/* history: the last values of a field, in memory and in rows. */
#include "history.h"

#include <stdlib.h>

#include "limits.h"
#include "scratch.h"
#include "tap.h"

static struct arena arena;
static struct err why;

static void
take(struct agreed_field *f, int64_t time, const char *value, unsigned most)
{
	history_remember(f, most, &arena);
	f->time = time;
	f->value = arena_dup(&arena, span_str(value));
}

static bool
lists(const struct agreed_field *f, unsigned most, const char *want)
{
	struct buf b;
	bool same;

	buf_init(&b, LIMIT_LINE, "list");
	history_put(&b, f, most);
	same = span_eq(buf_view(&b), span_str(want));
	if (!same)
		printf("# %.*s\n", SPAN_ARG(buf_view(&b)));
	buf_free(&b);
	return same;
}

#define AT(n, v) "{\"value\":" v ",\"time\":\"1970-01-01T00:00:0" n ".000Z\"}"

static void
test_list(void)
{
	struct agreed_field f = { .value = record_null };

	ok(lists(&f, 3, "[]"), "nothing yet");
	take(&f, 1000, "5", 3);
	ok(!f.past.len && lists(&f, 3, "[" AT("1", "5") "]"),
	    "the first value");
	take(&f, 2000, "7", 3);
	take(&f, 3000, "\"x\\\"\"", 3);
	ok(lists(&f, 3, "[" AT("1", "5") "," AT("2", "7") ","
	    AT("3", "\"x\\\"\"") "]"), "oldest first");
	take(&f, 4000, "9", 3);
	ok(lists(&f, 3, "[" AT("2", "7") "," AT("3", "\"x\\\"\"") ","
	    AT("4", "9") "]"), "no more than are kept");
	take(&f, 5000, "null", 3);
	ok(lists(&f, 3, "[" AT("3", "\"x\\\"\"") "," AT("4", "9") "]"),
	    "null is no value");
	take(&f, 6000, "1", 3);
	ok(lists(&f, 3, "[" AT("3", "\"x\\\"\"") "," AT("4", "9") ","
	    AT("6", "1") "]"), "nor later");
	ok(lists(&f, 2, "[" AT("4", "9") "," AT("6", "1") "]") &&
	    lists(&f, 1, "[" AT("6", "1") "]"), "fewer, if fewer are kept now");
	take(&f, 7000, "2", 1);
	ok(!f.past.len && lists(&f, 1, "[" AT("7", "2") "]"),
	    "then the rest is forgotten");
	take(&f, 8000, "3", 0);
	ok(!f.past.len, "none is kept");
}

static void
test_size(void)
{
	struct agreed_field f = { .value = record_null };
	static char text[LIMIT_HISTORY / 2];

	memset(text, 'x', sizeof text - 1);
	text[0] = text[sizeof text - 2] = '"';
	for (int i = 0; i < 9; i++)
		take(&f, i, text, 9);
	ok(f.past.len <= LIMIT_HISTORY && history_is_whole(f.past),
	    "long values: no more than there is room for");
	ok(!history_is_whole(span_of(f.past.ptr, f.past.len - 1)) &&
	    !history_is_whole(SPAN("x")), "cut, it is damaged");
}

static void
test_trend(void)
{
	static const char *const rows[][2] = { { "[]", "" },
		{ "[" AT("1", "5") "]", "" },
		{ "[" AT("1", "5") "," AT("2", "10") "]", "up" },
		{ "[" AT("1", "5") "," AT("2", "9") "," AT("3", "-5") "]",
		    "down" },
		{ "[" AT("1", "5") "," AT("2", "9") "," AT("3", "5") "]",
		    "same" },
		{ "[" AT("1", "\"2026-01-02\"") "," AT("2", "\"2026-01-10\"")
		    "]", "up" }, { "[1,2]", "" }, { "{}", "" } };
	struct json j;

	json_init(&j);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char list[400];

		snprintf(list, sizeof list, "[%s]", rows[i][0]);
		ok(!json_parse(&j, span_str(list), &why) &&
		    span_eq(history_trend(&j, 1), span_str(rows[i][1])),
		    "trend of %s: %s", rows[i][0], rows[i][1]);
	}
	json_free(&j);
}

/* Bytes of the record's row. */
static size_t
put(struct state *s, const struct record *r)
{
	struct span value = { NULL, 0 };
	struct txn t;

	if (txn_begin(&t, s, true, &why) || record_put_agreed(&t, r, &why) ||
	    txn_get(&t, TABLE_AGREED, SPAN("e\0u"), &value, &why) ||
	    txn_commit(&t, &why))
		abort();
	return value.len;
}

static void
test_rows(void)
{
	struct state *s = scratch_state();
	struct record r = { .entity = SPAN("e"), .uid = SPAN("u"),
		.version = 1, .life = LIFE_LIVE };
	size_t at = record_add(&r, 3, &arena), plain;
	struct txn t;

	record_add(&r, 4, &arena);
	take(&r.fields[at], 1000, "5", 0);
	plain = put(s, &r);
	take(&r.fields[at], 1000, "7", 0);
	ok(put(s, &r) == plain, "a row without history has no byte for it");
	take(&r.fields[at], 2000, "8", 2);
	ok(put(s, &r) > plain, "one with history has");
	r.fields[at + 1].past = r.fields[at].past;
	put(s, &r);
	if (txn_begin(&t, s, false, &why) || record_load(&t, SPAN("e"),
	    SPAN("u"), NULL, 0, &arena, &r, &why))
		abort();
	ok(lists(&r.fields[at], 2, "[" AT("1", "7") "," AT("2", "8") "]"),
	    "and keeps it");
	ok(lists(&r.fields[at + 1], 2, "[" AT("1", "7") "]"),
	    "also of a field that was cleared");
	txn_abort(&t);
	state_close(s);
}

int
main(void)
{
	arena_init(&arena);
	test_list();
	test_size();
	test_trend();
	test_rows();
	arena_free(&arena);
	return tap_done();
}
