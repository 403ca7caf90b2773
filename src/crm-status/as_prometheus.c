/* SPDX-License-Identifier: MIT */
/* as_prometheus: the text form that Prometheus and its kin scrape. */
#include "as.h"

#include "judge.h"
#include "lapse.h"

/* A label's value: backslash, quote and line end are escaped. */
static void
put_label(struct buf *b, const char *name, struct span value)
{
	bool first = b->len && b->ptr[b->len - 1] == '{';

	buf_printf(b, "%s%s=\"", first ? "" : ",", name);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '\\' || c == '"')
			buf_putc(b, '\\');
		if (c == '\n')
			BUF_LIT(b, "\\n");
		else
			buf_putc(b, c);
	}
	buf_putc(b, '"');
}

static void
put_head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* "name{system="…",entity="…"": the caller may add labels. */
static void
begin(struct buf *b, const char *name, const struct share *h)
{
	buf_printf(b, "%s{", name);
	put_label(b, "system", h->system);
	put_label(b, "entity", h->entity);
}

static void
end_number(struct buf *b, uint64_t n)
{
	buf_printf(b, "} %llu\n", (unsigned long long)n);
}

static void
end_seconds(struct buf *b, int64_t ms)
{
	buf_printf(b, "} %lld.%03lld\n", (long long)(ms / 1000),
	    (long long)(ms % 1000));
}

static void
end_share(struct buf *b, uint64_t part, uint64_t whole)
{
	BUF_LIT(b, "} ");
	lapse_put_ratio(b, lapse_share(part, whole));
	buf_putc(b, '\n');
}

/* ---- one metric over all systems ---- */

struct metric {
	const char *name, *type, *help;
	void (*put)(struct buf *b, const struct status *s,
	    const struct share *h, const char *name);
};

static void
put_health(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	(void)s;
	begin(b, name, h);
	end_number(b, h->verdict.health);
}

static void
put_records(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	(void)s;
	begin(b, name, h);
	end_number(b, h->live);
}

static void
put_read(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	(void)s;
	if (!h->read)
		return;
	begin(b, name, h);
	end_seconds(b, h->read);
}

static void
put_delivered(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	(void)s;
	if (!h->total.delivered)
		return;
	begin(b, name, h);
	end_seconds(b, h->total.delivered);
}

static void
put_counts(struct buf *b, const struct share *h, const char *name,
    const char *label, const enum flow_count *kinds,
    const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		begin(b, name, h);
		put_label(b, label, span_str(names[i]));
		end_number(b, h->total.n[kinds[i]]);
	}
}

static void
put_in(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	static const enum flow_count kinds[] = { FLOW_READ, FLOW_CHANGED,
		FLOW_REJECTED };
	static const char *const names[] = { "read", "changed", "rejected" };

	(void)s;
	put_counts(b, h, name, "kind", kinds, names, 3);
}

static void
put_out(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	static const enum flow_count kinds[] = { FLOW_CREATED, FLOW_UPDATED,
		FLOW_ARCHIVED, FLOW_DELETED };
	static const char *const names[] = { "create", "update", "archive",
		"delete" };

	(void)s;
	put_counts(b, h, name, "op", kinds, names, 4);
}

static void
put_undone(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	static const enum flow_count kinds[] = { FLOW_FAILED, FLOW_UNSENT,
		FLOW_UNKNOWN, FLOW_STALE };
	static const char *const names[] = { "refused", "unsent", "unknown",
		"stale" };

	(void)s;
	put_counts(b, h, name, "reason", kinds, names, 4);
}

static void
put_pending(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	const struct backlog *q = &h->backlog;
	const struct {
		const char *standing;
		uint64_t n;
	} all[] = {
		{ "released", q->released }, { "claimed", q->claimed },
		{ "waiting", q->waiting }, { "held", q->held },
		{ "skipped", q->skipped }, { "proposed", q->proposed },
		{ "kept_back", q->kept }
	};

	(void)s;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		begin(b, name, h);
		put_label(b, "status", span_str(all[i].standing));
		end_number(b, all[i].n);
	}
}

static void
put_age(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	begin(b, name, h);
	end_seconds(b, h->backlog.oldest ? s->now - h->backlog.oldest : 0);
}

static void
put_eta(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	int64_t eta = backlog_eta(h, s->now);

	if (eta < 0)
		return;
	begin(b, name, h);
	end_seconds(b, eta);
}

static void
put_failing(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	(void)s;
	begin(b, name, h);
	end_number(b, h->backlog.tried);
}

static void
put_todo(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	(void)s;
	begin(b, name, h);
	end_number(b, h->todo);
}

static void
put_success(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	uint64_t done = flow_done(&h->window);
	uint64_t tried = done + flow_undone(&h->window);

	(void)s;
	if (!tried)
		return;
	begin(b, name, h);
	end_share(b, done, tried);
}

