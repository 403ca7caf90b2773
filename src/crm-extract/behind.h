/* SPDX-License-Identifier: MIT */
/* behind: which account stands behind the system's name. */
#ifndef BEHIND_H
#define BEHIND_H

#include "../lib/account.h"
#include "source.h"

/* An empty name where nobody can say; RC_PERSON when it is another one than
 * the home knows. */
enum rc behind_find(const struct extraction *s, struct account *a,
    struct err *e) RC_CHECK;

#endif
