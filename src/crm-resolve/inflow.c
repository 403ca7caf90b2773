/* SPDX-License-Identifier: MIT */
/* inflow: how much each section brought, for crm-status. */
#include "resolve.h"

#include "../lib/clock.h"
#include "../lib/flow.h"

static uint64_t
sum(const struct json *j, struct span name)
{
	uint64_t n = 0;

	for (JSON_ITEMS(j, 0, stage)) {
		int64_t one = json_kind(j, stage) == JSON_OBJECT ?
		    json_get_int(j, stage, name, 0) : 0;

		n += one > 0 ? (uint64_t)one : 0;
	}
	return n;
}

/* What the stages before counted; others' sections may have no counters. */
static void
take_stages(struct flow *f, const struct conclusion *c)
{
	struct json j;
	struct err ignored;

	json_init(&j);
	if (c->stages.len && !json_parse(&j, c->stages, &ignored) &&
	    json_kind(&j, 0) == JSON_ARRAY) {
		f->n[FLOW_CHANGED] = sum(&j, SPAN("creates")) +
		    sum(&j, SPAN("updates")) + sum(&j, SPAN("deletes"));
		f->n[FLOW_REJECTED] = sum(&j, SPAN("rejected"));
	}
	json_free(&j);
}

enum rc
inflow_put(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->conclusion_count && !rc; i++) {
		const struct conclusion *c = &r->conclusion[i];
		struct flow f = { .n = { [FLOW_READ] = c->records } };

		take_stages(&f, c);
		rc = flow_add(t, c->system, c->entity, clock_now(), &f, e);
	}
	return rc;
}
