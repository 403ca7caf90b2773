/* SPDX-License-Identifier: MIT */
/*
 * http_origin: the part of a web address that says who is spoken to.  Two
 * addresses have one origin when scheme, host and port are equal.
 */
#ifndef HTTP_ORIGIN_H
#define HTTP_ORIGIN_H

#include <stdbool.h>

#include "buf.h"
#include "span.h"

struct http_origin {
	bool tls;
	struct span host; /* as written; "[::1]" with its brackets */
	unsigned port;
	struct span rest; /* path, query; empty or from '/' or '?' on */
};

/* Of an absolute http or https URL; false for anything else, and for one with
 * a user, a fragment, blanks, control characters or backslashes. */
bool http_origin_parse(struct span url, struct http_origin *o);
bool http_origin_same(const struct http_origin *a,
    const struct http_origin *b);
/* localhost, 127.x.y.z, [::1] */
bool http_origin_loopback(const struct http_origin *o);
/* https, or http that stays on this machine. */
bool http_origin_private(const struct http_origin *o);

/* Is it "scheme:..." or "//host..."? */
bool http_origin_absolute(struct span url);

/* The URL a Location of an answer from `from` means, appended; false when it
 * is no http address. */
bool http_origin_resolve(struct buf *b, struct span from,
    struct span location);

#endif
