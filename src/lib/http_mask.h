/* SPDX-License-Identifier: MIT */
/*
 * http_mask: what of a request and its answer may stand in a log.  Secrets
 * never do: tokens, passwords, cookies.  Values of bodies are persons' data:
 * where those are not wanted, the shape of a body stays.
 */
#ifndef HTTP_MASK_H
#define HTTP_MASK_H

#include <stdbool.h>

#include "buf.h"
#include "span.h"

/* "Name: value", the value of a secret one as ***. */
void http_mask_header(struct buf *b, struct span line);

/* Of the query: values of secret names as ***, all values with `all`.
 * Mailboxes anywhere as ***. */
void http_mask_url(struct buf *b, struct span url, bool all);

/*
 * With `all`: JSON with its texts and numbers as "***" and 0 but for a few that
 * tell what happened (id, status, category, code...); a form with its values
 * as ***.  Without: only the values of secret names.  Of what is neither JSON
 * nor a form the first words (http_words.h).
 */
void http_mask_body(struct buf *b, struct span body, struct span type,
    bool all);

#endif
