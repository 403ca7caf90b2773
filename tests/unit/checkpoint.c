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

int
main(void)
{
	struct state *s = scratch_state();
	struct txn t;

	if (txn_begin(&t, s, true, &why))
		return 1;
	test_rows(&t);
	txn_abort(&t);
	state_close(s);
	return tap_done();
}
