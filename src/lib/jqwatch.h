/* SPDX-License-Identifier: MIT */
/*
 * jqwatch: an expression that does not end.  libjq cannot be told to stop, so
 * the program ends, as if it was killed: with exit 2 after JQWATCH_SECONDS of
 * the processor's time on one value, and with 3 as soon as a signal has asked
 * the program to stop.
 */
#ifndef JQWATCH_H
#define JQWATCH_H

#define JQWATCH_SECONDS 10

/* Around each run; `what` names the expression and lasts as long. */
void jqwatch_begin(const char *what);
void jqwatch_end(void);

#endif
