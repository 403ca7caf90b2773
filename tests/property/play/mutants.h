/* SPDX-License-Identifier: MIT */
/*
 * mutants: deliberate faults in the engine, to show that the invariants can
 * fail.  The linker puts each between the engine's own functions (--wrap), so
 * that the engine itself has no line for them.
 */
#ifndef MUTANTS_H
#define MUTANTS_H

#include <stdbool.h>

/* From now on; false when there is no such one (names on stderr). */
bool mutants_use(const char *name);

/* Its name, NULL: none. */
const char *mutants_used(void);

#endif
