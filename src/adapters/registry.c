/* SPDX-License-Identifier: MIT */
/* The kinds there are: one line each in adapters.list. */
#include "adapter.h"

#define ADAPTER(name) extern const struct adapter adapter_##name;
#include "adapters.list"
#undef ADAPTER

static const struct adapter *const adapters[] = {
#define ADAPTER(name) &adapter_##name,
#include "adapters.list"
#undef ADAPTER
	NULL
};

const struct adapter *
adapter_find(struct span kind)
{
	const struct adapter *const *a;

	for (a = adapters; *a; a++)
		if (span_eq(span_str((*a)->kind), kind))
			return *a;
	return NULL;
}

const struct adapter *
adapter_at(size_t i)
{
	return i < sizeof adapters / sizeof *adapters ? adapters[i] : NULL;
}
