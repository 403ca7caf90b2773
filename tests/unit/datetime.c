/* SPDX-License-Identifier: MIT */
/* datetime: what is read as what, what is refused, and writing back. */
#include "datetime.h"

#include <stdlib.h>

#include "tap.h"

struct row {
	const char *in;
	const char *formats; /* parted by '|', NULL: none */
	const char *zone;    /* NULL: none declared */
	const char *date;    /* NULL: refused */
	const char *instant; /* NULL: refused */
};

static const struct row rows[] = {
	{ "2026-11-20", NULL, NULL, "2026-11-20", NULL },
	{ " 2026-11-20 ", NULL, NULL, "2026-11-20", NULL },
	{ "2024-02-29", NULL, NULL, "2024-02-29", NULL },
	{ "2026-02-29", NULL, NULL, NULL, NULL },
	{ "1900-02-29", NULL, NULL, NULL, NULL },
	{ "2000-02-29", NULL, NULL, "2000-02-29", NULL },
	{ "2026-13-01", NULL, NULL, NULL, NULL },
	{ "2026-00-10", NULL, NULL, NULL, NULL },
	{ "2026-04-31", NULL, NULL, NULL, NULL },
	{ "0000-01-01", NULL, NULL, NULL, NULL },
	{ "0001-01-01", NULL, NULL, "0001-01-01", NULL },
	{ "9999-12-31", NULL, NULL, "9999-12-31", NULL },
	{ "20261120", NULL, NULL, NULL, NULL },
	{ "26-11-20", NULL, NULL, NULL, NULL },
	{ "2026-1-2", NULL, NULL, NULL, NULL },
	{ "03/04/2026", NULL, NULL, NULL, NULL },
	{ "today", NULL, NULL, NULL, NULL },
	{ "", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:11:12.123Z", NULL, NULL, NULL,
	    "2026-11-20T10:11:12.123Z" },
	{ "2026-11-30T10:11:12.123Z", NULL, NULL, NULL,
	    "2026-11-30T10:11:12.123Z" },
	{ "2026-11-31T10:11:12.123Z", NULL, NULL, NULL, NULL },
	{ "2026-11-20T24:11:12.123Z", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:60:12.123Z", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:11:60.123Z", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:11:12Z", NULL, NULL, NULL,
	    "2026-11-20T10:11:12.000Z" },
	{ "2026-11-20T10:11:12.000+0000", NULL, NULL, NULL,
	    "2026-11-20T10:11:12.000Z" },
	{ "2026-11-20T10:11:12.1234567Z", NULL, NULL, NULL,
	    "2026-11-20T10:11:12.123Z" },
	{ "2026-11-20T10:11:12.5+01:00", NULL, NULL, NULL,
	    "2026-11-20T09:11:12.500Z" },
	{ "2026-11-20 00:11:12 +0130", NULL, NULL, NULL,
	    "2026-11-19T22:41:12.000Z" },
	{ "2026-11-20T10:11Z", NULL, NULL, NULL,
	    "2026-11-20T10:11:00.000Z" },
	{ "2026-11-20T10:11:12", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:11:12", NULL, "UTC", "2026-11-20",
	    "2026-11-20T10:11:12.000Z" },
	{ "2026-11-20 10:11", NULL, "+02:00", "2026-11-20",
	    "2026-11-20T08:11:00.000Z" },
	{ "2026-11-20 10:11", NULL, "-0330", "2026-11-20",
	    "2026-11-20T13:41:00.000Z" },
	{ "2026-11-20", NULL, "UTC", "2026-11-20", NULL },
	{ "2026-11-20T00:00:00.000Z", NULL, NULL, "2026-11-20",
	    "2026-11-20T00:00:00.000Z" },
	{ "2026-11-20T23:30:00.000Z", NULL, "+01:00", "2026-11-21",
	    "2026-11-20T23:30:00.000Z" },
	{ "2026-11-20T23:30:00.000Z", NULL, NULL, NULL,
	    "2026-11-20T23:30:00.000Z" },
	{ "1969-12-31T23:59:59.999Z", NULL, "UTC", "1969-12-31",
	    "1969-12-31T23:59:59.999Z" },
	{ "0001-01-01T00:00:00+01:00", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:11:12+25:00", NULL, NULL, NULL, NULL },
	{ "2026-11-20T10:11:12Z!", NULL, NULL, NULL, NULL },
	{ "20.11.2026", "%d.%m.%Y", NULL, "2026-11-20", NULL },
	{ "1.2.2026", "%d.%m.%Y", "UTC", "2026-02-01",
	    "2026-02-01T00:00:00.000Z" },
	{ "31.02.2026", "%d.%m.%Y", NULL, NULL, NULL },
	{ "20.11.26", "%d.%m.%y", NULL, "2026-11-20", NULL },
	{ "20.11.70", "%d.%m.%y", NULL, "1970-11-20", NULL },
	{ "Nov 20, 2026", "%b %d, %Y", NULL, "2026-11-20", NULL },
	{ "november 5 2026", "%B %d %Y", NULL, "2026-11-05", NULL },
	{ "Nov  5,  2026", "%b %d, %Y", NULL, "2026-11-05", NULL },
	{ "11/20/2026 3:04 PM", "%m/%d/%Y %I:%M %p", "UTC", "2026-11-20",
	    "2026-11-20T15:04:00.000Z" },
	{ "11/20/2026 12:00 am", "%m/%d/%Y %I:%M %p", "UTC", "2026-11-20",
	    "2026-11-20T00:00:00.000Z" },
	{ "11/20/2026 12:30 PM", "%m/%d/%Y %I:%M %p", "UTC", "2026-11-20",
	    "2026-11-20T12:30:00.000Z" },
	{ "11/20/2026 13:30 PM", "%m/%d/%Y %I:%M %p", "UTC", NULL, NULL },
	{ "11/20/2026 0:30 PM", "%m/%d/%Y %I:%M %p", "UTC", NULL, NULL },
	{ "03/04/2026", "%m/%d/%Y|%d/%m/%Y", NULL, NULL, NULL },
	{ "03/03/2026", "%m/%d/%Y|%d/%m/%Y", NULL, "2026-03-03", NULL },
	{ "13/04/2026", "%m/%d/%Y|%d/%m/%Y", NULL, "2026-04-13", NULL },
	{ "1767225600", "%s", NULL, "2026-01-01",
	    "2026-01-01T00:00:00.000Z" },
	{ "1767225600123", "%Q", NULL, NULL, "2026-01-01T00:00:00.123Z" },
	{ "-1", "%Q", NULL, NULL, "1969-12-31T23:59:59.999Z" },
	{ "99999999999999999999", "%Q", NULL, NULL, NULL },
	{ "100% 2026-1-2", "100%% %Y-%m-%d", NULL, "2026-01-02", NULL },
};

static size_t
part(const char *formats, struct span out[4])
{
	const char *end;
	size_t n = 0;

	while (formats && *formats) {
		end = strchr(formats, '|');
		if (!end)
			end = formats + strlen(formats);
		out[n++] = span_of(formats, (size_t)(end - formats));
		formats = *end ? end + 1 : end;
	}
	return n;
}

static void
expect(struct buf *b, enum rc rc, const char *want, const char *in,
    const char *what)
{
	if (want)
		is(rc ? SPAN("refused") : buf_view(b), span_str(want), in);
	else
		ok(rc == RC_RECORD, "\"%s\" is refused as %s", in, what);
}

static void
test_rows(void)
{
	struct datetime_spec spec;
	struct span formats[4];
	struct err e;
	struct buf b;
	size_t i;
	enum rc rc;

	buf_init(&b, 4096, "date");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&spec, 0, sizeof(spec));
		spec.formats = formats;
		spec.count = part(rows[i].formats, formats);
		spec.zoned = rows[i].zone != NULL;
		if (spec.zoned && datetime_zone(span_str(rows[i].zone),
		    &spec.zone, &e))
			ok(false, "zone %s", rows[i].zone);
		buf_reset(&b);
		rc = datetime_put_date(&b, span_str(rows[i].in), &spec, &e);
		expect(&b, rc, rows[i].date, rows[i].in, "date");
		buf_reset(&b);
		rc = datetime_put_instant(&b, span_str(rows[i].in), &spec,
		    &e);
		expect(&b, rc, rows[i].instant, rows[i].in, "instant");
	}
	buf_free(&b);
}

