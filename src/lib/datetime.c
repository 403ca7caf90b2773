/* SPDX-License-Identifier: MIT */
/* datetime: reading and writing dates and instants by declared formats. */
#include "datetime.h"

#include "clock.h"

#define DAY_MS 86400000

/* What a text said, before it is put together. */
struct parts {
	bool year, month, day, hour, zone, epoch, half;
	bool iso;      /* read by the undeclared form */
	int64_t y;
	unsigned m, d, h, min, s, ms;
	bool pm;
	int offset;    /* minutes east */
	int64_t instant;
};

static const char *const months[] = { "january", "february", "march",
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

static void
skip(struct span *s, size_t n)
{
	s->ptr += n;
	s->len -= n;
}

/* Takes min..max digits off the front. */
static bool
take_number(struct span *s, size_t min, size_t max, int64_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < s->len && i < max && is_digit(s->ptr[i]); i++)
		*n = *n * 10 + (s->ptr[i] - '0');
	skip(s, i);
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
		n = whole ? strlen(months[i]) : 3;
		if (s->len < n)
			continue;
		for (k = 0; k < n && lower(s->ptr[k]) == months[i][k]; k++)
			;
		if (k == n) {
			*month = (unsigned)i + 1;
			skip(s, n);
			return true;
		}
	}
	return false;
}

static bool
take_offset(struct span *s, int *minutes)
{
	bool west;
	int64_t h, m = 0;

	if (s->len && lower(s->ptr[0]) == 'z') {
		skip(s, 1);
		*minutes = 0;
		return true;
	}
	if (!s->len || (s->ptr[0] != '+' && s->ptr[0] != '-'))
		return false;
	west = s->ptr[0] == '-';
	skip(s, 1);
	if (!take_number(s, 2, 2, &h))
		return false;
	if (s->len && s->ptr[0] == ':')
		skip(s, 1);
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
	skip(s, i);
	for (; i && i < 3; i++)
		*ms *= 10;
	return i > 0;
}

static bool
take_epoch(struct span *s, bool seconds, struct parts *p)
{
	bool minus = s->len && s->ptr[0] == '-';
	int64_t n;

	if (minus)
		skip(s, 1);
	if (!take_number(s, 1, 15, &n))
		return false;
	p->instant = (minus ? -n : n) * (seconds ? 1000 : 1);
	p->epoch = true;
	return p->instant < 253402300800000 && p->instant >= -62135596800000;
}

static bool
take_half(struct span *s, struct parts *p)
{
	char c;

	if (s->len < 2 || lower(s->ptr[1]) != 'm')
		return false;
	c = lower(s->ptr[0]);
	p->pm = c == 'p';
	p->half = true;
	skip(s, 2);
	return c == 'p' || c == 'a';
}

static bool
take_directive(char c, struct span *s, struct parts *p)
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
		p->zone = take_offset(s, &p->offset);
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
follow(struct span f, struct span s, struct parts *p)
{
	memset(p, 0, sizeof(*p));
	while (f.len) {
		if (f.ptr[0] == '%' && f.len > 1 && f.ptr[1] != '%') {
			if (!take_directive(f.ptr[1], &s, p))
				return false;
			skip(&f, 2);
			continue;
		}
		if (f.ptr[0] == '%' && f.len > 1)
			skip(&f, 1);
		if (!s.len || lower(s.ptr[0]) != lower(f.ptr[0]))
			return false;
		skip(&s, 1);
		while (f.ptr[0] == ' ' && s.len && s.ptr[0] == ' ')
			skip(&s, 1);
		skip(&f, 1);
	}
	return s.len == 0;
}

/* Puts the parts together; false when there is no such moment. */
static bool
moment(struct parts *p, int64_t *ms)
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
follow_iso(struct span s, struct parts *p)
{
	memset(p, 0, sizeof(*p));
	if (!take_directive('Y', &s, p) || !s.len || s.ptr[0] != '-')
		return false;
	skip(&s, 1);
	if (s.len < 5 || s.ptr[2] != '-' || !take_directive('m', &s, p))
		return false;
	skip(&s, 1);
	if (!take_number(&s, 2, 2, &p->instant))
		return false;
	p->d = (unsigned)p->instant;
	p->day = true;
	if (!s.len)
		return true;
	if (s.ptr[0] != 'T' && s.ptr[0] != 't' && s.ptr[0] != ' ')
		return false;
	skip(&s, 1);
	if (s.len < 5 || s.ptr[2] != ':' || !take_directive('H', &s, p))
		return false;
	skip(&s, 1);
	if (!take_number(&s, 2, 2, &p->instant))
		return false;
	p->min = (unsigned)p->instant;
	if (s.len > 2 && s.ptr[0] == ':') {
		skip(&s, 1);
		if (!take_number(&s, 2, 2, &p->instant))
			return false;
		p->s = (unsigned)p->instant;
		if (s.len && (s.ptr[0] == '.' || s.ptr[0] == ',')) {
			skip(&s, 1);
			if (!take_fraction(&s, &p->ms))
				return false;
		}
	}
	while (s.len && s.ptr[0] == ' ')
		skip(&s, 1);
	if (s.len)
		p->zone = take_offset(&s, &p->offset) && !s.len;
	return s.len == 0;
}

