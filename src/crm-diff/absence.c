/* SPDX-License-Identifier: MIT */
/* absence: what a complete listing did not show, from a bit per link. */
#include "diff.h"

#include "../lib/json.h"

bool
absence_mark(struct diff *d, uint64_t ordinal)
{
	size_t byte = (size_t)(ordinal / 8);
	char bit = (char)(1u << (ordinal % 8));
	struct buf *b = &d->shown;
	bool was;

	if (byte >= b->len) {
		size_t more = byte + 1 - b->len;

		if (!buf_reserve(b, more))
			return false;
		memset(b->ptr + b->len, 0, more);
		b->len += more;
	}
	was = b->ptr[byte] & bit;
	b->ptr[byte] |= bit;
	return was;
}

static bool
shown(const struct diff *d, uint64_t ordinal)
{
	size_t byte = (size_t)(ordinal / 8);

	return byte < d->shown.len &&
	    (d->shown.ptr[byte] & (1 << (ordinal % 8)));
}

static enum rc
put_absent(struct diff *d, struct span key, const struct link *l,
    struct err *e)
{
	struct arena *a = &d->absent;
	struct buf *b = &d->filter.out.buf;
	struct record r;
	struct side *s;
	enum rc rc = record_load(&d->txn, d->source.entity, l->uid,
	    &d->system, d->system != NO_NAME, a, &r, e);

	if (rc)
		return rc;
	s = record_side(&r, d->system);
	BUF_LIT(b, "{\"type\":\"change\",");
	buf_span(b, buf_view(&d->head));
	json_put_escaped(b, span_of(key.ptr + d->key_prefix,
	    key.len - d->key_prefix));
	BUF_LIT(b, "\",\"uid\":");
	json_put_string(b, l->uid);
	BUF_LIT(b, ",\"op\":\"delete\",\"absent\":true");
	if (s)
		buf_printf(b, ",\"base\":%llu",
		    (unsigned long long)s->revision);
	buf_putc(b, '}');
	d->deletes++;
	return stream_out_line(&d->filter.out, e);
}

/*
 * Only links older than the section's begin, and last seen under this very
 * scope: what another filter showed is out of sight, not gone.
 */
enum rc
absence_sweep(struct diff *d, struct err *e)
{
	struct walk w;
	struct link l;
	enum rc rc;

	d->key.len = d->key_prefix;
	rc = walk_open(&w, &d->txn, TABLE_LINK, buf_view(&d->key), e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		if (!link_peek(w.value, &l)) {
			rc = err_set(e, RC_STATE, "state: a damaged link; see "
			    "crm-state check");
			break;
		}
		if (!l.live || shown(d, l.ordinal) || l.scope != d->scope ||
		    l.since >= d->began)
			continue;
		arena_reset(&d->absent);
		rc = link_decode(w.key, w.value, &l, &d->absent, e);
		if (!rc)
			rc = put_absent(d, w.key, &l, e);
		if (rc)
			break;
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}
