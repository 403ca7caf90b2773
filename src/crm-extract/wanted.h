/* SPDX-License-Identifier: MIT */
/*
 * wanted: what is asked for by its id, whatever a listing showed, of systems
 * that can be asked (adapter.h, fetch): what the state has on its todo list,
 * and what is linked but was not in a complete listing.  That is gone only if
 * the system says so of this very id.
 */
#ifndef WANTED_H
#define WANTED_H

#include "sights.h"
#include "source.h"

#define WANTED_AT_A_TIME 1000

struct wanted {
	struct span ids[WANTED_AT_A_TIME];
	size_t count;
	struct arena arena; /* owns them */
	struct buf from;    /* key of the last one looked at; empty: none */
	bool ended;         /* there are no more */
};

void wanted_init(struct wanted *w);
void wanted_free(struct wanted *w);

/* Can it be told what is asked for?  Not without a home, nor without a mapping
 * that says which entity it is. */
bool wanted_has_state(const struct extraction *x);

/*
 * The next ones, some or none: until w->ended.  The state is looked at and let
 * go; where there is none to look at, there are none.
 */
enum rc wanted_todo(struct wanted *w, const struct extraction *x,
    struct sights *shown, struct err *e) RC_CHECK;
/* Of a complete listing under `scope` that began at `began` (ms). */
enum rc wanted_missed(struct wanted *w, const struct extraction *x,
    struct sights *shown, uint32_t scope, int64_t began, struct err *e)
    RC_CHECK;

/* Is that id linked? */
enum rc wanted_is_known(const struct extraction *x, struct span id,
    bool *known, struct err *e) RC_CHECK;
/* Did a person say that it was deleted? */
enum rc wanted_is_gone(const struct extraction *x, struct span id,
    bool *gone, struct err *e) RC_CHECK;

#endif
