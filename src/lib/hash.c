/* SPDX-License-Identifier: MIT */
/*
 * The construction.  A step is fold(x, y): the 128-bit product of two words,
 * its halves xored.  Up to 16 bytes are two (overlapping) words and two
 * steps.  Longer input runs through four lanes: of each 32 bytes w0..w3 every
 * word enters two lanes, in different company, so that two inputs agree only
 * if two independent 64-bit lanes collide.  The last 32 bytes are read again
 * as one more, possibly overlapping, stripe; the length goes into the end.
 * Word loads are little-endian.  The constants are the first binary digits of
 * square roots of primes, made odd.
 */
#include "hash.h"

#include "le.h"

#define K0 0x6a09e667f3bcc909u /* 2 */
#define K1 0xbb67ae8584caa73bu /* 3 */
#define K2 0x3c6ef372fe94f82bu /* 5 */
#define K3 0xa54ff53a5f1d36f1u /* 7 */
#define K4 0x510e527fade682d1u /* 11 */
#define K5 0x9b05688c2b3e6c1fu /* 13 */

struct pair {
	uint64_t a, b;
};

struct lanes {
	uint64_t a, b, c, d;
};

/* At most 16 bytes as two words; all bytes are in one of them. */
static inline struct pair
load_short(struct span s)
{
	if (s.len >= 8)
		return (struct pair){ le_load64(s.ptr),
			le_load64(s.ptr + s.len - 8) };
	return (struct pair){ le_load_few(s.ptr, s.len), 0 };
}

static inline void
stripe(struct lanes *l, const char *p, uint64_t key)
{
	uint64_t w0 = le_load64(p), w1 = le_load64(p + 8);
	uint64_t w2 = le_load64(p + 16), w3 = le_load64(p + 24);

	l->a = hash_fold(l->a ^ w0, w1 ^ K0 ^ key);
	l->b = hash_fold(l->b ^ w2, w3 ^ K1 ^ key);
	l->c = hash_fold(l->c ^ w1, w2 ^ K2 ^ key);
	l->d = hash_fold(l->d ^ w3, w0 ^ K3 ^ key);
}

/* 17 bytes and more; fewer than 32 make two overlapping half stripes. */
static struct lanes
digest(struct span s, uint64_t key)
{
	struct lanes l = { K4 ^ key, K5 + key, K2 ^ key, K1 + key };
	char few[32];
	size_t n;

	if (s.len < 32) {
		memcpy(few, s.ptr, 16);
		memcpy(few + 16, s.ptr + s.len - 16, 16);
		stripe(&l, few, key);
		return l;
	}
	for (n = 0; n + 32 < s.len; n += 32)
		stripe(&l, s.ptr + n, key);
	stripe(&l, s.ptr + s.len - 32, key);
	return l;
}

/* Spreads a seed, so that seeds 0, 1, 2 share nothing. */
static inline uint64_t
key_of(uint64_t seed)
{
	return hash_fold(seed ^ K3, K4);
}

uint64_t
hash64(struct span s, uint64_t seed)
{
	struct lanes l;
	struct pair w;

	if (s.len <= 16) {
		w = load_short(s);
		return hash_fold(hash_fold(w.a ^ K0 ^ seed,
		    w.b ^ K1 ^ key_of(seed)) ^ K2, K5 ^ seed ^ s.len);
	}
	l = digest(s, key_of(seed));
	return hash_fold(hash_fold(l.a ^ K0, l.c ^ K1 ^ s.len) ^ K2,
	    hash_fold(l.b ^ K3, l.d ^ K4) ^ K5);
}

struct hash128
hash128(struct span s, uint64_t seed)
{
	uint64_t key = key_of(seed);
	struct lanes l;
	struct pair w;

	if (s.len <= 16) {
		w = load_short(s);
		l.a = hash_fold(w.a ^ K0 ^ key, w.b ^ K1);
		l.b = hash_fold(w.b ^ K2, w.a ^ K3 ^ key);
		l.c = w.a + key;
		l.d = w.b ^ key;
	} else {
		l = digest(s, key);
	}
	return (struct hash128){
		hash_fold(l.a ^ l.d ^ K4, l.b + K5) ^
		    hash_fold(l.c ^ K0 ^ s.len, l.a + K1),
		hash_fold(l.b ^ l.c ^ K2, l.d + K3) ^
		    hash_fold(l.d ^ K5 ^ s.len, l.b + K0),
	};
}

/* Nested, lengths hashed: ("a", "bc") and ("ab", "c") differ. */
uint64_t
hash_section(struct span system, struct span object)
{
	return hash64(object, hash64(system, K0));
}

uint64_t
hash_identity(uint64_t base, struct span id)
{
	return hash64(id, base);
}
