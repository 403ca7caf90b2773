/* SPDX-License-Identifier: MIT */
/* One change; declared in filestore.h. */
#include "filestore_merge.h"
#include "filestore_store.h"

static enum rc
failed(struct filestore_result *r, const struct err *why, const char *what)
{
	r->outcome = FILESTORE_FAILED;
	(void)err_set(&r->why, RC_RECORD, "%s: %s", what, why->text);
	return RC_OK;
}

/* The record as it stands, or as it was left. */
static void
describe(struct filestore *s, struct filestore_result *r,
    const struct filestore_line *l)
{
	char version[FILESTORE_VERSION];

	r->id = arena_dup(&s->results, l->id);
	r->version = arena_dup(&s->results,
	    filestore_line_version(l, version));
	if (!clock_parse(l->modified, &r->modified))
		r->modified = s->store.ident.mtime / 1000000;
}

static bool
is_archived(const struct filestore *s)
{
	return json_get_true(&s->store.line.json, 0, SPAN("archived"));
}

/* Has the record at hand all these values? */
static bool
holds(struct filestore *s, const struct json *wanted)
{
	const struct json *now = &s->store.line.json;
	struct arena *a = &s->store.line.arena;
	uint32_t hint = 0, has;

	for (JSON_EACH(wanted, 0, key, value)) {
		has = json_get_next(now, 0, json_string(wanted, key, a),
		    &hint);
		if (!filestore_merge_equal(now, has, wanted, value, a))
			return false;
	}
	return true;
}

static bool
is_stale(struct filestore *s, const struct filestore_change *c,
    const struct filestore_line *l)
{
	char version[FILESTORE_VERSION];

	if (c->version.len && span_eq(c->version,
	    filestore_line_version(l, version)))
		return false;
	if (c->live && is_archived(s))
		return true;
	if (c->repeat)
		return c->kind != FILESTORE_UPDATE || !holds(s, &s->data);
	if (!c->expected.len)
		return c->version.len != 0;
	return !holds(s, &s->expected);
}

static enum rc
bad_uid(const struct filestore_change *c, struct filestore_result *r)
{
	struct err why;

	(void)err_set(&why, RC_RECORD, "%zu bytes; 1 to %d are possible",
	    c->uid.len, LIMIT_ID);
	return failed(r, &why, "uid");
}

/* Somebody changed other members since: what is there was not read whole. */
static bool
was_edited(const struct filestore_change *c, const struct filestore_line *l)
{
	char version[FILESTORE_VERSION];

	return c->version.len && !span_eq(c->version,
	    filestore_line_version(l, version));
}

static enum rc
update(struct filestore *s, struct filestore_found *f, bool stamp,
    struct filestore_result *r, struct err *e);

/* The values given, and before them a member of our own (`"name":value`). */
static enum rc
update_with(struct filestore *s, struct filestore_found *f,
    struct span member, bool stamp, struct filestore_result *r, struct err *e)
{
	struct buf text;
	struct err why;
	enum rc rc;

	buf_init(&text, LIMIT_LINE + 8u * LIMIT_ID, "record");
	buf_putc(&text, '{');
	buf_span(&text, member);
	for (JSON_EACH(&s->data, 0, key, value)) {
		if (stamp && json_is(&s->data, key, SPAN("uid")))
			continue;
		buf_putc(&text, ',');
		buf_span(&text, json_text(&s->data, key));
		buf_putc(&text, ':');
		buf_span(&text, json_text(&s->data, value));
	}
	buf_putc(&text, '}');
	rc = buf_check(&text, &why);
	if (!rc)
		rc = json_parse(&s->data, buf_view(&text), &why);
	rc = rc ? failed(r, &why, "data") : update(s, f, stamp, r, e);
	buf_free(&text);
	return rc;
}

/* The record gets our uid, besides what else it is given. */
static enum rc
stamp_it(struct filestore *s, const struct filestore_change *c,
    struct filestore_found *f, struct filestore_result *r, struct err *e)
{
	struct buf member;
	enum rc rc;

