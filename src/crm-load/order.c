/* SPDX-License-Identifier: MIT */
/*
 * order: in which order what is pending is sent.  What others refer to goes
 * before them, removals last, and there what refers to others goes first.
 */
#include "load.h"

static bool
refers_to(const struct outlet *from, const struct outlet *to)
{
	const struct entity *en = from->policy->entity;

	for (size_t i = 0; i < en->field_count; i++)
		if (span_eq(en->fields[i].to, to->policy->entity->name))
			return true;
	return false;
}

static bool
is_free(const struct load *l, const bool *placed, size_t at)
{
	for (size_t i = 0; i < l->outlet_count; i++)
		if (i != at && !placed[i] && refers_to(&l->outlet[at],
		    &l->outlet[i]))
			return false;
	return true;
}

/* Entities that refer to each other in a circle go by their names. */
static size_t
choose(const struct load *l, const bool *placed)
{
	size_t first = SIZE_MAX;

	for (size_t i = 0; i < l->outlet_count; i++) {
		if (placed[i])
			continue;
		if (is_free(l, placed, i))
			return i;
		if (first == SIZE_MAX)
			first = i;
	}
	return first;
}

/* Did a person say to leave all that is pending of it? */
static enum rc
is_left(struct load *l, struct span entity, bool *left, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct walk w = { .cursor = NULL };
	enum rc rc = txn_begin(&t, l->state, false, e);
	KEY_BUF(prefix);

	*left = true;
	if (!rc)
		rc = outbox_walk(&w, &t, l->system->name, entity, &prefix, e);
	while (!rc && *left) {
		struct outbox o = { .version = 0 };

		rc = walk_next(&w, e);
		if (!rc)
			rc = outbox_decode(w.value, &o, e);
		*left = rc || (o.held && o.skipped);
	}
	walk_close(&w);
	txn_abort(&t);
	return rc == RC_END ? RC_OK : rc;
}

/*
 * What is pending of one whose files are gone or wrong waits for them, and is
 * said unless a person left it; the others do not wait.
 */
static enum rc
open_entity(struct load *l, struct span entity, struct err *e)
{
	struct where w = { .system = l->system->name };
	struct outlet *ignored;
	struct err why;
	bool left;
	enum rc rc = send_outlet(l, entity, &ignored, &why);

	if (rc != RC_CONFIG) {
		*e = why;
		return rc;
	}
	rc = is_left(l, entity, &left, e);
	if (!rc && !left)
		run_problem(&l->run, &w, RC_CONFIG, &why);
	return rc;
}

/* Opens an outlet for each entity that has something pending. */
static enum rc
find_entities(struct load *l, struct err *e)
{
	struct span entity[LIMIT_SYSTEMS];
	struct txn t = { .mdb = NULL };
	struct walk w = { .cursor = NULL };
	size_t count = 0;
	enum rc rc = txn_begin(&t, l->state, false, e);
	KEY_BUF(prefix);
	KEY_BUF(after);

	KEY(&prefix, l->system->name, SPAN(""));
	if (!rc)
		rc = walk_open(&w, &t, TABLE_OUTBOX, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct span key = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);

		if (count == LIMIT_SYSTEMS) {
			rc = err_set(e, RC_CONFIG, "more than %d entities",
			    LIMIT_SYSTEMS);
			break;
		}
		entity[count] = arena_dup(&l->arena, key_take(&key));
		buf_reset(&after);
		KEY(&after, l->system->name, entity[count]);
		buf_putc(&after, '\1'); /* behind the NUL of its own keys */
		count++;
		rc = walk_from(&w, buf_view(&after), e);
	}
	walk_close(&w);
	txn_abort(&t);
	rc = rc == RC_END ? RC_OK : rc;
	for (size_t i = 0; i < count && !rc; i++)
		rc = open_entity(l, entity[i], e);
	return rc;
}

enum rc
order_find(struct load *l, struct err *e)
{
	bool placed[LIMIT_SYSTEMS] = { false };
	enum rc rc = find_entities(l, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < l->outlet_count; i++) {
		l->order[i] = choose(l, placed);
		placed[l->order[i]] = true;
	}
	l->ordered = true;
	return RC_OK;
}

const struct outlet *
order_at(const struct load *l, size_t turn)
{
	size_t n = l->outlet_count;

	if (turn >= 2 * n)
		return NULL;
	return &l->outlet[l->order[turn < n ? turn : 2 * n - 1 - turn]];
}

bool
order_removes(const struct load *l)
{
	return l->turn >= l->outlet_count;
}
