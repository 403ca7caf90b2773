/* SPDX-License-Identifier: MIT */
/*
 * restore: a home out of a dump or a backup.  All of it or nothing: the marker
 * that makes the directory a home comes when all has been read, a dump to its
 * end, and its digest holds.
 */
#include "backup.h"
#include "commands.h"
#include "dump.h"
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/audit.h"
#include "../lib/base64.h"
#include "../lib/home.h"
#include "../lib/restored.h"
#include "../lib/stream.h"
#include "seal.h"

#define BATCH 20000
#define UNFINISHED "restoring"
#define ROW_CAP ((size_t)64 << 20)

struct restore {
	const char *home, *path;
	bool made, filling, begun, ended;
	bool own_systems;        /* systems.jq was there before */
	struct state *state;
	struct txn txn;
	struct stream_in in;
	struct line line;
	struct dump_digest digest;
	struct arena arena;
	struct buf key, value;   /* of the row that is being read */
	enum state_table table;
	bool row;                /* there is one */
	uint64_t rows, format, epoch;
};

/* ---- rows ---- */

/* What this program says of its own home is not the dump's to say. */
static bool
is_ours(const struct restore *r)
{
	struct span key = buf_view(&r->key);

	return r->table == TABLE_META && (span_eq(key, SPAN("epoch")) ||
	    span_eq(key, SPAN("format")));
}

static enum rc
put_row(struct restore *r, struct err *e)
{
	enum rc rc = RC_OK;

	if (!r->row || is_ours(r))
		return RC_OK;
	if (r->value.over)
		return err_set(e, RC_CONFIG, "a row is too long");
	if (r->rows % BATCH == 0 && r->txn.mdb)
		rc = txn_commit(&r->txn, e);
	if (!rc && !r->txn.mdb)
		rc = txn_begin(&r->txn, r->state, true, e);
	if (!rc)
		rc = txn_put(&r->txn, r->table, buf_view(&r->key),
		    buf_view(&r->value), e);
	return rc == RC_RECORD ? RC_CONFIG : rc;
}

static bool
take_bytes(struct restore *r, const char *text, const char *bytes,
    struct buf *out)
{
	const struct json *j = &r->line.json;
	struct span s = json_get_string(j, 0, span_str(text), &r->arena);

	if (s.ptr) {
		buf_span(out, s);
		return true;
	}
	s = json_get_string(j, 0, span_str(bytes), &r->arena);
	return s.ptr && base64_take(out, s);
}

static enum rc
take_row(struct restore *r, struct err *e)
{
	const struct json *j = &r->line.json;
	struct span table = json_get_string(j, 0, SPAN("table"), &r->arena);
	enum rc rc = put_row(r, e);

	if (rc)
		return rc;
	buf_reset(&r->key);
	buf_reset(&r->value);
	r->table = state_table_find(table);
	r->row = true;
	r->rows++;
	if (r->table == TABLE_COUNT)
		return err_set(e, RC_CONFIG, "there is no table of that name");
	if (!take_bytes(r, "key", "key64", &r->key) ||
	    !take_bytes(r, "text", "value", &r->value))
		return err_set(e, RC_CONFIG, "it is no row of a dump");
	return RC_OK;
}

/* ---- the other lines ---- */

static enum rc
take_begin(struct restore *r, struct err *e)
{
	const struct json *j = &r->line.json;
	int64_t format = json_get_int(j, 0, SPAN("format"), 0);
	struct span epoch = json_get_string(j, 0, SPAN("epoch"), &r->arena);
	char text[32];

	if (r->begun || format <= 0 || epoch.len != 16)
		return err_set(e, RC_CONFIG, "it is no beginning of a dump");
	if ((uint64_t)format > state_format)
		return err_set(e, RC_CONFIG, "the dump's format %lld is newer "
		    "than this program's %llu: install the newer toolchain",
		    (long long)format, (unsigned long long)state_format);
	snprintf(text, sizeof text, "%.*s", SPAN_ARG(epoch));
	r->epoch = strtoull(text, NULL, 16);
	r->format = (uint64_t)format;
	r->begun = true;
	return RC_OK;
}

