/* SPDX-License-Identifier: MIT */
#include "filestore_pass.h"

#include <unistd.h>

#include "clock.h"
#include "filestore_journal.h"
#include "filestore_merge.h"

struct pass {
	int base, journal, out;
	const struct filestore_review *review;
	size_t move;         /* the next one to come */
	struct buf buf;      /* bytes for out */
	struct buf line;     /* a line of the journal */
	struct filestore_parser parser;
	bool plain;
	int64_t mtime;       /* of the base, ms */
};

static enum rc
put(struct pass *p, struct span bytes, bool lf, struct err *e)
{
	enum rc rc = RC_OK;

	buf_span(&p->buf, bytes);
	if (lf)
		buf_putc(&p->buf, '\n');
	if (p->buf.len < WRITE_BLOCK)
		return buf_check(&p->buf, e);
	rc = filestore_files_write(p->out, buf_view(&p->buf), e);
	buf_reset(&p->buf);
	return rc;
}

/* The line that stands for the one at this origin, if one does. */
static enum rc
put_moved(struct pass *p, uint64_t origin, bool *done, struct err *e)
{
	const struct filestore_review *r = p->review;
	struct filestore_journal j = { .fd = p->journal, .size = UINT64_MAX,
		.name = "journal" };
	struct filestore_entry n;
	enum rc rc;

	*done = p->move < r->count && r->moves[p->move].origin == origin;
	if (!*done)
		return RC_OK;
	rc = filestore_journal_read(&j, r->moves[p->move++].place, &p->line,
	    &n, e);
	if (rc || n.kind == FILESTORE_DELETED)
		return rc;
	return put(p, n.text, true, e);
}

/* A line somebody wrote or edited gets the version it was read with. */
static enum rc
put_stamped(struct pass *p, struct span text, bool *done, struct err *e)
{
	struct filestore_line l, made;
	char mtime[CLOCK_TEXT];
	size_t from = p->buf.len;
	struct span modified;
	struct err why;
	enum rc rc;

	*done = false;
	if (filestore_line_parse(&p->parser, text, &l, &why) || l.stamped)
		return RC_OK;
	clock_format(p->mtime, mtime);
	modified = l.modified.len ? l.modified : span_str(mtime);
	(void)filestore_merge(&p->parser, NULL, false, l.number, modified,
	    &p->buf, NULL);
	rc = buf_check(&p->buf, e);
	if (!rc)
		rc = filestore_merge_seal(&p->parser, &p->buf, from, &made,
		    e);
	*done = rc || p->buf.len - from <= LIMIT_LINE;
	if (!*done)
		p->buf.len = from; /* no room in that line for a version */
	return rc || !*done ? rc : put(p, span_of(NULL, 0), true, e);
}

/* A line too long to be one is copied from where it stands. */
static enum rc
put_long(struct pass *p, uint64_t from, uint64_t to, struct err *e)
{
	size_t want;
	ssize_t n;
	enum rc rc = RC_OK;

	while (from < to && !rc) {
		want = to - from < READ_BLOCK ? (size_t)(to - from) :
		    READ_BLOCK;
		if (!buf_reserve(&p->buf, want))
			return buf_check(&p->buf, e);
		n = pread(p->base, p->buf.ptr + p->buf.len, want,
		    (off_t)from);
		if (n <= 0)
			return err_errno(e, RC_SYSTEM, "read");
		p->buf.len += (size_t)n;
		from += (uint64_t)n;
		rc = put(p, span_of(NULL, 0), false, e);
	}
	return rc;
}

static enum rc
put_line(struct pass *p, const struct filestore_scan *scan, struct span text,
    struct err *e)
{
	bool done;
	enum rc rc = put_moved(p, scan->at, &done, e);

	if (!rc && !done && !p->plain)
		rc = put_stamped(p, text, &done, e);
	return rc || done ? rc : put(p, text, true, e);
}

static enum rc
put_base(struct pass *p, struct err *e)
{
	struct filestore_scan scan;
	struct span text;
	enum rc rc = RC_OK;

	if (p->base < 0)
		return RC_OK;
	filestore_scan_open(&scan, p->base, LIMIT_LINE);
	while (rc == RC_OK) {
		rc = filestore_scan_next(&scan, &text, e);
		if (rc == RC_OK) {
			rc = put_line(p, &scan, text, e);
		} else if (rc == RC_RECORD) {
			rc = put_long(p, scan.at, scan.offset, e);
			if (!rc && !scan.ended)
				rc = put(p, span_of(NULL, 0), true, e);
		}
	}
	filestore_scan_free(&scan);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
put_new(struct pass *p, struct err *e)
{
	struct filestore_scan scan;
	struct filestore_entry n;
	enum rc rc = RC_OK;
	bool torn, done;

	filestore_scan_open(&scan, p->journal, FILESTORE_JOURNAL_LINE);
	while (rc == RC_OK) {
		rc = filestore_journal_next(&scan, NULL, &n, &torn, e);
		if (rc || n.kind != FILESTORE_NEW)
			continue;
		rc = put_moved(p, n.origin, &done, e);
		if (!rc && !done)
			rc = put(p, n.text, true, e);
	}
	filestore_scan_free(&scan);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
filestore_pass(int base, int64_t mtime, int journal,
    const struct filestore_review *r, bool plain, int out, struct err *e)
{
	struct pass p = { .base = base, .journal = journal, .out = out,
		.review = r, .plain = plain, .mtime = mtime / 1000000 };
	enum rc rc;

	buf_init(&p.buf, WRITE_BLOCK + 3 * (size_t)LIMIT_LINE, "line");
	buf_init(&p.line, FILESTORE_JOURNAL_LINE + 2 * READ_BLOCK, "line");
	filestore_parser_init(&p.parser);
	rc = put_base(&p, e);
	if (!rc)
		rc = put_new(&p, e);
	if (!rc && p.buf.len)
		rc = filestore_files_write(out, buf_view(&p.buf), e);
	filestore_parser_free(&p.parser);
	buf_free(&p.line);
	buf_free(&p.buf);
	return rc;
}
