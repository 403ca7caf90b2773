/* SPDX-License-Identifier: MIT */
/*
 * chance: which call fails, and when the program dies.
 *
 *   FAULT_UNDER=DIR[:DIR...]  only calls on files below these count (alloc:
 *                             every one)
 *   FAULT_FAIL=KIND:N:HOW     the Nth call of that kind fails; HOW is an
 *                             errno's name, or "short" (half of it is read or
 *                             written); with a + behind it all later ones
 *                             fail as well
 *   FAULT_DIE=N               SIGKILL just before the Nth durable step; the
 *                             last step (also "end") is the program's own
 *                             end, and there it ends as it would have
 *   FAULT_COUNT=FILE          at the end appends "KIND COUNT" lines: of steps
 *                             and of each kind
 *   FAULT_HIT=FILE            made when the fault or the death took place
 *
 * and disk.h's.  Nothing is done without FAULT_UNDER.
 */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdbool.h>

enum kind {
	KIND_READ, KIND_WRITE, KIND_SYNC, KIND_RENAME, KIND_OPEN, KIND_CLOSE,
	KIND_UNLINK, KIND_LINK, KIND_TRUNCATE, KIND_MKDIR, KIND_STAT,
	KIND_LOCK, KIND_MAP, KIND_ALLOC, KIND_COUNT
};

#define CHANCE_SHORT (-1)

/* Counts a call; 0: let it be, CHANCE_SHORT, or the errno to fail with. */
int chance(enum kind kind);

/* Counts a durable step; true when it is the one to die at. */
bool chance_step(void);

/* Dies, after what disk.h says about what was not synced. */
void chance_die(void) __attribute__((noreturn));

/* A setting out of the environment as it was at the start, or NULL. */
const char *chance_setting(const char *name);

/* Is this absolute path below one of the list in the environment? */
bool chance_below(const char *list, const char *path);

#endif
