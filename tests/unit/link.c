/* SPDX-License-Identifier: MIT */
#include "link.h"

#include "scratch.h"
#include "tap.h"

static struct err why;

static void
test_rows(struct state *s)
{
	struct source src = { SPAN("customer"), SPAN("app"), SPAN("Account"),
		SPAN("7") };
	struct link l = { .live = true, .ordinal = 1234567890123,
		.uid = SPAN("app:Account:7"), .since = -5, .scope = 77,
		.seen = { 1, UINT64_MAX } }, got;
	struct arena a;
	struct txn t;

	arena_init(&a);
	ok(!txn_begin(&t, s, true, &why) &&
	    link_get(&t, &src, &got, &a, &why) == RC_END, "no link yet");
	ok(!link_put(&t, &src, &l, &why) &&
	    !link_get(&t, &src, &got, &a, &why), "put and read");
	ok(got.live && got.ordinal == l.ordinal && got.since == -5 &&
	    got.scope == 77 && hash128_eq(got.seen, l.seen), "as it was");
	is(got.uid, SPAN("app:Account:7"), "its own origin");
	l.live = false;
	l.uid = SPAN("hub:people:\xc3\xa4");
	ok(!link_put(&t, &src, &l, &why) &&
	    !link_get(&t, &src, &got, &a, &why) && !got.live, "a tombstone");
	is(got.uid, SPAN("hub:people:\xc3\xa4"), "of another origin");
	src.id = SPAN("8");
	ok(link_get(&t, &src, &got, &a, &why) == RC_END, "another id");
	txn_abort(&t);
	arena_free(&a);
}

static void
test_long(struct state *s)
{
	char id[LIMIT_ID], name[LIMIT_NAME], more[600];
	struct source src = { span_of(name, LIMIT_NAME),
		span_of(name, LIMIT_NAME), span_of(name, LIMIT_NAME),
		span_of(id, LIMIT_ID) };
	struct link l = { .live = true, .uid = SPAN("app:Account:7") }, got;
	struct arena a;
	struct txn t;

	arena_init(&a);
	memset(id, 'i', sizeof id);
	memset(name, 'n', sizeof name);
	memset(more, 'm', sizeof more);
	ok(!txn_begin(&t, s, true, &why) && !link_put(&t, &src, &l, &why) &&
	    !link_get(&t, &src, &got, &a, &why) &&
	    span_eq(got.uid, l.uid), "the longest names fit");
	l.uid = uid_make(&a, src.system, src.object, src.id);
	ok(!link_put(&t, &src, &l, &why) &&
	    !link_get(&t, &src, &got, &a, &why) &&
	    span_eq(got.uid, l.uid), "their uid, too");
	src.id = span_of(more, sizeof more);
	ok(link_get(&t, &src, &got, &a, &why) == RC_END &&
	    link_put(&t, &src, &l, &why) == RC_RECORD,
	    "what is too long is that record's fault");
	txn_abort(&t);
	arena_free(&a);
}

static void
test_tally(struct state *s)
{
	struct source src = { SPAN("customer"), SPAN("app"), SPAN("Account"),
		SPAN("") };
	struct tally n = { 5, 3 }, got;
	struct txn t;

	ok(!txn_begin(&t, s, true, &why) && !tally_get(&t, &src, &got, &why) &&
	    !got.next && !got.live, "nothing counted");
	ok(!tally_put(&t, &src, &n, &why) && !tally_get(&t, &src, &got,
	    &why) && got.next == 5 && got.live == 3, "counted");
	src.system = SPAN("hub");
	ok(!tally_get(&t, &src, &got, &why) && !got.next, "not elsewhere");
	txn_abort(&t);
}

static void
test_damage(void)
{
	struct link l;
	struct arena a;

	arena_init(&a);
	ok(!link_peek(SPAN("short"), &l), "a damaged row");
	ok(link_decode(SPAN("a\0b\0c\0d"), SPAN(""), &l, &a, &why) ==
	    RC_STATE, "is refused");
	arena_free(&a);
}

int
main(void)
{
	struct state *s = scratch_state();

	test_rows(s);
	test_long(s);
	test_tally(s);
	test_damage();
	state_close(s);
	return tap_done();
}
