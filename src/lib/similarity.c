/* SPDX-License-Identifier: MIT */
#include "similarity.h"

#include <stdint.h>
#include <stdlib.h>

#define PREFIX_MOST 4 /* letters at the front that count more (Winkler) */

static struct span
cut(struct span s)
{
	return span_of(s.ptr, s.len < SIMILARITY_MOST ? s.len :
	    SIMILARITY_MOST);
}

/* Marks the letters of both that stand near each other; returns how many. */
static int
find_common(struct span a, struct span b, uint64_t *in_a, uint64_t *in_b)
{
	size_t longest = a.len > b.len ? a.len : b.len;
	size_t reach = longest / 2 > 0 ? longest / 2 - 1 : 0;
	int common = 0;

	*in_a = *in_b = 0;
	for (size_t i = 0; i < a.len; i++) {
		size_t from = i > reach ? i - reach : 0;
		size_t to = i + reach + 1 < b.len ? i + reach + 1 : b.len;

		for (size_t j = from; j < to; j++) {
			if (a.ptr[i] != b.ptr[j] || *in_b >> j & 1)
				continue;
			*in_a |= (uint64_t)1 << i;
			*in_b |= (uint64_t)1 << j;
			common++;
			break;
		}
	}
	return common;
}

/* Common letters that stand in another order. */
static int
count_moved(struct span a, struct span b, uint64_t in_a, uint64_t in_b)
{
	size_t j = 0;
	int moved = 0;

	for (size_t i = 0; i < a.len; i++) {
		if (!(in_a >> i & 1))
			continue;
		while (!(in_b >> j & 1))
			j++;
		moved += a.ptr[i] != b.ptr[j++];
	}
	return moved;
}

int
similarity_jaro(struct span a, struct span b)
{
	uint64_t in_a, in_b;
	int common, moved, jaro, prefix = 0;

	a = cut(a);
	b = cut(b);
	if (!a.len || !b.len)
		return a.len == b.len ? 1000 : 0;
	common = find_common(a, b, &in_a, &in_b);
	if (!common)
		return 0;
	moved = count_moved(a, b, in_a, in_b) / 2;
	jaro = (1000 * common / (int)a.len + 1000 * common / (int)b.len +
	    1000 * (common - moved) / common) / 3;
	while (prefix < PREFIX_MOST && (size_t)prefix < a.len &&
	    (size_t)prefix < b.len && a.ptr[prefix] == b.ptr[prefix])
		prefix++;
	return jaro + prefix * (1000 - jaro) / 10;
}

static int
least(int a, int b, int c)
{
	int n = a < b ? a : b;

	return n < c ? n : c;
}

/* Letters that one has and the other has not: each costs an edit. */
static int
count_strange(struct span a, struct span b)
{
	uint64_t in_a = 0, in_b = 0, left;
	int count = 0;

	for (size_t i = 0; i < a.len; i++)
		in_a |= (uint64_t)1 << (a.ptr[i] & 63);
	for (size_t i = 0; i < b.len; i++)
		in_b |= (uint64_t)1 << (b.ptr[i] & 63);
	for (left = in_a & ~in_b; left; left &= left - 1)
		count++;
	return count;
}

int
similarity_edits(struct span a, struct span b, int most)
{
	unsigned char room[3][SIMILARITY_MOST + 1];
	unsigned char *before = room[0], *last = room[1], *now = room[2];

	a = cut(a);
	b = cut(b);
	if (abs((int)a.len - (int)b.len) > most || count_strange(a, b) > most)
		return most + 1;
	for (size_t j = 0; j <= b.len; j++)
		last[j] = (unsigned char)j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned char *spare = before;
		int best = now[0] = (unsigned char)i;

		for (size_t j = 1; j <= b.len; j++) {
			int n = least(last[j] + 1, now[j - 1] + 1, last[j - 1]
			    + (a.ptr[i - 1] != b.ptr[j - 1]));

			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
			    a.ptr[i - 2] == b.ptr[j - 1])
				n = least(n, n, before[j - 2] + 1);
			now[j] = (unsigned char)n;
			best = n < best ? n : best;
		}
		if (best > most)
			return most + 1;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len] <= most ? last[b.len] : most + 1;
}
