/* SPDX-License-Identifier: MIT */
/*
 * command: a program that answers a line with a line, kept for the whole run.
 * It is started at the first question, without a shell, with our environment
 * but for tokens (CRM_TOKEN...), and with our standard error as its own.  Once
 * it ends, or is too late, or writes what it was not asked for, it gets no
 * further question: an answer could be that to another.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/err.h"
#include "../lib/span.h"

struct command;

/* argv[0] is looked for in PATH unless it has a slash. */
struct command *command_new(const struct span *argv, size_t n,
    int64_t timeout_ms);
/* Ends its input, waits a little, then kills it; accepts NULL. */
void command_free(struct command *c);

/*
 * Writes `line` and a LF, reads one line, which lives until the next call.
 * RC_RECORD with the reason when it gives none; the same again from then on.
 * RC_SYSTEM when a signal tells us to stop.
 */
enum rc command_ask(struct command *c, struct span line, struct span *answer,
    struct err *e) RC_CHECK;

/* It is not to be trusted any more: it is killed.  RC_RECORD "NAME what". */
enum rc command_refuse(struct command *c, const char *what, struct err *e);

/* It gives no answers any more. */
bool command_is_over(const struct command *c);

#endif
