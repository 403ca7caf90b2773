/* SPDX-License-Identifier: MIT */
/* The kinds that are logged in to: one line each in profiles.list. */
#include "profile.h"

#define PROFILE(name) extern const struct profile profile_##name;
#include "profiles.list"
#undef PROFILE

static const struct profile *const profiles[] = {
#define PROFILE(name) &profile_##name,
#include "profiles.list"
#undef PROFILE
	NULL
};

const struct profile *
profile_find(struct span kind)
{
	const struct profile *const *p;

	for (p = profiles; *p; p++)
		if (span_eq(span_str((*p)->kind), kind))
			return *p;
	return NULL;
}
