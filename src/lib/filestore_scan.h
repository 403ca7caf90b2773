/* SPDX-License-Identifier: MIT */
/* filestore_scan: the lines of a file in order, with where each begins. */
#ifndef FILESTORE_SCAN_H
#define FILESTORE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "span.h"

struct filestore_scan {
	int fd;              /* not owned */
	struct buf buf;
	size_t start;        /* of the next line in buf */
	size_t most;         /* bytes a line may have */
	uint64_t offset;     /* of the next line in the file */
	uint64_t read;       /* bytes read from the file so far */
	uint64_t lines;      /* given so far: the last one's number */
	bool eof;
	/* about the line given last */
	uint64_t at;         /* where it begins */
	bool ended;          /* by LF */
};

/* From the file's start. */
void filestore_scan_open(struct filestore_scan *s, int fd, size_t most);
void filestore_scan_free(struct filestore_scan *s);

/*
 * The next line without its LF, good until the next call.  RC_END after the
 * last; RC_RECORD when the line is too long (`line` is its beginning);
 * RC_SYSTEM when reading fails.
 */
enum rc filestore_scan_next(struct filestore_scan *s, struct span *line,
    struct err *e) RC_CHECK;

/* The line that begins at `offset`, into b; RC_STATE when there is none. */
enum rc filestore_scan_line(int fd, uint64_t offset, struct buf *b,
    struct span *line, struct err *e) RC_CHECK;

/* Only white space: no record and no mistake. */
bool filestore_scan_blank(struct span line);

#endif
