/* SPDX-License-Identifier: MIT */
/*
 * likeness_block: records worth comparing agree in an id, phone, address of
 * mail, host or company's name, in a company's word, or in any two of the
 * rest.  A misspelt field leaves the other ones.
 */
#include "likeness.h"

#include "fold.h"
#include "hash.h"

#define SINGLE 1         /* seeds: what kind of block it is */
#define WORD 2
#define WORD_LEAST 3     /* letters of a word that counts */
#define TOKENS_MOST 12

/* A part that makes a block with another. */
struct token {
	uint64_t hash;
	bool place;      /* of a place: two of these say too little */
};

struct blocks {
	uint64_t *out;
	size_t count;
	struct token token[TOKENS_MOST];
	size_t tokens;
};

static void
put(struct blocks *b, uint64_t hash)
{
	if (b->count < LIKENESS_BLOCKS)
		b->out[b->count++] = hash;
}

static void
put_token(struct blocks *b, struct span text, uint64_t seed, bool place)
{
	if (b->tokens < TOKENS_MOST)
		b->token[b->tokens++] = (struct token){ hash64(text, seed),
			place };
}

/* Each word of a name, and each as a part. */
static void
put_words(struct blocks *b, struct span name)
{
	while (name.len) {
		struct span word = span_cut(&name, ' ');

		if (word.len < WORD_LEAST)
			continue;
		put(b, hash64(word, WORD));
		put_token(b, word, WORD, false);
	}
}

static void
add_slot(struct blocks *b, enum likeness_kind kind, unsigned char class,
    struct span value)
{
	uint64_t seed = 16 + class;

	switch (kind) {
	case LIKE_PHONE:
	case LIKE_EMAIL:
	case LIKE_DOMAIN:
	case LIKE_ID:
		put(b, hash64(value, seed + SINGLE * 64));
		break;
	case LIKE_COMPANY:
		put(b, hash64(value, seed + SINGLE * 64));
		put_words(b, value);
		break;
	case LIKE_GIVEN:
	case LIKE_FAMILY:
	case LIKE_DATE:
	case LIKE_STREET:
	case LIKE_TEXT:
		put_token(b, value, seed, false);
		break;
	case LIKE_CITY:
	case LIKE_CODE:
		put_token(b, value, seed, true);
		break;
	default:
		break;
	}
}

/* The same either way round. */
static uint64_t
join(uint64_t x, uint64_t y)
{
	return hash_fold((x ^ y) ^ 0x9e3779b97f4a7c15, (x + y) |
	    (uint64_t)1 << 63);
}

size_t
likeness_blocks(const struct likeness *l,
    const struct span value[LIKENESS_SLOTS],
    uint64_t block[LIKENESS_BLOCKS])
{
	struct blocks b = { .out = block };

	for (size_t i = 0; i < l->count; i++)
		if (value[i].len)
			add_slot(&b, l->slot[i].kind, l->slot[i].class,
			    value[i]);
	for (size_t i = 0; i < b.tokens; i++)
		for (size_t j = i + 1; j < b.tokens; j++)
			if (!b.token[i].place || !b.token[j].place)
				put(&b, join(b.token[i].hash,
				    b.token[j].hash));
	return b.count;
}
