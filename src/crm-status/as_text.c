/* SPDX-License-Identifier: MIT */
/* as_text: for people; a block for each system and entity, and each entity. */
#include "as.h"

#include "../lib/clock.h"
#include "judge.h"
#include "lapse.h"

static void
put_name(struct buf *b, const struct share *h)
{
	buf_span(b, h->system);
	if (h->entity.len) {
		buf_putc(b, ' ');
		buf_span(b, h->entity);
	}
}

/* "  label      " */
static void
begin(struct buf *b, const char *label)
{
	buf_printf(b, "  %-10s ", label);
}

static void
put_since(struct buf *b, const struct status *s, int64_t at)
{
	lapse_put(b, s->now - at);
	BUF_LIT(b, " ago (");
	clock_put(b, at);
	buf_putc(b, ')');
}

/* "12 created, 3 updated": those that are any; *n counts them. */
static void
put_count(struct buf *b, size_t *n, uint64_t count, const char *what)
{
	if (count)
		buf_printf(b, "%s%llu %s", (*n)++ ? ", " : "",
		    (unsigned long long)count, what);
}

static void
put_findings(struct buf *b, const struct verdict *v)
{
	for (size_t i = 0; i < v->count; i++) {
		begin(b, judge_health[v->findings[i].health]);
		buf_printf(b, "%s\n", v->findings[i].text);
	}
}

static void
put_read(struct buf *b, const struct status *s, const struct share *h)
{
	begin(b, "records");
	buf_printf(b, "%llu linked", (unsigned long long)h->live);
	if (s->counted && h->fields) {
		BUF_LIT(b, "; consistency ");
		lapse_put_percent(b, lapse_share(h->agreeing, h->fields));
	}
	buf_putc(b, '\n');
	begin(b, "read");
	if (h->read)
		put_since(b, s, h->read);
	else
		BUF_LIT(b, "never");
	if (h->full && h->full != h->read) {
		BUF_LIT(b, ", all of it ");
		put_since(b, s, h->full);
	}
	if (h->todo)
		buf_printf(b, "; %llu to be read again",
		    (unsigned long long)h->todo);
	buf_putc(b, '\n');
}

static void
put_in(struct buf *b, const struct share *h)
{
	const uint64_t *in = h->window.n;

	if (!in[FLOW_READ] && !in[FLOW_CHANGED] && !in[FLOW_REJECTED])
		return;
	begin(b, "in");
	buf_printf(b, "%llu read, %llu changed", (unsigned long long)
	    in[FLOW_READ], (unsigned long long)in[FLOW_CHANGED]);
	if (in[FLOW_REJECTED])
		buf_printf(b, ", %llu rejected", (unsigned long long)
		    in[FLOW_REJECTED]);
	buf_putc(b, '\n');
}

static void
put_out(struct buf *b, const struct status *s, const struct share *h)
{
	const struct flow *f = &h->window;
	uint64_t done = flow_done(f), undone = flow_undone(f);
	size_t n = 0;

	if (!done && !undone && !f->n[FLOW_STALE] && !h->total.delivered)
		return;
	begin(b, "out");
	put_count(b, &n, f->n[FLOW_CREATED], "created");
	put_count(b, &n, f->n[FLOW_UPDATED], "updated");
	put_count(b, &n, f->n[FLOW_ARCHIVED], "archived");
	put_count(b, &n, f->n[FLOW_DELETED], "deleted");
	put_count(b, &n, f->n[FLOW_FAILED], "refused");
	put_count(b, &n, f->n[FLOW_UNSENT], "not sent");
	put_count(b, &n, f->n[FLOW_UNKNOWN], "unanswered");
	put_count(b, &n, f->n[FLOW_STALE], "stale");
	if (!n)
		BUF_LIT(b, "nothing");
	if (done + undone) {
		BUF_LIT(b, "; success rate ");
		lapse_put_percent(b, lapse_share(done, done + undone));
	}
	if (h->total.delivered) {
		BUF_LIT(b, "; last ");
		put_since(b, s, h->total.delivered);
	}
	buf_putc(b, '\n');
}

