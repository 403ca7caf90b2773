/* SPDX-License-Identifier: MIT */
/* identity: which records are one, where a person has to say so. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "../lib/run.h"
#include "../lib/state.h"
#include "../lib/stream.h"

/* A line for each record that waits. */
enum rc identity_list(struct state *s, struct stream_out *out, struct err *e)
    RC_CHECK;

/*
 * decide ENTITY UID identity separate|OTHER: the record is one of its own, or
 * the one that OTHER is.
 */
void identity_decide(struct run *r);

#endif
