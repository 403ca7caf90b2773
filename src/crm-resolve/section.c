/* SPDX-License-Identifier: MIT */
/* section: what a section's begin prepares, and what its end concludes. */
#include "columns.h"
#include "unread.h"
#include "renamed.h"
#include "unshared.h"

#include "../lib/away.h"
#include "../lib/checkpoint.h"
#include "../lib/clock.h"
#include "../lib/scope.h"
#include "../lib/todo.h"

/* How lines of this type start in the section, up to the id. */
static void
prepare_prefix(struct buf *b, const char *type, const struct section *s)
{
	buf_reset(b);
	buf_printf(b, "{\"type\":\"%s\",\"entity\":", type);
	json_put_string(b, s->entity);
	BUF_LIT(b, ",\"system\":");
	json_put_string(b, s->system);
	BUF_LIT(b, ",\"object\":");
	json_put_string(b, s->object);
	BUF_LIT(b, ",\"id\":\"");
}

/*
 * Nothing of another account is held against this state.  A stream that does
 * not say whose it is (an export) is not asked.
 */
static enum rc
check_account(struct intake *n, struct err *e)
{
	struct resolve *r = n->r;
	const struct json *j = &n->line.json;
	struct account now = { .written = (uint64_t)json_get_int(j, 0,
	    SPAN("written"), 0) };
	struct account always;
	size_t at = 0;
	enum rc rc;

	if (!n->account.len)
		return RC_OK;
	if (n->account.len > LIMIT_ACCOUNT)
		return err_set(e, RC_CONFIG, "an account's name is longer than "
		    "%d bytes", LIMIT_ACCOUNT);
	memcpy(now.name, n->account.ptr, n->account.len);
	always = now;
	always.written = UINT64_MAX; /* it may be written to since */
	rc = account_check(&n->txn, n->in.section.system, &always, e);
	if (!rc)
		rc = unshared_check(n, &now, e);
	if (rc)
		return rc;
	while (at < r->behind_count && !span_eq(r->behind[at].system,
	    n->in.section.system))
		at++;
	if (at < r->behind_count && strcmp(r->behind[at].account.name,
	    now.name) != 0)
		return err_set(e, RC_PERSON, "two accounts stand behind this "
		    "name in one run: %s and %s", now.name,
		    r->behind[at].account.name);
	if (at == LIMIT_SYSTEMS)
		return err_set(e, RC_CONFIG, "more than %d systems",
		    LIMIT_SYSTEMS);
	if (at == r->behind_count) {
		r->behind[at].system = arena_dup(&r->arena,
		    n->in.section.system);
		r->behind_count++;
	}
	r->behind[at].account = now;
	return RC_OK;
}

/* A loader may have written, and counted, since they were read. */
enum rc
section_put_accounts(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->behind_count && !rc; i++) {
		struct account was;

		rc = account_get(t, r->behind[i].system, &was, e);
		if (rc == RC_END || (!rc && r->behind[i].account.written >
		    was.written))
			rc = account_put(t, r->behind[i].system,
			    &r->behind[i].account, e);
	}
	return rc;
}

enum rc
section_begin(struct intake *n, struct err *e)
{
	const struct section *s = &n->in.section;
	const struct json *j = &n->line.json;
	struct arena *a = &n->r->arena;
	int64_t began = 0;
	uint32_t from;
	enum rc rc;

	if (!s->entity.len)
		return err_set(e, RC_CONFIG, "the section has no entity: "
		    "crm-map and crm-diff come before crm-resolve");
	rc = resolve_policy(n->r, s->entity, &n->policy, e);
	if (!rc)
		rc = policy_add_source(n->policy, s->system, &n->r->systems,
		    e);
	if (rc)
		return rc;
	heir_forget(&n->heir);
	n->scope = arena_dup(a, json_get_string(j, 0, SPAN("scope"), a));
	n->mapping = arena_dup(a, json_get_string(j, 0, SPAN("mapping"), a));
	n->account = arena_dup(a, json_get_string(j, 0, SPAN("account"), a));
	rc = check_account(n, e);
	if (!rc)
		rc = renamed_check(n, e);
	if (rc)
		return rc;
	n->started = arena_dup(a, json_get_string(j, 0, SPAN("started"), a));
	n->covers = arena_dup(a, json_get_string(j, 0, SPAN("covers"), a));
	from = json_get(j, 0, SPAN("cursor"));
	n->from = from ? arena_dup(a, json_text(j, from)) : SPAN("");
	if (!clock_parse(n->started, &began))
		began = 0;
	for (uint32_t i = 0; i < n->r->policy_count; i++)
		if (n->r->policy[i] == n->policy)
			n->policy_at = i;
	n->system_at = policy_system_find(n->policy, s->system);
	n->todo = n->making_known = false;
	if (!s->full) /* else all of it is read */
		rc = todo_any(&n->txn, &(struct source){ s->entity, s->system,
		    s->object, SPAN("") }, &n->todo, e);
	if (!rc)
		rc = columns_look(n, e);
	if (rc)
		return rc;
	n->head = (struct observe_head){ .entity = n->policy_at,
		.scope = scope_number(n->scope), .began = began,
		.exported = !n->account.len,
		.unordered = !n->account.len || json_get_true(j, 0,
		SPAN("current")),
		.section = (uint32_t)n->r->conclusion_count };
	prepare_prefix(&n->prefix, "same", s);
	prepare_prefix(&n->change_prefix, "change", s);
	buf_reset(&n->key);
	link_prefix(&n->key, s->entity, s->system, s->object);
	n->key_prefix = n->key.len;
	return RC_OK;
}

