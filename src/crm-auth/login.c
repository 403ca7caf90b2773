/* SPDX-License-Identifier: MIT */
/* login: a person agrees in the browser, or gives what was made elsewhere. */
#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/limits.h"
#include "../lib/secret.h"

static struct {
	bool token, no_browser;
	const char *grant, *client_id, *key, *subject, *scope;
	int64_t port, timeout;
} opt = { .grant = "code", .timeout = 300 };

const struct opt login_opts[] = {
	{ 0, "token", NULL, "a token that was made there, from stdin",
	    OPT_FLAG, &opt.token, 0, 0 },
	{ 0, "grant", "GRANT", "code (in the browser), client or jwt",
	    OPT_STRING, &opt.grant, 0, 0 },
	{ 0, "client-id", "ID", "of the application that asks",
	    OPT_STRING, &opt.client_id, 0, 0 },
	{ 0, "key", "FILE", "jwt: the RSA key, in PEM, that signs",
	    OPT_STRING, &opt.key, 0, 0 },
	{ 0, "subject", "USER", "jwt: who is acted for",
	    OPT_STRING, &opt.subject, 0, 0 },
	{ 0, "scope", "SCOPES", "ask for these instead of the usual ones",
	    OPT_STRING, &opt.scope, 0, 0 },
	{ 0, "port", "N", "of the redirect to this machine; else any",
	    OPT_COUNT, &opt.port, 1, 65535 },
	{ 0, "timeout", "SECONDS", "how long to wait for the browser (300)",
	    OPT_COUNT, &opt.timeout, 1, 3600 },
	{ 0, "no-browser", NULL, "print the address, open nothing",
	    OPT_FLAG, &opt.no_browser, 0, 0 },
	TRACE_OPTS,
	OPT_END
};

/* ---- who asks ---- */

/* What was typed or put in the environment; nothing is a public client. */
static enum rc
find_secret(struct run *r, const struct party *p, struct credential *c,
    struct err *e)
{
	char name[CREDENTIALS_VARIABLE];
	struct buf secret;
	const char *value;
	enum rc rc = RC_OK;

	credentials_variable(name, "CRM_CLIENT_SECRET_", p->system->name);
	value = getenv(name);
	secret_init(&secret, LIMIT_SECRET, "client secret");
	if (!value) {
		if (isatty(STDIN_FILENO))
			run_notice(r, NULL, "the client secret, which is not "
			    "shown (or set %s):", name);
		rc = secret_ask(&secret, e);
	}
	if (!rc)
		credential_set(c, CRED_SECRET, value ? span_str(value) :
		    buf_view(&secret));
	secret_free(&secret);
	return rc;
}

static enum rc
find_client(struct run *r, const struct party *p, struct credential *c,
    struct err *e)
{
	const char *scope = opt.scope ? opt.scope : p->profile->scopes;

	if (!opt.client_id)
		return err_set(e, RC_CONFIG, "which application asks? Give "
		    "--client-id, or a token with --token");
	credential_set(c, CRED_CLIENT, span_str(opt.client_id));
	credential_set(c, CRED_SCOPES, span_str(scope));
	return strcmp(opt.grant, "jwt") == 0 ? RC_OK :
	    find_secret(r, p, c, e);
}

/* ---- in the browser ---- */

struct proof {
	char verifier[OAUTH_PROOF + 1], state[OAUTH_PROOF + 1];
};

static void
put_consent(struct buf *b, const struct party *p, const struct credential *c,
    const struct loopback *l, const struct proof *proof)
{
	char challenge[OAUTH_PROOF + 1];

	oauth_challenge(span_str(proof->verifier), challenge);
	if (p->system->api.ptr) {
		buf_span(b, p->system->api);
		buf_span(b, span_str(p->profile->consent_path));
	} else {
		buf_span(b, span_str(p->profile->consent));
	}
	buf_putc(b, '?');
	oauth_put(b, "response_type", SPAN("code"));
	oauth_put(b, "client_id", credential_get(c, CRED_CLIENT));
	oauth_put(b, "redirect_uri", buf_view(&l->url));
	oauth_put(b, "scope", credential_get(c, CRED_SCOPES));
	oauth_put(b, "state", span_str(proof->state));
	oauth_put(b, "code_challenge", span_str(challenge));
	oauth_put(b, "code_challenge_method", SPAN("S256"));
}

