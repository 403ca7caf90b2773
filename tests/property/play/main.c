/* SPDX-License-Identifier: MIT */
/*
 * histories: random histories of a sync, played in this process by the very
 * code of the programs; what fails is shrunk and printed as a shell script.
 *
 * usage: histories [-n COUNT] [-s SEED] [-j JOBS] [-m MUTANT] [-k] [-q] [-u]
 *
 *   -m  with this deliberate fault in the engine (mutants.h); it must be found
 *   -k  go on after a failure: all seeds that fail, one line each
 *   -q  do not shrink
 *   -u  with mappings that do not say where our uid stands
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, getopt */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../../../src/lib/limits.h"
#include "mutants.h"
#include "play.h"
#include "program.h"
#include "shrink.h"
#include "workers.h"

#define SHRINK_SECONDS 30
#define REPORTS 10
#define SCRIPT_ROOM ((size_t)8 << 20)

static FILE *tap;

static void
print_lines(const char *prefix, struct span text)
{
	const char *at = text.ptr, *end = text.ptr + text.len, *nl;

	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		nl = nl ? nl : end;
		fprintf(tap, "%s%.*s\n", prefix, (int)(nl - at), at);
	}
}

/* A script that outlives the process that plays it. */
static struct buf *
shared_script(void)
{
	struct buf *b = mmap(NULL, SCRIPT_ROOM, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (b == MAP_FAILED)
		return NULL;
	*b = (struct buf){ .ptr = (char *)(b + 1), .what = "script" };
	b->room = b->cap = SCRIPT_ROOM - sizeof *b;
	return b;
}

static void
print_script(const struct history *h)
{
	struct buf *b = shared_script();
	char why[PLAY_WHY];

	if (!b)
		return;
	history_print(h, "#   ", b);
	print_lines("", buf_view(b));
	buf_reset(b);
	(void)shrink_play(h, why, b);
	fprintf(tap, "#| #!/bin/sh\n#| # PATH must have the programs first.\n"
	    "#| cd \"$(mktemp -d)\" && pwd\n"
	    "#| export CRM_HOME=.crm CRM_MAPPINGS=mappings\n");
	print_lines("#| ", buf_view(b));
	munmap(b, SCRIPT_ROOM);
}

/* Crashes may have several lines to say. */
static void
say(const char *what, const char *why)
{
	fprintf(tap, "# %s:\n", what);
	print_lines("# ", span_str(why));
}

static void
report(const struct workers *k, const struct workers_failure *failure,
    bool shrinks)
{
	static struct history h;
	uint64_t seed = failure->seed;
	char why[PLAY_WHY];

	history_make(&h, seed);
	h.nameless = k->nameless;
	if (shrink_play(&h, why, NULL)) {
		fprintf(tap, "# seed %llu fails only now and then\n",
		    (unsigned long long)seed);
		say("then", failure->why);
		return;
	}
	fprintf(tap, "# seed %llu\n", (unsigned long long)seed);
	say("found", why);
	if (shrinks) {
		shrink(&h, why, SHRINK_SECONDS);
		say("shrunk", why);
		print_script(&h);
	}
	fprintf(tap, "# again: %s%llu\n", k->nameless ?
	    "histories -u -n 1 -s " : "make property N=1 SEED=",
	    (unsigned long long)seed);
	fflush(tap);
}

static bool
options(struct workers *k, bool *shrinks, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:s:j:m:kqu")) != -1) /* its idiom */
		switch (c) {
		case 'n':
			k->count = strtoull(optarg, NULL, 10);
			break;
		case 's':
			k->first = strtoull(optarg, NULL, 10);
			break;
		case 'j':
			k->jobs = (int)strtol(optarg, NULL, 10);
			break;
		case 'm':
			if (!mutants_use(optarg))
				return false;
			break;
		case 'k':
			k->go_on = true;
			break;
		case 'u':
			k->nameless = true;
			break;
		case 'q':
			*shrinks = false;
			break;
		default:
			return false;
		}
	return optind == argc && k->count > 0 && k->jobs > 0;
}

/* Of all workers, whoever else has the machine. */
static double
cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

/* One line of TAP: the histories hold, or a mutant among them is found. */
static int
judge(const struct workers *k, double seconds)
{
	bool good = (k->failed > 0) == (mutants_used() != NULL) && !k->leaked;

	fprintf(tap, "# %.0f histories/s, %llu in %.1f s; %.2f ms of processor "
	    "time each\n", (double)k->done / (seconds > 0 ? seconds : 1),
	    (unsigned long long)k->done, seconds, cpu_ms() /
	    (double)(k->done ? k->done : 1));
	if (k->leaked)
		fprintf(tap, "# the programs leave memory: see stderr\n");
	if (mutants_used())
		fprintf(tap, "%sok 1 - %s is found (after %llu)\n",
		    good ? "" : "not ", mutants_used(),
		    (unsigned long long)k->done);
	else
		fprintf(tap, "%sok 1 - %llu of %llu histories from seed %llu "
		    "hold\n", good ? "" : "not ",
		    (unsigned long long)(k->done - k->failed),
		    (unsigned long long)k->done,
		    (unsigned long long)k->first);
	fprintf(tap, "1..1\n");
	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct workers k = { .count = 2000, .first = 1, .jobs = 2 };
	struct timespec a, b;
	bool shrinks = true;
	int status;

	if (!options(&k, &shrinks, argc, argv)) {
		fprintf(stderr, "usage: histories [-n COUNT] [-s SEED] "
		    "[-j JOBS] [-m MUTANT] [-k] [-q] [-u]\n");
		return 2;
	}
	values_start();
	tap = program_start();
	program_begin();
	clock_gettime(CLOCK_MONOTONIC, &a);
	if (!workers_open(&k))
		return 3;
	workers_run(&k);
	clock_gettime(CLOCK_MONOTONIC, &b);
	for (unsigned i = 0; i < k.kept && (k.go_on || (!mutants_used() &&
	    i < REPORTS)); i++)
		report(&k, &k.failure[i], shrinks && i < 3);
	status = judge(&k, (double)(b.tv_sec - a.tv_sec) +
	    (double)(b.tv_nsec - a.tv_nsec) / 1e9);
	workers_close(&k);
	values_end();
	fclose(tap);
	return status;
}
