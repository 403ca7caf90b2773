/* SPDX-License-Identifier: MIT */
#include "filestore_store.h"

#include <unistd.h>

#define SAMPLE 64 /* lines looked at to guess how many there are */

/* ---- indexing the base ---- */

/* About how many lines the base has, from the length of its first ones. */
static enum rc
guess(const struct filestore_store *s, size_t *expected, struct err *e)
{
	struct filestore_scan scan;
	struct span line;
	enum rc rc = RC_OK;

	*expected = 0;
	if (s->base < 0)
		return RC_OK;
	filestore_scan_open(&scan, s->base, LIMIT_LINE);
	while (rc == RC_OK && scan.lines < SAMPLE)
		rc = filestore_scan_next(&scan, &line, e);
	if (scan.offset)
		*expected = (size_t)(s->ident.size / scan.offset + 1) *
		    (size_t)scan.lines;
	filestore_scan_free(&scan);
	return rc == RC_SYSTEM ? rc : RC_OK;
}

static enum rc
index_line(struct filestore_store *s, struct filestore_parser *p,
    struct span text, uint64_t at, struct err *e)
{
	struct filestore_found f;
	struct filestore_line l;
	struct err why;
	enum rc rc;

	if (filestore_scan_blank(text))
		return RC_OK;
	if (filestore_line_parse(p, text, &l, &why)) {
		s->unreadable++;
		return RC_OK;
	}
	rc = filestore_store_find(s, l.id, &f, e);
	if (rc == RC_OK) {
		s->repeated++;
		return RC_OK;
	}
	if (rc != RC_END)
		return rc;
	filestore_index_add(&s->index, l.id, at);
	if (l.uid.len && !span_eq(l.uid, l.id))
		filestore_index_add(&s->index, l.uid, at);
	if (l.number > s->number)
		s->number = l.number;
	s->unstamped += !l.stamped;
	return RC_OK;
}

