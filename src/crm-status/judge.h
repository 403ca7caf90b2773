/* SPDX-License-Identifier: MIT */
/*
 * judge: healthy, degraded or failed, by thresholds.
 *
 * A threshold is "WARN:FAIL": at WARN a system is degraded, at FAIL failed;
 * "-", or nothing after the colon, stands for never.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "status.h"

enum threshold_kind {
	THRESHOLD_TIME,   /* most: "1h:24h" */
	THRESHOLD_NUMBER, /* most: "10:1000" */
	THRESHOLD_PERCENT /* least: "99:90.5" */
};

#define THRESHOLD_NEVER (-1)

struct threshold {
	int64_t warn, fail; /* ms, a number, thousandths of a percent */
};

/* RC_CONFIG with words. */
enum rc judge_parse(const char *name, const char *text,
    enum threshold_kind kind, struct threshold *t, struct err *e) RC_CHECK;

struct thresholds {
	struct threshold silence;     /* since it was last read */
	struct threshold wait;        /* of the longest pending */
	struct threshold queue;       /* records pending */
	struct threshold failures;    /* records tried in vain */
	struct threshold conflicts;   /* fields that wait for a person */
	struct threshold latency;     /* p95 */
	struct threshold success;
	struct threshold consistency; /* if there was a census */
};

void judge(struct status *s, const struct thresholds *t);

extern const char *const judge_health[]; /* "healthy", ... */

#endif
