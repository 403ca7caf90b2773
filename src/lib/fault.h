/* SPDX-License-Identifier: MIT */
/*
 * fault: failure points for the crash and fault sweeps.  Compiled to nothing
 * unless CRM_FAULT is defined (make VARIANT=fault).
 *
 *   CRM_DIE_AT=N      SIGKILL ourselves at the Nth durable step
 *   CRM_COUNT_FILE=F  append "program steps allocs" at exit, so that a sweep
 *                     knows how many points there are
 *   CRM_FAIL_ALLOC=N  the Nth allocation fails
 */
#ifndef FAULT_H
#define FAULT_H

#ifdef CRM_FAULT
/* Just before a step that makes something durable or visible elsewhere. */
void fault_step(const char *name);
/* True when this allocation is to fail. */
int fault_alloc(void);
#else
#define fault_step(name) ((void)0)
#define fault_alloc() 0
#endif

#endif
