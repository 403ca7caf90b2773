/* SPDX-License-Identifier: MIT */
/*
 * http_trace: the wire log (--trace FILE): what was asked and answered, when,
 * how it ended.  Secrets are masked always (http_mask.h); bodies are there on
 * request only.  Each entry is one write: programs may share it.
 *
 *   2026-11-20T12:00:00.123Z 4711.12 > POST https://host/path?after=7
 *   2026-11-20T12:00:00.123Z 4711.12 > Content-Type: application/json
 *   2026-11-20T12:00:00.220Z 4711.12 < 201 in 97 ms, 512 bytes
 *   2026-11-20T12:00:09.220Z 4711.13 ! unknown after 9000 ms: no answer in time
 */
#ifndef HTTP_TRACE_H
#define HTTP_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "span.h"

struct http_answer;
struct http_trace;

enum http_trace_bodies {
	TRACE_NONE,
	TRACE_MASKED, /* their shape, without persons' data */
	TRACE_PLAIN   /* as they are, but for secrets */
};

/* Appends to the file, made 0600.  RC_CONFIG when others may read it, or it
 * is no plain file of ours. */
enum rc http_trace_open(struct http_trace **out, const char *path,
    enum http_trace_bodies bodies, struct err *e) RC_CHECK;
void http_trace_close(struct http_trace *t); /* NULL is fine */

struct http_trace_asked {
	const char *method;
	struct span url, type, body;
	bool secret;   /* neither query nor bodies are shown */
};

/* One attempt; its number is for http_trace_answer.  t NULL: nothing. */
uint64_t http_trace_ask(struct http_trace *t,
    const struct http_trace_asked *asked);
/* A header of it that is sent. */
void http_trace_line(struct http_trace *t, uint64_t number,
    struct span line);
/* How it ended; `why` when there is no whole answer, else NULL. */
void http_trace_end(struct http_trace *t, uint64_t number,
    const struct http_answer *a, bool secret, const char *why);

#endif
