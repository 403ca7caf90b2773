/* SPDX-License-Identifier: MIT */
/* identify_blind: whom a record that could not be used may be. */
#include "identify.h"

/* An entry for the main spool: it is there, though nobody can say what. */
static enum rc
hold(struct identify *d, size_t policy, struct span uid, uint32_t section,
    struct err *e)
{
	struct observe_head head = { .entity = (uint32_t)policy,
		.section = section, .unreadable = true };
	KEY_BUF(name);

	KEY(&name, d->r->policy[policy]->entity->name, uid);
	return spool_add(d->cases, buf_view(&name), span_of(
	    (const char *)&head, sizeof head), e);
}

/* What waits for a person is created nowhere; what was joined is another. */
static bool
goes_on(const struct party *p, size_t i)
{
	return !p[i].blind && p[i].finding != FOUND_TWICE &&
	    p[i].finding != FOUND_REVIEW &&
	    (p[i].finding != FOUND_LINKED || p[i].with == i);
}

/* One system's blind ones: each other that is not there may be one. */
static enum rc
hold_there(struct identify *d, size_t policy, size_t key, struct party *p,
    size_t n, const struct party *blind, struct err *e)
{
	struct span entity = d->r->policy[policy]->entity->name;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && !rc; i++) {
		if (!goes_on(p, i) || p[i].systems & blind->systems)
			continue;
		p[i].systems |= blind->systems;
		rc = hold(d, policy, p[i].uid, blind->section, e);
		if (!rc)
			rc = fates_put(d, entity, &p[i], FATE_GROWN,
			    &p[i], key, e);
	}
	return rc;
}

enum rc
identify_hold_blind(struct identify *d, size_t policy, size_t key,
    struct party *p, size_t n, struct err *e)
{
	uint64_t done = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && !rc; i++) {
		if (!p[i].blind || p[i].systems & done)
			continue;
		done |= p[i].systems;
		rc = hold_there(d, policy, key, p, n, &p[i], e);
	}
	return rc;
}
