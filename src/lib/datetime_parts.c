/* SPDX-License-Identifier: MIT */
/* datetime_parts: reading ISO 8601 and declared formats. */
#include "datetime_parts.h"

#include "clock.h"

const char *const datetime_months[12] = { "january", "february", "march",
	"april", "may", "june", "july", "august", "september", "october",
	"november", "december" };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes min..max digits off the front. */
static bool
take_number(struct span *s, size_t min, size_t max, int64_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < s->len && i < max && is_digit(s->ptr[i]); i++)
		*n = *n * 10 + (s->ptr[i] - '0');
	datetime_skip(s, i);
	return i >= min;
}

static bool
take_unsigned(struct span *s, size_t max, unsigned *n)
{
	int64_t value;
	bool ok = take_number(s, 1, max, &value);

	*n = (unsigned)value;
	return ok;
}

static bool
take_month(struct span *s, bool whole, unsigned *month)
{
	size_t i, k, n;

	for (i = 0; i < 12; i++) {
		n = whole ? strlen(datetime_months[i]) : 3;
		if (s->len < n)
			continue;
		for (k = 0; k < n; k++)
			if (lower(s->ptr[k]) != datetime_months[i][k])
				break;
		if (k == n) {
			*month = (unsigned)i + 1;
			datetime_skip(s, n);
			return true;
		}
	}
	return false;
}

bool
datetime_parts_offset(struct span *s, int *minutes)
{
	bool west;
	int64_t h, m = 0;

	if (s->len && lower(s->ptr[0]) == 'z') {
		datetime_skip(s, 1);
		*minutes = 0;
		return true;
	}
	if (!s->len || (s->ptr[0] != '+' && s->ptr[0] != '-'))
		return false;
	west = s->ptr[0] == '-';
	datetime_skip(s, 1);
	if (!take_number(s, 2, 2, &h))
		return false;
	if (s->len && s->ptr[0] == ':')
		datetime_skip(s, 1);
	if (s->len && is_digit(s->ptr[0]) && !take_number(s, 2, 2, &m))
		return false;
	*minutes = (int)(h * 60 + m) * (west ? -1 : 1);
	return h <= 18 && m <= 59;
}

/* A fraction of a second, cut at milliseconds. */
static bool
take_fraction(struct span *s, unsigned *ms)
{
	size_t i;

	*ms = 0;
	for (i = 0; i < s->len && i < 9 && is_digit(s->ptr[i]); i++)
		if (i < 3)
			*ms = *ms * 10 + (unsigned)(s->ptr[i] - '0');
	datetime_skip(s, i);
	for (; i && i < 3; i++)
		*ms *= 10;
	return i > 0;
}

static bool
take_epoch(struct span *s, bool seconds, struct datetime_parts *p)
{
	bool minus = s->len && s->ptr[0] == '-';
	int64_t n;

	if (minus)
		datetime_skip(s, 1);
	if (!take_number(s, 1, 15, &n))
		return false;
	p->instant = (minus ? -n : n) * (seconds ? 1000 : 1);
	p->epoch = true;
	return p->instant < 253402300800000 && p->instant >= -62135596800000;
}

static bool
take_half(struct span *s, struct datetime_parts *p)
{
	char c;

	if (s->len < 2 || lower(s->ptr[1]) != 'm')
		return false;
	c = lower(s->ptr[0]);
	p->pm = c == 'p';
	p->half = true;
	datetime_skip(s, 2);
	return c == 'p' || c == 'a';
}

static bool
take_directive(char c, struct span *s, struct datetime_parts *p)
{
	int64_t n;

	switch (c) {
	case 'Y':
		p->year = take_number(s, 4, 4, &p->y);
		return p->year;
	case 'y':
		p->year = take_number(s, 2, 2, &n);
		p->y = n + (n < 69 ? 2000 : 1900);
		return p->year;
	case 'm':
		p->month = take_unsigned(s, 2, &p->m);
		return p->month;
	case 'b':
	case 'B':
		p->month = take_month(s, c == 'B', &p->m);
		return p->month;
	case 'd':
		p->day = take_unsigned(s, 2, &p->d);
		return p->day;
	case 'H':
	case 'I':
		p->hour = take_unsigned(s, 2, &p->h);
		return p->hour;
	case 'M':
		return take_unsigned(s, 2, &p->min);
	case 'S':
		return take_unsigned(s, 2, &p->s);
	case 'p':
		return take_half(s, p);
	case 'f':
		return take_fraction(s, &p->ms);
	case 'z':
		p->zone = datetime_parts_offset(s, &p->offset);
		return p->zone;
	case 's':
	case 'Q':
		return take_epoch(s, c == 's', p);
	default:
		return false;
	}
}