static void
put_latency(struct buf *b, const struct share *h)
{
	static const unsigned percent[] = { 50, 95, 99 };
	const struct histogram *l = &h->window.latency;

	if (!l->count)
		return;
	begin(b, "latency");
	for (size_t i = 0; i < sizeof percent / sizeof *percent; i++) {
		buf_printf(b, "%sp%u ", i ? ", " : "", percent[i]);
		lapse_put(b, histogram_percentile(l, percent[i]));
	}
	buf_printf(b, " (%llu record%s)\n", (unsigned long long)l->count,
	    l->count == 1 ? "" : "s");
}

static void
put_backlog(struct buf *b, const struct status *s, const struct share *h)
{
	const struct backlog *q = &h->backlog;
	int64_t eta = backlog_eta(h, s->now);
	size_t n = 0;

	if (!backlog_depth(q))
		return;
	begin(b, "pending");
	put_count(b, &n, q->released, "released");
	put_count(b, &n, q->claimed, "being sent");
	put_count(b, &n, q->waiting, "waiting for the next attempt");
	put_count(b, &n, q->held, "held");
	put_count(b, &n, q->skipped, "skipped");
	put_count(b, &n, q->proposed, "proposed");
	put_count(b, &n, q->kept, "kept back");
	if (q->oldest) {
		BUF_LIT(b, "; the longest for ");
		lapse_put(b, s->now - q->oldest);
	}
	if (eta > 0) {
		BUF_LIT(b, "; drained in about ");
		lapse_put(b, eta);
	}
	buf_putc(b, '\n');
}

static void
put_failing(struct buf *b, const struct share *h)
{
	const struct reasons *r = &h->backlog.reasons;

	if (!h->backlog.tried)
		return;
	begin(b, "failing");
	buf_printf(b, "%llu tried in vain\n",
	    (unsigned long long)h->backlog.tried);
	for (size_t i = 0; i < r->count; i++) {
		begin(b, "");
		buf_printf(b, "%llu x %s\n", (unsigned long long)
		    r->items[i].count, r->items[i].text);
	}
	if (r->others) {
		begin(b, "");
		buf_printf(b, "%llu x other reasons\n",
		    (unsigned long long)r->others);
	}
}

static void
put_share(struct buf *b, const struct status *s, const struct share *h)
{
	buf_putc(b, '\n');
	put_name(b, h);
	buf_printf(b, ": %s\n", judge_health[h->verdict.health]);
	put_findings(b, &h->verdict);
	if (!h->entity.len)
		return;
	put_read(b, s, h);
	put_in(b, h);
	put_out(b, s, h);
	put_latency(b, h);
	put_backlog(b, s, h);
	put_failing(b, h);
}

static void
put_disputes(struct buf *b, const struct status *s, const struct topic *t)
{
	uint64_t rest = t->conflicts;

	if (!t->conflicts)
		return;
	begin(b, "conflicts");
	buf_printf(b, "%llu\n", (unsigned long long)t->conflicts);
	for (size_t i = 0; i < t->dispute_count; i++) {
		const struct dispute *d = &t->disputes[i];

		begin(b, "");
		buf_printf(b, "%llu x %.*s, rule %.*s",
		    (unsigned long long)d->count, SPAN_ARG(d->field),
		    SPAN_ARG(d->rule.len ? d->rule : SPAN("?")));
		if (d->why.len)
			buf_printf(b, " (%.*s)", SPAN_ARG(d->why));
		BUF_LIT(b, "; the longest for ");
		lapse_put(b, s->now - d->oldest);
		buf_putc(b, '\n');
		rest -= d->count;
	}
	if (rest) {
		begin(b, "");
		buf_printf(b, "%llu x others\n", (unsigned long long)rest);
	}
}