	if (c->uid.len == 0 || c->uid.len > LIMIT_ID)
		return bad_uid(c, r);
	buf_init(&member, 8u * LIMIT_ID, "uid");
	BUF_LIT(&member, "\"uid\":");
	json_put_string(&member, c->uid);
	rc = update_with(s, f, buf_view(&member), true, r, e);
	buf_free(&member);
	return rc;
}

#define BACK SPAN("\"archived\":null")

/* As it is, and with the time of its edit: that is the one to be read. */
static enum rc
bring_back_edited(struct filestore *s, struct filestore_found *f,
    struct filestore_result *r, struct err *e)
{
	char now[sizeof s->modified];
	enum rc rc = json_parse(&s->data, SPAN("{}"), e);

	describe(s, r, &f->line);
	memcpy(now, s->modified, sizeof now);
	clock_format(r->modified, s->modified);
	if (!rc)
		rc = update_with(s, f, BACK, false, r, e);
	memcpy(s->modified, now, sizeof now);
	if (!rc && r->outcome == FILESTORE_DONE) {
		r->outcome = FILESTORE_EXISTS;
		r->returned = true;
	}
	return rc;
}

/*
 * The archived one comes back with the values given; one that was edited while
 * it was archived, or may have been, without them: whose stand is not ours to
 * say.
 */
static enum rc
bring_back(struct filestore *s, const struct filestore_change *c,
    struct filestore_found *f, struct filestore_result *r, struct err *e)
{
	if (c->unseen || (c->expected.len && !holds(s, &s->expected)))
		return bring_back_edited(s, f, r, e);
	return update_with(s, f, BACK, false, r, e);
}

static enum rc
create(struct filestore *s, const struct filestore_change *c,
    struct filestore_result *r, struct err *e)
{
	struct filestore_found f;
	struct filestore_line l = { .id = c->uid, .uid = c->uid,
		.modified = span_str(s->modified) };
	struct err why;
	enum rc rc;

	if (c->uid.len == 0 || c->uid.len > LIMIT_ID)
		return bad_uid(c, r);
	rc = c->id.len ? filestore_store_find(&s->store, c->id, &f, e) :
	    RC_END;
	if (rc == RC_END)
		rc = filestore_store_find_uid(&s->store, c->uid, &f, e);
	/* unless we knew it there, somebody else archived what we made */
	if (rc == RC_OK && is_archived(s) && c->id.len &&
	    !(c->repeat && was_edited(c, &f.line)))
		return bring_back(s, c, &f, r, e);
	if (rc == RC_OK) {
		r->outcome = is_archived(s) && holds(s, &s->data) ?
		    FILESTORE_DONE : FILESTORE_EXISTS;
		describe(s, r, &f.line);
		return RC_OK;
	}
	if (rc != RC_END)
		return rc;
	buf_reset(&s->line);
	l.number = s->store.number + 1;
	l.content = filestore_merge_create(&s->store.line, c->uid, &s->data,
	    l.number, l.modified, &s->line);
	if (buf_check(&s->line, &why))
		return failed(r, &why, "record");
	s->store.number++;
	describe(s, r, &l);
	return filestore_store_add(&s->store, &f, c->uid,
	    buf_view(&s->line), e);
}

static enum rc
update(struct filestore *s, struct filestore_found *f, bool stamp,
    struct filestore_result *r, struct err *e)
{
	struct filestore_line made;
	struct err why;
	enum rc rc;

	buf_reset(&s->line);
	buf_reset(&s->old);
	describe(s, r, &f->line);
	if (!filestore_merge(&s->store.line, &s->data, stamp,
	    s->store.number + 1, span_str(s->modified), &s->line, &s->old))
		return RC_OK;
	rc = buf_check(&s->line, &why);
	if (!rc)
		rc = filestore_merge_seal(&s->store.line, &s->line, 0, &made,
		    &why);
	if (rc)
		return failed(r, &why, "record");
	s->store.number++;
	/* it was parsed before it was sealed: its time is ours */
	made.modified = span_str(s->modified);
	describe(s, r, &made);
	return filestore_store_change(&s->store, f, buf_view(&s->old),
	    buf_view(&s->line), e);
}

