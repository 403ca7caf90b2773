/* SPDX-License-Identifier: MIT */
/*
 * url: a web address.  Canonical: trimmed, scheme and host in lower case, a
 * sole trailing '/' left out.  A missing scheme stays missing: nobody said it.
 */
#ifndef URL_H
#define URL_H

#include "buf.h"
#include "err.h"
#include "span.h"

/* Appends the canonical form, without quotes; RC_RECORD with the reason. */
enum rc url_put(struct buf *b, struct span text, struct err *e) RC_CHECK;

/*
 * The host an address or a mailbox is at, without a leading "www.": what is
 * left of "https://me@www.Acme.test:8080/x" is "Acme.test".  Points into
 * `text`; empty when nothing there could be one.
 */
struct span url_host(struct span text);

/* The same but for http or https or no scheme, and a trailing slash. */
bool url_equivalent(struct span canonical_a, struct span canonical_b);

#endif
