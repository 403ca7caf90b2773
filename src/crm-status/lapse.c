/* SPDX-License-Identifier: MIT */
#include "lapse.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MOST 100000 /* of any unit */
#define ALL 100000 /* thousandths of a percent */

/* Digits off the front; -1: there are none, or too many. */
static int64_t
take_number(struct span *s)
{
	int64_t n = -1;

	while (s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9') {
		n = (n < 0 ? 0 : n) * 10 + (s->ptr[0] - '0');
		*s = span_of(s->ptr + 1, s->len - 1);
		if (n > MOST)
			return -1;
	}
	return n;
}

bool
lapse_parse(struct span text, int64_t *ms)
{
	static const struct {
		char letter;
		int64_t unit;
	} units[] = {
		{ 's', SECOND }, { 'm', MINUTE }, { 'h', HOUR }, { 'd', DAY }
	};
	int64_t n = take_number(&text);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (n >= 0 && text.len == 1 && text.ptr[0] ==
		    units[i].letter) {
			*ms = n * units[i].unit;
			return true;
		}
	return false;
}

void
lapse_put(struct buf *b, int64_t ms)
{
	static const struct {
		int64_t from, unit;
		const char *name;
	} units[] = {
		{ 2 * DAY, DAY, "d" }, { 2 * HOUR, HOUR, "h" },
		{ 2 * MINUTE, MINUTE, "min" }, { SECOND, SECOND, "s" },
		{ INT64_MIN, 1, "ms" }
	};
	size_t i = 0;

	if (!ms) { /* no time at all */
		BUF_LIT(b, "0 s");
		return;
	}
	while (ms < units[i].from)
		i++;
	buf_printf(b, "%lld %s", (long long)(ms / units[i].unit),
	    units[i].name);
}

bool
lapse_parse_percent(struct span text, int64_t *share)
{
	int64_t n = take_number(&text), unit = 100;

	if (n < 0 || n > 100)
		return false;
	n *= 1000;
	if (text.len > 1 && text.ptr[0] == '.') {
		for (size_t i = 1; i < text.len; i++, unit /= 10) {
			if (text.ptr[i] < '0' || text.ptr[i] > '9' || !unit)
				return false;
			n += (text.ptr[i] - '0') * unit;
		}
		text.len = 0;
	}
	*share = n;
	return !text.len && n <= ALL;
}

int64_t
lapse_share(uint64_t part, uint64_t whole)
{
	if (part >= whole)
		return ALL;
	/* in two steps: a large product may not fit */
	if (part > UINT64_MAX / ALL)
		return (int64_t)(part / (whole / ALL));
	return (int64_t)(part * ALL / whole);
}

void
lapse_put_percent(struct buf *b, int64_t share)
{
	int64_t rest = share % 1000;

	buf_printf(b, "%lld", (long long)(share / 1000));
	if (rest)
		buf_printf(b, ".%02lld", (long long)(rest / 10));
	BUF_LIT(b, " %");
}

void
lapse_put_ratio(struct buf *b, int64_t share)
{
	buf_printf(b, "%lld.%05lld", (long long)(share / ALL),
	    (long long)(share % ALL));
}
