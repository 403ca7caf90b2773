/* SPDX-License-Identifier: MIT */
/*
 * invariants: what must hold once nothing moves any more.  Each failure's
 * first word names one:
 *
 *   restless   clean rounds do not come to an end
 *   pingpong   a value goes A, B, A in them
 *   left       something waits although nothing is wrong
 *   rejected   a record is refused although every value is good
 *   invented   a record is there that nobody made
 *   duplicate  a record stands twice on one side
 *   diverged   sides differ, and no conflict says so
 *   lost       an edit is nowhere, and no rule or conflict decided against it
 *   gone       a record nobody deleted, or that was edited after it, is gone
 *   undead     a record that was deleted is there
 *   mirror     (play.c) swapping the names of two sides changes the outcome
 *
 * What may be otherwise, and why nothing is lost by it:
 *
 *   restore    Of a home made anew of a dump nobody can demand that it knows
 *              what it saw since.  Edits made before that are not asked for
 *              (lost), nor whether a record is dead (gone, undead) or made
 *              by somebody (invented); all else holds, and edits made after
 *              it survive.  A record nobody deleted is never gone.
 *   decided    An edit need not survive a decision of its field's rule which
 *              the plan shows; by max, min, longest, jq and command (ours
 *              take the greatest) only one that could lose by that rule; what
 *              was put into a text that all add to always stands.
 *              Nor does it keep a record alive then (gone).
 *   replaced   Nor where somebody else changed that very value elsewhere
 *              before he could see what it had been set back from.
 *   early      A reference to what was never read is no change; it becomes one
 *              when that is known.  Until then what is there is not written
 *              over (left: it waits).  One to what is gone stays as it is.  One
 *              that was taken away again before the run after that in which
 *              its record was met never was one, nor was taking it away.
 *   merged     What became another record is that one's: its edits are not
 *              asked for, nor a null of the winner's that it filled (but that
 *              it filled it, is).  Where
 *              both stand elsewhere the second stays, untouched, for a person
 *              (gone: it is not deleted); but what is taken out before it was
 *              seen to be merged is just gone.  Where both sides merged, in
 *              whatever directions, a reference to one may wait, and one of
 *              which a person is asked may wait and need not be everywhere;
 *              so may all that became each other in a ring.
 *   unmet      What could not be used when its code was met is a stranger
 *              until it can be: a null set meanwhile it fills (lost), and a
 *              deletion of either is that one's alone (duplicate).
 *   ambiguous  Records of a code that several have on a side need not be
 *              everywhere; there are never more of it than people made.
 *   disputed   What was deleted on a side, by somebody or because it was so
 *              elsewhere, is not made again there as long as one of its fields
 *              waits for a person (diverged): his answer sends it.
 *   cut        A name of which a side has room for a part is whole elsewhere,
 *              until a person says what an edit of that part means (lost).
 *              After a restore that part may be all that is left of it.
 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "views.h"

/* Lets the world come to rest, and checks; what the sides show, by uid. */
void invariants_check(struct world *w, struct views *sides);

#endif
