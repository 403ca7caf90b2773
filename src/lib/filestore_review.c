/* SPDX-License-Identifier: MIT */
#include "filestore_review.h"

#include <stdlib.h>

#include "filestore_journal.h"
#include "xalloc.h"

static void
add_move(struct filestore_review *r, uint64_t origin, uint64_t place)
{
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 1024;
		r->moves = xrealloc(r->moves, r->room * sizeof *r->moves);
	}
	r->moves[r->count++] = (struct filestore_move){ origin, place };
}

static enum rc
note(struct filestore_review *r, const struct filestore_entry *n, uint64_t at,
    struct err *e)
{
	int64_t ignored;

	switch (n->kind) {
	case FILESTORE_BASE:
		return filestore_journal_take_ident(n->text, &r->base,
		    &r->since, e);
	case FILESTORE_NEXT:
		return filestore_journal_take_ident(n->text, &r->next,
		    &ignored, e);
	case FILESTORE_NEW:
		break;
	default:
		add_move(r, n->origin, at | FILESTORE_IN_JOURNAL);
	}
	r->entries++;
	return RC_OK;
}

static int
by_origin(const void *a, const void *b)
{
	const struct filestore_move *x = a, *y = b;

	if (x->origin != y->origin)
		return x->origin < y->origin ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* Sorted, and of several moves of one line only the last. */
static void
settle(struct filestore_review *r)
{
	size_t i, kept = 0;

	if (r->count)
		qsort(r->moves, r->count, sizeof *r->moves, by_origin);
	for (i = 0; i < r->count; i++)
		if (i + 1 == r->count ||
		    r->moves[i].origin != r->moves[i + 1].origin)
			r->moves[kept++] = r->moves[i];
	r->count = kept;
}

enum rc
filestore_review(struct filestore_review *r, int journal, bool trusted,
    struct err *e)
{
	struct filestore_parser p;
	struct filestore_scan scan;
	struct filestore_entry n;
	enum rc rc = RC_OK;

	memset(r, 0, sizeof *r);
	filestore_parser_init(&p);
	filestore_scan_open(&scan, journal, FILESTORE_JOURNAL_LINE);
	while (rc == RC_OK) {
		rc = filestore_journal_next(&scan, trusted ? NULL : &p, &n,
		    &r->torn, e);
		if (rc == RC_OK)
			rc = note(r, &n, scan.at, e);
	}
	r->good = r->torn ? scan.at : scan.offset;
	filestore_scan_free(&scan);
	filestore_parser_free(&p);
	settle(r);
	return rc == RC_END ? RC_OK : rc;
}

void
filestore_review_free(struct filestore_review *r)
{
	free(r->moves);
	r->moves = NULL;
}
