/* SPDX-License-Identifier: MIT */
#include "csv_id.h"

#include "../lib/charcase.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits_at(struct span s)
{
	size_t n = 0;

	while (n < s.len && is_digit(s.ptr[n]))
		n++;
	return n;
}

static struct span
behind(struct span s, size_t n)
{
	return span_of(s.ptr + n, s.len - n);
}

/*
 * "1.23457E+11": a spreadsheet shows a long number so, and saves it so.  What
 * it was nobody knows, and many have become the same.
 */
static bool
is_rounded(struct span s)
{
	size_t n = digits_at(s);

	if (n != 1)
		return false;
	s = behind(s, n);
	if (s.len && (s.ptr[0] == '.' || s.ptr[0] == ',')) {
		s = behind(s, 1);
		n = digits_at(s);
		s = behind(s, n);
	}
	if (!n || s.len < 3 || (s.ptr[0] != 'E' && s.ptr[0] != 'e') ||
	    s.ptr[1] != '+')
		return false;
	s = behind(s, 2);
	return digits_at(s) == s.len;
}

/* Where a file was put behind another its mark stands in the middle. */
static struct span
without_mark(struct span s)
{
	return s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0 ?
	    behind(s, 3) : s;
}

const char *
csv_id_read(struct span cell, const struct csv_id_words *w, struct span *id)
{
	*id = charcase_trim(without_mark(cell));
	if (!id->len || span_eq(cell, w->null_marker))
		return "no id";
	if (charcase_eq(*id, w->header))
		return "the header once more: two files put together?";
	if (is_rounded(*id))
		return "the id is a number that a spreadsheet has rounded";
	return NULL;
}
