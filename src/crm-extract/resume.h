/* SPDX-License-Identifier: MIT */
/* resume: where the last committed run stopped reading. */
#ifndef RESUME_H
#define RESUME_H

#include "source.h"

/*
 * Sets request.cursor from the checkpoint of this object (memory in `a`), if
 * it was read with the same mapping and scope and nothing of it has to be read
 * again whatever the cursor says.  Without a home or a mapping there is none.
 * What changed is said in *changed: then all is read.
 */
enum rc resume_cursor(struct extraction *s, struct arena *a,
    const char **changed, struct err *e) RC_CHECK;

#endif
