/* SPDX-License-Identifier: MIT */
/*
 * email: one address.  Canonical: trimmed, without "mailto:", lower case (no
 * CRM tells mailboxes apart by case; HubSpot stores them lower).
 */
#ifndef EMAIL_H
#define EMAIL_H

#include "buf.h"
#include "err.h"
#include "span.h"

/*
 * Appends the canonical address, as text, not as JSON; RC_RECORD with the
 * reason.  JSON escapes something of it only where the text given has a '"'
 * ("ann lee"@example.com).
 */
enum rc email_put(struct buf *b, struct span text, struct err *e) RC_CHECK;

#endif
