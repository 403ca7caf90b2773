/* SPDX-License-Identifier: MIT */
/*
 * jqprog: the only place that talks to libjq.  Expressions are compiled once;
 * every value libjq returns is checked before use.
 *
 * An expression is a function of its value: what reads or writes anything
 * else (env $ENV input debug stderr halt import include now localtime ...) is
 * refused by name before compiling, and libjq sees an empty environment
 * whenever it runs, so that a name missed here finds no secret.
 */
#ifndef JQPROG_H
#define JQPROG_H

#include <stdbool.h>

#include "buf.h"
#include "err.h"
#include "span.h"

struct jqprog;

/*
 * RC_CONFIG when it does not compile or names something out of reach.  `what`
 * names it in messages.
 */
enum rc jqprog_new(struct jqprog **p, struct span program, const char *what,
    struct err *e) RC_CHECK;
void jqprog_free(struct jqprog *p);

/* True when it mentions $record: only then need jqprog_run be given one. */
bool jqprog_wants_record(const struct jqprog *p);

/* The same of $history, which only jqprog_run_history gives it. */
bool jqprog_wants_history(const struct jqprog *p);

/*
 * Runs it on `value` (JSON text json_parse accepted) with $record (the same,
 * or empty for null), appends the one result as JSON text.  RC_RECORD when it
 * fails, gives no or more than one result, or meets a number libjq does not
 * carry exactly (over 2^53, or more digits than a double has).
 */
enum rc jqprog_run(struct jqprog *p, struct span value, struct span record,
    struct buf *out, struct err *e) RC_CHECK;

/* As jqprog_run, with $history too: JSON text, or empty for []. */
enum rc jqprog_run_history(struct jqprog *p, struct span value,
    struct span record, struct span history, struct buf *out, struct err *e)
    RC_CHECK;

#endif
