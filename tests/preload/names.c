/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "names.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chance.h"
#include "raw.h"

#define CHANGES 4096
#define DIRS 64
#define EXCHANGE 2u

enum change_kind { MADE, MADE_DIRECTORY, REMOVED, RENAMED, SWAPPED };

struct change {
	enum change_kind kind;
	char *a, *b; /* b: where it went */
	int stash;   /* 0: none */
	size_t dir;
	bool safe;
};

static struct change changes[CHANGES];
static size_t change_count;
static struct {
	dev_t dev;
	ino_t ino;
} dirs[DIRS];
static size_t dir_count;
static int stashes;

extern void *__libc_malloc(size_t);

static bool
is_ours(const char *path)
{
	return chance_below("FAULT_DISK", path);
}

static char *
keep(const char *path)
{
	char *copy = path ? __libc_malloc(strlen(path) + 1) : NULL;

	if (copy)
		memcpy(copy, path, strlen(path) + 1);
	return copy;
}

static size_t
dir_of(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct stat st;
	size_t i;

	snprintf(dir, sizeof dir, "%.*s", (int)(slash - path) + 1, path);
	if (raw_stat(dir, &st) != 0)
		abort();
	for (i = 0; i < dir_count; i++)
		if (dirs[i].ino == st.st_ino && dirs[i].dev == st.st_dev)
			return i;
	if (dir_count == DIRS)
		abort();
	dirs[dir_count].dev = st.st_dev;
	dirs[dir_count].ino = st.st_ino;
	return dir_count++;
}

static void
add(enum change_kind kind, const char *a, const char *b, int stash)
{
	if (!is_ours(a))
		return;
	if (change_count == CHANGES)
		abort();
	changes[change_count++] = (struct change){ kind, keep(a), keep(b),
		stash, dir_of(b ? b : a), false };
}

static void
stash_path(char path[PATH_MAX], int n)
{
	const char *dir = chance_setting("FAULT_STASH");

	snprintf(path, PATH_MAX, "%s/%ld.%d", dir ? dir : "/nonexistent",
	    (long)getpid(), n);
}

int
names_stash(const char *path)
{
	char kept[PATH_MAX];

	if (!is_ours(path))
		return 0;
	stash_path(kept, stashes + 1);
	if (raw(SYS_linkat, AT_FDCWD, path, AT_FDCWD, kept, 0) != 0)
		return 0;
	return ++stashes;
}

void
names_made(const char *path, bool directory)
{
	add(directory ? MADE_DIRECTORY : MADE, path, NULL, 0);
}

void
names_removed(const char *path, int stash)
{
	if (stash)
		add(REMOVED, path, NULL, stash);
}

void
names_renamed(const char *from, const char *to, int stash)
{
	add(RENAMED, from, to, stash);
}

void
names_swapped(const char *a, const char *b)
{
	add(SWAPPED, a, b, 0);
}

void
names_synced(const struct stat *dir)
{
	for (size_t i = 0; i < change_count; i++)
		if (dirs[changes[i].dir].ino == dir->st_ino &&
		    dirs[changes[i].dir].dev == dir->st_dev)
			changes[i].safe = true;
}

/* ---- undoing ---- */

static void
bring_back(const struct change *c, const char *path)
{
	char kept[PATH_MAX];

	stash_path(kept, c->stash);
	if (c->stash)
		raw(SYS_linkat, AT_FDCWD, kept, AT_FDCWD, path, 0);
}

static void
move(const char *from, const char *to, unsigned flags)
{
	if (raw(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags) != 0)
		abort();
}

static void
undo(const struct change *c)
{
	char away[PATH_MAX];

	switch (c->kind) {
	case MADE:
		raw(SYS_unlinkat, AT_FDCWD, c->a, 0);
		break;
	case MADE_DIRECTORY: /* with all that is in it */
		stash_path(away, ++stashes);
		move(c->a, away, 0);
		break;
	case REMOVED:
		bring_back(c, c->a);
		break;
	case RENAMED:
		move(c->b, c->a, 0);
		bring_back(c, c->b);
		break;
	case SWAPPED:
		move(c->a, c->b, EXCHANGE);
		break;
	}
}

/* Of how many of its unsafe changes each directory keeps the first ones. */
static void
choose(uint64_t (*toss)(void), size_t kept[DIRS])
{
	for (size_t i = 0; i < change_count; i++)
		kept[changes[i].dir] += !changes[i].safe;
	for (size_t i = 0; i < dir_count; i++)
		kept[i] = toss() % (kept[i] + 1);
}

void
names_lose(uint64_t (*toss)(void))
{
	size_t kept[DIRS] = { 0 };

	if (toss)
		choose(toss, kept);
	for (size_t i = 0; i < change_count; i++) {
		struct change *c = &changes[i];

		if (!c->safe && kept[c->dir]) {
			kept[c->dir]--;
			c->safe = true;
		}
	}
	for (size_t i = change_count; i-- > 0;)
		if (!changes[i].safe)
			undo(&changes[i]);
}