static enum rc
index_base(struct filestore_store *s, struct err *e)
{
	struct filestore_parser p;
	struct filestore_scan scan;
	struct span line;
	enum rc rc = RC_OK;

	filestore_parser_init(&p);
	filestore_scan_open(&scan, s->base, LIMIT_LINE);
	while (rc == RC_OK) {
		rc = filestore_scan_next(&scan, &line, e);
		if (rc == RC_RECORD) {
			s->unreadable++;
			rc = RC_OK;
		} else if (rc == RC_OK) {
			rc = index_line(s, &p, line, scan.at, e);
		}
	}
	if (rc == RC_END && scan.offset > FILESTORE_PLACE_MOST)
		rc = err_set(e, RC_CONFIG, "the file is larger than a store"
		    " may be");
	filestore_scan_free(&scan);
	filestore_parser_free(&p);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
filestore_store_open(struct filestore_store *s,
    const struct filestore_files *f, const char *journal, int64_t since,
    struct err *e)
{
	size_t expected;
	enum rc rc;

	memset(s, 0, sizeof *s);
	s->files = f;
	filestore_parser_init(&s->line);
	buf_init(&s->read, FILESTORE_JOURNAL_LINE + 2 * READ_BLOCK, "line");
	filestore_journal_init(&s->journal, journal);
	rc = filestore_files_look(f, f->base, &s->base, &s->ident, e);
	if (!rc)
		rc = guess(s, &expected, e);
	if (rc)
		return rc;
	filestore_index_init(&s->index, expected);
	filestore_journal_start(&s->journal, &s->ident, since);
	return s->base < 0 ? RC_OK : index_base(s, e);
}

void
filestore_store_close(struct filestore_store *s)
{
	if (s->base >= 0)
		close(s->base);
	s->base = -1;
	filestore_index_free(&s->index);
	filestore_journal_free(&s->journal);
	filestore_parser_free(&s->line);
	buf_free(&s->read);
}

/* ---- finding ---- */

static enum rc
read_place(struct filestore_store *s, uint64_t place,
    struct filestore_found *f, struct err *e)
{
	struct span line;
	enum rc rc;

	if (place & FILESTORE_IN_JOURNAL) {
		rc = filestore_journal_read(&s->journal, place, &s->read,
		    &f->entry, e);
	} else {
		rc = filestore_scan_line(s->base, place, &s->read, &line, e);
		f->entry = (struct filestore_entry){ FILESTORE_NEW, place,
			{ NULL, 0 }, line };
	}
	if (rc)
		return rc;
	rc = filestore_line_parse(&s->line, f->entry.text, &f->line, e);
	/* It was a record when it was indexed. */
	return rc ? err_prefix(e, RC_RETRY, "%s was changed while it was"
	    " being read", s->files->base) : RC_OK;
}

enum rc
filestore_store_find(struct filestore_store *s, struct span id,
    struct filestore_found *f, struct err *e)
{
	uint64_t place;
	enum rc rc;

	f->deleted = false;
	f->probe = filestore_index_probe(&s->index, id);
	while (filestore_index_next(&s->index, &f->probe, &place)) {
		rc = read_place(s, place, f, e);
		if (rc)
			return rc;
		if (!span_eq(f->line.id, id))
			continue;
		f->deleted = f->entry.kind == FILESTORE_DELETED;
		return f->deleted ? RC_END : RC_OK;
	}
	return RC_END;
}

/* Lines that have it as uid; the id of one leads to the record as it is. */
static enum rc
follow_uid(struct filestore_store *s, struct span uid,
    struct filestore_found *f, struct err *e)
{
	struct filestore_probe probe = filestore_index_probe(&s->index, uid);
	char id[LIMIT_ID];
	uint64_t place;
	size_t len;
	enum rc rc;

	while (filestore_index_next(&s->index, &probe, &place)) {
		rc = read_place(s, place, f, e);
		if (rc)
			return rc;
		if (!span_eq(f->line.uid, uid))
			continue;
		len = f->line.id.len;
		memcpy(id, f->line.id.ptr, len);
		rc = filestore_store_find(s, span_of(id, len), f, e);
		/* the index knows the uids there were */
		if (rc != RC_END && (rc || span_eq(f->line.uid, uid)))
			return rc;
	}
	return RC_END;
}

enum rc
filestore_store_find_uid(struct filestore_store *s, struct span uid,
    struct filestore_found *f, struct err *e)
{
	struct filestore_found other;
	enum rc rc = filestore_store_find(s, uid, f, e);

	if (rc != RC_END || !f->probe.slot) /* no candidate at all */
		return rc;
	rc = follow_uid(s, uid, &other, e);
	if (rc == RC_OK)
		*f = other;
	return rc;
}

/* ---- writing ---- */

enum rc
filestore_store_add(struct filestore_store *s, struct filestore_found *f,
    struct span id, struct span line, struct err *e)
{
	uint64_t place = filestore_journal_new(&s->journal, line);

	/* One that was deleted has its entry in the index already. */
	if (f->deleted)
		filestore_index_move(&f->probe, place);
	else
		filestore_index_add(&s->index, id, place);
	return filestore_journal_write(&s->journal, s->files, false, e);
}

enum rc
filestore_store_change(struct filestore_store *s, struct filestore_found *f,
    struct span old, struct span line, struct err *e)
{
	uint64_t place = filestore_journal_put(&s->journal, FILESTORE_CHANGED,
	    f->entry.origin, old, line);

	filestore_index_move(&f->probe, place);
	return filestore_journal_write(&s->journal, s->files, false, e);
}

enum rc
filestore_store_remove(struct filestore_store *s, struct filestore_found *f,
    struct err *e)
{
	uint64_t place = filestore_journal_put(&s->journal, FILESTORE_DELETED,
	    f->entry.origin, span_of(NULL, 0), f->line.text);

	filestore_index_move(&f->probe, place);
	return filestore_journal_write(&s->journal, s->files, false, e);
}