/* Does the whole text follow the format? */
static bool
follow(struct span f, struct span s, struct datetime_parts *p)
{
	memset(p, 0, sizeof(*p));
	while (f.len) {
		if (f.ptr[0] == '%' && f.len > 1 && f.ptr[1] != '%') {
			if (!take_directive(f.ptr[1], &s, p))
				return false;
			datetime_skip(&f, 2);
			continue;
		}
		if (f.ptr[0] == '%' && f.len > 1)
			datetime_skip(&f, 1);
		if (!s.len || lower(s.ptr[0]) != lower(f.ptr[0]))
			return false;
		datetime_skip(&s, 1);
		while (f.ptr[0] == ' ' && s.len && s.ptr[0] == ' ')
			datetime_skip(&s, 1);
		datetime_skip(&f, 1);
	}
	return s.len == 0;
}

/* Puts the parts together; false when there is no such moment. */
static bool
moment(struct datetime_parts *p, int64_t *ms)
{
	int64_t days, y;
	unsigned m, d;

	if (p->epoch) {
		*ms = p->instant;
		return true;
	}
	if (p->half && (p->h < 1 || p->h > 12))
		return false;
	if (p->half)
		p->h = p->h % 12 + (p->pm ? 12 : 0);
	if (p->m < 1 || p->m > 12 || p->d < 1 || p->d > 31 || p->h > 23 ||
	    p->min > 59 || p->s > 59 || p->y < 1 || p->y > 9999)
		return false;
	days = clock_days(p->y, p->m, p->d);
	clock_civil(days, &y, &m, &d);
	if (y != p->y || m != p->m || d != p->d)
		return false;
	*ms = days * DAY_MS + ((int64_t)p->h * 60 + p->min) * 60000 +
	    (int64_t)p->s * 1000 + p->ms;
	return true;
}

/* The ISO forms understood without being declared. */
static bool
follow_iso(struct span s, struct datetime_parts *p)
{
	memset(p, 0, sizeof(*p));
	if (!take_directive('Y', &s, p) || !s.len || s.ptr[0] != '-')
		return false;
	datetime_skip(&s, 1);
	if (s.len < 5 || s.ptr[2] != '-' || !take_directive('m', &s, p))
		return false;
	datetime_skip(&s, 1);
	if (!take_number(&s, 2, 2, &p->instant))
		return false;
	p->d = (unsigned)p->instant;
	p->day = true;
	if (!s.len)
		return true;
	if (s.ptr[0] != 'T' && s.ptr[0] != 't' && s.ptr[0] != ' ')
		return false;
	datetime_skip(&s, 1);
	if (s.len < 5 || s.ptr[2] != ':' || !take_directive('H', &s, p))
		return false;
	datetime_skip(&s, 1);
	if (!take_number(&s, 2, 2, &p->instant))
		return false;
	p->min = (unsigned)p->instant;
	if (s.len > 2 && s.ptr[0] == ':') {
		datetime_skip(&s, 1);
		if (!take_number(&s, 2, 2, &p->instant))
			return false;
		p->s = (unsigned)p->instant;
		if (s.len && (s.ptr[0] == '.' || s.ptr[0] == ',')) {
			datetime_skip(&s, 1);
			if (!take_fraction(&s, &p->ms))
				return false;
		}
	}
	while (s.len && s.ptr[0] == ' ')
		datetime_skip(&s, 1);
	if (s.len)
		p->zone = datetime_parts_offset(&s, &p->offset) && !s.len;
	return s.len == 0;
}

/* One reading of a text: the moment as written, and the parts it had. */
bool
datetime_parts_iso(struct span s, struct datetime_parts *p, int64_t *ms)
{
	if (!follow_iso(s, p) || !moment(p, ms))
		return false;
	p->iso = true;
	return true;
}

/*
 * All declared formats that fit must agree: 03/04/2026 under both %m/%d/%Y
 * and %d/%m/%Y is refused.
 */
enum rc
datetime_parts_read(struct span text, const struct datetime_spec *spec,
    struct datetime_parts *p, int64_t *ms, struct err *e)
{
	struct datetime_parts other;
	int64_t again;
	size_t i, fits = 0;

	if (datetime_parts_iso(text, p, ms))
		return RC_OK;
	for (i = 0; i < spec->count; i++) {
		if (!follow(spec->formats[i], text, &other) ||
		    !moment(&other, &again))
			continue;
		if (fits++ && again != *ms)
			return err_set(e, RC_RECORD, "can be read in two"
			    " ways by the declared formats");
		*p = other;
		*ms = again;
	}
	if (!fits)
		return err_set(e, RC_RECORD, "is no date or time in ISO 8601%s",
		    spec->count ? " or a declared format" : "");
	return RC_OK;
}
