/* SPDX-License-Identifier: MIT */
/*
 * renamed: records that are known by the name their object had would all be
 * new under another, and be made again in the other systems.
 */
#ifndef RENAMED_H
#define RENAMED_H

#include "intake.h"

/*
 * RC_CONFIG when the open section's object was never read into its entity, and
 * another one of its system was, of which records are live.
 */
enum rc renamed_check(struct intake *n, struct err *e) RC_CHECK;

#endif
