/* SPDX-License-Identifier: MIT */
#include "policies.h"

enum rc
policies_open(struct policies *ps, struct err *e)
{
	*ps = (struct policies){ .count = 0 };
	return systems_load(&ps->systems, e);
}

void
policies_close(struct policies *ps)
{
	for (size_t i = 0; i < ps->count; i++)
		policy_free(ps->items[i].policy);
	systems_free(&ps->systems);
}

void
policies_begin(struct policies *ps)
{
	for (size_t i = 0; i < ps->count; i++)
		ps->items[i].bound = false;
}

enum rc
policies_get(struct policies *ps, struct txn *t, struct span entity,
    struct policy **p, struct err *e)
{
	enum rc rc = RC_OK;
	size_t i = 0;

	while (i < ps->count && !span_eq(ps->items[i].policy->entity->name,
	    entity))
		i++;
	if (i == LIMIT_SYSTEMS)
		return err_set(e, RC_CONFIG, "more than %d entities",
		    LIMIT_SYSTEMS);
	if (i == ps->count) {
		rc = policy_load(&ps->items[i].policy, entity, &ps->systems,
		    SPAN(""), e);
		ps->count += !rc;
	}
	if (!rc && !ps->items[i].bound)
		rc = policy_bind(ps->items[i].policy, t, e);
	if (rc)
		return rc;
	ps->items[i].bound = true;
	*p = ps->items[i].policy;
	return RC_OK;
}
