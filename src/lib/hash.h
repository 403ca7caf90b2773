/* SPDX-License-Identifier: MIT */
/*
 * hash: fast keyed hashes for digests, fingerprints and tables.  Not
 * cryptographic: what must withstand an attacker uses libcrypto.
 */
#ifndef HASH_H
#define HASH_H

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

#endif
