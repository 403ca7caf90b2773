/* SPDX-License-Identifier: MIT */
/* json_keys: keys of an object by what they say, not how they are written. */
#ifndef JSON_KEYS_H
#define JSON_KEYS_H

#include "hash.h"
#include "json.h"
#include "le.h"

#define JSON_KEYS_MIX 0xc2b2ae3d27d4eb4fu

static inline uint64_t
json_keys_finish(uint64_t h, uint64_t last, size_t len)
{
	return hash_fold(h ^ last ^ JSON_KEYS_MIX, JSON_KEYS_MIX + len);
}

/* The hash of plain characters, 8 at a time. */
static inline uint64_t
json_keys_hash(struct span s, uint64_t seed)
{
	const char *p = s.ptr;
	size_t n = s.len;

	for (; n >= 8; n -= 8, p += 8)
		seed = hash_fold(seed ^ le_load64(p), JSON_KEYS_MIX);
	return json_keys_finish(seed, le_load_few(p, n), s.len);
}

/* The same hash of a string that has escapes in it. */
uint64_t json_keys_hash_escaped(struct span inner, uint64_t seed);

static inline uint16_t
json_keys_tag_of(uint64_t first, uint64_t last, size_t len)
{
	return (uint16_t)hash_fold(first ^ JSON_KEYS_MIX,
	    last + len + (JSON_KEYS_MIX >> 1));
}

/*
 * What a key node's tag is for these characters: one multiplication of the
 * first and the last 8, good enough to pass over most keys that differ.
 */
static inline uint16_t
json_keys_tag(struct span plain)
{
	bool whole = plain.len >= 8;
	uint64_t first = whole ? le_load64(plain.ptr) :
	    le_load_few(plain.ptr, plain.len);
	uint64_t last = whole ? le_load64(plain.ptr + plain.len - 8) : first;

	return json_keys_tag_of(first, last, plain.len);
}

/* The same tag of a string that has escapes in it. */
uint16_t json_keys_tag_escaped(struct span inner);

/* Two string nodes hold the same characters. */
bool json_keys_same(const struct json *j, uint32_t a, uint32_t b);

/* The first key node of a closed object that says what an earlier one says, 0
 * when there is none.  Linear, whatever the keys. */
uint32_t json_keys_repeated(struct json *j, uint32_t object, size_t members);

#endif
