/* SPDX-License-Identifier: MIT */
/* show: finds a record and gathers everything the state knows of it. */
#include "show.h"

#include "commands.h"
#include "rows.h"

#include "../lib/address.h"
#include "../lib/conversion.h"
#include "../lib/link.h"
#include "../lib/redirect.h"
#include "../lib/review.h"

static bool as_text;

const struct opt show_opts[] = {
	{ 't', "text", NULL, "for people, not as JSON", OPT_FLAG, &as_text, 0,
	    0 },
	OPT_END
};

const char *const show_life[] = { "none", "live", "archived", "deleted",
	"merged" };

bool
show_put_url(struct buf *b, const struct show *s, const struct side *side)
{
	return side->life == LIFE_LIVE && address_put(b, &s->systems,
	    name_of(s->look->state, side->system), side->object, side->id);
}

/* ---- gathering ---- */

/* Any name may be a system. */
static enum rc
find_pending(struct show *s, struct err *e)
{
	const struct state *st = s->look->state;
	enum rc rc = RC_OK;

	s->pending_count = 0;
	for (size_t i = 0; i < st->name_count && !rc; i++) {
		struct show_pending *p = &s->pending[s->pending_count];

		if (s->pending_count == LIMIT_SYSTEMS)
			break;
		p->system = st->name[i];
		rc = outbox_get(&s->look->txn, p->system, s->record.entity,
		    s->record.uid, &p->entry, e);
		s->pending_count += rc == RC_OK;
		if (rc == RC_END)
			rc = RC_OK;
	}
	return rc;
}

static enum rc
find_open(void *arg, const struct review *r, struct err *e)
{
	(void)e;
	*(bool *)arg |= r->open;
	return RC_OK;
}

/* The worst of what there is to say. */
static const char *
status_of(const struct show *s)
{
	bool refused = false, conflict = s->review;

	for (size_t i = 0; i < s->pending_count; i++)
		refused |= s->pending[i].entry.held &&
		    !s->pending[i].entry.skipped;
	for (size_t i = 0; i < s->record.field_count; i++)
		conflict |= s->record.fields[i].conflict;
	return s->record.life == LIFE_MERGED ? "merged" :
	    conflict ? "conflict" : refused ? "failed" :
	    s->pending_count ? "pending" : "synced";
}

static enum rc
find_became(struct show *s, struct err *e)
{
	struct look *l = s->look;
	struct buf b;
	enum rc rc;

	buf_init(&b, LIMIT_LINE, "conversion");
	rc = conversion_tell(&l->txn, s->record.entity, s->record.uid,
	    &l->arena, &b, e);
	s->became = arena_dup(&l->arena, buf_view(&b));
	buf_free(&b);
	return rc;
}

/* RC_END: there is no such record. */
static enum rc
gather(struct show *s, struct span entity, struct span uid, struct err *e)
{
	struct look *l = s->look;
	enum rc rc = record_load(&l->txn, entity, uid,
	    rows_all_names(l->state, &l->arena), l->state->name_count,
	    &l->arena, &s->record, e);

	if (!rc && !s->record.version)
		return RC_END;
	if (!rc)
		rc = find_pending(s, e);
	s->review = false;
	if (!rc)
		rc = review_each_of(&l->txn, entity, uid, find_open,
		    &s->review, e);
	s->into = SPAN("");
	if (!rc)
		rc = redirect_get(&l->txn, entity, uid, &l->arena, &s->into,
		    e);
	if (rc == RC_END)
		s->into = SPAN("");
	s->status = status_of(s);
	return rc == RC_END || !rc ? find_became(s, e) : rc;
}

static enum rc
put(struct show *s, struct span entity, struct span uid, struct err *e)
{
	struct stream_out *out = &s->look->out;
	enum rc rc = gather(s, entity, uid, e);

	if (rc)
		return rc;
	if (as_text)
		show_text(&out->buf, s);
	else
		show_json(&out->buf, s);
	return stream_out_line(out, e);
}

/* ---- finding ---- */

/* In whichever entities it is. */
static enum rc
put_any(struct show *s, struct span uid, struct err *e)
{
	struct look *l = s->look;
	struct span entity = SPAN("");
	size_t found = 0;
	enum rc rc;

	for (;;) {
		rc = look_part(&l->txn, TABLE_AGREED, SPAN(""), entity,
		    &l->lasting, &entity, e);
		if (rc)
			break;
		rc = put(s, entity, uid, e);
		if (rc && rc != RC_END)
			return rc;
		found += !rc;
	}
	if (rc != RC_END)
		return rc;
	return found ? RC_OK : err_set(e, RC_CONFIG, "no record with uid "
	    "%.*s; by a system's own id: crm-state show ENTITY SYSTEM ID",
	    SPAN_ARG(uid));
}

/* Whose that system's record is; a later link counts more than a dead one. */
static enum rc
find_uid(struct look *l, struct source *src, struct span *uid, struct err *e)
{
	struct link link;
	bool live = false;
	enum rc rc = RC_OK;
	KEY_BUF(prefix);

	KEY(&prefix, src->entity, src->system, SPAN(""));
	src->object = SPAN("");
	while (!rc && !live) {
		rc = look_part(&l->txn, TABLE_LINK, buf_view(&prefix),
		    src->object, &l->lasting, &src->object, e);
		if (rc)
			break;
		rc = link_get(&l->txn, src, &link, &l->lasting, e);
		live = !rc && link.live;
		if (!rc && (live || !uid->len))
			*uid = arena_dup(&l->lasting, link.uid);
		rc = rc == RC_END ? RC_OK : rc;
	}
	return rc && rc != RC_END ? rc : uid->len ? RC_OK : RC_END;
}

static enum rc
put_by_id(struct show *s, char **operand, struct err *e)
{
	struct source src = { .entity = span_str(operand[1]),
		.system = span_str(operand[2]), .id = span_str(operand[3]) };
	struct span uid = SPAN("");
	enum rc rc = find_uid(s->look, &src, &uid, e);

	if (!rc)
		rc = put(s, src.entity, uid, e);
	return rc != RC_END ? rc : err_set(e, RC_CONFIG, "no %s is known "
	    "under id %s of %s; see crm-state links --system %s", operand[1],
	    operand[3], operand[2], operand[2]);
}

static enum rc
put_by_uid(struct show *s, char **operand, struct err *e)
{
	enum rc rc = put(s, span_str(operand[1]), span_str(operand[2]), e);

	return rc != RC_END ? rc : err_set(e, RC_CONFIG, "no %s with uid %s; "
	    "by a system's own id: crm-state show %s SYSTEM ID", operand[1],
	    operand[2], operand[1]);
}

/* UID, ENTITY UID, or ENTITY SYSTEM ID */
static enum rc
find(struct look *l, void *arg, struct err *e)
{
	struct show *s = arg;
	char **operand = l->run->operand;
	enum rc rc = systems_load(&s->systems, e);

	s->look = l;
	if (rc)
		return rc;
	if (l->run->operands == 2)
		return put_any(s, span_str(operand[1]), e);
	return l->run->operands == 3 ? put_by_uid(s, operand, e) :
	    put_by_id(s, operand, e);
}

void
show_run(struct run *r)
{
	struct show s = { .pending_count = 0 };

	look(r, find, &s);
	systems_free(&s.systems);
}
