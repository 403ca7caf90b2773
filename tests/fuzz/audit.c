/* SPDX-License-Identifier: MIT */
/*
 * A line that passes for one of an audit keeps its hash when its values are
 * erased, and then still passes; base64 has one form for each value.
 */
#include <stdlib.h>

#include "audit_read.h"
#include "base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct audit_hash *hash;
static struct json json;
static struct buf erased, bytes, text;
static struct err err;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
start(void)
{
	unsigned char key[AUDIT_HASH] = { 1, 2, 3 };

	if (hash)
		return;
	hash = audit_hash_new();
	audit_hash_key(hash, key);
	json_init(&json);
	buf_init(&erased, 64u << 20, "line");
	buf_init(&bytes, 64u << 20, "bytes");
	buf_init(&text, 64u << 20, "text");
}

/* As crm-state forget does: in as many bytes. */
static void
erase(struct span line, size_t cut)
{
	buf_reset(&erased);
	buf_put(&erased, line.ptr, cut);
	BUF_LIT(&erased, ",\"values\":null");
	while (erased.len + 1 < line.len)
		buf_putc(&erased, ' ');
	buf_putc(&erased, '}');
}

static void
check_line(struct span line)
{
	unsigned char before[AUDIT_HASH], after[AUDIT_HASH];
	struct audit_claim c, d;

	if (audit_claim(&json, line, &c, &err))
		return;
	must(c.n > 0 && c.prev.len == AUDIT_HASH_TEXT && c.cut <= line.len);
	audit_claim_hash(hash, line, &c, before);
	(void)audit_claim_holds(hash, line, &c);
	if (!c.digest.len || c.erased)
		return;
	erase(line, c.cut);
	if (audit_claim(&json, buf_view(&erased), &d, &err))
		return; /* other members stood behind the values */
	audit_claim_hash(hash, buf_view(&erased), &d, after);
	must(d.erased && d.cut == c.cut && d.n == c.n &&
	    memcmp(before, after, AUDIT_HASH) == 0 &&
	    audit_claim_holds(hash, buf_view(&erased), &d));
}

static void
check_base64(struct span s)
{
	buf_reset(&bytes);
	buf_reset(&text);
	base64_put(&text, s);
	must(base64_take(&bytes, buf_view(&text)) &&
	    span_eq(buf_view(&bytes), s));
	buf_reset(&bytes);
	buf_reset(&text);
	if (!base64_take(&bytes, s))
		return;
	base64_put(&text, buf_view(&bytes));
	must(span_eq(buf_view(&text), s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of((const char *)data, size);

	start();
	check_line(input);
	check_base64(input);
	return 0;
}
