/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "chance.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "raw.h"

static const char *const kind_name[KIND_COUNT] = { "read", "write", "sync",
	"rename", "open", "close", "unlink", "link", "truncate", "mkdir",
	"stat", "lock", "map", "alloc" };

static const struct {
	const char *name;
	int code;
} codes[] = {
	{ "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EINTR", EINTR },
	{ "EDQUOT", EDQUOT }, { "EMFILE", EMFILE }, { "ENOMEM", ENOMEM },
	{ "ENOLCK", ENOLCK }, { "EACCES", EACCES }, { "short", CHANCE_SHORT },
};

static bool active;
static unsigned long counted[KIND_COUNT], steps, die_at, fail_at;
static int fail_kind = -1, fail_code;
static bool fail_on, die_at_end;

/* Of the first look: crm-map has no environment while libjq runs. */
const char *
chance_setting(const char *name)
{
	static struct {
		const char *name, *value;
	} known[16];
	size_t i;

	for (i = 0; i < 16 && known[i].name; i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].value;
	if (i == 16)
		abort();
	known[i].name = name;
	known[i].value = getenv(name);
	return known[i].value;
}

/* Not through the calls that are watched. */
static void
append(const char *path, const char *text, size_t len)
{
	long fd = raw(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT |
	    O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 || raw(SYS_write, (int)fd, text, len) != (long)len)
		abort();
	raw(SYS_close, (int)fd);
}

static void
hit(void)
{
	const char *path = chance_setting("FAULT_HIT");

	if (path)
		append(path, "hit\n", 4);
}

static void
take_how(const char *how)
{
	size_t len = strcspn(how, "+");

	fail_on = how[len] == '+';
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strlen(codes[i].name) == len &&
		    strncmp(codes[i].name, how, len) == 0)
			fail_code = codes[i].code;
	if (!fail_code)
		abort();
}

static void
take_fail(const char *text)
{
	size_t len = strcspn(text, ":");
	char *end;

	for (int i = 0; i < KIND_COUNT; i++)
		if (strlen(kind_name[i]) == len &&
		    strncmp(kind_name[i], text, len) == 0)
			fail_kind = i;
	if (fail_kind < 0 || text[len] != ':')
		abort();
	fail_at = strtoul(text + len + 1, &end, 10);
	if (*end != ':')
		abort();
	take_how(end + 1);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *die = chance_setting("FAULT_DIE");
	const char *fail = chance_setting("FAULT_FAIL");

	(void)chance_setting("FAULT_HIT");
	(void)chance_setting("FAULT_COUNT");
	(void)chance_setting("FAULT_DISK");
	(void)chance_setting("FAULT_STASH");
	(void)chance_setting("FAULT_LOSE");
	if (!chance_setting("FAULT_UNDER"))
		return;
	die_at_end = die && strcmp(die, "end") == 0;
	die_at = die ? strtoul(die, NULL, 10) : 0;
	if (fail)
		take_fail(fail);
	active = true;
}

int
chance(enum kind kind)
{
	unsigned long n;

	if (!active)
		return 0;
	n = ++counted[kind];
	if ((int)kind != fail_kind || n < fail_at || (n > fail_at && !fail_on))
		return 0;
	if (n == fail_at)
		hit();
	return fail_code;
}

bool
chance_step(void)
{
	return active && ++steps == die_at;
}

void
chance_die(void)
{
	hit();
	disk_lose();
	raw(SYS_kill, getpid(), SIGKILL);
	for (;;)
		pause();
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = chance_setting("FAULT_COUNT");
	char text[1024];
	size_t len;

	if (!active)
		return;
	if (chance_step())
		hit();
	if (die_at_end || steps == die_at)
		disk_lose();
	active = false;
	if (!path)
		return;
	len = (size_t)snprintf(text, sizeof text, "step %lu\n", steps);
	for (int i = 0; i < KIND_COUNT; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "%s %lu\n", kind_name[i], counted[i]);
	append(path, text, len);
}

bool
chance_below(const char *list, const char *path)
{
	const char *dirs = chance_setting(list);

	while (dirs && *dirs) {
		size_t len = strcspn(dirs, ":");

		if (len && strncmp(path, dirs, len) == 0 &&
		    (path[len] == '/' || !path[len]))
			return true;
		dirs += len + (dirs[len] == ':');
	}
	return false;
}
