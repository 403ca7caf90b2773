/* SPDX-License-Identifier: MIT */
/* hubspot_type: the types of objects HubSpot has by itself. */
#include "hubspot.h"

#define MODIFIED "hs_lastmodifieddate" /* contacts have another */

static const struct hubspot_type types[] = {
	{ "contacts", "0-1", "contacts", "lastmodifieddate", true },
	{ "companies", "0-2", "companies", MODIFIED, true },
	{ "deals", "0-3", "deals", MODIFIED, true },
	{ "tickets", "0-5", "tickets", MODIFIED, true },
	{ "line_items", "0-8", "line_items", MODIFIED, false },
	{ "leads", "0-136", "leads", MODIFIED, false },
	/* these ride on the contacts' scopes */
	{ "tasks", "0-27", "contacts", MODIFIED, false },
	{ "notes", "0-46", "contacts", MODIFIED, false },
	{ "meetings", "0-47", "contacts", MODIFIED, false },
	{ "calls", "0-48", "contacts", MODIFIED, false },
	{ "emails", "0-49", "contacts", MODIFIED, false },
	/* has an address of its own */
	{ "owners", "", "owners", "updatedAt", false },
};

static const struct hubspot_type custom = { NULL, "", "custom", MODIFIED,
	true };

const struct hubspot_type *
hubspot_type_find(struct span name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (span_eq(span_str(types[i].name), name) ||
		    (types[i].id[0] && span_eq(span_str(types[i].id), name)))
			return &types[i];
	return &custom;
}

static bool
could_be(struct span name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	for (size_t i = 0; i < name.len; i++)
		if (!name.ptr[i] || !strchr(good, name.ptr[i]))
			return false;
	return name.len > 0;
}

/* Takes `front` off. */
static bool
takes(struct span *s, struct span front)
{
	if (s->len < front.len || memcmp(s->ptr, front.ptr, front.len) != 0)
		return false;
	*s = span_of(s->ptr + front.len, s->len - front.len);
	return true;
}

enum rc
hubspot_type_object(struct hubspot_object *o, struct span object,
    struct err *e)
{
	*o = (struct hubspot_object){ HUBSPOT_RECORDS, object, NULL };
	if (takes(&o->name, SPAN("pipelines/")))
		o->form = HUBSPOT_PIPELINES;
	else if (takes(&o->name, SPAN("stages/")))
		o->form = HUBSPOT_STAGES;
	else if (span_eq(object, SPAN("owners")))
		o->form = HUBSPOT_OWNERS;
	o->type = hubspot_type_find(o->name);
	if (!could_be(o->name))
		return err_set(e, RC_CONFIG, "HubSpot has no objects that are "
		    "called \"%.*s\": see crm-hubspot(7)", SPAN_ARG(object));
	return RC_OK;
}
