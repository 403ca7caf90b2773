/* SPDX-License-Identifier: MIT */
/*
 * tap: what a C unit test needs to speak TAP.  Each test file is one program:
 * ok()/is() calls, then `return tap_done();`.
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "span.h"

static int tap_count, tap_failed;

/* One check; the name says what holds. */
__attribute__((format(printf, 2, 3), unused)) static bool
ok(bool pass, const char *fmt, ...)
{
	va_list ap;

	tap_count++;
	tap_failed += !pass;
	printf("%sok %d - ", pass ? "" : "not ", tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return pass;
}

/* Equal bytes; shows both when they differ. */
__attribute__((unused)) static bool
is(struct span got, struct span want, const char *name)
{
	bool pass = ok(span_eq(got, want), "%s", name);

	if (!pass)
		printf("# got:  %.*s\n# want: %.*s\n", SPAN_ARG(got),
		    SPAN_ARG(want));
	return pass;
}

__attribute__((unused)) static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
