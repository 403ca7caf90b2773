/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include "become.h"
#include "doubt.h"
#include "merge.h"
#include "rules.h"
#include "second.h"
#include "share.h"
#include "unread.h"

#include "../lib/outbox.h"
#include "../lib/todo.h"

#define FIRST_OBSERVATIONS 8
#define LATER_MEMORY ((size_t)16 << 20)

void
group_init(struct group *g)
{
	*g = (struct group){ .count = 0 };
	arena_init(&g->arena);
	arena_init(&g->ahead_arena);
	json_init(&g->json);
}

void
group_free(struct group *g)
{
	arena_free(&g->arena);
	arena_free(&g->ahead_arena);
	json_free(&g->json);
	spool_free(g->put_off);
	spool_free(g->later);
}

static enum rc
read_ahead(struct resolve *r, struct group *g, struct err *e)
{
	struct span key, payload;
	enum rc rc;

	if (g->have_ahead)
		return RC_OK;
	if (g->ended)
		return RC_END;
	rc = spool_next(g->put_off ? g->put_off : r->spool, &key, &payload,
	    e);
	g->ended = rc == RC_END;
	if (rc)
		return rc;
	arena_reset(&g->ahead_arena);
	g->ahead_key = arena_dup(&g->ahead_arena, key);
	g->ahead = arena_dup(&g->ahead_arena, payload);
	g->have_ahead = true;
	return RC_OK;
}

/*
 * The entry read ahead belongs to this group.  That something could not be used
 * does not keep a deletion from coming last.
 */
static void
collect(struct group *g, bool *deletes)
{
	struct observe_head head;

	if (g->texts == g->text_room) {
		size_t room = g->texts ? 2 * g->texts : FIRST_OBSERVATIONS;
		struct span *text = arena_alloc(&g->arena, room *
		    sizeof *text);

		if (g->texts)
			memcpy(text, g->text, g->texts * sizeof *text);
		g->text = text;
		g->text_room = room;
	}
	g->text[g->texts] = arena_dup(&g->arena, g->ahead);
	memcpy(&head, g->text[g->texts++].ptr, sizeof head);
	*deletes |= head.deletes;
	g->only_deletes &= head.deletes || head.unreadable;
	g->have_ahead = false;
}

