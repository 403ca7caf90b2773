/* SPDX-License-Identifier: MIT */
/* identify_party: who takes part, each with the values it is known by. */
#include "identify.h"

#include "../lib/ref.h"

#define RENEW_ROWS 65536

/* A bit for each of the policy's ids; 0 for one it does not know. */
static uint64_t
bit_of(const struct policy *p, uint32_t system)
{
	for (size_t i = 0; i < p->id_count; i++)
		if (p->ids[i] == system)
			return (uint64_t)1 << i;
	return 0;
}

enum rc
identify_add_party(struct identify *d, struct span key,
    const struct party_row *row, struct err *e)
{
	return spool_add(d->parties, key, span_of((const char *)row,
	    sizeof *row), e);
}

/* The policy, the value, and whose it is: how others sort. */
static enum rc
add_value(struct spool *s, const struct party_row *row, size_t key,
    struct span uid, struct err *e)
{
	char room[sizeof row->policy + sizeof *row->value + LIMIT_KEY];
	struct buf b = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };

	buf_put(&b, &row->policy, sizeof row->policy);
	buf_put(&b, &row->value[key], sizeof *row->value);
	buf_span(&b, uid);
	return spool_add(s, buf_view(&b), SPAN(""), e);
}

/* Each value it has goes to that spool. */
static enum rc
add_values(struct spool *s, const struct party_row *row, struct span uid,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t k = 0; k < LIMIT_MATCH && !rc; k++)
		if (row->value[k].lo || row->value[k].hi)
			rc = add_value(s, row, k, uid, e);
	return rc;
}

/* ---- what came unlinked, and what only its uid links ---- */

bool
identify_is_open(struct span payload, struct observe_head *head)
{
	memcpy(head, payload.ptr, sizeof *head);
	return head->unlinked;
}

/*
 * The new values of a change, or those that a record shows that could not be
 * used, by entity field; references as our uids.
 */
enum rc
identify_read_values(struct identify *d, const struct policy *p,
    struct span system, bool blind, struct span *values, struct err *e)
{
	const struct json *j = &d->json;
	uint32_t fields = json_get(j, 0, SPAN("fields"));

	if (!fields || json_kind(j, fields) != JSON_OBJECT)
		return RC_OK;
	for (size_t i = 0; i < p->entity->field_count; i++) {
		uint32_t at = json_get(j, fields, p->entity->fields[i].name);
		uint32_t new = at && !blind ? json_get(j, at, SPAN("new")) :
		    at;
		enum rc rc;

		if (!new)
			continue;
		rc = ref_to_uid(&d->txn, system, json_text(j, new),
		    &d->arena, &values[i], e);
		if (rc == RC_END)
			values[i] = span_of(NULL, 0);
		else if (rc)
			return rc;
	}
	return RC_OK;
}

enum rc
identify_read_open(struct identify *d, struct span text,
    const struct observe_head *head, struct span **values, uint64_t *bit,
    struct err *e)
{
	struct policy *p = d->r->policy[head->entity];
	struct span system;
	size_t at;
	enum rc rc;

	arena_reset(&d->arena);
	rc = json_parse(&d->json, text, e);
	if (rc) /* it is rejected when it is decided */
		return rc == RC_RECORD ? RC_END : rc;
	system = json_get_string(&d->json, 0, SPAN("system"), &d->arena);
	at = policy_system_find(p, system);
	if (at == SIZE_MAX)
		return RC_END;
	*bit = bit_of(p, p->systems[at].id);
	*values = arena_zero(&d->arena, p->entity->field_count *
	    sizeof **values);
	return identify_read_values(d, p, system, head->blind, *values, e);
}

/*
 * A uid that came in the records of these systems, without a link: whoever is
 * its origin is no stranger, and who else fits is held against all of them.
 * Its origin may be among them, though it could not be used.
 */
struct carried {
	char room[2 * LIMIT_KEY];
	struct span key;
	uint32_t policy;
	uint64_t systems;
	bool stamped, stranger, unreadable;
};

/* Did this run see all there is of that system? */
static bool
is_listed(const struct identify *d, const struct policy_system *s,
    struct span entity)
{
	for (size_t i = 0; i < d->r->conclusion_count; i++) {
		const struct conclusion *c = &d->r->conclusion[i];

		if (c->listed && span_eq(c->system, s->name) &&
		    span_eq(c->entity, entity))
			return true;
	}
	return false;
}

