/* SPDX-License-Identifier: MIT */
/*
 * hash: fast keyed hashes for digests, fingerprints and tables.  Not
 * cryptographic: what must withstand an attacker uses libcrypto.
 */
#ifndef HASH_H
#define HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

struct hash128 {
	uint64_t lo, hi;
};

/* The same bytes and seed give the same hash on every machine. */
uint64_t hash64(struct span s, uint64_t seed);
struct hash128 hash128(struct span s, uint64_t seed);

static inline bool
hash128_eq(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/*
 * What a stream's `digest` sums up (mod 2^64): one record's identity.  `base`
 * is hash_section() of its section, so that the hot loop hashes ids only.
 */
uint64_t hash_section(struct span system, struct span object);
uint64_t hash_identity(uint64_t base, struct span id);

/* The building block: both halves of the 128-bit product, xored. */
static inline uint64_t
hash_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 m = a;

	m *= b;
	return (uint64_t)m ^ (uint64_t)(m >> 64);
#else
	uint64_t al = a & 0xffffffff, ah = a >> 32;
	uint64_t bl = b & 0xffffffff, bh = b >> 32;
	uint64_t low = al * bl, mid = ah * bl + (low >> 32);
	uint64_t cross = al * bh + (mid & 0xffffffff);

	return (a * b) ^ (ah * bh + (mid >> 32) + (cross >> 32));
#endif
}

#endif
