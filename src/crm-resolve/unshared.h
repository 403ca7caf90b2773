/* SPDX-License-Identifier: MIT */
/*
 * unshared: two systems that are the same objects of one account would be told
 * of each other's records, which are their own, with every run anew; and one
 * under another name than before would be told of all it is known to have.
 */
#ifndef UNSHARED_H
#define UNSHARED_H

#include "intake.h"

/* RC_CONFIG when the open section's account is another system's, too. */
enum rc unshared_check(struct intake *n, const struct account *now,
    struct err *e) RC_CHECK;

#endif
