/* SPDX-License-Identifier: MIT */
/* trail: what the audit is told of what was sent, and what came of it. */
#include "load.h"

#include "../lib/audit_tell.h"
#include "../lib/clock.h"
#include "../lib/ran.h"

static const char *const op_name[] = {
	[WRITE_CREATE] = "create", [WRITE_UPDATE] = "update",
	[WRITE_ARCHIVE] = "archive", [WRITE_DELETE] = "delete"
};

void
trail_plan(struct load *l, const struct json *begin)
{
	struct span run = json_get_string(begin, 0, SPAN("run"),
	    &l->in.arena);
	size_t len = run.len < sizeof l->plan_run ? run.len : 0;

	if (len && !span_eq(run, span_str(clock_run_id())))
		memcpy(l->plan_run, run.ptr, len);
	else
		len = 0;
	l->plan_run[len] = '\0';
}

void
trail_job(struct load *l, const struct job *j)
{
	struct audit_delivery d = { .policy = j->outlet->policy,
		.system = j->outlet->system, .record = &j->record,
		.side = j->side, .sent = j->sent, .stamp = j->stamp,
		.status = j->status,
		.plan = span_str(l->plan_run) };

	if (!j->claimed || !j->item)
		return; /* nothing was to leave us */
	d.id = j->item->new_id.len ? j->item->new_id : j->item->id;
	d.op = op_name[j->item->kind];
	d.version = j->claimed_version;
	if (strcmp(j->status, "done") != 0)
		d.why = j->why;
	audit_tell_delivery(l->audit, &d);
}

static void
put_row(struct buf *b, const struct load *l)
{
	const struct report *r = &l->report;
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {
		{ "created", r->created }, { "updated", r->updated },
		{ "archived", r->archived }, { "deleted", r->deleted },
		{ "nothing", r->nothing }, { "failed", r->failed },
		{ "held", r->held }, { "stale", r->stale },
		{ "unknown", r->unknown }
	};

	ran_begin(b, l->run.began, run_status(&l->run));
	if (l->plan_run[0])
		json_put_text(b, "by", span_str(clock_run_id()));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i].n)
			buf_printf(b, ",\"%s\":%llu", counts[i].name,
			    (unsigned long long)counts[i].n);
	buf_putc(b, '}');
}

static bool
did_anything(const struct report *r)
{
	return r->created + r->updated + r->archived + r->deleted +
	    r->nothing + r->failed + r->stale + r->unknown > 0;
}

enum rc
trail_end(struct load *l, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct buf row;
	enum rc rc;

	if (l->dry_run || !l->state || !did_anything(&l->report))
		return RC_OK;
	buf_init(&row, LIMIT_LINE, "run");
	put_row(&row, l);
	rc = txn_begin(&t, l->state, true, e);
	if (!rc)
		rc = ran_put(&t, span_str(l->plan_run[0] ? l->plan_run :
		    clock_run_id()), "crm-load", l->system->name,
		    buf_view(&row), e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	buf_free(&row);
	return rc;
}
