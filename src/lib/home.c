/* SPDX-License-Identifier: MIT */
/* home: $CRM_HOME and the systems declared there. */
#include "home.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "limits.h"
#include "literal.h"
#include "oauth.h"
#include "xalloc.h"

static const char *const kinds[] = { "salesforce", "hubspot", "pipedrive",
	"dynamics", "supabase", "file", "csv", NULL };

const char *
home_path(void)
{
	const char *home = getenv("CRM_HOME");

	return home && *home ? home : ".crm";
}

/* The marker's text; RC_END when there is none. */
static enum rc
read_marker(struct buf *text, struct err *e)
{
	char path[4096];

	buf_init(text, LIMIT_MAPPING_FILE, "marker");
	snprintf(path, sizeof path, "%s/%s", home_path(), HOME_MARKER);
	return literal_read(text, path, e);
}

bool
home_exists(void)
{
	struct buf text;
	struct err e;
	enum rc rc = read_marker(&text, &e);

	buf_free(&text);
	return rc != RC_END;
}

enum rc
home_look(struct err *e)
{
	struct buf text;
	enum rc rc = read_marker(&text, e);

	if (!rc && !span_eq(buf_view(&text), SPAN(HOME_FORMAT)))
		rc = err_set(e, RC_CONFIG, "%s: made by another version of"
		    " these programs (%s/%s): use that one, or a newer",
		    home_path(), home_path(), HOME_MARKER);
	buf_free(&text);
	return rc;
}

enum rc
home_require(struct err *e)
{
	enum rc rc = home_look(e);

	if (rc == RC_END)
		return err_set(e, RC_CONFIG, "%s: no home of a sync here; run"
		    " crm-state init, or set CRM_HOME", home_path());
	return rc;
}

/* PATH as the user meant it: relative to where the home stands. */
static const char *
resolve(struct systems *s, struct span path)
{
	const char *home = home_path();
	size_t len = strlen(home), size;
	char *out;

	while (len > 1 && home[len - 1] == '/')
		len--;
	while (len && home[len - 1] != '/')
		len--;
	if (path.len && path.ptr[0] == '/')
		len = 0;
	size = len + path.len + 1;
	out = arena_alloc(&s->arena, size);
	snprintf(out, size, "%.*s%.*s", (int)len, home, SPAN_ARG(path));
	return out;
}

