/* SPDX-License-Identifier: MIT */
#include "csv_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

uint64_t
csv_count_lines(struct span s)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s.len; i++)
		n += s.ptr[i] == '\n' || (s.ptr[i] == '\r' &&
		    (i + 1 == s.len || s.ptr[i + 1] != '\n'));
	return n;
}

bool
csv_only_spaces(struct span s)
{
	size_t i;

	for (i = s.len; i > 0; i--)
		if (s.ptr[i - 1] != ' ' && s.ptr[i - 1] != '\t' &&
		    s.ptr[i - 1] != CSV_MARK_SPACE &&
		    s.ptr[i - 1] != CSV_MARK_TAB)
			return false;
	return true;
}

/* ---- spaces at the edges of cells ---- */

static bool
is_edge(int c, int delimiter)
{
	return c == delimiter || c == '\n' || c == '\r';
}

static void
mark(char *c, char delimiter)
{
	if (*c != delimiter)
		*c = *c == ' ' ? CSV_MARK_SPACE : CSV_MARK_TAB;
}

static void
mark_byte(char *s, int before, int after, char delimiter)
{
	int d = (unsigned char)delimiter;

	if ((*s == ' ' || *s == '\t') && (is_edge(before, d) ||
	    is_edge(after, d)))
		mark(s, delimiter);
}

#ifdef __SSE2__
#define GROUP 64u

/* One bit for each of 64 bytes: is it a space, is it an edge? */
struct classes {
	uint64_t spaces, edges;
};

static inline uint64_t
bits(__m128i hit, unsigned at)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(hit) << at;
}

static inline struct classes
classify(const char *s, __m128i delimiter)
{
	const __m128i space = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t');
	const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
	struct classes c = { 0, 0 };
	unsigned at;

	for (at = 0; at < GROUP; at += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(s + at));

		c.spaces |= bits(_mm_or_si128(_mm_cmpeq_epi8(v, space),
		    _mm_cmpeq_epi8(v, tab)), at);
		c.edges |= bits(_mm_or_si128(_mm_cmpeq_epi8(v, delimiter),
		    _mm_or_si128(_mm_cmpeq_epi8(v, lf),
		    _mm_cmpeq_epi8(v, cr))), at);
	}
	return c;
}

/* Whole groups; returns how many bytes they are. */
static size_t
mark_groups(char *s, size_t len, int before, int after, char delimiter)
{
	const __m128i d = _mm_set1_epi8(delimiter);
	int edge = (unsigned char)delimiter;
	uint64_t carry = is_edge(before, edge), next, hits;
	struct classes c;
	size_t i;

	for (i = 0; i + GROUP <= len; i += GROUP) {
		c = classify(s + i, d);
		next = is_edge(i + GROUP < len ? (unsigned char)s[i + GROUP] :
		    after, edge);
		hits = c.spaces & (c.edges << 1 | carry | c.edges >> 1 |
		    next << (GROUP - 1));
		for (; hits; hits &= hits - 1)
			mark(s + i + __builtin_ctzll(hits), delimiter);
		carry = c.edges >> (GROUP - 1);
	}
	return i;
}
#else
#define mark_groups(s, len, before, after, delimiter) 0
#endif

void
csv_mark_spaces(char *s, size_t len, int before, int after, char delimiter)
{
	size_t i = mark_groups(s, len, before, after, delimiter);

	for (; i < len; i++)
		mark_byte(s + i, i ? (unsigned char)s[i - 1] : before,
		    i + 1 < len ? (unsigned char)s[i + 1] : after, delimiter);
}

static void
restore(char *c)
{
	if (*c == CSV_MARK_SPACE)
		*c = ' ';
	else if (*c == CSV_MARK_TAB)
		*c = '\t';
}

/* Is there a mark in these 16 bytes?  (No text has a byte above them.) */
#ifdef __SSE2__
static bool
marked(const char *s)
{
	const __m128i marks = _mm_set1_epi8(CSV_MARK_TAB);
	__m128i v = _mm_loadu_si128((const __m128i *)s);

	return _mm_movemask_epi8(_mm_cmpeq_epi8(v,
	    _mm_max_epu8(v, marks))) != 0;
}
#else
#define marked(s) true
#endif

void
csv_restore_spaces(char *cell, size_t len)
{
	size_t i, j;

	for (i = 0; i < len; i += CSV_CELL_SLACK)
		if (marked(cell + i))
			for (j = i; j < len && j < i + CSV_CELL_SLACK; j++)
				restore(cell + j);
}

/* ---- two readings of one row ---- */

static bool
is_end(char c)
{
	return c == '\n' || c == '\r';
}

/*
 * One reading's next place.  After a quote in a quoted cell the readings
 * differ: `inside` takes text as more of the cell, the other one as the
 * (wrong) rest of a closed cell.
 */
static enum csv_place
step(enum csv_place at, char c, const struct csv_dialect *d, bool inside)
{
	switch (at) {
	case PLACE_START:
		if (c == d->quote)
			return PLACE_QUOTED;
		return c == d->delimiter || is_end(c) ? PLACE_START :
		    PLACE_PLAIN;
	case PLACE_PLAIN:
		return c == d->delimiter || is_end(c) ? PLACE_START :
		    PLACE_PLAIN;
	case PLACE_QUOTED:
		return c == d->quote ? PLACE_QUOTE : PLACE_QUOTED;
	case PLACE_QUOTE:
		break;
	}
	if (c == d->quote)
		return PLACE_QUOTED;
	if (c == d->delimiter || is_end(c))
		return PLACE_START;
	return inside ? PLACE_QUOTED : PLACE_PLAIN;
}

void
csv_doubt_begin(struct csv_doubt *d)
{
	d->state = CSV_DOUBT_OPEN;
	d->inside = PLACE_QUOTED;
	d->outside = PLACE_PLAIN;
}

size_t
csv_doubt_follow(struct csv_doubt *d, const struct csv_dialect *dialect,
    struct span s)
{
	bool in, out;
	size_t i;

	for (i = 0; i < s.len; i++) {
		d->inside = step(d->inside, s.ptr[i], dialect, true);
		d->outside = step(d->outside, s.ptr[i], dialect, false);
		in = is_end(s.ptr[i]) && d->inside == PLACE_START;
		out = is_end(s.ptr[i]) && d->outside == PLACE_START;
		if (!in && !out)
			continue;
		d->state = in && out ? CSV_DOUBT_AGREED : CSV_DOUBT_APART;
		return i + 1;
	}
	return s.len;
}
