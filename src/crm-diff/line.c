/* SPDX-License-Identifier: MIT */
/* line: how answers begin and end; records known by their line's bytes. */
#include "diff.h"

void
line_head(struct diff *d, const char *type, struct span escaped_id)
{
	struct buf *b = &d->filter.out.buf;

	buf_printf(b, "{\"type\":\"%s\",", type);
	buf_span(b, buf_view(&d->head));
	buf_span(b, escaped_id);
	buf_putc(b, '"');
}

void
line_hash(struct buf *b, struct hash128 h)
{
	BUF_LIT(b, ",\"hash\":\"");
	buf_hex(b, &h, sizeof h);
	buf_putc(b, '"');
}

/* `,"modified":"…"` as it stands right behind the id, if it does. */
static struct span
modified_member(struct span rest)
{
	static const struct span lead = { ",\"modified\":\"", 13 };
	const char *quote;

	if (rest.len < lead.len || memcmp(rest.ptr, lead.ptr, lead.len) != 0)
		return SPAN("");
	quote = memchr(rest.ptr + lead.len, '"', rest.len - lead.len);
	return quote ? span_of(rest.ptr, (size_t)(quote - rest.ptr) + 1) :
	    SPAN("");
}

/* The id of a line that starts as this section's lines do: no escapes. */
static bool
quick_id(const struct diff *d, struct span text, struct span *id)
{
	struct span prefix = buf_view(&d->prefix);
	const char *from = text.ptr + prefix.len;
	const char *quote;

	if (!prefix.len || text.len <= prefix.len ||
	    memcmp(text.ptr, prefix.ptr, prefix.len) != 0)
		return false;
	quote = memchr(from, '"', text.len - prefix.len);
	if (!quote || quote == from)
		return false;
	*id = span_of(from, (size_t)(quote - from));
	return memchr(id->ptr, '\\', id->len) == NULL;
}

/* Bytes we accepted before need no parsing: their hash is in the link. */
enum rc
line_quick(struct filter *f, struct err *e)
{
	struct diff *d = f->stage;
	struct span text = f->line.text, id, rest;
	struct hash128 hash;
	struct link l;
	enum rc rc;

	if (!f->in.section.open || d->compare_all ||
	    !quick_id(d, text, &id))
		return RC_END;
	rc = diff_link(d, id, &l, e);
	if (rc)
		return rc == RC_RECORD ? RC_END : rc;
	if (!l.live || l.scope != d->scope)
		return RC_END;
	hash = hash128(text, d->state->seed);
	if (!hash128_eq(hash, l.seen))
		return RC_END;
	if (absence_mark(d, l.ordinal))
		return RC_END; /* shown before: told in full */
	d->same++;
	line_head(d, "same", id);
	rest = span_of(id.ptr + id.len + 1,
	    text.len - (size_t)(id.ptr + id.len + 1 - text.ptr));
	buf_span(&f->out.buf, modified_member(rest));
	line_hash(&f->out.buf, hash);
	buf_putc(&f->out.buf, '}');
	stream_account(&f->in, id);
	stream_out_account(&f->out, id);
	return RC_OK;
}