bool
home_is_name(struct span s)
{
	size_t i;
	char c;

	if (!s.len || s.len > LIMIT_NAME || s.ptr[0] == '-')
		return false;
	for (i = 0; i < s.len; i++) {
		c = s.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

/* Where it answers; without a '/' at the end, for paths to follow. */
static enum rc
load_api(struct systems *s, struct system *sys, struct err *e)
{
	sys->api = json_get_string(&s->json, sys->node, SPAN("api"),
	    &s->arena);
	if (!sys->api.ptr)
		return json_get(&s->json, sys->node, SPAN("api")) ?
		    err_set(e, RC_CONFIG, "api: must be a text") : RC_OK;
	while (sys->api.len && sys->api.ptr[sys->api.len - 1] == '/')
		sys->api.len--;
	if (oauth_check_url(sys->api, e))
		return err_prefix(e, RC_CONFIG, "api");
	return RC_OK;
}

/* The argv of a list of texts, or of sh for one text. */
static enum rc
load_command(struct systems *s, struct system *sys, struct err *e)
{
	struct json *j = &s->json;
	uint32_t node = json_get(j, sys->node, SPAN("token_command"));
	const char **argv;
	size_t n = 0;

	if (!node)
		return RC_OK;
	argv = arena_zero(&s->arena, (j->nodes[node].next - node + 4) *
	    sizeof *argv);
	sys->token_command = argv;
	if (json_kind(j, node) == JSON_STRING) {
		argv[0] = "sh";
		argv[1] = "-c";
		argv[2] = arena_cstr(&s->arena, json_string(j, node,
		    &s->arena));
		return RC_OK;
	}
	if (json_kind(j, node) == JSON_ARRAY)
		for (JSON_ITEMS(j, node, item)) {
			if (json_kind(j, item) != JSON_STRING) {
				n = 0;
				break;
			}
			argv[n++] = arena_cstr(&s->arena, json_string(j,
			    item, &s->arena));
		}
	return n ? RC_OK : err_set(e, RC_CONFIG, "token_command: must be a "
	    "text, or a list of texts");
}

#define TIMEOUT_MOST (24 * 3600) /* seconds */

static enum rc
load_timeouts(struct systems *s, struct system *sys, struct err *e)
{
	static const char *const names[] = { "connect", "first", "stall",
		"whole", "patience", NULL };
	struct system_timeouts *t = &sys->timeouts;
	unsigned *const to[] = { &t->connect, &t->first, &t->stall, &t->whole,
		&t->patience };
	struct json *j = &s->json;
	uint32_t node = json_get(j, sys->node, SPAN("timeouts"));

	if (node && (json_kind(j, node) != JSON_OBJECT ||
	    literal_keys(j, node, names, e)))
		return err_set(e, RC_CONFIG, "timeouts: must be an object of "
		    "seconds: connect, first, stall, whole, patience");
	for (size_t i = 0; node && names[i]; i++) {
		int64_t n;

		if (!json_get(j, node, span_str(names[i])))
			continue;
		n = json_get_int(j, node, span_str(names[i]), -1);
		if (n < 1 || n > TIMEOUT_MOST)
			return err_set(e, RC_CONFIG, "timeouts: %s: must be "
			    "whole seconds, 1 to %d", names[i], TIMEOUT_MOST);
		*to[i] = (unsigned)n * 1000;
	}
	return RC_OK;
}

static enum rc
load_reserve(struct systems *s, struct system *sys, struct err *e)
{
	uint32_t node = json_get(&s->json, sys->node, SPAN("reserve"));
	int64_t percent = json_get_int(&s->json, sys->node, SPAN("reserve"),
	    -1);

	sys->reserve = (int)percent;
	return !node || (percent >= 0 && percent < 100) ? RC_OK :
	    err_set(e, RC_CONFIG, "reserve: must be 0 to 99 (percent of a "
	    "day's calls that are left to people)");
}

static enum rc
load_one(struct systems *s, uint32_t key, uint32_t value, struct err *e)
{
	static const char *const keys[] = { "kind", "path", "enabled", "api",
		"url", "token_command", "timeouts", "reserve", "description",
		NULL };
	struct json *j = &s->json;
	struct system *sys = &s->items[s->count];
	struct span path;

	sys->name = json_string(j, key, &s->arena);
	if (!home_is_name(sys->name))
		return err_set(e, RC_CONFIG, "\"%.*s\" is no name of a system"
		    " (letters, digits, - and _)", SPAN_ARG(sys->name));
	if (json_kind(j, value) != JSON_OBJECT)
		return err_set(e, RC_CONFIG, "%.*s: must be an object"
		    " {kind: ...}", SPAN_ARG(sys->name));
	sys->node = value;
	sys->kind = json_get_string(j, value, SPAN("kind"), &s->arena);
	if (!sys->kind.ptr)
		sys->kind = sys->name;
	if (literal_index(sys->kind, kinds) < 0)
		return err_set(e, RC_CONFIG, "%.*s: unknown kind \"%.*s\"",
		    SPAN_ARG(sys->name), SPAN_ARG(sys->kind));
	path = json_get_string(j, value, SPAN("path"), &s->arena);
	sys->path = path.ptr ? resolve(s, path) : NULL;
	sys->enabled = !json_get(j, value, SPAN("enabled")) ||
	    json_get_true(j, value, SPAN("enabled"));
	s->count++;
	if (literal_keys(j, value, keys, e) || load_api(s, sys, e) ||
	    load_command(s, sys, e) || load_timeouts(s, sys, e) ||
	    load_reserve(s, sys, e))
		return err_prefix(e, RC_CONFIG, "%.*s", SPAN_ARG(sys->name));
	if (address_check(j, value, e))
		return err_prefix(e, RC_CONFIG, "%.*s", SPAN_ARG(sys->name));
	return RC_OK;
}

static enum rc
load_all(struct systems *s, struct err *e)
{
	size_t n = 0;
	enum rc rc;

	for (JSON_EACH(&s->json, 0, name, system)) {
		(void)name;
		(void)system;
		if (n++ == LIMIT_SYSTEMS)
			return err_set(e, RC_CONFIG, "over %d systems",
			    LIMIT_SYSTEMS);
	}
	s->items = xcalloc(n, sizeof(*s->items));
	for (JSON_EACH(&s->json, 0, key, value)) {
		rc = load_one(s, key, value, e);
		if (rc)
			return rc;
	}
	return RC_OK;
}

enum rc
systems_load(struct systems *s, struct err *e)
{
	struct literal l;
	char path[4096];
	enum rc rc;

	memset(s, 0, sizeof(*s));
	arena_init(&s->arena);
	literal_init(&l);
	snprintf(path, sizeof(path), "%s/systems.jq", home_path());
	rc = literal_load(&l, path, e);
	s->json = l.json; /* systems owns them from here */
	s->text = l.text;
	if (rc == RC_END)
		return RC_OK;
	if (rc)
		return rc;
	rc = load_all(s, e);
	if (rc)
		return err_prefix(e, rc, "%s", path);
	return RC_OK;
}

void
systems_free(struct systems *s)
{
	json_free(&s->json);
	buf_free(&s->text);
	arena_free(&s->arena);
	free(s->items);
	s->items = NULL;
	s->count = 0;
}

/* A kind by its own name serves as a system without being declared. */
static const struct system *
bare_kind(struct span name)
{
	static struct system bare[sizeof(kinds) / sizeof(kinds[0]) - 1];
	int i = literal_index(name, kinds);

	if (i < 0)
		return NULL;
	bare[i].name = span_str(kinds[i]);
	bare[i].kind = bare[i].name;
	bare[i].enabled = true;
	bare[i].reserve = -1;
	return &bare[i];
}

const struct system *
systems_find(const struct systems *s, struct span name)
{
	size_t i;

	for (i = 0; s && i < s->count; i++)
		if (span_eq(s->items[i].name, name))
			return &s->items[i];
	return bare_kind(name);
}
