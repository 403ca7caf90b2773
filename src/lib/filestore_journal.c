/* SPDX-License-Identifier: MIT */
#include "filestore_journal.h"

#include <unistd.h>

#include "hash.h"

#define CHECK_SEED 4
#define CHECK_DIGITS 8
#define ENOUGH (1u << 20) /* bytes gathered before a write */

void
filestore_journal_init(struct filestore_journal *j, const char *name)
{
	memset(j, 0, sizeof *j);
	j->fd = -1;
	j->name = name;
	buf_init(&j->pending, ENOUGH + 2 * FILESTORE_JOURNAL_LINE, "journal");
	buf_init(&j->frame, FILESTORE_JOURNAL_LINE, "journal line");
}

void
filestore_journal_free(struct filestore_journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	buf_free(&j->pending);
	buf_free(&j->frame);
}

/* ---- adding ---- */

static uint64_t
here(const struct filestore_journal *j)
{
	return (j->size + j->pending.len) | FILESTORE_IN_JOURNAL;
}

uint64_t
filestore_journal_new(struct filestore_journal *j, struct span line)
{
	uint64_t place = here(j);

	buf_span(&j->pending, line);
	buf_putc(&j->pending, '\n');
	j->news++;
	return place;
}

static void
put_check(struct buf *b, struct span rest)
{
	uint32_t h = (uint32_t)hash64(rest, CHECK_SEED);
	unsigned char bytes[4] = { (unsigned char)(h >> 24),
		(unsigned char)(h >> 16), (unsigned char)(h >> 8),
		(unsigned char)h };

	buf_hex(b, bytes, sizeof bytes);
}

static void
put_framed(struct buf *out, struct buf *frame, enum filestore_entry_kind kind,
    uint64_t origin, struct span old, struct span text)
{
	buf_reset(frame);
	buf_u64(frame, origin);
	buf_putc(frame, ' ');
	buf_u64(frame, old.len);
	buf_putc(frame, ' ');
	buf_span(frame, old);
	buf_putc(frame, ' ');
	buf_span(frame, text);
	buf_putc(out, (char)kind);
	put_check(out, buf_view(frame));
	buf_putc(out, ' ');
	buf_span(out, buf_view(frame));
	buf_putc(out, '\n');
}

uint64_t
filestore_journal_put(struct filestore_journal *j,
    enum filestore_entry_kind kind, uint64_t origin, struct span old,
    struct span text)
{
	uint64_t place = here(j);

	put_framed(&j->pending, &j->frame, kind, origin, old, text);
	j->others++;
	return place;
}

/* `"inode":…,"size":…,"mtime":…` */
static void
put_ident(struct buf *b, const struct filestore_ident *id)
{
	BUF_LIT(b, "\"inode\":");
	buf_u64(b, id->inode);
	BUF_LIT(b, ",\"size\":");
	buf_u64(b, id->size);
	buf_printf(b, ",\"mtime\":%lld", (long long)id->mtime);
}

void
filestore_journal_mark(struct filestore_journal *j,
    const struct filestore_ident *next)
{
	struct buf text;

	buf_init(&text, 256, "file's identity");
	buf_putc(&text, '{');
	put_ident(&text, next);
	buf_putc(&text, '}');
	filestore_journal_put(j, FILESTORE_NEXT, 0, span_of(NULL, 0),
	    buf_view(&text));
	buf_free(&text);
}

void
filestore_journal_start(struct filestore_journal *j,
    const struct filestore_ident *base, int64_t since)
{
	struct buf text;

	if (!base->there)
		return;
	buf_init(&text, 256, "file's identity");
	buf_putc(&text, '{');
	put_ident(&text, base);
	buf_printf(&text, ",\"since\":%lld}", (long long)since);
	filestore_journal_put(j, FILESTORE_BASE, 0, span_of(NULL, 0),
	    buf_view(&text));
	buf_free(&text);
	j->others = 0;
}

/* ---- durable ---- */

/* The name is durable before anything in the file is relied on. */
static enum rc
make(struct filestore_journal *j, const struct filestore_files *f,
    struct err *e)
{
	enum rc rc = filestore_files_make(f, j->name, &j->fd, e);

	return rc ? rc : filestore_files_sync_names(f, e);
}

enum rc
filestore_journal_write(struct filestore_journal *j,
    const struct filestore_files *f, bool all, struct err *e)
{
	enum rc rc = buf_check(&j->pending, e);

	if (!rc)
		rc = buf_check(&j->frame, e);
	if (rc || j->news + j->others == 0 ||
	    (!all && j->pending.len < ENOUGH))
		return rc;
	if (j->fd < 0)
		rc = make(j, f, e);
	if (!rc)
		rc = filestore_files_write(j->fd, buf_view(&j->pending), e);
	if (rc)
		return err_prefix(e, rc, "%s/%s", f->path, j->name);
	j->size += j->pending.len;
	buf_reset(&j->pending);
	return RC_OK;
}

enum rc
filestore_journal_sync(struct filestore_journal *j, struct err *e)
{
	enum rc rc;

	if (j->fd < 0)
		return RC_OK;
	rc = filestore_files_sync(j->fd, e);
	if (!rc)
		j->durable = j->size;
	return rc;
}

