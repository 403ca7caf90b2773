/* SPDX-License-Identifier: MIT */
/* conflicts: fields that wait for a person, as those see and name them. */
#ifndef CONFLICTS_H
#define CONFLICTS_H

#include "../lib/record.h"

#define CONFLICTS_VERSION 16 /* hex digits */

/*
 * What there is to be seen of that field, as a number: another value agreed or
 * shown anywhere is another version.
 */
void conflicts_version(const struct state *s, const struct record *r,
    size_t field, char text[CONFLICTS_VERSION + 1]);

#endif
