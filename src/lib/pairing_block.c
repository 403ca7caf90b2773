/* SPDX-License-Identifier: MIT */
/*
 * pairing_block: the records of each block become pairs.  Large blocks are of
 * common values, which say little and cost much: where all together would
 * cost more than the effort, the largest are left out, and counted.
 */
#include <stdlib.h>

#include "pairing_private.h"

#define SEVERAL 63u      /* tag of a record in several systems */
#define TAGS 64u
#define CLASSES 64u

/* A row's value: the record, the system it is in, whether it is open. */
static uint64_t
pack(uint32_t record, uint64_t systems, bool open)
{
	uint64_t tag = 0;

	while (tag < SEVERAL && systems != (uint64_t)1 << tag)
		tag++;
	return (tag << 1 | open) << 32 | record;
}

static unsigned
tag_of(uint64_t value)
{
	return (unsigned)(value >> 33);
}

static bool
is_open(uint64_t value)
{
	return value >> 32 & 1;
}

/* Notes that an open one is in the block; is one, perhaps? */
static bool
meets(struct pairing *p, uint64_t block, bool open)
{
	uint64_t bit = block >> (64 - PAIRING_MET_BITS);
	uint64_t *word = &p->met[bit >> 6], mask = (uint64_t)1 << (bit & 63);

	if (open)
		*word |= mask;
	return *word & mask;
}

enum rc
pairing_block_add(struct pairing *p, const struct span *value,
    uint64_t systems, bool open, struct err *e)
{
	uint64_t block[LIKENESS_BLOCKS], packed;
	size_t n = likeness_blocks(p->rule, value, block);
	enum rc rc = RC_OK;

	packed = pack(p->records, systems, open);
	for (size_t i = 0; i < n && !rc; i++)
		if (meets(p, block[i], open))
			rc = rowsort_add(p->blocks, block[i], packed, e);
	return rc;
}

static bool
may_pair(const struct pairing *p, uint64_t x, uint64_t y)
{
	unsigned which = tag_of(x) == tag_of(y) ? PAIRING_WITHIN :
	    PAIRING_ACROSS;

	if (!is_open(x) && !is_open(y))
		return false;
	return tag_of(x) == SEVERAL || tag_of(y) == SEVERAL ||
	    (which & p->which);
}

static uint64_t
couples(uint64_t n)
{
	return n * (n - (n > 0)) / 2;
}

/* How many pairs a block has. */
static uint64_t
pairs_of(const struct pairing *p, const struct row *rows, size_t n)
{
	uint64_t all[TAGS] = { 0 }, closed[TAGS] = { 0 };
	uint64_t shut = 0, within = 0, total, plain;

	for (size_t i = 0; i < n; i++) {
		all[tag_of(rows[i].value)]++;
		closed[tag_of(rows[i].value)] += !is_open(rows[i].value);
	}
	for (size_t t = 0; t < TAGS; t++)
		shut += closed[t];
	for (size_t t = 0; t < SEVERAL; t++)
		within += couples(all[t]) - couples(closed[t]);
	total = couples(n) - couples(shut);
	plain = couples(n - all[SEVERAL]) - couples(shut - closed[SEVERAL]);
	if (p->which == PAIRING_ACROSS)
		return total - within;
	/* who is in several may share one with anybody */
	return p->which == PAIRING_WITHIN ? within + total - plain : total;
}

static size_t
block_end(const struct row *rows, size_t n, size_t from)
{
	size_t end = from + 1;

	while (end < n && rows[end].key == rows[from].key)
		end++;
	return end;
}

static unsigned
class_of(uint64_t pairs)
{
	unsigned class = 0;

	while (pairs >> class)
		class++;
	return class < CLASSES ? class : CLASSES - 1;
}

/* The most pairs a block may have, so that all are worth their while. */
static enum rc
find_most(struct pairing *p, uint64_t *most, struct err *e)
{
	uint64_t pairs[CLASSES] = { 0 }, sum = 0, effort;
	struct row *rows;
	size_t n;
	unsigned class;
	enum rc rc = RC_OK;

	for (size_t part = 0; part < ROWSORT_PARTS && !rc; part++) {
		rc = rowsort_part(p->blocks, part, &rows, &n, e);
		for (size_t i = 0, end; i < n && !rc; i = end) {
			uint64_t count;

			end = block_end(rows, n, i);
			count = end - i > 1 ? pairs_of(p, rows + i, end - i)
			    : 0;
			pairs[class_of(count)] += count;
		}
	}
	effort = (uint64_t)PAIRING_EFFORT * p->records;
	if (effort < PAIRING_FREE)
		effort = PAIRING_FREE;
	for (class = 0; class < CLASSES; class++) {
		sum += pairs[class];
		if (sum > effort)
			break;
	}
	*most = class < CLASSES ? ((uint64_t)1 << class >> 1) : UINT64_MAX;
	return rc;
}

static enum rc
put_pairs(struct pairing *p, const struct row *rows, size_t n, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && !rc; i++)
		for (size_t j = i + 1; j < n && !rc; j++) {
			uint64_t a = rows[i].value & UINT32_MAX;
			uint64_t b = rows[j].value & UINT32_MAX;

			if (!may_pair(p, rows[i].value, rows[j].value))
				continue;
			rc = rowsort_add(p->pairs, a < b ? a << 32 | b :
			    b << 32 | a, 0, e);
		}
	return rc;
}

static enum rc
put_block(struct pairing *p, const struct row *rows, size_t n, uint64_t most,
    struct err *e)
{
	uint64_t pairs = n > 1 ? pairs_of(p, rows, n) : 0;

	if (pairs <= most)
		return pairs ? put_pairs(p, rows, n, e) : RC_OK;
	p->tally.blocks_left_out++;
	p->tally.pairs_left_out += pairs;
	return RC_OK;
}

enum rc
pairing_block_pairs(struct pairing *p, struct err *e)
{
	struct row *rows;
	uint64_t most;
	size_t n;
	enum rc rc = find_most(p, &most, e);

	for (size_t part = 0; part < ROWSORT_PARTS && !rc; part++) {
		rc = rowsort_part(p->blocks, part, &rows, &n, e);
		for (size_t i = 0, end; i < n && !rc; i = end) {
			end = block_end(rows, n, i);
			rc = put_block(p, rows + i, end - i, most, e);
		}
	}
	return rc;
}
