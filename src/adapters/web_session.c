/* SPDX-License-Identifier: MIT */
#include "web_session.h"

#include "../lib/account.h"
#include "../lib/clock.h"
#include "../lib/credentials.h"
#include "../lib/http_trace.h"
#include "../lib/json.h"
#include "../lib/secret.h"
#include "../lib/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

#define FORECAST_SHARE 10 /* percent of what is left: worth saying... */
#define LARGE 20         /* ...if it is so many at all */

static struct session {
	const struct system *system; /* NULL: not open */
	const struct web *web;
	struct adapter_terms terms;
	struct bearer bearer;
	struct http *http;
	struct http_trace *trace;
	struct budget *budget;
	char counted[LIMIT_ACCOUNT + 1]; /* whose budget that is */
	unsigned made;               /* calls before there was one */
	struct account account;      /* without a name: not known */
	bool has_zone;
	int zone;                    /* minutes its clock is before UTC */
	int64_t lead;                /* ms its clock is before ours */
} session;

/* ---- whose calls they are ---- */

enum rc
web_budget(const struct system *system, struct span account,
    struct budget **out, struct err *e)
{
	const struct web *web = adapter_find(system->kind)->web;
	const struct budget_terms terms = { .system = system->name,
		.account = account, .lanes = web->lanes,
		.lane_count = web->lane_count, .daily = web->daily,
		.reserve = system->reserve < 0 ? BUDGET_RESERVE :
		(unsigned)system->reserve };

	return budget_open(out, &terms, e);
}

/* All calls from now on are that account's. */
static enum rc
open_budget(struct session *s, struct span account, struct err *e)
{
	enum rc rc;

	budget_close(s->budget);
	s->budget = NULL;
	rc = web_budget(s->system, account, &s->budget, e);
	http_count(s->http, s->budget);
	snprintf(s->counted, sizeof s->counted, "%.*s", SPAN_ARG(account));
	return rc;
}

/* ---- whose account it is ---- */

static void
name_account(struct session *s, struct span name)
{
	s->account = (struct account){ .written = 0 };
	memcpy(s->account.name, name.ptr, name.len);
}

static enum rc
read_account(struct session *s, const struct http_answer *a, struct err *e)
{
	struct profile_facts facts = { .active = false };
	struct arena arena;
	struct json j;
	enum rc rc;

	arena_init(&arena);
	json_init(&j);
	rc = json_parse(&j, buf_view(&a->body), e);
	if (!rc && json_kind(&j, 0) == JSON_OBJECT)
		s->web->profile->account(&facts, &j, &arena);
	if (rc || !facts.account.len || facts.account.len > LIMIT_ACCOUNT)
		rc = err_set(e, RC_REMOTE, "%.*s does not say which account it "
		    "is", SPAN_ARG(s->system->name));
	else
		name_account(s, facts.account);
	s->has_zone = facts.has_zone;
	s->zone = facts.zone;
	json_free(&j);
	arena_free(&arena);
	return rc;
}

static enum rc
refused(const struct session *s, const struct http_answer *a, struct err *e)
{
	enum rc rc = a->status == 401 || a->status == 403 ? RC_PERSON :
	    RC_REMOTE;

	return err_set(e, rc, "%.*s: which account it is was answered with "
	    "HTTP %d%s%.*s", SPAN_ARG(s->system->name), a->status,
	    rc == RC_PERSON ? "; see crm-auth test " : "",
	    SPAN_ARG(rc == RC_PERSON ? s->system->name : SPAN("")));
}

static enum rc
ask_account(struct session *s, struct err *e)
{
	struct http_request r = { .method = "GET",
		.path = span_str(s->web->profile->account_path) };
	struct http_answer a;
	enum rc rc;

	http_answer_init(&a);
	rc = http_call(s->http, &r, &a, e);
	s->made += s->budget ? 0 : a.attempts;
	if (!rc && a.status != 200)
		rc = refused(s, &a, e);
	if (!rc)
		rc = read_account(s, &a, e);
	if (!rc && a.date)
		s->lead = a.date - clock_now();
	http_answer_free(&a);
	return rc;
}

/* Asked for as one of the account's calls, that it most likely is. */
static enum rc
ask_whose(struct session *s, struct buf *name, struct err *e)
{
	enum rc rc = budget_whose(s->system->name, name, e);

	if (!rc)
		rc = open_budget(s, buf_view(name), e);
	return rc && rc != RC_END ? rc : ask_account(s, e);
}

/* A login remembers whose account it was for: that spares a call. */
static enum rc
find_account(struct session *s, struct err *e)
{
	struct buf name;
	enum rc rc;

	buf_init(&name, LIMIT_ACCOUNT, "account");
	rc = credentials_account(s->system, &name, e);
	if (!rc && name.len)
		name_account(s, buf_view(&name));
	if (rc == RC_END)
		rc = s->web->profile->account_path ? ask_whose(s, &name, e) :
		    RC_OK;
	buf_free(&name);
	return rc;
}

