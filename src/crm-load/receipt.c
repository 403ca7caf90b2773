/* SPDX-License-Identifier: MIT */
/* receipt: what became of each record, a line each. */
#include "load.h"

#include <inttypes.h>

static const char *const op_name[] = {
	[WRITE_CREATE] = "create", [WRITE_UPDATE] = "update",
	[WRITE_ARCHIVE] = "archive", [WRITE_DELETE] = "delete"
};

/* What a person or the next run does about it, by its code. */
static const struct {
	const char *code, *next;
} nexts[] = {
	{ "old", "deliver the newest plan, or crm-load --pending" },
	{ "twice", "nothing: the plan's first line of it counts" },
	{ "edited", "change values before crm-resolve, then decide again" },
	{ "moved", "read the system and decide again" },
	{ "gone", "read the system and decide again" },
	{ "exists", "read the system and decide again" },
	{ "proposed", "crm-state approve" },
	{ "claimed", "crm-load --pending, when the other loader has ended" },
	{ "refused", "change its values, or crm-state retry" },
	{ "skipped", "nothing, or crm-state retry" },
	{ "required", "give it a value in a system that shows it" },
	{ "conflict", "crm-state conflicts, then crm-state decide" },
	{ "unfit", "change its values or the mapping, or crm-state retry" },
	{ "linked", "merge what is one record, or crm-state retry" },
	{ "waits", "crm-load --pending, later" },
	{ "unsent", "crm-load --pending, once that is mended" },
	{ "reference", "deliver what it refers to, then crm-load --pending" },
	{ "unread", "read the system and decide again" },
	{ "restored", "read every system completely" },
	{ "unknown", "crm-load --pending finds out" },
};

static const char *
next_of(const char *code)
{
	for (size_t i = 0; i < sizeof nexts / sizeof *nexts; i++)
		if (strcmp(nexts[i].code, code) == 0)
			return nexts[i].next;
	return "";
}

static void
put_error(struct buf *b, const struct job *j)
{
	BUF_LIT(b, ",\"error\":{");
	if (j->code)
		json_put_text(b, "code", span_str(j->code));
	json_put_text(b, "message", span_str(j->why));
	if (j->code)
		json_put_text(b, "next", span_str(next_of(j->code)));
	buf_putc(b, '}');
}

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
	if (j->code && strcmp(j->code, "unsent") == 0 && l->report.unsent++) {
		run_outcome(&l->run, RC_RECORD);
		return;
	}
	err_set(&e, RC_RECORD, "%s: %s", j->status, j->why ? j->why : "");
	run_problem(&l->run, &w, RC_RECORD, &e);
}

void
receipt_end(struct load *l)
{
	struct where w = { .system = l->system->name };
	struct err e;

	if (l->report.unsent < 2)
		return;
	err_set(&e, RC_RECORD, "held: %" PRIu64 " more were not sent either; "
	    "their receipts say why", l->report.unsent - 1);
	run_problem(&l->run, &w, RC_RECORD, &e);
}

enum rc
receipt_put(struct load *l, struct job *j, struct err *e)
{
	struct buf *b = &l->out.buf;
	struct span id = !j->item ? SPAN("") : j->item->new_id.len ?
	    j->item->new_id : j->item->id;

	if (j->passed)
		return RC_OK;
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
	BUF_LIT(b, ",\"version\":");
	buf_u64(b, j->claimed ? j->claimed_version : j->version);
	json_put_text(b, "status", span_str(j->status));
	if (l->dry_run && j->item && j->item->data.len) {
		json_put_key(b, SPAN("data"));
		buf_span(b, j->item->data);
	}
	if (strcmp(j->status, "done") != 0 && j->why)
		put_error(b, j);
	buf_putc(b, '}');
	count(l, j);
	if (!l->dry_run)
		say(l, j);
	return stream_out_line(&l->out, e);
}