enum rc
section_settle(struct intake *n, struct span id, struct err *e)
{
	const struct section *s = &n->in.section;
	struct source src = { s->entity, s->system, s->object, id };
	struct todo row;
	enum rc rc = todo_get(&n->txn, &src, &row, e);

	if (!rc)
		resolve_todo(n->r, &src, SPAN(""));
	return rc == RC_END ? RC_OK : rc;
}

/* The row of the last reading; all empty when there is none. */
struct stored {
	bool there;
	struct span cursor, scope, mapping, account, full, at, first;
};

static enum rc
read_stored(struct intake *n, struct stored *was, struct err *e)
{
	const struct section *s = &n->in.section;
	struct arena *a = &n->r->arena;
	struct span row;
	struct json j;
	uint32_t cursor;
	enum rc rc = checkpoint_get(&n->txn, s->system, s->object, s->entity,
	    &row, e);

	*was = (struct stored){ .there = rc == RC_OK };
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	json_init(&j);
	rc = json_parse(&j, arena_dup(a, row), e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	cursor = rc ? 0 : json_get(&j, 0, SPAN("cursor"));
	if (cursor)
		was->cursor = json_text(&j, cursor);
	if (!rc) {
		was->scope = json_get_string(&j, 0, SPAN("scope"), a);
		was->mapping = json_get_string(&j, 0, SPAN("mapping"), a);
		was->account = json_get_string(&j, 0, SPAN("account"), a);
		was->full = json_get_string(&j, 0, SPAN("full"), a);
		was->at = json_get_string(&j, 0, SPAN("at"), a);
		was->first = json_get_string(&j, 0, SPAN("first"), a);
	}
	json_free(&j);
	return rc;
}

/* Were there records whose ids nobody could read? */
static bool
is_garbled(const struct intake *n)
{
	return n->in.section.unreadable || json_get_true(&n->line.json, 0,
	    SPAN("unreadable"));
}

/*
 * Where the next reading may begin.  Never behind a record whose id nobody
 * could read; nor behind a gap: what began at a cursor that is not ours (a
 * state that was restored, a pipeline that was overtaken).
 */
static struct span
next_cursor(struct intake *n, const struct stored *was)
{
	const struct section *s = &n->in.section;
	const struct json *j = &n->line.json;
	uint32_t end = json_get(j, 0, SPAN("checkpoint"));
	bool unreadable = is_garbled(n);
	bool alike = span_eq(was->mapping, n->mapping) &&
	    span_eq(was->scope, n->scope);

	if (s->full && unreadable)
		return alike ? was->cursor : SPAN("");
	if (!s->full && (unreadable || !end || (n->from.len &&
	    !span_eq(n->from, was->cursor))))
		return was->cursor;
	return end ? json_text(j, end) : SPAN("");
}

/*
 * The checkpoint row this section leaves behind, if all is committed.  Only a
 * complete listing stands for a mapping and a scope: until there is one, what
 * they were read with before is what the next reading is held against.
 */
static void
put_row(struct intake *n, const struct stored *was, struct buf *b)
{
	bool full = n->in.section.full;
	struct span cursor = next_cursor(n, was);

	buf_putc(b, '{');
	if (cursor.len) {
		BUF_LIT(b, "\"cursor\":");
		buf_span(b, cursor);
	}
	json_put_member(b, "scope", full ? n->scope : was->scope);
	json_put_member(b, "mapping", full ? n->mapping : was->mapping);
	json_put_member(b, "account", n->account.len ? n->account :
	    was->account);
	json_put_member(b, "at", n->covers.len ? n->covers : n->started);
	json_put_member(b, "full", full ? n->started : was->full);
	json_put_member(b, "first", was->first.len ? was->first :
	    was->at.len ? was->at : n->started);
	buf_putc(b, '}');
}

/*
 * A system that was read completely for the first time is told all it lacks;
 * so is one with another mapping than then, in records that stand there, and
 * one that was not asked while others were told.
 */
static enum rc
recall(struct intake *n, const struct stored *was, struct span system,
    struct err *e)
{
	size_t at = policy_system_find(n->policy, system);
	bool full = n->in.section.full, away;
	enum rc rc;

	if (at == SIZE_MAX || !n->policy->systems[at].enabled)
		return RC_OK;
	if (full && !was->full.len)
		return recall_lacking(n, system, e);
	rc = away_was(&n->txn, n->policy->entity->name, system, &away, e);
	if (rc || (!away && (!full || span_eq(was->mapping, n->mapping))))
		return rc;
	return recall_all(n, e);
}

/*
 * Is it all there is of its object?  Not if the stream has another section of
 * it with other records: what one of them lacks the other may show.
 */
static enum rc
check_alone(const struct resolve *r, const struct conclusion *c,
    struct err *e)
{
	const struct conclusion *o;

	for (o = r->conclusion; o < c; o++)
		if ((o->listed || c->listed) &&
		    (o->digest != c->digest || o->records != c->records) &&
		    span_eq(o->system, c->system) &&
		    span_eq(o->object, c->object) &&
		    span_eq(o->entity, c->entity))
			return err_set(e, RC_CONFIG, "a complete listing of "
			    "%.*s %.*s and another section of it in one "
			    "stream: what one lacks would be gone; parts are "
			    "read with crm-extract --delta; nothing is "
			    "committed", SPAN_ARG(c->system),
			    SPAN_ARG(c->object));
	return RC_OK;
}

enum rc
section_end(struct intake *n, struct err *e)
{
	struct resolve *r = n->r;
	const struct section *s = &n->in.section;
	const struct json *j = &n->line.json;
	uint32_t stages = json_get(j, 0, SPAN("stages")), told;
	struct conclusion *c = &r->conclusion[r->conclusion_count];
	size_t at = policy_system_find(n->policy, s->system);
	struct stored was;
	struct buf row;
	enum rc rc;

	if (r->conclusion_count == LIMIT_SECTIONS)
		return err_set(e, RC_CONFIG, "more than %d sections",
		    LIMIT_SECTIONS);
	if (stream_verify(&n->in, &n->line) != STREAM_WHOLE && !r->subset)
		return err_set(e, RC_SYSTEM, "the section has %llu records, "
		    "not those its end speaks of: a stage before lost some "
		    "(--subset if that was meant); nothing is committed",
		    (unsigned long long)s->count);
	*c = (struct conclusion){ .system = arena_dup(&r->arena, s->system),
		.object = arena_dup(&r->arena, s->object),
		.entity = arena_dup(&r->arena, s->entity),
		.records = s->count, .digest = s->digest,
		.began = n->head.began, .ended = clock_now() };
	c->complete = json_get_true(j, 0, SPAN("complete")) &&
	    stream_verify(&n->in, &n->line) == STREAM_WHOLE;
	if (stages)
		c->stages = arena_dup(&r->arena, json_text(j, stages));
	r->conclusion_count++;
	if (!c->complete)
		return RC_OK;
	told = json_get(j, 0, SPAN("absence"));
	c->listed = s->full && (!told || json_get_true(j, 0,
	    SPAN("absence")));
	rc = check_alone(r, c, e);
	if (rc)
		return rc;
	if (at != SIZE_MAX) {
		n->policy->systems[at].read |= s->full;
		n->policy->systems[at].garbled |= is_garbled(n);
	}
	buf_init(&row, LIMIT_LINE, "checkpoint");
	rc = read_stored(n, &was, e);
	if (!rc) {
		put_row(n, &was, &row);
		c->checkpoint = arena_dup(&r->arena, buf_view(&row));
	}
	buf_free(&row);
	if (!rc && at != SIZE_MAX)
		rc = unread_recall(n, at, e);
	return rc ? rc : recall(n, &was, c->system, e);
}
