/* SPDX-License-Identifier: MIT */
/*
 * answers: what commands said while all was judged, for applying: nobody waits
 * for another process while he holds a write transaction.  A pass goes over
 * records in the order of their uids, so that reading just goes on.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stdbool.h>

#include "../lib/arena.h"
#include "../lib/err.h"
#include "../lib/hash.h"

struct answers;

/* `dir` is where they go if they are many. */
struct answers *answers_new(const char *dir);
void answers_free(struct answers *s);

/* Begins a pass over records. */
enum rc answers_pass(struct answers *s, bool reading, struct err *e)
    RC_CHECK;
bool answers_reading(const struct answers *s);

enum rc answers_put(struct answers *s, struct span uid, size_t field,
    struct hash128 question, struct span answer, struct err *e) RC_CHECK;
/* RC_END when there is none to this very question. */
enum rc answers_get(struct answers *s, struct span uid, size_t field,
    struct hash128 question, struct arena *a, struct span *answer,
    struct err *e) RC_CHECK;

#endif
