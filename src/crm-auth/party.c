/* SPDX-License-Identifier: MIT */
#include "auth.h"

enum rc
party_open(struct party *p, const char *name, struct err *e)
{
	enum rc rc = systems_load(&p->systems, e);

	p->system = NULL;
	p->profile = NULL;
	if (!rc)
		rc = home_require(e);
	if (rc)
		return err_prefix(e, rc, "%s", name);
	p->system = systems_find(&p->systems, span_str(name));
	if (!p->system)
		return err_set(e, RC_CONFIG, "%s: no such system in %s/"
		    "systems.jq", name, home_path());
	p->profile = profile_find(p->system->kind);
	if (!p->profile)
		return err_set(e, RC_CONFIG, "%s: a system of kind %.*s is "
		    "not logged in to", name, SPAN_ARG(p->system->kind));
	return trace_open(e);
}

void
party_close(struct party *p)
{
	trace_close();
	systems_free(&p->systems);
}
