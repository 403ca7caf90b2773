/* SPDX-License-Identifier: MIT */
/* intake: the stream becomes a spool of what has to be decided. */
#include "intake.h"

#include <unistd.h>

#include "../lib/redirect.h"
#include "../lib/todo.h"
#include "copied.h"
#include "making.h"
#include "share.h"
#include "whose.h"

#define RENEW_LINES 65536

static struct where
where(const struct intake *n)
{
	return (struct where){ .line = n->line.number,
		.system = n->in.section.system,
		.object = n->in.section.object, .id = n->line.id };
}

/* ---- same ---- */

/* The hash a same line ends with: `,"hash":"<32 hex>"}`. */
static bool
tail_hash(struct span text, struct hash128 *h)
{
	static const struct span lead = { ",\"hash\":\"", 9 };
	const char *at = text.ptr + text.len - 34;

	if (text.len < 34 + lead.len || memcmp(at - lead.len, lead.ptr,
	    lead.len) != 0 || memcmp(at + 32, "\"}", 2) != 0)
		return false;
	return observe_hash(span_of(at, 32), h);
}

/* The link still carries this very hash: nothing to decide. */
static enum rc
still_same(struct intake *n, struct span id, struct hash128 hash,
    struct err *e)
{
	struct link l;
	enum rc rc;

	n->key.len = n->key_prefix;
	buf_span(&n->key, id);
	rc = walk_seek(&n->links, buf_view(&n->key), e);
	if (rc)
		return rc;
	if (!link_peek(n->links.value, &l))
		return err_set(e, RC_STATE, "state: a damaged link; see "
		    "crm-state check");
	return l.live && l.scope == n->head.scope &&
	    hash128_eq(l.seen, hash) ? RC_OK : RC_END;
}

/* RC_OK: recognised and done with. */
static enum rc
quick_same(struct intake *n, struct err *e)
{
	struct span text = n->line.text, prefix = buf_view(&n->prefix);
	const char *from = text.ptr + prefix.len, *quote;
	struct hash128 hash;
	struct span id;
	enum rc rc;

	if (!n->in.section.open || !n->policy || text.len <= prefix.len ||
	    memcmp(text.ptr, prefix.ptr, prefix.len) != 0 ||
	    !tail_hash(text, &hash))
		return RC_END;
	quote = memchr(from, '"', text.len - prefix.len);
	id = span_of(from, quote ? (size_t)(quote - from) : 0);
	if (!id.len || id.len > LIMIT_ID || memchr(id.ptr, '\\', id.len))
		return RC_END;
	rc = still_same(n, id, hash, e);
	if (rc)
		return rc;
	stream_account(&n->in, id);
	n->r->same++;
	return n->todo ? section_settle(n, id, e) : RC_OK;
}

/* ---- spooling ---- */

enum rc
intake_spool(struct intake *n, enum spooled how, struct span uid,
    struct span text, struct err *e)
{
	struct span entity = n->policy->entity->name;
	KEY_BUF(key);

	KEY(&key, entity, uid);
	n->head.deletes = how == SPOOLED_DELETE;
	n->head.unlinked = how == SPOOLED_UNLINKED;
	n->head.blind = how == SPOOLED_BLIND;
	n->head.unreadable = how == SPOOLED_UNREADABLE || n->head.blind;
	n->r->unlinked[n->policy_at][n->system_at] += n->head.unlinked ||
	    n->head.stamped || n->head.blind;
	buf_reset(&n->payload);
	buf_put(&n->payload, &n->head, sizeof n->head);
	buf_span(&n->payload, text);
	n->head.stamp = STAMP_UNSAID;
	n->head.stamped = n->head.stranger = n->head.rekeyed = false;
	if (key.over)
		return err_set(e, RC_RECORD, "its names and id are too long");
	return spool_add(n->r->spool, buf_view(&key), buf_view(&n->payload),
	    e);
}

