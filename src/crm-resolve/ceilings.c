/* SPDX-License-Identifier: MIT */
/* ceilings: how much may change in one system before a person looks. */
#include "resolve.h"

#include "spread_day.h"

#include <stdio.h>

#define ALL 100     /* percent: such a ceiling cannot be passed */
#define DAY 2       /* a day may bring so many times what one run may */

/* So many are never too many, whatever the share. */
static const uint64_t free_of[APPLIED_KINDS] = {
	[APPLIED_CREATES] = 1000, [APPLIED_UPDATES] = 1000,
	[APPLIED_DELETES] = 5, [APPLIED_VANISHED] = 5,
	[APPLIED_CLEARS] = 100, [APPLIED_FIRST] = 100
};
#define FREE_SPREAD 100

static const char *const what_of[APPLIED_KINDS] = {
	[APPLIED_CREATES] = "creates", [APPLIED_UPDATES] = "updates",
	[APPLIED_DELETES] = "deletions", [APPLIED_VANISHED] = "vanished",
	[APPLIED_CLEARS] = "cleared fields",
	[APPLIED_FIRST] = "values replaced at first contact"
};

/* ---- checking ---- */

struct check {
	struct resolve *r;
	const struct policy *p;
	const struct policy_system *s;
	bool silent;      /* it is allowed: only whether */
	unsigned over;
};

static int64_t
percent_of(const struct resolve *r, enum applied kind)
{
	const int64_t of[APPLIED_KINDS] = {
		[APPLIED_CREATES] = r->max_creates,
		[APPLIED_UPDATES] = r->max_updates,
		[APPLIED_DELETES] = r->max_deletes,
		[APPLIED_VANISHED] = r->max_deletes,
		[APPLIED_CLEARS] = r->max_clears,
		[APPLIED_FIRST] = r->max_first
	};

	return of[kind];
}

static bool
over(uint64_t n, uint64_t live, int64_t percent, uint64_t free)
{
	return n > free && n * 100 > live * (uint64_t)percent;
}

/* "; such as UID, UID" */
static void
put_examples(struct buf *b, const struct span *uid, size_t n)
{
	for (size_t i = 0; i < n && uid[i].ptr; i++) {
		buf_printf(b, "%s", i ? ", " : "; such as ");
		buf_span(b, uid[i]);
	}
}

static void
say(struct check *c, const char *what, uint64_t n, const char *when,
    const char *why, const struct span *uid)
{
	struct where w = { .system = c->s->name };
	struct buf examples;
	struct err e;

	c->over++;
	if (c->silent)
		return;
	buf_init(&examples, ERR_TEXT * 4, "examples");
	put_examples(&examples, uid, CEILING_EXAMPLES);
	err_set(&e, RC_PERSON, "%llu %s of %llu %.*s records%s is over the "
	    "ceiling of %s%.*s", (unsigned long long)n, what,
	    (unsigned long long)c->s->tally.live,
	    SPAN_ARG(c->p->entity->name), when, why,
	    SPAN_ARG(buf_view(&examples)));
	run_problem(&c->r->run, &w, RC_PERSON, &e);
	buf_free(&examples);
}

/* A side that lacks most of itself, or is empty: not read, or lost. */
static bool
is_storm(const struct counts *c, enum applied kind, uint64_t live)
{
	return kind == APPLIED_VANISHED && (c->absent * 2 > live ||
	    c->n[kind] >= live);
}

static void
check_kind(struct check *c, const struct counts *counts, enum applied kind,
    uint64_t before)
{
	uint64_t n = counts->n[kind], live = c->s->tally.live;
	uint64_t free = free_of[kind];
	int64_t percent = percent_of(c->r, kind);
	char why[64];
	struct buf b = { .ptr = why, .room = sizeof why, .cap = sizeof why };

	/* filling an empty system is a first import */
	if (!n || (kind == APPLIED_CREATES && !live))
		return;
	if (percent >= ALL && kind != APPLIED_CREATES &&
	    kind != APPLIED_UPDATES)
		return;
	if (over(n, live, percent, free)) {
		buf_printf(&b, "%lld %% (%llu are free)", (long long)percent,
		    (unsigned long long)free);
		say(c, what_of[kind], n, "", buf_cstr(&b),
		    counts->example[kind]);
	} else if (is_storm(counts, kind, live)) {
		say(c, what_of[kind], n, "", "half of them",
		    counts->example[kind]);
	} else if (over(n + before, live, DAY * percent, DAY * free)) {
		buf_printf(&b, "%lld %% (%llu are free)",
		    (long long)(DAY * percent),
		    (unsigned long long)(DAY * free));
		say(c, what_of[kind], n + before, " in 24 hours",
		    buf_cstr(&b), counts->example[kind]);
	}
}

