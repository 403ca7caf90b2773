/* SPDX-License-Identifier: MIT */
#include "runs.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/failed.h"
#include "../lib/stream.h"
#include "../lib/xalloc.h"
#include "lapse.h"

enum count { IN_READ, IN_CHANGED, IN_REJECTED, OUT_CREATED, OUT_UPDATED,
	OUT_ARCHIVED, OUT_DELETED, OUT_FAILED, OUT_STALE, OUT_UNKNOWN,
	COUNTS };

static const char *const count_name[COUNTS] = { "read", "changed",
	"rejected", "created", "updated", "archived", "deleted", "failed",
	"stale", "unknown" };

/* All that its stages did. */
struct happened {
	struct span run, error;  /* the arena's */
	int64_t began, at;
	int exit_status;
	uint64_t n[COUNTS];
};

struct list {
	struct happened *items;  /* owned */
	size_t count, room;
	struct json json;
	struct arena arena, passing;
};

static struct happened *
add(struct list *h, struct span run)
{
	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 256;
		h->items = xrealloc(h->items, h->room * sizeof *h->items);
	}
	h->items[h->count] = (struct happened){ .run = arena_dup(&h->arena,
	    run) };
	return &h->items[h->count++];
}

/* The highest of 4, 2, 3, 1 wins. */
static int
worse(int a, int b)
{
	static const int rank[] = { 0, 1, 3, 2, 4 };
	int x = a >= 0 && a <= 4 ? rank[a] : 4;
	int y = b >= 0 && b <= 4 ? rank[b] : 4;

	return x > y ? a : b;
}

/* What every stage's row says. */
static void
take_ends(struct list *h, struct happened *it)
{
	const struct json *j = &h->json;
	int64_t at = 0, began;

	if (!clock_parse(json_get_string(j, 0, SPAN("at"), &h->passing),
	    &at))
		return;
	if (!clock_parse(json_get_string(j, 0, SPAN("began"), &h->passing),
	    &began))
		began = at;
	if (!it->began || began < it->began)
		it->began = began;
	if (at > it->at)
		it->at = at;
	it->exit_status = worse(it->exit_status, (int)json_get_int(j, 0,
	    SPAN("exit"), 0));
}

static uint64_t
number(const struct json *j, uint32_t node, struct span name)
{
	int64_t n = json_get_int(j, node, name, 0);

	return n > 0 ? (uint64_t)n : 0;
}

static void
take_stages(const struct json *j, uint32_t stages, struct happened *it)
{
	if (!stages || json_kind(j, stages) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(j, stages, stage)) {
		it->n[IN_READ] += number(j, stage, SPAN("read"));
		it->n[IN_CHANGED] += number(j, stage, SPAN("creates")) +
		    number(j, stage, SPAN("updates")) +
		    number(j, stage, SPAN("deletes"));
		it->n[IN_REJECTED] += number(j, stage, SPAN("rejected"));
	}
}

static void
take_row(struct list *h, struct happened *it)
{
	const struct json *j = &h->json;
	uint32_t sections = json_get(j, 0, SPAN("sections"));

	take_ends(h, it);
	take_stages(j, json_get(j, 0, SPAN("stages")), it);
	if (sections && json_kind(j, sections) == JSON_ARRAY)
		for (JSON_ITEMS(j, sections, section))
			take_stages(j, json_get(j, section, SPAN("stages")),
			    it);
	for (size_t i = OUT_CREATED; i < COUNTS; i++)
		it->n[i] += number(j, 0, span_str(count_name[i]));
}

/* Rows of a run follow each other. */
static enum rc
take_rows(struct list *h, struct txn *t, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_RUN, SPAN(""), e);

	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct span key = w.key, run = key_take(&key);
		struct happened *it = h->count ? &h->items[h->count - 1] :
		    NULL;

		arena_reset(&h->passing);
		if (!it || !span_eq(it->run, run))
			it = add(h, run);
		rc = json_parse(&h->json, w.value, e);
		if (rc)
			rc = err_prefix(e, RC_STATE, "state: a damaged run");
		else
			take_row(h, it);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

static struct happened *
find(struct list *h, struct span run)
{
	for (size_t i = h->count; i > 0; i--)
		if (span_eq(h->items[i - 1].run, run))
			return &h->items[i - 1];
	return add(h, run);
}

