/* SPDX-License-Identifier: MIT */
/* conversion: its rows, what they mean here, and references that follow. */
#include "conversion.h"

#include "record.h"
#include "ref.h"
#include "redirect.h"
#include "scratch.h"
#include "tap.h"

static struct err why;
static struct arena arena;
static struct txn t;
static const struct source lead = { { "lead", 4 }, { "crm", 3 },
	{ "Lead", 4 }, { "1", 1 } };

static bool
link_up(const char *entity, const char *system, const char *id,
    const char *uid, bool live)
{
	struct source s = { span_str(entity), span_str(system), SPAN("o"),
		span_str(id) };
	struct link l = { .live = live, .uid = span_str(uid) };
	struct tally n = { 1, live };

	return !link_put(&t, &s, &l, &why) && !tally_put(&t, &s, &n, &why);
}

static struct span
told(const char *uid)
{
	struct buf b;
	struct span text;

	buf_init(&b, LIMIT_LINE, "text");
	if (conversion_tell(&t, lead.entity, span_str(uid), &arena, &b, &why))
		buf_printf(&b, "failed");
	text = arena_dup(&arena, buf_view(&b));
	buf_free(&b);
	return text;
}

static bool
knows(const char *into, const struct conversion_place *places, size_t n)
{
	struct conversion_from f = { lead.system, span_str(into), places, n };
	struct buf b;
	bool known = false;

	buf_init(&b, LIMIT_LINE, "text");
	if (conversion_resolve(&t, &f, &arena, &b, &known, &why))
		known = false;
	buf_free(&b);
	return known;
}

static struct span
to_uid(const char *value)
{
	struct span out;
	enum rc rc = ref_to_uid(&t, lead.system, span_str(value), &arena,
	    &out, &why);

	return rc == RC_END ? SPAN("unknown") : rc ? SPAN("failed") : out;
}

static void
test_known(void)
{
	const struct conversion_place place = { { "deal", 4 }, { "Deal", 4 } };
	struct source s = { place.entity, lead.system, place.object,
		SPAN("9") };
	struct link l = { .live = true, .uid = SPAN("crm:Deal:9") };

	ok(!knows("{\"contact\":\"7\"}", NULL, 0), "nothing is linked");
	ok(link_up("contact", "crm", "7", "c7", true) &&
	    knows("{\"contact\":\"7\"}", NULL, 0), "linked");
	ok(!knows("{\"contact\":\"8\"}", NULL, 0) &&
	    !knows("{\"contact\":\"8\",\"contact\":\"7\"}", NULL, 0),
	    "another is waited for");
	ok(knows("{\"contact\":\"7\",\"deal\":\"9\"}", NULL, 0),
	    "not one whose entity is not there at all");
	ok(!knows("{\"deal\":\"9\"}", NULL, 0) &&
	    !link_put(&t, &s, &l, &why) &&
	    !knows("{\"deal\":\"9\"}", NULL, 0) &&
	    knows("{\"deal\":\"9\"}", &place, 1),
	    "one linked just now, where it is looked for");
	ok(!knows("{\"deal\":9}", NULL, 0) && !knows("[]", NULL, 0),
	    "no object of ids");
}

static void
test_rows(void)
{
	struct span into = SPAN("{\"contact\":\"7\",\"task\":\"5\"}");
	struct source other = lead;

	other.system = SPAN("app");
	is(told("u"), SPAN(""), "nothing is known of it");
	ok(conversion_find(&t, lead.entity, SPAN("u"), lead.system, &why) ==
	    RC_END && !conversion_put(&t, &lead, SPAN("u"), into, &why) &&
	    !conversion_find(&t, lead.entity, SPAN("u"), lead.system, &why) &&
	    conversion_find(&t, lead.entity, SPAN("u"), SPAN("app"), &why) ==
	    RC_END, "put, of that system");
	is(told("u"), SPAN("{\"crm\":{\"contact\":\"c7\"}}"),
	    "what is linked");
	ok(!conversion_put(&t, &other, SPAN("u"), SPAN("{\"contact\":\"7\"}"),
	    &why), "of another system, too");
	is(told("u"), SPAN("{\"app\":{},\"crm\":{\"contact\":\"c7\"}}"),
	    "one after the other");
	ok(!conversion_del(&t, &other, SPAN("u"), &why) &&
	    !conversion_del(&t, &other, SPAN("u"), &why), "taken back, twice");
	is(told("uu"), SPAN(""), "another record");
	ok(link_up("contact", "crm", "7", "c7", false) &&
	    !redirect_put(&t, SPAN("contact"), SPAN("c7"), SPAN("c8"), &why),
	    "what it became is merged");
	is(told("u"), SPAN("{\"crm\":{\"contact\":\"c8\"}}"), "followed");
}

