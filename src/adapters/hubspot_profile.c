/* SPDX-License-Identifier: MIT */
/*
 * HubSpot's OAuth.  Tokens live 30 minutes; the client's secret goes in the
 * form, and a refresh may or may not give another refresh token.  A private
 * app has a static token and no introspection.  http redirects are allowed to
 * "localhost" by name only.
 */
#include "hubspot.h"

#include "../lib/clock.h"

#define OBJECTS "crm.objects."

static void
scope(struct buf *b, struct span object, bool write)
{
	const char *name = hubspot_type_find(object)->scope;

	if (strcmp(name, "owners") == 0 && write)
		return;
	if (strcmp(name, "tickets") == 0)
		BUF_LIT(b, "tickets");
	else
		buf_printf(b, OBJECTS "%s.%s", name,
		    write ? "write" : "read");
}

static void
sample(struct buf *path, struct span object)
{
	struct hubspot_object o;
	struct err unsaid;

	/* what is no name is not there: that is said soon enough */
	if (hubspot_type_object(&o, object, &unsaid))
		o.name = SPAN("-");
	if (o.form == HUBSPOT_OWNERS)
		BUF_LIT(path, "/crm/v3/owners?limit=1");
	else if (o.form == HUBSPOT_RECORDS)
		buf_printf(path, "/crm/v3/objects/%.*s?limit=1",
		    SPAN_ARG(o.name));
	else
		buf_printf(path, "/crm/v3/pipelines/%.*s", SPAN_ARG(o.name));
}

/* "hubspot:4021177" */
static struct span
portal(const struct json *j, const char *member, struct arena *a)
{
	uint32_t node = json_get(j, 0, span_str(member));
	struct span id, out;
	char *text;

	if (!node || json_kind(j, node) != JSON_NUMBER)
		return span_of(NULL, 0);
	id = json_text(j, node);
	out.len = sizeof "hubspot:" - 1 + id.len;
	text = arena_alloc(a, out.len);
	memcpy(text, "hubspot:", sizeof "hubspot:" - 1);
	memcpy(text + sizeof "hubspot:" - 1, id.ptr, id.len);
	out.ptr = text;
	return out;
}

static void
introspected(struct profile_facts *f, const struct json *j, struct arena *a)
{
	uint32_t scopes = json_get(j, 0, SPAN("scopes"));
	struct buf list;

	f->active = json_get_true(j, 0, SPAN("active"));
	f->account = portal(j, "hub_id", a);
	f->user = json_get_string(j, 0, SPAN("user"), a);
	if (!scopes || json_kind(j, scopes) != JSON_ARRAY)
		return;
	buf_init(&list, 1 << 14, "scopes");
	for (JSON_ITEMS(j, scopes, item)) {
		if (json_kind(j, item) != JSON_STRING)
			continue;
		if (list.len)
			buf_putc(&list, ' ');
		buf_span(&list, json_string(j, item, a));
	}
	f->scopes = arena_dup(a, buf_view(&list));
	buf_free(&list);
}

/* "-05:00" */
static bool
read_zone(struct span s, int *minutes)
{
	int64_t at;
	char text[] = "1970-01-02T00:00:00+00:00";

	if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return false;
	memcpy(text + sizeof text - 1 - s.len, s.ptr, s.len);
	if (!clock_parse(span_str(text), &at))
		return false;
	*minutes = (int)((86400000 - at) / 60000);
	return true;
}

static void
account(struct profile_facts *f, const struct json *j, struct arena *a)
{
	f->account = portal(j, "portalId", a);
	f->edition = json_get_string(j, 0, SPAN("accountType"), a);
	f->has_zone = read_zone(json_get_string(j, 0, SPAN("utcOffset"), a),
	    &f->zone);
}

const struct profile profile_hubspot = {
	.kind = "hubspot",
	.grants = GRANT_CODE | GRANT_STATIC,
	.api = "https://api.hubapi.com",
	.consent = "https://app.hubspot.com/oauth/authorize",
	.consent_path = "/oauth/authorize",
	.token_path = "/oauth/v3/token",
	.revoke_path = "/oauth/v3/token/revoke",
	.introspect_path = "/oauth/v3/token/introspect",
	.account_path = "/account-info/v3/details",
	.scopes = "oauth crm.objects.owners.read"
	    " crm.objects.companies.read crm.objects.companies.write"
	    " crm.objects.contacts.read crm.objects.contacts.write"
	    " crm.objects.deals.read crm.objects.deals.write"
	    " crm.schemas.companies.read crm.schemas.companies.write"
	    " crm.schemas.contacts.read crm.schemas.contacts.write"
	    " crm.schemas.deals.read crm.schemas.deals.write",
	.loopback = "localhost",
	.lifetime = 1800,
	.introspected = introspected,
	.account = account,
	.sample = sample,
	.scope = scope,
};
