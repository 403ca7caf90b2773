/* SPDX-License-Identifier: MIT */
/*
 * dump: all the state knows, as lines.  Rows stand as they are stored, so that
 * restore brings back the very same; what people like to read of agreed
 * records stands beside.
 */
#include "commands.h"
#include "rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "../lib/audit_hash.h"
#include "../lib/base64.h"
#include "../lib/clock.h"
#include "../lib/home.h"
#include "../lib/utf8.h"
#include "dump.h"

struct dump {
	struct state *state;
	struct txn txn;
	struct stream_out out;
	struct dump_digest digest;
	struct arena arena;
	uint64_t rows;
};

/* ---- the digest of all lines ---- */

void
dump_digest_init(struct dump_digest *d)
{
	d->hash = audit_hash_new();
	memset(d->last, 0, sizeof d->last);
	buf_init(&d->text, 2 * LIMIT_LINE, "line");
}

void
dump_digest_free(struct dump_digest *d)
{
	audit_hash_free(d->hash);
	buf_free(&d->text);
}

void
dump_digest_add(struct dump_digest *d, struct span line)
{
	buf_reset(&d->text);
	buf_put(&d->text, d->last, sizeof d->last);
	buf_span(&d->text, line);
	audit_hash_plain(d->hash, buf_view(&d->text), d->last);
}

/* ---- lines ---- */

static enum rc
put_line(struct dump *d, size_t from, struct err *e)
{
	const struct buf *b = &d->out.buf;

	dump_digest_add(&d->digest, span_of(b->ptr + from, b->len - from));
	return stream_out_line(&d->out, e);
}

/* Escaped, text with many of these would be far longer. */
static bool
has_controls(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\n')
			return true;
	return false;
}

/* Text as it is, anything else as base64. */
static void
put_bytes(struct buf *b, const char *text, const char *bytes, struct span s)
{
	bool plain = utf8_valid(s) == s.len && (s.len <= LIMIT_KEY ||
	    !has_controls(s));

	json_put_key(b, span_str(plain ? text : bytes));
	if (plain) {
		json_put_string(b, s);
		return;
	}
	buf_putc(b, '"');
	base64_put(b, s);
	buf_putc(b, '"');
}

/* For whoever reads the dump; restore does not look at it. */
static enum rc
put_shows(struct dump *d, struct span key, struct err *e)
{
	struct buf *b = &d->out.buf;
	struct span uid = key, entity = key_take(&uid);
	struct record r;
	enum rc rc = record_load(&d->txn, entity, uid, NULL, 0, &d->arena, &r,
	    e);

	if (rc)
		return rc == RC_STATE ? RC_OK : rc;
	BUF_LIT(b, ",\"shows\":{");
	for (size_t i = 0; i < r.field_count; i++) {
		if (span_eq(r.fields[i].value, record_null))
			continue;
		json_put_key(b, name_of(d->state, r.fields[i].name));
		buf_span(b, r.fields[i].value);
	}
	buf_putc(b, '}');
	return RC_OK;
}

/* What is longer than a line may be goes on in lines of its own. */
static enum rc
put_row(struct dump *d, enum state_table table, struct span key,
    struct span value, struct err *e)
{
	struct buf *b = &d->out.buf;
	size_t from = b->len;
	struct span part = value;
	enum rc rc = RC_OK;

	if (part.len > DUMP_PART)
		part.len = DUMP_PART - DUMP_PART % 3;
	BUF_LIT(b, "{\"type\":\"row\"");
	json_put_text(b, "table", span_str(state_table_name(table)));
	put_bytes(b, "key", "key64", key);
	put_bytes(b, "text", "value", part);
	if (table == TABLE_AGREED && part.len == value.len)
		rc = put_shows(d, key, e);
	buf_putc(b, '}');
	if (!rc)
		rc = put_line(d, from, e);
	d->rows++;
	while (!rc && part.len < value.len) {
		value = span_of(value.ptr + part.len, value.len - part.len);
		part = span_of(value.ptr, value.len < DUMP_PART ? value.len :
		    DUMP_PART);
		from = b->len;
		BUF_LIT(b, "{\"type\":\"part\"");
		put_bytes(b, "text", "value", part);
		buf_putc(b, '}');
		rc = put_line(d, from, e);
	}
	return rc;
}

static enum rc
put_table(struct dump *d, enum state_table table, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, &d->txn, table, SPAN(""), e);

	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		arena_reset(&d->arena);
		rc = put_row(d, table, w.key, w.value, e);
		if (!rc && run_stopping())
			rc = err_set(e, RC_SYSTEM, "stopped");
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
put_begin(struct dump *d, struct err *e)
{
	struct buf *b = &d->out.buf;

	buf_printf(b, "{\"type\":\"dump\",\"format\":%llu",
	    (unsigned long long)d->state->format);
	state_put_epoch(b, d->state);
	clock_put_member(b, "at", clock_now());
	json_put_text(b, "run", span_str(clock_run_id()));
	buf_putc(b, '}');
	return put_line(d, 0, e);
}

/* systems.jq as it stands; a home without one has none. */
static enum rc
put_systems(struct dump *d, struct err *e)
{
	struct buf *b = &d->out.buf, text;
	size_t from = b->len;
	char path[4096];
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof path, "%s/systems.jq", home_path());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return RC_OK;
	buf_init(&text, LIMIT_MAPPING_FILE, "systems.jq");
	do {
		text.len += (size_t)n;
		n = buf_reserve(&text, 4096) ? read(fd, text.ptr + text.len,
		    4096) : -1;
	} while (n > 0);
	close(fd);
	BUF_LIT(b, "{\"type\":\"file\",\"name\":\"systems.jq\"");
	put_bytes(b, "text", "value", buf_view(&text));
	buf_putc(b, '}');
	buf_free(&text);
	return n < 0 ? err_errno(e, RC_SYSTEM, "%s", path) :
	    put_line(d, from, e);
}

static enum rc
put_end(struct dump *d, struct err *e)
{
	char hex[AUDIT_HASH_TEXT];
	enum rc rc = audit_hash_check(d->digest.hash, e);

	audit_hash_text(d->digest.last, AUDIT_HASH, hex);
	buf_printf(&d->out.buf, "{\"type\":\"dump-end\",\"rows\":%llu,"
	    "\"digest\":\"%.*s\"}", (unsigned long long)d->rows,
	    (int)sizeof hex, hex);
	if (!rc)
		rc = stream_out_line(&d->out, e);
	return rc ? rc : stream_out_flush(&d->out, e);
}

static enum rc
dump_all(struct dump *d, struct err *e)
{
	enum rc rc = txn_begin(&d->txn, d->state, false, e);

	if (!rc)
		rc = put_begin(d, e);
	if (!rc)
		rc = put_systems(d, e);
	for (int i = 0; i < TABLE_COUNT && !rc; i++)
		rc = put_table(d, i, e);
	txn_abort(&d->txn);
	return rc ? rc : put_end(d, e);
}

void
dump_run(struct run *r)
{
	struct dump d = { .rows = 0 };
	struct err e;
	enum rc rc = state_open(&d.state, true, &e);

	arena_init(&d.arena);
	dump_digest_init(&d.digest);
	stream_out_open(&d.out, STDOUT_FILENO);
	if (!rc)
		rc = dump_all(&d, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&d.out);
	dump_digest_free(&d.digest);
	arena_free(&d.arena);
	state_close(d.state);
}