static void
test_references(void)
{
	ok(link_up("contact", "crm", "7", "c7", true) &&
	    link_up("lead", "crm", "1", "u", false), "the lead is closed");
	is(to_uid("{\"ref\":\"lead\",\"id\":\"1\"}"),
	    SPAN("{\"ref\":\"lead\",\"uid\":\"u\"}"), "it is still ours");
	is(to_uid("{\"ref\":\"contact\",\"id\":\"1\"}"),
	    SPAN("{\"ref\":\"contact\",\"uid\":\"c7\"}"), "what it became");
	is(to_uid("{\"ref\":\"task\",\"id\":\"1\"}"), SPAN("unknown"),
	    "what it became is not linked");
	is(to_uid("{\"ref\":\"contact\",\"id\":\"2\"}"), SPAN("unknown"),
	    "another id");
	ok(!conversion_del(&t, &lead, SPAN("u"), &why), "taken back");
	is(to_uid("{\"ref\":\"lead\",\"id\":\"1\"}"), SPAN("unknown"),
	    "gone");
	is(to_uid("{\"ref\":\"contact\",\"id\":\"1\"}"), SPAN("unknown"),
	    "no contact");
}

static bool
agree(const char *uid, enum life life)
{
	struct record r = { .entity = SPAN("contact"), .uid = span_str(uid),
		.version = 1, .life = life };

	return !record_put_agreed(&t, &r, &why);
}

/* The record under an id is gone there, and the reference names that id. */
static void
test_dead_ids(void)
{
	const char *three = "{\"ref\":\"contact\",\"id\":\"3\"}";
	struct span uid = SPAN("{\"ref\":\"contact\",\"uid\":\"c3\"}");

	ok(link_up("contact", "crm", "3", "c3", false) &&
	    agree("c3", LIFE_ARCHIVED), "one that is gone");
	is(to_uid(three), SPAN("unknown"), "not followed");
	ok(agree("c3", LIFE_LIVE), "it lives, under another id");
	is(to_uid(three), uid, "followed, as before it died");
	ok(agree("c3", LIFE_MERGED) && agree("c4", LIFE_LIVE) &&
	    !redirect_put(&t, SPAN("contact"), SPAN("c3"), SPAN("c4"), &why),
	    "it became another");
	is(to_uid(three), uid, "the same reference as before it did");
	ok(agree("c4", LIFE_DELETED), "which is gone");
	is(to_uid(three), SPAN("unknown"), "not followed");
}

static void
test_long(void)
{
	char name[LIMIT_NAME], id[LIMIT_ID], more[LIMIT_KEY];
	struct source s = { span_of(name, sizeof name),
		span_of(name, sizeof name), span_of(name, sizeof name),
		span_of(id, sizeof id) };
	struct span uid, into = SPAN("{\"contact\":\"7\"}");

	memset(name, 'n', sizeof name);
	memset(id, 'i', sizeof id);
	memset(more, 'm', sizeof more);
	uid = uid_make(&arena, s.system, s.object, s.id);
	ok(!conversion_put(&t, &s, uid, into, &why) && !conversion_find(&t,
	    s.entity, uid, s.system, &why), "the longest names fit");
	uid = span_of(more, sizeof more);
	ok(conversion_put(&t, &s, uid, into, &why) == RC_RECORD &&
	    conversion_find(&t, s.entity, uid, s.system, &why) == RC_END &&
	    !conversion_del(&t, &s, uid, &why), "longer ones are refused");
}

int
main(void)
{
	struct state *s = scratch_state();

	arena_init(&arena);
	if (txn_begin(&t, s, true, &why))
		abort();
	test_known();
	test_rows();
	test_references();
	test_dead_ids();
	test_long();
	txn_abort(&t);
	arena_free(&arena);
	state_close(s);
	return tap_done();
}
