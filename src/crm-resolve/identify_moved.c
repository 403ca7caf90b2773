/* SPDX-License-Identifier: MIT */
/*
 * identify_moved: a value that a known record gets in this run is one it is
 * known by, as if it had been read a run earlier; one that it leaves may have
 * been meant by who came with it, or not: a person says.
 */
#include "identify.h"

struct moving {
	struct identify *d;
	const struct observe_head *head;
	struct span text;
};

/* Its agreed values, and over them those that the line shows. */
static enum rc
values_after(struct moving *m, const struct record *r, struct span *values,
    struct err *e)
{
	struct identify *d = m->d;
	struct policy *p = d->r->policy[m->head->entity];
	size_t n = p->entity->field_count;
	struct span *shown = arena_zero(&d->arena, (n + 1) * sizeof *shown);
	enum rc rc = json_parse(&d->json, m->text, e);

	if (!rc)
		rc = identify_read_values(d, p, json_get_string(&d->json, 0,
		    SPAN("system"), &d->arena), false, shown, e);
	for (size_t i = 0; i < n && !rc; i++) {
		size_t at = policy_field_at(p, i, r);

		if (shown[i].ptr)
			values[i] = shown[i];
		else if (at != SIZE_MAX)
			values[i] = r->fields[at].value;
	}
	return rc;
}

static bool
is_value(struct hash128 h)
{
	return h.lo || h.hi;
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
	rc = identify_add_party(d, key, &now, e);
	return rc || !leaves ? rc : identify_add_party(d, key, &was, e);
}

enum rc
identify_add_moved(struct identify *d, struct span key, struct span text,
    const struct observe_head *head, struct err *e)
{
	struct moving m = { d, head, text };

	return identify_known(d, head->entity, key, add_moved, &m, e);
}
