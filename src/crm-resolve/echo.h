/* SPDX-License-Identifier: MIT */
/*
 * echo: a system may make something of what it is sent (a phone in its own
 * format, a text cut to its length).  Read later that is no edit of anybody's,
 * or it would go to all other systems.
 */
#ifndef ECHO_H
#define ECHO_H

#include "field.h"

/*
 * Is the value this observation shows what the side made of what it was sent?
 * `field` of the entity is at `at` in the record; the side still has the
 * value it showed before, and showed one.
 */
bool echo_is(const struct work *w, const struct observation *o, size_t field,
    size_t at);

/*
 * The side holds less than it stands for, as was read there or, where nothing
 * was read since it was sent, as the mapping cuts it: an edit of it loses the
 * rest.  Asked before the edit is held.
 */
bool echo_is_cut(const struct work *w, const struct side *s, size_t system,
    size_t field, size_t at);

/*
 * Would that system (interned), told the whole, hold `part` for it, which is
 * less?  Then a state that was put back has forgotten that it was told.
 */
bool echo_is_part(const struct work *w, uint32_t system, size_t field,
    struct span whole, struct span part);

#endif
