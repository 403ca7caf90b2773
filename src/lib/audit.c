/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <stdlib.h>

#include "audit_file.h"
#include "clock.h"
#include "hash.h"
#include "json.h"
#include "xalloc.h"

#define BATCH_CAP ((size_t)1 << 30) /* lines of one transaction */
#define GROUP_MOST 4096             /* records that share a line */
#define SALT 8
#define SALTS 64                    /* asked for at a time */

#define META_PLACE SPAN("audit")
#define META_BASE SPAN("audit-base")
#define META_DIGESTS SPAN("audit-digests")
#define META_KEY SPAN("audit-key")

struct audit {
	struct audit_hash *hash;
	struct audit_file file;
	struct audit_place end;   /* behind all lines said so far */
	struct audit_place begun; /* as it was committed */
	struct buf text;          /* the lines */
	size_t line, cut, digest; /* of the line being built: offsets */
	struct buf head;          /* `,"at":…,"run":…` of all its lines */
	struct buf group, members; /* the line many records share */
	struct buf scratch;
	const char *group_type;
	size_t group_count;
	unsigned char salt[SALTS * SALT];
	size_t salts;             /* left of them */
	bool pinned;
	bool digests;             /* values are not kept */
};

struct audit *
audit_new(void)
{
	struct audit *a = xcalloc(1, sizeof *a);
	const char *run = getenv("CRM_RUN"), *now = getenv("CRM_NOW");

	a->hash = audit_hash_new();
	audit_file_init(&a->file);
	buf_init(&a->text, BATCH_CAP, "audit");
	buf_init(&a->head, LIMIT_KEY, "audit");
	buf_init(&a->group, LIMIT_LINE, "audit");
	buf_init(&a->members, LIMIT_LINE, "audit");
	buf_init(&a->scratch, LIMIT_LINE, "audit");
	a->pinned = run && run[0] && now && now[0];
	return a;
}

void
audit_free(struct audit *a)
{
	if (!a)
		return;
	audit_hash_free(a->hash);
	audit_file_close(&a->file);
	buf_free(&a->text);
	buf_free(&a->head);
	buf_free(&a->group);
	buf_free(&a->members);
	buf_free(&a->scratch);
	free(a);
}

/* ---- in the state ---- */

static void
encode(struct buf *b, const struct audit_place *p)
{
	buf_put(b, &p->n, sizeof p->n);
	buf_put(b, &p->length, sizeof p->length);
	buf_put(b, p->day, AUDIT_DAY);
	buf_put(b, p->hash, AUDIT_HASH);
}

static enum rc
get_place(struct txn *t, struct span name, struct audit_place *p,
    struct err *e)
{
	struct span v;
	enum rc rc = txn_get(t, TABLE_META, name, &v, e);

	*p = (struct audit_place){ .n = 0 };
	if (rc == RC_END)
		return RC_OK;
	if (rc)
		return rc;
	if (!span_take_bytes(&v, &p->n, sizeof p->n) ||
	    !span_take_bytes(&v, &p->length, sizeof p->length) ||
	    !span_take_bytes(&v, p->day, AUDIT_DAY) ||
	    !span_take_bytes(&v, p->hash, AUDIT_HASH) || v.len)
		return err_set(e, RC_STATE, "state: where the audit ends is "
		    "damaged; bring back a copy of the home");
	return RC_OK;
}

enum rc
audit_place_get(struct txn *t, struct audit_place *p, struct err *e)
{
	return get_place(t, META_PLACE, p, e);
}

enum rc
audit_base_get(struct txn *t, struct audit_place *p, struct err *e)
{
	return get_place(t, META_BASE, p, e);
}

enum rc
audit_key_get(struct txn *t, unsigned char key[AUDIT_HASH], struct err *e)
{
	struct span v;
	enum rc rc = txn_get(t, TABLE_META, META_KEY, &v, e);

	if (rc == RC_OK && v.len != AUDIT_HASH)
		return err_set(e, RC_STATE, "state: the audit's key is "
		    "damaged; bring back a copy of the home");
	if (rc == RC_OK)
		memcpy(key, v.ptr, AUDIT_HASH);
	return rc;
}

/* The home's own, made with its first line; pinned runs give the same. */
static enum rc
make_key(struct audit *a, struct txn *t, unsigned char *key, struct err *e)
{
	enum rc rc = RC_OK;

	memset(key, 'k', AUDIT_HASH);
	if (!a->pinned)
		rc = audit_hash_random(key, AUDIT_HASH, e);
	return rc ? rc : txn_put(t, TABLE_META, META_KEY,
	    span_of((char *)key, AUDIT_HASH), e);
}

