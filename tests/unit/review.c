/* SPDX-License-Identifier: MIT */
/* review: cases of records that may be one, and how they close. */
#include "review.h"

#include "recall.h"
#include "scratch.h"
#include "tap.h"

static struct err why;
static struct txn t;

static bool
put(const char *uid, uint64_t subject, bool open)
{
	struct review r = { .entity = SPAN("org"), .uid = span_str(uid),
		.subject = { subject, 0 }, .open = open,
		.system = open ? SPAN("hub") : SPAN(""),
		.id = open ? SPAN("7") : SPAN(""), .why = SPAN("domain"),
		.since = -1 };

	return !review_add(&t, &r, &why);
}

/* Members as letters, an open one in upper case. */
static char met[64];

static enum rc
note(void *arg, const struct review *r, struct err *e)
{
	size_t n = strlen(met);
	char c = r->uid.ptr[r->uid.len - 1];

	(void)arg;
	(void)e;
	met[n] = (char)(r->open ? c - 32 : c);
	met[n + 1] = '\0';
	if (r->open)
		ok(span_eq(r->system, SPAN("hub")) && span_eq(r->id,
		    SPAN("7")) && span_eq(r->why, SPAN("domain")) &&
		    r->since == -1, "an open one is as it was put");
	return RC_OK;
}

static struct span
members(uint64_t subject)
{
	struct hash128 h = { subject, 0 };

	met[0] = '\0';
	if (review_each_in(&t, SPAN("org"), h, note, NULL, &why))
		return SPAN("failed");
	return span_str(met);
}

static struct span
cases_of(const char *uid)
{
	met[0] = '\0';
	if (review_each_of(&t, SPAN("org"), span_str(uid), note, NULL, &why))
		return SPAN("failed");
	return span_str(met);
}

static enum rc
recall(void *arg, const struct review *r, struct err *e)
{
	return recall_put(arg, r->entity, r->uid, e);
}

static enum rc
note_uid(void *arg, struct span uid, struct err *e)
{
	(void)e;
	strncat(arg, uid.ptr, uid.len);
	return RC_OK;
}

static void
test_members(void)
{
	bool any;

	ok(!review_any(&t, &any, &why) && !any, "there is none");
	ok(put("app:1:a", 1, false) && put("hub:1:b", 1, true) &&
	    put("hub:1:c", 1, true) && put("hub:1:c", 2, false),
	    "two cases are put");
	ok(!review_any(&t, &any, &why) && any, "there are some");
	is(members(1), SPAN("aBC"), "all members of one");
	is(members(2), SPAN("c"), "and of the other");
	is(members(3), SPAN(""), "a case of nobody");
	is(cases_of("hub:1:c"), SPAN("Cc"), "all cases of one");
	is(cases_of("hub:1"), SPAN(""), "a uid is not what it begins with");
	ok(put("hub:1:b", 1, false), "who waits is met again");
	is(members(1), SPAN("aBC"), "and goes on waiting");
}

static void
test_moving(void)
{
	struct review r = { .entity = SPAN("org"), .uid = SPAN("desk:1:m"),
		.subject = { 9, 0 }, .open = true, .system = SPAN("desk"),
		.id = SPAN("4"), .why = SPAN("domain"), .since = -1 };
	char recalled[64] = "";

	ok(!review_add(&t, &r, &why) && put("hub:1:n", 9, false),
	    "one that was found in desk");
	ok(!review_move(&t, SPAN("org"), r.uid, SPAN("app"), SPAN("hub"),
	    SPAN("6"), recall, &t, &why) && !recall_each(&t, SPAN("org"),
	    note_uid, recalled, &why) && strcmp(recalled, "hub:1:n") == 0,
	    "it is gone elsewhere: the other is decided again");
	ok(!review_move(&t, SPAN("org"), SPAN("hub:1:n"), SPAN("desk"),
	    SPAN("app"), SPAN("6"), recall, &t, &why) &&
	    !review_move(&t, SPAN("org"), r.uid, SPAN("desk"), SPAN("hub"),
	    SPAN("7"), recall, &t, &why), "it is gone in desk, and in hub");
	is(members(9), SPAN("Mn"), "found there from now on");
	ok(!review_leave(&t, SPAN("org"), r.uid, NULL, NULL, &why) &&
	    !recall_del(&t, SPAN("org"), SPAN("hub:1:n"), &why),
	    "and it leaves");
}

static void
test_leaving(void)
{
	char recalled[64] = "";

	ok(!review_leave(&t, SPAN("org"), SPAN("hub:1:b"), recall, &t, &why),
	    "one leaves");
	is(members(1), SPAN("aC"), "the other goes on waiting");
	ok(!recall_each(&t, SPAN("org"), note_uid, recalled, &why) &&
	    !*recalled, "nobody is freed");
	ok(!review_leave(&t, SPAN("org"), SPAN("hub:1:c"), recall, &t, &why),
	    "the other leaves, too");
	is(members(1), SPAN(""), "the case is closed");
	is(cases_of("app:1:a"), SPAN(""), "for whom it may have been");
	ok(!recall_each(&t, SPAN("org"), note_uid, recalled, &why) &&
	    strcmp(recalled, "app:1:a") == 0, "who is decided again");
	ok(!review_leave(&t, SPAN("org"), SPAN("hub:1:c"), NULL, NULL, &why),
	    "leaving twice does nothing");
}

static void
test_recall(void)
{
	struct span e = SPAN("org"), s = SPAN("hub");
	char waiting[64] = "";

	ok(!recall_put_for(&t, s, e, SPAN("u"), &why) &&
	    !recall_put_for(&t, SPAN("hubb"), e, SPAN("v"), &why) &&
	    !recall_put_for(&t, s, SPAN("orgs"), SPAN("w"), &why) &&
	    !recall_each_for(&t, s, e, note_uid, waiting, &why) &&
	    strcmp(waiting, "u") == 0, "who waits for a system to be read");
	ok(!recall_del_for(&t, s, e, SPAN("u"), &why) &&
	    !recall_each_for(&t, s, e, note_uid, waiting, &why) &&
	    strcmp(waiting, "u") == 0, "and does not any more");
}

int
main(void)
{
	struct state *s = scratch_state();

	if (txn_begin(&t, s, true, &why)) {
		printf("Bail out! %s\n", why.text);
		return 1;
	}
	test_members();
	test_moving();
	test_leaving();
	test_recall();
	txn_abort(&t);
	state_close(s);
	return tap_done();
}
