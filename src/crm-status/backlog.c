/* SPDX-License-Identifier: MIT */
/* backlog: what is pending for each system, and what is to be read again. */
#include "status.h"

#include "../lib/outbox.h"

static void
count_standing(struct backlog *b, const struct outbox *o, int64_t now)
{
	if (o->lease > now)
		b->claimed++;
	else if (o->held && o->skipped)
		b->skipped++;
	else if (o->held)
		b->held++;
	else if (!o->released && o->kept)
		b->kept++;
	else if (!o->released)
		b->proposed++;
	else if (o->next_try > now)
		b->waiting++;
	else
		b->released++;
}

static bool
drains(const struct outbox *o, int64_t now)
{
	return o->lease > now || (!o->held && o->released);
}

static void
count(struct backlog *b, const struct outbox *o, int64_t now)
{
	char text[REASON_TEXT];
	size_t len = o->error.len < sizeof text - 1 ? o->error.len :
	    sizeof text - 1;

	count_standing(b, o, now);
	if (drains(o, now) && o->next_try > b->latest)
		b->latest = o->next_try;
	if (drains(o, now) && o->since && (!b->oldest || o->since <
	    b->oldest))
		b->oldest = o->since;
	if (o->skipped || (!o->attempts && !o->held))
		return;
	b->tried++;
	if (!len)
		return;
	memcpy(text, o->error.ptr, len);
	text[len] = '\0';
	reasons_add(&b->reasons, NULL, text, 1);
}

static enum rc
no_room(struct err *e)
{
	return err_set(e, RC_CONFIG, "more than %d systems and entities",
	    STATUS_SHARES);
}

static enum rc
count_outbox(struct status *s, struct err *e)
{
	struct share *h = NULL;
	struct walk w;
	enum rc rc = walk_open(&w, &s->txn, TABLE_OUTBOX, SPAN(""), e);

	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct span key = w.key, system = key_take(&key);
		struct span entity = key_take(&key);
		struct outbox o;

		if (!h || !span_eq(h->entity, entity) ||
		    !span_eq(h->system, system))
			h = survey_share(s, system, entity);
		rc = h ? outbox_decode(w.value, &o, e) : no_room(e);
		if (rc)
			break;
		count(&h->backlog, &o, s->now);
		rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
count_todo(struct status *s, struct err *e)
{
	struct share *h;
	struct walk w;
	enum rc rc = walk_open(&w, &s->txn, TABLE_TODO, SPAN(""), e);

	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct span key = w.key, system = key_take(&key);

		key_take(&key); /* the object */
		h = survey_share(s, system, key_take(&key));
		if (!h)
			rc = no_room(e);
		if (rc)
			break;
		h->todo++;
		rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
backlog(struct status *s, struct err *e)
{
	enum rc rc = count_outbox(s, e);

	return rc ? rc : count_todo(s, e);
}

uint64_t
backlog_drains(const struct backlog *b)
{
	return b->released + b->waiting + b->claimed;
}

uint64_t
backlog_depth(const struct backlog *b)
{
	return backlog_drains(b) + b->proposed + b->kept + b->held +
	    b->skipped;
}

/* At the pace of the window, while loaders were at work. */
int64_t
backlog_eta(const struct share *h, int64_t now)
{
	uint64_t done = flow_done(&h->window), busy = h->window.n[FLOW_BUSY];
	uint64_t depth = backlog_drains(&h->backlog), ms;
	int64_t last = h->backlog.latest - now;

	if (!depth)
		return 0;
	if (!done || !busy)
		return -1;
	/* in two steps: the product may not fit */
	ms = busy / done * depth + busy % done * depth / done;
	return last > 0 && (uint64_t)last > ms ? last : (int64_t)ms;
}
