/* SPDX-License-Identifier: MIT */
#include "outbox.h"

#include "scratch.h"
#include "tap.h"

static struct err why;

static bool
same(const struct outbox *a, const struct outbox *b)
{
	return a->version == b->version && a->released == b->released &&
	    a->held == b->held && a->since == b->since &&
	    a->skipped == b->skipped && a->intent == b->intent &&
	    a->made == b->made && a->asks == b->asks &&
	    span_eq(a->flight, b->flight) &&
	    a->lease == b->lease && a->next_try == b->next_try &&
	    a->attempts == b->attempts &&
	    span_eq(a->claimant, b->claimant) && span_eq(a->error, b->error);
}

static void
test_rows(struct txn *t)
{
	struct outbox got;
	bool fine = true;

	for (unsigned bits = 0; bits < 8; bits++) {
		struct outbox o = { .version = (uint64_t)1 << (bits * 8),
			.released = bits & 1, .held = bits & 2,
			.intent = bits & 4, .skipped = bits == 6,
			.made = bits == 5, .asks = bits == 4,
			.flight = bits & 1 ? SPAN("\1digest..") : SPAN(""),
			.since = bits & 4 ? INT64_C(1795169472123) : 0,
			.lease = bits * INT64_C(1795169472123),
			.next_try = bits * 7, .attempts = bits * 1000,
			.claimant = bits & 1 ? SPAN("run-1") : SPAN(""),
			.error = bits & 2 ? SPAN("HTTP 500") : SPAN("") };

		fine &= !outbox_put(t, SPAN("hub"), SPAN("customer"),
		    SPAN("u"), &o, &why) && !outbox_get(t, SPAN("hub"),
		    SPAN("customer"), SPAN("u"), &got, &why) &&
		    same(&o, &got);
	}
	ok(fine, "what is put is read");
	ok(outbox_get(t, SPAN("app"), SPAN("customer"), SPAN("u"), &got,
	    &why) == RC_END, "not in another system's");
	ok(!outbox_del(t, SPAN("hub"), SPAN("customer"), SPAN("u"), &why) &&
	    outbox_get(t, SPAN("hub"), SPAN("customer"), SPAN("u"), &got,
	    &why) == RC_END, "deleted");
}

static void
test_damage(struct txn *t)
{
	struct outbox o = { .version = 300, .claimant = SPAN("run"),
		.error = SPAN("why") }, got;
	struct span row;
	bool refused = true;
	char copy[64];

	ok(!outbox_put(t, SPAN("hub"), SPAN("e"), SPAN("u"), &o, &why) &&
	    !txn_get(t, TABLE_OUTBOX, SPAN("hub\0e\0u"), &row, &why) &&
	    row.len < sizeof copy, "a row");
	memcpy(copy, row.ptr, row.len);
	for (size_t cut = 0; cut < row.len; cut++)
		refused &= outbox_decode(span_of(copy, cut), &got, &why) ==
		    RC_STATE;
	ok(refused, "cut anywhere it is refused");
	copy[row.len] = 0;
	ok(outbox_decode(span_of(copy, row.len + 1), &got, &why) == RC_STATE,
	    "and with more behind it");
}

int
main(void)
{
	struct state *s = scratch_state();
	struct txn t;

	if (txn_begin(&t, s, true, &why))
		return 1;
	test_rows(&t);
	test_damage(&t);
	txn_abort(&t);
	state_close(s);
	return tap_done();
}
