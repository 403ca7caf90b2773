/* SPDX-License-Identifier: MIT */
/*
 * likeness_count: how common values are.  What has been seen so far is
 * smoothed with what is usual of the kind, so that few records are no reason
 * to think a name common or rare.
 */
#include "likeness.h"

#include <stdlib.h>

#include "hash.h"
#include "xalloc.h"

#define TABLE_BITS 22    /* 16 MB */
/* As many records as what is usual counts for: of what is somebody's alone,
 * a few equal ones are no sign that it is common. */
#define USUAL_RECORDS 1000u
#define USUAL_OWN 32000u
#define OVER_USUAL 700   /* bits that being rare may add */

/* How rare a value of the kind usually is, hundredths of a bit. */
static const short usual[] = {
	[LIKE_GIVEN] = 800, [LIKE_FAMILY] = 1100, [LIKE_COMPANY] = 1400,
	[LIKE_STREET] = 1100, [LIKE_NUMBER] = 600, [LIKE_CITY] = 800,
	[LIKE_REGION] = 300, [LIKE_CODE] = 1000, [LIKE_COUNTRY] = 200,
	[LIKE_DATE] = 1400, [LIKE_PHONE] = 2000, [LIKE_EMAIL] = 2100,
	[LIKE_DOMAIN] = 1800, [LIKE_ID] = 2000, [LIKE_TEXT] = 800
};

void
likeness_count_init(struct likeness_count *c)
{
	*c = (struct likeness_count){ .table = xcalloc((size_t)1 <<
	    TABLE_BITS, sizeof *c->table) };
}

void
likeness_count_free(struct likeness_count *c)
{
	free(c->table);
	c->table = NULL;
}

static uint32_t *
place(const struct likeness_count *c, size_t slot, struct span value)
{
	return &c->table[hash64(value, slot + 1) >> (64 - TABLE_BITS)];
}

void
likeness_count_add(struct likeness_count *c, const struct likeness *l,
    const struct span value[LIKENESS_SLOTS])
{
	c->records++;
	for (size_t i = 0; i < l->count; i++) {
		uint32_t *n;

		if (!value[i].len)
			continue;
		n = place(c, i, value[i]);
		*n += *n < UINT32_MAX;
		c->filled[i]++;
	}
}

/* Between powers of two a straight line: at most 0.09 off. */
int
likeness_log2(uint64_t n)
{
	int whole = 0;

	for (int step = 32; step; step /= 2)
		if (n >> whole >> step)
			whole += step;
	n = whole > 32 ? n >> (whole - 32) : n << (32 - whole);
	return whole * 100 + (int)(((n & 0xffffffff) * 100) >> 32);
}

static bool
is_own(enum likeness_kind kind)
{
	return kind == LIKE_PHONE || kind == LIKE_EMAIL ||
	    kind == LIKE_DOMAIN || kind == LIKE_ID;
}

int
likeness_rarity(const struct likeness_count *c, const struct likeness *l,
    size_t slot, struct span value)
{
	enum likeness_kind kind = l->slot[slot].kind;
	uint64_t base = is_own(kind) ? USUAL_OWN : USUAL_RECORDS;
	uint32_t n = *place(c, slot, value);
	uint64_t all = ((c->filled[slot] + base) << 20);
	uint64_t others = (uint64_t)(n > 2 ? n - 2 : 0) << 20;
	uint64_t expected = (base << 20) >> (usual[kind] / 100);
	int bits = likeness_log2(all) - likeness_log2(others + expected);
	int most = usual[kind] + OVER_USUAL;

	return bits > most ? most : bits;
}
