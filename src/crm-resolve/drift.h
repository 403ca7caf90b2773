/* SPDX-License-Identifier: MIT */
/*
 * drift: somebody changed a field there that we only push.  The mapping says
 * whether it is overwritten (the default) or kept until another value is
 * agreed on.  A value that comes back soon after it was overwritten is a
 * quarrel, see flip.h.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include "field.h"

enum drift {
	DRIFT_NONE,   /* it is none, or kept */
	DRIFT_TOLD,   /* the side is to be told again */
	DRIFT_STOPPED /* it came back: a person decides */
};

/* Takes what an observation says of a field its system does not show us. */
enum drift drift_take(struct work *w, const struct observation *o,
    size_t field, size_t at);

#endif
