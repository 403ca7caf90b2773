/* SPDX-License-Identifier: MIT */
#include "flight.h"

#include "tap.h"

#define SEED 7

int
main(void)
{
	struct buf b;
	struct span once, flight;

	buf_init(&b, FLIGHT_CAP, "flight");
	flight_add(&b, SPAN(""), 3, SPAN("\"Ulm\""), SEED);
	flight_add(&b, SPAN(""), 300, SPAN("null"), SEED);
	once = buf_view(&b);
	ok(flight_has(once, 3) && flight_has(once, 300) &&
	    !flight_has(once, 4), "which fields left");
	ok(flight_holds(once, 3, SPAN("\"Ulm\""), SEED) &&
	    flight_holds(once, 300, SPAN("null"), SEED) &&
	    !flight_holds(once, 3, SPAN("null"), SEED) &&
	    !flight_holds(once, 3, SPAN("\"Ulm\""), SEED + 1),
	    "and with which value, under this state's seed");
	flight_add(&b, once, 3, SPAN("\"Ulm\""), SEED);
	ok(buf_view(&b).len == once.len, "the same again adds nothing");
	once.ptr = b.ptr;
	flight_add(&b, once, 3, SPAN("\"Bonn\""), SEED);
	flight = buf_view(&b);
	ok(flight_holds(flight, 3, SPAN("\"Ulm\""), SEED) &&
	    flight_holds(flight, 3, SPAN("\"Bonn\""), SEED),
	    "another value stands beside it");
	flight.len--;
	ok(!flight_holds(flight, 3, SPAN("\"Bonn\""), SEED) &&
	    flight_holds(flight, 3, SPAN("\"Ulm\""), SEED),
	    "of a cut one what is whole counts");
	ok(!flight_has(SPAN(""), 0), "of none, nothing");
	buf_free(&b);
	return tap_done();
}
