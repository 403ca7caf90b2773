/* SPDX-License-Identifier: MIT */
/* rule_ask: fields that expressions and commands decide. */
#include "../../src/crm-resolve/answers.c"
#include "../../src/crm-resolve/command.c"
#include "../../src/crm-resolve/rules.c"
#include "../../src/crm-resolve/rule_append.c"
#include "../../src/crm-resolve/rule_ask.c"
#include "../../src/crm-resolve/rule_input.c"
#include "../../src/crm-resolve/rule_pick.c"
#include "../../src/crm-resolve/rule_union.c"

#include <signal.h>

#include "scratch.h"
#include "tap.h"

/* Answers with the last candidate's value, and counts in the file `asked`. */
#define LAST "while read -r l; do echo >> \"$ASKED\"; n=${l#*:}; " \
	"v=${l##*value\\\":}; echo \"{\\\"n\\\":${n%%,*},\\\"value\\\":" \
	"${v%%,*}}\"; done"

static struct span shell[] = { { "sh", 2 }, { "-c", 2 },
	{ LAST, sizeof LAST - 1 } };
static struct entity_field fields[3] = {
	{ .name = { "a", 1 }, .type = TYPE_TEXT, .rule = RULE_COMMAND,
	  .command = shell, .command_count = 3 },
	{ .name = { "b", 1 }, .type = TYPE_INTEGER, .rule = RULE_COMMAND,
	  .command = shell, .command_count = 3 },
	{ .name = { "c", 1 }, .type = TYPE_ENUM, .rule = RULE_JQ } };
static struct entity entity = { .name = { "person", 6 }, .fields = fields,
	.field_count = 3 };
static struct policy policy = { .entity = &entity };
static struct arena arena;
static struct err why;

static void
must(enum rc rc)
{
	if (rc) {
		printf("# %s\n", why.text);
		abort();
	}
}

/* app says the one, hub the other, a second later. */
static enum rc
decided(size_t at, const char *uid, const char *app, const char *hub,
    struct verdict *v)
{
	struct candidate c[2] = {
		{ .system = 1, .name = SPAN("app"), .time = 1000,
		  .value = span_str(app), .base = SPAN("null") },
		{ .system = 2, .name = SPAN("hub"), .time = 2000,
		  .value = span_str(hub) } };
	struct dispute d = { .policy = &policy, .field = &fields[at],
		.at = at, .uid = span_str(uid), .agreed = record_null,
		.candidates = c, .count = 2, .arena = &arena };

	why.text[0] = '\0';
	return rules_decide(&d, v, &why);
}

static bool
gives(size_t at, const char *uid, const char *app, const char *hub,
    const char *want)
{
	struct verdict v;

	return decided(at, uid, app, hub, &v) == RC_OK && !v.review &&
	    span_eq(v.value, span_str(want));
}

static size_t
times_asked(void)
{
	FILE *f = fopen(getenv("ASKED"), "r");
	size_t n = 0;

	while (f && fgetc(f) != EOF)
		n++;
	if (f)
		fclose(f);
	return n;
}

static void
begin(bool applying)
{
	must(rules_pass(&policy, applying, &why));
}

static void
test_command(void)
{
	struct verdict v;

	fields[2].program = SPAN(".[0].value");
	must(rules_open(&policy, &why));
	ok(policy.rules->command[0] == policy.rules->command[1],
	    "equal commands are one process");
	begin(false);
	ok(gives(0, "u1", "\"x\"", "\"y\"", "\"y\""), "a command decides");
	ok(gives(1, "u1", "1", "2", "2"), "another field");
	ok(gives(0, "u2", "\"p\"", "\"q\"", "\"q\""), "another record");
	ok(gives(0, "u3", "\"p\"", "\"p\"", "\"p\"") && times_asked() == 3,
	    "but it is not asked what is clear");
	begin(false);
	ok(gives(0, "u0", "\"late\"", "\"later\"", "\"later\""),
	    "in the pass of deletions too");
	for (int pass = 0; pass < 2; pass++) {
		begin(true);
		ok(gives(0, "u1", "\"x\"", "\"y\"", "\"y\"") &&
		    gives(0, "u2", "\"p\"", "\"q\"", "\"q\""),
		    "applying takes the same");
		begin(true);
		ok(gives(0, "u0", "\"late\"", "\"later\"", "\"later\""),
		    "as often as it is gone through");
	}
	begin(true);
	ok(decided(0, "u1", "\"x\"", "\"moved\"", &v) == RC_END,
	    "but not what was not asked");
	ok(gives(1, "u1", "1", "2", "2"), "the next is found again");
	ok(decided(0, "u9", "\"x\"", "\"y\"", &v) == RC_END,
	    "nor about a record that was not");
	begin(true);
	ok(gives(0, "u1", "\"x\"", "\"y\"", "\"y\""),
	    "what was put off finds it in a later pass");
	ok(times_asked() == 4, "all the time nobody was asked again");
	rules_close(&policy);
	ok(!policy.rules, "and it ends");
	rules_close(&policy);
}

