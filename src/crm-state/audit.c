/* SPDX-License-Identifier: MIT */
/* audit: what was decided and done, a line each; or proof that it stands. */
#include "audit.h"
#include "commands.h"

#include <stdio.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/stream.h"

static struct {
	const char *uid, *run, *since, *keep;
	bool verify;
} options;

const struct opt audit_opts[] = {
	{ 0, "uid", "UID", "only this record's lines", OPT_STRING,
	    &options.uid, 0, 0 },
	{ 0, "run", "RUN", "only what this run did", OPT_STRING, &options.run,
	    0, 0 },
	{ 0, "since", "TIME", "from this day or instant on", OPT_STRING,
	    &options.since, 0, 0 },
	{ 0, "keep", "WHAT", "from now on keep values, or digests only",
	    OPT_STRING, &options.keep, 0, 0 },
	{ 0, "verify", NULL, "prove that no line was changed or removed",
	    OPT_FLAG, &options.verify, 0, 0 },
	OPT_END
};

/* ---- reading ---- */

enum rc
audit_open(struct audit_reader *r, struct state *s, const char *since,
    unsigned char key[AUDIT_HASH], struct audit_place *base, struct err *e)
{
	struct audit_place end = { .n = 0 };
	struct txn t = { .mdb = NULL };
	enum rc rc = txn_begin(&t, s, false, e);

	*r = (struct audit_reader){ .fd = -1 };
	memset(key, 0, AUDIT_HASH);
	if (!rc)
		rc = audit_place_get(&t, &end, e);
	if (!rc)
		rc = audit_base_get(&t, base, e);
	if (!rc)
		rc = audit_key_get(&t, key, e);
	txn_abort(&t);
	if (rc && rc != RC_END)
		return rc;
	return audit_read_open(r, &end, since, e);
}

enum rc
audit_lines(struct state *s, const char *since, struct span wanted,
    audit_each *each, void *arg, struct err *e)
{
	struct audit_reader r;
	struct audit_entry entry;
	struct audit_place base;
	unsigned char key[AUDIT_HASH];
	struct json j;
	enum rc rc = audit_open(&r, s, since, key, &base, e);

	json_init(&j);
	while (!rc) {
		rc = audit_read_next(&r, &entry, e);
		if (rc || !audit_contains(entry.text, wanted))
			continue;
		rc = entry.cut ? err_set(e, RC_RECORD, "it is cut short") :
		    json_parse(&j, entry.text, e);
		if (rc)
			rc = err_prefix(e, RC_STATE, "audit/%s.ndjson: line "
			    "%llu", entry.day, (unsigned long long)entry.line);
		else
			rc = each(arg, &entry, &j, e);
	}
	audit_read_close(&r);
	json_free(&j);
	return rc == RC_END ? RC_OK : rc;
}

/* ---- showing ---- */

struct show {
	struct stream_out out;
	struct arena arena;
};

/* The chain's own members say nothing to who reads it. */
static bool
is_chain(const struct json *j, uint32_t key)
{
	return json_is(j, key, SPAN("prev")) || json_is(j, key, SPAN("salt"));
}

static void
put_members(struct buf *b, const struct json *j, bool shared)
{
	buf_putc(b, '{');
	for (JSON_EACH(j, 0, key, value)) {
		if (is_chain(j, key) || (shared && json_is(j, key,
		    SPAN("records"))))
			continue;
		if (b->ptr[b->len - 1] != '{')
			buf_putc(b, ',');
		buf_span(b, json_text(j, key));
		buf_putc(b, ':');
		buf_span(b, json_text(j, value));
	}
}

/* A line for each of those that share it. */
static enum rc
show_shared(struct show *s, const struct json *j, uint32_t records,
    bool created, struct err *e)
{
	struct span uid = span_str(options.uid);
	enum rc rc = RC_OK;

	for (JSON_EACH(j, records, key, value)) {
		struct buf *b = &s->out.buf;

		if (options.uid && !json_is(j, key, uid))
			continue;
		put_members(b, j, true);
		BUF_LIT(b, ",\"uid\":");
		buf_span(b, json_text(j, key));
		json_put_key(b, created ? SPAN("digest") : SPAN("id"));
		buf_span(b, json_text(j, value));
		buf_putc(b, '}');
		rc = stream_out_line(&s->out, e);
		if (rc)
			return rc;
	}
	return rc;
}