void
filestore_journal_undo(struct filestore_journal *j)
{
	buf_reset(&j->pending);
	/* A torn end that stays is cut when the journal is read. */
	if (j->fd >= 0 && ftruncate(j->fd, (off_t)j->durable) == 0)
		j->size = j->durable;
}

/* ---- reading ---- */

/* Digits and the blank after them. */
static bool
take_number(struct span *s, uint64_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < s->len && i < 20 && s->ptr[i] >= '0' &&
	    s->ptr[i] <= '9'; i++)
		*n = *n * 10 + (uint64_t)(s->ptr[i] - '0');
	if (i == 0 || i == s->len || s->ptr[i] != ' ')
		return false;
	s->ptr += i + 1;
	s->len -= i + 1;
	return true;
}

static bool
check_fits(struct span line, struct span rest)
{
	char text[CHECK_DIGITS + 1];
	struct buf b = { .ptr = text, .room = sizeof text, .cap = sizeof text };

	put_check(&b, rest);
	return b.len == CHECK_DIGITS &&
	    memcmp(line.ptr + 1, text, CHECK_DIGITS) == 0;
}

static bool
take_apart(struct span line, struct filestore_entry *n)
{
	struct span s = line;
	uint64_t len;

	memset(n, 0, sizeof *n);
	if (line.len && line.ptr[0] == '{') {
		n->kind = FILESTORE_NEW;
		n->text = line;
		return true;
	}
	if (line.len < CHECK_DIGITS + 2 ||
	    !strchr("#=-!", line.ptr[0]) || !line.ptr[0] ||
	    line.ptr[CHECK_DIGITS + 1] != ' ')
		return false;
	s.ptr += CHECK_DIGITS + 2;
	s.len -= CHECK_DIGITS + 2;
	if (!check_fits(line, s))
		return false;
	n->kind = (enum filestore_entry_kind)line.ptr[0];
	if (!take_number(&s, &n->origin) || !take_number(&s, &len) ||
	    len >= s.len)
		return false;
	n->old = span_of(s.ptr, (size_t)len);
	n->text = span_of(s.ptr + len + 1, s.len - (size_t)len - 1);
	return true;
}

enum rc
filestore_journal_read(const struct filestore_journal *j, uint64_t place,
    struct buf *b, struct filestore_entry *n, struct err *e)
{
	uint64_t at = place & ~FILESTORE_IN_JOURNAL;
	struct span line;
	const char *start, *lf;
	enum rc rc = RC_OK;

	if (at < j->size) {
		rc = filestore_scan_line(j->fd, at, b, &line, e);
	} else {
		start = j->pending.ptr + (at - j->size);
		lf = memchr(start, '\n', j->pending.len - (at - j->size));
		line = span_of(start, (size_t)(lf - start));
	}
	if (rc)
		return rc;
	if (!take_apart(line, n))
		return err_set(e, RC_STATE, "%s: byte %llu: not as it was"
		    " written", j->name, (unsigned long long)at);
	if (n->kind == FILESTORE_NEW)
		n->origin = place;
	return RC_OK;
}

/* A new record is whole when its content fits its version. */
static bool
is_whole(struct filestore_parser *p, const struct filestore_entry *n)
{
	struct filestore_line l;
	struct err why;

	return n->kind != FILESTORE_NEW || !p ||
	    (!filestore_line_parse(p, n->text, &l, &why) && l.stamped);
}

enum rc
filestore_journal_next(struct filestore_scan *s, struct filestore_parser *p,
    struct filestore_entry *n, bool *torn, struct err *e)
{
	struct span line;
	enum rc rc = filestore_scan_next(s, &line, e);

	*torn = false;
	if (rc && rc != RC_RECORD)
		return rc;
	if (rc || !s->ended || !take_apart(line, n) || !is_whole(p, n)) {
		*torn = true;
		return RC_END;
	}
	if (n->kind == FILESTORE_NEW)
		n->origin = s->at | FILESTORE_IN_JOURNAL;
	return RC_OK;
}

enum rc
filestore_journal_take_ident(struct span text, struct filestore_ident *id,
    int64_t *since, struct err *e)
{
	struct json j;
	enum rc rc;

	json_init(&j);
	rc = json_parse(&j, text, e);
	memset(id, 0, sizeof *id);
	id->there = true;
	if (!rc) {
		id->inode = (uint64_t)json_get_int(&j, 0, SPAN("inode"), 0);
		id->size = (uint64_t)json_get_int(&j, 0, SPAN("size"), 0);
		id->mtime = json_get_int(&j, 0, SPAN("mtime"), 0);
		*since = json_get_int(&j, 0, SPAN("since"), 0);
	}
	json_free(&j);
	return rc;
}

enum rc
filestore_journal_since(int journal, int64_t *since, struct err *e)
{
	struct filestore_ident base;
	struct filestore_entry n;
	struct filestore_scan scan;
	bool torn;
	enum rc rc;

	*since = 0;
	filestore_scan_open(&scan, journal, FILESTORE_JOURNAL_LINE);
	rc = filestore_journal_next(&scan, NULL, &n, &torn, e);
	if (!rc && n.kind == FILESTORE_BASE)
		rc = filestore_journal_take_ident(n.text, &base, since, e);
	filestore_scan_free(&scan);
	return rc;
}
