/* SPDX-License-Identifier: MIT */
/*
 * doubt: what left for a system and was not answered, since its loader was
 * killed or the line broke.  What is read there later shows what became of it.
 * Only what was begun to be read later does, and only in another version:
 * under the version we know nothing has arrived, or the copy is an old one.
 *
 * A field that shows what was sent is our echo.  One that shows what stood
 * there before, in another version, was set back, or nothing ever arrived and
 * something else was edited: nobody can tell, so a person decides.  A deletion
 * is in doubt likewise.  Where our create was not answered and the record is
 * there, it arrived: what differs is an edit, also if it was cleared.
 */
#ifndef DOUBT_H
#define DOUBT_H

#include "field.h"

struct group;
struct txn;

/* Takes what is in doubt of the observation's side.  RC_END: nothing is. */
enum rc doubt_look(struct group *g, struct txn *t, struct observation *o,
    struct err *e) RC_CHECK;

/* What has arrived becomes what each side showed before it was read. */
void doubt_land(struct work *w);

/* Some field, of which a person decides: so he does of a deletion. */
bool doubt_any(const struct work *w);

/* Those that were read are in doubt no more: before the outbox is put. */
enum rc doubt_settle(struct group *g, struct txn *t, struct err *e) RC_CHECK;

#endif
