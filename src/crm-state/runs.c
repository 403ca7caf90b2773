/* SPDX-License-Identifier: MIT */
/* runs: what each stage of each run did, a line each, oldest first. */
#include "commands.h"
#include "look.h"

/* The row is an object; what its key says stands before it. */
static enum rc
put_row(struct look *l, void *arg, struct span key, struct span row,
    struct err *e)
{
	struct buf *b = &l->out.buf;
	struct span run = key_take(&key), program = key_take(&key);

	(void)arg;
	BUF_LIT(b, "{\"type\":\"run\"");
	json_put_text(b, "run", run);
	json_put_text(b, "program", program);
	json_put_member(b, "system", key);
	if (row.len > 2) {
		buf_putc(b, ',');
		buf_put(b, row.ptr + 1, row.len - 1);
	} else {
		buf_putc(b, '}');
	}
	return stream_out_line(&l->out, e);
}

static enum rc
list(struct look *l, void *arg, struct err *e)
{
	(void)arg;
	return look_listed(l, TABLE_RUN, put_row, e);
}

void
runs_run(struct run *r)
{
	look(r, list, NULL);
}
