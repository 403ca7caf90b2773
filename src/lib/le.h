/* SPDX-License-Identifier: MIT */
/* le: little-endian loads from any address, the same on every machine. */
#ifndef LE_H
#define LE_H

#include <stdint.h>
#include <string.h>

static inline uint64_t
le_load64(const char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof(n));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	n = __builtin_bswap64(n);
#endif
	return n;
}

static inline uint32_t
le_load32(const char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	n = __builtin_bswap32(n);
#endif
	return n;
}

/* The first n (0..7) bytes as a number; reads no other byte. */
static inline uint64_t
le_load_few(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;

	if (n >= 4)
		return le_load32(p) | ((uint64_t)le_load32(p + n - 4)
		    << 8 * (n - 4));
	if (n == 0)
		return 0;
	return u[0] | ((uint64_t)u[n / 2] << 8 * (n / 2)) |
	    ((uint64_t)u[n - 1] << 8 * (n - 1));
}

#endif
