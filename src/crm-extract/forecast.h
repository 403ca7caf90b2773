/* SPDX-License-Identifier: MIT */
/* forecast: how many calls reading all takes, before it begins. */
#ifndef FORECAST_H
#define FORECAST_H

#include "source.h"

#include "../lib/run.h"

/* Said, when they are many; RC_REMOTE when the account has not so many left
 * today. */
enum rc forecast(const struct extraction *s, struct run *r, struct err *e)
    RC_CHECK;

#endif
