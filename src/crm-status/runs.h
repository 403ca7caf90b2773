/* SPDX-License-Identifier: MIT */
/* runs: the last runs: when, how long, how much, and how they ended. */
#ifndef RUNS_H
#define RUNS_H

#include "../lib/run.h"
#include "../lib/state.h"

/* A line each, oldest first; JSON lines or text. */
enum rc runs_list(struct state *s, size_t last, bool json, struct err *e)
    RC_CHECK;

#endif
