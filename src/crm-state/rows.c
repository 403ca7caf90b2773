/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include "pick.h"

#define BATCH 1000

const uint32_t *
rows_all_names(const struct state *s, struct arena *a)
{
	uint32_t *ids = arena_alloc(a, (s->name_count + 1) * sizeof *ids);

	for (size_t i = 0; i < s->name_count; i++)
		ids[i] = (uint32_t)i;
	return ids;
}

/* Copies up to BATCH keys from *from on; *from becomes the last of them. */
static enum rc
gather(struct txn *t, struct span prefix, struct buf *from, struct arena *a,
    struct span *keys, size_t *n, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_OUTBOX, prefix, e);

	*n = 0;
	if (!rc)
		rc = from->len ? walk_from(&w, buf_view(from), e) :
		    walk_next(&w, e);
	if (!rc && from->len && span_eq(w.key, buf_view(from)))
		rc = walk_next(&w, e);
	while (!rc && *n < BATCH) {
		keys[(*n)++] = arena_dup(a, w.key);
		rc = walk_next(&w, e);
	}
	walk_close(&w);
	if (*n) {
		buf_reset(from);
		buf_span(from, keys[*n - 1]);
	}
	return rc == RC_END ? RC_OK : rc;
}

void
rows_keep(struct outbox *o, struct arena *a)
{
	o->claimant = arena_dup(a, o->claimant);
	o->error = arena_dup(a, o->error);
	o->flight = arena_dup(a, o->flight);
}

static enum rc
hand_over(struct txn *t, struct span key, struct arena *a,
    struct pick *pick, rows_each *each, void *arg, struct err *e)
{
	struct outbox_row row;
	bool meant = false;
	enum rc rc;

	row.system = key_take(&key);
	row.entity = key_take(&key);
	row.uid = key;
	rc = outbox_get(t, row.system, row.entity, row.uid, &row.entry, e);
	if (rc)
		return rc;
	rows_keep(&row.entry, a);
	rc = pick_row(pick, t, &row, &meant, e);
	return rc || !meant ? rc : each(arg, t, &row, e);
}

static enum rc
one_batch(struct state *s, struct pick *pick, struct span prefix,
    struct buf *from, struct audit *audit, rows_each *each, void *arg,
    size_t *n, struct err *e)
{
	struct span keys[BATCH];
	struct txn t = { .mdb = NULL };
	struct arena a;
	enum rc rc = txn_begin(&t, s, audit != NULL, e);

	arena_init(&a);
	pick_begin(pick);
	if (!rc && audit)
		rc = audit_begin(audit, &t, e);
	if (!rc)
		rc = gather(&t, prefix, from, &a, keys, n, e);
	for (size_t i = 0; i < *n && !rc; i++)
		rc = hand_over(&t, keys[i], &a, pick, each, arg, e);
	if (!rc && audit)
		rc = audit_put(audit, &t, e);
	if (!rc && audit)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	arena_free(&a);
	return rc;
}

enum rc
rows_outbox(struct state *s, struct pick *pick, struct audit *audit,
    rows_each *each, void *arg, struct err *e)
{
	size_t n = 0;
	enum rc rc;
	KEY_BUF(prefix);
	KEY_BUF(from);

	if (pick->system)
		KEY(&prefix, span_str(pick->system), SPAN(""));
	do
		rc = one_batch(s, pick, buf_view(&prefix), &from, audit,
		    each, arg, &n, e);
	while (!rc && n == BATCH);
	return rc;
}