static bool
is_meant(const struct json *j, struct arena *a)
{
	int64_t at, since;
	uint32_t run = json_get(j, 0, SPAN("run"));
	uint32_t plan = json_get(j, 0, SPAN("plan"));
	struct span wanted = span_str(options.run);

	if (options.run && !(run && json_is(j, run, wanted)) &&
	    !(plan && json_is(j, plan, wanted)))
		return false;
	if (!options.since || !clock_parse(span_str(options.since), &since))
		return true;
	return clock_parse(json_get_string(j, 0, SPAN("at"), a), &at) &&
	    at >= since;
}

static enum rc
show_line(void *arg, const struct audit_entry *entry, struct json *j,
    struct err *e)
{
	struct show *s = arg;
	uint32_t records = json_get(j, 0, SPAN("records"));
	uint32_t uid = json_get(j, 0, SPAN("uid"));

	(void)entry;
	arena_reset(&s->arena);
	if (!is_meant(j, &s->arena))
		return RC_OK;
	if (records && json_kind(j, records) == JSON_OBJECT)
		return show_shared(s, j, records, json_is(j, json_get(j, 0,
		    SPAN("type")), SPAN("created")), e);
	if (options.uid && (!uid || !json_is(j, uid, span_str(options.uid))))
		return RC_OK;
	put_members(&s->out.buf, j, false);
	buf_putc(&s->out.buf, '}');
	return stream_out_line(&s->out, e);
}

/* A day, or an instant; its day is the first file that is looked into. */
static enum rc
first_day(char day[AUDIT_DAY + 1], struct err *e)
{
	char name[AUDIT_DAY + 8];
	int64_t ignored;

	day[0] = '\0';
	if (!options.since)
		return RC_OK;
	snprintf(name, sizeof name, "%.*s.ndjson", AUDIT_DAY, options.since);
	if (!audit_is_file(name) || (options.since[AUDIT_DAY] &&
	    !clock_parse(span_str(options.since), &ignored)))
		return err_set(e, RC_CONFIG, "--since takes a day like "
		    "2026-11-20 or an instant like 2026-11-20T10:00:00Z, not "
		    "'%s'", options.since);
	memcpy(day, name, AUDIT_DAY);
	day[AUDIT_DAY] = '\0';
	return RC_OK;
}

static enum rc
show_all(struct state *s, const char *since, struct err *e)
{
	struct show show = { .arena = { .first = NULL } };
	struct buf wanted;
	enum rc rc;

	stream_out_open(&show.out, STDOUT_FILENO);
	arena_init(&show.arena);
	buf_init(&wanted, LIMIT_LINE, "uid");
	if (options.uid)
		json_put_escaped(&wanted, span_str(options.uid));
	rc = audit_lines(s, since, options.uid ? buf_view(&wanted) :
	    span_str(options.run), show_line, &show, e);
	if (!rc)
		rc = stream_out_flush(&show.out, e);
	stream_out_free(&show.out);
	arena_free(&show.arena);
	buf_free(&wanted);
	return rc;
}

/* Which is itself something that was decided. */
static enum rc
keep(struct state *s, struct err *e)
{
	bool values = strcmp(options.keep, "values") == 0;
	struct audit *a = audit_new();
	struct txn t = { .mdb = NULL };
	enum rc rc = values || strcmp(options.keep, "digests") == 0 ? RC_OK :
	    err_set(e, RC_CONFIG, "--keep takes values or digests, not '%s'",
	    options.keep);

	if (!rc)
		rc = txn_begin(&t, s, true, e);
	if (!rc)
		rc = audit_begin(a, &t, e);
	if (!rc) {
		json_put_text(audit_line(a, "keep"), "keep",
		    span_str(options.keep));
		audit_end(a);
		rc = audit_put(a, &t, e);
	}
	if (!rc)
		rc = audit_keep(&t, values, e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	audit_free(a);
	return rc;
}

void
audit_run(struct run *r)
{
	char since[AUDIT_DAY + 1];
	struct state *s = NULL;
	struct err e;
	enum rc rc = first_day(since, &e);

	if (!rc)
		rc = state_open(&s, !options.keep, &e);
	if (!rc && options.keep)
		rc = keep(s, &e);
	else if (!rc)
		rc = options.verify ? audit_verify(r, s, since, &e) :
		    show_all(s, since, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	state_close(s);
}
