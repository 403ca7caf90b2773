/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include "clock.h"

#define HOUR_MS INT64_C(3600000)
#define KEPT_HOURS (35 * 24)
#define ROW_CAP (32u << 10)
#define HOUR_TEXT 13 /* "2026-11-20T12" */

static void
put_key(struct buf *b, struct span system, struct span entity,
    struct span hour)
{
	KEY(b, SPAN("flow"), system, entity, hour);
}

static struct span
hour_of(int64_t ms, char text[CLOCK_TEXT])
{
	clock_format(ms, text);
	return span_of(text, HOUR_TEXT);
}

static enum rc
damaged(struct err *e)
{
	return err_set(e, RC_STATE, "state: a damaged row of what went in and "
	    "out; see crm-state check");
}

/* Rows of before may have fewer counts. */
static bool
add_row(struct flow *f, struct span v)
{
	uint64_t counts, n, delivered, failed;

	if (!span_take_varint(&v, &counts) || counts > FLOW_COUNTS)
		return false;
	for (size_t i = 0; i < counts; i++) {
		if (!span_take_varint(&v, &n))
			return false;
		f->n[i] += n;
	}
	if (!span_take_varint(&v, &delivered) ||
	    !span_take_varint(&v, &failed))
		return false;
	if ((int64_t)delivered > f->delivered)
		f->delivered = (int64_t)delivered;
	if ((int64_t)failed > f->failed)
		f->failed = (int64_t)failed;
	return histogram_take(&f->latency, &v);
}

static void
put_row(struct buf *b, const struct flow *f, bool latency)
{
	buf_varint(b, FLOW_COUNTS);
	for (size_t i = 0; i < FLOW_COUNTS; i++)
		buf_varint(b, f->n[i]);
	buf_varint(b, (uint64_t)f->delivered);
	buf_varint(b, (uint64_t)f->failed);
	if (latency)
		histogram_put(b, &f->latency);
}

static void
merge(struct flow *f, const struct flow *other)
{
	for (size_t i = 0; i < FLOW_COUNTS; i++)
		f->n[i] += other->n[i];
	if (other->delivered > f->delivered)
		f->delivered = other->delivered;
	if (other->failed > f->failed)
		f->failed = other->failed;
	histogram_merge(&f->latency, &other->latency);
}

/* *new: there was no such row. */
static enum rc
add_to(struct txn *t, struct buf *key, const struct flow *f, bool latency,
    bool *new, struct err *e)
{
	struct flow sum = { .delivered = 0 };
	struct span value;
	struct buf row;
	enum rc rc = txn_get(t, TABLE_META, buf_view(key), &value, e);

	*new = rc == RC_END;
	if (rc && rc != RC_END)
		return rc;
	if (!rc && !add_row(&sum, value))
		return damaged(e);
	merge(&sum, f);
	buf_init(&row, ROW_CAP, "flow row");
	put_row(&row, &sum, latency);
	rc = buf_check(&row, e);
	if (!rc)
		rc = txn_put(t, TABLE_META, buf_view(key), buf_view(&row), e);
	buf_free(&row);
	return rc;
}

/* Hours sort as they follow each other; the sum's row is before them. */
static enum rc
take_out(struct txn *t, struct span system, struct span entity,
    int64_t now, struct err *e)
{
	char text[CLOCK_TEXT];
	struct span oldest = hour_of(now - KEPT_HOURS * HOUR_MS, text);
	enum rc rc = RC_OK;
	KEY_BUF(prefix);

	put_key(&prefix, system, entity, SPAN(""));
	while (!rc) {
		struct walk w;
		KEY_BUF(key);

		put_key(&key, system, entity, SPAN("0"));
		rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
		if (!rc)
			rc = walk_from(&w, buf_view(&key), e);
		buf_reset(&key);
		if (!rc && span_cmp(span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len), oldest) >= 0)
			rc = RC_END;
		if (!rc)
			buf_span(&key, w.key);
		walk_close(&w);
		if (!rc)
			rc = txn_del(t, TABLE_META, buf_view(&key), e);
	}
	return rc == RC_END ? RC_OK : rc;
}

enum rc
flow_add(struct txn *t, struct span system, struct span entity,
    int64_t now, const struct flow *f, struct err *e)
{
	char text[CLOCK_TEXT];
	bool new;
	enum rc rc;
	KEY_BUF(key);

	put_key(&key, system, entity, hour_of(now, text));
	rc = add_to(t, &key, f, true, &new, e);
	if (!rc && new)
		rc = take_out(t, system, entity, now, e);
	buf_reset(&key);
	put_key(&key, system, entity, SPAN(""));
	return rc ? rc : add_to(t, &key, f, false, &new, e);
}

enum rc
flow_sum(struct txn *t, struct span system, struct span entity,
    int64_t since, struct flow *f, struct err *e)
{
	char text[CLOCK_TEXT];
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);
	KEY_BUF(from);

	put_key(&prefix, system, entity, SPAN(""));
	put_key(&from, system, entity, hour_of(since, text));
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_from(&w, buf_view(&from), e);
	for (; !rc; rc = walk_next(&w, e))
		if (!add_row(f, w.value)) {
			rc = damaged(e);
			break;
		}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
flow_total(struct txn *t, struct span system, struct span entity,
    struct flow *f, struct err *e)
{
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	put_key(&key, system, entity, SPAN(""));
	rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	return add_row(f, value) ? RC_OK : damaged(e);
}

enum rc
flow_each(struct txn *t, flow_visit *visit, void *arg, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, SPAN("flow"), SPAN(""));
	rc = walk_open(&w, t, TABLE_META, buf_view(&prefix), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct span rest = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);
		struct span system = key_take(&rest);
		struct span entity = key_take(&rest);

		if (!rest.len)
			rc = visit(arg, system, entity, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

uint64_t
flow_done(const struct flow *f)
{
	return f->n[FLOW_CREATED] + f->n[FLOW_UPDATED] +
	    f->n[FLOW_ARCHIVED] + f->n[FLOW_DELETED];
}

uint64_t
flow_undone(const struct flow *f)
{
	return f->n[FLOW_FAILED] + f->n[FLOW_UNSENT] + f->n[FLOW_UNKNOWN];
}
