/* SPDX-License-Identifier: MIT */
/*
 * copied: a record that is not linked and carries our uid, which is linked to
 * another id of that system, is a copy, unless that other is gone: then the
 * record has moved.  (So it is when the state was restored of a dump from
 * before it was deleted there and made again.)  Which of the two is known when
 * all was read; until then it is held back.  Of a section that is no complete
 * listing the other one is asked for by its id before that is said, and the
 * record waits for the next reading.
 */
#ifndef COPIED_H
#define COPIED_H

#include "intake.h"

/* Holds the line at hand back: its uid lives `there` as far as is known. */
enum rc copied_hold(struct intake *n, struct span uid,
    const struct side *there, struct err *e) RC_CHECK;

/*
 * After the intake: those held back join the spool, as copies with a uid of
 * their own, or moved where nothing but a deletion of the other was read.
 * Of several that carry the uid one has moved, the others are copies.
 */
enum rc copied_settle(struct intake *n, struct err *e) RC_CHECK;

#endif
