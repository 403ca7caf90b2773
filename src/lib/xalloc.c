/* SPDX-License-Identifier: MIT */
#include "xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

#define EXIT_ENVIRONMENT 3

/* No stdio here: it may allocate. */
void
xalloc_fail(void)
{
	static const char text[] = "out of memory\n";

	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(EXIT_ENVIRONMENT);
	_exit(EXIT_ENVIRONMENT);
}

static void *
check(void *ptr)
{
	if (!ptr)
		xalloc_fail();
	return ptr;
}

void *
xmalloc(size_t size)
{
	return check(fault_alloc() ? NULL : malloc(size ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
	return check(fault_alloc() ? NULL :
	    calloc(count ? count : 1, size ? size : 1));
}

void *
xrealloc(void *ptr, size_t size)
{
	return check(fault_alloc() ? NULL : realloc(ptr, size ? size : 1));
}

char *
xstrdup(const char *str)
{
	return xstrndup(str, strlen(str));
}

char *
xstrndup(const char *ptr, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		check(NULL);
	copy = xmalloc(len + 1);
	if (len)
		memcpy(copy, ptr, len);
	copy[len] = '\0';
	return copy;
}
