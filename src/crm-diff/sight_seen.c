/* SPDX-License-Identifier: MIT */
/* sight_seen: what could not be processed, here or before. */
#include "diff.h"

/* A record that an earlier stage could not process is there all the same. */
enum rc
sight_seen(struct filter *f, struct err *e)
{
	struct diff *d = f->stage;
	struct link l;
	enum rc rc = diff_link(d, f->line.id, &l, e);

	if (rc == RC_OK)
		absence_mark(d, l.ordinal);
	return rc == RC_END || rc == RC_RECORD ? RC_OK : rc;
}

/* One we reject ourselves is as well known as the line says. */
void
sight_known(struct filter *f, struct buf *b)
{
	const struct json *j = &f->line.json;
	uint32_t fields = json_get(j, 0, SPAN("fields"));

	if (!fields || json_kind(j, fields) != JSON_OBJECT)
		return;
	if (f->line.uid.len) {
		BUF_LIT(b, ",\"stamp\":");
		json_put_string(b, f->line.uid);
	}
	BUF_LIT(b, ",\"fields\":");
	buf_span(b, json_text(j, fields));
}