/* A uid "system:object:id", and its origin was never met: it may be there. */
static enum rc
add_origin(struct identify *d, struct carried *c, struct err *e)
{
	const struct policy *p = d->r->policy[c->policy];
	struct span uid = c->key, system;
	struct source s = { .entity = key_take(&uid) };
	const char *colon = memchr(uid.ptr, ':', uid.len);
	struct link link;
	size_t at;
	enum rc rc;

	if (!colon)
		return RC_OK;
	system = span_of(uid.ptr, (size_t)(colon - uid.ptr));
	at = policy_system_find(p, system);
	if (at == SIZE_MAX || is_listed(d, &p->systems[at], s.entity))
		return RC_OK;
	s.system = system;
	s.object = p->systems[at].object;
	if (uid.len <= system.len + s.object.len + 2)
		return RC_OK;
	s.id = span_of(uid.ptr + system.len + s.object.len + 2,
	    uid.len - system.len - s.object.len - 2);
	rc = link_get(&d->txn, &s, &link, &d->arena, e);
	if (rc == RC_END)
		c->systems |= bit_of(p, p->systems[at].id);
	return rc == RC_END ? RC_OK : rc;
}

/* All entries of the uid have been seen. */
static enum rc
end_carried(struct identify *d, struct carried *c, struct err *e)
{
	struct fate fate = { .kind = c->stranger ? FATE_CARRIED :
		c->stamped ? FATE_KNOWN : FATE_GROWN };
	enum rc rc = c->stamped ? add_origin(d, c, e) : RC_OK;

	if (rc || (!c->stamped && !c->unreadable))
		return rc;
	fate.systems = c->systems;
	return spool_add(d->fates, c->key, span_of((const char *)&fate,
	    sizeof fate), e);
}

static enum rc
begin_carried(struct identify *d, struct carried *c, struct span key,
    struct err *e)
{
	enum rc rc = end_carried(d, c, e);

	memcpy(c->room, key.ptr, key.len);
	c->key = span_of(c->room, key.len);
	c->systems = 0;
	c->stamped = c->stranger = c->unreadable = false;
	return rc;
}

