/* SPDX-License-Identifier: MIT */
#include "conversion.h"

#include "json.h"
#include "ref.h"

#define LEAD SPAN("converted")
#define BECAME SPAN("became")

/* ---- rows ---- */

/* Each entity and id of "converted_into". */
struct becoming {
	struct txn *t;
	const struct source *s;
};

typedef enum rc become_visit(void *arg, struct span entity, struct span id,
    struct err *e);

static enum rc
each_target(struct span into, struct arena *a, become_visit *visit,
    void *arg, struct err *e)
{
	struct json j;
	enum rc rc;

	json_init(&j);
	rc = json_parse(&j, into, e);
	if (!rc && json_kind(&j, 0) != JSON_OBJECT)
		rc = err_set(e, RC_RECORD, "\"converted_into\" is no object");
	if (!rc)
		for (JSON_EACH(&j, 0, key, value)) {
			if (json_kind(&j, value) != JSON_STRING)
				rc = err_set(e, RC_RECORD, "\"converted_"
				    "into\": ids are strings");
			if (!rc)
				rc = visit(arg, json_string(&j, key, a),
				    json_string(&j, value, a), e);
			if (rc)
				break;
		}
	json_free(&j);
	return rc;
}

static void
put_key(struct buf *key, struct span entity, struct span uid,
    struct span system)
{
	KEY(key, LEAD, entity, uid, system);
}

/* RC_END: there is none. */
static enum rc
get(struct txn *t, struct span entity, struct span uid, struct span system,
    struct span *into, struct err *e)
{
	KEY_BUF(key);

	put_key(&key, entity, uid, system);
	if (key.over || key.len > LIMIT_KEY)
		return RC_END;
	return txn_get(t, TABLE_META, buf_view(&key), into, e);
}

/* Of what is stored. */
static enum rc
damaged(enum rc rc, struct err *e)
{
	return rc == RC_RECORD ? err_set(e, RC_STATE, "state: a damaged "
	    "conversion; see crm-state check") : rc;
}

static enum rc
visit_none(void *arg, struct span entity, struct span id, struct err *e)
{
	(void)arg;
	(void)entity;
	(void)id;
	(void)e;
	return RC_OK;
}

static enum rc
put_became(void *arg, struct span entity, struct span id, struct err *e)
{
	struct becoming *b = arg;
	KEY_BUF(key);

	KEY(&key, BECAME, entity, b->s->system, b->s->id);
	return txn_put(b->t, TABLE_META, buf_view(&key), id, e);
}

static enum rc
del_became(void *arg, struct span entity, struct span id, struct err *e)
{
	struct becoming *b = arg;
	KEY_BUF(key);

	(void)id;
	KEY(&key, BECAME, entity, b->s->system, b->s->id);
	return txn_del(b->t, TABLE_META, buf_view(&key), e);
}

enum rc
conversion_put(struct txn *t, const struct source *s, struct span uid,
    struct span into, struct err *e)
{
	struct becoming b = { t, s };
	struct arena a;
	enum rc rc;
	KEY_BUF(key);

	put_key(&key, s->entity, uid, s->system);
	if (key.over || key.len > LIMIT_KEY)
		return err_set(e, RC_RECORD, "its names and id are too long");
	arena_init(&a);
	rc = txn_put(t, TABLE_META, buf_view(&key), into, e);
	if (!rc)
		rc = each_target(into, &a, put_became, &b, e);
	arena_free(&a);
	return rc;
}

enum rc
conversion_del(struct txn *t, const struct source *s, struct span uid,
    struct err *e)
{
	struct becoming b = { t, s };
	struct arena a;
	struct span into;
	enum rc rc = get(t, s->entity, uid, s->system, &into, e);
	KEY_BUF(key);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	put_key(&key, s->entity, uid, s->system);
	arena_init(&a);
	into = arena_dup(&a, into);
	rc = damaged(each_target(into, &a, del_became, &b, e), e);
	if (!rc)
		rc = txn_del(t, TABLE_META, buf_view(&key), e);
	arena_free(&a);
	return rc;
}

enum rc
conversion_check(struct txn *t, struct span rest, struct arena *a,
    struct source *s, struct span *uid, struct err *e)
{
	struct record r;
	const struct side *side;
	struct span into;
	uint32_t id;
	enum rc rc;

