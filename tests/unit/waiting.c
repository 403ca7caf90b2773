/* SPDX-License-Identifier: MIT */
#include "waiting.h"

#include <stdlib.h>

#include "review.h"
#include "scratch.h"
#include "tap.h"

static struct err why;
static struct txn t;
static struct arena arena;
static const struct span org = { "org", 3 };

static struct record
load(const char *uid)
{
	struct record r;

	if (record_load(&t, org, span_str(uid), NULL, 0, &arena, &r, &why))
		abort();
	return r;
}

/* Puts the record with this field in conflict, or not any more. */
static bool
set(const char *uid, const char *field, bool conflict)
{
	struct record r = load(uid);
	uint32_t name;
	size_t at;

	if (name_intern(&t, span_str(field), &name, &why))
		return false;
	at = record_add(&r, name, &arena);
	r.fields[at].conflict = conflict;
	r.version++;
	r.life = LIFE_LIVE;
	return !record_put_agreed(&t, &r, &why);
}

static enum rc
list(void *arg, const struct waiting *w, struct err *e)
{
	char *text = arg, one[200];

	(void)e;
	snprintf(one, sizeof one, "%.*s.%.*s(%.*s,%.*s)%s ",
	    SPAN_ARG(w->uid), SPAN_ARG(w->field), SPAN_ARG(w->rule),
	    SPAN_ARG(w->why), w->since ? "" : " since never");
	strcat(text, one);
	return RC_OK;
}

static void
shows(const char *want, const char *name)
{
	char text[1000] = "";

	if (waiting_each(&t, org, list, text, &why))
		strcat(text, why.text);
	is(span_str(text), span_str(want), name);
}

static void
test_follow(void)
{
	const struct waiting because = { org, SPAN("2"), SPAN("city"), 0,
		SPAN("manual"), SPAN("two people") };
	const struct waiting nothing = { org, SPAN("2"), SPAN("zip"), 0,
		SPAN("manual"), SPAN("") };

	ok(set("1", "name", false) && set("10", "name", false),
	    "records without a conflict");
	shows("", "have no rows");
	ok(set("2", "city", true) && set("1", "name", true) &&
	    set("10", "city", true) && set("2", "name", true), "conflicts");
	shows("1.name(,) 10.city(,) 2.city(,) 2.name(,) ", "have rows");
	ok(!waiting_because(&t, &because, &why) &&
	    !waiting_because(&t, &nothing, &why), "a reason");
	shows("1.name(,) 10.city(,) 2.city(manual,two people) 2.name(,) ",
	    "stands with the field that waits");
	ok(set("2", "phone", false), "the record changes otherwise");
	shows("1.name(,) 10.city(,) 2.city(manual,two people) 2.name(,) ",
	    "the reason stays");
	ok(set("2", "city", false) && set("1", "name", false), "decided");
	shows("10.city(,) 2.name(,) ", "the rows are gone, others stay");
}

/* Reviews of whole records stand in the same table. */
static void
test_reviews(void)
{
	const struct review r = { .entity = org, .uid = SPAN("2"),
		.subject = { 1, 2 }, .open = true };
	bool any = true;

	ok(!review_any(&t, &any, &why) && !any, "a conflict is no review");
	ok(!review_put(&t, &r, &why) && !review_any(&t, &any, &why) && any,
	    "a review");
	shows("10.city(,) 2.name(,) ", "is no conflict of a field");
	ok(set("2", "name", false) && !review_any(&t, &any, &why) && any,
	    "and stays when that is decided");
	shows("10.city(,) ", "which is gone");
}

static void
test_build(void)
{
	struct span key = SPAN("org\00010\0city");

	ok(!txn_del(&t, TABLE_CONFLICT, key, &why), "rows that are missing");
	shows("", "in a state of before");
	ok(!waiting_build(&t, &why), "are built");
	shows("10.city(,) ", "from the flags");
	ok(!txn_put(&t, TABLE_CONFLICT, key, SPAN("\xff"), &why) &&
	    waiting_each(&t, org, list, (char[100]){ "" }, &why) == RC_STATE,
	    "damaged: %s", why.text);
}

int
main(void)
{
	struct state *s = scratch_state();

	arena_init(&arena);
	if (txn_begin(&t, s, true, &why))
		abort();
	test_follow();
	test_reviews();
	test_build();
	txn_abort(&t);
	arena_free(&arena);
	state_close(s);
	return tap_done();
}
