/* SPDX-License-Identifier: MIT */
/* runs: what each stage of each run did, a line each, oldest first. */
#include "commands.h"

#include <unistd.h>

#include "../lib/state.h"
#include "../lib/stream.h"

/* The row is an object; what its key says stands before it. */
static enum rc
put_line(struct stream_out *out, struct span key, struct span row,
    struct err *e)
{
	struct buf *b = &out->buf;
	struct span run = key_take(&key), program = key_take(&key);

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
	return stream_out_line(out, e);
}

static enum rc
list(struct state *s, const char *run, struct stream_out *out,
    struct err *e)
{
	struct txn t;
	struct walk w = { .cursor = NULL };
	enum rc rc = txn_begin(&t, s, false, e);
	KEY_BUF(prefix);

	if (run)
		KEY(&prefix, span_str(run), SPAN(""));
	if (!rc)
		rc = walk_open(&w, &t, TABLE_RUN, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		rc = put_line(out, w.key, w.value, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	txn_abort(&t);
	return rc == RC_END ? stream_out_flush(out, e) : rc;
}

void
runs_run(struct run *r)
{
	struct state *s = NULL;
	struct stream_out out;
	struct err e;
	enum rc rc = state_open(&s, true, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = list(s, r->operands > 1 ? r->operand[1] : NULL, &out,
		    &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
	state_close(s);
}
