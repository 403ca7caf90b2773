/* SPDX-License-Identifier: MIT */
#include "http_date.h"

#include "clock.h"
#include "tap.h"

static void
reads(const char *text, const char *want)
{
	int64_t got = -1, ms = -2;

	clock_parse(span_str(want), &ms);
	ok(http_date_parse(span_str(text), &got) && got == ms, "\"%s\"", text);
}

static void
refuses(const char *text)
{
	int64_t ms;

	ok(!http_date_parse(span_str(text), &ms), "no date: \"%s\"", text);
}

static void
test_dates(void)
{
	reads("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z");
	reads("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z");
	reads("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z");
	reads(" Sat, 29 Feb 2020 23:59:60 GMT ", "2020-03-01T00:00:00Z");
	refuses("Sun, 06 Nov 1994 08:49:37 CET");
	refuses("Sun, 06 Nov 1994 08:49:37");
	refuses("Sun, 30 Feb 2020 08:49:37 GMT");
	refuses("Sun, 06 Nov 1994 24:00:00 GMT");
	refuses("Sun, 06 Nov 199 08:49:37 GMT");
	refuses("Sun, 06 Nov 1994 08:49:37 GMT and more");
	refuses("Sun, -6 Nov 1994 08:49:37 GMTx");
	refuses("2020-01-01T00:00:00Z");
	refuses("");
}

static void
waits(const char *text, int64_t want)
{
	int64_t now = 0, got;

	clock_parse(SPAN("2026-11-20T12:00:00Z"), &now);
	got = http_date_retry_after(span_str(text), now);
	if (!ok(got == want, "Retry-After: %s", text))
		printf("# got: %lld\n", (long long)got);
}

static void
test_retry_after(void)
{
	waits("0", 0);
	waits("120", 120000);
	waits(" 7 ", 7000);
	waits("0.2", 1000);
	waits("1.0", 1000);
	waits("99999999999999999999999", INT64_C(366) * 86400000);
	waits("Fri, 20 Nov 2026 12:00:09 GMT", 9000);
	waits("Fri, 20 Nov 2026 11:59:00 GMT", 0);
	waits("Fri, 20 Nov 9999 11:59:00 GMT", INT64_C(366) * 86400000);
	waits("", -1);
	waits("-1", -1);
	waits("soon", -1);
	waits("5 s", -1);
	waits("1e3", -1);
}

int
main(void)
{
	test_dates();
	test_retry_after();
	return tap_done();
}
