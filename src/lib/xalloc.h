/* SPDX-License-Identifier: MIT */
/*
 * xalloc: memory or death.  Running out of memory ends the process with exit
 * 3; that is safe because every durable step is journalled first and every
 * start is a recovery.  (CRM_FAIL_ALLOC=N makes the Nth call fail: fault.h.)
 */
#ifndef XALLOC_H
#define XALLOC_H

#include <stddef.h>

/* The end: for what allocates by itself. */
void xalloc_fail(void) __attribute__((noreturn));

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *ptr, size_t size);
char *xstrdup(const char *str);
char *xstrndup(const char *ptr, size_t len); /* NUL-terminated copy */

#endif
