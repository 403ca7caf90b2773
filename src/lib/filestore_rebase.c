/* SPDX-License-Identifier: MIT */
#include "filestore_rebase.h"

#include <unistd.h>

#include "clock.h"
#include "filestore_merge.h"
#include "filestore_store.h"

/* One journal being written anew. */
struct rebase {
	struct filestore_store store;   /* the base there is now */
	struct filestore_parser ours;   /* the line we wrote */
	struct json old;                /* what it was before */
	struct json patch;
	struct buf patch_text, line, former;
};

static void
rebase_init(struct rebase *r)
{
	filestore_parser_init(&r->ours);
	json_init(&r->old);
	json_init(&r->patch);
	buf_init(&r->patch_text, 2 * LIMIT_LINE, "change");
	buf_init(&r->line, LIMIT_LINE, "line");
	buf_init(&r->former, LIMIT_LINE, "line");
}

static void
rebase_free(struct rebase *r)
{
	filestore_store_close(&r->store);
	filestore_parser_free(&r->ours);
	json_free(&r->old);
	json_free(&r->patch);
	buf_free(&r->patch_text);
	buf_free(&r->line);
	buf_free(&r->former);
}

/*
 * What of our change still holds: the members that have the value they had
 * for us, with the values we gave them (null: removed).
 */
static enum rc
make_patch(struct rebase *r, struct err *e)
{
	const struct json *theirs = &r->store.line.json;
	const struct json *ours = &r->ours.json;
	struct arena *a = &r->ours.arena;
	uint32_t h1 = 0, h2 = 0, now, then;
	struct span name;
	struct buf *b = &r->patch_text;

	buf_reset(b);
	buf_putc(b, '{');
	for (JSON_EACH(&r->old, 0, key, value)) {
		name = json_string(&r->old, key, a);
		now = json_get_next(theirs, 0, name, &h1);
		if (!filestore_merge_equal(theirs, now, &r->old, value, a))
			continue;
		then = json_get_next(ours, 0, name, &h2);
		if (b->len > 1)
			buf_putc(b, ',');
		buf_span(b, json_text(&r->old, key));
		buf_putc(b, ':');
		if (then)
			buf_span(b, json_text(ours, then));
		else
			BUF_LIT(b, "null");
	}
	buf_putc(b, '}');
	return json_parse(&r->patch, buf_view(b), e);
}

/*
 * Their line with our change in it.  When nothing else was edited it is our
 * line, time and all; else it was modified when the file was.
 */
static enum rc
put_change(struct rebase *r, struct filestore_found *f,
    const struct filestore_line *ours, struct err *e)
{
	struct filestore_line made;
	char modified[CLOCK_TEXT];
	enum rc rc;

	buf_reset(&r->line);
	buf_reset(&r->former);
	/* only what our change named is in the patch */
	if (!filestore_merge(&r->store.line, &r->patch, true, ours->number,
	    ours->modified, &r->line, &r->former))
		return RC_OK;
	if (r->line.over || r->former.over)
		return RC_OK; /* too long with ours in it: theirs stays */
	rc = filestore_merge_seal(&r->store.line, &r->line, 0, &made, e);
	if (rc || made.content == ours->content)
		goto out;
	clock_format(r->store.ident.mtime / 1000000, modified);
	rc = filestore_store_find(&r->store, ours->id, f, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	buf_reset(&r->line);
	buf_reset(&r->former);
	(void)filestore_merge(&r->store.line, &r->patch, true, ours->number,
	    span_str(modified), &r->line, &r->former);
	rc = filestore_merge_seal(&r->store.line, &r->line, 0, &made, e);
out:
	if (rc)
		return rc;
	return filestore_store_change(&r->store, f, buf_view(&r->former),
	    buf_view(&r->line), e);
}

static enum rc
redo_change(struct rebase *r, const struct filestore_entry *n,
    const struct filestore_line *ours, struct err *e)
{
	struct filestore_found f;
	enum rc rc = filestore_store_find(&r->store, ours->id, &f, e);

	if (rc)
		return rc == RC_END ? RC_OK : rc; /* they deleted it */
	rc = json_parse(&r->old, n->old, e);
	if (!rc)
		rc = make_patch(r, e);
	return rc ? rc : put_change(r, &f, ours, e);
}

static enum rc
redo_new(struct rebase *r, const struct filestore_line *ours, struct err *e)
{
	struct filestore_found f;
	enum rc rc = filestore_store_find_uid(&r->store, ours->id, &f, e);

	if (rc != RC_END)
		return rc;
	return filestore_store_add(&r->store, &f, ours->id, ours->text, e);
}

static enum rc
redo_delete(struct rebase *r, const struct filestore_line *ours,
    struct err *e)
{
	struct filestore_found f;
	enum rc rc = filestore_store_find(&r->store, ours->id, &f, e);

	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (f.line.content != ours->content)
		return RC_OK;
	return filestore_store_remove(&r->store, &f, e);
}

static enum rc
redo(struct rebase *r, const struct filestore_entry *n, struct err *e)
{
	struct filestore_line ours;
	enum rc rc;

	if (n->kind == FILESTORE_BASE || n->kind == FILESTORE_NEXT)
		return RC_OK;
	rc = filestore_line_parse(&r->ours, n->text, &ours, e);
	if (rc)
		return err_prefix(e, RC_STATE, "journal");
	if (n->kind == FILESTORE_NEW)
		return redo_new(r, &ours, e);
	if (n->kind == FILESTORE_DELETED)
		return redo_delete(r, &ours, e);
	return redo_change(r, n, &ours, e);
}

static enum rc
redo_all(struct rebase *r, int journal, struct err *e)
{
	struct filestore_scan scan;
	struct filestore_entry n;
	enum rc rc = RC_OK;
	bool torn;

	filestore_scan_open(&scan, journal, FILESTORE_JOURNAL_LINE);
	while (rc == RC_OK) {
		rc = filestore_journal_next(&scan, NULL, &n, &torn, e);
		if (rc == RC_OK)
			rc = redo(r, &n, e);
	}
	filestore_scan_free(&scan);
	return rc == RC_END ? RC_OK : rc;
}

/* The new journal takes the old one's name; or both go when it is empty. */
static enum rc
put_in_place(struct rebase *r, const struct filestore_files *f,
    struct err *e)
{
	enum rc rc = filestore_journal_write(&r->store.journal, f, true, e);

	if (!rc)
		rc = filestore_journal_sync(&r->store.journal, e);
	if (rc)
		return rc;
	if (r->store.journal.fd < 0)
		rc = filestore_files_remove(f, f->journal, e);
	else
		rc = filestore_files_rename(f, f->rebased, f->journal, e);
	return rc ? rc : filestore_files_sync_names(f, e);
}

enum rc
filestore_rebase(const struct filestore_files *f, int64_t since,
    struct err *e)
{
	struct filestore_ident id;
	struct rebase r;
	int journal = -1;
	enum rc rc;

	rebase_init(&r);
	rc = filestore_store_open(&r.store, f, f->rebased, since, e);
	if (!rc)
		rc = filestore_files_look(f, f->journal, &journal, &id, e);
	if (!rc && journal >= 0)
		rc = redo_all(&r, journal, e);
	if (!rc)
		rc = put_in_place(&r, f, e);
	if (journal >= 0)
		close(journal);
	rebase_free(&r);
	return rc;
}
