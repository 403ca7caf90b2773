/* SPDX-License-Identifier: MIT */
/* decimal: canonical text, rounding, marks, order. */
#include "decimal.h"

#include <stdio.h>

#include "limits.h"
#include "tap.h"

struct row {
	const char *in;
	int scale;
	const char *out; /* NULL: no number */
};

static const struct row rows[] = {
	{ "0", -1, "0" }, { "-0", -1, "0" }, { "+0", -1, "0" },
	{ "0.0", -1, "0" }, { "-0.000", 2, "0" }, { "007", -1, "7" },
	{ "1", -1, "1" }, { "+1", -1, "1" }, { "-1", -1, "-1" },
	{ "1.50", -1, "1.5" }, { "1.0", -1, "1" }, { "100", -1, "100" },
	{ ".5", -1, "0.5" }, { "-.5", -1, "-0.5" }, { "5.", -1, "5" },
	{ "500000.0", 2, "500000" }, { "0.10", 2, "0.1" },
	{ "1e3", -1, "1000" }, { "1E+3", -1, "1000" }, { "1e-3", -1,
	"0.001" }, { "12.5e1", -1, "125" }, { "0.00012e4", -1, "1.2" },
	{ "1.25e-2", -1, "0.0125" }, { "0e999999999", -1, "0" },
	{ "12345678901234567890.123456789", -1,
	"12345678901234567890.123456789" },
	{ "9007199254740993", -1, "9007199254740993" },
	{ "2.345", 2, "2.35" }, { "2.344", 2, "2.34" },
	{ "-2.345", 2, "-2.35" }, { "2.3449999999999999999", 2, "2.34" },
	{ "0.005", 2, "0.01" }, { "0.004", 2, "0" }, { "-0.004", 2, "0" },
	{ "0.0005", 2, "0" }, { "9.995", 2, "10" }, { "99.999", 2, "100" },
	{ "999.5", 0, "1000" }, { "0.5", 0, "1" }, { "0.4999", 0, "0" },
	{ "1.005", 2, "1.01" }, { "1e-400", 2, "0" },
	{ "", -1, NULL }, { "-", -1, NULL }, { ".", -1, NULL },
	{ "1.2.3", -1, NULL }, { "1,000", -1, NULL }, { "NaN", -1, NULL },
	{ "Infinity", -1, NULL }, { "0x10", -1, NULL }, { "1e", -1, NULL },
	{ "1e+", -1, NULL }, { "--1", -1, NULL }, { "1 ", -1, NULL },
	{ " 1", -1, NULL }, { "1e999", -1, NULL }, { "1e-999", -1, NULL },
	{ "1a", -1, NULL }, { "e5", -1, NULL },
};

static void
test_canonical(void)
{
	struct buf b;
	size_t i;
	bool fine;

	buf_init(&b, 4096, "number");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		fine = decimal_put(&b, span_str(rows[i].in), rows[i].scale);
		if (!rows[i].out)
			ok(!fine && b.len == 0, "\"%s\" is no number",
			    rows[i].in);
		else
			is(buf_view(&b), span_str(rows[i].out), rows[i].in);
	}
	buf_free(&b);
}

/* What comes out goes in again unchanged. */
static void
test_stable(void)
{
	struct buf once, twice;
	size_t i;
	bool same = true;

	buf_init(&once, 4096, "number");
	buf_init(&twice, 4096, "number");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].out)
			continue;
		buf_reset(&once);
		buf_reset(&twice);
		same &= decimal_put(&once, span_str(rows[i].out),
		    rows[i].scale);
		same &= decimal_is_canonical(buf_view(&once), rows[i].scale);
		same &= decimal_put(&twice, buf_view(&once), rows[i].scale);
		same &= span_eq(buf_view(&once), buf_view(&twice));
	}
	ok(same, "canonical text is canonical again");
	buf_free(&once);
	buf_free(&twice);
}

static void
test_limits(void)
{
	char digits[LIMIT_DIGITS + 2];
	struct buf b;

	buf_init(&b, 4096, "number");
	memset(digits, '7', sizeof(digits));
	ok(decimal_put(&b, span_of(digits, LIMIT_DIGITS), -1) &&
	    b.len == LIMIT_DIGITS, "as many digits as are allowed");
	buf_reset(&b);
	ok(!decimal_put(&b, span_of(digits, LIMIT_DIGITS + 1), -1) &&
	    b.len == 0, "one more is refused");
	ok(decimal_is_long(span_of(digits, LIMIT_DIGITS + 1)) &&
	    decimal_is_long(SPAN("1e400")) &&
	    decimal_is_long(SPAN("-1E-999999999999999999999")) &&
	    !decimal_is_long(SPAN("n/a")) && !decimal_is_long(SPAN("1e4x")) &&
	    !decimal_is_long(SPAN("")), "what is too long is told from none");
	memset(digits, '9', LIMIT_DIGITS);
	digits[LIMIT_DIGITS - 2] = '.';
	buf_reset(&b);
	ok(decimal_put(&b, span_of(digits, LIMIT_DIGITS), 0) &&
	    b.len == LIMIT_DIGITS - 1 && b.ptr[0] == '1', "a carry all the"
	    " way");
	buf_free(&b);
}

static void
test_marks(void)
{
	static const struct { const char *in; char mark; const char *out; }
	t[] = { { "1,234.50", '.', "1234.50" }, { "1.234,50", ',',
		"1234.50" }, { "1 234,5", ',', "1234.5" }, { "1'234'567.8",
		'.', "1234567.8" }, { "-1,234", '.', "-1234" }, { "12", '.',
		"12" }, { "12,5", ',', "12.5" }, { "1,23.4", '.', NULL },
		{ "1,2345", '.', NULL }, { ",123", '.', NULL }, { "12,34,567",
		'.', NULL }, { "1,234'567", '.', NULL }, { "1.2.3", '.',
		NULL }, { "1234,567", '.', NULL }, { "abc", '.', NULL } };
	struct buf b;
	size_t i;
	bool fine;

	buf_init(&b, 4096, "number");
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		buf_reset(&b);
		fine = decimal_unmark(&b, span_str(t[i].in), t[i].mark);
		if (t[i].out)
			is(buf_view(&b), span_str(t[i].out), t[i].in);
		else
			ok(!fine && !b.len, "%s with mark %c is refused",
			    t[i].in, t[i].mark);
	}
	buf_free(&b);
}

static void
test_order(void)
{
	static const char *const sorted[] = { "-100", "-20.5", "-20", "-0.1",
		"0", "0.01", "0.1", "0.11", "1", "1.5", "9", "10", "10.01",
		"99", "100" };
	size_t i, k, n = sizeof(sorted) / sizeof(sorted[0]);
	bool fine = true;
	int c;

	for (i = 0; i < n; i++)
		for (k = 0; k < n; k++) {
			c = decimal_cmp(span_str(sorted[i]),
			    span_str(sorted[k]));
			fine &= (c > 0) - (c < 0) == (i > k) - (i < k);
		}
	ok(fine, "every pair is in order");
}

int
main(void)
{
	test_canonical();
	test_stable();
	test_limits();
	test_marks();
	test_order();
	return tap_done();
}
