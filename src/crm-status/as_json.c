/* SPDX-License-Identifier: MIT */
/* as_json: one object; what cannot be told is null. */
#include "as.h"

#include "../lib/clock.h"
#include "judge.h"
#include "lapse.h"

static void
put_number(struct buf *b, const char *name, uint64_t n)
{
	json_put_key(b, span_str(name));
	buf_u64(b, n);
}

static void
put_seconds(struct buf *b, const char *name, int64_t ms)
{
	json_put_key(b, span_str(name));
	if (ms < 0)
		BUF_LIT(b, "null");
	else
		buf_printf(b, "%lld.%03lld", (long long)(ms / 1000),
		    (long long)(ms % 1000));
}

static void
put_instant(struct buf *b, const char *name, int64_t at)
{
	if (at) {
		clock_put_member(b, name, at);
		return;
	}
	json_put_key(b, span_str(name));
	BUF_LIT(b, "null");
}

static void
put_share_of(struct buf *b, const char *name, uint64_t part, uint64_t whole)
{
	json_put_key(b, span_str(name));
	if (whole)
		lapse_put_ratio(b, lapse_share(part, whole));
	else
		BUF_LIT(b, "null");
}

static void
put_verdict(struct buf *b, const struct verdict *v)
{
	json_put_text(b, "health", span_str(judge_health[v->health]));
	json_put_key(b, SPAN("why"));
	buf_putc(b, '[');
	for (size_t i = 0; i < v->count; i++) {
		buf_printf(b, "%s{\"health\":\"%s\"", i ? "," : "",
		    judge_health[v->findings[i].health]);
		json_put_text(b, "text", span_str(v->findings[i].text));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
open_member(struct buf *b, const char *name)
{
	json_put_key(b, span_str(name));
	buf_putc(b, '{');
}

static void
put_in(struct buf *b, const struct flow *f)
{
	open_member(b, "in");
	put_number(b, "read", f->n[FLOW_READ]);
	put_number(b, "changed", f->n[FLOW_CHANGED]);
	put_number(b, "rejected", f->n[FLOW_REJECTED]);
	buf_putc(b, '}');
}

static void
put_out(struct buf *b, const struct flow *f)
{
	open_member(b, "out");
	put_number(b, "created", f->n[FLOW_CREATED]);
	put_number(b, "updated", f->n[FLOW_UPDATED]);
	put_number(b, "archived", f->n[FLOW_ARCHIVED]);
	put_number(b, "deleted", f->n[FLOW_DELETED]);
	put_number(b, "refused", f->n[FLOW_FAILED]);
	put_number(b, "unsent", f->n[FLOW_UNSENT]);
	put_number(b, "unknown", f->n[FLOW_UNKNOWN]);
	put_number(b, "stale", f->n[FLOW_STALE]);
	buf_putc(b, '}');
}

static void
put_latency(struct buf *b, const struct flow *f)
{
	static const struct {
		const char *name;
		unsigned percent;
	} p[] = { { "p50", 50 }, { "p95", 95 }, { "p99", 99 } };

	open_member(b, "latency");
	put_number(b, "records", f->latency.count);
	for (size_t i = 0; i < sizeof p / sizeof *p; i++)
		put_seconds(b, p[i].name, f->latency.count ?
		    histogram_percentile(&f->latency, p[i].percent) : -1);
	put_number(b, "backlog", f->n[FLOW_BACKLOG]);
	buf_putc(b, '}');
}

static void
put_queue(struct buf *b, const struct status *s, const struct share *h)
{
	const struct backlog *q = &h->backlog;

	open_member(b, "queue");
	put_number(b, "depth", backlog_depth(q));
	put_number(b, "released", q->released);
	put_number(b, "claimed", q->claimed);
	put_number(b, "waiting", q->waiting);
	put_number(b, "held", q->held);
	put_number(b, "skipped", q->skipped);
	put_number(b, "proposed", q->proposed);
	put_number(b, "kept_back", q->kept);
	put_instant(b, "oldest", q->oldest);
	put_seconds(b, "age", q->oldest ? s->now - q->oldest : -1);
	put_seconds(b, "drained_in", backlog_eta(h, s->now));
	buf_putc(b, '}');
}

static void
put_failures(struct buf *b, const struct backlog *q)
{
	open_member(b, "failures");
	put_number(b, "records", q->tried);
	reasons_put(b, &q->reasons);
	buf_putc(b, '}');
}

static void
put_share(struct buf *b, const struct status *s, const struct share *h)
{
	uint64_t done = flow_done(&h->window);

	buf_putc(b, '{');
	json_put_text(b, "system", h->system);
	if (h->entity.len)
		json_put_text(b, "entity", h->entity);
	else
		BUF_LIT(b, ",\"entity\":null");
	put_verdict(b, &h->verdict);
	put_number(b, "records", h->live);
	put_instant(b, "last_read", h->read);
	put_instant(b, "last_full_read", h->full);
	put_instant(b, "last_delivered", h->total.delivered);
	put_instant(b, "last_failed", h->total.failed);
	put_in(b, &h->window);
	put_out(b, &h->window);
	put_share_of(b, "success_rate", done, done +
	    flow_undone(&h->window));
	put_latency(b, &h->window);
	put_queue(b, s, h);
	put_failures(b, &h->backlog);
	put_number(b, "to_read_again", h->todo);
	put_share_of(b, "consistency", h->agreeing, h->fields);
	open_member(b, "ever");
	put_in(b, &h->total);
	put_out(b, &h->total);
	BUF_LIT(b, "}}");
}

static void
put_disputes(struct buf *b, const struct topic *t)
{
	json_put_key(b, SPAN("conflicts"));
	buf_putc(b, '[');
	for (size_t i = 0; i < t->dispute_count; i++) {
		const struct dispute *d = &t->disputes[i];

		buf_printf(b, "%s{", i ? "," : "");
		json_put_text(b, "field", d->field);
		json_put_member(b, "rule", d->rule);
		json_put_member(b, "why", d->why);
		put_number(b, "count", d->count);
		put_instant(b, "oldest", d->oldest);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
put_topic(struct buf *b, const struct status *s, const struct topic *t)
{
	buf_putc(b, '{');
	json_put_text(b, "entity", t->name);
	put_verdict(b, &t->verdict);
	if (s->counted) {
		put_number(b, "systems", t->systems);
		put_number(b, "records", t->records);
		put_number(b, "matched", t->matched);
	}
	put_share_of(b, "matched_share", t->matched, t->records);
	put_share_of(b, "consistency", t->agreeing, t->fields);
	put_number(b, "in_conflict", t->conflicts);
	put_disputes(b, t);
	put_number(b, "reviews", t->reviews);
	buf_putc(b, '}');
}

static void
put_calls(struct buf *b, const char *name, uint64_t n)
{
	json_put_key(b, span_str(name));
	if (n == UINT64_MAX)
		BUF_LIT(b, "null");
	else
		buf_u64(b, n);
}

static void
put_network(struct buf *b, const struct link_state *n)
{
	bool known = n->left != UINT64_MAX;

	buf_putc(b, '{');
	json_put_text(b, "system", n->system);
	put_verdict(b, &n->verdict);
	put_calls(b, "calls_left", n->left);
	put_calls(b, "calls_a_day", n->most);
	put_instant(b, "more_at", known ? n->end : 0);
	put_instant(b, "not_asked_before", n->closed);
	buf_putc(b, '}');
}

void
as_json(struct buf *b, const struct status *s)
{
	BUF_LIT(b, "{\"type\":\"status\"");
	put_instant(b, "at", s->now);
	put_instant(b, "since", s->since);
	json_put_text(b, "health", span_str(judge_health[s->health]));
	BUF_LIT(b, ",\"systems\":[");
	for (size_t i = 0; i < s->share_count; i++) {
		if (i)
			buf_putc(b, ',');
		put_share(b, s, s->shares[i]);
	}
	BUF_LIT(b, "],\"network\":[");
	for (size_t i = 0; i < s->network_count; i++) {
		if (i)
			buf_putc(b, ',');
		put_network(b, &s->network[i]);
	}
	BUF_LIT(b, "],\"entities\":[");
	for (size_t i = 0; i < s->topic_count; i++) {
		if (i)
			buf_putc(b, ',');
		put_topic(b, s, &s->topics[i]);
	}
	BUF_LIT(b, "]}\n");
}
