/* SPDX-License-Identifier: MIT */
/* audit_verify: is every line as it was written, and none gone? */
#include "audit.h"

#include <stdarg.h>
#include <stdio.h>

#include "../lib/stream.h"

struct verify {
	struct run *run;
	struct audit_reader reader;
	struct audit_hash *hash;
	struct audit_place base; /* where a restored home's lines begin */
	struct json json;
	bool any;              /* a line was read: */
	bool damaged;          /* the last one, so that its hash is unknown */
	char day[AUDIT_DAY + 1]; /* where the last one stood */
	uint64_t line, n;
	unsigned char last[AUDIT_HASH];
	uint64_t lines, erased, voids, problems;
};

static void __attribute__((format(printf, 4, 5)))
complain(struct verify *v, const char *day, uint64_t line, const char *fmt,
    ...)
{
	char file[AUDIT_DAY + 32], text[ERR_TEXT / 2];
	struct where w = { .line = line };
	struct err e;
	va_list ap;

	snprintf(file, sizeof file, "audit/%s.ndjson", day);
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	v->problems++;
	w.system = span_str(file);
	err_set(&e, RC_STATE, "%s", text);
	run_problem(v->run, &w, RC_STATE, &e);
}

/* Its number tells what is missing, its `prev` whether the last was changed. */
static void
hold_against_last(struct verify *v, const struct audit_entry *entry,
    const struct audit_claim *c)
{
	char hex[AUDIT_HASH_TEXT];

	audit_hash_text(v->last, AUDIT_HASH, hex);
	if (c->n > v->n + 1)
		complain(v, entry->day, entry->line, "%llu lines before it "
		    "were removed", (unsigned long long)(c->n - v->n - 1));
	else if (c->n <= v->n)
		complain(v, entry->day, entry->line, "it stands out of "
		    "order, or twice");
	else if (!v->damaged && !span_eq(c->prev, span_of(hex, sizeof hex)))
		complain(v, v->any ? v->day : entry->day, v->any ? v->line :
		    entry->line, v->any ? "it was changed after it was "
		    "written" : "it does not follow what was before it");
}

/*
 * A file has its name from the day its first line was written on; a clock that
 * was set back is no reason for another.
 */
static void
hold_against_day(struct verify *v, const struct audit_entry *entry)
{
	struct span at = json_text(&v->json, json_get(&v->json, 0,
	    SPAN("at")));
	int c = at.len > AUDIT_DAY ? memcmp(at.ptr + 1, entry->day,
	    AUDIT_DAY) : 0;

	if (c > 0 || (c < 0 && entry->line == 1 && strcmp(entry->day,
	    v->base.day) > 0))
		complain(v, entry->day, entry->line, "it is of %.*s: the file "
		    "was renamed", AUDIT_DAY, at.ptr + 1);
}

static enum rc
take_line(struct verify *v, const struct audit_entry *entry)
{
	struct audit_claim c;
	struct err why;
	enum rc rc = entry->cut ? err_set(&why, RC_RECORD, "it is cut short") :
	    audit_claim(&v->json, entry->text, &c, &why);

	v->lines++;
	if (rc) {
		complain(v, entry->day, entry->line, "%s", why.text);
		v->n++;
	} else {
		hold_against_last(v, entry, &c);
		hold_against_day(v, entry);
		if (!audit_claim_holds(v->hash, entry->text, &c))
			complain(v, entry->day, entry->line, "its values were "
			    "changed after they were written");
		audit_claim_hash(v->hash, entry->text, &c, v->last);
		v->n = c.n;
		v->erased += c.erased;
		v->voids += span_eq(c.type, SPAN("void"));
	}
	v->damaged = rc != RC_OK;
	v->any = true;
	v->line = entry->line;
	memcpy(v->day, entry->day, sizeof v->day);
	return RC_OK;
}

/* The first line that is looked at: of the whole chain, or of what is left. */
static void
begin_at(struct verify *v, const struct audit_entry *entry, bool since)
{
	struct audit_claim c;
	struct err ignored;

	if (audit_claim(&v->json, entry->text, &c, &ignored) != RC_OK)
		return;
	if (v->base.n && c.n == v->base.n + 1) {
		v->n = v->base.n;
		memcpy(v->last, v->base.hash, AUDIT_HASH);
	} else if (since) {
		v->n = c.n - 1;
		v->damaged = true;
	}
}

/* A restored home may be without the lines of before, but with all others. */
static void
hold_against_end(struct verify *v, const char *since)
{
	const struct audit_place *end = &v->reader.end;

	if (!v->any && (end->n == v->base.n || strcmp(end->day, since) < 0))
		return;
	if (v->n < end->n)
		complain(v, end->day, 0, "%llu lines are missing at the end",
		    (unsigned long long)(end->n - v->n));
	else if (end->n && !v->damaged && memcmp(v->last, end->hash,
	    AUDIT_HASH) != 0)
		complain(v, v->day, v->line, "it was changed after it was "
		    "written");
}

static enum rc
print(struct verify *v)
{
	char hex[AUDIT_HASH_TEXT];

	audit_hash_text(v->reader.end.hash, AUDIT_HASH, hex);
	printf("{\"type\":\"audit-check\",\"days\":%zu,\"lines\":%llu,"
	    "\"erased\":%llu,\"voids\":%llu,\"problems\":%llu,"
	    "\"end\":\"%.*s\"}\n", v->reader.day_count,
	    (unsigned long long)v->lines, (unsigned long long)v->erased,
	    (unsigned long long)v->voids, (unsigned long long)v->problems,
	    (int)sizeof hex, hex);
	if (v->reader.behind)
		run_notice(v->run, NULL, "%llu bytes behind the end never "
		    "came to pass: a program was stopped there, or is at work",
		    (unsigned long long)v->reader.behind);
	return RC_OK;
}

enum rc
audit_verify(struct run *run, struct state *s, const char *since,
    struct err *e)
{
	struct verify v = { .run = run, .hash = audit_hash_new() };
	struct audit_entry entry;
	unsigned char key[AUDIT_HASH];
	enum rc rc = audit_open(&v.reader, s, since, key, &v.base, e);

	json_init(&v.json);
	audit_hash_key(v.hash, key);
	while (!rc) {
		rc = audit_read_next(&v.reader, &entry, e);
		if (!rc && !v.any)
			begin_at(&v, &entry, *since);
		if (!rc)
			rc = take_line(&v, &entry);
	}
	if (rc == RC_END)
		rc = audit_hash_check(v.hash, e);
	if (!rc) {
		hold_against_end(&v, since);
		rc = print(&v);
	}
	audit_read_close(&v.reader);
	json_free(&v.json);
	audit_hash_free(v.hash);
	return rc;
}
