/* SPDX-License-Identifier: MIT */
/* queue: what is pending for each system, a line each. */
#include "queue.h"

#include "commands.h"
#include "pick.h"

#include <unistd.h>

#include "../lib/clock.h"

const char *
queue_standing(const struct outbox *o)
{
	if (o->lease > clock_now())
		return "claimed";
	if (o->held)
		return o->skipped ? "skipped" : "held";
	if (!o->released)
		return o->kept ? "kept back" : "proposed";
	return o->next_try > clock_now() ? "waiting" : "released";
}

void
queue_put(struct buf *b, const struct outbox *o)
{
	json_put_key(b, SPAN("version"));
	buf_printf(b, "%llu,\"status\":\"%s\",\"attempts\":%lu",
	    (unsigned long long)o->version, queue_standing(o),
	    (unsigned long)o->attempts);
	clock_put_member(b, "since", o->since);
	clock_put_member(b, "claimed_until", o->lease);
	clock_put_member(b, "next_try", o->next_try);
	if (o->error.len)
		json_put_text(b, "error", o->error);
}

static enum rc
print_row(void *arg, struct txn *t, struct outbox_row *row, struct err *e)
{
	struct stream_out *out = arg;
	struct buf *b = &out->buf;

	BUF_LIT(b, "{\"type\":\"pending\"");
	json_put_text(b, "system", row->system);
	json_put_text(b, "entity", row->entity);
	json_put_text(b, "uid", row->uid);
	queue_put(b, &row->entry);
	state_put_epoch(b, t->state);
	buf_putc(b, '}');
	return stream_out_line(out, e);
}

void
queue_run(struct run *r)
{
	struct state *s = NULL;
	struct stream_out out;
	struct pick k;
	struct err e;
	enum rc rc = pick_open(&k, r, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = state_open(&s, true, &e);
	if (!rc)
		rc = pick_require(&k, s, &e);
	if (!rc)
		rc = rows_outbox(s, &k, NULL, print_row, &out, &e);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
	state_close(s);
	pick_close(&k);
}
