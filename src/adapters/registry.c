/* SPDX-License-Identifier: MIT */
/* Which adapter serves which kind of kinds.list. */
#include "adapter.h"
#include "web.h"
#include "web_session.h"

#define KIND(name, caps) extern const struct adapter adapter_##name;
#define WEB_KIND(name, caps) \
	extern const struct web web_##name; \
	static const struct adapter adapter_##name = { \
		.kind = &kind_##name, .web = &web_##name, WEB_FUNCTIONS };
#include "kinds.list"
#undef WEB_KIND
#undef KIND

static const struct adapter *const adapters[] = {
#define KIND(name, caps) &adapter_##name,
#define WEB_KIND(name, caps) KIND(name, caps)
#include "kinds.list"
#undef WEB_KIND
#undef KIND
};

const struct adapter *
adapter_find(struct span kind)
{
	for (size_t i = 0; i < sizeof adapters / sizeof *adapters; i++)
		if (span_eq(span_str(adapters[i]->kind->name), kind))
			return adapters[i];
	return NULL;
}
