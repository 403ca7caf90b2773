/* SPDX-License-Identifier: MIT */
/* survey: who there is, what was read of it, and what went in and out. */
#include "status.h"

#include <stdlib.h>

#include "../lib/clock.h"
#include "../lib/review.h"
#include "../lib/xalloc.h"

#define TOPICS 256

/* ---- who there is ---- */

static bool
is_declared(const struct status *s, struct span system)
{
	for (size_t i = 0; i < s->systems.count; i++)
		if (span_eq(s->systems.items[i].name, system))
			return s->systems.items[i].enabled;
	return false;
}

struct topic *
survey_topic(struct status *s, struct span entity)
{
	size_t at = 0;
	int order = 1;

	if (!s->topics)
		s->topics = xcalloc(TOPICS, sizeof *s->topics);
	while (at < s->topic_count) {
		order = span_cmp(s->topics[at].name, entity);
		if (order >= 0)
			break;
		at++;
	}
	if (at < s->topic_count && order == 0)
		return &s->topics[at];
	if (s->topic_count == TOPICS)
		return NULL;
	memmove(&s->topics[at + 1], &s->topics[at], (s->topic_count - at) *
	    sizeof *s->topics);
	s->topic_count++;
	s->topics[at] = (struct topic){ .name = arena_dup(&s->arena,
	    entity) };
	return &s->topics[at];
}

static int
compare(const struct share *h, struct span system, struct span entity)
{
	int order = span_cmp(h->system, system);

	return order ? order : span_cmp(h->entity, entity);
}

static struct share *
new_share(struct status *s, struct span system, struct span entity)
{
	struct share *h = xcalloc(1, sizeof *h);

	h->system = arena_dup(&s->arena, system);
	h->entity = arena_dup(&s->arena, entity);
	h->declared = is_declared(s, system);
	if (!name_find(s->state, system, &h->id))
		h->id = NO_ID;
	return h;
}

struct share *
survey_share(struct status *s, struct span system, struct span entity)
{
	size_t at = 0;
	int order = 1;

	while (at < s->share_count) {
		order = compare(s->shares[at], system, entity);
		if (order >= 0)
			break;
		at++;
	}
	if (at < s->share_count && order == 0)
		return s->shares[at];
	if (s->share_count == STATUS_SHARES ||
	    (entity.len && !survey_topic(s, entity)))
		return NULL;
	memmove(&s->shares[at + 1], &s->shares[at], (s->share_count - at) *
	    sizeof s->shares[0]);
	s->share_count++;
	s->shares[at] = new_share(s, system, entity);
	return s->shares[at];
}

static enum rc
find_share(struct status *s, struct span system, struct span entity,
    struct share **h, struct err *e)
{
	*h = survey_share(s, system, entity);
	return *h ? RC_OK : err_set(e, RC_CONFIG, "more than %d systems and "
	    "entities", STATUS_SHARES);
}

/* ---- what was read ---- */

static void
take_instant(const struct json *j, struct span name, struct arena *a,
    int64_t *last)
{
	int64_t at;

	if (clock_parse(json_get_string(j, 0, name, a), &at) && at > *last)
		*last = at;
}

static enum rc
take_checkpoint(struct status *s, struct span key, struct span row,
    struct err *e)
{
	struct span system = key_take(&key);
	struct share *h;
	struct json j;
	enum rc rc;

	key_take(&key); /* the object */
	rc = find_share(s, system, key, &h, e);
	if (rc)
		return rc;
	json_init(&j);
	rc = json_parse(&j, row, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	if (!rc) {
		take_instant(&j, SPAN("at"), &s->arena, &h->read);
		take_instant(&j, SPAN("full"), &s->arena, &h->full);
	}
	json_free(&j);
	return rc;
}

/* "\0 entity \0 system \0 object": how many links there are. */
static enum rc
take_tally(struct status *s, struct span key, struct span row,
    struct err *e)
{
	struct span entity, system;
	struct tally n;
	struct share *h;
	enum rc rc;

	key_take(&key);
	entity = key_take(&key);
	system = key_take(&key);
	rc = find_share(s, system, entity, &h, e);
	if (rc || row.len != sizeof n)
		return rc ? rc : err_set(e, RC_STATE, "state: a damaged "
		    "tally; see crm-state check");
	memcpy(&n, row.ptr, sizeof n);
	h->live += n.live;
	return RC_OK;
}

typedef enum rc take_row(struct status *s, struct span key, struct span row,
    struct err *e);

static enum rc
each_row(struct status *s, enum state_table table, struct span prefix,
    take_row *take, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, &s->txn, table, prefix, e);

	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		rc = take(s, w.key, w.value, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

/* ---- what went in and out ---- */

static enum rc
take_flow(void *arg, struct span system, struct span entity, struct err *e)
{
	struct status *s = arg;
	struct share *h;

	return find_share(s, system, entity, &h, e);
}

static enum rc
sum_flows(struct status *s, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < s->share_count && !rc; i++) {
		struct share *h = s->shares[i];

		rc = flow_sum(&s->txn, h->system, h->entity, s->since,
		    &h->window, e);
		if (!rc)
			rc = flow_total(&s->txn, h->system, h->entity,
			    &h->total, e);
	}
	return rc;
}

/* Declared, and never heard of. */
static enum rc
add_never(struct status *s, struct err *e)
{
	struct share *h;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < s->systems.count && !rc; i++) {
		struct span name = s->systems.items[i].name;
		bool known = !s->systems.items[i].enabled;

		for (size_t k = 0; k < s->share_count && !known; k++)
			known = span_eq(s->shares[k]->system, name);
		if (!known)
			rc = find_share(s, name, SPAN(""), &h, e);
	}
	return rc;
}

static enum rc
take_review(void *arg, const struct review *r, struct err *e)
{
	struct topic *t = survey_topic(arg, r->entity);

	(void)e;
	if (t)
		t->reviews += r->open;
	return RC_OK;
}

enum rc
survey(struct status *s, struct err *e)
{
	enum rc rc;

	s->shares = xcalloc(STATUS_SHARES, sizeof *s->shares);
	rc = each_row(s, TABLE_CHECKPOINT, SPAN(""), take_checkpoint, e);
	if (!rc)
		rc = each_row(s, TABLE_META, span_of("", 1), take_tally, e);
	if (!rc)
		rc = flow_each(&s->txn, take_flow, s, e);
	if (!rc)
		rc = backlog(s, e);
	if (!rc)
		rc = disputes(s, e);
	if (!rc)
		rc = review_each(&s->txn, take_review, s, e);
	if (!rc)
		rc = sum_flows(s, e);
	return rc ? rc : add_never(s, e);
}

void
survey_free(struct status *s)
{
	for (size_t i = 0; i < s->share_count; i++) {
		free(s->shares[i]->mapped);
		free(s->shares[i]);
	}
	for (size_t i = 0; i < s->topic_count; i++)
		free(s->topics[i].disputes);
	free(s->shares);
	free(s->topics);
}