/* What a crash cut is no line. */
static void
take_failure(struct list *h, struct span line)
{
	struct happened *it;
	struct span run, error;
	struct err ignored;

	arena_reset(&h->passing);
	if (json_parse(&h->json, line, &ignored) != RC_OK ||
	    json_kind(&h->json, 0) != JSON_OBJECT)
		return;
	run = json_get_string(&h->json, 0, SPAN("run"), &h->passing);
	if (!run.len)
		return;
	it = find(h, run);
	take_ends(h, it);
	error = json_get_string(&h->json, 0, SPAN("error"), &h->passing);
	if (!it->error.len)
		it->error = arena_dup(&h->arena, error);
}

static enum rc
take_failures(struct list *h, struct err *e)
{
	struct buf text;
	struct span rest;
	enum rc rc;

	buf_init(&text, FAILED_CAP, "failed runs");
	rc = failed_read(&text, e);
	rest = buf_view(&text);
	while (!rc && rest.len)
		take_failure(h, span_cut(&rest, '\n'));
	buf_free(&text);
	return rc;
}

static int
order(const void *a, const void *b)
{
	const struct happened *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return span_cmp(x->run, y->run);
}

/* ---- lines ---- */

static const char *
result(const struct happened *it)
{
	static const char *const names[] = { "done", "partly", "refused",
		"failed", "stopped" };

	return names[it->exit_status >= 0 && it->exit_status <= 4 ?
	    it->exit_status : 4];
}

static void
put_json(struct buf *b, const struct happened *it)
{
	int64_t took = it->at - it->began;

	BUF_LIT(b, "{\"type\":\"run\"");
	json_put_text(b, "run", it->run);
	clock_put_member(b, "began", it->began);
	clock_put_member(b, "ended", it->at);
	buf_printf(b, ",\"seconds\":%lld.%03lld,\"exit\":%d",
	    (long long)(took / 1000), (long long)(took % 1000),
	    it->exit_status);
	json_put_text(b, "result", span_str(result(it)));
	for (size_t i = 0; i < COUNTS; i++) {
		json_put_key(b, span_str(count_name[i]));
		buf_u64(b, it->n[i]);
	}
	json_put_member(b, "error", it->error);
	buf_putc(b, '}');
}

static void
put_text(struct buf *b, const struct happened *it)
{
	size_t said = 0;

	clock_put(b, it->began);
	buf_printf(b, "  %-7s  ", result(it));
	lapse_put(b, it->at - it->began);
	buf_printf(b, "  %.*s: ", SPAN_ARG(it->run));
	for (size_t i = 0; i < COUNTS; i++)
		if (it->n[i])
			buf_printf(b, "%s%llu %s", said++ ? ", " : "",
			    (unsigned long long)it->n[i], count_name[i]);
	if (it->error.len)
		buf_printf(b, "%s%.*s", said++ ? "; " : "",
		    SPAN_ARG(it->error));
	if (!said)
		BUF_LIT(b, "nothing");
}

static enum rc
print(struct list *h, size_t last, bool json, struct err *e)
{
	struct stream_out out;
	enum rc rc = RC_OK;

	stream_out_open(&out, STDOUT_FILENO);
	if (h->count)
		qsort(h->items, h->count, sizeof *h->items, order);
	for (size_t i = h->count > last ? h->count - last : 0; i < h->count &&
	    !rc; i++) {
		(json ? put_json : put_text)(&out.buf, &h->items[i]);
		rc = stream_out_line(&out, e);
	}
	if (!rc)
		rc = stream_out_flush(&out, e);
	stream_out_free(&out);
	return rc;
}

enum rc
runs_list(struct state *s, size_t last, bool json, struct err *e)
{
	struct list h = { .count = 0 };
	struct txn t;
	enum rc rc = txn_begin(&t, s, false, e);

	json_init(&h.json);
	arena_init(&h.arena);
	arena_init(&h.passing);
	if (!rc)
		rc = take_rows(&h, &t, e);
	txn_abort(&t);
	if (!rc)
		rc = take_failures(&h, e);
	if (!rc)
		rc = print(&h, last, json, e);
	json_free(&h.json);
	arena_free(&h.arena);
	arena_free(&h.passing);
	free(h.items);
	return rc;
}