/* One reading of a text: the moment as written, and the parts it had. */
static bool
read_iso(struct span s, struct parts *p, int64_t *ms)
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
static enum rc
read_text(struct span text, const struct datetime_spec *spec,
    struct parts *p, int64_t *ms, struct err *e)
{
	struct parts other;
	int64_t again;
	size_t i, fits = 0;

	if (read_iso(text, p, ms))
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

static struct span
trim(struct span s)
{
	while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		skip(&s, 1);
	while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static void
put_padded(struct buf *b, int64_t n, int digits)
{
	char text[20];
	int i;

	for (i = digits; i-- > 0; n /= 10)
		text[i] = (char)('0' + n % 10);
	buf_put(b, text, (size_t)digits);
}

/* Floor division: days before 1970 too. */
static int64_t
day_of(int64_t ms)
{
	return (ms >= 0 ? ms : ms - (DAY_MS - 1)) / DAY_MS;
}

enum rc
datetime_put_date(struct buf *b, struct span text,
    const struct datetime_spec *spec, struct err *e)
{
	struct parts p;
	int64_t ms = 0, y;
	unsigned m, d;
	enum rc rc;

	rc = read_text(trim(text), spec, &p, &ms, e);
	if (rc)
		return rc;
	if (p.zone || p.epoch) {
		ms -= (int64_t)p.offset * 60000;
		if (!spec->zoned && ms % DAY_MS != 0)
			return err_set(e, RC_RECORD, "is an instant; its date"
			    " depends on a zone, which is not declared");
		ms += (int64_t)spec->zone * 60000;
	} else if (ms % DAY_MS != 0 && !spec->zoned) {
		return err_set(e, RC_RECORD, "has a time of day, where a date"
		    " is meant");
	}
	clock_civil(day_of(ms), &y, &m, &d);
	put_padded(b, y, 4);
	buf_putc(b, '-');
	put_padded(b, m, 2);
	buf_putc(b, '-');
	put_padded(b, d, 2);
	return RC_OK;
}

static int
two(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/*
 * 2026-11-20T10:11:12.123Z, what most systems send, is canonical as it
 * stands.  Days over 28 take the long way.
 */
static bool
is_canonical(struct span s)
{
	static const char shape[] = "0000-00-00T00:00:00.000Z";
	size_t i;

	if (s.len != sizeof(shape) - 1)
		return false;
	for (i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == '0' ? !is_digit(s.ptr[i]) :
		    s.ptr[i] != shape[i])
			return false;
	return (two(s.ptr) || two(s.ptr + 2)) && two(s.ptr + 5) >= 1 &&
	    two(s.ptr + 5) <= 12 && two(s.ptr + 8) >= 1 &&
	    two(s.ptr + 8) <= 28 && two(s.ptr + 11) <= 23 &&
	    two(s.ptr + 14) <= 59 && two(s.ptr + 17) <= 59;
}

enum rc
datetime_put_instant(struct buf *b, struct span text,
    const struct datetime_spec *spec, struct err *e)
{
	struct parts p;
	int64_t ms = 0;
	enum rc rc;

	text = trim(text);
	if (is_canonical(text)) {
		buf_span(b, text);
		return RC_OK;
	}
	rc = read_text(text, spec, &p, &ms, e);
	if (rc)
		return rc;
	if (!p.hour && !p.epoch && (p.iso || !spec->zoned))
		return err_set(e, RC_RECORD, "is a date, where an instant is"
		    " meant");
	if (p.zone)
		ms -= (int64_t)p.offset * 60000;
	else if (!p.epoch && !spec->zoned)
		return err_set(e, RC_RECORD, "has no zone, and none is"
		    " declared");
	else if (!p.epoch)
		ms -= (int64_t)spec->zone * 60000;
	if (ms < -62135596800000 || ms >= 253402300800000)
		return err_set(e, RC_RECORD, "is outside the years 1 to 9999");
	clock_put(b, ms);
	return RC_OK;
}

enum rc
datetime_zone(struct span text, int *minutes, struct err *e)
{
	struct span s = text;

	if (span_eq(s, SPAN("UTC")) || span_eq(s, SPAN("GMT"))) {
		*minutes = 0;
		return RC_OK;
	}
	if (take_offset(&s, minutes) && !s.len)
		return RC_OK;
	return err_set(e, RC_CONFIG, "zone \"%.*s\" is neither UTC nor an"
	    " offset like +01:00; a place's zone changes over the year and"
	    " is not supported", SPAN_ARG(text));
}

enum rc
datetime_check(struct span f, struct err *e)
{
	bool date[3] = { false }, epoch = false;
	struct span all = f;
	char c;

	for (; f.len; skip(&f, 1)) {
		if (f.ptr[0] != '%')
			continue;
		skip(&f, 1);
		c = f.len ? f.ptr[0] : '\0';
		if (!c || !strchr("YymbBdHIMSpfzsQ%", c))
			return err_set(e, RC_CONFIG, "format \"%.*s\": %%%c is"
			    " not known", SPAN_ARG(all), c ? c : ' ');
		date[0] |= c == 'Y' || c == 'y';
		date[1] |= c == 'm' || c == 'b' || c == 'B';
		date[2] |= c == 'd';
		epoch |= c == 's' || c == 'Q';
	}
	if (epoch || (date[0] && date[1] && date[2]))
		return RC_OK;
	return err_set(e, RC_CONFIG, "format \"%.*s\" does not give year,"
	    " month and day", SPAN_ARG(all));
}

static void
put_offset(struct buf *b, int minutes)
{
	buf_putc(b, minutes < 0 ? '-' : '+');
	if (minutes < 0)
		minutes = -minutes;
	put_padded(b, minutes / 60, 2);
	buf_putc(b, ':');
	put_padded(b, minutes % 60, 2);
}

static void
put_month(struct buf *b, unsigned month, bool whole)
{
	const char *name = months[month - 1];

	buf_putc(b, (char)(name[0] - 32));
	buf_put(b, name + 1, whole ? strlen(name) - 1 : 2);
}

static void
put_directive(struct buf *b, char c, const struct parts *p)
{
	switch (c) {
	case 'Y': put_padded(b, p->y, 4); break;
	case 'y': put_padded(b, p->y % 100, 2); break;
	case 'm': put_padded(b, p->m, 2); break;
	case 'b':
	case 'B': put_month(b, p->m, c == 'B'); break;
	case 'd': put_padded(b, p->d, 2); break;
	case 'H': put_padded(b, p->h, 2); break;
	case 'I': put_padded(b, p->h % 12 ? p->h % 12 : 12, 2); break;
	case 'M': put_padded(b, p->min, 2); break;
	case 'S': put_padded(b, p->s, 2); break;
	case 'p': buf_put(b, p->h < 12 ? "AM" : "PM", 2); break;
	case 'f': put_padded(b, p->ms, 3); break;
	case 'z': put_offset(b, p->offset); break;
	case 's': buf_printf(b, "%lld", (long long)(p->instant / 1000)); break;
	case 'Q': buf_printf(b, "%lld", (long long)p->instant); break;
	default: buf_putc(b, c); break;
	}
}

void
datetime_write(struct buf *b, struct span canonical,
    const struct datetime_spec *spec)
{
	struct parts p;
	struct span f;
	int64_t ms, local, rest;

	if (!spec->count || !read_iso(canonical, &p, &ms)) {
		buf_span(b, canonical);
		return;
	}
	p.instant = ms;
	p.offset = p.hour ? spec->zone : 0;
	local = ms + (int64_t)p.offset * 60000;
	clock_civil(day_of(local), &p.y, &p.m, &p.d);
	rest = local - day_of(local) * DAY_MS;
	p.h = (unsigned)(rest / 3600000);
	p.min = (unsigned)(rest / 60000 % 60);
	p.s = (unsigned)(rest / 1000 % 60);
	p.ms = (unsigned)(rest % 1000);
	for (f = spec->formats[0]; f.len; skip(&f, 1)) {
		if (f.ptr[0] == '%' && f.len > 1) {
			skip(&f, 1);
			put_directive(b, f.ptr[0], &p);
		} else {
			buf_putc(b, f.ptr[0]);
		}
	}
}
