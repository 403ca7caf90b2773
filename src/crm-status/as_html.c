/* SPDX-License-Identifier: MIT */
/* as_html: one page that needs nothing else: no script, no other file. */
#include "as.h"

#include "../lib/clock.h"
#include "judge.h"
#include "lapse.h"

static const char style[] =
	"body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:"
	"75em;padding:0 1em;color:#1a1a1a;background:#fff}\n"
	"h1{font-size:1.4em}h2{font-size:1.15em;margin-top:2em}\n"
	"table{border-collapse:collapse;width:100%}\n"
	"th,td{text-align:left;padding:.35em .7em;border-bottom:1px solid "
	"#ddd;vertical-align:top}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	".healthy,.degraded,.failed{border-radius:.3em;padding:.1em .5em;"
	"color:#fff;white-space:nowrap}\n"
	".healthy{background:#1a7f37}.degraded{background:#9a6700}"
	".failed{background:#b3261e}\n"
	"ul{margin:.3em 0 0;padding-left:1.2em}small{color:#555}\n"
	"@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:"
	"#161616}th,td{border-color:#444}small{color:#aaa}}\n";

/* What is none of ours may hold anything. */
static void
put_text(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		switch (s.ptr[i]) {
		case '<':
			BUF_LIT(b, "&lt;");
			break;
		case '>':
			BUF_LIT(b, "&gt;");
			break;
		case '&':
			BUF_LIT(b, "&amp;");
			break;
		case '"':
			BUF_LIT(b, "&quot;");
			break;
		default:
			buf_putc(b, s.ptr[i]);
		}
	}
}

static void
put_health(struct buf *b, enum health health)
{
	buf_printf(b, "<span class=\"%s\">%s</span>", judge_health[health],
	    judge_health[health]);
}

static void
put_findings(struct buf *b, const struct verdict *v)
{
	if (!v->count)
		return;
	BUF_LIT(b, "<ul>");
	for (size_t i = 0; i < v->count; i++) {
		BUF_LIT(b, "<li>");
		put_text(b, span_str(v->findings[i].text));
	}
	BUF_LIT(b, "</ul>");
}

static void
cell(struct buf *b, uint64_t n)
{
	buf_printf(b, "<td class=\"n\">%llu", (unsigned long long)n);
}

/* A share, or a dash where there is nothing to share. */
static void
cell_share(struct buf *b, uint64_t part, uint64_t whole)
{
	BUF_LIT(b, "<td class=\"n\">");
	if (whole)
		lapse_put_percent(b, lapse_share(part, whole));
	else
		BUF_LIT(b, "&ndash;");
}

static void
cell_since(struct buf *b, const struct status *s, int64_t at)
{
	BUF_LIT(b, "<td>");
	if (!at) {
		BUF_LIT(b, "never");
		return;
	}
	lapse_put(b, s->now - at);
	BUF_LIT(b, " ago<br><small>");
	clock_put(b, at);
	BUF_LIT(b, "</small>");
}

static void
cell_latency(struct buf *b, const struct histogram *l)
{
	static const unsigned percent[] = { 50, 95, 99 };

	BUF_LIT(b, "<td>");
	for (size_t i = 0; i < sizeof percent / sizeof *percent && l->count;
	    i++) {
		buf_printf(b, "%sp%u&nbsp;", i ? "<br>" : "", percent[i]);
		lapse_put(b, histogram_percentile(l, percent[i]));
	}
}

static void
cell_pending(struct buf *b, const struct status *s, const struct share *h)
{
	const struct backlog *q = &h->backlog;
	int64_t eta = backlog_eta(h, s->now);

	cell(b, backlog_depth(q));
	if (q->oldest) {
		BUF_LIT(b, "<br><small>for ");
		lapse_put(b, s->now - q->oldest);
		BUF_LIT(b, "</small>");
	}
	if (eta > 0) {
		BUF_LIT(b, "<br><small>drained in ");
		lapse_put(b, eta);
		BUF_LIT(b, "</small>");
	}
}

