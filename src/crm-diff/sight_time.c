/* SPDX-License-Identifier: MIT */
/* sight_time: is what is shown older than what its shadow stands for? */
#include "sight.h"

#include "../lib/clock.h"

/* So far two clocks may be apart without anybody being told. */
#define CLOCK_SKEW_MS 60000

/* By the system's own tag it is not what was read or written there last. */
static bool
is_another(const struct sight *s)
{
	return s->version.len && s->side->version.len &&
	    !span_eq(s->version, s->side->version);
}

/*
 * Where nothing lags, what was read after the time its shadow stands for is no
 * old copy: the time in it is wrong (a line put back as it was, an editor that
 * keeps times).  It then counts as changed when it was read.
 */
void
sight_distrust_time(struct sight *s)
{
	const struct side *side = s->side;

	if (!side || !s->diff->current || s->diff->began <= side->modified)
		return;
	if (s->modified < side->modified || (s->modified == side->modified &&
	    (side->life == LIFE_ARCHIVED || is_another(s)))) {
		s->modified = 0;
		s->modified_text = SPAN("");
	}
}

/*
 * It was seen dead, or died by our hand, later than what this section is sure
 * to show.  That it lives may be from before, or a restore: it is read again.
 */
bool
sight_died_meanwhile(const struct sight *s)
{
	return s->linked && !s->link.live &&
	    s->diff->covers <= s->link.since;
}

/* A copy from before what the shadow stands for. */
bool
sight_is_older(const struct sight *s)
{
	return s->side && s->link.live && s->modified &&
	    s->modified < s->side->modified;
}

/*
 * Its shadow is from a time to come: a clock was ahead then, or is behind now.
 * What is shown may be later all the same; it is read until that can be told.
 */
bool
sight_is_ahead(struct sight *s)
{
	int64_t ahead = s->side->modified - clock_now();

	s->diff->ahead += ahead > CLOCK_SKEW_MS;
	return ahead > 0;
}

/*
 * Its shadow was read, or written, after this section was begun to be read:
 * what differs may be from before.
 */
bool
sight_moved_meanwhile(const struct sight *s)
{
	int64_t began = s->diff->began;

	return s->side && s->link.live && began && began < s->side->synced &&
	    s->side->synced <= clock_now(); /* no clock was ahead then */
}
