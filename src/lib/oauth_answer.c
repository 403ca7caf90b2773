/* SPDX-License-Identifier: MIT */
/* oauth: what a token address says. */
#include "oauth.h"

#include "json.h"
#include "limits.h"
#include "secret.h"

#define WORD 64 /* characters of an error's word that are repeated */

void
oauth_answer_init(struct oauth_answer *a)
{
	secret_init(&a->access, LIMIT_SECRET, "access token");
	secret_init(&a->refresh, LIMIT_SECRET, "refresh token");
	secret_init(&a->scopes, LIMIT_SECRET, "scopes");
	a->lifetime = 0;
}

void
oauth_answer_free(struct oauth_answer *a)
{
	secret_free(&a->access);
	secret_free(&a->refresh);
	secret_free(&a->scopes);
}

/* A member's text; a copy that had to be unescaped is wiped. */
static void
take_text(struct buf *b, const struct json *j, const char *name,
    struct arena *a)
{
	struct span text = json_get_string(j, 0, span_str(name), a);

	buf_span(b, text);
	if (text.ptr < j->text || text.ptr > j->text + j->nodes[0].length)
		secret_wipe(text);
}

/* RFC 6749's `scope`, or a list `scopes`. */
static void
take_scopes(struct buf *b, const struct json *j, struct arena *a)
{
	uint32_t list = json_get(j, 0, SPAN("scopes"));

	take_text(b, j, "scope", a);
	if (b->len || !list || json_kind(j, list) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(j, list, item)) {
		if (json_kind(j, item) != JSON_STRING)
			continue;
		if (b->len)
			buf_putc(b, ' ');
		buf_span(b, json_string(j, item, a));
	}
}

static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~')
			return false;
	return s.len;
}

static enum rc
take_tokens(struct oauth_answer *o, const struct json *j, struct arena *a,
    struct err *e)
{
	take_text(&o->access, j, "access_token", a);
	take_text(&o->refresh, j, "refresh_token", a);
	take_scopes(&o->scopes, j, a);
	o->lifetime = json_get_int(j, 0, SPAN("expires_in"), 0);
	if (o->lifetime < 0 || o->lifetime > INT64_C(1) << 31)
		o->lifetime = 0;
	if (!is_token(buf_view(&o->access)) || o->access.over ||
	    o->refresh.over || o->scopes.over ||
	    (o->refresh.len && !is_token(buf_view(&o->refresh))))
		return err_set(e, RC_REMOTE, "the answer holds no token that "
		    "could be one");
	return RC_OK;
}

/* OAuth's word for what is wrong; a text of theirs could quote a secret. */
static struct span
error_word(const struct json *j, struct arena *a)
{
	struct span word = json_get_string(j, 0, SPAN("error"), a);
	size_t n = 0;

	while (n < word.len && n < WORD && ((word.ptr[n] >= 'a' &&
	    word.ptr[n] <= 'z') || word.ptr[n] == '_'))
		n++;
	return n == word.len && n ? word : SPAN("no reason given");
}

static enum rc
refused(long status, struct span word, struct err *e)
{
	if (status == 429 || status >= 500 || status < 400)
		return err_set(e, RC_REMOTE, "no token, HTTP %ld", status);
	if (span_eq(word, SPAN("invalid_grant")))
		return err_set(e, RC_PERSON, "what was granted does not hold "
		    "any more (invalid_grant)");
	return err_set(e, RC_CONFIG, "no token: %.*s, HTTP %ld",
	    SPAN_ARG(word), status);
}

enum rc
oauth_answer_read(struct oauth_answer *o, long status, struct span body,
    struct err *e)
{
	struct json j;
	struct arena a;
	struct err why;
	bool object;
	enum rc rc;

	json_init(&j);
	arena_init(&a);
	object = !json_parse(&j, body, &why) &&
	    json_kind(&j, 0) == JSON_OBJECT;
	if (status == 200 && object)
		rc = take_tokens(o, &j, &a, e);
	else if (status == 200)
		rc = err_set(e, RC_REMOTE, "the answer is no JSON object");
	else
		rc = refused(status, object ? error_word(&j, &a) :
		    SPAN("no reason given"), e);
	arena_free(&a);
	json_free(&j);
	return rc;
}
