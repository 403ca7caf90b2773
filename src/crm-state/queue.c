/* SPDX-License-Identifier: MIT */
/* queue: what is pending for each system, and giving it another chance. */
#include "commands.h"
#include "rows.h"

#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/home.h"

static const char *
standing(const struct outbox *o)
{
	if (o->lease > clock_now())
		return "claimed";
	if (o->held)
		return "held";
	if (!o->released)
		return o->kept ? "kept back" : "proposed";
	return o->next_try > clock_now() ? "waiting" : "released";
}

static enum rc
print_row(void *arg, struct txn *t, struct outbox_row *row, struct err *e)
{
	struct stream_out *out = arg;
	struct buf *b = &out->buf;
	const struct outbox *o = &row->entry;

	(void)t;
	BUF_LIT(b, "{\"type\":\"pending\"");
	json_put_text(b, "system", row->system);
	json_put_text(b, "entity", row->entity);
	json_put_text(b, "uid", row->uid);
	buf_printf(b, ",\"version\":%llu,\"status\":\"%s\",\"attempts\":%lu",
	    (unsigned long long)o->version, standing(o),
	    (unsigned long)o->attempts);
	clock_put_member(b, "claimed_until", o->lease);
	clock_put_member(b, "next_try", o->next_try);
	if (o->error.len)
		json_put_text(b, "error", o->error);
	buf_putc(b, '}');
	return stream_out_line(out, e);
}

/* One that is no longer declared may still have something pending. */
static enum rc
require_system(const struct state *s, const char *name, struct err *e)
{
	struct systems systems = { 0 };
	uint32_t id;
	enum rc rc = RC_OK;

	if (!name || name_find(s, span_str(name), &id))
		return RC_OK;
	rc = systems_load(&systems, e);
	if (!rc && !systems_find(&systems, span_str(name)))
		rc = err_set(e, RC_CONFIG, "no system %s: declare it in "
		    "%s/systems.jq", name, home_path());
	systems_free(&systems);
	return rc;
}

void
queue_run(struct run *r)
{
	const char *system = r->operands > 1 ? r->operand[1] : NULL;
	struct state *s = NULL;
	struct stream_out out;
	struct err e;
	enum rc rc = state_open(&s, true, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = require_system(s, system, &e);
	if (!rc)
		rc = rows_outbox(s, system, NULL, print_row, &out, &e);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
	state_close(s);
}

struct change {
	char **uids;    /* none: all */
	bool approve;   /* else: retry */
	struct audit *audit;
	uint64_t changed;
};

static bool
meant(const struct change *c, struct span uid)
{
	if (!*c->uids)
		return true;
	for (char **u = c->uids; *u; u++)
		if (span_eq(span_str(*u), uid))
			return true;
	return false;
}

/* A claim that still runs is another loader's: it is left alone. */
static enum rc
change_row(void *arg, struct txn *t, struct outbox_row *row, struct err *e)
{
	struct change *c = arg;
	struct outbox *o = &row->entry;
	struct arena a;
	enum rc rc;

	if (!meant(c, row->uid) || o->lease > clock_now())
		return RC_OK;
	/* a share is raised, or a record of it asked for by its name */
	if (c->approve && o->kept && !*c->uids)
		return RC_OK;
	arena_init(&a);
	o->error = arena_dup(&a, o->error);
	o->claimant = SPAN("");
	if (c->approve) {
		o->released = true;
	} else {
		o->held = false;
		o->next_try = 0;
	}
	c->changed++;
	audit_tell_pending(c->audit, c->approve ? "approve" : "retry",
	    row->system, row->entity, row->uid, o->version);
	rc = outbox_put(t, row->system, row->entity, row->uid, o, e);
	arena_free(&a);
	return rc;
}

static void
change_rows(struct run *r, bool approve)
{
	struct change c = { .uids = r->operand + 2, .approve = approve,
		.audit = audit_new() };
	struct state *s = NULL;
	struct err e;
	enum rc rc = state_open(&s, false, &e);

	if (!rc)
		rc = require_system(s, r->operand[1], &e);
	if (!rc)
		rc = rows_outbox(s, r->operand[1], c.audit, change_row, &c,
		    &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		run_notice(r, NULL, "%llu %s; crm-load %s --pending sends "
		    "them", (unsigned long long)c.changed, approve ?
		    "released" : "to be tried again", r->operand[1]);
	audit_free(c.audit);
	state_close(s);
}

void
retry_run(struct run *r)
{
	change_rows(r, false);
}

void
approve_run(struct run *r)
{
	change_rows(r, true);
}
