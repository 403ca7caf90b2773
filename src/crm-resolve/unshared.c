/* SPDX-License-Identifier: MIT */
#include "unshared.h"

struct asking {
	struct intake *n;
	const struct account *now;
};

/* Does it have records of the section's object, or is it to have them? */
static enum rc
has_object(struct asking *q, struct span system, bool *declared, bool *has,
    struct err *e)
{
	const struct section *s = &q->n->in.section;
	const struct policy *p = q->n->policy;
	size_t at = policy_system_find(p, system);
	struct source src = { s->entity, system, s->object, SPAN("") };
	struct tally n;
	enum rc rc;

	*declared = at != SIZE_MAX && p->systems[at].enabled;
	*has = *declared && p->systems[at].mapping &&
	    span_eq(p->systems[at].object, s->object);
	if (*has)
		return RC_OK;
	rc = tally_get(&q->n->txn, &src, &n, e);
	*has = rc == RC_OK && n.live > 0;
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
ask(void *arg, struct span system, const struct account *a, struct err *e)
{
	struct asking *q = arg;
	const struct section *s = &q->n->in.section;
	bool declared, has;
	enum rc rc;

	if (span_eq(system, s->system) || strcmp(a->name, q->now->name) != 0)
		return RC_OK;
	rc = has_object(q, system, &declared, &has, e);
	if (rc || !has)
		return rc;
	if (declared)
		return err_set(e, RC_CONFIG, "%.*s and %.*s are the same "
		    "account, %s: it would be told of its own records; "
		    "correct systems.jq (if a folder was copied, remove "
		    ".crm-store from the copy)", SPAN_ARG(system),
		    SPAN_ARG(s->system), a->name);
	return err_set(e, RC_CONFIG, "%.*s is the account that is known as "
	    "%.*s: under another name it would be told of its own records; "
	    "name it so in systems.jq again", SPAN_ARG(s->system),
	    SPAN_ARG(system));
}

enum rc
unshared_check(struct intake *n, const struct account *now, struct err *e)
{
	struct asking q = { n, now };
	const struct resolve *r = n->r;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < r->behind_count && !rc; i++)
		rc = ask(&q, r->behind[i].system, &r->behind[i].account, e);
	return rc ? rc : account_each(&n->txn, ask, &q, e);
}
