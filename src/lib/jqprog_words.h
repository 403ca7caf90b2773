/* SPDX-License-Identifier: MIT */
/*
 * jqprog_words: looks at every word of an expression before libjq does.
 */
#ifndef JQPROG_WORDS_H
#define JQPROG_WORDS_H

#include <stdbool.h>

#include "err.h"
#include "span.h"

/* What a program mentions besides its value. */
struct jqprog_wants {
	bool record, history;
};

/*
 * RC_CONFIG when the program names what is out of reach; *wants tells whether
 * it mentions $record and $history.  Words in string text and comments do not
 * count, those inside an interpolation do.  `.env` is a field of the value, no
 * call.  Over-cautious on purpose: a key written {now: 1} needs quotes.
 */
enum rc jqprog_words(struct span program, const char *what,
    struct jqprog_wants *wants, struct err *e) RC_CHECK;

#endif