static enum rc
take_file(struct restore *r, struct err *e)
{
	struct span name = json_get_string(&r->line.json, 0, SPAN("name"),
	    &r->arena);
	struct buf text;
	enum rc rc;

	buf_init(&text, LIMIT_MAPPING_FILE, "file");
	if (!span_eq(name, SPAN("systems.jq")) ||
	    !take_bytes(r, "text", "value", &text) || text.over)
		rc = err_set(e, RC_CONFIG, "it is no file of a dump");
	else
		rc = init_file(r->home, "systems.jq", buf_view(&text), e);
	buf_free(&text);
	return rc;
}

static enum rc
take_end(struct restore *r, struct err *e)
{
	const struct json *j = &r->line.json;
	struct span digest = json_get_string(j, 0, SPAN("digest"), &r->arena);
	char hex[AUDIT_HASH_TEXT];
	enum rc rc = audit_hash_check(r->digest.hash, e);

	audit_hash_text(r->digest.last, AUDIT_HASH, hex);
	if (!rc && ((uint64_t)json_get_int(j, 0, SPAN("rows"), -1) != r->rows ||
	    !span_eq(digest, span_of(hex, sizeof hex))))
		rc = err_set(e, RC_CONFIG, "the dump is not as it was "
		    "written: its digest does not hold");
	r->ended = true;
	return rc ? rc : put_row(r, e);
}

static enum rc
take_line(struct restore *r, struct err *e)
{
	struct json *j = &r->line.json;
	enum rc rc = json_parse(j, r->line.text, e);
	struct span type;

	if (rc)
		return rc;
	arena_reset(&r->arena);
	type = json_get_string(j, 0, SPAN("type"), &r->arena);
	if (r->ended)
		return err_set(e, RC_CONFIG, "it comes after the dump's end");
	if (span_eq(type, SPAN("dump-end")) && r->begun)
		return take_end(r, e);
	dump_digest_add(&r->digest, r->line.text);
	if (span_eq(type, SPAN("dump")))
		return take_begin(r, e);
	if (span_eq(type, SPAN("file")) && r->begun)
		return take_file(r, e);
	if (span_eq(type, SPAN("row")) && r->begun)
		return take_row(r, e);
	if (span_eq(type, SPAN("part")) && r->row)
		return take_bytes(r, "text", "value", &r->value) ? RC_OK :
		    err_set(e, RC_CONFIG, "it is no part of a row");
	return err_set(e, RC_CONFIG, "it is no line of a dump");
}

static enum rc
take_all(struct restore *r, struct err *e)
{
	enum rc rc = RC_OK;

	while (!rc) {
		rc = stream_read(&r->in, &r->line, e);
		if (rc)
			break;
		rc = take_line(r, e);
		if (rc)
			rc = err_prefix(e, rc == RC_RECORD ? RC_CONFIG : rc,
			    "line %llu", (unsigned long long)r->line.number);
	}
	if (rc == RC_END && !r->ended)
		return err_set(e, RC_CONFIG, "it has no end: the dump was "
		    "cut short");
	return rc == RC_END ? RC_OK : rc == RC_RECORD ? RC_CONFIG : rc;
}

/* ---- a backup ---- */

static enum rc
take_copied(void *arg, enum state_table table, struct span key,
    struct span value, struct err *e)
{
	struct restore *r = arg;
	struct span file;

	if (backup_is_own(table, key, &file))
		return file.len ? init_file(r->home, "systems.jq", value, e) :
		    RC_OK;
	buf_reset(&r->key);
	buf_reset(&r->value);
	buf_span(&r->key, key);
	buf_span(&r->value, value);
	r->table = table;
	r->row = true;
	r->rows++;
	return put_row(r, e);
}

static enum rc
take_backup(struct restore *r, struct err *e)
{
	struct state *s = NULL;
	enum rc rc = seal_check(r->path, e);

	if (!rc)
		rc = state_open_copy(&s, r->path, true, e);
	if (!rc) {
		r->format = s->format;
		r->epoch = s->epoch;
		rc = backup_each(s, take_copied, r, e);
	}
	state_close(s);
	return rc ? err_prefix(e, rc, "%s", r->path) : RC_OK;
}

/* ---- what is new about it ---- */

static enum rc
put_number(struct restore *r, struct span name, uint64_t n, struct err *e)
{
	return txn_put(&r->txn, TABLE_META, name, span_of((const char *)&n,
	    sizeof n), e);
}

