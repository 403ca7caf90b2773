/* SPDX-License-Identifier: MIT */
/* pairing_private: what the files of pairing share. */
#ifndef PAIRING_PRIVATE_H
#define PAIRING_PRIVATE_H

#include "pairing.h"
#include "rowsort.h"

/* Before a record's label and features in the file. */
struct pairing_head {
	uint64_t systems;
	uint32_t open, label;
};

/* Bits for the numbers of blocks that open records are in. */
#define PAIRING_MET_BITS 27 /* 16 MB */

struct pairing {
	const struct likeness *rule;
	const char *dir;
	unsigned which;
	struct likeness_count count;
	struct likeness_room room;
	int fd;              /* the features, -1 until there are any */
	struct buf out;      /* not yet written */
	uint64_t written;
	uint64_t *at;        /* owned: where each record's are */
	uint32_t records, records_room;
	const char *map;     /* once all are there */
	uint64_t *met;       /* owned: blocks of open records, hashed */
	struct rowsort *blocks; /* number of block -> record and who it is */
	struct rowsort *pairs;  /* a << 32 | b */
	struct rowsort *scored; /* both ways round -> score */
	struct rowsort *judged; /* a << 32 | b -> score and verdicts */
	struct pairing_tally tally;
};

struct pairing_head pairing_head(const struct pairing *p, uint32_t record);
void pairing_values(const struct pairing *p, uint32_t record,
    struct span value[LIKENESS_SLOTS]);
/* Bits that a pair's number has: for rowsort. */
unsigned pairing_bits(const struct pairing *p);

/* pairing_block.c */
enum rc pairing_block_add(struct pairing *p, const struct span *value,
    uint64_t systems, bool open, struct err *e) RC_CHECK;
enum rc pairing_block_pairs(struct pairing *p, struct err *e) RC_CHECK;

/* pairing_judge.c */
enum rc pairing_score(struct pairing *p, struct err *e) RC_CHECK;
enum rc pairing_judge(struct pairing *p, struct err *e) RC_CHECK;

#endif
