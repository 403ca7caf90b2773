/* SPDX-License-Identifier: MIT */
/* live_fit: do a field of ours and one of an account go together? */
#ifndef LIVE_FIT_H
#define LIVE_FIT_H

#include "../lib/mapping.h"
#include "account.h"

struct map_step;

/* What it holds, read as ours; and ours written there.  What is not told
 * fits. */
bool live_fit_read(const struct entity_field *ef,
    const struct account_field *f);
bool live_fit_write(const struct entity_field *ef,
    const struct account_field *f);

/* A word of theirs is one of ours, if ours are listed. */
bool live_fit_word_read(const struct entity_field *ef,
    const struct map_step *s, struct span theirs);

/* The words of theirs we may write: how many, and the i-th. */
size_t live_fit_words(const struct entity_field *ef,
    const struct map_step *s);
struct span live_fit_word(const struct entity_field *ef,
    const struct map_step *s, size_t i);
/* It is no pick list, or has the word. */
bool live_fit_option(const struct account_field *f, struct span word);

#endif
