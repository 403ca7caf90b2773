/* SPDX-License-Identifier: MIT */
/*
 * secret: bytes that must not be left behind.  A secret is kept in a buf that
 * got all its room at once (one that grows leaves copies) and is wiped when it
 * is freed.  It has no way to be printed: no message ever quotes one.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>

#include "buf.h"
#include "err.h"
#include "span.h"

/* Empty, with room for `cap` bytes. */
void secret_init(struct buf *b, size_t cap, const char *what);
void secret_free(struct buf *b);

/* Holds a copy of `s` and nothing else; what it held is wiped. */
void secret_set(struct buf *b, struct span s);

/* Overwrites bytes that were parsed out of a secret. */
void secret_wipe(struct span s);

/* Takes no longer for a wrong one that begins alike. */
bool secret_equal(struct span a, struct span b);

/* Before libcrypto is used: it begins, or the process ends.  By itself it
 * crashes where there is no memory for that. */
void secret_crypto(void);

/* Bytes nobody can foretell. */
enum rc secret_random(void *bytes, size_t n, struct err *e) RC_CHECK;

/*
 * Appends a file's bytes.  RC_END: there is none.  RC_CONFIG when it is no
 * plain file, not ours (or root's), or anybody else may read it.
 */
enum rc secret_read(struct buf *b, const char *path, struct err *e) RC_CHECK;
/* The same of a folder only this service may enter: what is root's may be for
 * its group to read, as an access list for one user shows. */
enum rc secret_read_given(struct buf *b, const char *path, struct err *e)
    RC_CHECK;

/* The first line of standard input; no echo where that is a terminal. */
enum rc secret_ask(struct buf *b, struct err *e) RC_CHECK;

/* Replaces a file, 0600, all of it or nothing; durable on return.  The caller
 * sees to it that no other process does the same. */
enum rc secret_write(const char *path, struct span bytes, struct err *e)
    RC_CHECK;

#endif
