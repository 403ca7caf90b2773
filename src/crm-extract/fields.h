/* SPDX-License-Identifier: MIT */
/* fields: which fields an object has, instead of its records. */
#ifndef FIELDS_H
#define FIELDS_H

#include "source.h"

/*
 * A line of type "field" for each.  Of a system that does not tell its fields
 * they are the members of its first records, and each line says in how many it
 * was seen; RC_CONFIG when there are none.
 */
enum rc fields_run(struct extraction *s, struct err *e) RC_CHECK;

#endif
