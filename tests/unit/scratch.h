/* SPDX-License-Identifier: MIT */
/* scratch: a home of a sync in a fresh folder, removed at the end. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "home.h"
#include "state.h"

static char scratch_dir[4096], scratch_home[4200];

static inline void
scratch_clear(const char *dir)
{
	char path[9000];
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (!d)
		return;
	for (entry = readdir(d); entry; entry = readdir(d)) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(path, sizeof path, "%s/%s", dir,
		    entry->d_name) < (int)sizeof path && unlink(path) != 0)
			scratch_clear(path);
	}
	closedir(d);
	rmdir(dir);
}

static inline void
scratch_remove(void)
{
	scratch_clear(scratch_dir);
}

/* CRM_HOME is an empty home without a state. */
static inline void
scratch_make(void)
{
	const char *tmp = getenv("TMPDIR");
	char path[4300];
	FILE *f;

	snprintf(scratch_dir, sizeof scratch_dir, "%s/unit-XXXXXX",
	    tmp ? tmp : "/tmp");
	if (!mkdtemp(scratch_dir))
		abort();
	atexit(scratch_remove);
	snprintf(scratch_home, sizeof scratch_home, "%s/.crm", scratch_dir);
	if (mkdir(scratch_home, 0700) != 0)
		abort();
	setenv("CRM_HOME", scratch_home, 1);
	snprintf(path, sizeof path, "%s/%s", scratch_home, HOME_MARKER);
	f = fopen(path, "w");
	if (!f || fputs(HOME_FORMAT, f) < 0 || fclose(f) != 0)
		abort();
}

/* And a state, opened for writing. */
static inline struct state *
scratch_state(void)
{
	struct state *s = NULL;
	struct err e;

	scratch_make();
	if (state_create(scratch_home, &e) || state_open(&s, false, &e)) {
		printf("# %s\n", e.text);
		abort();
	}
	return s;
}

/* The same numbers everywhere. */
static inline uint32_t
scratch_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

#endif
