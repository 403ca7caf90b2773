/* SPDX-License-Identifier: MIT */
/* phone: digits of a number, and its extension. */
#include "phone.h"

#include "charcase.h"

/* E.164 has 15 and "00" may stand before them; more are two numbers. */
#define DIGITS_MAX 17

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* White space as charcase_squeeze has it: what that makes one blank of parts
 * digits before, too. */
static bool
is_separator(char c)
{
	return c == ' ' || c == '(' || c == ')' || c == '-' || c == '.' ||
	    c == '/' || (c >= '\t' && c <= '\r');
}

/* Length of a word that starts an extension here, 0 when none does. */
static size_t
extension_word(struct span s)
{
	static const char *const words[] = { "extension", "ext.", "ext", "x",
		"#", ";ext=" };
	size_t i, n;

	switch (s.ptr[0] | 0x20) {
	case 'e': case 'x': case '#' | 0x20: case ';' | 0x20:
		break;
	default:
		return 0;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (s.len > n && charcase_eq(span_of(s.ptr, n),
		    span_of(words[i], n)))
			return n;
	}
	return 0;
}

/* Digits of all of s into out; false when there is anything but separators. */
static bool
take_digits(struct span s, char *out, size_t *count)
{
	size_t i;

	*count = 0;
	for (i = 0; i < s.len; i++) {
		if (is_digit(s.ptr[i])) {
			if (*count == DIGITS_MAX)
				return false;
			out[(*count)++] = s.ptr[i];
		} else if (s.len - i >= 2 && !memcmp(s.ptr + i, "\xc2\xa0",
		    2)) {
			i++; /* no-break space */
		} else if (s.len - i >= 3 && !memcmp(s.ptr + i,
		    "\xe3\x80\x80", 3)) {
			i += 2; /* ideographic space */
		} else if (!is_separator(s.ptr[i])) {
			return false;
		}
	}
	return true;
}

/* Splits off an extension; `s` keeps the number. */
static struct span
split_extension(struct span *s)
{
	struct span rest;
	size_t i, n;

	for (i = 1; i < s->len; i++) {
		n = extension_word(span_of(s->ptr + i, s->len - i));
		if (!n)
			continue;
		rest = span_of(s->ptr + i + n, s->len - i - n);
		s->len = i;
		return charcase_trim(rest);
	}
	return span_of(NULL, 0);
}

/* "+44 (0)20": the zero in brackets is not dialled from abroad. */
static struct span
without_trunk_zero(struct span s, char *copy, size_t room)
{
	size_t i;

	for (i = 0; i + 3 <= s.len; i++)
		if (!memcmp(s.ptr + i, "(0)", 3))
			break;
	if (i + 3 > s.len || s.len > room)
		return s;
	memcpy(copy, s.ptr, i);
	memcpy(copy + i, s.ptr + i + 3, s.len - i - 3);
	return span_of(copy, s.len - 3);
}

static bool
put_number(struct buf *b, struct span text)
{
	char digits[DIGITS_MAX], extension[DIGITS_MAX], copy[64];
	struct span number = text, ext = split_extension(&number);
	size_t count, ext_count = 0;
	bool plus;

	number = charcase_trim(number);
	plus = number.len && number.ptr[0] == '+';
	if (plus) {
		number = span_of(number.ptr + 1, number.len - 1);
		number = without_trunk_zero(number, copy, sizeof(copy));
	}
	if (!take_digits(number, digits, &count) || count < 3)
		return false;
	if (ext.ptr && (!take_digits(ext, extension, &ext_count) ||
	    !ext_count))
		return false;
	number = span_of(digits, count);
	if (!plus && count > 7 && digits[0] == '0' && digits[1] == '0') {
		plus = true;
		number = span_of(digits + 2, count - 2);
	}
	if (plus)
		buf_putc(b, '+');
	buf_span(b, number);
	if (ext_count) {
		BUF_LIT(b, " x");
		buf_put(b, extension, ext_count);
	}
	return true;
}

void
phone_put(struct buf *b, struct span text)
{
	text = charcase_trim(text);
	if (!put_number(b, text))
		charcase_squeeze(b, text);
}

bool
phone_equivalent(struct span a, struct span b)
{
	struct span t;

	if (span_eq(a, b))
		return true;
	if (a.len < b.len) {
		t = a;
		a = b;
		b = t;
	}
	/* a is the longer: "+15551234567" against "5551234567" */
	if (a.len - b.len > 4 || !a.len || a.ptr[0] != '+' || b.len < 7 ||
	    !is_digit(b.ptr[0]))
		return charcase_eq(a, b);
	if (b.ptr[0] == '0') /* national trunk zero: 020… against +4420… */
		b = span_of(b.ptr + 1, b.len - 1);
	return span_eq(span_of(a.ptr + (a.len - b.len), b.len), b);
}
