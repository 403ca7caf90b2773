/* SPDX-License-Identifier: MIT */
/* credentials: the token a request goes out with. */
#include "credentials.h"

#include <stdlib.h>

#include "../adapters/profile.h"
#include "clock.h"
#include "guard.h"
#include "limits.h"
#include "secret.h"
#include "xalloc.h"

#define MARGIN (5 * 60 * 1000)  /* ms before its end a token is renewed */
#define AT_LEAST (30 * 1000)    /* ms it must hold to be used meanwhile */

/*
 * What this process was given last, of each system.  `forced` was had because
 * its forerunner was refused: refused too, it is not for want of renewal.
 */
struct held {
	struct held *next;
	char *name;
	struct buf token;
	int64_t obtained, expires;
	bool forced;
};

static struct held *all_held;

static struct held *
held_of(struct span name)
{
	struct held *h;

	for (h = all_held; h; h = h->next)
		if (span_eq(span_str(h->name), name))
			return h;
	h = xcalloc(1, sizeof *h);
	h->name = xstrndup(name.ptr, name.len);
	buf_init(&h->token, 0, "token");
	h->next = all_held;
	all_held = h;
	return h;
}

/* Until when a token is used without a look at another one: some time before
 * its end, and not where the clock was put back. */
static bool
is_fresh(int64_t obtained, int64_t expires, int64_t margin)
{
	int64_t now = clock_now(), fifth = (expires - obtained) / 5;

	if (!expires)
		return true;
	return now >= obtained - MARGIN &&
	    now < expires - (fifth < margin ? fifth : margin);
}

void
credentials_variable(char out[CREDENTIALS_VARIABLE], const char *prefix,
    struct span name)
{
	struct buf b;

	buf_init(&b, CREDENTIALS_VARIABLE - 1, "variable");
	buf_span(&b, span_str(prefix));
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		buf_putc(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') :
		    c == '-' ? '_' : c);
	}
	memcpy(out, b.ptr, b.len);
	out[b.len] = '\0';
	buf_free(&b);
}

struct span
credentials_api(const struct system *s, const struct profile *p)
{
	return s->api.ptr ? s->api : span_str(p->api);
}

/* ---- renewing ---- */

enum rc
credentials_post(const struct credential *c, const struct profile *p,
    const char *path, struct buf *form, struct oauth_call *call,
    struct err *e)
{
	struct buf url;
	enum rc rc;

	buf_init(&url, LIMIT_SECRET, "address");
	buf_span(&url, credential_get(c, CRED_API));
	buf_span(&url, span_str(path));
	if (p->secret_in_header && credential_get(c, CRED_SECRET).len) {
		call->user = credential_get(c, CRED_CLIENT);
		call->password = credential_get(c, CRED_SECRET);
	} else {
		oauth_put(form, "client_id", credential_get(c, CRED_CLIENT));
		oauth_put(form, "client_secret", credential_get(c,
		    CRED_SECRET));
	}
	call->url = buf_view(&url);
	call->form = buf_view(form);
	rc = buf_check(form, e);
	if (!rc)
		rc = oauth_call_send(call, e);
	buf_free(&url);
	return rc;
}

void
credentials_take(struct credential *c, const struct oauth_answer *a,
    const struct profile *p, int64_t now)
{
	int64_t lifetime = a->lifetime ? a->lifetime : p->lifetime;

	credential_set(c, CRED_ACCESS, buf_view(&a->access));
	if (a->refresh.len)
		credential_set(c, CRED_REFRESH, buf_view(&a->refresh));
	if (a->scopes.len)
		credential_set(c, CRED_SCOPES, buf_view(&a->scopes));
	credential_set_time(c, CRED_OBTAINED, now);
	credential_set_time(c, CRED_EXPIRES, now + 1000 * lifetime);
}

static bool
is_grant(const struct credential *c, const char *name)
{
	return span_eq(credential_get(c, CRED_GRANT), span_str(name));
}

static enum rc
put_jwt(struct buf *form, const struct credential *c,
    const struct profile *p, struct err *e)
{
	struct oauth_claim claim = {
		.issuer = credential_get(c, CRED_CLIENT),
		.subject = credential_get(c, CRED_SUBJECT),
		.now = clock_now(),
	};
	struct buf jwt, audience;
	enum rc rc;

	buf_init(&audience, LIMIT_SECRET, "address");
	secret_init(&jwt, LIMIT_SECRET, "claim");
	if (p->audience) {
		buf_span(&audience, span_str(p->audience));
	} else {
		buf_span(&audience, credential_get(c, CRED_API));
		buf_span(&audience, span_str(p->token_path));
	}
	claim.audience = buf_view(&audience);
	rc = oauth_jwt(&jwt, credential_get(c, CRED_KEY), &claim, e);
	oauth_put(form, "grant_type",
	    SPAN("urn:ietf:params:oauth:grant-type:jwt-bearer"));
	oauth_put(form, "assertion", buf_view(&jwt));
	secret_free(&jwt);
	buf_free(&audience);
	return rc;
}