/* ---- open, close ---- */

/* When its day ends: asked once a day, for summer comes and goes. */
static enum rc
find_zone(struct session *s, struct err *e)
{
	bool known = true;
	enum rc rc = RC_OK;

	if (!s->has_zone && s->web->profile->account_path)
		rc = budget_zone_known(s->budget, &known, e);
	if (!rc && !known)
		rc = ask_account(s, e);
	if (!rc && s->has_zone)
		rc = budget_zone(s->budget, s->zone, e);
	return rc;
}

/* Another account than thought of is told of what was asked before. */
static enum rc
find_budget(struct session *s, struct err *e)
{
	struct span account = s->account.name[0] ? span_str(s->account.name) :
	    s->system->name;
	enum rc rc = RC_OK;

	if (!s->budget || !span_eq(account, span_str(s->counted)))
		rc = open_budget(s, account, e);
	if (!rc)
		rc = budget_made(s->budget, 0, s->made, e);
	return rc ? rc : find_zone(s, e);
}

static enum rc
only_logged_in(struct err *e)
{
	return err_set(e, RC_CONFIG, "systems of kind %.*s are only logged in "
	    "to", SPAN_ARG(session.system->kind));
}


static enum rc
open_http(struct session *s, struct err *e)
{
	const struct system_timeouts *t = &s->system->timeouts;
	struct span base = credentials_api(s->system, s->web->profile);
	char *text = xstrndup(base.ptr, base.len);
	struct http_config c = { .base = text, .token = credentials_bearer,
		.token_arg = &s->bearer, .judge = s->web->judge,
		.limits = s->web->limits, .trace = s->trace,
		.concurrent = s->web->concurrent,
		.connect_ms = t->connect, .first_ms = t->first,
		.stall_ms = t->stall, .whole_ms = t->whole,
		.patience_ms = t->patience };
	enum rc rc = http_open(&s->http, &c, e);

	free(text);
	return rc;
}

/* Tokens are renewed in it, too. */
static enum rc
open_trace(struct session *s, struct err *e)
{
	const struct adapter_terms *t = &s->terms;
	enum rc rc = http_trace_open(&s->trace, t->trace, t->mask ?
	    TRACE_MASKED : t->bodies ? TRACE_PLAIN : TRACE_NONE, e);

	if (!rc)
		oauth_call_trace(s->trace);
	return rc;
}

enum rc
web_open(const struct system *system, const struct adapter_terms *terms,
    struct err *e)
{
	struct session *s = &session;
	enum rc rc = RC_OK;

	*s = (struct session){ .system = system, .terms = *terms,
		.web = adapter_find(system->kind)->web,
		.bearer = { .system = system } };
	secret_init(&s->bearer.last, LIMIT_SECRET, "token");
	if (!s->web->read && !s->web->describe)
		rc = only_logged_in(e);
	if (!rc && terms->trace)
		rc = open_trace(s, e);
	if (!rc)
		rc = open_http(s, e);
	if (!rc)
		rc = find_account(s, e);
	if (!rc)
		rc = find_budget(s, e);
	if (rc)
		web_close();
	return rc;
}

void
web_close(void)
{
	struct session *s = &session;

	if (!s->system)
		return;
	http_close(s->http);
	budget_close(s->budget);
	oauth_call_trace(NULL);
	http_trace_close(s->trace);
	secret_free(&s->bearer.last);
	*s = (struct session){ .system = NULL };
}

enum rc
web_account(const struct system *system, bool make, struct account *a,
    struct err *e)
{
	(void)make;
	if (session.system != system || !session.account.name[0])
		return err_set(e, RC_END, "no account");
	*a = session.account;
	return RC_OK;
}

/* ---- errands ---- */

static struct talk
new_talk(void)
{
	return (struct talk){ .now = clock_now() + session.lead,
		.lead = session.lead };
}

/* `begun`: what setting the talk up came to; `req` of a reading, or NULL. */
static enum rc
drive(struct talk *t, enum rc begun, const struct read_request *req,
    struct err *e)
{
	struct session *s = &session;
	struct web_pace pace = { .concurrent = s->web->concurrent,
		.idle = req ? req->idle : NULL,
		.idle_arg = req ? req->arg : NULL };

	if (!begun)
		return web_drive(s->http, t, &pace, e);
	if (t->free)
		t->free(t);
	return begun;
}

enum rc
web_read(struct read_request *req, struct err *e)
{
	struct talk t = new_talk();

	if (!session.web->read)
		return only_logged_in(e);
	return drive(&t, session.web->read(&t, req, e), req, e);
}

