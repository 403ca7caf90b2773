/* SPDX-License-Identifier: MIT */
/* workers: many histories at once, each worker a process with a folder. */
#ifndef WORKERS_H
#define WORKERS_H

#include <stdbool.h>
#include <stdint.h>

enum { WORKERS_KEEP = 64, WORKERS_JOBS = 16, WORKERS_WHY = 256 };

struct shared;

struct workers {
	uint64_t first, count; /* seeds */
	int jobs;
	bool go_on;            /* else they stop at the first failure */
	bool nameless;         /* no mapping says where the uid stands */
	/* out: */
	uint64_t done, failed;
	bool leaked;           /* a worker was not as it should be at its end */
	unsigned kept;         /* the first failures, in order */
	struct workers_failure {
		uint64_t seed;
		char why[WORKERS_WHY];
	} failure[WORKERS_KEEP];
	/* its own: */
	char folder[64];
	struct shared *shared;
};

/* Makes a folder and goes there; false with words on stderr. */
bool workers_open(struct workers *k);
void workers_run(struct workers *k);
void workers_close(struct workers *k);

#endif
