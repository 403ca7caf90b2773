/* SPDX-License-Identifier: MIT */
/* likeness_field: what two values of one field weigh. */
#include "likeness.h"

#include "fold.h"
#include "nickname.h"
#include "similarity.h"

/* By kind, hundredths of a bit. */
static const struct {
	short agree;   /* taken from the rarity: some that are one differ */
	short differ;
	short edit;    /* taken for each letter that differs */
	short edits;   /* that many may */
} scale[] = {
	[LIKE_GIVEN] = { 30, -400, 250, 2 },
	[LIKE_FAMILY] = { 30, -450, 250, 2 },
	[LIKE_COMPANY] = { 30, -600, 250, 3 },
	[LIKE_STREET] = { 40, -300, 200, 3 },
	[LIKE_NUMBER] = { 30, -250, 400, 1 },
	[LIKE_CITY] = { 30, -250, 200, 3 },
	[LIKE_REGION] = { 20, -250, 200, 1 },
	[LIKE_CODE] = { 30, -300, 350, 1 },
	[LIKE_COUNTRY] = { 10, -300, 200, 1 },
	[LIKE_DATE] = { 20, -600, 350, 2 },
	[LIKE_PHONE] = { 40, -200, 500, 1 },
	[LIKE_EMAIL] = { 40, -200, 400, 2 },
	[LIKE_DOMAIN] = { 40, -300, 500, 1 },
	[LIKE_ID] = { 20, -600, 400, 2 },
	[LIKE_TEXT] = { 50, -200, 200, 3 },
};

#define CROSSED_DATE 300 /* day and month exchanged */
#define INITIAL 400      /* what a letter alone is worth at most */
#define NICKNAME 200     /* taken where one name is short for another */
#define NEAR 850         /* Jaro-Winkler from which names are alike */
#define FAR 650          /* and up to which they are not */

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* What two that are meant to be the same weigh: as rare as the less rare of
 * them, since a misspelt one always is. */
static int
agreeing(const struct likeness_count *c, const struct likeness *l,
    size_t slot, struct span a, struct span b)
{
	return smaller(likeness_rarity(c, l, slot, a), likeness_rarity(c, l,
	    slot, b)) - scale[l->slot[slot].kind].agree;
}

/* 1999-12-04 and 1999-04-12. */
static bool
is_crossed_date(struct span a, struct span b)
{
	return a.len == 8 && b.len == 8 && !memcmp(a.ptr, b.ptr, 4) &&
	    !memcmp(a.ptr + 4, b.ptr + 6, 2) &&
	    !memcmp(a.ptr + 6, b.ptr + 4, 2);
}

/* The letters of words that both have, in thousandths of all letters. */
static int
shared_words(struct span a, struct span b)
{
	uint64_t taken = 0;
	size_t shared = 0, all = a.len + b.len;
	struct span rest_a = a;

	while (rest_a.len) {
		struct span word = span_cut(&rest_a, ' '), rest_b = b;

		for (unsigned at = 0; rest_b.len && at < 64; at++) {
			struct span other = span_cut(&rest_b, ' ');

			if (taken >> at & 1 || !word.len || similarity_edits(
			    word, other, word.len > 4) > (word.len > 4))
				continue;
			taken |= (uint64_t)1 << at;
			shared += word.len + other.len + 2;
			break;
		}
	}
	return (int)(shared * 1000 / (all + 2));
}

/* Store 12 is not store 13, however alike. */
static bool
same_digits(struct span a, struct span b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a.len && (a.ptr[i] < '0' || a.ptr[i] > '9'))
			i++;
		while (j < b.len && (b.ptr[j] < '0' || b.ptr[j] > '9'))
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.ptr[i++] != b.ptr[j++])
			return false;
	}
}

/* From `differ` to what agreeing is worth, as alike as they are. */
static int
between(int alike, int differ, int agree)
{
	if (alike <= FAR)
		return differ;
	if (alike < NEAR)
		return differ - differ * (alike - FAR) / (NEAR - FAR);
	return agree / 2 * (alike - NEAR) / (1000 - NEAR);
}

static bool
has_words(enum likeness_kind kind)
{
	return kind == LIKE_COMPANY || kind == LIKE_STREET ||
	    kind == LIKE_CITY || kind == LIKE_TEXT || kind == LIKE_GIVEN ||
	    kind == LIKE_FAMILY;
}

static int
unequal_words(const struct likeness_count *c, const struct likeness *l,
    size_t slot, struct span a, struct span b)
{
	enum likeness_kind kind = l->slot[slot].kind;
	int alike = similarity_jaro(a, b), words;

	if (kind == LIKE_GIVEN && (a.len == 1 || b.len == 1))
		return *a.ptr == *b.ptr ? smaller(agreeing(c, l, slot, a, b),
		    INITIAL) : scale[kind].differ;
	if (kind == LIKE_GIVEN && nickname_same(a, b)) {
		int agree = agreeing(c, l, slot, a, b) - NICKNAME;

		return agree > 0 ? agree : 0;
	}
	if (memchr(a.ptr, ' ', a.len) || memchr(b.ptr, ' ', b.len)) {
		words = shared_words(a, b);
		alike = words > alike ? words : alike;
	}
	return between(alike, scale[kind].differ, alike < NEAR ? 0 :
	    agreeing(c, l, slot, a, b));
}

int
likeness_field(const struct likeness_count *c, const struct likeness *l,
    size_t slot, struct span a, struct span b)
{
	enum likeness_kind kind = l->slot[slot].kind;
	size_t shorter = a.len < b.len ? a.len : b.len;
	int agree, edits, most = scale[kind].edits;

	if (span_eq(a, b))
		return likeness_rarity(c, l, slot, a) - scale[kind].agree;
	if (span_cmp(a, b) > 0) /* letters are found from one side */
		return likeness_field(c, l, slot, b, a);
	if ((kind == LIKE_COMPANY || kind == LIKE_TEXT) &&
	    !same_digits(a, b))
		return scale[kind].differ;
	if ((size_t)most * 3 > shorter) /* an edit in three letters */
		most = (int)shorter / 3;
	edits = similarity_edits(a, b, most);
	if (edits <= most && shorter > 1) {
		agree = agreeing(c, l, slot, a, b) - edits * scale[kind].edit;
		return agree > 0 ? agree : 0;
	}
	if (kind == LIKE_DATE && is_crossed_date(a, b))
		return agreeing(c, l, slot, a, b) - CROSSED_DATE;
	return has_words(kind) ? unequal_words(c, l, slot, a, b) :
	    scale[kind].differ;
}