static void
put_topic(struct buf *b, const struct status *s, const struct topic *t)
{
	buf_putc(b, '\n');
	buf_span(b, t->name);
	buf_printf(b, ": %s\n", judge_health[t->verdict.health]);
	put_findings(b, &t->verdict);
	if (s->counted) {
		begin(b, "matched");
		buf_printf(b, "%llu of %llu records are in every system (%zu)",
		    (unsigned long long)t->matched,
		    (unsigned long long)t->records, t->systems);
		if (t->records) {
			BUF_LIT(b, ", ");
			lapse_put_percent(b, lapse_share(t->matched,
			    t->records));
		}
		buf_putc(b, '\n');
	}
	if (s->counted && t->fields) {
		begin(b, "consistent");
		buf_printf(b, "%llu of %llu fields, ", (unsigned long long)
		    t->agreeing, (unsigned long long)t->fields);
		lapse_put_percent(b, lapse_share(t->agreeing, t->fields));
		buf_putc(b, '\n');
	}
	put_disputes(b, s, t);
	if (t->reviews) {
		begin(b, "reviews");
		buf_printf(b, "%llu records of which a person has to say who "
		    "they are\n", (unsigned long long)t->reviews);
	}
}

static void
put_network(struct buf *b, const struct link_state *n)
{
	buf_span(b, n->system);
	BUF_LIT(b, " network\n");
	if (n->left != UINT64_MAX) {
		begin(b, "calls");
		buf_printf(b, "%llu", (unsigned long long)n->left);
		if (n->most != UINT64_MAX)
			buf_printf(b, " of %llu",
			    (unsigned long long)n->most);
		BUF_LIT(b, " left until ");
		clock_put(b, n->end);
		buf_putc(b, '\n');
	}
	put_findings(b, &n->verdict);
}

void
as_text(struct buf *b, const struct status *s)
{
	buf_printf(b, "%s at ", judge_health[s->health]);
	clock_put(b, s->now);
	BUF_LIT(b, "; in and out of the last ");
	lapse_put(b, s->now - s->since);
	buf_putc(b, '\n');
	for (size_t i = 0; i < s->share_count; i++)
		put_share(b, s, s->shares[i]);
	for (size_t i = 0; i < s->network_count; i++)
		put_network(b, &s->network[i]);
	for (size_t i = 0; i < s->topic_count; i++)
		put_topic(b, s, &s->topics[i]);
}

static void
put_worst(struct buf *b, struct span name, const struct verdict *v,
    int health, size_t *said)
{
	for (size_t i = 0; i < v->count; i++)
		if ((int)v->findings[i].health == health)
			buf_printf(b, "%s%.*s %s", (*said)++ ? "; " : ": ",
			    SPAN_ARG(name), v->findings[i].text);
}

/* The worst come first; one line holds a few. */
void
as_text_line(struct buf *b, const struct status *s)
{
	size_t said = 0;

	BUF_LIT(b, "crm: ");
	buf_printf(b, "%s", judge_health[s->health]);
	for (int health = FAILED; health > HEALTHY; health--) {
		for (size_t i = 0; i < s->share_count; i++) {
			const struct share *h = s->shares[i];
			const struct verdict *v = &h->verdict;

			for (size_t k = 0; k < v->count; k++) {
				if ((int)v->findings[k].health != health)
					continue;
				buf_printf(b, said++ ? "; " : ": ");
				put_name(b, h);
				buf_printf(b, " %s", v->findings[k].text);
			}
		}
		for (size_t i = 0; i < s->network_count; i++)
			put_worst(b, s->network[i].system,
			    &s->network[i].verdict, health, &said);
		for (size_t i = 0; i < s->topic_count; i++)
			put_worst(b, s->topics[i].name,
			    &s->topics[i].verdict, health, &said);
	}
	buf_putc(b, '\n');
}
