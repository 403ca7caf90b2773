/* SPDX-License-Identifier: MIT */
#include "kind.h"

#define KIND(id, can) const struct kind kind_##id = { #id, can };
#define WEB_KIND(id, can) KIND(id, can)
#include "kinds.list"
#undef KIND

static const struct kind *const kinds[] = {
#define KIND(id, can) &kind_##id,
#include "kinds.list"
#undef WEB_KIND
#undef KIND
};

const struct kind *
kind_at(size_t i)
{
	return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

const struct kind *
kind_find(struct span name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (span_eq(span_str(kinds[i]->name), name))
			return kinds[i];
	return NULL;
}
