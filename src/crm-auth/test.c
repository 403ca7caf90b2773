/* SPDX-License-Identifier: MIT */
/*
 * test: asks each system who we are there, and whether what is mapped may be
 * read (by reading one record) and written (by what was granted), and is able
 * to carry our uid.
 */
#include "auth.h"

#include <unistd.h>

#include "../adapters/web_session.h"
#include "../lib/clock.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/mapping.h"
#include "../lib/secret.h"
#include "../lib/stream.h"

struct trial {
	struct run *run;
	struct party party;
	struct credential entry;  /* empty: the token is from elsewhere */
	struct identity who;
	struct buf token, objects;
	const struct adapter *adapter; /* once its session is open */
};

static void
trial_init(struct trial *t, struct run *r)
{
	*t = (struct trial){ .run = r };
	credential_init(&t->entry);
	identity_init(&t->who);
	secret_init(&t->token, LIMIT_SECRET, "token");
	buf_init(&t->objects, LIMIT_LINE, "objects");
}

static void
trial_free(struct trial *t)
{
	if (t->adapter)
		t->adapter->close();
	credential_free(&t->entry);
	identity_free(&t->who);
	secret_free(&t->token);
	buf_free(&t->objects);
	party_close(&t->party);
}

/* ---- one object ---- */

static enum rc
sample(struct trial *t, struct span object, int *status, struct err *e)
{
	struct http_answer a;
	struct buf path;
	enum rc rc;

	http_answer_init(&a);
	buf_init(&path, LIMIT_URL, "address");
	t->party.profile->sample(&path, object);
	rc = web_get(buf_view(&path), &a, e);
	*status = a.status;
	buf_free(&path);
	http_answer_free(&a);
	return rc;
}

static bool
is_granted(struct span scopes, struct span scope)
{
	while (scopes.len)
		if (span_eq(span_cut(&scopes, ' '), scope))
			return true;
	return false;
}

/* What is mapped needs more than was granted. */
static void
lack(struct trial *t, struct span object, const char *what,
    struct span scope)
{
	struct where w = { .system = t->party.system->name };
	struct err e;

	err_set(&e, RC_CONFIG, "%.*s: %s%s%.*s%s", SPAN_ARG(object), what,
	    scope.len ? ": " : "", SPAN_ARG(scope),
	    scope.len ? " is not granted" : "");
	run_problem(t->run, &w, RC_CONFIG, &e);
}

/* Not told of a token whose scopes nobody tells. */
static void
try_write(struct trial *t, struct span object)
{
	struct span scopes = t->who.facts.scopes;
	struct buf scope;
	bool granted;

	if (!scopes.len)
		return;
	buf_init(&scope, LIMIT_LINE, "scope");
	t->party.profile->scope(&scope, object, true);
	granted = scope.len && is_granted(scopes, buf_view(&scope));
	buf_printf(&t->objects, ",\"write\":%s", granted ? "true" : "false");
	if (!granted)
		lack(t, object, "may not be written", buf_view(&scope));
	buf_free(&scope);
}

struct uid_look {
	struct span name;
	bool there, unique;
};

static enum rc
on_field(void *arg, const struct web_field *f, struct err *e)
{
	struct uid_look *u = arg;

	(void)e;
	if (span_eq(f->name, u->name)) {
		u->there = true;
		u->unique = f->unique;
	}
	return RC_OK;
}

/* Without it a create that was cut off could be made twice. */
static void
try_uid(struct trial *t, const struct mapping *m)
{
	struct where w = { .system = t->party.system->name };
	struct uid_look u = { .name = m->uid };
	struct err e;
	enum rc rc = web_describe(m->object, on_field, &u, &e);

	if (rc) {
		err_prefix(&e, rc, "%.*s: its fields", SPAN_ARG(m->object));
	} else {
		buf_printf(&t->objects, ",\"uid\":%s", u.unique ? "true" :
		    "false");
		if (!u.unique)
			rc = err_set(&e, RC_CONFIG, "%.*s: %.*s, which is to "
			    "carry our uid, %s; see crm-auth setup",
			    SPAN_ARG(m->object), SPAN_ARG(m->uid), u.there ?
			    "may be the same in two records" : "lacks");
	}
	if (rc)
		run_problem(t->run, &w, rc, &e);
}