static enum rc
put_grant(struct buf *form, const struct credential *c,
    const struct profile *p, struct err *e)
{
	if (is_grant(c, "jwt"))
		return put_jwt(form, c, p, e);
	if (is_grant(c, "client")) {
		oauth_put(form, "grant_type", SPAN("client_credentials"));
		oauth_put(form, "scope", credential_get(c, CRED_SCOPES));
		return RC_OK;
	}
	if (!credential_get(c, CRED_REFRESH).len)
		return err_set(e, RC_PERSON, "the token has ended and cannot "
		    "be renewed");
	oauth_put(form, "grant_type", SPAN("refresh_token"));
	oauth_put(form, "refresh_token", credential_get(c, CRED_REFRESH));
	return RC_OK;
}

enum rc
credentials_renew(struct credential *c, const struct profile *p,
    struct err *e)
{
	struct oauth_answer answer;
	struct oauth_call call;
	int64_t now = clock_now(); /* before it left: the end is the sooner */
	struct buf form;
	enum rc rc;

	oauth_answer_init(&answer);
	oauth_call_init(&call);
	secret_init(&form, 4 * LIMIT_SECRET, "form");
	rc = put_grant(&form, c, p, e);
	if (!rc)
		rc = credentials_post(c, p, p->token_path, &form, &call, e);
	if (!rc)
		rc = oauth_answer_read(&answer, call.status,
		    buf_view(&call.body), e);
	if (!rc)
		credentials_take(c, &answer, p, now);
	secret_free(&form);
	oauth_call_free(&call);
	oauth_answer_free(&answer);
	return rc;
}

/* ---- what is stored ---- */

static void
hold(struct held *h, const struct credential *c)
{
	secret_set(&h->token, credential_get(c, CRED_ACCESS));
	h->obtained = credential_time(c, CRED_OBTAINED);
	h->expires = credential_time(c, CRED_EXPIRES);
}

/* What was given for one address is sent to no other. */
static enum rc
check_entry(const struct system *s, const struct profile *p,
    const struct credential *c, struct err *e)
{
	if (!span_eq(credential_get(c, CRED_KIND), s->kind) ||
	    !span_eq(credential_get(c, CRED_API), credentials_api(s, p)))
		return err_set(e, RC_CONFIG, "its credentials are for %.*s at "
		    "%.*s; log in again: crm-auth login %.*s",
		    SPAN_ARG(credential_get(c, CRED_KIND)),
		    SPAN_ARG(credential_get(c, CRED_API)),
		    SPAN_ARG(s->name));
	return RC_OK;
}

static enum rc
get_entry(const struct credentials *all, const struct system *s,
    const struct profile *p, struct credential *c, struct err *e)
{
	enum rc rc = credentials_get(all, s->name, c, e);

	if (rc == RC_END)
		return err_set(e, RC_CONFIG, "not logged in: crm-auth login "
		    "%.*s", SPAN_ARG(s->name));
	return rc ? rc : check_entry(s, p, c, e);
}

static bool
still_good(const struct credential *c, struct span stale, int64_t margin)
{
	struct span token = credential_get(c, CRED_ACCESS);

	return token.len && !secret_equal(token, stale) &&
	    is_fresh(credential_time(c, CRED_OBTAINED),
	    credential_time(c, CRED_EXPIRES), margin);
}

/* Under the lock: another process may have done it meanwhile. */
static enum rc
renew_stored(struct credentials *all, const struct system *s,
    const struct profile *p, struct credential *c, struct span stale,
    struct err *e)
{
	enum rc rc;

	credential_free(c);
	rc = get_entry(all, s, p, c, e);
	if (rc || still_good(c, stale, MARGIN))
		return rc;
	if (is_grant(c, "static"))
		return err_set(e, RC_PERSON, "the token is refused; give "
		    "another one: crm-auth login --token %.*s",
		    SPAN_ARG(s->name));
	/* what it answers may be had once: is there room to keep it? */
	if (credential_get(c, CRED_REFRESH).len)
		rc = credentials_room(all, e);
	if (!rc)
		rc = credentials_renew(c, p, e);
	if (!rc)
		rc = credentials_put(all, s->name, c, e);
	if (rc == RC_PERSON)
		return err_prefix(e, rc, "log in again: crm-auth login %.*s",
		    SPAN_ARG(s->name));
	return rc;
}

