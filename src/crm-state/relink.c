/* SPDX-License-Identifier: MIT */
#include "relink.h"

#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/home.h"
#include "../lib/outbox.h"
#include "../lib/redirect.h"
#include "../lib/spool.h"
#include "../lib/stream.h"
#include "../lib/todo.h"
#include "policies.h"

#define BATCH 1000
#define SAID_CAP ((size_t)256 << 20)
#define SPOOL_MEMORY ((size_t)64 << 20)

/* One of the records that came, with the uid it carries, or its origin's. */
struct claim {
	struct source source;
	struct span uid;
	bool stamped;           /* it carries it */
	bool alone;             /* no other there has it */
};

struct relink {
	struct run *run;
	struct state *state;
	struct policies policies;
	struct audit *audit;
	struct spool *spool;    /* entity, system, uid: stamped, object, id */
	struct span key, payload;
	enum rc ahead;
	struct txn txn;
	struct arena arena;     /* of a batch */
	struct stream_out out;
	struct buf said;        /* lines, until their batch is committed */
	uint64_t linked, already, unlinked, unstamped;
};

/* ---- what came ---- */

static enum rc
take_record(struct relink *k, const struct line *l, struct err *e)
{
	struct buf payload;
	enum rc rc;
	KEY_BUF(key);

	if (!l->entity.len)
		return err_set(e, RC_CONFIG, "records as crm-map gives them "
		    "are needed: crm-extract ... | crm-map ... | crm-state "
		    "links --rebuild");
	buf_init(&payload, LIMIT_LINE, "id");
	KEY(&key, l->entity, l->system, SPAN(""));
	if (l->uid.len)
		buf_span(&key, l->uid);
	else
		uid_put(&key, l->system, l->object, l->id);
	KEY(&payload, l->uid.len ? SPAN("uid") : SPAN(""), l->object, l->id);
	rc = key.over || key.len > LIMIT_KEY ? err_set(e, RC_RECORD,
	    "its uid is too long") : spool_add(k->spool, buf_view(&key),
	    buf_view(&payload), e);
	buf_free(&payload);
	return rc;
}

static enum rc
take_all(struct relink *k, struct err *e)
{
	struct stream_in in;
	struct line l;
	enum rc rc = RC_OK;

	stream_in_open(&in, STDIN_FILENO, NULL);
	stream_line_init(&l);
	while (!rc) {
		rc = stream_read(&in, &l, e);
		if (!rc)
			rc = stream_parse(&in, &l, e);
		if (!rc && l.type == LINE_RECORD)
			rc = take_record(k, &l, e);
		if (rc == RC_RECORD) {
			struct where w = { .line = l.number };

			rc = run_reject(k->run, &w, e, l.text);
		}
	}
	if (rc == RC_END && in.section.open)
		rc = err_set(e, RC_SYSTEM, "the input ended before its end: "
		    "nothing was linked");
	stream_in_free(&in);
	stream_line_free(&l);
	return rc == RC_END ? spool_rewind(k->spool, e) : rc;
}

/* ---- whether it may be linked ---- */

/* A line for who has to look. */
static enum rc
leave(struct relink *k, const struct claim *c, const char *why,
    struct span what, struct err *e)
{
	struct buf *b = &k->said;

	k->unlinked++;
	if (b->len)
		buf_putc(b, '\n');
	BUF_LIT(b, "{\"type\":\"unlinked\"");
	json_put_text(b, "entity", c->source.entity);
	json_put_text(b, "system", c->source.system);
	json_put_text(b, "object", c->source.object);
	json_put_text(b, "id", c->source.id);
	json_put_text(b, "uid", c->uid);
	json_put_text(b, "why", span_str(why));
	json_put_member(b, "other", what);
	buf_putc(b, '}');
	return buf_check(b, e);
}

/* Is it linked already, or has been?  RC_END: neither. */
static enum rc
look_at_link(struct relink *k, const struct claim *c, struct span uid,
    struct err *e)
{
	struct link l;
	enum rc rc = link_get(&k->txn, &c->source, &l, &k->arena, e);

	if (rc)
		return rc;
	if (!l.live)
		return leave(k, c, "it was deleted there: a run decides "
		    "whether it is back", l.uid, e);
	if (!span_eq(l.uid, uid))
		return leave(k, c, "it is linked to another record", l.uid,
		    e);
	k->already++;
	return RC_OK;
}

