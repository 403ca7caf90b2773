/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MS_SECOND INT64_C(1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_DAY (24 * 60 * MS_MINUTE)

int64_t
clock_now(void)
{
	static bool asked, pinned;
	static int64_t pin;
	struct timespec ts;

	if (!asked) {
		pinned = clock_parse(span_str(getenv("CRM_NOW")), &pin);
		asked = true;
	}
	if (pinned)
		return pin;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * MS_SECOND + ts.tv_nsec / 1000000;
}

int64_t
clock_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * MS_SECOND + ts.tv_nsec / 1000000;
}

const char *
clock_run_id(void)
{
	static char id[64];
	const char *pin = getenv("CRM_RUN");
	char now[CLOCK_TEXT];
	struct timespec ts;
	unsigned salt;

	if (id[0])
		return id;
	if (pin && pin[0] && strlen(pin) < sizeof id &&
	    strspn(pin, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_") == strlen(pin)) {
		memcpy(id, pin, strlen(pin) + 1);
		return id;
	}
	clock_gettime(CLOCK_REALTIME, &ts);
	salt = (unsigned)ts.tv_nsec ^ ((unsigned)getpid() << 16);
	clock_format(clock_now(), now);
	snprintf(id, sizeof id, "%.4s%.2s%.2sT%.2s%.2s%.2sZ-%08x", now,
	    now + 5, now + 8, now + 11, now + 14, now + 17, salt);
	return id;
}

/* Days of the era-based civil calendar: eras of 400 years from 1 March. */
int64_t
clock_days(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t in_era = y - era * 400;
	int64_t from_march = (month + 9) % 12;
	int64_t in_year = (153 * from_march + 2) / 5 + day - 1;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 +
	    in_year - 719468;
}

void
clock_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t d = z - era * 146097;
	int64_t in_era = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	int64_t in_year = d - (365 * in_era + in_era / 4 - in_era / 100);
	int64_t from_march = (5 * in_year + 2) / 153;

	*day = (unsigned)(in_year - (153 * from_march + 2) / 5 + 1);
	*month = (unsigned)(from_march < 10 ? from_march + 3 : from_march - 9);
	*year = in_era + era * 400 + (*month <= 2);
}

static void
put_digits(char *at, unsigned n, unsigned digits)
{
	while (digits--) {
		at[digits] = (char)('0' + n % 10);
		n /= 10;
	}
}

void
clock_format(int64_t ms, char text[CLOCK_TEXT])
{
	static const char shape[] = "0000-00-00T00:00:00.000Z";
	int64_t days = ms / MS_DAY, rest = ms % MS_DAY, year;
	unsigned month, day, t;

	if (rest < 0) {
		rest += MS_DAY;
		days--;
	}
	clock_civil(days, &year, &month, &day);
	memcpy(text, shape, sizeof shape);
	t = (unsigned)rest;
	put_digits(text, (unsigned)(year < 0 ? 0 : year), 4);
	put_digits(text + 5, month, 2);
	put_digits(text + 8, day, 2);
	put_digits(text + 11, t / 3600000, 2);
	put_digits(text + 14, t / 60000 % 60, 2);
	put_digits(text + 17, t / 1000 % 60, 2);
	put_digits(text + 20, t % 1000, 3);
}

void
clock_put(struct buf *b, int64_t ms)
{
	char text[CLOCK_TEXT];

	clock_format(ms, text);
	buf_put(b, text, strlen(text));
}

void
clock_put_member(struct buf *b, const char *name, int64_t ms)
{
	if (!ms)
		return;
	buf_printf(b, ",\"%s\":\"", name);
	clock_put(b, ms);
	buf_putc(b, '"');
}

/* Takes exactly n digits off the front. */
static bool
take_digits(struct span *s, size_t n, unsigned *out)
{
	unsigned value = 0;

	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned char)s->ptr[i] - (unsigned)'0';

		if (d > 9)
			return false;
		value = value * 10 + d;
	}
	s->ptr += n;
	s->len -= n;
	*out = value;
	return true;
}

static bool
take_char(struct span *s, char c)
{
	if (!s->len || s->ptr[0] != c)
		return false;
	s->ptr++;
	s->len--;
	return true;
}

static bool
take_date(struct span *s, int64_t *days)
{
	static const unsigned char length[] = { 31, 29, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	unsigned year, month, day;
	bool leap;

	if (!take_digits(s, 4, &year) || !take_char(s, '-') ||
	    !take_digits(s, 2, &month) || !take_char(s, '-') ||
	    !take_digits(s, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > length[month - 1])
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month == 2 && day == 29 && !leap)
		return false;
	*days = clock_days(year, month, day);
	return true;
}

/* Fraction digits after '.' or ',', cut at milliseconds. */
static bool
take_fraction(struct span *s, unsigned *ms)
{
	unsigned scale = 100;
	size_t n = 0;

	*ms = 0;
	if (!take_char(s, '.') && !take_char(s, ','))
		return true;
	for (; s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9'; n++) {
		*ms += (unsigned)(s->ptr[0] - '0') * scale;
		scale /= 10;
		s->ptr++;
		s->len--;
	}
	return n > 0;
}

static bool
take_zone(struct span *s, int64_t *offset)
{
	unsigned hours, minutes = 0;
	int sign;

	*offset = 0;
	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	if (take_char(s, '+'))
		sign = 1;
	else if (take_char(s, '-'))
		sign = -1;
	else
		return false;
	if (!take_digits(s, 2, &hours))
		return false;
	if ((take_char(s, ':') || s->len) && !take_digits(s, 2, &minutes))
		return false;
	*offset = sign * (int64_t)(hours * 60 + minutes) * MS_MINUTE;
	return hours < 24 && minutes < 60;
}

bool
clock_parse(struct span text, int64_t *ms)
{
	unsigned hour, minute, second, milli;
	int64_t days, offset;

	if (!take_date(&text, &days))
		return false;
	if (!take_char(&text, 'T') && !take_char(&text, 't') &&
	    !take_char(&text, ' '))
		return false;
	if (!take_digits(&text, 2, &hour) || !take_char(&text, ':') ||
	    !take_digits(&text, 2, &minute) || !take_char(&text, ':') ||
	    !take_digits(&text, 2, &second) || !take_fraction(&text, &milli))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	if (!take_zone(&text, &offset) || text.len)
		return false;
	*ms = days * MS_DAY + (int64_t)(hour * 60 + minute) * MS_MINUTE +
	    (int64_t)second * MS_SECOND + milli - offset;
	return true;
}
