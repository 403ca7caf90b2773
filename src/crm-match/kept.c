/* SPDX-License-Identifier: MIT */
/* kept: records in a file without a name, in $TMPDIR, else /tmp. */
#include "match.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/tempfile.h"
#include "../lib/xalloc.h"

const char *
kept_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

void
kept_init(struct kept *k)
{
	*k = (struct kept){ .fd = -1 };
	buf_init(&k->out, 4u * LIMIT_LINE, "records");
}

void
kept_free(struct kept *k)
{
	if (k->fd >= 0)
		close(k->fd);
	buf_free(&k->out);
	free(k->at);
}

enum rc
kept_flush(struct kept *k, struct err *e)
{
	enum rc rc = k->fd < 0 ? tempfile_open(kept_directory(), &k->fd, e) :
	    RC_OK;

	if (!rc)
		rc = tempfile_write(k->fd, k->out.ptr, k->out.len,
		    (off_t)k->written, e);
	k->written += k->out.len;
	buf_reset(&k->out);
	return rc;
}

enum rc
kept_add(struct kept *k, const struct kept_record *r, struct err *e)
{
	enum rc rc = RC_OK;

	if (k->out.len > WRITE_BLOCK)
		rc = kept_flush(k, e);
	if (k->count + 1 >= k->room) { /* one more: where the last one ends */
		k->room = k->room ? k->room + k->room / 2 : 1024;
		k->at = xrealloc(k->at, k->room * sizeof *k->at);
	}
	k->at[k->count++] = k->written + k->out.len;
	buf_varint(&k->out, r->origin);
	buf_counted(&k->out, r->id);
	buf_counted(&k->out, r->modified);
	buf_counted(&k->out, r->fields);
	k->at[k->count] = k->written + k->out.len;
	return rc;
}

enum rc
kept_get(const struct kept *k, size_t i, struct buf *text,
    struct kept_record *r, struct err *e)
{
	size_t len = k->at[i + 1] - k->at[i];
	struct span v;
	uint64_t origin;
	enum rc rc;

	buf_reset(text);
	if (!buf_reserve(text, len))
		return err_set(e, RC_SYSTEM, "a record is too long");
	rc = tempfile_read(k->fd, text->ptr, len, (off_t)k->at[i], e);
	text->len = len;
	v = buf_view(text);
	if (!rc && (!span_take_varint(&v, &origin) ||
	    !span_take_counted(&v, &r->id) ||
	    !span_take_counted(&v, &r->modified) ||
	    !span_take_counted(&v, &r->fields)))
		rc = err_set(e, RC_SYSTEM, "a temporary file broke");
	if (!rc)
		r->origin = origin;
	return rc;
}
