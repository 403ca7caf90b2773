/* SPDX-License-Identifier: MIT */
/* lines: a file of decisions, which a person made out of a listing. */
#ifndef LINES_H
#define LINES_H

#include "../lib/stream.h"

struct lines {
	const char *path;
	struct stream_in in;
	struct line line;    /* text, number and json are the last one's */
};

/* "-" is standard input. */
enum rc lines_open(struct lines *l, const char *path, struct err *e)
    RC_CHECK;
void lines_close(struct lines *l);

/*
 * The next line of that type; RC_END after the last.  RC_RECORD, with file and
 * line, for any other: the one after it can still be read.
 */
enum rc lines_next(struct lines *l, struct span type, struct err *e)
    RC_CHECK;

/* The same words before what is wrong with the line. */
enum rc lines_wrong(const struct lines *l, enum rc rc, struct err *e);

#endif
