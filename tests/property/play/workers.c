/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "workers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "play.h"
#include "pool.h"
#include "program.h"

#define HANGS_AFTER 20 /* s a history */

/* In memory that all workers see. */
struct shared {
	_Atomic uint64_t next, done, failed;
	_Atomic uint64_t at[WORKERS_JOBS]; /* each one's seed, 0: none */
	_Atomic unsigned kept;
	struct workers_failure failure[WORKERS_KEEP];
};

bool
workers_open(struct workers *k)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" :
	    "/tmp";

	if (k->jobs > WORKERS_JOBS)
		k->jobs = WORKERS_JOBS;
	k->shared = mmap(NULL, sizeof *k->shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	snprintf(k->folder, sizeof k->folder, "%s/histories.XXXXXX", base);
	if (k->shared == MAP_FAILED || !mkdtemp(k->folder) ||
	    chdir(k->folder) < 0) {
		perror(k->folder);
		return false;
	}
	return true;
}

static void
fails(struct shared *s, uint64_t seed, const char *why)
{
	unsigned at = s->kept++;

	s->failed++;
	if (at >= WORKERS_KEEP)
		return;
	s->failure[at].seed = seed;
	snprintf(s->failure[at].why, WORKERS_WHY, "%.*s", WORKERS_WHY - 1, why);
}

static void
work(struct workers *k, int job)
{
	struct shared *s = k->shared;
	struct history *h = malloc(sizeof *h);
	char why[PLAY_WHY];
	uint64_t n;

	while ((k->go_on || !s->failed)) {
		n = s->next++;
		if (n >= k->count)
			break;
		s->at[job] = k->first + n;
		history_make(h, k->first + n);
		h->nameless = k->nameless;
		alarm(HANGS_AFTER);
		if (!play(h, why, NULL))
			fails(s, k->first + n, why);
		s->done++;
		s->at[job] = 0;
	}
	free(h);
}

static pid_t
start(struct workers *k, int job)
{
	char name[16];
	pid_t pid = fork();

	if (pid)
		return pid;
	snprintf(name, sizeof name, "%d", job);
	mkdir(name, 0700);
	if (chdir(name) < 0)
		_exit(3);
	program_begin();
	work(k, job);
	play_sweep();
	pool_end();
	program_end();
	exit(0);
}

/*
 * One that died was killed by the history it was at; others go on.  One that
 * fails at its end has leaked.
 */
static void
bury(struct workers *k, pid_t pid[WORKERS_JOBS], pid_t dead, int status)
{
	struct shared *s = k->shared;
	char how[64];

	snprintf(how, sizeof how, "it died, status %d", status);
	for (int i = 0; i < k->jobs; i++) {
		if (pid[i] != dead)
			continue;
		pid[i] = 0;
		k->leaked |= !s->at[i] && status;
		if (!s->at[i])
			continue;
		fails(s, s->at[i], how);
		s->done++;
		s->at[i] = 0;
		pid[i] = start(k, i);
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct workers_failure *x = a, *y = b;

	return (x->seed > y->seed) - (x->seed < y->seed);
}

void
workers_run(struct workers *k)
{
	pid_t pid[WORKERS_JOBS], dead;
	struct shared *s = k->shared;
	int status;

	for (int i = 0; i < k->jobs; i++)
		pid[i] = start(k, i);
	for (dead = wait(&status); dead > 0; dead = wait(&status))
		bury(k, pid, dead, status);
	k->done = s->done;
	k->failed = s->failed;
	k->kept = s->kept < WORKERS_KEEP ? s->kept : WORKERS_KEEP;
	memcpy(k->failure, s->failure, sizeof k->failure);
	qsort(k->failure, k->kept, sizeof *k->failure, by_number);
}

void
workers_close(struct workers *k)
{
	play_sweep();
	if (chdir("/") < 0 || rmdir(k->folder) < 0)
		perror(k->folder);
	munmap(k->shared, sizeof *k->shared);
}
