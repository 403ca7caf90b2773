/* SPDX-License-Identifier: MIT */
/*
 * likeness_share: what people who are two have in common: a household its last
 * name, address and phone, colleagues their company, two companies a house.
 * Fields are not independent then, so their weights together count only up to
 * a ceiling, the lower the surer it is that the names are not the same.
 */
#include "likeness_share.h"

#define ADDRESS_MOST 2000  /* of parts that depend on each other */
#define DIFFERS (-100)     /* a weight from which a name is another one */

/* By what is known of the name; the second where something more their own
 * agrees, too. */
static const struct {
	int most, most_own;
} ceilings[] = {
	[NAME_AGREES] = { 100000, 100000 },
	[NAME_LAST_DIFFERS] = { 1200, 2000 },
	[NAME_UNKNOWN] = { 1400, 2000 },
	[NAME_DIFFERS] = { 800, 2100 },
	[NAME_COMPANY_DIFFERS] = { 1400, 2400 },
};

/* The best weight of a kind; 0 when nothing is known of it. */
static int
best_of(const struct likeness *l, const int *weight, enum likeness_kind kind,
    bool *there)
{
	int best = 0, first = 1;

	for (size_t i = 0; i < l->count; i++) {
		if (l->slot[i].kind != kind)
			continue;
		*there = true;
		if (first || (weight[i] && (!best || weight[i] > best)))
			best = weight[i];
		first = 0;
	}
	return best;
}

enum likeness_name
likeness_share_name(const struct likeness *l, const int *weight)
{
	bool has_given = false, has_family = false, has_company = false;
	int given = best_of(l, weight, LIKE_GIVEN, &has_given);
	int family = best_of(l, weight, LIKE_FAMILY, &has_family);
	int company = best_of(l, weight, LIKE_COMPANY, &has_company);
	bool has_id = false;

	if (best_of(l, weight, LIKE_ID, &has_id) > 0)
		return NAME_AGREES; /* that is theirs alone */
	if (has_given && given <= DIFFERS)
		return NAME_DIFFERS;
	if (has_given && given <= 0)
		return NAME_UNKNOWN;
	if (has_family && family <= 0)
		return NAME_LAST_DIFFERS;
	if (!has_given && !has_family && has_company && company <= 0)
		return NAME_COMPANY_DIFFERS;
	return NAME_AGREES;
}

static bool
is_address(enum likeness_kind kind)
{
	return kind >= LIKE_STREET && kind <= LIKE_COUNTRY;
}

/* Would another of the household, or of the house, have the same? */
static bool
is_shared(enum likeness_kind kind, enum likeness_name name)
{
	if (kind == LIKE_FAMILY)
		return name == NAME_DIFFERS || name == NAME_UNKNOWN;
	if (kind == LIKE_COMPANY)
		return name != NAME_COMPANY_DIFFERS;
	return is_address(kind) || kind == LIKE_PHONE || kind == LIKE_EMAIL ||
	    kind == LIKE_DOMAIN;
}

/*
 * An address of mail; a host, of companies; a day of birth, but twins have
 * other first names.
 */
static bool
is_own(enum likeness_kind kind, enum likeness_name name)
{
	if (name == NAME_COMPANY_DIFFERS)
		return kind == LIKE_EMAIL || kind == LIKE_DOMAIN;
	return kind == LIKE_EMAIL || (kind == LIKE_DATE && name !=
	    NAME_DIFFERS);
}

static bool
has_own(const struct likeness *l, const int *weight, enum likeness_name name)
{
	for (size_t i = 0; i < l->count; i++)
		if (weight[i] > 0 && is_own(l->slot[i].kind, name))
			return true;
	return false;
}

static int
over(int sum, int most)
{
	return sum > most ? sum - most : 0;
}

int
likeness_share(const struct likeness *l, const int *weight)
{
	enum likeness_name name = likeness_share_name(l, weight);
	int address = 0, shared = 0, excess;
	bool own = has_own(l, weight, name);

	for (size_t i = 0; i < l->count; i++)
		if (is_address(l->slot[i].kind))
			address += weight[i];
	excess = over(address, ADDRESS_MOST);
	for (size_t i = 0; i < l->count; i++)
		if (is_shared(l->slot[i].kind, name))
			shared += weight[i];
	return excess + over(shared - excess, own ?
	    ceilings[name].most_own : ceilings[name].most);
}
