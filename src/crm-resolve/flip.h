/* SPDX-License-Identifier: MIT */
/*
 * flip: two systems that each set a field back to their own value (two people
 * at odds, or two machines) would have it go A, B, A, B for ever, and write
 * each time.  The second time that a value comes back the field is stopped: it
 * becomes a conflict.  Only what goes from system to system counts, each time
 * within three days of the last; what one system changes back and forth is its
 * own matter.
 */
#ifndef FLIP_H
#define FLIP_H

#include "../lib/record.h"
#include "rules.h"

/* Would taking this value go back for the second time? */
bool flip_is_stopped(const struct agreed_field *a, const struct verdict *v);

/* Before the field takes the value; *a still has the one before. */
void flip_note(struct agreed_field *a, const struct verdict *v);

/*
 * A system changed a field we push, so long after what was last known of it.
 * Has it done that already, lately, with this very value?  Notes it.
 */
bool flip_drifts(struct agreed_field *a, struct span value, int64_t after);

#endif
