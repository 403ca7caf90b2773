/* SPDX-License-Identifier: MIT */
#include "todo.h"

#include <stdlib.h>

#include "clock.h"
#include "limits.h"
#include "scratch.h"
#include "tap.h"

static struct err why;

static void
test_todo(struct txn *t)
{
	const struct source s = { SPAN("p"), SPAN("hub"), SPAN("people"),
		SPAN("1") };
	const struct source shorter = { s.entity, s.system, SPAN("peopl"),
		s.id };
	const struct source foreign = { s.entity, SPAN("hu"), s.object,
		s.id };
	const struct source other = { SPAN("q"), s.system, s.object, s.id };
	bool any = true;

	ok(!todo_any(t, &s, &any, &why) && !any, "nothing to do");
	ok(!todo_put(t, &s, SPAN("rejected"), &why) &&
	    !todo_any(t, &s, &any, &why) && any, "something");
	ok(!todo_any(t, &shorter, &any, &why) && !any &&
	    !todo_any(t, &foreign, &any, &why) && !any,
	    "not for names it begins with");
	ok(!todo_any(t, &other, &any, &why) && !any &&
	    !todo_clear(t, &other, INT64_MAX, &why) &&
	    !todo_del(t, &other, &why) &&
	    !todo_any(t, &s, &any, &why) && any,
	    "another entity reads the object for itself");
	ok(!todo_del(t, &s, &why) && !todo_del(t, &s, &why) &&
	    !todo_any(t, &s, &any, &why) && !any, "done");
}

/* Some of them wait for a record that they refer to. */
static void
test_clear(struct txn *t)
{
	static const char *const ids[] = { "1", "2", "3", "4", "5" };
	static const struct hash128 seen[] = { { 7, 8 }, { 0, 0 }, { 1, 0 },
		{ 0, 0 }, { 7, 8 } };
	struct source s = { SPAN("p"), SPAN("hub"), SPAN("people"),
		SPAN("") };
	struct todo row;
	char left[6] = "";
	size_t n = 0;

	for (size_t i = 0; i < 5; i++) {
		struct link l = { .live = i != 3, .uid = SPAN("hub:people:1"),
			.seen = seen[i] };

		s.id = span_str(ids[i]);
		if (i < 4 && link_put(t, &s, &l, &why))
			ok(false, "link_put");
		if (todo_put(t, &s, SPAN("x"), &why))
			ok(false, "todo_put");
	}
	ok(!todo_clear(t, &s, INT64_MAX, &why), "cleared");
	for (size_t i = 0; i < 5; i++) {
		s.id = span_str(ids[i]);
		if (!todo_get(t, &s, &row, &why))
			left[n++] = ids[i][0];
	}
	is(span_str(left), SPAN("23"),
	    "but what lives and refers to what is not known");
}

/* What was put while a listing was under way is not in it. */
static void
test_since(struct txn *t)
{
	struct source s = { SPAN("p"), SPAN("hub"), SPAN("fresh"), SPAN("1") };
	int64_t now = clock_now();
	struct todo row;
	bool any;

	ok(!todo_put(t, &s, SPAN("moved 7"), &why) &&
	    !todo_settle(t, &s, now - 1, &why) &&
	    !todo_settle(t, &s, now, &why) &&
	    !todo_clear(t, &s, now, &why) &&
	    !todo_any(t, &s, &any, &why) && any, "put later, or just then");
	ok(!todo_get(t, &s, &row, &why) && span_eq(row.why, SPAN("moved 7"))
	    && row.since == now && !row.into.len, "why, and since when");
	ok(!todo_settle(t, &s, now + 1, &why) &&
	    todo_get(t, &s, &row, &why) == RC_END &&
	    !todo_settle(t, &s, now + 1, &why), "read after that");
	ok(!todo_put(t, &s, SPAN("x"), &why) &&
	    !todo_clear(t, &s, now + 1, &why) &&
	    !todo_any(t, &s, &any, &why) && !any, "listed after that");
	row = todo_decode(SPAN("at 12"));
	ok(row.since == 0 && span_eq(row.why, SPAN("at 12")),
	    "an older format's");
}

/* What it was merged into is kept until it is shown, or gone, otherwise. */
static void
test_merged(struct txn *t)
{
	struct source s = { SPAN("p"), SPAN("hub"), SPAN("merged"), SPAN("1") };
	char text[LIMIT_ID + 32];
	struct todo row;

	ok(!todo_put_merged(t, &s, SPAN("not known"), SPAN("2"), &why) &&
	    !todo_get(t, &s, &row, &why) && span_eq(row.into, SPAN("2")) &&
	    span_eq(row.why, SPAN("not known")), "what it was merged into");
	ok(!todo_put(t, &s, SPAN("missing"), &why) &&
	    !todo_get(t, &s, &row, &why) && span_eq(row.into, SPAN("2")) &&
	    span_eq(row.why, SPAN("missing")), "stays for another why");
	ok(!todo_put_merged(t, &s, SPAN("moved"), SPAN(""), &why) &&
	    !todo_get(t, &s, &row, &why) && !row.into.len, "or is taken off");
	ok(!todo_put(t, &s, SPAN("a\0b"), &why) &&
	    !todo_get(t, &s, &row, &why) && span_eq(row.why, SPAN("a")) &&
	    !row.into.len, "a why with a NUL names no record");
	memset(text, 'x', sizeof text);
	memcpy(text, "why", 4);
	memcpy(text + sizeof text - 3, "\00012", 3);
	row = todo_decode(span_of(text, sizeof text));
	ok(row.since == 12 && !row.into.len, "nor does one that is too long");
}

int
main(void)
{
	struct state *s;
	struct txn t;

	setenv("CRM_NOW", "2026-11-20T12:00:00Z", 1);
	s = scratch_state();
	if (txn_begin(&t, s, true, &why))
		return 1;
	test_todo(&t);
	test_clear(&t);
	test_since(&t);
	test_merged(&t);
	txn_abort(&t);
	state_close(s);
	return tap_done();
}