/* A loader that is at work there knows more. */
static enum rc
is_claimed(struct relink *k, const struct claim *c, struct span uid,
    bool *is, struct err *e)
{
	struct outbox o;
	enum rc rc = outbox_get(&k->txn, c->source.system, c->source.entity,
	    uid, &o, e);

	*is = !rc && o.lease > clock_now();
	return rc == RC_END ? RC_OK : rc;
}

/* Why our record cannot be this one; NULL: it can. */
static const char *
objection(const struct claim *c, const struct record *r,
    const struct side *s, struct span *other)
{
	*other = s ? s->id : SPAN("");
	if (!r->version)
		return "no record of that uid is known: a run of crm-resolve "
		    "decides";
	if (r->life != LIFE_LIVE)
		return "that record does not live";
	if (s && s->life != LIFE_LIVE && s->life != LIFE_NONE)
		return "that record was deleted there: a run decides";
	if (s && s->life == LIFE_LIVE && (!span_eq(s->id, c->source.id) ||
	    !span_eq(s->object, c->source.object)))
		return "that record is another one there: this is a copy";
	if ((!s || s->life != LIFE_LIVE) && !c->alone)
		return "several there carry that uid: a person has to say "
		    "which one it is";
	return NULL;
}

/* ---- linking ---- */

static enum rc
put_link(struct relink *k, const struct claim *c, struct span uid,
    struct err *e)
{
	struct link l = { .live = true, .uid = uid, .since = clock_now() };
	struct tally n;
	enum rc rc = tally_get(&k->txn, &c->source, &n, e);

	l.ordinal = n.next++;
	n.live++;
	if (!rc)
		rc = link_put(&k->txn, &c->source, &l, e);
	return rc ? rc : tally_put(&k->txn, &c->source, &n, e);
}

/* What it shows is not known: it is read by its id, and then decided. */
static enum rc
put_side(struct relink *k, const struct claim *c, struct record *r,
    struct err *e)
{
	uint32_t system;
	struct side *s;
	enum rc rc = name_intern(&k->txn, c->source.system, &system, e);

	if (rc)
		return rc;
	s = record_add_side(r, system, &k->arena);
	s->life = LIFE_LIVE;
	s->object = c->source.object;
	s->id = c->source.id;
	s->revision++;
	rc = record_put_side(&k->txn, r, s, e);
	return rc ? rc : todo_put(&k->txn, &c->source,
	    SPAN("linked by the uid it carries"), e);
}

static void
tell(struct relink *k, const struct claim *c, struct span uid)
{
	struct buf *b = audit_line(k->audit, "relinked");

	json_put_text(b, "entity", c->source.entity);
	json_put_text(b, "uid", uid);
	json_put_text(b, "system", c->source.system);
	json_put_text(b, "object", c->source.object);
	json_put_text(b, "id", c->source.id);
	audit_end(k->audit);
	k->linked++;
}

static enum rc
link_one(struct relink *k, const struct claim *c, struct err *e)
{
	struct policy *p;
	struct record r;
	struct span uid = c->uid, other;
	const struct side *s = NULL;
	const char *why;
	uint32_t id;
	bool claimed;
	enum rc rc = policies_get(&k->policies, &k->txn, c->source.entity, &p,
	    e);

	if (!rc)
		rc = redirect_get(&k->txn, c->source.entity, c->uid,
		    &k->arena, &uid, e);
	if (!rc || rc == RC_END)
		rc = look_at_link(k, c, uid, e);
	if (rc != RC_END)
		return rc;
	rc = record_load(&k->txn, c->source.entity, uid, p->ids, p->id_count,
	    &k->arena, &r, e);
	if (!rc)
		rc = is_claimed(k, c, uid, &claimed, e);
	if (rc)
		return rc;
	k->unstamped += !r.version && !c->stamped;
	if (!r.version && !c->stamped)
		return RC_OK;   /* nobody says whose it is */
	if (name_find(k->state, c->source.system, &id))
		s = record_side(&r, id);
	why = objection(c, &r, s, &other);
	if (!why && claimed)
		why = "a loader is sending that record there: try again";
	if (why)
		return leave(k, c, why, other, e);
	rc = put_link(k, c, uid, e);
	if (!rc && (!s || s->life != LIFE_LIVE))
		rc = put_side(k, c, &r, e);
	if (!rc)
		tell(k, c, uid);
	return rc;
}

