/* SPDX-License-Identifier: MIT */
/* guard: a process that holds secrets keeps them to itself. */
#ifndef GUARD_H
#define GUARD_H

/* From here on it leaves no core and cannot be traced: to be called before it
 * has any.  Cheap when it was. */
void guard_process(void);

/* The same if a secret stands in the environment, be it of no use here: what
 * runs beside a program that needs it has it, too. */
void guard_environment(void);

#endif
