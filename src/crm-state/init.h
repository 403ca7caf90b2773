/* SPDX-License-Identifier: MIT */
/* init: the directory and the files of a new home. */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>

#include "../lib/err.h"
#include "../lib/span.h"

/*
 * Makes the directory on a disk of this machine; an empty one will do.
 * RC_CONFIG when a home, or anything else, is there.
 */
enum rc init_directory(const char *home, bool *made, struct err *e) RC_CHECK;

/*
 * A file there of the owner's alone, whole and synced or not there at all.
 * One that is there is somebody's own, and stays.
 */
enum rc init_file(const char *home, const char *name, struct span text,
    struct err *e) RC_CHECK;

/* The marker comes last: without it what is there is no home. */
enum rc init_mark(const char *home, struct err *e) RC_CHECK;

#endif
