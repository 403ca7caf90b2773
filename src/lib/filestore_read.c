/* SPDX-License-Identifier: MIT */
/* Reading; declared in filestore.h. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "filestore.h"
#include "filestore_compact.h"
#include "filestore_files.h"
#include "filestore_journal.h"
#include "filestore_line.h"
#include "filestore_scan.h"

#define SECOND INT64_C(1000000000)

/* ---- the checkpoint ---- */

/*
 * A file changed in the same tick of its file system's clock as we read it
 * looks the same afterwards: too young a file is no checkpoint.
 */
static bool
is_settled(const struct filestore_ident *id)
{
	int64_t tick = id->mtime % SECOND || id->ctime % SECOND ?
	    SECOND / 10 : 2 * SECOND;
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec - id->ctime > tick;
}

static void
put_ident(struct buf *b, const struct filestore_ident *id)
{
	buf_printf(b, "%llu.%llu.%lld.%lld", (unsigned long long)id->inode,
	    (unsigned long long)id->size, (long long)id->mtime,
	    (long long)id->ctime);
}

static void
put_checkpoint(struct buf *b, const struct filestore_ident *id)
{
	if (!id->there || !is_settled(id)) {
		BUF_LIT(b, "{\"file\":null}");
		return;
	}
	BUF_LIT(b, "{\"file\":\"");
	put_ident(b, id);
	BUF_LIT(b, "\"}");
}

static bool
is_unchanged(const struct filestore_reading *r,
    const struct filestore_ident *id)
{
	struct buf now;
	struct json j;
	struct err why;
	uint32_t file;
	bool same = false;

	if (r->full || !r->cursor.len || !id->there)
		return false;
	json_init(&j);
	buf_init(&now, 128, "checkpoint");
	if (!json_parse(&j, r->cursor, &why)) {
		put_ident(&now, id);
		file = json_get(&j, 0, SPAN("file"));
		same = file && json_is(&j, file, buf_view(&now));
	}
	buf_free(&now);
	json_free(&j);
	return same;
}

/* ---- lines ---- */

struct pass {
	struct filestore_reading *r;
	struct filestore_scan scan;
	struct filestore_parser parser;
	char mtime[CLOCK_TEXT];
};

static enum rc
emit_bad(struct pass *p, struct span text, const struct err *why,
    struct err *e)
{
	struct filestore_record rec = { .line = p->scan.lines, .data = text };

	p->r->lost = true;
	return p->r->emit(p->r->arg, &rec, why, e);
}

static enum rc
emit_line(struct pass *p, struct span text, struct err *e)
{
	char version[FILESTORE_VERSION];
	struct filestore_record rec = { .line = p->scan.lines };
	struct filestore_line l;
	struct err why;

	if (filestore_scan_blank(text))
		return RC_OK;
	if (filestore_line_parse(&p->parser, text, &l, &why))
		return emit_bad(p, text, &why, e);
	rec.id = l.id;
	rec.data = l.text;
	rec.modified = l.modified.len ? l.modified : span_str(p->mtime);
	rec.version = filestore_line_version(&l, version);
	return p->r->emit(p->r->arg, &rec, NULL, e);
}

static enum rc
emit_all(struct pass *p, struct err *e)
{
	struct span text;
	struct err why;
	enum rc rc = RC_OK;

	while (rc == RC_OK) {
		rc = filestore_scan_next(&p->scan, &text, &why);
		if (rc == RC_OK)
			rc = emit_line(p, text, e);
		else if (rc == RC_RECORD)
			rc = emit_bad(p, text, &why, e);
		else if (rc == RC_END)
			return RC_OK;
		else
			return err_set(e, rc, "%s", why.text);
		*p->r->bytes_done = p->scan.offset;
	}
	return rc;
}

static enum rc
read_base(struct filestore_reading *r, int fd,
    const struct filestore_ident *id, struct err *e)
{
	struct filestore_ident after;
	struct pass p = { .r = r };
	enum rc rc;

	filestore_scan_open(&p.scan, fd, LIMIT_LINE);
	filestore_parser_init(&p.parser);
	clock_format(id->mtime / 1000000, p.mtime);
	rc = emit_all(&p, e);
	filestore_parser_free(&p.parser);
	filestore_scan_free(&p.scan);
	if (rc)
		return rc;
	rc = filestore_files_ident(fd, &after, e);
	if (!rc && !filestore_files_same(id, &after))
		rc = err_set(e, RC_RETRY, "changed while it was being read");
	return rc;
}

/* ---- the whole ---- */

/*
 * What the journal holds is done, and the base lacks it.  A time to come tells
 * nothing: the clock went back, and what is done since may be before it.
 */
static enum rc
look_back(struct filestore_reading *r, int journal, struct err *e)
{
	int64_t since;
	enum rc rc = filestore_journal_since(journal, &since, e);
	bool told = since > 1 && since <= clock_now();

	if (rc == RC_OK) /* done in that very moment: not shown */
		*r->as_of = told ? since - 1 : 1;
	return rc == RC_END ? RC_OK : rc;
}

/*
 * A journal holds records that are not in the base.  A dead writer's is
 * merged first; with a living one what we read is not all there is.
 */
static enum rc
settle_journal(struct filestore_reading *r, struct filestore_files *f,
    bool *all, struct err *e)
{
	struct filestore_ident id;
	struct filestore *s;
	enum rc rc;
	int fd;

	rc = filestore_files_look(f, f->journal, &fd, &id, e);
	*all = !rc && !id.there;
	if (!rc && id.there)
		rc = look_back(r, fd, e);
	if (fd >= 0)
		close(fd);
	if (rc || *all || filestore_files_writer(f))
		return rc;
	rc = filestore_open(&s, r->dir, r->object, e);
	if (rc == RC_RETRY) /* one began to write just now */
		return RC_OK;
	*all = !rc;
	if (!rc)
		rc = filestore_close(s, e);
	if (!rc)
		*r->as_of = 0;
	return rc;
}

static enum rc
read_object(struct filestore_reading *r, struct filestore_files *f,
    struct err *e)
{
	struct filestore_ident id;
	bool all;
	int fd = -1;
	enum rc rc = settle_journal(r, f, &all, e);

	if (!rc)
		rc = filestore_files_look(f, f->base, &fd, &id, e);
	if (rc)
		return rc;
	if (!id.there) /* nothing is shown that could be old */
		*r->as_of = 0;
	*r->bytes_total = id.size;
	if (all && is_unchanged(r, &id)) {
		buf_span(r->checkpoint, r->cursor);
		goto out;
	}
	if (id.there)
		rc = read_base(r, fd, &id, e);
	if (rc)
		goto out;
	r->whole = all;
	if (all)
		put_checkpoint(r->checkpoint, &id);
out:
	if (fd >= 0)
		close(fd);
	return rc && rc != RC_END ? err_prefix(e, rc, "%s/%s", f->path,
	    f->base) : rc;
}

enum rc
filestore_read(struct filestore_reading *r, struct err *e)
{
	struct filestore_files f;
	enum rc rc;

	r->whole = r->lost = false;
	*r->as_of = 0;
	rc = filestore_files_open(&f, r->dir, r->object, e);
	if (!rc)
		rc = read_object(r, &f, e);
	filestore_files_close(&f);
	return rc;
}
