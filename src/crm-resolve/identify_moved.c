/* SPDX-License-Identifier: MIT */
/*
 * identify_moved: a value that a known record gets in this run for sure is one
 * it is known by, as if it had been read a run earlier.  One that it leaves, or
 * that may lose, may have been meant by who came with it, or not: a person
 * says.
 */
#include "identify.h"

#include "../lib/outbox.h"

struct moving {
	struct identify *d;
	const struct observe_head *head;
	struct span text;
	bool certain;      /* what it shows is what the record will have */
};

/*
 * Whether that value stands is for deciding: it does for sure only where the
 * side stands by what is agreed, and nothing is on its way there.
 */
static enum rc
weigh(struct moving *m, const struct record *r, struct span system,
    const struct side *side, size_t at, struct err *e)
{
	struct identify *d = m->d;
	struct span was = side ? side_value(side, at) : record_null;
	struct outbox o;
	enum rc rc = outbox_get(&d->txn, system, r->entity, r->uid, &o, e);

	m->certain &= rc == RC_END && side && !r->fields[at].conflict &&
	    span_eq(was, r->fields[at].value);
	return rc == RC_END ? RC_OK : rc;
}

static bool
is_of_key(const struct entity *en, size_t field)
{
	for (size_t k = 0; k < en->match_count; k++)
		for (size_t i = 0; i < en->match[k].count; i++)
			if (en->match[k].fields[i] == field)
				return true;
	return false;
}

/* Is what the system shows there of a key neither agreed nor seen before? */
static bool
is_news(const struct policy *p, size_t system, const struct record *r,
    size_t field, struct span shown)
{
	const struct side *side = record_side(r, p->systems[system].id);
	size_t at = policy_field_at(p, field, r);

	if (!shown.ptr || !is_of_key(p->entity, field) ||
	    !(p->systems[system].direction[field] & DIR_PULL))
		return false;
	if (at == SIZE_MAX)
		return true;
	return !span_eq(shown, r->fields[at].value) &&
	    !(side && span_eq(shown, side_value(side, at)));
}

/* Its agreed values, and over them those that the line changes. */
static enum rc
values_after(struct moving *m, const struct record *r, struct span *values,
    struct err *e)
{
	struct identify *d = m->d;
	struct policy *p = d->r->policy[m->head->entity];
	size_t n = p->entity->field_count, sys;
	struct span *shown = arena_zero(&d->arena, (n + 1) * sizeof *shown);
	struct span system;
	struct side *side;
	enum rc rc = json_parse(&d->json, m->text, e);

	if (rc)
		return rc;
	system = json_get_string(&d->json, 0, SPAN("system"), &d->arena);
	sys = policy_system_find(p, system);
	if (sys == SIZE_MAX)
		return err_set(e, RC_RECORD, "of a system that is not "
		    "declared");
	side = record_side(r, p->systems[sys].id);
	rc = identify_read_values(d, p, system, false, shown, e);
	for (size_t i = 0; i < n && !rc; i++) {
		size_t at = policy_field_at(p, i, r);

		if (at != SIZE_MAX)
			values[i] = r->fields[at].value;
		if (!is_news(p, sys, r, i, shown[i]))
			continue;
		values[i] = shown[i];
		if (at != SIZE_MAX)
			rc = weigh(m, r, system, side, at, e);
	}
	return rc;
}

static bool
is_value(struct hash128 h)
{
	return h.lo || h.hi;
}

/* Several lines of one record may contradict each other: one of them loses. */
static enum rc
add_now(struct moving *m, struct span key, struct party_row *now,
    struct err *e)
{
	struct identify *d = m->d;
	struct party_row *last = &d->moved;
	bool again = d->moved_key.len && span_eq(buf_view(&d->moved_key),
	    key) && last->policy == now->policy;
	enum rc rc = RC_OK;

	now->former = !m->certain || (again && memcmp(last->value, now->value,
	    sizeof now->value) != 0);
	if (again && now->former && !last->former) {
		last->former = true;
		rc = identify_add_party(d, key, last, e);
	}
	*last = *now;
	buf_reset(&d->moved_key);
	buf_span(&d->moved_key, key);
	if (!rc)
		rc = buf_check(&d->moved_key, e);
	return rc ? rc : identify_add_party(d, key, now, e);
}

static enum rc
add_moved(void *arg, struct span key, const struct record *r,
    uint64_t systems, struct err *e)
{
	struct moving *m = arg;
	struct identify *d = m->d;
	struct policy *p = d->r->policy[m->head->entity];
	const struct entity *en = p->entity;
	struct party_row now = { .policy = m->head->entity,
		.systems = systems }, was = now;
	struct span *values = arena_zero(&d->arena, (en->field_count + 1) *
	    sizeof *values);
	bool leaves = false;
	enum rc rc = values_after(m, r, values, e);

	if (rc) /* such a line is rejected when it is decided */
		return rc == RC_RECORD ? RC_OK : rc;
	match_values(p, r, 0, &d->room, was.value);
	for (size_t k = 0; k < en->match_count; k++) {
		if (!match_hash(en, k, values, &d->room, &now.value[k]))
			now.value[k] = (struct hash128){ 0, 0 };
		if (hash128_eq(was.value[k], now.value[k]))
			was.value[k] = (struct hash128){ 0, 0 };
		leaves |= is_value(was.value[k]);
	}
	was.former = true;
	rc = add_now(m, key, &now, e);
	return rc || !leaves ? rc : identify_add_party(d, key, &was, e);
}

enum rc
identify_add_moved(struct identify *d, struct span key, struct span text,
    const struct observe_head *head, struct err *e)
{
	struct moving m = { d, head, text, true };

	return identify_known(d, head->entity, key, add_moved, &m, e);
}
