/* SPDX-License-Identifier: MIT */
/*
 * forget: a record that lives nowhere any more loses its values, wherever the
 * home has them.  What is left says that there was one, and which.
 */
#include "commands.h"
#include "rows.h"
#include "wipe.h"

#include "../lib/clock.h"
#include "../lib/review.h"

static bool audit_only;

const struct opt forget_opts[] = {
	{ 0, "history", NULL, "erase only what the audit says; the record may "
	    "live", OPT_FLAG, &audit_only, 0, 0 },
	OPT_END
};

struct forget {
	struct run *run;
	struct span uid;
	struct state *state;
	struct audit *audit;
	struct txn txn;
	struct arena arena;
	struct wipe wipe;
	size_t uid_room, source_room;
	struct audit_place end;
	uint64_t records;
};

/* ---- which ---- */

/* Room for one more of that size; what is there moves. */
static void *
grow(struct forget *f, void *items, size_t count, size_t *room, size_t size)
{
	void *more;

	if (count < *room)
		return items;
	*room = count ? 2 * count : 16;
	more = arena_alloc(&f->arena, *room * size);
	if (count)
		memcpy(more, items, count * size);
	return more;
}

static bool
is_joined(const struct forget *f, struct span uid)
{
	for (size_t i = 0; i < f->wipe.uid_count; i++)
		if (span_eq(f->wipe.uids[i], uid))
			return true;
	return false;
}

/* False: it is there already. */
static bool
add_uid(struct forget *f, struct span uid)
{
	struct wipe *w = &f->wipe;

	if (is_joined(f, uid))
		return false;
	w->uids = grow(f, w->uids, w->uid_count, &f->uid_room,
	    sizeof *w->uids);
	w->uids[w->uid_count++] = arena_dup(&f->arena, uid);
	return true;
}

