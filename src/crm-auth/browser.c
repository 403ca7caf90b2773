/* SPDX-License-Identifier: MIT */
/* browser: shows a person a page, where there is a screen. */
#include "auth.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
has(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* It may go on for as long as the browser does, so it is nobody's child. */
static void
become(const char *url)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(null, 2) < 0 || setsid() < 0)
		_exit(126);
	execlp("xdg-open", "xdg-open", url, (char *)NULL);
	_exit(127);
}

bool
browser_open(const char *url)
{
	int status = -1;
	pid_t child;

	if (!has("DISPLAY") && !has("WAYLAND_DISPLAY"))
		return false;
	child = fork();
	if (child == 0)
		become(url);
	return child > 0 && waitpid(child, &status, 0) == child &&
	    status == 0;
}