static enum rc
get_keep(struct audit *a, struct txn *t, struct err *e)
{
	struct span ignored;
	enum rc rc = txn_get(t, TABLE_META, META_DIGESTS, &ignored, e);

	a->digests = rc == RC_OK;
	return rc == RC_END ? RC_OK : rc;
}

enum rc
audit_keep(struct txn *t, bool values, struct err *e)
{
	return values ? txn_del(t, TABLE_META, META_DIGESTS, e) :
	    txn_put(t, TABLE_META, META_DIGESTS, SPAN("1"), e);
}

/* A clock that was set back does not put lines before others. */
static void
set_head(struct audit *a)
{
	int64_t now = clock_now();
	char text[CLOCK_TEXT];

	clock_format(now, text);
	if (memcmp(a->end.day, text, AUDIT_DAY) < 0)
		memcpy(a->end.day, text, AUDIT_DAY);
	buf_reset(&a->head);
	clock_put_member(&a->head, "at", now);
	json_put_text(&a->head, "run", span_str(clock_run_id()));
}

enum rc
audit_begin(struct audit *a, struct txn *t, struct err *e)
{
	unsigned char key[AUDIT_HASH];
	enum rc rc = audit_place_get(t, &a->begun, e);

	if (!rc)
		rc = get_keep(a, t, e);
	if (!rc)
		rc = audit_key_get(t, key, e);
	if (rc == RC_END)
		rc = make_key(a, t, key, e);
	if (rc)
		return rc;
	audit_hash_key(a->hash, key);
	buf_reset(&a->text);
	buf_reset(&a->group);
	a->group_count = 0;
	a->end = a->begun;
	set_head(a);
	return RC_OK;
}

/* ---- lines ---- */

size_t
audit_waiting(const struct audit *a)
{
	return a->text.len;
}

static void
put_hash(struct buf *b, const unsigned char *hash)
{
	char text[AUDIT_HASH_TEXT];

	audit_hash_text(hash, AUDIT_HASH, text);
	buf_put(b, text, sizeof text);
}

static struct buf *
begin_line(struct audit *a, const char *type)
{
	struct buf *b = &a->text;

	a->line = b->len;
	a->cut = 0;
	BUF_LIT(b, "{\"prev\":\"");
	put_hash(b, a->end.hash);
	BUF_LIT(b, "\",\"n\":");
	buf_u64(b, ++a->end.n);
	json_put_text(b, "type", span_str(type));
	buf_span(b, buf_view(&a->head));
	return b;
}

static void
put_salt(struct audit *a, struct buf *b)
{
	struct err ignored;
	unsigned char *salt;

	if (!a->salts && !a->pinned && audit_hash_random(a->salt,
	    sizeof a->salt, &ignored) == RC_OK)
		a->salts = SALTS;
	if (!a->salts) { /* pinned: the same bytes each time */
		uint64_t n = hash64(span_of((char *)a->end.hash, AUDIT_HASH),
		    a->end.n);

		memcpy(a->salt, &n, SALT);
		a->salts = 1;
	}
	salt = a->salt + --a->salts * SALT;
	BUF_LIT(b, ",\"salt\":\"");
	buf_hex(b, salt, SALT);
	buf_putc(b, '"');
}

struct buf *
audit_values(struct audit *a)
{
	struct buf *b = &a->text;

	BUF_LIT(b, ",\"digest\":\"");
	a->digest = b->len;
	put_hash(b, a->end.hash); /* room: audit_end knows it */
	buf_putc(b, '"');
	a->cut = b->len;
	put_salt(a, b);
	BUF_LIT(b, ",\"values\":");
	return b;
}

void
audit_end(struct audit *a)
{
	struct buf *b = &a->text;
	unsigned char digest[AUDIT_HASH];
	size_t to;

	if (b->over)
		return;
	if (a->cut) {
		audit_hash_keyed(a->hash, span_of(b->ptr + a->cut + 1,
		    b->len - a->cut - 1), digest);
		audit_hash_text(digest, AUDIT_HASH, b->ptr + a->digest);
	}
	if (a->cut && a->digests) {
		b->len = a->cut;
		BUF_LIT(b, ",\"values\":null");
	}
	buf_putc(b, '}');
	to = a->cut ? a->cut : b->len;
	audit_hash_plain(a->hash, span_of(b->ptr + a->line, to - a->line),
	    a->end.hash);
	buf_putc(b, '\n');
}

