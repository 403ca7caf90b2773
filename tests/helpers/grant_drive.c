/* SPDX-License-Identifier: MIT */
/*
 * grant_drive: tokens of grants that no kind we ship has as yet, by kinds of
 * its own.
 *
 *   grant_drive put KIND URL GRANT [KEY]   as crm-auth login keeps it: client
 *           "an app", secret "s&cret=1" or the key in the file KEY
 *   grant_drive token KIND URL [STALE]     the token a request goes out with
 *
 * KIND: form (the client's secret goes in the form), head (in a header), or
 * other (JWTs are for "https://login.test").  Exits as programs do.
 */
#include <stdio.h>
#include <stdlib.h>

#include "adapter.h"
#include "credentials.h"
#include "limits.h"
#include "profile.h"
#include "run.h"
#include "secret.h"
#include "web.h"

static const struct profile profiles[] = {
	{ .kind = "form", .grants = GRANT_CLIENT | GRANT_JWT,
	    .token_path = "/oauth2/token", .lifetime = 3600 },
	{ .kind = "head", .grants = GRANT_CLIENT,
	    .token_path = "/oauth2/token", .lifetime = 3600,
	    .secret_in_header = true },
	{ .kind = "other", .grants = GRANT_JWT,
	    .token_path = "/oauth2/token", .lifetime = 3600,
	    .audience = "https://login.test" },
};

/* Instead of registry.c's. */
const struct adapter *
adapter_find(struct span kind)
{
	static struct adapter adapter;
	static struct web web;

	for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
		if (!span_eq(span_str(profiles[i].kind), kind))
			continue;
		web.profile = &profiles[i];
		adapter.web = &web;
		return &adapter;
	}
	return NULL;
}

static enum rc
put(const struct system *s, const char *grant, const char *key,
    struct err *e)
{
	struct credentials all;
	struct credential c;
	struct buf pem;
	enum rc rc = RC_OK;

	credential_init(&c);
	secret_init(&pem, LIMIT_SECRET, "key");
	credential_set(&c, CRED_KIND, s->kind);
	credential_set(&c, CRED_API, s->api);
	credential_set(&c, CRED_GRANT, span_str(grant));
	credential_set(&c, CRED_CLIENT, SPAN("an app"));
	if (key) {
		rc = secret_read(&pem, key, e);
		credential_set(&c, CRED_KEY, buf_view(&pem));
		credential_set(&c, CRED_SUBJECT, SPAN("ann@acme.test"));
	} else {
		credential_set(&c, CRED_SECRET, SPAN("s&cret=1"));
		credential_set(&c, CRED_SCOPES, SPAN("read write"));
	}
	if (!rc)
		rc = credentials_open(&all, true, e);
	if (!rc)
		rc = credentials_put(&all, s->name, &c, e);
	if (!rc)
		credentials_close(&all);
	secret_free(&pem);
	credential_free(&c);
	return rc;
}

static enum rc
show(const struct system *s, const char *stale, struct err *e)
{
	struct buf token;
	enum rc rc;

	secret_init(&token, LIMIT_SECRET, "token");
	rc = credentials_token(s, span_str(stale), &token, e);
	if (!rc)
		printf("%.*s\n", (int)token.len, token.ptr);
	secret_free(&token);
	return rc;
}

int
main(int argc, char **argv)
{
	static const struct opt opts[] = { OPT_END };
	static const struct run_program program = { "grant_drive",
		"put|token KIND URL [GRANT [KEY]]", opts, 3, 5 };
	struct system s = { .name = SPAN("there"), .enabled = true };
	struct run r;
	struct err e;
	enum rc rc;

	run_open(&r, &program, argc, argv);
	s.kind = span_str(r.operand[1]);
	s.api = span_str(r.operand[2]);
	if (r.operand[0][0] == 'p')
		rc = put(&s, r.operand[3], r.operands > 4 ? r.operand[4] :
		    NULL, &e);
	else
		rc = show(&s, r.operands > 3 ? r.operand[3] : "", &e);
	if (rc)
		run_problem(&r, NULL, rc, &e);
	return run_close(&r);
}
