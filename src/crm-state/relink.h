/* SPDX-License-Identifier: MIT */
/*
 * relink: links out of what the systems say: records on standard input are
 * linked to the record of the uid they carry, or are the origin of, where
 * nothing speaks against it.
 */
#ifndef RELINK_H
#define RELINK_H

#include "../lib/run.h"

/* Says on stdout what was not linked and why, and at last how many were. */
void relink_run(struct run *r);

#endif
