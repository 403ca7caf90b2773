/* SPDX-License-Identifier: MIT */
/* sight: a record as a section shows it, and the shadow it is held against. */
#ifndef SIGHT_H
#define SIGHT_H

#include "diff.h"

struct sight {
	struct diff *diff;
	struct link link;
	bool linked;
	struct record record;
	struct side *side;
	int64_t modified;      /* ms; 0: not said */
	struct span modified_text;
	struct span stamp;     /* our uid, found in the record */
	struct span version;   /* the system's own tag */
	struct span merged_into;
	uint32_t converted;    /* node of the ids it became; 0: it did not */
	bool deleted;
	bool again;            /* the section has shown it before */
	bool doubt;            /* what left for it may have arrived since */
	bool waiting;          /* for a reference that may be followed yet */
	bool unknown;          /* which is to nothing that ever lived there */
	uint32_t fields;       /* node */
	uint32_t times;        /* node of its fields' own times; 0: none */
};

/* sight_time.c */
void sight_distrust_time(struct sight *s);
bool sight_died_meanwhile(const struct sight *s);
bool sight_moved_meanwhile(const struct sight *s);
bool sight_is_older(const struct sight *s);
/* Counts it. */
bool sight_is_ahead(struct sight *s);

#endif
