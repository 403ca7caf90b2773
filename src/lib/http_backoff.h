/* SPDX-License-Identifier: MIT */
/*
 * http_backoff: how long to wait before another attempt.  Full jitter: any
 * time up to a ceiling that doubles, so that many clients spread out.
 */
#ifndef HTTP_BACKOFF_H
#define HTTP_BACKOFF_H

#include <stdint.h>

struct http_backoff {
	uint64_t seed;   /* of the random source */
	unsigned first;  /* the first ceiling, ms */
	unsigned cap;    /* of the ceiling, ms */
};

/* Seeded from the machine; the same each time when CRM_RUN is pinned. */
void http_backoff_init(struct http_backoff *b, unsigned first, unsigned cap);
/* The ceiling before attempt n+1, after n = 1, 2... failed. */
unsigned http_backoff_ceiling(const struct http_backoff *b, unsigned n);
/* 0 to that ceiling, ms. */
unsigned http_backoff_wait(struct http_backoff *b, unsigned n);

#endif
