/* SPDX-License-Identifier: MIT */
#include "scope.h"

#include "hash.h"
#include "limits.h"

/* Neither where the records are, nor what they are. */
void
scope_put(struct buf *b, struct span kind, struct span object)
{
	struct buf what;

	buf_init(&what, LIMIT_LINE, "scope");
	buf_counted(&what, kind);
	buf_counted(&what, object);
	buf_printf(b, "%016llx",
	    (unsigned long long)hash64(buf_view(&what), 0));
	buf_free(&what);
}

uint32_t
scope_number(struct span scope)
{
	return (uint32_t)hash64(scope, 0);
}