static void
test_zones(void)
{
	struct err e;
	int minutes;

	ok(!datetime_zone(SPAN("UTC"), &minutes, &e) && minutes == 0, "UTC");
	ok(!datetime_zone(SPAN("-03:30"), &minutes, &e) && minutes == -210,
	    "-03:30");
	ok(datetime_zone(SPAN("Europe/Zurich"), &minutes, &e) == RC_CONFIG,
	    "a place is refused");
	ok(datetime_zone(SPAN(""), &minutes, &e) == RC_CONFIG, "nothing");
	ok(datetime_check(SPAN("%d.%m.%Y"), &e) == RC_OK, "a whole date");
	ok(datetime_check(SPAN("%m.%Y"), &e) == RC_CONFIG, "no day");
	ok(datetime_check(SPAN("%d.%m.%Y %q"), &e) == RC_CONFIG,
	    "an unknown directive");
	ok(datetime_check(SPAN("%d.%m.%Y %"), &e) == RC_CONFIG, "a lone %%");
	ok(datetime_check(SPAN("%s"), &e) == RC_OK, "seconds alone");
}

/* What is written in a format reads as what it was. */
static void
test_writing(void)
{
	static const char *const formats[] = { "%d.%m.%Y %H:%M:%S.%f",
		"%m/%d/%y %I:%M:%S.%f %p", "%B %d %Y %H:%M:%S.%f%z", "%Q",
		"%b %d, %Y %I.%M.%S,%f %p" };
	static const char *const instants[] = { "2026-11-20T10:11:12.123Z",
		"2026-12-31T23:59:59.999Z", "2024-02-29T00:00:00.000Z",
		"1970-01-01T12:00:00.001Z" };
	static const int zones[] = { 0, 60, -210, 720 };
	struct datetime_spec spec = { NULL, 1, true, 0 };
	struct span format;
	struct buf text, back;
	struct err e;
	size_t i, k, z;
	bool same = true;

	buf_init(&text, 4096, "date");
	buf_init(&back, 4096, "date");
	for (i = 0; i < 5; i++)
		for (k = 0; k < 4; k++)
			for (z = 0; z < 4; z++) {
				format = span_str(formats[i]);
				spec.formats = &format;
				spec.zone = zones[z];
				buf_reset(&text);
				buf_reset(&back);
				datetime_write(&text, span_str(instants[k]),
				    &spec);
				same &= !datetime_put_instant(&back,
				    buf_view(&text), &spec, &e);
				same &= span_eq(buf_view(&back),
				    span_str(instants[k]));
			}
	ok(same, "written and read again: the same instant");
	format = SPAN("%d.%m.%Y");
	spec.formats = &format;
	spec.zone = -300;
	buf_reset(&text);
	datetime_write(&text, SPAN("2026-11-20"), &spec);
	is(buf_view(&text), SPAN("20.11.2026"), "a date knows no zone");
	buf_free(&text);
	buf_free(&back);
}

int
main(void)
{
	/* the machine's zone must not matter */
	setenv("TZ", "America/St_Johns", 1);
	test_rows();
	test_zones();
	test_writing();
	return tap_done();
}
