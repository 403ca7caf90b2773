/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include "web.h"

const struct profile *
profile_find(struct span kind)
{
	const struct adapter *a = adapter_find(kind);

	return a && a->web ? a->web->profile : NULL;
}
