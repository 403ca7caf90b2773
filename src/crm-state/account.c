/* SPDX-License-Identifier: MIT */
/* account: which account stands behind a system, and accepting another. */
#include "commands.h"
#include "known.h"

#include <unistd.h>

#include "../lib/account.h"
#include "../lib/audit.h"
#include "../lib/stream.h"

static bool accept_other;

const struct opt account_opts[] = {
	{ 0, "accept", NULL, "take the one that is met next; all is read again",
	    OPT_FLAG, &accept_other, 0, 0 },
	OPT_END
};

static enum rc
show(struct txn *t, struct span system, struct stream_out *out,
    struct err *e)
{
	struct account a;
	enum rc rc = account_get(t, system, &a, e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	BUF_LIT(&out->buf, "{\"type\":\"account\"");
	json_put_text(&out->buf, "system", system);
	json_put_text(&out->buf, "account", span_str(a.name));
	buf_printf(&out->buf, ",\"written\":%llu}",
	    (unsigned long long)a.written);
	return stream_out_line(out, e);
}

/* Who stood there until now is remembered in the audit only. */
static enum rc
accept_next(struct txn *t, struct span system, struct err *e)
{
	struct audit *audit = audit_new();
	struct account was = { .written = 0 };
	enum rc rc = account_get(t, system, &was, e);
	struct buf *b;

	if (rc == RC_END)
		rc = RC_OK;
	if (!rc)
		rc = audit_begin(audit, t, e);
	if (rc)
		goto out;
	b = audit_line(audit, "account");
	json_put_text(b, "system", system);
	json_put_text(b, "was", span_str(was.name));
	audit_end(audit);
	rc = account_forget(t, system, e);
	if (!rc)
		rc = audit_put(audit, t, e);
	if (!rc)
		rc = txn_commit(t, e);
out:
	audit_free(audit);
	return rc;
}

void
account_run(struct run *r)
{
	struct span system = span_str(r->operand[1]);
	struct txn t = { .mdb = NULL };
	struct state *s = NULL;
	struct stream_out out;
	struct err e;
	enum rc rc = state_open(&s, !accept_other, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = known_system(s, r->operand[1], &e);
	if (!rc)
		rc = txn_begin(&t, s, accept_other, &e);
	if (!rc)
		rc = accept_other ? accept_next(&t, system, &e) :
		    show(&t, system, &out, &e);
	txn_abort(&t);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else if (accept_other)
		run_notice(r, NULL, "%s: the account that is met next is "
		    "taken, and read completely", r->operand[1]);
	stream_out_free(&out);
	state_close(s);
}