void
audit_put_digest(struct audit *a, struct buf *b, struct span text)
{
	unsigned char digest[AUDIT_HASH];
	char hex[2 * AUDIT_SHORT];

	audit_hash_keyed(a->hash, text, digest);
	audit_hash_text(digest, AUDIT_SHORT, hex);
	buf_putc(b, '"');
	buf_put(b, hex, sizeof hex);
	buf_putc(b, '"');
}

/* ---- lines that records share ---- */

static void
flush_group(struct audit *a)
{
	struct buf *b;

	if (!a->group_count)
		return;
	b = begin_line(a, a->group_type);
	buf_putc(b, ',');
	buf_span(b, buf_view(&a->members));
	BUF_LIT(b, ",\"records\":{");
	buf_span(b, buf_view(&a->group));
	buf_putc(b, '}');
	b->over |= a->group.over | a->members.over;
	audit_end(a);
	buf_reset(&a->group);
	a->group_count = 0;
}

struct buf *
audit_scratch(struct audit *a)
{
	buf_reset(&a->scratch);
	return &a->scratch;
}

struct buf *
audit_line(struct audit *a, const char *type)
{
	return begin_line(a, type);
}

void
audit_group(struct audit *a, const char *type, struct span members,
    struct span uid, struct span value)
{
	if (a->group_count && (a->group_count == GROUP_MOST ||
	    !span_eq(buf_view(&a->members), members) ||
	    strcmp(a->group_type, type) != 0))
		flush_group(a);
	if (!a->group_count) {
		a->group_type = type;
		buf_reset(&a->members);
		buf_span(&a->members, members);
	}
	if (a->group_count++)
		buf_putc(&a->group, ',');
	json_put_string(&a->group, uid);
	buf_putc(&a->group, ':');
	buf_span(&a->group, value);
}

/* ---- writing ---- */

static void
say_void(void *arg, const char *day, uint64_t from, uint64_t to)
{
	struct audit *a = arg;
	struct buf *b = begin_line(a, "void");

	json_put_text(b, "day", span_str(day));
	buf_printf(b, ",\"from\":%llu,\"to\":%llu", (unsigned long long)from,
	    (unsigned long long)to);
	audit_end(a);
}

/* What a transaction left that never came to pass, in whichever file. */
static enum rc
say_voids(struct audit *a, struct err *e)
{
	const struct audit_file *f = &a->file;
	bool same = strcmp(a->end.day, a->begun.day) == 0;
	uint64_t from = same ? a->begun.length : 0;

	if (f->size > from)
		say_void(a, f->day, from, f->size + f->cut);
	return same ? RC_OK : audit_file_strays(&a->begun, f->day, say_void,
	    a, e);
}

static enum rc
write_text(struct audit *a, struct err *e)
{
	enum rc rc = audit_file_open(&a->file, a->end.day, e);

	if (!rc)
		rc = say_voids(a, e);
	if (!rc && a->text.over)
		rc = err_set(e, RC_SYSTEM, "audit: more than %zu bytes in one "
		    "transaction", (size_t)BATCH_CAP);
	if (!rc && a->file.cut)
		rc = audit_file_append(&a->file, SPAN("\n"), e);
	if (!rc)
		rc = audit_file_append(&a->file, buf_view(&a->text), e);
	a->end.length = a->file.size;
	return rc;
}

enum rc
audit_put(struct audit *a, struct txn *t, struct err *e)
{
	struct buf row;
	enum rc rc;

	flush_group(a);
	if (!a->text.len && !a->text.over)
		return RC_OK;
	rc = audit_hash_check(a->hash, e);
	if (!rc)
		rc = write_text(a, e);
	if (rc)
		return rc;
	buf_init(&row, LIMIT_KEY, "audit");
	encode(&row, &a->end);
	rc = txn_put(t, TABLE_META, META_PLACE, buf_view(&row), e);
	buf_free(&row);
	return rc;
}

enum rc
audit_rebase(struct txn *t, struct err *e)
{
	struct audit_place p;
	struct buf row;
	enum rc rc = audit_place_get(t, &p, e);

	if (rc || !p.n)
		return rc;
	buf_init(&row, LIMIT_KEY, "audit");
	encode(&row, &p);
	rc = txn_put(t, TABLE_META, META_BASE, buf_view(&row), e);
	buf_free(&row);
	return rc;
}
