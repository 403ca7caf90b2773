/* SPDX-License-Identifier: MIT */
/* match_index: who has which value; redirects, which it outlives. */
#include "match_index.h"

#include "redirect.h"
#include "scratch.h"
#include "tap.h"

static struct err why;
static struct txn t;
static struct arena arena;

static enum rc
note(void *arg, struct span uid, struct err *e)
{
	struct buf *b = arg;

	(void)e;
	buf_span(b, uid);
	buf_putc(b, ' ');
	return b->len > 6 ? RC_END : RC_OK;
}

static struct span
who_has(const char *entity, uint64_t value)
{
	static char room[64];
	struct buf b = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };
	struct hash128 h = { value, 0 };

	if (match_each(&t, span_str(entity), h, note, &b, &why))
		return SPAN("failed");
	return buf_view(&b);
}

static bool
add(const char *entity, uint64_t value, const char *uid)
{
	struct hash128 h = { value, 0 };

	return !match_add(&t, span_str(entity), h, span_str(uid), &why);
}

static void
test_rows(void)
{
	is(who_has("org", 1), SPAN(""), "nobody");
	ok(add("org", 1, "b") && add("org", 1, "a") && add("org", 1, "a") &&
	    add("org", 256, "c") && add("orgs", 1, "d"), "some are added");
	is(who_has("org", 1), SPAN("a b "), "several, each once");
	is(who_has("org", 256), SPAN("c "), "of another value");
	is(who_has("orgs", 1), SPAN("d "), "of another entity");
	ok(add("org", 9, "aaa") && add("org", 9, "bbb") &&
	    add("org", 9, "ccc"), "many");
	is(who_has("org", 9), SPAN("aaa bbb "), "who asks may end it");
}

static void
test_standing(void)
{
	struct entity_field fields[] = {
		{ .name = { "domain", 6 }, .type = TYPE_TEXT },
		{ .name = { "phone", 5 }, .type = TYPE_TEXT } };
	size_t first[] = { 0 }, second[] = { 1 };
	struct match_key keys[] = { { first, 1 }, { second, 1 } };
	struct entity en = { .fields = fields, .field_count = 2,
		.match = keys, .match_count = 1 };
	struct match_standing s = { .changes = 7, .additions = 3 }, got;
	struct hash128 was;

	ok(!match_standing_get(&t, SPAN("org"), &got, &why) &&
	    !got.changes && !match_complete(&got, &en), "none was built");
	s.keys = was = match_keys(&en);
	ok(!match_standing_put(&t, SPAN("org"), &s, &why) &&
	    !match_standing_get(&t, SPAN("org"), &got, &why) &&
	    got.changes == 7 && got.additions == 3 &&
	    match_complete(&got, &en), "it is complete");
	en.match_count = 2;
	ok(!match_complete(&got, &en), "not for one key more");
	en.match_count = 1;
	first[0] = 1;
	ok(!match_complete(&got, &en), "nor for another field");
	first[0] = 0;
	fields[0].type = TYPE_PHONE;
	ok(!match_complete(&got, &en), "nor where its type is another");
	fields[0].type = TYPE_TEXT;
	ok(hash128_eq(was, match_keys(&en)), "but for the same again");
}

static bool
redirect(const char *from, const char *into)
{
	return !redirect_put(&t, SPAN("org"), span_str(from), span_str(into),
	    &why);
}

static void
test_redirects(void)
{
	struct span into = SPAN("");

	ok(redirect_get(&t, SPAN("org"), SPAN("a"), &arena, &into, &why) ==
	    RC_END, "it is its own");
	ok(redirect("a", "b") && redirect("b", "c") && !redirect_get(&t,
	    SPAN("org"), SPAN("a"), &arena, &into, &why) &&
	    span_eq(into, SPAN("c")), "a chain is followed");
	ok(redirect_get(&t, SPAN("orgs"), SPAN("a"), &arena, &into, &why) ==
	    RC_END, "in its entity");
	ok(!redirect_del(&t, SPAN("org"), SPAN("b"), &why) && !redirect_get(
	    &t, SPAN("org"), SPAN("a"), &arena, &into, &why) &&
	    span_eq(into, SPAN("b")), "one that was taken back is not");
	ok(redirect("b", "a") && redirect_get(&t, SPAN("org"), SPAN("a"),
	    &arena, &into, &why) == RC_STATE, "a circle is damage");
}

int
main(void)
{
	struct state *s = scratch_state();

	arena_init(&arena);
	if (txn_begin(&t, s, true, &why)) {
		printf("Bail out! %s\n", why.text);
		return 1;
	}
	test_rows();
	test_standing();
	test_redirects();
	txn_abort(&t);
	arena_free(&arena);
	state_close(s);
	return tap_done();
}