/* Does the change at hand touch what records are known by? */
static bool
touches_key(const struct intake *n)
{
	const struct entity *en = n->policy->entity;
	const struct json *j = &n->line.json;
	uint32_t fields = json_get(j, 0, SPAN("fields"));

	if (!fields || json_kind(j, fields) != JSON_OBJECT)
		return false;
	for (size_t k = 0; k < en->match_count; k++)
		for (size_t i = 0; i < en->match[k].count; i++)
			if (json_get(j, fields, en->fields[
			    en->match[k].fields[i]].name))
				return true;
	return false;
}

static enum rc
take_change(struct intake *n, struct err *e)
{
	const struct json *j = &n->line.json;
	struct span op = json_get_string(j, 0, SPAN("op"), &n->in.arena);
	bool deletes = span_eq(op, SPAN("delete")) ||
	    span_eq(op, SPAN("merge"));
	bool converts = span_eq(op, SPAN("convert"));
	struct stamped by;
	struct span uid;
	bool linked = false;
	enum rc rc = whose_uid(n, &uid, &linked, &by, e);

	if (rc)
		return rc;
	if (!linked && n->head.stamp == STAMP_COPIED && !deletes)
		return copied_hold(n, by.uid, by.there, e);
	if (linked && deletes)
		heir_note(&n->heir, json_get_string(j, 0, SPAN("merged_into"),
		    &n->in.arena), uid);
	else if (!linked && !deletes)
		linked = heir_find(&n->heir, n->line.id, &uid);
	deletes |= converts && linked; /* after what it became */
	n->policy->restores |= json_get_true(j, 0, SPAN("restore"));
	n->head.rekeyed = linked && !deletes && touches_key(n);
	return intake_spool(n, deletes ? SPOOLED_DELETE : linked ?
	    SPOOLED_LINKED : SPOOLED_UNLINKED, uid, n->line.text, e);
}

/* A same line that says why says that nothing is to be concluded from it. */
static enum rc
take_same(struct intake *n, struct err *e)
{
	const struct line *l = &n->line;
	struct source s = { n->policy->entity->name, l->system, l->object,
		l->id };
	struct stamped by;
	struct link link;
	struct span why;
	enum rc rc;

	n->r->same++;
	why = json_get_string(&l->json, 0, SPAN("why"), &n->in.arena);
	if (why.len)
		return span_eq(why, SPAN("deleted")) ? making_pass(n, e) :
		    RC_OK;
	rc = link_get(&n->txn, &s, &link, &n->in.arena, e);
	if (rc || !link.live)
		return rc == RC_END ? RC_OK : rc;
	rc = whose_stamp(n, link.uid, &by, e);
	return rc ? rc : intake_spool(n, SPOOLED_LINKED, link.uid, l->text,
	    e);
}

void
resolve_todo(struct resolve *r, const struct source *s, struct span why)
{
	struct buf *b = &r->todo;

	buf_counted(b, s->entity);
	buf_counted(b, s->system);
	buf_counted(b, s->object);
	buf_counted(b, s->id);
	buf_counted(b, why);
}

bool
resolve_noted(const struct resolve *r, const struct source *s,
    struct span *why)
{
	struct span list = buf_view(&r->todo), text;
	struct source one;
	bool noted = false;

	while (span_take_counted(&list, &one.entity) &&
	    span_take_counted(&list, &one.system) &&
	    span_take_counted(&list, &one.object) &&
	    span_take_counted(&list, &one.id) &&
	    span_take_counted(&list, &text))
		if (span_eq(one.id, s->id) &&
		    span_eq(one.object, s->object) &&
		    span_eq(one.system, s->system) &&
		    span_eq(one.entity, s->entity)) {
			*why = text;
			noted = true;
		}
	return noted;
}

/* The line at hand. */
static void
note_todo(struct intake *n, struct span why)
{
	const struct section *s = &n->in.section;
	struct source src = { s->entity, s->system, s->object, n->line.id };

	resolve_todo(n->r, &src, why);
}

/*
 * A record is there that could not be used: by its link, the uid it carries or
 * its match keys it may be one that others show.
 */
