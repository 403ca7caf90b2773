/* SPDX-License-Identifier: MIT */
/*
 * filter: the loop crm-map, crm-diff and other one-line-in, one-line-out
 * stages share.  It reads stdin, keeps the books on both sides, passes begin,
 * end, foreign and unknown lines on, turns a line the stage cannot process
 * into `seen`, and draws the conclusions of crm-stream(5) at end and EOF:
 *
 *   - EOF inside a section: no end is passed on, exit 3;
 *   - count or digest differ: no end is passed on, exit 3 (with --subset: end
 *     with "complete":false, exit unchanged);
 *   - unreadable lines: end carries "absence":false.
 */
#ifndef FILTER_H
#define FILTER_H

#include "run.h"
#include "stream.h"

struct filter {
	struct run *run;
	struct stream_in in;
	struct stream_out out;
	struct line line;
	bool subset;             /* --subset */
	bool part;               /* --part: a piece of a stream (stream.h):
	                            its end is passed on as it came, with
	                            nothing concluded, and so is a line that
	                            cannot be read */
	void *stage;             /* the stage's own */
	uint64_t rejected_before; /* run's count at the section's begin */

	/* Each may be NULL: then the line passes through as it is. */

	/* Before parsing: RC_OK if the line was recognised, accounted (in and
	 * out) and answered; RC_END if it has to be parsed. */
	enum rc (*quick)(struct filter *f, struct err *e);
	/* A begin line: may refuse (RC_CONFIG, RC_PERSON) or add to it: what
	 * is appended to `extra` is inserted as members: `,"entity":"x"`.
	 * NULL where a piece of a stream opens its section by another line. */
	enum rc (*begin)(struct filter *f, struct buf *extra, struct err *e);
	/* A record line: build the answer in out.buf and account for it; the
	 * filter ends the line.  RC_RECORD: what was built is dropped, the
	 * line rejected and passed on as seen.  RC_END: pass it through. */
	enum rc (*record)(struct filter *f, struct err *e);
	/* The record line is rejected: appends what could be read of it all
	 * the same, as members: `,"stamp":"…","fields":{…}`. */
	void (*known)(struct filter *f, struct buf *b);
	/* An operation line: as record, accounted by the filter.  RC_RECORD:
	 * the line is rejected and passed on as it came. */
	enum rc (*operation)(struct filter *f, struct err *e);
	/* A `seen` line went through (accounted and copied by the filter). */
	enum rc (*seen)(struct filter *f, struct err *e);
	/* Before a whole section's end is passed on: may write lines (absent
	 * ones are not accounted).  `absence` is false when nothing may be
	 * concluded from what is missing. */
	enum rc (*end)(struct filter *f, bool absence, struct err *e);
	/* Appends this stage's own counters to `end`: `,"updated":3`. */
	void (*counters)(struct filter *f, struct buf *b);
};

/* Runs until EOF.  Returns after all outcomes are in f->run. */
void filter_run(struct filter *f);

#endif
