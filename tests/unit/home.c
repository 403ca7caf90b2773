/* SPDX-License-Identifier: MIT */
/* home: where it is, and which systems it has. */
#include "home.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		ok(false, "%s can be written", path);
}

static enum rc
load(struct systems *s, const char *text, struct err *e)
{
	write_file("here/.crm/systems.jq", text);
	return systems_load(s, e);
}

static void
test_good(void)
{
	const struct system *sys;
	struct systems s;
	struct err e;

	ok(load(&s, "# ours\n{app: {kind: \"file\", path: \"store\"},\n"
	    "\"hubspot-eu\": {kind: \"hubspot\", enabled: false},\n"
	    "hubspot: {timeouts: {connect: 5, patience: 86400}},\n"
	    " out: {kind: \"csv\", path: \"/tmp/o.csv\"}}",
	    &e) == RC_OK, "loads");
	sys = systems_find(&s, SPAN("app"));
	ok(sys && span_eq(sys->kind, SPAN("file")) && sys->enabled, "app");
	ok(sys && sys->path && !strcmp(sys->path, "here/store"),
	    "a path from where the home stands: %s", sys ? sys->path : "");
	sys = systems_find(&s, SPAN("hubspot-eu"));
	ok(sys && span_eq(sys->kind, SPAN("hubspot")) && !sys->enabled &&
	    !sys->path, "hubspot-eu");
	sys = systems_find(&s, SPAN("out"));
	ok(sys && sys->path && !strcmp(sys->path, "/tmp/o.csv"),
	    "a whole path");
	sys = systems_find(&s, SPAN("salesforce"));
	ok(sys && span_eq(sys->kind, SPAN("salesforce")) && sys->enabled &&
	    !sys->node, "a bare kind");
	sys = systems_find(&s, SPAN("hubspot"));
	ok(sys && sys->timeouts.connect == 5000 && !sys->timeouts.first &&
	    sys->timeouts.patience == 86400000, "how long is waited");
	ok(!systems_find(&s, SPAN("nosuch")), "none of that name");
	ok(!systems_find(&s, SPAN("")), "none without a name");
	systems_free(&s);
}

static void
test_bad(void)
{
	static const char *const bad[] = { "{", "[]", "{app: 1}",
		"{app: {kind: \"hubspt\"}}", "{\"a/b\": {kind: \"file\"}}",
		"{app: {kind: \"file\"}, app: {}}", "{\"\": {}}",
		"{unknown: {}}", "{app: {kind: \"file\", pth: \"a\"}}",
		"{hubspot: {timeouts: 5}}", "{hubspot: {timeouts: {all: 5}}}",
		"{hubspot: {timeouts: {first: 0}}}",
		"{hubspot: {timeouts: {first: 1.5}}}",
		"{hubspot: {timeouts: {whole: 86401}}}" };
	struct systems s;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ok(load(&s, bad[i], &e) == RC_CONFIG && strstr(e.text,
		    "systems.jq"), "%s: %s", bad[i], e.text);
		systems_free(&s);
	}
}

int
main(void)
{
	char folder[] = "/tmp/home-test-XXXXXX";
	struct systems s;
	struct err e;

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	unsetenv("CRM_HOME");
	ok(!strcmp(home_path(), ".crm"), "by default .crm");
	setenv("CRM_HOME", "here/.crm", 1);
	ok(!strcmp(home_path(), "here/.crm"), "as CRM_HOME says");
	ok(!home_exists() && home_require(&e) == RC_CONFIG &&
	    strstr(e.text, "crm-state init"), "%s", e.text);
	ok(systems_load(&s, &e) == RC_OK && s.count == 0 &&
	    systems_find(&s, SPAN("file")), "no home has bare kinds only");
	systems_free(&s);
	ok(!mkdir("here", 0700) && !mkdir("here/.crm", 0700) &&
	    !home_exists(), "a folder is no home yet");
	write_file("here/.crm/" HOME_MARKER, HOME_FORMAT);
	ok(home_exists() && home_require(&e) == RC_OK, "a home");
	test_good();
	test_bad();
	unlink("here/.crm/systems.jq");
	unlink("here/.crm/" HOME_MARKER);
	rmdir("here/.crm");
	rmdir("here");
	rmdir(folder);
	return tap_done();
}
