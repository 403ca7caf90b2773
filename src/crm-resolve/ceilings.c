/* SPDX-License-Identifier: MIT */
/* ceilings: how much one run may change in one system before a person looks. */
#include "resolve.h"

/* So many are never too many, whatever the share. */
#define FREE_CREATES 1000
#define FREE_UPDATES 1000
#define FREE_DELETES 5
#define FREE_CLEARS 100

static bool
over(uint64_t n, uint64_t live, int64_t percent, uint64_t free)
{
	return n > free && n * 100 > live * (uint64_t)percent;
}

/* The override fits only this plan: its size and its hash. */
static bool
overridden(const struct resolve *r)
{
	char fits[64];
	struct buf b = { .ptr = fits, .room = sizeof fits,
		.cap = sizeof fits };

	buf_printf(&b, "%llu:%016llx", (unsigned long long)r->plan_lines,
	    (unsigned long long)r->plan_hash);
	return r->override && span_eq(span_str(r->override), buf_view(&b));
}

static enum rc
refuse(const struct resolve *r, const struct policy *p,
    const struct policy_system *s, const char *what, uint64_t n,
    struct err *e)
{
	return err_set(e, RC_PERSON, "%.*s: %llu %s of %llu %.*s records is "
	    "over the ceiling; nothing is committed. Look with --dry-run; to "
	    "allow this very plan: --allow %llu:%016llx", SPAN_ARG(s->name),
	    (unsigned long long)n, what, (unsigned long long)s->tally.live,
	    SPAN_ARG(p->entity->name), (unsigned long long)r->plan_lines,
	    (unsigned long long)r->plan_hash);
}

static enum rc
check_system(struct resolve *r, const struct policy *p,
    const struct policy_system *s, const struct counts *c, struct err *e)
{
	uint64_t gone = c->archived + c->deleted, live = s->tally.live;

	if (over(gone, live, r->max_deletes, FREE_DELETES))
		return refuse(r, p, s, "deletions", gone, e);
	/* a side suddenly empty or small, whoever would have to be told */
	if (over(c->vanished, live, r->max_deletes, FREE_DELETES))
		return refuse(r, p, s, "vanished", c->vanished, e);
	if (over(c->cleared, live, r->max_clears, FREE_CLEARS))
		return refuse(r, p, s, "cleared fields", c->cleared, e);
	if (over(c->updated, live, r->max_updates, FREE_UPDATES))
		return refuse(r, p, s, "updates", c->updated, e);
	/* filling an empty system is a first import */
	if (live && over(c->created, live, r->max_creates, FREE_CREATES))
		return refuse(r, p, s, "creates", c->created, e);
	return RC_OK;
}

enum rc
ceilings_check(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	if (overridden(r))
		return RC_OK;
	for (size_t i = 0; i < r->policy_count; i++)
		for (size_t k = 0; k < r->policy[i]->system_count && !rc;
		    k++) {
			struct policy *p = r->policy[i];
			struct policy_system *s = &p->systems[k];
			struct source src = { p->entity->name, s->name,
				s->object, SPAN("") };

			rc = tally_get(t, &src, &s->tally, e);
			if (!rc)
				rc = check_system(r, p, s, &r->counts[i *
				    LIMIT_SYSTEMS + k], e);
		}
	return rc;
}
