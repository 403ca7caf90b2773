/* SPDX-License-Identifier: MIT */
/* nickname: Bob is Robert: first names that are short for others. */
#ifndef NICKNAME_H
#define NICKNAME_H

#include <stdbool.h>

#include "span.h"

/* Folded first names (fold.h), of which one is short for the other or both
 * are for a third. */
bool nickname_same(struct span a, struct span b);

#endif
