/* SPDX-License-Identifier: MIT */
/* span: a list taken apart. */
#include "span.h"
#include "tap.h"

int
main(void)
{
	struct span rest = SPAN("one;;two;");

	is(span_cut(&rest, ';'), SPAN("one"), "the first");
	is(span_cut(&rest, ';'), SPAN(""), "an empty one counts");
	is(span_cut(&rest, ';'), SPAN("two"), "the last");
	ok(!rest.len, "a mark behind it starts no other");
	ok(!span_cut(&rest, ';').len && !rest.len, "then none");
	rest = SPAN("a b");
	is(span_cut(&rest, ';'), SPAN("a b"), "no mark: all of it");
	ok(!rest.len, "and nothing is left");
	rest = span_of(NULL, 0);
	ok(!span_cut(&rest, ';').len, "nothing at all is empty");
	return tap_done();
}
