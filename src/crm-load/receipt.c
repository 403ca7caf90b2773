/* SPDX-License-Identifier: MIT */
/* receipt: what became of each record, a line each. */
#include "load.h"

static const char *const op_name[] = {
	[WRITE_CREATE] = "create", [WRITE_UPDATE] = "update",
	[WRITE_ARCHIVE] = "archive", [WRITE_DELETE] = "delete"
};

static void
count_done(struct load *l, const struct job *j)
{
	struct report *r = &l->report;

	if (!j->item) {
		r->nothing++;
		return;
	}
	r->created += j->item->kind == WRITE_CREATE;
	r->updated += j->item->kind == WRITE_UPDATE;
	r->archived += j->item->kind == WRITE_ARCHIVE;
	r->deleted += j->item->kind == WRITE_DELETE;
}

static void
count(struct load *l, const struct job *j)
{
	struct report *r = &l->report;
	bool failed = strcmp(j->status, "failed") == 0;

	if (strcmp(j->status, "done") == 0) {
		count_done(l, j);
		return;
	}
	r->failed += failed;
	r->held += strcmp(j->status, "held") == 0;
	r->stale += strcmp(j->status, "stale") == 0;
	r->unknown += strcmp(j->status, "unknown") == 0;
	reasons_add(&r->reasons, NULL, j->why ? j->why : j->status, 1);
}

/* Old held entries met on the way (--pending) are no news. */
static void
say(struct load *l, const struct job *j)
{
	struct where w = { .system = l->system->name, .id = j->uid,
		.object = j->outlet->policy->entity->name };
	struct err e;

	if (strcmp(j->status, "done") == 0)
		return;
	if (!j->version && !j->claimed)
		return;
	err_set(&e, RC_RECORD, "%s: %s", j->status, j->why ? j->why : "");
	run_problem(&l->run, &w, RC_RECORD, &e);
}

enum rc
receipt_put(struct load *l, struct job *j, struct err *e)
{
	struct buf *b = &l->out.buf;
	struct span id = !j->item ? SPAN("") : j->item->new_id.len ?
	    j->item->new_id : j->item->id;

	if (!j->status)
		j->status = "dry-run";
	BUF_LIT(b, "{\"type\":\"receipt\"");
	json_put_text(b, "system", l->system->name);
	json_put_text(b, "entity", j->outlet->policy->entity->name);
	json_put_text(b, "uid", j->uid);
	if (id.len)
		json_put_text(b, "id", id);
	if (j->item)
		json_put_text(b, "op", span_str(op_name[j->item->kind]));
	buf_printf(b, ",\"version\":%llu", (unsigned long long)(j->claimed ?
	    j->claimed_version : j->version));
	json_put_text(b, "status", span_str(j->status));
	if (l->dry_run && j->item && j->item->data.len) {
		json_put_key(b, SPAN("data"));
		buf_span(b, j->item->data);
	}
	if (strcmp(j->status, "done") != 0 && j->why) {
		BUF_LIT(b, ",\"error\":{\"message\":");
		json_put_string(b, span_str(j->why));
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
	count(l, j);
	if (!l->dry_run)
		say(l, j);
	return stream_out_line(&l->out, e);
}
