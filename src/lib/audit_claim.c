/* SPDX-License-Identifier: MIT */
/* audit_claim: one line of the audit against itself; see audit_read.h. */
#include "audit_read.h"

/* 64 lower-case hex digits, unescaped; else empty. */
static struct span
get_hash(const struct json *j, struct span name)
{
	uint32_t at = json_get(j, 0, name);
	struct span s;

	if (!at || json_kind(j, at) != JSON_STRING)
		return SPAN("");
	s = json_inner(j, at);
	return s.len == AUDIT_HASH_TEXT ? s : SPAN("");
}

/* The comma before this member. */
static size_t
comma_before(const struct json *j, uint32_t value)
{
	return j->nodes[value - 1].start - 1;
}

enum rc
audit_claim(struct json *j, struct span text, struct audit_claim *c,
    struct err *e)
{
	enum rc rc = json_parse(j, text, e);
	uint32_t salt, values, type;
	int64_t n;

	*c = (struct audit_claim){ .cut = text.len };
	if (rc)
		return rc;
	n = json_get_int(j, 0, SPAN("n"), 0);
	type = json_get(j, 0, SPAN("type"));
	c->prev = get_hash(j, SPAN("prev"));
	c->digest = get_hash(j, SPAN("digest"));
	salt = json_get(j, 0, SPAN("salt"));
	values = json_get(j, 0, SPAN("values"));
	if (n <= 0 || !c->prev.len || !type ||
	    json_kind(j, type) != JSON_STRING || (values && !c->digest.len) ||
	    (salt && !values))
		return err_set(e, RC_RECORD, "it is no line of an audit");
	c->n = (uint64_t)n;
	c->type = json_inner(j, type);
	c->erased = values && json_kind(j, values) == JSON_NULL;
	if (values)
		c->cut = comma_before(j, salt ? salt : values);
	else
		c->digest = SPAN("");
	if (values && (text.ptr[c->cut] != ',' || (salt && c->erased)))
		return err_set(e, RC_RECORD, "it is no line of an audit");
	return RC_OK;
}

void
audit_claim_hash(struct audit_hash *h, struct span text,
    const struct audit_claim *c, unsigned char out[AUDIT_HASH])
{
	audit_hash_plain(h, span_of(text.ptr, c->cut), out);
}

bool
audit_claim_holds(struct audit_hash *h, struct span text,
    const struct audit_claim *c)
{
	unsigned char digest[AUDIT_HASH];
	char hex[AUDIT_HASH_TEXT];

	if (!c->digest.len || c->erased)
		return true;
	audit_hash_keyed(h, span_of(text.ptr + c->cut + 1, text.len - c->cut -
	    2), digest);
	audit_hash_text(digest, AUDIT_HASH, hex);
	return span_eq(span_of(hex, sizeof hex), c->digest);
}
