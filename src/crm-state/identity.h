/* SPDX-License-Identifier: MIT */
/* identity: which records are one, where a person has to say so. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "look.h"
#include "word.h"

/* A line for each record that waits; of an entity or a uid (NULL: all). */
enum rc identity_list(struct look *l, const char *entity, const char *uid,
    struct err *e) RC_CHECK;

/*
 * The record is one of its own (word "separate"), or the one that the word
 * names.  A word_decide.
 */
struct identity {
	struct span uid, word;
};
enum rc identity_decide(struct word *w, void *identity, struct err *e);

#endif