static enum rc
try_object(void *arg, const struct mapping *m, struct err *e)
{
	struct trial *t = arg;
	bool pushed = false;
	int status;
	enum rc rc = sample(t, m->object, &status, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < m->field_count; i++)
		pushed |= (m->fields[i].dir & DIR_PUSH) != 0;
	BUF_LIT(&t->objects, ",{");
	json_put_text(&t->objects, "object", m->object);
	buf_printf(&t->objects, ",\"read\":%s", status == 200 ? "true" :
	    "false");
	if (status != 200)
		lack(t, m->object, status == 404 ? "there is no such "
		    "object" : "may not be read", span_of("", 0));
	if (pushed)
		try_write(t, m->object);
	if (pushed && m->uid.len && status == 200)
		try_uid(t, m);
	buf_putc(&t->objects, '}');
	return RC_OK;
}

/* ---- one system ---- */

static void
put_trial(struct buf *b, const struct trial *t)
{
	const struct profile_facts *f = &t->who.facts;
	struct span objects = buf_view(&t->objects);

	BUF_LIT(b, "{\"type\":\"test\"");
	json_put_text(b, "system", t->party.system->name);
	json_put_text(b, "kind", t->party.system->kind);
	json_put_member(b, "account", f->account);
	json_put_member(b, "user", f->user);
	json_put_member(b, "edition", f->edition);
	json_put_member(b, "scopes", f->scopes);
	clock_put_member(b, "expires", credential_time(&t->entry,
	    CRED_EXPIRES));
	BUF_LIT(b, ",\"objects\":[");
	if (objects.len)
		buf_put(b, objects.ptr + 1, objects.len - 1);
	BUF_LIT(b, "]}");
}

/* The entry, if that is where the token came from. */
static enum rc
find_entry(struct trial *t, struct err *e)
{
	struct credentials all;
	enum rc rc = credentials_open(&all, false, e);

	if (!rc)
		rc = credentials_get(&all, t->party.system->name, &t->entry,
		    e);
	credentials_close(&all);
	if (!rc && !secret_equal(credential_get(&t->entry, CRED_ACCESS),
	    buf_view(&t->token)))
		credential_free(&t->entry);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
open_session(struct trial *t, struct err *e)
{
	const struct adapter *a = adapter_find(t->party.system->kind);
	enum rc rc;

	trace_close(); /* the session has its own, of the same file */
	rc = a->open(t->party.system, &trace_said, e);
	if (!rc)
		t->adapter = a;
	return rc;
}

static enum rc
try_system(struct trial *t, const char *name, struct stream_out *out,
    struct err *e)
{
	enum rc rc = party_open(&t->party, name, e);

	if (rc)
		return rc;
	rc = credentials_token(t->party.system, span_of(NULL, 0), &t->token,
	    e);
	if (rc)
		return rc;
	rc = find_entry(t, e);
	if (!rc)
		rc = identity_ask(&t->who, &t->party, &t->entry,
		    buf_view(&t->token), e);
	if (!rc)
		rc = open_session(t, e);
	if (!rc)
		rc = mapped_each(&t->party.systems, t->party.system->name,
		    NULL, try_object, t, e);
	if (rc)
		return err_prefix(e, rc, "%s", name);
	put_trial(&out->buf, t);
	return stream_out_line(out, e);
}

static void
try_named(struct run *r, const char *name, struct stream_out *out)
{
	struct trial t;
	struct err e;
	enum rc rc;

	trial_init(&t, r);
	rc = try_system(&t, name, out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	trial_free(&t);
}

const struct opt test_opts[] = { TRACE_OPTS, OPT_END };

/* Every system that is logged in. */
static enum rc
try_all(struct run *r, struct stream_out *out, struct err *e)
{
	struct credentials all;
	struct arena a;
	struct span name;
	enum rc rc = credentials_open(&all, false, e);

	arena_init(&a);
	for (size_t i = 0; !rc && !run_stopping(); i++) {
		name = credentials_name(&all, i);
		if (!name.len)
			break;
		try_named(r, arena_cstr(&a, name), out);
	}
	arena_free(&a);
	credentials_close(&all);
	return rc;
}

void
test_run(struct run *r)
{
	struct stream_out out;
	struct err e;
	enum rc rc = RC_OK;

	stream_out_open(&out, STDOUT_FILENO);
	if (r->operands == 1)
		rc = try_all(r, &out, &e);
	for (int i = 1; i < r->operands && !run_stopping(); i++)
		try_named(r, r->operand[i], &out);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
}
