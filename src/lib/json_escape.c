/* SPDX-License-Identifier: MIT */
#include "json_escape.h"

#include <stdint.h>

#include "utf8.h"

#define ESCAPE_LEN 6 /* \uXXXX */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The value of \uXXXX at p, or -1 when there is none. */
static int32_t
unit_at(const char *p, size_t room)
{
	int32_t unit = 0;
	int i, digit;

	if (room < ESCAPE_LEN || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < ESCAPE_LEN; i++) {
		digit = hex_digit(p[i]);
		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static bool
is_high(int32_t unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool
is_low(int32_t unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

static size_t
check_unit(struct span s, const char **why)
{
	int32_t unit = unit_at(s.ptr, s.len);

	if (unit < 0) {
		*why = "\\u needs four hexadecimal digits";
		return 0;
	}
	if (is_high(unit) && is_low(unit_at(s.ptr + ESCAPE_LEN,
	    s.len - ESCAPE_LEN)))
		return 2 * ESCAPE_LEN;
	if (is_high(unit) || is_low(unit)) {
		*why = "lone surrogate";
		return 0;
	}
	return ESCAPE_LEN;
}

size_t
json_escape_check(struct span s, const char **why)
{
	if (s.len < 2) {
		*why = "the text ends inside a string";
		return 0;
	}
	switch (s.ptr[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return 2;
	case 'u':
		return check_unit(s, why);
	default:
		*why = "unknown escape";
		return 0;
	}
}

static char
decode_letter(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

size_t
json_escape_decode(const char *p, char out[4], size_t *len)
{
	int32_t high, low;

	if (p[1] != 'u') {
		*len = 2;
		out[0] = decode_letter(p[1]);
		return 1;
	}
	high = unit_at(p, ESCAPE_LEN);
	*len = ESCAPE_LEN;
	if (!is_high(high))
		return utf8_encode((uint32_t)high, out);
	low = unit_at(p + ESCAPE_LEN, ESCAPE_LEN);
	*len = 2 * ESCAPE_LEN;
	return utf8_encode((uint32_t)(0x10000 + ((high - 0xd800) << 10) +
	    (low - 0xdc00)), out);
}

size_t
json_escape_decode_all(struct span inner, char *out)
{
	const char *p = inner.ptr, *end = p + inner.len, *slash;
	char bytes[4], *o = out;
	size_t n, len;

	while (p < end) {
		slash = memchr(p, '\\', (size_t)(end - p));
		n = (size_t)((slash ? slash : end) - p);
		memcpy(o, p, n);
		o += n;
		p += n;
		if (!slash)
			break;
		n = json_escape_decode(p, bytes, &len);
		memcpy(o, bytes, n);
		o += n;
		p += len;
	}
	return (size_t)(o - out);
}

int
json_escape_next(struct json_escape_reader *r)
{
	size_t len;

	if (r->at < r->n)
		return (unsigned char)r->out[r->at++];
	if (r->p == r->end)
		return -1;
	if (*r->p != '\\')
		return (unsigned char)*r->p++;
	r->n = (unsigned)json_escape_decode(r->p, r->out, &len);
	r->p += len;
	r->at = 1;
	return (unsigned char)r->out[0];
}