static void
put_latency(struct buf *b, const struct status *s, const struct share *h,
    const char *name)
{
	static const struct {
		const char *quantile;
		unsigned percent;
	} p[] = { { "0.5", 50 }, { "0.95", 95 }, { "0.99", 99 } };
	const struct histogram *l = &h->window.latency;

	(void)s;
	for (size_t i = 0; i < sizeof p / sizeof *p && l->count; i++) {
		begin(b, name, h);
		put_label(b, "quantile", span_str(p[i].quantile));
		end_seconds(b, histogram_percentile(l, p[i].percent));
	}
}

static void
put_consistency(struct buf *b, const struct status *s,
    const struct share *h, const char *name)
{
	(void)s;
	if (!h->fields)
		return;
	begin(b, name, h);
	end_share(b, h->agreeing, h->fields);
}

static const struct metric metrics[] = {
	{ "crm_health", "gauge", "0 healthy, 1 degraded, 2 failed",
	    put_health },
	{ "crm_records", "gauge", "records linked there", put_records },
	{ "crm_last_read_timestamp_seconds", "gauge",
	    "when it was last read", put_read },
	{ "crm_last_delivered_timestamp_seconds", "gauge",
	    "when something was last delivered", put_delivered },
	{ "crm_in_records_total", "counter", "records that came in", put_in },
	{ "crm_delivered_records_total", "counter", "records delivered",
	    put_out },
	{ "crm_undelivered_attempts_total", "counter",
	    "attempts that came to nothing", put_undone },
	{ "crm_pending_records", "gauge", "records it is to be told about",
	    put_pending },
	{ "crm_pending_age_seconds", "gauge",
	    "how long the longest waits for a loader", put_age },
	{ "crm_pending_drain_seconds", "gauge",
	    "until those are delivered, at the last pace", put_eta },
	{ "crm_failing_records", "gauge", "records tried in vain",
	    put_failing },
	{ "crm_to_read_again_records", "gauge", "records to be read again",
	    put_todo },
	{ "crm_success_ratio", "gauge",
	    "of what was tried within the window", put_success },
	{ "crm_latency_seconds", "gauge",
	    "from change to receipt, within the window", put_latency },
	{ "crm_consistency_ratio", "gauge", "fields that show what was agreed",
	    put_consistency },
};

/* ---- entities ---- */

static void
put_topics(struct buf *b, const struct status *s)
{
	put_head(b, "crm_reviews", "gauge",
	    "records of which a person has to say who they are");
	for (size_t i = 0; i < s->topic_count; i++) {
		BUF_LIT(b, "crm_reviews{");
		put_label(b, "entity", s->topics[i].name);
		end_number(b, s->topics[i].reviews);
	}
	put_head(b, "crm_matched_ratio", "gauge",
	    "records that are in every system");
	for (size_t i = 0; i < s->topic_count; i++) {
		const struct topic *t = &s->topics[i];

		if (!s->counted || !t->records)
			continue;
		BUF_LIT(b, "crm_matched_ratio{");
		put_label(b, "entity", t->name);
		end_share(b, t->matched, t->records);
	}
}

static void
put_conflicts(struct buf *b, const struct status *s)
{
	put_head(b, "crm_conflicts", "gauge",
	    "fields that wait for a person");
	for (size_t i = 0; i < s->topic_count; i++) {
		const struct topic *t = &s->topics[i];

		for (size_t k = 0; k < t->dispute_count; k++) {
			const struct dispute *d = &t->disputes[k];

			BUF_LIT(b, "crm_conflicts{");
			put_label(b, "entity", t->name);
			put_label(b, "field", d->field);
			put_label(b, "rule", d->rule);
			put_label(b, "why", d->why);
			end_number(b, d->count);
		}
	}
}

static void
put_network(struct buf *b, const struct status *s)
{
	if (s->network_count)
		put_head(b, "crm_calls_left", "gauge",
		    "calls of the day that are left to us");
	for (size_t i = 0; i < s->network_count; i++) {
		if (s->network[i].left == UINT64_MAX)
			continue;
		BUF_LIT(b, "crm_calls_left{");
		put_label(b, "system", s->network[i].system);
		end_number(b, s->network[i].left);
	}
	if (s->network_count)
		put_head(b, "crm_not_asked", "gauge",
		    "1 while it failed too often to be asked");
	for (size_t i = 0; i < s->network_count; i++) {
		BUF_LIT(b, "crm_not_asked{");
		put_label(b, "system", s->network[i].system);
		end_number(b, s->network[i].closed != 0);
	}
}

void
as_prometheus(struct buf *b, const struct status *s)
{
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
		const struct metric *m = &metrics[i];

		put_head(b, m->name, m->type, m->help);
		for (size_t k = 0; k < s->share_count; k++)
			m->put(b, s, s->shares[k], m->name);
	}
	put_network(b, s);
	put_conflicts(b, s);
	put_topics(b, s);
}