/* All entries of the next record, as they are in the spool. */
static enum rc
gather(struct resolve *r, struct group *g, struct err *e)
{
	struct span rest;
	struct observe_head head;
	bool deletes = false;
	enum rc rc = read_ahead(r, g, e);

	if (rc)
		return rc;
	arena_reset(&g->arena);
	g->texts = g->text_room = 0;
	g->only_deletes = true;
	g->key = arena_dup(&g->arena, g->ahead_key);
	memcpy(&head, g->ahead.ptr, sizeof head);
	g->policy = r->policy[head.entity];
	rest = g->key;
	g->entity = key_take(&rest);
	g->uid = rest;
	g->kept = !share_includes(r->share, rest);
	while (!rc && span_eq(g->ahead_key, g->key)) {
		collect(g, &deletes);
		rc = read_ahead(r, g, e);
	}
	g->only_deletes &= deletes;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
group_put_off(struct group *g, struct err *e)
{
	enum rc rc = RC_OK;

	if (!g->later)
		g->later = spool_new(home_path(), LATER_MEMORY);
	for (size_t i = 0; i < g->texts && !rc; i++)
		rc = spool_add(g->later, g->key, g->text[i], e);
	return rc;
}

/* The next one that this pass is about. */
static enum rc
gather_due(struct resolve *r, struct group *g, struct err *e)
{
	enum rc rc = gather(r, g, e);

	while (!rc && g->only_deletes && g->pass == PASS_SHOWN) {
		rc = group_put_off(g, e);
		if (!rc)
			rc = gather(r, g, e);
	}
	return rc;
}

enum rc
group_reject(struct resolve *r, struct group *g, const struct observation *o,
    struct span text, const struct err *why)
{
	const struct span system = o->system == SIZE_MAX ? SPAN("") :
	    g->policy->systems[o->system].name;
	struct source src = { g->entity, system, o->object, o->id };
	struct where w = { .system = system, .object = o->object,
		.id = o->id };
	struct observe_head head;

	if (r->judged)
		return RC_OK;
	if (!src.id.len) { /* nobody knows which: it must be read again */
		memcpy(&head, g->text[o->entry].ptr, sizeof head);
		r->conclusion[head.section].checkpoint = SPAN("");
		r->conclusion[head.section].listed = false;
	}
	if (system.len && src.object.len && src.id.len)
		resolve_todo(r, &src, TODO_REJECTED);
	return run_reject(&r->run, &w, why, text);
}

/* It was linked since it was read, and not to this one: it is read again. */
static enum rc
find_relinked(struct txn *t, struct group *g, struct observation *o,
    struct err *e)
{
	struct source src = { g->entity, g->policy->systems[o->system].name,
		o->object, o->id };
	struct link link;
	enum rc rc = link_get(t, &src, &link, &g->arena, e);

	o->relinked = rc == RC_OK && !span_eq(link.uid, g->uid);
	return rc == RC_END ? RC_OK : rc;
}

/* While all is judged nothing is put off. */
static enum rc
find_doubt(struct resolve *r, struct txn *t, struct group *g,
    struct observation *o, struct err *e)
{
	bool relinked = o->relinked;
	enum rc rc = g->policy->systems[o->system].pending ?
	    doubt_look(g, t, o, e) : RC_END;

	if (!r->judged)
		o->relinked = relinked;
	return rc == RC_END ? RC_OK : rc;
}

/* The i-th entry becomes an observation; one that only recalls is none. */
static enum rc
observe(struct resolve *r, struct txn *t, struct group *g, size_t i,
    struct err *e)
{
	struct observation *o = &g->obs[g->count];
	struct span text = g->text[i];
	struct observe_head head;
	enum rc rc;

	memcpy(&head, text.ptr, sizeof head);
	text = span_of(text.ptr + sizeof head, text.len - sizeof head);
	if (head.review)
		return case_take(g, text, e);
	if (head.unreadable) {
		size_t at = policy_system_find(g->policy,
		    r->conclusion[head.section].system);

		g->rejected |= at < LIMIT_SYSTEMS ? (uint64_t)1 << at : 0;
		g->unreadable |= g->rejected;
		return RC_OK;
	}
	if (!text.len) {
		g->recalled = true;
		return RC_OK;
	}
	rc = observe_line(g->policy, t, &g->json, &head, text, &g->arena, o,
	    e);
	o->entry = i;
	o->listed = r->conclusion[head.section].listed;
	o->ended = r->conclusion[head.section].ended;
	if (rc == RC_RECORD)
		return group_reject(r, g, o, text, e);
	if (!rc && head.unlinked && r->match[head.entity].overtaken)
		o->relinked = true;
	else if (!rc && r->judged && (head.unlinked ||
	    o->op == OBSERVED_CREATE))
		rc = find_relinked(t, g, o, e);
	if (!rc)
		rc = find_doubt(r, t, g, o, e);
	g->count += rc == RC_OK;
	return rc;
}

enum rc
group_next(struct resolve *r, struct txn *t, struct group *g, struct err *e)
{
	enum rc rc = gather_due(r, g, e);

	g->count = 0;
	g->recalled = false;
	g->unreadable = g->rejected = 0;
	g->cases = NULL;
	if (!rc)
		g->obs = arena_alloc(&g->arena, g->texts * sizeof *g->obs);
	for (size_t i = 0; !rc && i < g->texts; i++)
		rc = observe(r, t, g, i, e);
	if (!rc && g->count)
		rc = twice_leave_out(r, g);
	if (!rc)
		rc = merge_look(r, g, t, e);
	if (!rc)
		rc = become_look(r, g, t, e);
	if (!rc)
		rc = case_holds(g, t, e);
	return rc ? rc : unread_hold(g, t, e);
}

/* What it stands as there from now on has yet to be read. */
static bool
is_replaced(const struct group *g, size_t system)
{
	for (size_t i = 0; i < g->count; i++)
		if (second_counts(&g->obs[i]) && g->obs[i].system == system)
			return true;
	return false;
}

/*
 * A removal that a person has yet to approve, or said to leave, is released by
 * no run.
 */
static enum rc
leave_asked(const struct group *g, struct txn *t, struct decision *d,
    struct err *e)
{
	size_t kept = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < d->target_count && !rc; i++) {
		struct target target = d->targets[i];
		struct outbox o = { .version = 0 };

		if (is_replaced(g, target.system))
			continue;
		if (target.op == TARGET_ARCHIVE || target.op == TARGET_DELETE)
			rc = outbox_get(t, g->policy->systems[target.system].
			    name, g->entity, g->uid, &o, e);
		if (!rc && (o.asks || (o.held && o.skipped)))
			d->asks |= (uint64_t)1 << target.system;
		else
			d->targets[kept++] = target;
		rc = rc == RC_END ? RC_OK : rc;
	}
	d->target_count = kept;
	return rc;
}

enum rc
group_decide(struct group *g, struct txn *t, struct decision *d,
    struct err *e)
{
	const struct standing st = { .recalled = g->recalled,
		.reviewed = g->cases || g->withheld, .held = g->held };
	enum rc rc = decide(g->policy, t, g->entity, g->uid, g->obs, g->count,
	    &st, &g->arena, d, e);

	return rc ? rc : leave_asked(g, t, d, e);
}

/* Over what is put off by now, or over all. */
static enum rc
begin_pass(struct resolve *r, struct group *g, enum pass pass, struct err *e)
{
	enum rc rc = RC_OK;

	spool_free(g->put_off);
	g->put_off = g->later;
	g->later = NULL;
	g->pass = pass;
	g->have_ahead = g->ended = false;
	for (size_t i = 0; i < r->policy_count && !rc; i++)
		rc = rules_pass(r->policy[i], r->judged, e);
	return rc ? rc : spool_rewind(g->put_off ? g->put_off : r->spool, e);
}

enum rc
group_rewind(struct resolve *r, struct group *g, struct err *e)
{
	spool_free(g->later);
	g->later = NULL;
	return begin_pass(r, g, PASS_SHOWN, e);
}

enum rc
group_go_on(struct resolve *r, struct group *g, struct err *e)
{
	return g->later ? begin_pass(r, g, g->pass + 1, e) : RC_END;
}
