/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <stdlib.h>

#include "tap.h"

static unsigned
month_days(int64_t year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Day by day from 0000-01-01 to the end of 9999, counted by hand. */
static void
test_calendar(void)
{
	int64_t day = -719528, year = 0, y;
	unsigned month = 1, d = 1, m, dd;
	bool days = true, civil = true, text = true;
	char shown[CLOCK_TEXT];

	for (; year < 10000; day++) {
		int64_t ms = day * 86400000 + day % 86400000, back;

		days &= clock_days(year, month, d) == day;
		clock_civil(day, &y, &m, &dd);
		civil &= y == year && m == month && dd == d;
		if (day % 7 == 0) {
			clock_format(ms, shown);
			text &= clock_parse(span_str(shown), &back) &&
			    (back == ms || ms / 86400000 != day);
		}
		if (++d > month_days(year, month)) {
			d = 1;
			if (++month > 12) {
				month = 1;
				year++;
			}
		}
	}
	ok(days, "every day of ten thousand years has its number");
	ok(civil, "and its date");
	ok(text, "what is formatted is parsed");
}

static void
parses(const char *text, int64_t want)
{
	int64_t got = -1;

	ok(clock_parse(span_str(text), &got) && got == want, "%s", text);
}

static void
refuses(const char *text)
{
	int64_t got;

	ok(!clock_parse(span_str(text), &got), "not '%s'", text);
}

static void
test_parse(void)
{
	parses("2026-11-20T10:11:12.123Z", INT64_C(1795169472123));
	parses("1970-01-01T00:00:00Z", 0);
	parses("1970-01-01t00:00:00z", 0);
	parses("1970-01-01 00:00:00Z", 0);
	parses("1969-12-31T23:59:59.999Z", -1);
	parses("1970-01-01T00:00:00.0019999Z", 1);
	parses("1970-01-01T00:00:00,5Z", 500);
	parses("1970-01-01T02:00:00+02:00", 0);
	parses("1970-01-01T02:00:00+0200", 0);
	parses("1970-01-01T02:00:00+02", 0);
	parses("1969-12-31T18:30:00-05:30", 0);
	parses("2000-02-29T00:00:00Z", INT64_C(951782400000));
	refuses("");
	refuses("2026-11-20");
	refuses("2026-11-20T10:11:12");
	refuses("2026-11-20T10:11Z");
	refuses("2026-11-20T10:11:12.Z");
	refuses("2026-11-20T24:00:00Z");
	refuses("2026-11-20T10:60:00Z");
	refuses("2026-11-20T10:11:61Z");
	refuses("2026-13-20T10:11:12Z");
	refuses("2026-00-20T10:11:12Z");
	refuses("2026-02-29T10:11:12Z");
	refuses("1900-02-29T10:11:12Z");
	refuses("2026-11-31T10:11:12Z");
	refuses("2026-11-20T10:11:12+24:00");
	refuses("2026-11-20T10:11:12+2");
	refuses("2026-11-20T10:11:12Zx");
	refuses("2026-11-20T10:11:12Z ");
	refuses(" 2026-11-20T10:11:12Z");
	refuses("26-11-20T10:11:12Z");
}

static void
test_seam(void)
{
	char text[CLOCK_TEXT];

	setenv("CRM_NOW", "2026-11-20T12:00:00+01:00", 1);
	setenv("CRM_RUN", "my-run_1", 1);
	clock_format(clock_now(), text);
	is(span_str(text), SPAN("2026-11-20T11:00:00.000Z"), "pinned clock");
	is(span_str(clock_run_id()), SPAN("my-run_1"), "pinned run id");
	setenv("CRM_RUN", "other", 1);
	is(span_str(clock_run_id()), SPAN("my-run_1"),
	    "the same for the whole process");
	ok(clock_monotonic() <= clock_monotonic(), "the other one goes on");
}

int
main(void)
{
	test_calendar();
	test_parse();
	test_seam();
	return tap_done();
}
