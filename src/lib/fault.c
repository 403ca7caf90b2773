/* SPDX-License-Identifier: MIT */
#include "fault.h"

#ifdef CRM_FAULT

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned long steps, allocs;
static const char *last = "start";

/* The number in an environment variable, 0 when there is none. */
static unsigned long
asked(const char *name)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : 0;
}

static void
count_at_exit(void)
{
	const char *path = getenv("CRM_COUNT_FILE");
	char line[128];
	int fd, n;

	if (!path)
		return;
	n = snprintf(line, sizeof line, "%ld %lu %lu\n", (long)getpid(),
	    steps, allocs);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || write(fd, line, (size_t)n) != n)
		_exit(3);
	close(fd);
}

static void
begin(void)
{
	static int begun;

	if (begun)
		return;
	begun = 1;
	atexit(count_at_exit);
}

void
fault_step(const char *name)
{
	begin();
	last = name;
	if (++steps == asked("CRM_DIE_AT"))
		kill(getpid(), SIGKILL);
}

int
fault_alloc(void)
{
	begin();
	return ++allocs == asked("CRM_FAIL_ALLOC");
}

#else
/* A translation unit may not be empty. */
typedef int fault_none;
#endif
