/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include "../lib/clock.h"
#include "lapse.h"

const char *const judge_health[] = { "healthy", "degraded", "failed" };

/* ---- thresholds as text ---- */

static bool
parse_one(struct span text, enum threshold_kind kind, int64_t *value)
{
	*value = 0;
	if (!text.len || span_eq(text, SPAN("-"))) {
		*value = THRESHOLD_NEVER;
		return true;
	}
	if (kind == THRESHOLD_TIME)
		return lapse_parse(text, value);
	if (kind == THRESHOLD_PERCENT)
		return lapse_parse_percent(text, value);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || i == 18)
			return false;
		*value = *value * 10 + (text.ptr[i] - '0');
	}
	return true;
}

enum rc
judge_parse(const char *name, const char *text, enum threshold_kind kind,
    struct threshold *t, struct err *e)
{
	static const char *const example[] = { "1h:24h", "10:1000",
		"99:90.5" };
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	bool turned;

	if (!len || !parse_one(span_of(text, len), kind, &t->warn) ||
	    !parse_one(span_str(colon ? colon + 1 : NULL), kind, &t->fail))
		return err_set(e, RC_CONFIG, "--%s takes WARN:FAIL as in %s, "
		    "or - for never, not '%s'", name, example[kind], text);
	turned = kind == THRESHOLD_PERCENT ? t->fail > t->warn :
	    t->fail < t->warn;
	if (t->warn != THRESHOLD_NEVER && t->fail != THRESHOLD_NEVER &&
	    turned)
		return err_set(e, RC_CONFIG, "--%s %s: failed would come "
		    "before degraded", name, text);
	return RC_OK;
}

/* ---- judging ---- */

static enum health
above(const struct threshold *t, int64_t value)
{
	if (t->fail != THRESHOLD_NEVER && value >= t->fail)
		return FAILED;
	return t->warn != THRESHOLD_NEVER && value >= t->warn ? DEGRADED :
	    HEALTHY;
}

static enum health
below(const struct threshold *t, int64_t value)
{
	if (t->fail != THRESHOLD_NEVER && value < t->fail)
		return FAILED;
	return t->warn != THRESHOLD_NEVER && value < t->warn ? DEGRADED :
	    HEALTHY;
}

/* b holds the words. */
static void
find(struct verdict *v, enum health health, struct buf *b)
{
	struct finding *f = &v->findings[v->count];

	if (health == HEALTHY || v->count == FINDINGS)
		return;
	if (health > v->health)
		v->health = health;
	f->health = health;
	memcpy(f->text, b->ptr, b->len < FINDING_TEXT - 1 ? b->len :
	    FINDING_TEXT - 1);
	v->count++;
}

#define WORDS(name)                                                         \
	char name##_room[FINDING_TEXT];                                     \
	struct buf name = { .ptr = name##_room, .room = FINDING_TEXT,       \
		.cap = FINDING_TEXT, .what = "finding" }

static void
find_lapse(struct verdict *v, const struct threshold *t, const char *what,
    int64_t ms)
{
	WORDS(b);

	buf_printf(&b, "%s ", what);
	lapse_put(&b, ms);
	find(v, above(t, ms), &b);
}

static void
find_number(struct verdict *v, const struct threshold *t, const char *what,
    uint64_t n)
{
	int64_t value = n < INT64_MAX ? (int64_t)n : INT64_MAX;
	WORDS(b);

	buf_printf(&b, "%llu %s", (unsigned long long)n, what);
	if (n)
		find(v, above(t, value), &b);
}

static void
find_share(struct verdict *v, const struct threshold *t, const char *what,
    uint64_t part, uint64_t whole)
{
	int64_t share = whole ? lapse_share(part, whole) : 0;
	WORDS(b);

	buf_printf(&b, "%s ", what);
	lapse_put_percent(&b, share);
	if (whole)
		find(v, below(t, share), &b);
}

/* An export that is read by hand may be silent. */
static void
judge_silence(struct share *h, const struct thresholds *t, int64_t now)
{
	WORDS(b);

	if (!h->declared)
		return;
	if (h->read) {
		find_lapse(&h->verdict, &t->silence, "not read for",
		    now - h->read);
		return;
	}
	BUF_LIT(&b, "never read");
	find(&h->verdict, DEGRADED, &b);
}

static void
judge_share(struct share *h, const struct thresholds *t, int64_t now)
{
	const struct backlog *q = &h->backlog;
	struct verdict *v = &h->verdict;
	uint64_t done = flow_done(&h->window);

	judge_silence(h, t, now);
	if (q->oldest)
		find_lapse(v, &t->wait, "pending for", now - q->oldest);
	find_number(v, &t->queue, "pending", backlog_drains(q));
	find_number(v, &t->failures, "tried in vain", q->tried);
	find_share(v, &t->success, "success rate", done, done +
	    flow_undone(&h->window));
	if (h->window.latency.count)
		find_lapse(v, &t->latency, "latency p95",
		    histogram_percentile(&h->window.latency, 95));
	find_share(v, &t->consistency, "consistency", h->agreeing,
	    h->fields);
}

/* Both pass by themselves. */
static void
judge_network(struct link_state *n)
{
	WORDS(closed);
	WORDS(spent);

	if (n->closed) {
		BUF_LIT(&closed, "fails, and is not asked before ");
		clock_put(&closed, n->closed);
		find(&n->verdict, DEGRADED, &closed);
	}
	if (!n->left) {
		BUF_LIT(&spent, "has no calls left before ");
		clock_put(&spent, n->end);
		find(&n->verdict, DEGRADED, &spent);
	}
}

void
judge(struct status *s, const struct thresholds *t)
{
	for (size_t i = 0; i < s->share_count; i++) {
		struct share *h = s->shares[i];

		judge_share(h, t, s->now);
		if (h->verdict.health > s->health)
			s->health = h->verdict.health;
	}
	for (size_t i = 0; i < s->network_count; i++) {
		judge_network(&s->network[i]);
		if (s->network[i].verdict.health > s->health)
			s->health = s->network[i].verdict.health;
	}
	for (size_t i = 0; i < s->topic_count; i++) {
		struct topic *p = &s->topics[i];

		find_number(&p->verdict, &t->conflicts, "conflicts",
		    p->conflicts + p->reviews);
		if (p->verdict.health > s->health)
			s->health = p->verdict.health;
	}
}