/* No plan of before is one for this state. */
static enum rc
renew(struct restore *r, struct err *e)
{
	uint64_t epoch;
	enum rc rc = state_random(&epoch, e);

	if (!rc && epoch == r->epoch)
		epoch++;
	if (!rc && !r->txn.mdb)
		rc = txn_begin(&r->txn, r->state, true, e);
	if (!rc)
		rc = put_number(r, SPAN("epoch"), epoch, e);
	if (!rc)
		rc = put_number(r, SPAN("format"), r->format, e);
	if (!rc)
		rc = audit_rebase(&r->txn, e);
	if (!rc)
		rc = restored_begin(&r->txn, e);
	return rc ? rc : txn_commit(&r->txn, e);
}

/*
 * As long as this file is there it is no home that init would go on with: half
 * a state is worse than none.
 */
static enum rc
begin(struct restore *r, struct err *e)
{
	char path[AUDIT_PATH];
	enum rc rc = init_directory(r->home, &r->made, e);

	if (rc)
		return rc;
	snprintf(path, sizeof path, "%s/state", r->home);
	if (access(path, F_OK) == 0)
		return err_set(e, RC_CONFIG, "%s is there and not empty, but "
		    "no home: remove it, or set CRM_HOME to another directory",
		    r->home);
	snprintf(path, sizeof path, "%s/systems.jq", r->home);
	r->own_systems = access(path, F_OK) == 0;
	r->filling = true;
	rc = init_file(r->home, UNFINISHED, SPAN(""), e);
	if (!rc)
		rc = state_create(r->home, e);
	return rc ? rc : state_open_fresh(&r->state, r->home, e);
}

static enum rc
finish(struct restore *r, struct err *e)
{
	char path[AUDIT_PATH];
	enum rc rc = init_mark(r->home, e);

	snprintf(path, sizeof path, "%s/" UNFINISHED, r->home);
	if (!rc && unlink(path) < 0)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	return rc;
}

/* Nothing of a restore that failed stays behind, and nothing else goes. */
static void
undo_all(struct restore *r)
{
	static const char *const files[] = { "systems.jq", HOME_MARKER,
		"state/data.mdb", "state/lock.mdb", UNFINISHED };
	char path[AUDIT_PATH];

	for (size_t i = r->own_systems; i < sizeof files / sizeof *files;
	    i++) {
		snprintf(path, sizeof path, "%s/%s", r->home, files[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/state", r->home);
	rmdir(path);
	if (r->made)
		rmdir(r->home);
}

static enum rc
open_input(struct restore *r, struct err *e)
{
	int fd = STDIN_FILENO;

	if (strcmp(r->path, "-") != 0)
		fd = open(r->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, RC_CONFIG, "%s", r->path);
	stream_in_open(&r->in, fd, NULL);
	return RC_OK;
}

static enum rc
restore_all(struct restore *r, struct err *e)
{
	enum rc rc = begin(r, e);

	if (!rc)
		rc = backup_is(r->path) ? take_backup(r, e) : take_all(r, e);
	if (!rc)
		rc = renew(r, e);
	txn_abort(&r->txn);
	if (!rc)
		rc = finish(r, e);
	state_close(r->state);
	if (rc && r->filling)
		undo_all(r);
	return rc;
}

void
restore_run(struct run *run)
{
	struct restore r = { .home = home_path(), .path = run->operand[1] };
	struct err e;
	enum rc rc;

	arena_init(&r.arena);
	stream_line_init(&r.line);
	dump_digest_init(&r.digest);
	buf_init(&r.key, LIMIT_KEY, "key");
	buf_init(&r.value, ROW_CAP, "row");
	rc = open_input(&r, &e);
	if (!rc)
		rc = restore_all(&r, &e);
	if (rc)
		run_problem(run, NULL, rc, &e);
	else
		run_notice(run, NULL, "%s is restored, %llu rows; nothing is "
		    "created or deleted until every system has been read "
		    "again", r.home, (unsigned long long)r.rows);
	stream_in_free(&r.in);
	stream_line_free(&r.line);
	dump_digest_free(&r.digest);
	buf_free(&r.key);
	buf_free(&r.value);
	arena_free(&r.arena);
}