static void
cell_failing(struct buf *b, const struct backlog *q)
{
	cell(b, q->tried);
	for (size_t i = 0; i < q->reasons.count; i++) {
		buf_printf(b, "<br><small>%llu &times; ",
		    (unsigned long long)q->reasons.items[i].count);
		put_text(b, span_str(q->reasons.items[i].text));
		BUF_LIT(b, "</small>");
	}
}

static void
put_share(struct buf *b, const struct status *s, const struct share *h)
{
	const struct flow *f = &h->window;
	uint64_t done = flow_done(f);

	BUF_LIT(b, "<tr><td>");
	put_text(b, h->system);
	BUF_LIT(b, "<td>");
	put_text(b, h->entity);
	BUF_LIT(b, "<td>");
	put_health(b, h->verdict.health);
	put_findings(b, &h->verdict);
	cell(b, h->live);
	cell_since(b, s, h->read);
	cell(b, f->n[FLOW_READ]);
	cell(b, f->n[FLOW_CHANGED]);
	cell_since(b, s, h->total.delivered);
	cell(b, done);
	cell_share(b, done, done + flow_undone(f));
	cell_latency(b, &f->latency);
	cell_pending(b, s, h);
	cell_failing(b, &h->backlog);
	cell_share(b, h->agreeing, h->fields);
	buf_putc(b, '\n');
}

static void
put_topic(struct buf *b, const struct status *s, const struct topic *t)
{
	BUF_LIT(b, "<tr><td>");
	put_text(b, t->name);
	BUF_LIT(b, "<td>");
	put_health(b, t->verdict.health);
	put_findings(b, &t->verdict);
	cell(b, t->records);
	cell_share(b, t->matched, t->records);
	cell_share(b, t->agreeing, t->fields);
	cell(b, t->reviews);
	cell(b, t->conflicts);
	for (size_t i = 0; i < t->dispute_count; i++) {
		const struct dispute *d = &t->disputes[i];

		buf_printf(b, "<br><small>%llu &times; ",
		    (unsigned long long)d->count);
		put_text(b, d->field);
		BUF_LIT(b, ", rule ");
		put_text(b, d->rule);
		if (d->why.len) {
			BUF_LIT(b, ": ");
			put_text(b, d->why);
		}
		BUF_LIT(b, ", for ");
		lapse_put(b, s->now - d->oldest);
		BUF_LIT(b, "</small>");
	}
	buf_putc(b, '\n');
}

void
as_html(struct buf *b, const struct status *s)
{
	BUF_LIT(b, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset="
	    "\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\""
	    ">\n<title>crm: ");
	buf_printf(b, "%s</title>\n<style>\n", judge_health[s->health]);
	buf_span(b, span_str(style));
	BUF_LIT(b, "</style></head><body>\n<h1>The sync is ");
	put_health(b, s->health);
	BUF_LIT(b, "</h1>\n<p>At ");
	clock_put(b, s->now);
	BUF_LIT(b, "; in and out of the last ");
	lapse_put(b, s->now - s->since);
	BUF_LIT(b, ".</p>\n<h2>Systems</h2>\n<table><tr><th>System<th>Entity"
	    "<th>Health<th class=\"n\">Records<th>Last read<th class=\"n\">In"
	    "<th class=\"n\">Changed<th>Last delivered<th class=\"n\">Out"
	    "<th class=\"n\">Success<th>Latency<th class=\"n\">Pending"
	    "<th class=\"n\">Failing<th class=\"n\">Consistency\n");
	for (size_t i = 0; i < s->share_count; i++)
		put_share(b, s, s->shares[i]);
	BUF_LIT(b, "</table>\n<h2>Entities</h2>\n<table><tr><th>Entity<th>"
	    "Health<th class=\"n\">Records<th class=\"n\">In every system"
	    "<th class=\"n\">Consistency<th class=\"n\">To review"
	    "<th class=\"n\">Conflicts\n");
	for (size_t i = 0; i < s->topic_count; i++)
		put_topic(b, s, &s->topics[i]);
	BUF_LIT(b, "</table></body></html>\n");
}
