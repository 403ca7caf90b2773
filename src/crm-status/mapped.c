/* SPDX-License-Identifier: MIT */
/* mapped: which fields of the entity each system has, by the mapping files. */
#include "status.h"

#include "../lib/xalloc.h"

static void
mark(struct share *h, const struct state *st, const struct entity *en,
    const struct mapping *m)
{
	h->mapped = xcalloc(st->name_count + 1, 1);
	for (size_t i = 0; i < m->field_count; i++) {
		const struct entity_field *f = &en->fields[m->fields[i].field];
		uint32_t name;

		/* what is derived is told in passing: it may lag behind */
		if (f->derive == DERIVE_NONE && name_find(st, f->name, &name))
			h->mapped[name] = 1;
	}
}

static void
mark_topic(struct status *s, const struct policy *p)
{
	for (size_t i = 0; i < s->share_count; i++) {
		struct share *h = s->shares[i];
		size_t at = policy_system_find(p, h->system);

		if (span_eq(h->entity, p->entity->name) && at != SIZE_MAX &&
		    !h->mapped)
			mark(h, s->state, p->entity,
			    p->systems[at].mapping);
	}
}

/* An export's system is not declared; its mapping may be there all the same. */
static enum rc
add_sources(struct status *s, struct policy *p, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < s->share_count && !rc; i++) {
		const struct share *h = s->shares[i];

		if (span_eq(h->entity, p->entity->name) &&
		    mapping_exists(h->entity, h->system, &s->systems))
			rc = policy_add_source(p, h->system, &s->systems, e);
	}
	return rc;
}

void
mapped(struct status *s)
{
	struct err e;

	for (size_t i = 0; i < s->topic_count; i++) {
		struct policy *p = NULL;
		enum rc rc = policy_load(&p, s->topics[i].name, &s->systems,
		    SPAN(""), &e);

		if (!rc)
			rc = add_sources(s, p, &e);
		if (!rc)
			mark_topic(s, p);
		policy_free(p);
		if (rc)
			run_notice(s->run, NULL, "%.*s: %s; its fields are "
			    "those that systems show", SPAN_ARG(
			    s->topics[i].name), e.text);
	}
}