static enum rc
note_rejected(struct intake *n, struct span origin, struct err *e)
{
	struct stamped by;
	struct span uid;
	bool linked = false;
	enum rc rc = whose_uid(n, &uid, &linked, &by, e);

	if (rc)
		return rc;
	if (!linked || n->head.stamped)
		return intake_spool(n, SPOOLED_BLIND, uid, n->line.text, e);
	n->head.stamp = STAMP_UNSAID;
	return span_eq(uid, origin) ? RC_OK : intake_spool(n,
	    SPOOLED_UNREADABLE, uid, SPAN(""), e);
}

/*
 * A record is there that could not be processed.  Others may carry its uid: it
 * is not created a second time where it is from, linked or not.
 */
static enum rc
note_unreadable(struct intake *n, struct span why, struct err *e)
{
	const struct section *s = &n->in.section;
	enum rc rc;
	KEY_BUF(uid);

	if (!n->line.id.len)
		return RC_OK;
	uid_put(&uid, s->system, s->object, n->line.id);
	if (uid.over)
		return RC_OK;
	rc = intake_spool(n, SPOOLED_UNREADABLE, buf_view(&uid), SPAN(""), e);
	if (!rc && span_eq(why, TODO_REJECTED))
		rc = note_rejected(n, buf_view(&uid), e);
	return rc;
}

/* As one that moves until it is applied. */
static void
note_moved(struct intake *n, struct span why)
{
	bool moved = span_eq(why, TODO_DIED) || span_eq(why, TODO_MEANWHILE);

	n->r->moved += moved;
	n->r->exports_moved += moved && n->head.exported;
}

static enum rc
take_seen(struct intake *n, struct err *e)
{
	const struct line *l = &n->line;
	struct span why = json_get_string(&l->json, 0, SPAN("why"),
	    &n->in.arena);

	note_todo(n, why.len ? why : SPAN("seen"));
	note_moved(n, why);
	if (n->policy) {
		enum rc rc = note_unreadable(n, why, e);

		if (rc)
			return rc;
	}
	return n->r->todo.over ? err_set(e, RC_SYSTEM, "too many records "
	    "could not be processed: nothing is committed") : RC_OK;
}

/* ---- changes recognised by their bytes ---- */

static bool
starts(struct span s, struct span lead)
{
	return s.len >= lead.len && memcmp(s.ptr, lead.ptr, lead.len) == 0;
}

/*
 * A create of a record that carries no uid of ours, as crm-diff writes it: its
 * origin is its uid unless it was linked meanwhile.  Judging parses it.
 */
static enum rc
quick_create(struct intake *n, struct err *e)
{
	struct span text = n->line.text, lead = buf_view(&n->change_prefix);
	struct span id, rest;
	struct link l;
	const char *quote;
	enum rc rc;
	KEY_BUF(uid);

	if (!n->in.section.open || !n->policy || n->heir.id.len ||
	    !starts(text, lead))
		return RC_END;
	quote = memchr(text.ptr + lead.len, '"', text.len - lead.len);
	id = span_of(text.ptr + lead.len, quote ?
	    (size_t)(quote - text.ptr) - lead.len : 0);
	rest = span_of(id.ptr + id.len, text.len - lead.len - id.len);
	if (!id.len || id.len > LIMIT_ID || memchr(id.ptr, '\\', id.len) ||
	    memchr(id.ptr, ':', id.len) /* it may be a uid of ours */ ||
	    !starts(rest, SPAN("\",\"op\":\"create\",")))
		return RC_END;
	n->key.len = n->key_prefix;
	buf_span(&n->key, id);
	rc = walk_seek(&n->links, buf_view(&n->key), e);
	if (rc == RC_OK && link_peek(n->links.value, &l))
		return RC_END;
	if (rc != RC_END)
		return rc;
	uid_put(&uid, n->in.section.system, n->in.section.object, id);
	stream_account(&n->in, id);
	return uid.over ? RC_END : intake_spool(n,
	    SPOOLED_UNLINKED, buf_view(&uid), text, e);
}

