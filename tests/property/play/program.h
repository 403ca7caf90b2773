/* SPDX-License-Identifier: MIT */
/*
 * program: the shipped programs, run in this process.
 *
 * They are the very objects the shipped ones are linked from: only main has a
 * name of its own in each, exit comes back here, and the variables of each have
 * sections of their own, so that each run begins as a fresh process does (see
 * rules.mk).  What a real process is spared by its end costs us: memory
 * and descriptors that a program leaves are found here.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdio.h>

#define PROGRAM_WORDS 16

/* Once: takes stdin, stdout and stderr away; returns the old stdout. */
FILE *program_start(void);

/*
 * Runs argv[0] with its streams (streams.h; NULL: none) in the current folder
 * at that time and run id.  Returns the exit status; what it said on stderr is
 * then in program_said.  Ends this process when a descriptor is left open.
 */
int program_run(char *const *argv, const char *in, const char *out,
    const char *now, const char *run);

/* In each process that is to run some, again after fork. */
void program_begin(void);
/* From now on stderr is our own again: for what the sanitizers say at exit. */
void program_end(void);

/* The last program's stderr, or as much as there is room for. */
const char *program_said(void);

#endif
