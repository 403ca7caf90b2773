/* SPDX-License-Identifier: MIT */
/*
 * json_scan: the end of a plain run inside a string.  The run ends at a
 * quote, a backslash or a control below 0x20; json_scan_ascii ends also at the
 * first byte of 0x80 and above.  Returns `end` if nothing ends it before.
 *
 * Two ways to the same answer, both always compiled so that tests can compare
 * them: 16 bytes at a time where SSE2 is, 8 everywhere.
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "le.h"

#define JSON_SCAN_ONES 0x0101010101010101u
#define JSON_SCAN_TOPS 0x8080808080808080u

static inline bool
json_scan_stops(unsigned char c, bool ascii)
{
	return c == '"' || c == '\\' || c < 0x20 || (ascii && c >= 0x80);
}

static inline const char *
json_scan_bytes(const char *p, const char *end, bool ascii)
{
	while (p < end && !json_scan_stops((unsigned char)*p, ascii))
		p++;
	return p;
}

/*
 * The top bit of each byte says whether it stops.  A borrow can mark a byte
 * wrongly only above one marked rightly: the lowest mark is exact.
 */
static inline uint64_t
json_scan_word(uint64_t x, bool ascii)
{
	uint64_t quote = x ^ JSON_SCAN_ONES * '"';
	uint64_t slash = x ^ JSON_SCAN_ONES * '\\';
	uint64_t marks = ((quote - JSON_SCAN_ONES) & ~quote) |
	    ((slash - JSON_SCAN_ONES) & ~slash) |
	    ((x - JSON_SCAN_ONES * 0x20) & ~x);

	return (ascii ? marks | x : marks) & JSON_SCAN_TOPS;
}

static inline const char *
json_scan_swar(const char *p, const char *end, bool ascii)
{
	uint64_t marks;

	while (end - p >= 8) {
		marks = json_scan_word(le_load64(p), ascii);
		if (marks)
			return p + __builtin_ctzll(marks) / 8;
		p += 8;
	}
	/* behind what is left stand zeros, which stop */
	marks = json_scan_word(le_load_few(p, (size_t)(end - p)), ascii);
	p += __builtin_ctzll(marks) / 8;
	return p < end ? p : end;
}

#ifdef __SSE2__
/* Signed, 0x80 and above are negative: one comparison finds them and controls.
 */
static inline unsigned
json_scan_vector(__m128i x, bool ascii)
{
	__m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
	__m128i slash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));
	__m128i low = ascii ? _mm_cmplt_epi8(x, _mm_set1_epi8(0x20)) :
	    _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x);

	return (unsigned)_mm_movemask_epi8(
	    _mm_or_si128(_mm_or_si128(quote, slash), low));
}

static inline const char *
json_scan_sse2(const char *p, const char *end, bool ascii)
{
	unsigned marks;

	while (end - p >= 16) {
		marks = json_scan_vector(
		    _mm_loadu_si128((const __m128i *)(const void *)p), ascii);
		if (marks)
			return p + __builtin_ctz(marks);
		p += 16;
	}
	return json_scan_swar(p, end, ascii);
}
#define json_scan_fastest json_scan_sse2
#else
#define json_scan_fastest json_scan_swar
#endif

static inline const char *
json_scan(const char *p, const char *end)
{
	return json_scan_fastest(p, end, false);
}

static inline const char *
json_scan_ascii(const char *p, const char *end)
{
	return json_scan_fastest(p, end, true);
}

#endif
