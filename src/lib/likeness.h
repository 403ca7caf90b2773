/* SPDX-License-Identifier: MIT */
/*
 * likeness: how likely two records are the same one, from the fields that an
 * entity file names under `similar`; crm-mapping(5) tells it to users.
 *
 * A score is in hundredths of a bit: the logarithm of the odds (Fellegi and
 * Sunter).  A field that agrees adds what is unlikely to agree by chance, so
 * rare values add more than common ones; one that differs takes away; one that
 * either lacks says nothing.  From the sum goes what it takes to be this one
 * of so many: 0 is as likely as not, 1000 is a thousand to one.
 *
 *   likeness_rule.c    the entity file's words
 *   likeness_normal.c  a record's values, made comparable: its features
 *   likeness_count.c   how common values are
 *   likeness_field.c   what one field's two values weigh
 *   likeness_share.c   what two different ones have in common
 *   likeness_weigh.c   what two records weigh
 *   likeness_block.c   which records are worth comparing
 *
 * Features are bytes without pointers: for each slot a length and that many.
 */
#ifndef LIKENESS_H
#define LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "json.h"
#include "mapping.h"
#include "span.h"

#define LIKENESS_SLOTS 32   /* what is compared of a record */
#define LIKENESS_VALUE 60   /* bytes of one that count */
#define LIKENESS_BLOCKS 96  /* blocks a record may be in */
#define LIKENESS_FEATURES (LIKENESS_SLOTS * (LIKENESS_VALUE + 1))

/* What a field holds, as likeness sees it. */
enum likeness_kind {
	LIKE_GIVEN,   /* first name */
	LIKE_FAMILY,  /* last name */
	LIKE_COMPANY,
	LIKE_STREET,  /* with or without the house's number */
	LIKE_NUMBER,  /* the house's, by itself */
	LIKE_CITY,
	LIKE_REGION,
	LIKE_CODE,    /* of the post */
	LIKE_COUNTRY,
	LIKE_DATE,    /* of birth */
	LIKE_PHONE,
	LIKE_EMAIL,
	LIKE_DOMAIN,  /* a web address, or its host */
	LIKE_ID,      /* a number somebody gave it, alone */
	LIKE_TEXT,
	LIKE_KINDS
};

struct likeness_slot {
	size_t field;         /* of the entity */
	enum likeness_kind kind;
	unsigned char class;  /* slots of one class may be exchanged */
};

struct likeness {
	struct likeness_slot slot[LIKENESS_SLOTS];
	size_t count;
	int same, review;     /* hundredths of a bit */
};

/* "given", "family", ...: by enum likeness_kind. */
extern const char *const likeness_kinds[];

/* ---- likeness_rule.c ---- */

/* `similar` of an entity file whose fields are known.  RC_CONFIG. */
enum rc likeness_rule(struct likeness **out, const struct json *j,
    uint32_t node, const struct entity *en, struct arena *a, struct err *e)
    RC_CHECK;

/* ---- likeness_normal.c ---- */

/* The caller's, to be used again. */
struct likeness_room {
	struct buf text;
	struct arena arena;
};
void likeness_room_init(struct likeness_room *r);
void likeness_room_free(struct likeness_room *r);

/*
 * Appends the features of a record; `values` are canonical JSON texts by
 * entity field, a NULL ptr is missing.
 */
void likeness_features(const struct likeness *l, const struct span *values,
    struct likeness_room *r, struct buf *out);

/* Each slot's value, empty when it has none. */
void likeness_split(const struct likeness *l, const char *features,
    struct span value[LIKENESS_SLOTS]);

/* ---- likeness_count.c ---- */

struct likeness_count {
	uint32_t *table;      /* owned; hashed, so it may count too much */
	uint64_t filled[LIKENESS_SLOTS]; /* by slot */
	uint64_t records;
};
void likeness_count_init(struct likeness_count *c);
void likeness_count_free(struct likeness_count *c);
void likeness_count_add(struct likeness_count *c, const struct likeness *l,
    const struct span value[LIKENESS_SLOTS]);

/* How unlikely two records share it by chance: hundredths of a bit. */
int likeness_rarity(const struct likeness_count *c, const struct likeness *l,
    size_t slot, struct span value);

/* log2 of a number from 1 on, in hundredths. */
int likeness_log2(uint64_t n);

/* ---- likeness_field.c ---- */

/* What a slot's two values weigh, neither empty. */
int likeness_field(const struct likeness_count *c, const struct likeness *l,
    size_t slot, struct span a, struct span b);

/* ---- likeness_weigh.c ---- */

struct likeness_weights {
	int total;                    /* the score */
	int chance;                   /* taken off: for so many, for shared */
	int slot[LIKENESS_SLOTS];     /* by slot of the first record */
	bool crossed[LIKENESS_SLOTS]; /* held against another slot */
};

/* The same whichever comes first, but for where crossed weights stand. */
void likeness_weigh(const struct likeness_count *c, const struct likeness *l,
    const struct span a[LIKENESS_SLOTS], const struct span b[LIKENESS_SLOTS],
    struct likeness_weights *w);

/* Appends {"field":bits,...} of what weighs anything, with two decimals. */
void likeness_put_why(struct buf *b, const struct entity *en,
    const struct likeness *l, const struct likeness_weights *w);
void likeness_put_bits(struct buf *b, int hundredths);

/* ---- likeness_block.c ---- */

/*
 * Records that are the same share one of these numbers at least, or are not
 * found.  Returns how many.
 */
size_t likeness_blocks(const struct likeness *l,
    const struct span value[LIKENESS_SLOTS],
    uint64_t block[LIKENESS_BLOCKS]);

#endif