/* What a broken command leaves is applied as it was judged. */
static void
test_broken(void)
{
	struct span broken[] = { SPAN("sh"), SPAN("-c"), SPAN("exit 5") };
	struct verdict v = { .why = "" };

	fields[0].command = broken;
	must(rules_open(&policy, &why));
	begin(false);
	ok(decided(0, "u1", "\"x\"", "\"y\"", &v) == RC_OK && v.review &&
	    v.failed && strstr(v.why, "exit status 5"),
	    "one that died leaves it to a person: %s", v.why);
	ok(decided(0, "u2", "\"x\"", "\"y\"", &v) == RC_OK && v.review &&
	    !v.failed, "the next is not told of any more");
	begin(true);
	ok(decided(0, "u1", "\"x\"", "\"y\"", &v) == RC_OK && v.review &&
	    strstr(v.why, "exit status 5"), "so it is applied");
	ok(decided(0, "u2", "\"x\"", "\"y\"", &v) == RC_OK && v.review,
	    "both");
	rules_close(&policy);
	fields[0].command = shell;
}

static void
jq(const char *program, const char *app, const char *hub, const char *want,
    const char *what)
{
	struct verdict v;
	enum rc rc;

	fields[2].program = span_str(program);
	must(rules_open(&policy, &why));
	rc = decided(2, "u", app, hub, &v);
	ok(rc == RC_OK && (want ? !v.review && span_eq(v.value,
	    span_str(want)) : v.review && v.failed && v.why[0]), "jq %s: %s",
	    what, v.review && v.why ? v.why : "");
	rules_close(&policy);
}

static void
test_jq(void)
{
	jq(".[1].value", "\"a\"", "\"b\"", "\"b\"", "picks");
	jq("map(.value) | add", "\"a\"", "\"b\"", "\"ab\"", "makes");
	jq("map(.system) | join(\",\")", "\"a\"", "\"b\"", "\"app,hub\"",
	    "in order of time");
	jq("map(.time) | .[1]", "\"a\"", "\"b\"",
	    "\"1970-01-01T00:00:02.000Z\"", "knows times");
	jq("map(.was) | tojson", "\"a\"", "\"b\"", "\"[null,null]\"",
	    "and what was");
	jq("null", "\"a\"", "\"b\"", "null", "may clear");
	jq("error(\"secret\")", "\"a\"", "\"b\"", NULL, "fails");
	jq("empty", "\"a\"", "\"b\"", NULL, "gives nothing");
	jq(".[].value", "\"a\"", "\"b\"", NULL, "gives two");
	jq("[1]", "\"a\"", "\"b\"", NULL, "gives another type");
	fields[2].required = true;
	jq("null", "\"a\"", "\"b\"", NULL, "may not clear what is required");
	fields[2].required = false;
	fields[2].type = TYPE_NUMBER;
	fields[2].scale = 2;
	jq("map(.value) | add / 3", "1", "1", "1", "is not asked if all agree");
	jq("map(.value) | add / 3", "1", "4", "1.67", "is rounded");
	jq(".[0].value", "12345678901234567890", "1", NULL, "would round");
	fields[2].type = TYPE_REF;
	fields[2].to = SPAN("user");
	jq("{uid: .[1].value.uid}", "{\"ref\":\"user\",\"uid\":\"x\"}",
	    "{\"ref\":\"user\",\"uid\":\"y\"}",
	    "{\"ref\":\"user\",\"uid\":\"y\"}", "picks a reference");
	jq("{ref: \"user\", uid: \"z\"}", "{\"ref\":\"user\",\"uid\":\"x\"}",
	    "null", NULL, "makes none");
	fields[2].type = TYPE_ENUM;
}

static void
test_config(void)
{
	static const char *const bad[] = { "env", "$ENV.HOME", "$record.a",
		".[", "now", "input" };
	bool refused = true;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		fields[2].program = span_str(bad[i]);
		refused &= rules_open(&policy, &why) == RC_CONFIG &&
		    strstr(why.text, "person.jq: field c: rule: jq");
		rules_close(&policy);
	}
	ok(refused, "what is out of reach is refused: %s", why.text);
}

int
main(void)
{
	char path[4400];

	signal(SIGPIPE, SIG_IGN); /* as run.c has it */
	scratch_make();
	snprintf(path, sizeof path, "%s/asked", scratch_dir);
	setenv("ASKED", path, 1);
	arena_init(&arena);
	test_command();
	test_broken();
	test_jq();
	test_config();
	arena_free(&arena);
	return tap_done();
}
