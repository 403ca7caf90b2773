/* SPDX-License-Identifier: MIT */
/*
 * jqprog: the only place that talks to libjq, with jvalue.  Expressions are
 * compiled once; every value libjq returns is checked before use.  Programs
 * run without input, modules or environment: `env`, `$ENV`, `input`,
 * `input_filename`, `debug`, `stderr`, `halt` and `import` are out of reach.
 */
#ifndef JQPROG_H
#define JQPROG_H

#include "buf.h"
#include "err.h"
#include "span.h"

struct jqprog;

/*
 * Reads a jq literal (a mapping or systems file: JSON with comments, unquoted
 * keys and trailing text none) and appends it as compact JSON to `out`.
 * RC_CONFIG with libjq's words and the file name; exactly one value.
 */
enum rc jqprog_literal(const char *path, struct span text, struct buf *out,
    struct err *e) RC_CHECK;

/* RC_CONFIG when it does not compile.  `what` names it in messages. */
enum rc jqprog_new(struct jqprog **p, struct span program, const char *what,
    struct err *e) RC_CHECK;
void jqprog_free(struct jqprog *p);

/*
 * Runs it on `value` (JSON text) with $record (JSON text, or empty span for
 * null), appends the one result as JSON text.  RC_RECORD when it fails, gives
 * no or more than one result, or a number libjq would not carry exactly.
 */
enum rc jqprog_run(struct jqprog *p, struct span value, struct span record,
    struct buf *out, struct err *e) RC_CHECK;

#endif