static enum rc
check_system(struct check *c, struct txn *t, const struct counts *counts,
    struct err *e)
{
	uint64_t before[APPLIED_KINDS];
	enum rc rc = applied_get(t, c->p->entity->name, c->s->name, before,
	    e);

	for (enum applied kind = 0; kind < APPLIED_KINDS && !rc; kind++)
		check_kind(c, counts, kind, before[kind]);
	return rc;
}

/* Too often in this run, or, with what was before it, in a day? */
static bool
is_spread(const struct resolve *r, uint64_t n, uint64_t before, uint64_t live,
    bool *day)
{
	*day = !over(n, live, r->max_spread, FREE_SPREAD);
	return n && (!*day || over(n + before, live, DAY * r->max_spread,
	    DAY * FREE_SPREAD));
}

static void
check_suspects(struct check *c, size_t policy, size_t system)
{
	for (size_t i = 0; i < c->r->suspect_count; i++) {
		const struct suspect *s = &c->r->suspect[i];
		char what[LIMIT_NAME + 64], why[64];
		bool day;

		if (s->policy != policy || s->system != system ||
		    !is_spread(c->r, s->n, s->before, c->s->tally.live, &day))
			continue;
		snprintf(what, sizeof what, "times one value in field %.*s",
		    SPAN_ARG(c->p->entity->fields[s->field].name));
		snprintf(why, sizeof why, "%lld %% (%d are free)",
		    (long long)c->r->max_spread * (day ? DAY : 1),
		    FREE_SPREAD * (day ? DAY : 1));
		say(c, what, s->n + (day ? s->before : 0), day ?
		    " in 24 hours" : "", why, s->example);
	}
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

enum rc
ceilings_check(struct resolve *r, struct txn *t, struct err *e)
{
	struct check c = { .r = r, .silent = overridden(r) };
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count; i++)
		for (size_t k = 0; k < r->policy[i]->system_count && !rc;
		    k++) {
			c.p = r->policy[i];
			c.s = &c.p->systems[k];
			rc = check_system(&c, t, &r->counts[i *
			    LIMIT_SYSTEMS + k], e);
			check_suspects(&c, i, k);
		}
	r->allowed = c.over && c.silent;
	if (rc || !c.over || c.silent)
		return rc;
	return err_set(e, RC_PERSON, "nothing is committed. Look with "
	    "--dry-run; to allow this very plan: --allow %llu:%016llx",
	    (unsigned long long)r->plan_lines,
	    (unsigned long long)r->plan_hash);
}

/* ---- one value on many records ---- */

/* What its sketch cannot rule out. */
static enum rc
suspect_field(struct resolve *r, struct txn *t, size_t policy, size_t system,
    size_t field, struct err *e)
{
	const struct sketch *s = r->spread[policy * LIMIT_SYSTEMS +
	    system].field[field];
	const struct policy *p = r->policy[policy];
	uint64_t live = p->systems[system].tally.live;
	struct span row = SPAN("");
	enum rc rc = s ? spread_day_get(t, p->entity->name,
	    p->systems[system].name, p->entity->fields[field].name, &row, e) :
	    RC_OK;

	for (size_t i = 0; s && !rc && i < SPREAD_SLOTS; i++) {
		uint64_t before = s->n[i] ? spread_day_count(row,
		    s->value[i]) : 0;
		bool day;

		if (!s->n[i] || r->suspect_count == SPREAD_SUSPECTS ||
		    !is_spread(r, s->n[i] + s->missed, before, live, &day))
			continue;
		r->suspect[r->suspect_count++] = (struct suspect){
			.policy = policy, .system = system, .field = field,
			.value = s->value[i], .before = before };
	}
	return rc;
}

enum rc
ceilings_suspect(struct resolve *r, struct txn *t, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->policy_count; i++)
		for (size_t k = 0; k < r->policy[i]->system_count && !rc;
		    k++) {
			struct policy *p = r->policy[i];
			struct policy_system *s = &p->systems[k];
			struct source src = { p->entity->name, s->name,
				s->object, SPAN("") };

			rc = tally_get(t, &src, &s->tally, e);
			if (!r->spread[i * LIMIT_SYSTEMS + k].field ||
			    r->max_spread >= ALL)
				continue;
			for (size_t f = 0; f < p->entity->field_count && !rc;
			    f++)
				rc = suspect_field(r, t, i, k, f, e);
		}
	return rc;
}
