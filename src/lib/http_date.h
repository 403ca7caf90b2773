/* SPDX-License-Identifier: MIT */
/* http_date: times in headers of answers. */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT", and the two older forms. */
bool http_date_parse(struct span text, int64_t *ms);

/*
 * Retry-After as ms from now: seconds (a fraction is rounded up), or a date,
 * which counts from `now` (the server's own Date, where it gave one).  What
 * has passed is 0; -1 when it is neither.
 */
int64_t http_date_retry_after(struct span value, int64_t now);

#endif
