/* SPDX-License-Identifier: MIT */
/* decimal: canonical text and rounding of exact decimals. */
#include "decimal.h"

#include <stdint.h>

#include "limits.h"

/* value = 0.DIGITS * 10^point, digits without leading or trailing zeros */
struct decimal {
	bool negative;
	long point;
	size_t count;
	char digits[LIMIT_DIGITS + 1]; /* [0] is room for a carry */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads an exponent's digits; huge ones stay huge. */
static bool
take_exponent(const char *p, const char *end, long *exponent)
{
	bool minus = p < end && *p == '-';
	long n = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end)
		return false;
	for (; p < end; p++) {
		if (!is_digit(*p))
			return false;
		if (n < 100000)
			n = n * 10 + (*p - '0');
	}
	*exponent = minus ? -n : n;
	return true;
}

/* Digits before and after the point, leading zeros left out. */
static bool
take_digits(struct decimal *d, const char **at, const char *end)
{
	const char *p = *at;
	bool dot = false, any = false;

	for (; p < end && (is_digit(*p) || (*p == '.' && !dot)); p++) {
		if (*p == '.') {
			dot = true;
			continue;
		}
		any = true;
		if (d->count || *p != '0') {
			if (d->count == LIMIT_DIGITS)
				return false;
			d->digits[1 + d->count++] = *p;
			d->point += !dot;
		} else if (dot) {
			d->point--;
		}
	}
	*at = p;
	return any;
}

static void
drop_zeros(struct decimal *d)
{
	while (d->count && d->digits[d->count] == '0')
		d->count--;
	if (!d->count) {
		d->negative = false;
		d->point = 0;
	}
}

static bool
parse(struct decimal *d, struct span text)
{
	const char *p = text.ptr, *end = text.ptr + text.len;
	long exponent = 0;

	d->negative = p < end && *p == '-';
	d->point = 0;
	d->count = 0;
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (!take_digits(d, &p, end))
		return false;
	if (p < end) {
		if (*p != 'e' && *p != 'E')
			return false;
		if (!take_exponent(p + 1, end, &exponent))
			return false;
	}
	d->point += exponent;
	drop_zeros(d);
	return true;
}

static void
round_to(struct decimal *d, int scale)
{
	long keep = d->point + scale;
	bool up;
	size_t i;

	if (scale < 0 || keep >= (long)d->count)
		return;
	if (keep < 0)
		keep = -1;
	up = keep >= 0 && d->digits[1 + keep] >= '5';
	d->count = keep > 0 ? (size_t)keep : 0;
	if (up) {
		d->digits[0] = '0';
		for (i = d->count; d->digits[i] == '9'; i--)
			d->digits[i] = '0';
		d->digits[i]++;
		if (i == 0) {
			memmove(d->digits + 1, d->digits, d->count + 1);
			d->count++;
			d->point++;
		}
	}
	drop_zeros(d);
}

static bool
print(const struct decimal *d, struct buf *b)
{
	long i, last = (long)d->count;

	if (d->point > LIMIT_DIGITS || d->point < -LIMIT_DIGITS)
		return false;
	if (d->negative)
		buf_putc(b, '-');
	if (d->point <= 0)
		buf_putc(b, '0');
	for (i = 0; i < d->point; i++)
		buf_putc(b, i < last ? d->digits[1 + i] : '0');
	if (last <= d->point)
		return true;
	buf_putc(b, '.');
	for (i = d->point; i < 0; i++)
		buf_putc(b, '0');
	for (i = d->point > 0 ? d->point : 0; i < last; i++)
		buf_putc(b, d->digits[1 + i]);
	return true;
}

bool
decimal_is_canonical(struct span text, int scale)
{
	const char *p = text.ptr, *end = text.ptr + text.len, *dot;

	if (text.len > LIMIT_DIGITS)
		return false;
	if (p < end && *p == '-')
		p++;
	if (p == end || !is_digit(*p))
		return false;
	if (*p == '0' && (p + 1 == end ? text.len > 1 : p[1] != '.'))
		return false;
	while (p < end && is_digit(*p))
		p++;
	if (p == end)
		return true;
	if (*p != '.')
		return false;
	for (dot = p++; p < end && is_digit(*p); p++)
		;
	return p == end && end[-1] != '0' && end - dot > 1 &&
	    (scale < 0 || end - dot - 1 <= scale);
}

bool
decimal_put(struct buf *b, struct span text, int scale)
{
	struct decimal d;

	if (decimal_is_canonical(text, scale)) {
		buf_span(b, text);
		return true;
	}
	if (!parse(&d, text))
		return false;
	round_to(&d, scale);
	return print(&d, b);
}

bool
decimal_is_long(struct span text)
{
	struct decimal d;

	if (!parse(&d, text))
		return d.count == LIMIT_DIGITS;
	return d.point > LIMIT_DIGITS || d.point < -LIMIT_DIGITS;
}

/* What may part groups of three when `mark` is the decimal mark. */
static bool
is_group(char c, char mark)
{
	return c == '\'' || c == ' ' || (c == ',' && mark == '.') ||
	    (c == '.' && mark == ',');
}

bool
decimal_unmark(struct buf *b, struct span text, char mark)
{
	size_t i = 0, run = 0, groups = 0, start = b->len;
	char group = 0;

	if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+'))
		buf_putc(b, text.ptr[i++]);
	for (; i < text.len && text.ptr[i] != mark; i++) {
		if (is_digit(text.ptr[i])) {
			buf_putc(b, text.ptr[i]);
			run++;
			continue;
		}
		if (!is_group(text.ptr[i], mark) ||
		    (group && text.ptr[i] != group) || run == 0 ||
		    (groups ? run != 3 : run > 3))
			goto bad;
		group = text.ptr[i];
		groups++;
		run = 0;
	}
	if (groups && run != 3)
		goto bad;
	if (i < text.len) {
		buf_putc(b, '.');
		for (i++; i < text.len; i++) {
			if (!is_digit(text.ptr[i]))
				goto bad;
			buf_putc(b, text.ptr[i]);
		}
	}
	return true;
bad:
	b->len = start;
	return false;
}

/* Digits before the point, the sign not counted. */
static size_t
whole_digits(struct span s)
{
	size_t n;

	for (n = 0; n < s.len && s.ptr[n] != '.'; n++)
		;
	return n;
}

int
decimal_cmp(struct span a, struct span b)
{
	bool minus_a = a.len && a.ptr[0] == '-';
	bool minus_b = b.len && b.ptr[0] == '-';
	size_t na, nb;
	int c;

	if (minus_a != minus_b)
		return minus_a ? -1 : 1;
	if (minus_a) {
		a = span_of(a.ptr + 1, a.len - 1);
		b = span_of(b.ptr + 1, b.len - 1);
	}
	na = whole_digits(a);
	nb = whole_digits(b);
	c = na != nb ? (na > nb) - (na < nb) : span_cmp(a, b);
	return minus_a ? -c : c;
}

bool
decimal_is_integer(struct span canonical)
{
	return canonical.len && memchr(canonical.ptr, '.', canonical.len) ==
	    NULL;
}