/* ---- all of them ---- */

static enum rc
next(struct relink *k, struct err *e)
{
	k->ahead = spool_next(k->spool, &k->key, &k->payload, e);
	return k->ahead == RC_END ? RC_OK : k->ahead;
}

static struct claim
claim_of(struct span key, struct span payload, struct arena *a)
{
	struct span rest = arena_dup(a, key), said = arena_dup(a, payload);
	struct claim c = { .alone = true };

	c.source.entity = key_take(&rest);
	c.source.system = key_take(&rest);
	c.uid = rest;
	c.stamped = key_take(&said).len;
	c.source.object = key_take(&said);
	c.source.id = said;
	return c;
}

static bool
is_same(const struct claim *a, const struct claim *b)
{
	return span_eq(a->source.object, b->source.object) &&
	    span_eq(a->source.id, b->source.id);
}

/* Those of one uid in one system; the same record may come twice. */
static enum rc
link_group(struct relink *k, struct err *e)
{
	struct span key = arena_dup(&k->arena, k->key);
	struct claim c[BATCH];
	size_t n = 0;
	enum rc rc = RC_OK;

	while (!rc && k->ahead == RC_OK && span_eq(k->key, key)) {
		size_t i = 0;

		if (n < BATCH) {
			c[n] = claim_of(k->key, k->payload, &k->arena);
			while (i < n && !is_same(&c[i], &c[n]))
				i++;
			n += i == n;
		}
		rc = next(k, e);
	}
	for (size_t i = 0; i < n && !rc; i++) {
		c[i].alone = n == 1;
		rc = link_one(k, &c[i], e);
	}
	return rc;
}

static enum rc
link_batch(struct relink *k, struct err *e)
{
	enum rc rc = txn_begin(&k->txn, k->state, true, e);

	k->txn.outlived = true;
	arena_reset(&k->arena);
	buf_reset(&k->said);
	policies_begin(&k->policies);
	if (!rc)
		rc = audit_begin(k->audit, &k->txn, e);
	for (size_t n = 0; n < BATCH && k->ahead == RC_OK && !rc; n++)
		rc = link_group(k, e);
	if (!rc)
		rc = audit_put(k->audit, &k->txn, e);
	if (!rc)
		rc = txn_commit(&k->txn, e);
	txn_abort(&k->txn);
	if (!rc && k->said.len)
		rc = stream_out_copy(&k->out, buf_view(&k->said), e);
	return rc;
}

static enum rc
put_sums(struct relink *k, struct err *e)
{
	enum rc rc;

	buf_printf(&k->out.buf, "{\"type\":\"rebuilt\",\"linked\":%llu,"
	    "\"already\":%llu,\"unlinked\":%llu,\"without_uid\":%llu}",
	    (unsigned long long)k->linked, (unsigned long long)k->already,
	    (unsigned long long)k->unlinked,
	    (unsigned long long)k->unstamped);
	rc = stream_out_line(&k->out, e);
	if (k->unlinked)
		run_outcome(k->run, RC_RECORD);
	return rc ? rc : stream_out_flush(&k->out, e);
}

static enum rc
relink_all(struct relink *k, struct err *e)
{
	enum rc rc = policies_open(&k->policies, e);

	if (!rc)
		rc = state_open(&k->state, false, e);
	if (!rc)
		rc = take_all(k, e);
	if (!rc)
		rc = next(k, e);
	while (!rc && k->ahead == RC_OK)
		rc = link_batch(k, e);
	return rc ? rc : put_sums(k, e);
}

void
relink_run(struct run *r)
{
	struct relink k = { .run = r, .audit = audit_new() };
	struct err e;
	enum rc rc;

	arena_init(&k.arena);
	buf_init(&k.said, SAID_CAP, "lines");
	k.spool = spool_new(home_path(), SPOOL_MEMORY);
	stream_out_open(&k.out, STDOUT_FILENO);
	rc = relink_all(&k, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&k.out);
	spool_free(k.spool);
	policies_close(&k.policies);
	audit_free(k.audit);
	buf_free(&k.said);
	arena_free(&k.arena);
	state_close(k.state);
}
