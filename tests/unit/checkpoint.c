/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include "scratch.h"
#include "tap.h"

static struct err why;

static void
test_rows(struct txn *t)
{
	const struct span s = SPAN("hub"), o = SPAN("people"), e = SPAN("p");
	struct span json;
	int64_t at;
	bool once = true;

	ok(checkpoint_get(t, s, o, e, &json, &why) == RC_END &&
	    !checkpoint_read_once(t, s, o, e, &once, &at, &why) && !once,
	    "never read");
	ok(!checkpoint_put(t, s, o, e, SPAN("{\"at\":\"x\"}"), &why) &&
	    !checkpoint_read_once(t, s, o, e, &once, &at, &why) && !once,
	    "read, but never completely");
	ok(!checkpoint_put(t, s, o, e, SPAN("{\"full\":\"x\"}"), &why) &&
	    !checkpoint_read_once(t, s, o, e, &once, &at, &why) && once,
	    "read completely");
	ok(!checkpoint_get(t, s, o, e, &json, &why) &&
	    span_eq(json, SPAN("{\"full\":\"x\"}")), "as it was put");
	ok(!checkpoint_read_once(t, s, o, SPAN("q"), &once, &at, &why) && !once,
	    "not into another entity");
	ok(!checkpoint_put(t, s, o, e, SPAN("{"), &why) &&
	    checkpoint_read_once(t, s, o, e, &once, &at, &why) == RC_STATE,
	    "damaged: %s", why.text);
}

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
	    !todo_clear(t, &other, &why) && !todo_del(t, &other, &why) &&
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
	struct span text;
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
	ok(!todo_clear(t, &s, &why), "cleared");
	for (size_t i = 0; i < 5; i++) {
		s.id = span_str(ids[i]);
		if (!todo_get(t, &s, &text, &why))
			left[n++] = ids[i][0];
	}
	is(span_str(left), SPAN("23"),
	    "but what lives and refers to what is not known");
}

int
main(void)
{
	struct state *s = scratch_state();
	struct txn t;

	if (txn_begin(&t, s, true, &why))
		return 1;
	test_rows(&t);
	test_todo(&t);
	test_clear(&t);
	txn_abort(&t);
	state_close(s);
	return tap_done();
}
