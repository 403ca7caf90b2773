/* SPDX-License-Identifier: MIT */
/*
 * answers: what commands said while all was judged, for applying: nobody waits
 * for another process while he holds a write transaction.  Records are judged
 * and applied in the same order, so that both passes just go on.
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

/*
 * Begins a pass over records; one of deletions alone, which follows another,
 * is `late`.
 */
enum rc answers_pass(struct answers *s, bool late, bool reading,
    struct err *e) RC_CHECK;
bool answers_reading(const struct answers *s);

enum rc answers_put(struct answers *s, struct span uid, size_t field,
    struct hash128 question, struct span answer, struct err *e) RC_CHECK;
/* RC_END when there is none to this very question. */
enum rc answers_get(struct answers *s, struct span uid, size_t field,
    struct hash128 question, struct arena *a, struct span *answer,
    struct err *e) RC_CHECK;

#endif
