/* SPDX-License-Identifier: MIT */
/* datetime: reading and writing dates and instants by declared formats. */
#include "datetime.h"

#include "charcase.h"
#include "clock.h"
#include "datetime_parts.h"

/* A number in decimal with leading zeros. */
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
	struct datetime_parts p;
	int64_t ms = 0, y;
	unsigned m, d;
	enum rc rc;

	rc = datetime_parts_read(charcase_trim(text), spec, &p, &ms, e);
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
	unsigned char off = 0, digit;
	size_t i;

	if (s.len != sizeof(shape) - 1)
		return false;
	/* no way out of the loop: the compiler does many at a time */
	for (i = 0; i < sizeof(shape) - 1; i++) {
		digit = (unsigned char)(s.ptr[i] - '0') > 9;
		off |= shape[i] == '0' ? digit : s.ptr[i] != shape[i];
	}
	if (off)
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
	struct datetime_parts p;
	int64_t ms = 0;
	enum rc rc;

	text = charcase_trim(text);
	if (is_canonical(text)) {
		buf_span(b, text);
		return RC_OK;
	}
	rc = datetime_parts_read(text, spec, &p, &ms, e);
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
	if (datetime_parts_offset(&s, minutes) && !s.len)
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

	for (; f.len; datetime_skip(&f, 1)) {
		if (f.ptr[0] != '%')
			continue;
		datetime_skip(&f, 1);
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
	const char *name = datetime_months[month - 1];

	buf_putc(b, (char)(name[0] - 32));
	buf_put(b, name + 1, whole ? strlen(name) - 1 : 2);
}

static void
put_directive(struct buf *b, char c, const struct datetime_parts *p)
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
	struct datetime_parts p;
	struct span f;
	int64_t ms, local, rest;

	if (!spec->count || !datetime_parts_iso(canonical, &p, &ms)) {
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
	for (f = spec->formats[0]; f.len; datetime_skip(&f, 1)) {
		if (f.ptr[0] == '%' && f.len > 1) {
			datetime_skip(&f, 1);
			put_directive(b, f.ptr[0], &p);
		} else {
			buf_putc(b, f.ptr[0]);
		}
	}
}
