/* SPDX-License-Identifier: MIT */
#include "json_keys.h"

#include "json_escape.h"
#include "xalloc.h"

#define TABLE_LEAST 256

uint64_t
json_keys_hash_escaped(struct span inner, uint64_t seed)
{
	struct json_escape_reader r = json_escape_read(inner);
	uint64_t word = 0;
	size_t n = 0;
	int c;

	for (c = json_escape_next(&r); c >= 0; c = json_escape_next(&r)) {
		word |= (uint64_t)c << n % 8 * 8;
		n++;
		if (n % 8 == 0) {
			seed = hash_fold(seed ^ word, JSON_KEYS_MIX);
			word = 0;
		}
	}
	return json_keys_finish(seed, word, n);
}

/* `last` holds the last 8 characters seen, the newest on top. */
uint16_t
json_keys_tag_escaped(struct span inner)
{
	struct json_escape_reader r = json_escape_read(inner);
	uint64_t first = 0, last = 0;
	size_t n = 0;
	int c;

	for (c = json_escape_next(&r); c >= 0; c = json_escape_next(&r), n++) {
		if (n < 8)
			first |= (uint64_t)c << n * 8;
		last = last >> 8 | (uint64_t)c << 56;
	}
	return json_keys_tag_of(first, n < 8 ? first : last, n);
}

bool
json_keys_same(const struct json *j, uint32_t a, uint32_t b)
{
	struct json_escape_reader ra, rb;
	int c;

	if (!j->nodes[a].escaped && !j->nodes[b].escaped)
		return span_eq(json_inner(j, a), json_inner(j, b));
	ra = json_escape_read(json_inner(j, a));
	rb = json_escape_read(json_inner(j, b));
	do {
		c = json_escape_next(&ra);
		if (c != json_escape_next(&rb))
			return false;
	} while (c >= 0);
	return true;
}

/* An empty table of a power of two slots, at most half full in the end. */
static size_t
clear_table(struct json *j, size_t members)
{
	size_t room = TABLE_LEAST;

	while (room < members * 2)
		room *= 2;
	if (j->table_room < room) {
		j->table = xrealloc(j->table, room * sizeof(*j->table));
		j->table_room = room;
	}
	memset(j->table, 0, room * sizeof(*j->table));
	return room - 1;
}

/* A slot: half of the key's hash above its node's index. */
uint32_t
json_keys_repeated(struct json *j, uint32_t object, size_t members)
{
	/* The seed is no constant, or keys could be made to collide. */
	uint64_t seed = hash_fold((uintptr_t)j->nodes, JSON_KEYS_MIX);
	size_t mask = clear_table(j, members), at;
	uint64_t hash, slot;

	for (JSON_EACH(j, object, key, value)) {
		hash = j->nodes[key].escaped ?
		    json_keys_hash_escaped(json_inner(j, key), seed) :
		    json_keys_hash(json_inner(j, key), seed);
		for (at = hash & mask; j->table[at]; at = (at + 1) & mask) {
			slot = j->table[at];
			if (slot >> 32 == hash >> 32 &&
			    json_keys_same(j, (uint32_t)slot, key))
				return key;
		}
		j->table[at] = (hash >> 32 << 32) | key;
	}
	return 0;
}