enum rc
web_fetch(struct read_request *req, const struct span *ids, size_t n,
    struct err *e)
{
	struct talk t = new_talk();

	if (!session.web->fetch)
		return only_logged_in(e);
	return drive(&t, session.web->fetch(&t, req, ids, n, e), req, e);
}

enum rc
web_get(struct span path, struct http_answer *a, struct err *e)
{
	struct http_request r = { .method = "GET", .path = path };

	return http_call(session.http, &r, a, e);
}

enum rc
web_describe(struct span object, web_field_emit *emit, void *arg,
    struct err *e)
{
	struct talk t = new_talk();

	if (!session.web->describe)
		return err_set(e, RC_CONFIG, "a system of kind %.*s does not "
		    "tell its fields", SPAN_ARG(session.system->kind));
	return drive(&t, session.web->describe(&t, object, emit, arg, e),
	    NULL, e);
}

enum rc
web_setup(struct span object, struct web_wish *wishes, size_t n, bool look,
    struct err *e)
{
	struct talk t = new_talk();

	if (!session.web->setup)
		return err_set(e, RC_CONFIG, "nothing is set up in a system "
		    "of kind %.*s", SPAN_ARG(session.system->kind));
	return drive(&t, session.web->setup(&t, object, wishes, n, look, e),
	    NULL, e);
}

/* ---- looking ahead ---- */

enum rc
web_read_calls(const struct read_request *req, uint64_t *calls,
    struct err *e)
{
	const struct web *web = session.web;
	struct budget_day_stand today;
	struct talk t = new_talk();
	uint64_t n = 0;
	enum rc rc = budget_today(session.budget, &today, e);

	*calls = 0;
	if (rc || !web->read_calls || !web->count || today.left == UINT64_MAX)
		return rc; /* counting would be a call for nothing */
	rc = drive(&t, web->count(&t, req->object, &n, e), NULL, e);
	if (!rc)
		*calls = web->read_calls(req, n);
	return rc == RC_END ? RC_OK : rc;
}

uint64_t
web_write_calls(const struct system *system, struct span object,
    const struct mapping *mapping, uint64_t made, uint64_t n)
{
	const struct web_target to = { object, mapping, !session.terms.blind };

	(void)system;
	return session.web->write_calls ? session.web->write_calls(&to, made,
	    n) :
	    0;
}

/*
 * What is more than a whole day has is begun all the same: it would be refused
 * each day anew.
 */
enum rc
web_forecast(uint64_t calls, struct buf *words, struct err *e)
{
	struct budget_day_stand today;
	char end[CLOCK_TEXT];
	enum rc rc = budget_today(session.budget, &today, e);

	if (rc || today.left == UINT64_MAX || (calls <= today.left &&
	    (calls < LARGE || calls < today.left / 100 * FORECAST_SHARE)))
		return rc;
	budget_forecast(&today, calls, words);
	if (calls <= today.left)
		return RC_OK;
	clock_format(today.end, end);
	if (calls <= today.most)
		return err_set(e, RC_REMOTE, "%.*s; there are more at %s: "
		    "nothing is begun", (int)words->len, words->ptr, end);
	buf_printf(words, " and more than a day has: it will go on tomorrow");
	return RC_OK;
}

/* ---- writing ---- */

struct writer {
	struct web_target target;
	struct arena arena; /* what items tell: until the next write */
};

enum rc
web_write_open(struct writer **w, const struct system *system,
    struct span object, const struct mapping *mapping, struct err *e)
{
	(void)system;
	*w = NULL;
	if (!session.web->write)
		return only_logged_in(e);
	*w = xcalloc(1, sizeof **w);
	(*w)->target = (struct web_target){ object, mapping,
		!session.terms.blind };
	arena_init(&(*w)->arena);
	return RC_OK;
}

/* What was not said of is not known; what was never asked is not sent. */
static void
doubt(struct write_item *items, size_t n, const struct err *why)
{
	for (size_t i = 0; i < n; i++) {
		if (items[i].status)
			continue;
		items[i].status = WRITE_UNKNOWN;
		items[i].error = *why;
	}
}

enum rc
web_write(struct writer *w, struct write_item *items, size_t n,
    struct err *e)
{
	struct talk t = new_talk();
	struct err silent;
	enum rc rc;

	arena_reset(&w->arena);
	for (size_t i = 0; i < n; i++)
		items[i].status = 0;
	rc = drive(&t, session.web->write(&t, &w->target, items, n,
	    &w->arena, e), NULL, e);
	err_set(&silent, RC_RETRY, "nothing was heard of it");
	doubt(items, n, rc ? e : &silent);
	return rc;
}

enum rc
web_write_close(struct writer *w, struct err *e)
{
	(void)e;
	if (!w)
		return RC_OK;
	arena_free(&w->arena);
	free(w);
	return RC_OK;
}