/* Opens the page, or prints its address: data that is asked for. */
static enum rc
show_consent(struct run *r, const struct buf *url, struct err *e)
{
	struct buf text;
	enum rc rc = RC_OK;

	buf_init(&text, LIMIT_SECRET, "address");
	buf_span(&text, buf_view(url));
	if (opt.no_browser || !browser_open(buf_cstr(&text))) {
		run_notice(r, NULL, "open this in a browser on this machine, "
		    "and agree:");
		if (puts(buf_cstr(&text)) < 0 || fflush(stdout) != 0)
			rc = err_errno(e, RC_SYSTEM, "stdout");
	} else {
		run_notice(r, NULL, "agree in the browser");
	}
	buf_free(&text);
	return rc;
}

static enum rc
exchange(const struct party *p, struct credential *c,
    const struct loopback *l, struct span code, const struct proof *proof,
    struct err *e)
{
	struct oauth_answer answer;
	struct oauth_call call;
	int64_t now = clock_now();
	struct buf form;
	enum rc rc;

	oauth_answer_init(&answer);
	oauth_call_init(&call);
	secret_init(&form, 4 * LIMIT_SECRET, "form");
	oauth_put(&form, "grant_type", SPAN("authorization_code"));
	oauth_put(&form, "code", code);
	oauth_put(&form, "redirect_uri", buf_view(&l->url));
	oauth_put(&form, "code_verifier", span_str(proof->verifier));
	rc = credentials_post(c, p->profile, p->profile->token_path, &form,
	    &call, e);
	if (!rc)
		rc = oauth_answer_read(&answer, call.status,
		    buf_view(&call.body), e);
	if (!rc)
		credentials_take(c, &answer, p->profile, now);
	secret_free(&form);
	oauth_call_free(&call);
	oauth_answer_free(&answer);
	return rc;
}

static enum rc
judge(const struct loopback_answer *a, struct err *e)
{
	struct span error = buf_view(&a->error);

	if (error.len)
		return err_set(e, RC_PERSON, "nobody agreed: %.*s",
		    (int)(error.len < 64 ? error.len : 64), error.ptr);
	if (!a->code.len)
		return err_set(e, RC_REMOTE, "the answer has no code");
	return RC_OK;
}

static enum rc
come_back(const struct party *p, struct credential *c, struct loopback *l,
    const struct proof *proof, struct err *e)
{
	struct loopback_answer a;
	enum rc rc;

	secret_init(&a.code, LIMIT_SECRET, "code");
	secret_init(&a.state, LIMIT_SECRET, "state");
	secret_init(&a.error, LIMIT_SECRET, "error");
	rc = loopback_wait(l, span_str(proof->state), &a, e);
	if (!rc)
		rc = judge(&a, e);
	if (!rc)
		rc = exchange(p, c, l, buf_view(&a.code), proof, e);
	secret_free(&a.code);
	secret_free(&a.state);
	secret_free(&a.error);
	return rc;
}

/* Everything up to tokens; the browser still waits for a page. */
static enum rc
agree(struct run *r, const struct party *p, struct credential *c,
    struct loopback *l, struct err *e)
{
	struct proof proof;
	struct buf url;
	enum rc rc = oauth_random(proof.verifier, e);

	buf_init(&url, LIMIT_SECRET, "address");
	if (!rc)
		rc = oauth_random(proof.state, e);
	if (!rc) {
		put_consent(&url, p, c, l, &proof);
		rc = show_consent(r, &url, e);
	}
	if (!rc)
		rc = come_back(p, c, l, &proof, e);
	buf_free(&url);
	secret_wipe(span_of((char *)&proof, sizeof proof));
	return rc;
}

/* ---- without one ---- */

static enum rc
take_token(struct run *r, struct credential *c, struct err *e)
{
	struct buf token;
	enum rc rc;

	secret_init(&token, LIMIT_SECRET, "token");
	if (isatty(STDIN_FILENO))
		run_notice(r, NULL, "the token, which is not shown:");
	rc = secret_ask(&token, e);
	for (size_t i = 0; !rc && i < token.len; i++)
		if (token.ptr[i] <= ' ' || token.ptr[i] > '~')
			rc = err_set(e, RC_CONFIG, "stdin: the first line is "
			    "no token");
	if (!rc && !token.len)
		rc = err_set(e, RC_CONFIG, "stdin: no token came");
	if (!rc)
		credential_set(c, CRED_ACCESS, buf_view(&token));
	secret_free(&token);
	return rc;
}