/* One look at all redirects; `more`: another may find what leads to these. */
static enum rc
find_leading(struct forget *f, bool *more, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, SPAN("redirect"), SPAN(""));
	*more = false;
	rc = walk_open(&w, &f->txn, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e)) {
		struct span key = w.key;

		if (!is_joined(f, w.value))
			continue;
		key_take(&key);
		key_take(&key);
		*more |= add_uid(f, key);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

/* Records of other uids became this one: what is said of them is of it. */
static enum rc
find_joined(struct forget *f, struct err *e)
{
	bool more = true;
	enum rc rc = RC_OK;

	while (more && !rc)
		rc = find_leading(f, &more, e);
	return rc;
}

/* ---- one record's rows ---- */

/* A loader may be at work where the record never stood, too. */
static enum rc
check_unsent(struct forget *f, const struct record *r, struct err *e)
{
	const struct state *s = f->txn.state;
	enum rc rc = RC_OK;

	for (uint32_t i = 0; i < s->name_count && !rc; i++) {
		struct span system = name_of(s, i);
		struct outbox o = { .version = 0 };

		rc = outbox_get(&f->txn, system, r->entity, r->uid, &o, e);
		if (!rc && (o.lease > clock_now() || o.intent))
			return err_set(e, RC_SYSTEM, "it is being sent to "
			    "%.*s, or may have been: try again later",
			    SPAN_ARG(system));
		rc = rc == RC_END ? RC_OK : rc;
	}
	return rc;
}

static enum rc
is_pending(struct forget *f, const struct record *r, bool *is, struct err *e)
{
	const struct state *s = f->txn.state;
	enum rc rc = RC_OK;

	*is = false;
	for (uint32_t i = 0; i < s->name_count && !rc && !*is; i++) {
		struct outbox o;

		rc = outbox_get(&f->txn, name_of(s, i), r->entity, r->uid, &o,
		    e);
		*is = rc == RC_OK;
		rc = rc == RC_END ? RC_OK : rc;
	}
	return rc;
}

/*
 * Deleted everywhere while a field of it waited for a person: it comes back
 * only if that is decided, and whoever forgets it does not.
 */
static enum rc
check_ended(struct forget *f, const struct record *r, struct err *e)
{
	bool pending = true;
	enum rc rc = r->disputed ? is_pending(f, r, &pending, e) : RC_OK;

	if (rc || r->life != LIFE_LIVE || !pending)
		return rc;
	return err_set(e, RC_CONFIG, "it lives: let a run see that it is "
	    "gone, or erase only its history (--history)");
}

static enum rc
check_gone(struct forget *f, const struct record *r, struct err *e)
{
	const struct state *s = f->txn.state;
	enum rc rc;

	for (size_t i = 0; i < r->side_count; i++)
		if (r->sides[i].life == LIFE_LIVE)
			return err_set(e, RC_CONFIG, "it lives in %.*s: delete "
			    "it there and let a run see that, or erase only "
			    "its history (--history)",
			    SPAN_ARG(name_of(s, r->sides[i].system)));
	rc = check_ended(f, r, e);
	return rc ? rc : check_unsent(f, r, e);
}

/* What is pending, anywhere: every name may be a system's. */
static enum rc
forget_pending(struct forget *f, const struct record *r, struct err *e)
{
	const struct state *s = f->txn.state;
	enum rc rc = RC_OK;

	for (uint32_t i = 0; i < s->name_count && !rc; i++)
		rc = outbox_del(&f->txn, name_of(s, i), r->entity, r->uid, e);
	return rc;
}

/*
 * The tombstone stays with the hash of what was last seen there: a copy that a
 * system still shows of what is gone is no new record.
 */
static enum rc
forget_side(struct forget *f, const struct record *r, struct side *s,
    struct err *e)
{
	struct span system = name_of(f->txn.state, s->system);
	struct source src = { r->entity, system, arena_dup(&f->arena,
	    s->object), arena_dup(&f->arena, s->id) };

	f->wipe.sources = grow(f, f->wipe.sources, f->wipe.source_count,
	    &f->source_room, sizeof src);
	f->wipe.sources[f->wipe.source_count++] = src;
	s->revision++;
	return record_put_side(&f->txn, r, s, e);
}

/* Keys of the index of match keys end in the uid. */
static enum rc
forget_matches(struct forget *f, const struct record *r, struct err *e)
{
	const size_t hash = 16;
	struct walk w;
	enum rc rc = RC_OK;
	KEY_BUF(prefix);

	KEY(&prefix, r->entity, SPAN(""));
	while (!rc) {
		KEY_BUF(key);

		rc = walk_open(&w, &f->txn, TABLE_MATCH, buf_view(&prefix), e);
		if (!rc)
			rc = walk_next(&w, e);
		while (!rc && (w.key.len != prefix.len + hash + r->uid.len ||
		    memcmp(w.key.ptr + prefix.len + hash, r->uid.ptr,
		    r->uid.len) != 0))
			rc = walk_next(&w, e);
		if (!rc)
			buf_span(&key, w.key);
		walk_close(&w);
		if (!rc)
			rc = txn_del(&f->txn, TABLE_MATCH, buf_view(&key), e);
	}
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
forget_values(struct forget *f, struct record *r, struct err *e)
{
	enum rc rc;

	r->field_count = 0;
	if (r->life == LIFE_LIVE) {
		r->life = LIFE_DELETED;
		r->life_time = clock_now();
	}
	r->version++;
	rc = record_put_agreed(&f->txn, r, e);
	if (!rc)
		rc = forget_pending(f, r, e);
	for (size_t i = 0; i < r->side_count && !rc; i++)
		rc = forget_side(f, r, &r->sides[i], e);
	if (!rc)
		rc = review_leave(&f->txn, r->entity, r->uid, NULL, NULL, e);
	return rc ? rc : forget_matches(f, r, e);
}

static void
tell(struct forget *f, const struct record *r)
{
	struct buf *b = audit_line(f->audit, "forget");

	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	if (audit_only)
		BUF_LIT(b, ",\"history\":true");
	audit_end(f->audit);
	f->records++;
}

static enum rc
forget_record(struct forget *f, struct span entity, struct span uid,
    struct err *e)
{
	struct record r;
	enum rc rc = record_load(&f->txn, entity, uid, rows_all_names(
	    f->state, &f->arena), f->state->name_count, &f->arena, &r, e);

	if (rc || !r.version)
		return rc;
	if (!span_eq(uid, f->uid) && r.life != LIFE_MERGED)
		return RC_OK;   /* of another entity */
	if (!audit_only) {
		rc = check_gone(f, &r, e);
		if (!rc)
			rc = forget_values(f, &r, e);
	}
	if (!rc)
		tell(f, &r);
	return rc;
}

/* The record, and what became it and still has its own values. */
static enum rc
forget_of(struct forget *f, struct span entity, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < f->wipe.uid_count && !rc; i++)
		rc = forget_record(f, entity, f->wipe.uids[i], e);
	return rc;
}

/* ---- all entities ---- */

/* The next entity that has records, in order; RC_END after the last. */
static enum rc
next_entity(struct forget *f, struct buf *entity, struct err *e)
{
	struct walk w;
	struct span key;
	enum rc rc = walk_open(&w, &f->txn, TABLE_AGREED, SPAN(""), e);
	KEY_BUF(from);

	buf_span(&from, buf_view(entity));
	buf_putc(&from, '\1'); /* behind all keys with "entity \0" */
	if (!rc)
		rc = entity->len ? walk_from(&w, buf_view(&from), e) :
		    walk_next(&w, e);
	if (!rc) {
		key = w.key;
		buf_reset(entity);
		buf_span(entity, key_take(&key));
	}
	walk_close(&w);
	return rc;
}

static enum rc
forget_state(struct forget *f, struct err *e)
{
	enum rc rc = txn_begin(&f->txn, f->state, true, e);
	KEY_BUF(entity);

	if (!rc)
		rc = audit_begin(f->audit, &f->txn, e);
	if (!rc)
		rc = find_joined(f, e);
	while (!rc) {
		rc = next_entity(f, &entity, e);
		if (!rc)
			rc = forget_of(f, arena_dup(&f->arena,
			    buf_view(&entity)), e);
	}
	if (rc == RC_END)
		rc = f->records ? audit_put(f->audit, &f->txn, e) :
		    err_set(e, RC_CONFIG, "no record with uid %.*s",
		    SPAN_ARG(f->uid));
	if (!rc)
		rc = audit_place_get(&f->txn, &f->end, e);
	if (!rc)
		rc = txn_commit(&f->txn, e);
	txn_abort(&f->txn);
	return rc;
}

void
forget_run(struct run *r)
{
	struct forget f = { .run = r, .uid = span_str(r->operand[1]) };
	struct err e;
	enum rc rc = state_open(&f.state, false, &e);

	arena_init(&f.arena);
	f.audit = audit_new();
	(void)add_uid(&f, f.uid);
	if (!rc)
		rc = forget_state(&f, &e);
	if (!rc)
		rc = wipe_audit(&f.wipe, &f.end, &e);
	if (!rc && !audit_only)
		rc = wipe_rejects(&f.wipe, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		run_notice(r, NULL, "%s: forgotten; %llu lines of the audit "
		    "and rejects were erased", r->operand[1],
		    (unsigned long long)f.wipe.lines);
	audit_free(f.audit);
	arena_free(&f.arena);
	state_close(f.state);
}
