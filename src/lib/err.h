/* SPDX-License-Identifier: MIT */
/*
 * err: results named by what they ruin, and the words that go with them.
 *
 * A function that can fail returns an enum rc and describes the failure in
 * the caller's struct err.  Whoever detects describes; whoever decides prints
 * (run.c only).  The rc decides the program's exit code (run_exit_code).
 */
#ifndef ERR_H
#define ERR_H

enum rc {
	RC_OK,
	RC_END,     /* nothing more; not a failure */
	RC_RECORD,  /* this record is bad: divert it, go on        exit 1 */
	RC_CONFIG,  /* called or configured wrong: do not retry    exit 2 */
	RC_RETRY,   /* this attempt failed: the same again later   exit 3 */
	RC_REMOTE,  /* this system is unusable for now             exit 3 */
	RC_SYSTEM,  /* the environment failed (disk, pipe, memory) exit 3 */
	RC_PERSON,  /* a person must look (ceiling, wrong account) exit 4 */
	RC_STATE    /* our state cannot be trusted: stop           exit 4 */
};

#define ERR_TEXT 512

struct err {
	char text[ERR_TEXT];
};

#define RC_CHECK __attribute__((warn_unused_result))

/* Describes the failure (cut at ERR_TEXT) and returns rc. */
enum rc err_set(struct err *e, enum rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and the text of errno; errno is read first. */
enum rc err_errno(struct err *e, enum rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts words in front of what is there: "prefix: text". Returns rc. */
enum rc err_prefix(struct err *e, enum rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * What a file that could not be opened or read (errno) ruins: RC_CONFIG when
 * its name or its rights are wrong, RC_SYSTEM when another time may do.
 */
enum rc err_of_file(int code);

#endif