/* With the lock; while another has it and the token still holds, that one. */
static enum rc
renew_in_turn(const struct system *s, const struct profile *p,
    struct credential *c, struct span stale, struct err *e)
{
	bool usable = still_good(c, stale, AT_LEAST);
	struct credentials all;
	enum rc rc;

	rc = usable ? credentials_try(&all, e) :
	    credentials_open(&all, true, e);
	if (rc == RC_END) {
		credentials_close(&all);
		return RC_OK;
	}
	if (!rc)
		rc = renew_stored(&all, s, p, c, stale, e);
	credentials_close(&all);
	if (rc == RC_REMOTE && usable)
		return RC_OK; /* it has time until the old one ends */
	return rc;
}

static enum rc
stored(const struct system *s, struct held *h, struct span stale,
    struct err *e)
{
	const struct profile *p = profile_find(s->kind);
	struct credentials all;
	struct credential c;
	enum rc rc;

	if (!p)
		return err_set(e, RC_CONFIG, "a system of kind %.*s is not "
		    "logged in to", SPAN_ARG(s->kind));
	if (stale.len && h->forced && secret_equal(stale,
	    buf_view(&h->token)))
		return err_set(e, RC_REMOTE, "a token that was just renewed "
		    "is refused");
	credential_init(&c);
	rc = credentials_open(&all, false, e);
	if (!rc)
		rc = get_entry(&all, s, p, &c, e);
	credentials_close(&all);
	if (!rc && !still_good(&c, stale, MARGIN))
		rc = renew_in_turn(s, p, &c, stale, e);
	if (!rc) {
		hold(h, &c);
		h->forced = stale.len != 0;
	}
	credential_free(&c);
	return rc;
}

/* ---- where it comes from ---- */

/* Of the environment, or a command: what they give is what there is. */
static enum rc
given(const struct system *s, struct held *h, const char *value,
    struct span stale, struct err *e)
{
	struct buf token;
	enum rc rc = RC_OK;

	secret_init(&token, LIMIT_SECRET, "token");
	if (value)
		buf_span(&token, span_str(value));
	else
		rc = credentials_command(s, &token, e);
	if (!rc)
		rc = buf_check(&token, e);
	if (!rc && stale.len && secret_equal(stale, buf_view(&token)))
		rc = err_set(e, RC_PERSON, "the token %s is refused", value ?
		    "in the environment" : "of token_command");
	if (!rc)
		secret_set(&h->token, buf_view(&token));
	h->obtained = h->expires = 0;
	secret_free(&token);
	return rc;
}

/* A token of the environment, or NULL. */
static const char *
environment(const struct system *s)
{
	char name[CREDENTIALS_VARIABLE];
	const char *value;

	credentials_variable(name, "CRM_TOKEN_", s->name);
	value = getenv(name);
	return value && *value ? value : NULL;
}

enum rc
credentials_account(const struct system *s, struct buf *out, struct err *e)
{
	struct credentials all;
	struct credential c;
	enum rc rc;

	if (environment(s) || s->token_command)
		return RC_END;
	credential_init(&c);
	rc = credentials_open(&all, false, e);
	if (!rc)
		rc = credentials_get(&all, s->name, &c, e);
	credentials_close(&all);
	if (!rc && !credential_get(&c, CRED_ACCOUNT).len)
		rc = RC_END;
	if (!rc)
		buf_span(out, credential_get(&c, CRED_ACCOUNT));
	credential_free(&c);
	return rc;
}

enum rc
credentials_token(const struct system *s, struct span stale,
    struct buf *token, struct err *e)
{
	struct held *h = held_of(s->name);
	const char *value = environment(s);
	enum rc rc = RC_OK;

	guard_process();
	if (h->token.len && !stale.len && is_fresh(h->obtained, h->expires,
	    MARGIN))
		rc = RC_OK;
	else if (value || s->token_command)
		rc = given(s, h, value, stale, e);
	else
		rc = stored(s, h, stale, e);
	buf_reset(token);
	if (!rc)
		buf_span(token, buf_view(&h->token));
	return rc ? err_prefix(e, rc, "%.*s", SPAN_ARG(s->name)) : RC_OK;
}

enum rc
credentials_bearer(void *arg, bool stale, struct buf *out, struct err *e)
{
	struct bearer *b = arg;
	struct buf token;
	enum rc rc;

	secret_init(&token, LIMIT_SECRET, "token");
	rc = credentials_token(b->system, stale ? buf_view(&b->last) :
	    span_of(NULL, 0), &token, e);
	if (!rc) {
		buf_span(out, buf_view(&token));
		buf_reset(&b->last);
		buf_span(&b->last, buf_view(&token));
	}
	secret_free(&token);
	return rc;
}
