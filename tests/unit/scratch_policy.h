/* SPDX-License-Identifier: MIT */
/* scratch_policy: a policy made by hand gets its numbers in a scratch state. */
#ifndef SCRATCH_POLICY_H
#define SCRATCH_POLICY_H

#include "policy.h"
#include "scratch.h"

/* Interns the names of its fields and systems. */
static inline void
scratch_bind(struct state *state, struct policy *p)
{
	struct txn t;
	struct err e;
	bool fine = !txn_begin(&t, state, true, &e);

	for (size_t i = 0; i < p->entity->field_count; i++)
		fine = fine && !name_intern(&t, p->entity->fields[i].name,
		    &p->name[i], &e);
	for (size_t i = 0; i < p->system_count; i++) {
		fine = fine && !name_intern(&t, p->systems[i].name,
		    &p->ids[i], &e);
		p->systems[i].id = p->ids[i];
	}
	if (!fine || txn_commit(&t, &e))
		abort();
}

#endif
