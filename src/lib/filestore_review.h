/* SPDX-License-Identifier: MIT */
/* filestore_review: a journal read through once, and what is to be done. */
#ifndef FILESTORE_REVIEW_H
#define FILESTORE_REVIEW_H

#include "filestore_files.h"

/* The line at `origin` is now the one at `place` of the journal. */
struct filestore_move {
	uint64_t origin, place;
};

struct filestore_review {
	struct filestore_ident base; /* what it was written against */
	struct filestore_ident next; /* there: what it was merged into */
	int64_t since;               /* ms: as the base was; 0: nobody knows */
	struct filestore_move *moves; /* owned; by origin, one an origin */
	size_t count, room;
	uint64_t entries;            /* records written or deleted */
	uint64_t good;               /* bytes before a torn end */
	bool torn;
};

/* Unless trusted, every line is checked. Free it in any case. */
enum rc filestore_review(struct filestore_review *r, int journal,
    bool trusted, struct err *e) RC_CHECK;
void filestore_review_free(struct filestore_review *r);

#endif
