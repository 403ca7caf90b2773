/* SPDX-License-Identifier: MIT */
/*
 * look: the life of a command that only reads: the state is opened, lines are
 * put on stdout, what went wrong is said, all is closed.
 */
#ifndef LOOK_H
#define LOOK_H

#include "../lib/arena.h"
#include "../lib/run.h"
#include "../lib/state.h"
#include "../lib/stream.h"

struct look {
	struct run *run;
	struct state *state;
	struct txn txn;        /* reading; renewed between rows */
	struct arena arena;    /* reset for each row */
	struct arena lasting;
	struct stream_out out; /* a line is built in out.buf */
	int64_t renewed;
};

typedef enum rc look_body(struct look *l, void *arg, struct err *e);
void look(struct run *r, look_body *body, void *arg);

/*
 * Hands each row with that prefix to `row`, in key order, until it fails.
 * Others may write meanwhile: what it sees moves on with them.
 */
typedef enum rc look_row(struct look *l, void *arg, struct span key,
    struct span value, struct err *e);
enum rc look_rows(struct look *l, enum state_table table, struct span prefix,
    look_row *row, void *arg, struct err *e) RC_CHECK;

/* The same for the rows of the command's first operand, or all. */
enum rc look_listed(struct look *l, enum state_table table, look_row *row,
    struct err *e) RC_CHECK;

/*
 * The next of the values that the keys' part after `prefix` (which ends in
 * NUL, or is empty) has in that table, after `last` (empty: the first); in
 * `a`.  RC_END after the last.
 */
enum rc look_part(struct txn *t, enum state_table table, struct span prefix,
    struct span last, struct arena *a, struct span *part, struct err *e)
    RC_CHECK;

#endif