static enum rc
add_open(struct identify *d, struct carried *c, struct span key,
    struct span text, const struct observe_head *head, struct err *e)
{
	struct policy *p = d->r->policy[head->entity];
	struct party_row row = { .policy = head->entity,
		.section = head->section, .open = head->unlinked,
		.blind = head->blind };
	struct span *values;
	enum rc rc = identify_read_open(d, text, head, &values, &row.systems,
	    e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	c->policy = head->entity;
	c->systems |= row.systems;
	c->stamped |= head->stamped;
	c->stranger |= head->stranger;
	for (size_t k = 0; k < p->entity->match_count; k++)
		if (!match_hash(p->entity, k, values, &d->room,
		    &row.value[k]))
			row.value[k] = (struct hash128){ 0, 0 };
	if (!rc && d->r->match[head->entity].look_up)
		rc = add_values(d->wanted, &row, SPAN(""), e);
	return rc ? rc : identify_add_party(d, key, &row, e);
}

/* It is there, whatever it shows. */
static void
add_unreadable(struct identify *d, struct carried *c,
    const struct observe_head *head)
{
	const struct policy *p = d->r->policy[head->entity];
	size_t at = policy_system_find(p,
	    d->r->conclusion[head->section].system);

	c->unreadable = true;
	if (at != SIZE_MAX)
		c->systems |= bit_of(p, p->systems[at].id);
}

static struct span
text_of(struct span payload)
{
	size_t head = sizeof(struct observe_head);

	return span_of(payload.ptr + head, payload.len - head);
}

static enum rc
add_all_open(struct identify *d, struct err *e)
{
	struct carried c = { .stamped = false };
	struct span key, payload;
	enum rc rc = spool_rewind(d->r->spool, e);

	if (!rc)
		rc = spool_next(d->r->spool, &key, &payload, e);
	while (!rc) {
		struct observe_head head;
		bool open = identify_is_open(payload, &head);

		if (!span_eq(key, c.key))
			rc = begin_carried(d, &c, key, e);
		if (head.unreadable)
			add_unreadable(d, &c, &head);
		if (!rc && (open || head.stamped || head.blind) &&
		    !head.deletes && d->takes_part[head.entity])
			rc = add_open(d, &c, key, text_of(payload), &head,
			    e);
		if (!rc && head.rekeyed && d->takes_part[head.entity])
			rc = identify_add_moved(d, key, text_of(payload),
			    &head, e);
		if (!rc)
			rc = spool_next(d->r->spool, &key, &payload, e);
	}
	if (rc == RC_END)
		rc = end_carried(d, &c, e);
	return rc;
}

/* ---- what is known ---- */

/* Where it lives nowhere, nothing can be that, and it is nobody. */
enum rc
identify_known(struct identify *d, size_t policy, struct span key,
    identify_visit *visit, void *arg, struct err *e)
{
	struct policy *p = d->r->policy[policy];
	struct span uid = key, entity = key_take(&uid);
	uint64_t systems = 0;
	struct record r;
	enum rc rc;

	arena_reset(&d->arena);
	rc = record_load(&d->txn, entity, uid, p->ids, p->id_count,
	    &d->arena, &r, e);
	if (rc || r.life != LIFE_LIVE)
		return rc;
	for (size_t i = 0; i < r.side_count; i++)
		if (r.sides[i].life == LIFE_LIVE)
			systems |= bit_of(p, r.sides[i].system);
	return systems ? visit(arg, key, &r, systems, e) : RC_OK;
}

struct knowing {
	struct identify *d;
	size_t policy;
};

static enum rc
add_known(void *arg, struct span key, const struct record *r,
    uint64_t systems, struct err *e)
{
	struct knowing *k = arg;
	struct identify *d = k->d;
	size_t policy = k->policy;
	struct policy *p = d->r->policy[policy];
	struct party_row row = { .policy = (uint32_t)policy,
		.systems = systems };
	struct span uid = key;
	enum rc rc = RC_OK;

	key_take(&uid);
	for (size_t i = 0; i < match_variants(p, r) && !rc; i++) {
		match_values(p, r, i, &d->room, row.value);
		if (d->r->match[policy].build)
			rc = add_values(d->r->match_rows, &row, uid, e);
		if (!rc)
			rc = identify_add_party(d, key, &row, e);
	}
	return rc;
}

/* Long readers do not keep an old snapshot: the walk goes on in a new one. */
static enum rc
renew(struct identify *d, struct walk *w, struct span prefix, struct err *e)
{
	char room[LIMIT_KEY];
	struct span at = span_of(room, w->key.len);
	enum rc rc;

	memcpy(room, w->key.ptr, w->key.len);
	walk_close(w);
	rc = txn_renew(&d->txn, e);
	if (!rc)
		rc = walk_open(w, &d->txn, TABLE_AGREED, prefix, e);
	if (!rc)
		rc = walk_from(w, at, e);
	return rc;
}

enum rc
identify_each_known(struct identify *d, size_t policy, identify_visit *visit,
    void *arg, struct err *e)
{
	struct walk w;
	size_t n = 0;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, d->r->policy[policy]->entity->name, SPAN(""));
	rc = walk_open(&w, &d->txn, TABLE_AGREED, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		rc = identify_known(d, policy, w.key, visit, arg, e);
		if (!rc && ++n % RENEW_ROWS == 0 && !d->r->dry_run)
			rc = renew(d, &w, buf_view(&prefix), e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

/* ---- what is known, by the index ---- */

struct finding_known {
	struct identify *d;
	size_t policy, found;
};

static enum rc
take_found(void *arg, struct span uid, struct err *e)
{
	struct finding_known *f = arg;
	struct knowing k = { f->d, f->policy };
	KEY_BUF(key);

	if (f->found++ > CASE_MOST)
		return RC_END; /* it is nobody's key */
	KEY(&key, f->d->r->policy[f->policy]->entity->name, uid);
	return identify_known(f->d, f->policy, buf_view(&key), add_known,
	    &k, e);
}

static enum rc
look_up(struct identify *d, struct span wanted, struct err *e)
{
	struct finding_known f = { .d = d };
	struct hash128 value;
	uint32_t policy;

	memcpy(&policy, wanted.ptr, sizeof policy);
	memcpy(&value, wanted.ptr + sizeof policy, sizeof value);
	f.policy = policy;
	return match_each(&d->txn, d->r->policy[policy]->entity->name, value,
	    take_found, &f, e);
}

/* Each value that somebody open has, once. */
static enum rc
look_up_all(struct identify *d, struct err *e)
{
	char last[sizeof(uint32_t) + sizeof(struct hash128)];
	struct span key, payload;
	bool first = true;
	enum rc rc = spool_rewind(d->wanted, e);

	if (!rc)
		rc = spool_next(d->wanted, &key, &payload, e);
	while (!rc) {
		if (first || memcmp(last, key.ptr, sizeof last) != 0)
			rc = look_up(d, key, e);
		first = false;
		memcpy(last, key.ptr, sizeof last);
		if (!rc)
			rc = spool_next(d->wanted, &key, &payload, e);
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
identify_parties(struct identify *d, struct err *e)
{
	enum rc rc = add_all_open(d, e);

	for (size_t i = 0; i < d->r->policy_count && !rc; i++) {
		struct knowing k = { d, i };

		if (d->takes_part[i] && !d->r->match[i].look_up)
			rc = identify_each_known(d, i, add_known, &k, e);
	}
	return rc ? rc : look_up_all(d, e);
}
