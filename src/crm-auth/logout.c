/* SPDX-License-Identifier: MIT */
/* logout: revokes what was granted, then forgets it. */
#include "auth.h"

#include "../lib/limits.h"
#include "../lib/secret.h"

static bool only_here;

const struct opt logout_opts[] = {
	{ 0, "only-here", NULL, "forget it though it could not be revoked",
	    OPT_FLAG, &only_here, 0, 0 },
	TRACE_OPTS,
	OPT_END
};

/* RC_END: there is nothing to revoke. */
static enum rc
revoke(const struct party *p, const struct credential *c, struct err *e)
{
	struct span token = credential_get(c, CRED_REFRESH);
	struct oauth_call call;
	struct buf form;
	enum rc rc;

	if (!p->profile->revoke_path || !token.len)
		return RC_END;
	oauth_call_init(&call);
	secret_init(&form, 4 * LIMIT_SECRET, "form");
	oauth_put(&form, "token_type_hint", SPAN("refresh_token"));
	oauth_put(&form, "token", token);
	rc = credentials_post(c, p->profile, p->profile->revoke_path, &form,
	    &call, e);
	if (!rc && (call.status < 200 || call.status > 299) &&
	    call.status != 404)
		rc = err_set(e, RC_REMOTE, "not revoked, HTTP %ld; without "
		    "that: --only-here", call.status);
	secret_free(&form);
	oauth_call_free(&call);
	return rc;
}

static enum rc
log_out(struct run *r, const struct party *p, struct credentials *all,
    struct err *e)
{
	const char *name = r->operand[1];
	struct credential c;
	struct err why;
	enum rc rc, revoked;

	credential_init(&c);
	rc = credentials_get(all, p->system->name, &c, e);
	if (rc == RC_END)
		rc = err_set(e, RC_CONFIG, "%s: not logged in", name);
	revoked = rc ? RC_OK : revoke(p, &c, &why);
	credential_free(&c);
	if (!rc && revoked && revoked != RC_END && !only_here)
		return err_set(e, revoked, "%s: %s", name, why.text);
	if (!rc)
		rc = credentials_forget(all, p->system->name, e);
	if (!rc)
		run_notice(r, NULL, "%s: %s", name, !revoked ?
		    "revoked and forgotten" : revoked == RC_END ?
		    "forgotten; a token that was made there has to be "
		    "ended there" : "forgotten, not revoked");
	return rc;
}

void
logout_run(struct run *r)
{
	struct credentials all = { .lock = -1 };
	struct party p;
	struct err e;
	enum rc rc = party_open(&p, r->operand[1], &e);

	if (!rc)
		rc = credentials_open(&all, true, &e);
	if (!rc)
		rc = log_out(r, &p, &all, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	credentials_close(&all);
	party_close(&p);
}