/*
 * Not found may not be gone: a line that cannot be read could be it, and
 * under an index of a base edited in place nothing is where it was.
 */
static enum rc
missing(struct filestore *s, const struct filestore_change *c,
    bool deleted, struct filestore_result *r, struct err *e)
{
	struct filestore_ident now;
	struct err why;
	enum rc rc = RC_OK;

	if (s->store.base >= 0)
		rc = filestore_files_ident(s->store.base, &now, e);
	if (rc)
		return rc;
	if (s->store.base >= 0 &&
	    !filestore_files_same(&now, &s->store.ident))
		return err_set(e, RC_RETRY, "%s/%s was edited while it was"
		    " being written; run again", s->files.path,
		    s->files.base);
	if (s->store.unreadable && !deleted) {
		(void)err_set(&why, RC_RECORD, "not found, and %llu lines of"
		    " the file cannot be read: mend them first",
		    (unsigned long long)s->store.unreadable);
		return failed(r, &why, "record");
	}
	r->outcome = c->kind == FILESTORE_DELETE ? FILESTORE_DONE :
	    FILESTORE_GONE;
	r->id = arena_dup(&s->results, c->id);
	return RC_OK;
}

static enum rc
change(struct filestore *s, const struct filestore_change *c,
    struct filestore_result *r, struct err *e)
{
	struct filestore_found f;
	bool edited;
	enum rc rc = c->id.len ?
	    filestore_store_find(&s->store, c->id, &f, e) :
	    filestore_store_find_uid(&s->store, c->uid, &f, e);

	if (!c->id.len && (rc == RC_END || (rc == RC_OK && is_archived(s))))
		return RC_OK;   /* it was never made, or archived since */
	if (rc == RC_END)
		return missing(s, c, f.deleted, r, e);
	if (rc)
		return rc;
	if (!c->id.len || is_stale(s, c, &f.line)) {
		r->outcome = FILESTORE_STALE;
		describe(s, r, &f.line);
		return RC_OK;
	}
	if (c->kind != FILESTORE_DELETE) {
		edited = was_edited(c, &f.line);
		rc = c->stamp ? stamp_it(s, c, &f, r, e) :
		    update(s, &f, false, r, e);
		if (!rc && edited && r->outcome == FILESTORE_DONE)
			r->version = arena_dup(&s->results, c->version);
		return rc;
	}
	describe(s, r, &f.line);
	return filestore_store_remove(&s->store, &f, e);
}

static enum rc
parse_object(struct json *j, struct span text, struct err *why)
{
	enum rc rc = json_parse(j, text.len ? text : SPAN("{}"), why);

	if (!rc && json_kind(j, 0) != JSON_OBJECT)
		rc = err_set(why, RC_RECORD, "not a JSON object");
	return rc;
}

static enum rc
ready(struct filestore *s, struct err *e)
{
	enum rc rc;

	if (s->broken)
		return err_set(e, RC_SYSTEM, "%s/%s: an earlier write failed",
		    s->files.path, s->files.base);
	if (s->indexed)
		return RC_OK;
	s->indexed = true;
	rc = filestore_store_open(&s->store, &s->files, s->files.journal,
	    clock_now(), e);
	s->broken = rc != RC_OK;
	return rc;
}

enum rc
filestore_apply(struct filestore *s, const struct filestore_change *c,
    struct filestore_result *r, struct err *e)
{
	struct span data = c->kind == FILESTORE_ARCHIVE ?
	    SPAN("{\"archived\":true}") : c->data;
	struct err why;
	enum rc rc = ready(s, e);

	memset(r, 0, sizeof *r);
	if (rc)
		return rc;
	if (parse_object(&s->data, data, &why))
		return failed(r, &why, "data");
	if (parse_object(&s->expected, c->expected, &why))
		return failed(r, &why, "expected");
	rc = c->kind == FILESTORE_CREATE ? create(s, c, r, e) :
	    change(s, c, r, e);
	if (rc) {
		s->broken = true;
		filestore_journal_undo(&s->store.journal);
	}
	return rc;
}
