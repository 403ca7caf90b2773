/* SPDX-License-Identifier: MIT */
/* identity: who stands behind a token. */
#include "auth.h"

#include "../adapters/web_session.h"
#include "../lib/budget.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/secret.h"

void
identity_init(struct identity *i)
{
	*i = (struct identity){ .facts = { .active = false } };
	arena_init(&i->arena);
}

void
identity_free(struct identity *i)
{
	arena_free(&i->arena);
}

/* Facts outlive the answer they were read from. */
static void
keep(struct span *to, struct span from, struct arena *a)
{
	if (from.len)
		*to = arena_dup(a, from);
}

typedef void facts_reader(struct profile_facts *f, const struct json *j,
    struct arena *a);

static enum rc
read_facts(struct identity *i, struct span body, facts_reader *reader,
    struct err *e)
{
	struct profile_facts f = { .active = false };
	struct json j;
	enum rc rc;

	json_init(&j);
	rc = json_parse(&j, body, e);
	if (rc || json_kind(&j, 0) != JSON_OBJECT) {
		rc = err_set(e, RC_REMOTE, "the answer is no JSON object");
	} else {
		reader(&f, &j, &i->arena);
		keep(&i->facts.account, f.account, &i->arena);
		keep(&i->facts.user, f.user, &i->arena);
		keep(&i->facts.edition, f.edition, &i->arena);
		keep(&i->facts.scopes, f.scopes, &i->arena);
		i->facts.active |= f.active;
	}
	json_free(&j);
	return rc;
}

static enum rc
judge(long status, struct err *e)
{
	if (status == 401)
		return err_set(e, RC_PERSON, "the token is refused, HTTP "
		    "401");
	if (status == 403)
		return err_set(e, RC_PERSON, "not allowed, HTTP 403");
	return err_set(e, RC_REMOTE, "HTTP %ld", status);
}

/* Whose call it was is known only now. */
static enum rc
count_late(const struct identity *i, const struct party *p, struct err *e)
{
	struct budget *b = NULL;
	enum rc rc = RC_OK;

	if (i->facts.account.len)
		rc = web_budget(p->system, i->facts.account, &b, e);
	if (b)
		rc = budget_made(b, 0, 1, e);
	budget_close(b);
	return rc;
}

/* As a call of the account it most likely is, which is left in `whose`. */
static enum rc
send_counted(struct oauth_call *call, const struct party *p,
    struct buf *whose, struct err *e)
{
	enum rc rc = budget_whose(p->system->name, whose, e);

	if (!rc)
		rc = web_budget(p->system, buf_view(whose), &call->budget, e);
	if (!rc || rc == RC_END)
		rc = oauth_call_send(call, e);
	budget_close(call->budget);
	return rc;
}

static enum rc
ask_account(struct identity *i, const struct party *p, struct span token,
    struct err *e)
{
	struct oauth_call call;
	struct buf url, whose;
	enum rc rc;

	oauth_call_init(&call);
	buf_init(&whose, LIMIT_ACCOUNT, "account");
	buf_init(&url, LIMIT_SECRET, "address");
	buf_span(&url, credentials_api(p->system, p->profile));
	buf_span(&url, span_str(p->profile->account_path));
	call.url = buf_view(&url);
	call.bearer = token;
	rc = send_counted(&call, p, &whose, e);
	if (!rc && call.status != 200)
		rc = judge(call.status, e);
	if (!rc)
		rc = read_facts(i, buf_view(&call.body), p->profile->account,
		    e);
	if (!rc && !span_eq(buf_view(&whose), i->facts.account))
		rc = count_late(i, p, e);
	buf_free(&whose);
	buf_free(&url);
	oauth_call_free(&call);
	return rc;
}

/* Only who has the application's own secret may ask. */
static enum rc
introspect(struct identity *i, const struct party *p,
    const struct credential *c, struct span token, struct err *e)
{
	struct oauth_call call;
	struct buf form;
	enum rc rc;

	oauth_call_init(&call);
	secret_init(&form, 4 * LIMIT_SECRET, "form");
	oauth_put(&form, "token_type_hint", SPAN("access_token"));
	oauth_put(&form, "token", token);
	rc = credentials_post(c, p->profile, p->profile->introspect_path,
	    &form, &call, e);
	if (!rc && call.status != 200)
		rc = judge(call.status, e);
	if (!rc)
		rc = read_facts(i, buf_view(&call.body),
		    p->profile->introspected, e);
	if (!rc && !i->facts.active)
		rc = err_set(e, RC_PERSON, "the token is not active");
	secret_free(&form);
	oauth_call_free(&call);
	return rc;
}

enum rc
identity_ask(struct identity *i, const struct party *p,
    const struct credential *c, struct span token, struct err *e)
{
	bool ours = c && credential_get(c, CRED_CLIENT).len &&
	    p->profile->introspect_path;
	enum rc rc = RC_OK;

	if (ours)
		rc = introspect(i, p, c, token, e);
	if (!rc && p->profile->account_path)
		rc = ask_account(i, p, token, e);
	return rc;
}
