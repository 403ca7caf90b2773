/* SPDX-License-Identifier: MIT */
/* trail: what the audit is told of what was sent, and what came of it. */
#include "load.h"

#include "../lib/audit_tell.h"
#include "../lib/clock.h"

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
		.side = j->side, .sent = j->sent, .status = j->status,
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
