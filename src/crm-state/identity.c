/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include <string.h>

#include "../lib/clock.h"
#include "../lib/conversion.h"
#include "../lib/json.h"
#include "../lib/recall.h"
#include "../lib/redirect.h"
#include "../lib/review.h"

#define NAMED 8 /* candidates */

/* ---- listing ---- */

struct list {
	struct look *look;
	const char *entity, *uid;
	const struct review *open; /* whose candidates are being named */
	size_t named;
};

static enum rc
put_candidate(void *arg, const struct review *r, struct err *e)
{
	struct list *l = arg;
	struct buf *b = &l->look->out.buf;

	(void)e;
	if (span_eq(r->uid, l->open->uid) || l->named == NAMED ||
	    (r->open && span_eq(r->system, l->open->system)))
		return RC_OK;
	if (l->named++)
		buf_putc(b, ',');
	json_put_string(b, r->uid);
	return RC_OK;
}

static enum rc
list_one(void *arg, const struct review *r, struct err *e)
{
	struct list *l = arg;
	struct buf *b = &l->look->out.buf;
	size_t mark;
	enum rc rc;

	if (!r->open || (l->entity && !span_eq(span_str(l->entity),
	    r->entity)) || (l->uid && !span_eq(span_str(l->uid), r->uid)))
		return RC_OK;
	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	json_put_text(b, "kind", SPAN("identity"));
	json_put_text(b, "system", r->system);
	json_put_text(b, "id", r->id);
	json_put_text(b, "match", r->why);
	BUF_LIT(b, ",\"candidates\":[");
	l->open = r;
	l->named = 0;
	rc = review_each_in(&l->look->txn, r->entity, r->subject,
	    put_candidate, l, e);
	BUF_LIT(b, "],\"converted_into\":");
	mark = b->len;
	if (!rc)
		rc = conversion_tell(&l->look->txn, r->entity, r->uid,
		    &l->look->arena, b, e);
	if (b->len == mark)
		b->len -= sizeof ",\"converted_into\":" - 1;
	clock_put_member(b, "since", r->since);
	BUF_LIT(b, "}");
	return rc ? rc : stream_out_line(&l->look->out, e);
}

enum rc
identity_list(struct look *look, const char *entity, const char *uid,
    struct err *e)
{
	struct list l = { .look = look, .entity = entity, .uid = uid };

	return review_each(&look->txn, list_one, &l, e);
}

/* ---- deciding ---- */

struct deciding {
	struct word *w;
	struct span entity, uid, word;
};

static enum rc
find_open(void *arg, const struct review *r, struct err *e)
{
	(void)e;
	*(bool *)arg |= r->open;
	return RC_OK;
}

/*
 * What was given up to a merge elsewhere, but stands in another system, lives
 * again as a record of its own.
 */
static enum rc
revive(struct deciding *i, struct err *e)
{
	struct record r;
	const struct policy *p = i->w->policy;
	enum rc rc = record_load(&i->w->txn, i->entity, i->uid, p->ids,
	    p->id_count, &i->w->arena, &r, e);

	if (rc || r.life != LIFE_MERGED)
		return rc;
	r.life = LIFE_LIVE;
	r.life_time = clock_now();
	r.version++;
	rc = record_put_agreed(&i->w->txn, &r, e);
	for (size_t k = 0; k < r.side_count && !rc; k++)
		rc = record_put_side(&i->w->txn, &r, &r.sides[k], e);
	return rc ? rc : redirect_del(&i->w->txn, i->entity, i->uid, e);
}

static void
tell_separate(struct deciding *i)
{
	struct buf *b = audit_line(i->w->audit, "separate");

	json_put_text(b, "entity", i->entity);
	json_put_text(b, "uid", i->uid);
	json_put_text(b, "why", SPAN("person"));
	audit_end(i->w->audit);
}

static enum rc
separate(struct deciding *i, struct err *e)
{
	enum rc rc = review_leave(&i->w->txn, i->entity, i->uid, recall_freed,
	    &i->w->txn, e);

	if (!rc)
		rc = revive(i, e);
	if (!rc)
		tell_separate(i);
	return rc ? rc : recall_put(&i->w->txn, i->entity, i->uid, e);
}

/* The question it was asked itself is answered with this. */
static enum rc
answer(void *arg, const struct review *r, struct err *e)
{
	struct deciding *i = arg;
	struct review closed = *r;

	if (!r->open || !span_eq(r->uid, i->word))
		return RC_OK;
	/* the row's own bytes move when it is put */
	closed.open = false;
	closed.entity = i->entity;
	closed.uid = i->word;
	closed.why = arena_dup(&i->w->arena, r->why);
	closed.system = closed.id = SPAN("");
	return review_put(&i->w->txn, &closed, e);
}

static enum rc
answer_cases(void *arg, const struct review *r, struct err *e)
{
	struct deciding *i = arg;

	return review_each_in(&i->w->txn, i->entity, r->subject, answer, i, e);
}

/* Two that live in one system cannot be made one here. */
static enum rc
check_apart(struct deciding *i, struct err *e)
{
	const struct policy *p = i->w->policy;
	struct record a, b;
	enum rc rc = record_load(&i->w->txn, i->entity, i->uid, p->ids,
	    p->id_count, &i->w->arena, &a, e);

	if (!rc)
		rc = record_load(&i->w->txn, i->entity, i->word, p->ids,
		    p->id_count, &i->w->arena, &b, e);
	if (rc)
		return rc;
	if (!b.version || b.life != LIFE_LIVE || span_eq(i->uid, i->word))
		return err_set(e, RC_CONFIG, "no other live record %.*s",
		    SPAN_ARG(i->word));
	for (size_t k = 0; k < a.side_count; k++) {
		const struct side *s = record_side(&b, a.sides[k].system);

		if (s && s->life == LIFE_LIVE && a.sides[k].life == LIFE_LIVE)
			return err_set(e, RC_CONFIG, "both live in %.*s: merge "
			    "them there", SPAN_ARG(name_of(i->w->txn.state,
			    s->system)));
	}
	return RC_OK;
}

static enum rc
join(struct deciding *i, struct err *e)
{
	struct join j;
	enum rc rc = check_apart(i, e);

	if (!rc)
		rc = review_each_of(&i->w->txn, i->entity, i->uid, answer_cases,
		    i, e);
	if (!rc)
		rc = redirect_join(&i->w->txn, i->w->policy, i->uid, i->word,
		    true, &i->w->arena, &j, e);
	if (!rc)
		redirect_tell(i->w->audit, i->entity, i->uid, &j, "person");
	if (rc == RC_RECORD) /* under way: not now */
		rc = RC_SYSTEM;
	return rc == RC_END ? err_set(e, RC_CONFIG, "no live record %.*s",
	    SPAN_ARG(i->word)) : rc;
}

enum rc
identity_decide(struct word *w, void *identity, struct err *e)
{
	const struct identity *said = identity;
	struct deciding i = { .w = w, .uid = said->uid, .word = said->word,
		.entity = w->policy->entity->name };
	bool open = false;
	enum rc rc = review_each_of(&w->txn, i.entity, i.uid, find_open,
	    &open, e);

	if (!rc && !open)
		return err_set(e, RC_CONFIG, "whether %.*s is another record "
		    "is no question; see crm-state conflicts",
		    SPAN_ARG(i.uid));
	if (rc)
		return rc;
	return span_eq(i.word, SPAN("separate")) ? separate(&i, e) :
	    join(&i, e);
}