/* ---- the loop ---- */

static enum rc
take_line(struct intake *n, struct err *e)
{
	enum rc rc = quick_same(n, e);

	if (rc == RC_END)
		rc = quick_create(n, e);
	if (rc != RC_END)
		return rc;
	rc = stream_parse(&n->in, &n->line, e);
	if (rc)
		return rc;
	switch (n->line.type) {
	case LINE_BEGIN:
		return section_begin(n, e);
	case LINE_END:
		return section_end(n, e);
	case LINE_CHANGE:
		return take_change(n, e);
	case LINE_SAME:
		return take_same(n, e);
	case LINE_SEEN:
		return take_seen(n, e);
	case LINE_RECORD:
		return err_set(e, RC_CONFIG, "a record line: crm-diff comes "
		    "before crm-resolve");
	default:
		return stream_out_copy(&n->r->out, n->line.text, e);
	}
}

static enum rc
renew(struct intake *n, struct err *e)
{
	enum rc rc;

	walk_close(&n->links);
	rc = txn_renew(&n->txn, e);
	return rc ? rc : walk_open(&n->links, &n->txn, TABLE_LINK, SPAN(""),
	    e);
}

static enum rc
read_all(struct intake *n, struct err *e)
{
	struct run *run = &n->r->run;
	enum rc rc;

	do {
		n->line.id = SPAN("");
		rc = stream_read(&n->in, &n->line, e);
		if (rc == RC_OK)
			rc = take_line(n, e);
		if (rc == RC_RECORD) {
			struct where w = where(n);

			if (n->in.section.open && n->policy && w.id.len &&
			    w.id.len <= LIMIT_ID)
				note_todo(n, TODO_REJECTED);
			rc = run_reject(run, &w, e, n->line.text);
			/* --strict: what was read concludes nothing */
			rc = rc == RC_RECORD ? RC_END : rc;
			n->r->stopped |= rc == RC_END;
		}
		if (rc == RC_OK && n->in.lines % RENEW_LINES == 0)
			rc = renew(n, e);
		if ((n->in.lines & 255) == 0)
			run_progress(run, n->in.lines, 0, "lines");
	} while (rc == RC_OK);
	n->r->lines = n->in.lines;
	if (rc == RC_END && (n->in.section.open || n->r->stopped))
		return err_set(e, RC_SYSTEM, "the input ended inside a "
		    "section: nothing is committed");
	return rc == RC_END ? RC_OK : rc;
}

enum rc
intake(struct resolve *r, struct err *e)
{
	struct intake n = { .r = r };
	struct where w;
	enum rc rc;

	stream_in_open(&n.in, STDIN_FILENO, NULL);
	stream_line_init(&n.line);
	buf_init(&n.prefix, LIMIT_LINE, "line");
	buf_init(&n.change_prefix, LIMIT_LINE, "line");
	buf_init(&n.key, 4 * LIMIT_KEY, "key");
	buf_init(&n.payload, 9u * LIMIT_LINE, "change");
	heir_init(&n.heir);
	rc = txn_begin(&n.txn, r->state, false, e);
	if (!rc)
		rc = walk_open(&n.links, &n.txn, TABLE_LINK, SPAN(""), e);
	if (!rc)
		rc = read_all(&n, e);
	if (!rc)
		rc = copied_settle(&n, e);
	if (!rc)
		rc = recall_asked(&n, e);
	if (!rc)
		rc = share_recall(&n, e);
	if (rc) {
		w = where(&n);
		w.id = SPAN("");
		run_problem(&r->run, &w, rc, e);
	}
	walk_close(&n.links);
	txn_abort(&n.txn);
	spool_free(n.doubtful);
	buf_free(&n.prefix);
	buf_free(&n.change_prefix);
	buf_free(&n.key);
	buf_free(&n.payload);
	heir_free(&n.heir);
	stream_line_free(&n.line);
	stream_in_free(&n.in);
	return rc;
}
