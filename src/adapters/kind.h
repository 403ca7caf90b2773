/* SPDX-License-Identifier: MIT */
/*
 * kind: the kinds of systems there are, one line each in kinds.list, and what
 * they can do.  Who decides needs no more; how it is done is in adapter.h, for
 * those who speak to systems.
 */
#ifndef KIND_H
#define KIND_H

#include "../lib/span.h"

enum kind_caps {
	/* A complete listing is all there is: what it lacks is gone. */
	CAP_LIST_IS_ALL = 1 << 0,
	/* Writes carry the version they were decided against. */
	CAP_IF_MATCH = 1 << 1,
	/* Our uid travels in the record: a create may be repeated. */
	CAP_CREATE_BY_UID = 1 << 2,
	CAP_ARCHIVE = 1 << 3,
	CAP_DELETE = 1 << 4,
	/* A target that is written once and never read (an export). */
	CAP_WRITE_ONCE = 1 << 5,
	/* With the checkpoint's cursor a read may be spared or shortened. */
	CAP_CURSOR = 1 << 6,
	/* What is read is what is there now: nothing lags, no copy is old. */
	CAP_CURRENT = 1 << 7,
	CAP_WRITE = 1 << 8,
	/* From a cursor it shows only what changed since. */
	CAP_DELTA = 1 << 9
};

struct kind {
	const char *name; /* the adapter's, and the one in systems.jq */
	unsigned caps;
};

#define KIND(name, caps) extern const struct kind kind_##name;
#define WEB_KIND(name, caps) KIND(name, caps)
#include "kinds.list"
#undef WEB_KIND
#undef KIND

/* NULL when there is no such kind. */
const struct kind *kind_find(struct span name);
/* The i-th, NULL after the last: for listings. */
const struct kind *kind_at(size_t i);

#endif
