/* SPDX-License-Identifier: MIT */
#include "legal_form.h"

/*
 * Folded, so "S.p.A." stands as "spa" and "A/S" as "a s".  Parts of longer
 * forms ("and co kg", "pty ltd") go one after the other.
 */
static const char *const forms[] = {
	"a s", "ab", "ag", "aktiengesellschaft", "aktiebolag", "aps", "as",
	"asa", "bhd", "bv", "bvba", "co", "company", "corp", "corporation",
	"cv", "cvba", "doo", "dd", "ev", "eg", "eingetragener kaufmann",
	"ek", "eood", "eurl", "gbr", "gesmbh", "gie", "gmbh", "gmbh and co",
	"hf", "inc", "incorporated", "jsc", "k k", "kft", "kg", "kgaa", "kk",
	"kommanditgesellschaft", "kommanditsellskab", "ks", "lda", "limited",
	"limitada", "limited company", "llc", "llp", "lp", "ltd", "ltda",
	"mbh", "nv", "nyrt", "oao", "og", "ohg", "ood", "ooo", "oy", "oyj",
	"plc", "pllc", "pte", "pty", "pvt", "private", "proprietary", "pt",
	"public limited company", "rt", "s a", "s a r l", "s l", "s p a",
	"s r l", "sa", "sab", "sae", "sal", "sarl", "sas", "sasu", "sca",
	"scs", "sdn", "se", "sia", "sicav", "sl", "slu", "snc", "societe",
	"societe anonyme", "sp k", "sp z oo", "sp zoo", "spa", "spol",
	"spol sro", "spol s ro", "srl", "sro", "stiftung", "tbk", "uab", "ug",
	"ug haftungsbeschrankt", "ulc", "unlimited", "vof", "zao", "zrt",
};

#define WORDS_MOST 3 /* of one form */

static bool
is_form(struct span words)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (*forms[i] == *words.ptr && span_eq(words,
		    span_str(forms[i])))
			return true;
	return false;
}

/* The name before its last n words; empty when it has no more than these. */
static struct span
before_last(struct span name, size_t n)
{
	while (n--) {
		while (name.len && name.ptr[name.len - 1] != ' ')
			name.len--;
		if (!name.len)
			return name;
		name.len--;
	}
	return name;
}

/* Its last form, the longest that fits, gone; the same when it has none. */
static struct span
strip_one(struct span name)
{
	for (size_t n = WORDS_MOST; n; n--) {
		struct span left = before_last(name, n);

		if (left.len && is_form(span_of(name.ptr + left.len + 1,
		    name.len - left.len - 1)))
			return left;
	}
	return name;
}

static struct span
without_and(struct span name)
{
	struct span left = before_last(name, 1);
	struct span last = span_of(name.ptr + left.len + (left.len > 0),
	    name.len - left.len - (left.len > 0));

	return left.len && (span_eq(last, SPAN("and")) ||
	    span_eq(last, SPAN("und"))) ? left : name;
}

struct span
legal_form_strip(struct span name)
{
	struct span whole = name, left = strip_one(name);

	while (left.len != name.len) {
		name = without_and(left);
		left = strip_one(name);
	}
	if (name.len > 4 && memcmp(name.ptr, "the ", 4) == 0)
		name = span_of(name.ptr + 4, name.len - 4);
	return name.len ? name : whole;
}
