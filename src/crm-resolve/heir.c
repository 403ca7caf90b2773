/* SPDX-License-Identifier: MIT */
#include "heir.h"

#include "../lib/limits.h"

void
heir_init(struct heir *h)
{
	buf_init(&h->id, LIMIT_ID, "id");
	buf_init(&h->uid, LIMIT_KEY, "uid");
}

void
heir_free(struct heir *h)
{
	buf_free(&h->id);
	buf_free(&h->uid);
}

void
heir_forget(struct heir *h)
{
	buf_reset(&h->id);
	buf_reset(&h->uid);
}

void
heir_note(struct heir *h, struct span into, struct span uid)
{
	if (span_eq(into, buf_view(&h->id)))
		return;
	heir_forget(h);
	if (into.len > LIMIT_ID || uid.len > LIMIT_KEY)
		return;
	buf_span(&h->id, into);
	buf_span(&h->uid, uid);
}

bool
heir_find(const struct heir *h, struct span id, struct span *uid)
{
	if (!h->id.len || !span_eq(id, buf_view(&h->id)))
		return false;
	*uid = buf_view(&h->uid);
	return true;
}
