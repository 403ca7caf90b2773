/* SPDX-License-Identifier: MIT */
/* known: a name that a command is given is one of something. */
#ifndef KNOWN_H
#define KNOWN_H

#include "../lib/state.h"

/*
 * RC_CONFIG, with what to do, when there is no such system or entity; NULL is
 * none that was named.  One that is no longer declared, or has no file any
 * more, is still known as long as the state has something of it.
 */
enum rc known_system(const struct state *s, const char *name, struct err *e)
    RC_CHECK;
enum rc known_entity(struct state *s, const char *name, struct err *e)
    RC_CHECK;

/* Both. */
enum rc known_names(struct state *s, const char *system, const char *entity,
    struct err *e) RC_CHECK;

#endif
