/* SPDX-License-Identifier: MIT */
/*
 * account: which fields an account has of an object, as crm-extract --fields
 * tells them.  That is a program of its own, so that this one need not speak
 * to anybody.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>

#include "../lib/arena.h"
#include "../lib/buf.h"
#include "../lib/err.h"
#include "../lib/span.h"

struct account_field {
	struct span name, holds; /* holds: a type's word, or empty */
	bool writable, required, unique;
	size_t max_length;       /* 0: not told */
	struct span *options;    /* values of a pick list */
	size_t option_count;
};

struct account_fields {
	struct arena arena; /* owns all below */
	struct account_field *items;
	size_t count;
	bool told;          /* not only seen in records */
};

/* `self`: argv[0]; crm-extract is looked for beside it. */
void account_beside(const char *self);

/*
 * Appends what crm-extract SYSTEM OBJECT --fields prints; what it has to say
 * it says itself.  Its exit status as rc.
 */
enum rc account_ask(struct buf *text, struct span system, struct span object,
    struct err *e) RC_CHECK;

/* The same, taken apart. */
enum rc account_fields_load(struct account_fields *f, struct span system,
    struct span object, struct err *e) RC_CHECK;
void account_fields_free(struct account_fields *f);

/* NULL when there is none; `folded`: whatever its case (ASCII). */
const struct account_field *account_fields_find(
    const struct account_fields *f, struct span name, bool folded);

#endif