/* The key is kept with the rest, encrypted: the file may then go. */
static enum rc
take_key(struct credential *c, struct err *e)
{
	struct buf pem;
	enum rc rc;

	if (!opt.key || !opt.subject)
		return err_set(e, RC_CONFIG, "jwt takes --key and --subject");
	secret_init(&pem, LIMIT_SECRET, "key");
	rc = secret_read(&pem, opt.key, e);
	if (rc == RC_END)
		rc = err_set(e, RC_CONFIG, "%s: there is no such file",
		    opt.key);
	credential_set(c, CRED_KEY, buf_view(&pem));
	credential_set(c, CRED_SUBJECT, span_str(opt.subject));
	secret_free(&pem);
	return rc;
}

/* ---- the whole ---- */

static enum rc
find_grant(const struct profile *p, unsigned *grant, struct err *e)
{
	static const struct {
		const char *name;
		unsigned grant;
	} known[] = { { "code", GRANT_CODE }, { "client", GRANT_CLIENT },
		{ "jwt", GRANT_JWT } };

	*grant = opt.token ? GRANT_STATIC : 0;
	for (size_t i = 0; !*grant && i < sizeof known / sizeof *known; i++)
		if (strcmp(opt.grant, known[i].name) == 0)
			*grant = known[i].grant;
	if (!*grant)
		return err_set(e, RC_CONFIG, "no grant '%s'; there are code, "
		    "client and jwt", opt.grant);
	if (!(p->grants & *grant))
		return err_set(e, RC_CONFIG, "a system of kind %s takes no "
		    "such login", p->kind);
	return RC_OK;
}

static enum rc
have_token(struct run *r, const struct party *p, struct credential *c,
    struct loopback *l, struct err *e)
{
	unsigned grant;
	enum rc rc = find_grant(p->profile, &grant, e);

	if (rc)
		return rc;
	credential_set(c, CRED_GRANT, span_str(opt.token ? "static" :
	    opt.grant));
	if (grant == GRANT_STATIC)
		return take_token(r, c, e);
	rc = find_client(r, p, c, e);
	if (!rc && grant == GRANT_JWT)
		rc = take_key(c, e);
	if (rc)
		return rc;
	if (grant != GRANT_CODE)
		return credentials_renew(c, p->profile, e);
	rc = loopback_open(l, p->profile->loopback, opt.port, opt.timeout,
	    e);
	return rc ? rc : agree(r, p, c, l, e);
}

static enum rc
store(const struct party *p, struct credential *c, struct identity *who,
    struct err *e)
{
	struct credentials all;
	enum rc rc = identity_ask(who, p, c, credential_get(c, CRED_ACCESS),
	    e);

	if (rc)
		return rc;
	credential_set(c, CRED_ACCOUNT, who->facts.account);
	credential_set(c, CRED_USER, who->facts.user);
	if (who->facts.scopes.len)
		credential_set(c, CRED_SCOPES, who->facts.scopes);
	rc = credentials_open(&all, true, e);
	if (!rc)
		rc = credentials_put(&all, p->system->name, c, e);
	credentials_close(&all);
	return rc;
}

/* Before anybody agrees to anything: what comes of it can be kept. */
static enum rc
check_file(struct err *e)
{
	struct credentials all;
	enum rc rc = credentials_open(&all, false, e);

	credentials_close(&all);
	return rc;
}

/* The same words for the browser and the terminal. */
static void
tell(struct run *r, struct loopback *l, enum rc rc, struct identity *who,
    struct err *e)
{
	char text[ERR_TEXT];

	if (rc) {
		loopback_tell(l, false, span_str(e->text));
		run_problem(r, NULL, rc, e);
		return;
	}
	snprintf(text, sizeof text, "%s: logged in to %.*s%s%.*s",
	    r->operand[1], SPAN_ARG(who->facts.account),
	    who->facts.user.len ? " as " : "", SPAN_ARG(who->facts.user));
	loopback_tell(l, true, span_str(text));
	run_notice(r, NULL, "%s", text);
}

void
login_run(struct run *r)
{
	struct loopback l = { .listener = -1, .visitor = -1 };
	struct credential c;
	struct identity who;
	struct party p;
	struct err e;
	enum rc rc = party_open(&p, r->operand[1], &e);

	credential_init(&c);
	identity_init(&who);
	if (!rc)
		rc = check_file(&e);
	if (!rc) {
		credential_set(&c, CRED_KIND, p.system->kind);
		credential_set(&c, CRED_API, credentials_api(p.system,
		    p.profile));
		rc = have_token(r, &p, &c, &l, &e);
		if (!rc)
			rc = store(&p, &c, &who, &e);
		if (rc)
			err_prefix(&e, rc, "%s", r->operand[1]);
	}
	tell(r, &l, rc, &who, &e);
	loopback_close(&l);
	identity_free(&who);
	credential_free(&c);
	party_close(&p);
}
