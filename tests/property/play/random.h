/* SPDX-License-Identifier: MIT */
/* random: the same numbers from the same seed, everywhere. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* The next of a sequence (splitmix64); any state will do. */
static inline uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* 0 to n - 1; n is small. */
static inline unsigned
random_below(uint64_t *state, unsigned n)
{
	return (unsigned)(random_next(state) % n);
}

/* True n times of a hundred. */
static inline bool
random_percent(uint64_t *state, unsigned n)
{
	return random_below(state, 100) < n;
}

#endif