	rest = arena_dup(a, rest);
	s->entity = key_take(&rest);
	*uid = key_take(&rest);
	s->system = rest;
	s->object = s->id = SPAN("");
	if (!name_find(t->state, s->system, &id))
		return RC_END;
	rc = record_load(t, s->entity, *uid, &id, 1, a, &r, e);
	if (rc)
		return rc;
	side = record_side(&r, id);
	if (!side || side->life != LIFE_MERGED)
		return RC_END;
	s->object = side->object;
	s->id = side->id;
	rc = get(t, s->entity, *uid, s->system, &into, e);
	if (!rc)
		rc = each_target(into, a, visit_none, NULL, e);
	return rc == RC_RECORD ? RC_END : rc;
}

enum rc
conversion_find(struct txn *t, struct span entity, struct span uid,
    struct span system, struct err *e)
{
	struct span into;

	return get(t, entity, uid, system, &into, e);
}

enum rc
conversion_follow(struct txn *t, struct span entity, struct span system,
    struct span id, struct arena *a, struct span *into, struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, BECAME, entity, system, id);
	if (key.over || key.len > LIMIT_KEY)
		return RC_END;
	rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	if (!rc)
		*into = arena_dup(a, value);
	return rc;
}

/* ---- what it means here ---- */

struct resolving {
	struct txn *t;
	const struct conversion_from *from;
	struct arena *a;
	struct buf *b;
	size_t named;
	bool waits;
};

/* RC_END: it is not linked. */
static enum rc
find(struct resolving *g, struct span entity, struct span id,
    struct span *uid, struct err *e)
{
	const struct conversion_from *f = g->from;
	enum rc rc = ref_find(g->t, f->system, entity, id, g->a, uid, e);

	for (size_t i = 0; i < f->count && rc == RC_END; i++) {
		struct source s = { entity, f->system, f->places[i].object,
			id };
		struct link l;

		if (!span_eq(f->places[i].entity, entity))
			continue;
		rc = link_get(g->t, &s, &l, g->a, e);
		*uid = l.uid;
	}
	return rc;
}

static enum rc
resolve_one(void *arg, struct span entity, struct span id, struct err *e)
{
	struct resolving *g = arg;
	struct span uid;
	bool here;
	enum rc rc = find(g, entity, id, &uid, e);
	KEY_BUF(prefix);

	if (rc == RC_OK) {
		if (g->named++)
			buf_putc(g->b, ',');
		json_put_string(g->b, entity);
		buf_putc(g->b, ':');
		json_put_string(g->b, uid);
	}
	if (rc != RC_END)
		return rc;
	KEY(&prefix, SPAN(""), entity, g->from->system, SPAN(""));
	rc = walk_any(g->t, TABLE_META, buf_view(&prefix), &here, e);
	g->waits |= !rc && here;
	return rc;
}

enum rc
conversion_resolve(struct txn *t, const struct conversion_from *f,
    struct arena *a, struct buf *b, bool *known, struct err *e)
{
	struct resolving g = { .t = t, .from = f, .a = a, .b = b };
	enum rc rc;

	buf_putc(b, '{');
	rc = each_target(f->into, a, resolve_one, &g, e);
	buf_putc(b, '}');
	*known = !g.waits && g.named > 0;
	return rc;
}

enum rc
conversion_tell(struct txn *t, struct span entity, struct span uid,
    struct arena *a, struct buf *b, struct err *e)
{
	struct walk w;
	size_t said = 0;
	bool known;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, LEAD, entity, uid, SPAN(""));
	if (prefix.over || prefix.len > LIMIT_KEY)
		return RC_OK;
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		struct conversion_from f = { .system = arena_dup(a,
		    span_of(w.key.ptr + prefix.len, w.key.len - prefix.len)),
		    .into = arena_dup(a, w.value) };

		buf_putc(b, said++ ? ',' : '{');
		json_put_string(b, f.system);
		buf_putc(b, ':');
		rc = damaged(conversion_resolve(t, &f, a, b, &known, e), e);
		if (rc)
			break;
	}
	walk_close(&w);
	if (said)
		buf_putc(b, '}');
	return rc == RC_END ? RC_OK : rc;
}
