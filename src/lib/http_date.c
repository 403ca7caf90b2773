/* SPDX-License-Identifier: MIT */
#include "http_date.h"

#include <strings.h>

#include "clock.h"

#define MS_SECOND INT64_C(1000)
#define SECONDS_CAP (INT64_C(366) * 86400) /* nobody waits longer */

static const char month_names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

static struct span
trim(struct span s)
{
	while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = span_of(s.ptr + 1, s.len - 1);
	while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* One run of letters or digits; what stands before it is passed over. */
static struct span
take_word(struct span *s)
{
	size_t n = 0;
	struct span word;

	while (s->len && strchr(" ,-:", s->ptr[0]))
		*s = span_of(s->ptr + 1, s->len - 1);
	while (n < s->len && !strchr(" ,-:", s->ptr[n]))
		n++;
	word = span_of(s->ptr, n);
	*s = span_of(s->ptr + n, s->len - n);
	return word;
}

static bool
number(struct span s, size_t digits, int64_t max, int64_t *out)
{
	*out = 0;
	if (!s.len || s.len > digits)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		*out = *out * 10 + (s.ptr[i] - '0');
	}
	return *out <= max;
}

static bool
month(struct span s, int64_t *out)
{
	for (*out = 1; s.len == 3 && *out <= 12; (*out)++)
		if (strncasecmp(s.ptr, month_names + (*out - 1) * 3, 3) == 0)
			return true;
	return false;
}

static bool
day_of_month(int64_t y, int64_t m, int64_t d)
{
	int64_t days = clock_days(y, (unsigned)m, 1);
	int64_t next = m == 12 ? clock_days(y + 1, 1, 1) :
	    clock_days(y, (unsigned)m + 1, 1);

	return d >= 1 && d <= next - days;
}

/* Two digits mean the years 1970 to 2069. */
static bool
year(struct span s, int64_t *out)
{
	if (!number(s, 4, 9999, out) || (s.len != 2 && s.len != 4))
		return false;
	if (s.len == 2)
		*out += *out < 70 ? 2000 : 1900;
	return true;
}

bool
http_date_parse(struct span text, int64_t *ms)
{
	struct span w[8];
	int64_t y, m, d, hour, minute, second;
	bool asctime;
	size_t i;

	text = trim(text);
	for (i = 0; i < 8; i++)
		w[i] = take_word(&text);
	/* Sun Nov  6 08:49:37 1994: the month is the second word */
	asctime = month(w[1], &m);
	if (!asctime && (!month(w[2], &m) || !span_eq(w[7], SPAN("GMT"))))
		return false;
	if (!number(w[asctime ? 2 : 1], 2, 31, &d) ||
	    !year(w[asctime ? 6 : 3], &y) || text.len)
		return false;
	i = asctime ? 3 : 4;
	if (!number(w[i], 2, 23, &hour) || !number(w[i + 1], 2, 59, &minute) ||
	    !number(w[i + 2], 2, 60, &second) || !day_of_month(y, m, d))
		return false;
	*ms = ((clock_days(y, (unsigned)m, (unsigned)d) * 24 + hour) * 60 +
	    minute) * 60 * MS_SECOND + second * MS_SECOND;
	return true;
}

/* "120", "1.5"; too much is a year. */
static int64_t
seconds(struct span s)
{
	int64_t n = 0;
	size_t i = 0;
	bool more = false;

	for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		n = n < SECONDS_CAP ? n * 10 + (s.ptr[i] - '0') : n;
	if (!i)
		return -1;
	if (i < s.len && s.ptr[i] == '.')
		for (i++; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
			more |= s.ptr[i] != '0';
	if (i < s.len)
		return -1;
	n += more;
	return (n < SECONDS_CAP ? n : SECONDS_CAP) * MS_SECOND;
}

int64_t
http_date_retry_after(struct span value, int64_t now)
{
	int64_t at, wait;

	value = trim(value);
	wait = seconds(value);
	if (wait >= 0 || !http_date_parse(value, &at))
		return wait;
	wait = at > now ? at - now : 0;
	return wait < SECONDS_CAP * MS_SECOND ? wait : SECONDS_CAP * MS_SECOND;
}
