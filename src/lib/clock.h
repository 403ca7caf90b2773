/* SPDX-License-Identifier: MIT */
/*
 * clock: the one seam for time and run ids.  CRM_NOW (an RFC 3339 UTC
 * instant) pins the clock, CRM_RUN the run id: then the same input and state
 * give the same bytes.  Instants are milliseconds since 1970-01-01T00:00:00Z.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "span.h"

int64_t clock_now(void);       /* UTC, pinned by CRM_NOW */
int64_t clock_monotonic(void); /* for intervals and progress; never pinned */

/* "20261120T101112Z-4f2a9c1b", or CRM_RUN; the same for the whole process. */
const char *clock_run_id(void);

/* 2026-11-20T10:11:12.123Z, the only form we write */
#define CLOCK_TEXT 32
void clock_format(int64_t ms, char text[CLOCK_TEXT]);
void clock_put(struct buf *b, int64_t ms); /* the same, appended, unquoted */
/* `,"name":"…"`, nothing for 0. */
void clock_put_member(struct buf *b, const char *name, int64_t ms);

/*
 * Reads an RFC 3339 / ISO 8601 instant: date, 'T' or space, time, optional
 * fraction (cut at ms), then Z, +hh:mm, +hhmm or +hh.  False without a zone.
 */
bool clock_parse(struct span text, int64_t *ms);

/* Proleptic Gregorian calendar; day 0 is 1970-01-01. */
int64_t clock_days(int64_t year, unsigned month, unsigned day);
void clock_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day);

#endif
