/* SPDX-License-Identifier: MIT */
/* command: lines asked of a process, and processes that misbehave. */
#include "../../src/crm-resolve/command.c"

#include "tap.h"

static struct err why;

/* sh runs it. */
static struct command *
shell(const char *script, int64_t timeout)
{
	const struct span argv[] = { SPAN("sh"), SPAN("-c"),
		span_str(script) };

	return command_new(argv, 3, timeout);
}

static bool
says(struct command *c, const char *line, const char *want)
{
	struct span answer = { NULL, 0 };

	why.text[0] = '\0';
	return command_ask(c, span_str(line), &answer, &why) == RC_OK &&
	    span_eq(answer, span_str(want));
}

static void
test_answers(void)
{
	struct command *c = shell("while read -r l; do echo \"<$l>\"; done",
	    20000);
	pid_t pid;

	ok(says(c, "one", "<one>"), "a line for a line");
	pid = c->pid;
	ok(says(c, "two", "<two>") && c->pid == pid, "of one process");
	command_free(c);
	ok(kill(pid, 0) < 0, "which is gone in the end");
	c = shell("cat", 20000);
	ok(says(c, "", "") && says(c, "x", "x"), "an empty line is a line");
	command_free(c);
	command_free(NULL);
}

/* Longer than any pipe holds, to one that answers while it reads. */
static void
test_long(void)
{
	struct command *c = shell("cat", 20000);
	static char text[3 << 20];

	memset(text, 'x', sizeof text - 1);
	ok(says(c, text, text), "a line longer than a pipe");
	command_free(c);
}

static void
fails(const char *script, int64_t timeout, const char *what)
{
	struct command *c = shell(script, timeout);
	char first[ERR_TEXT];
	bool refused;

	refused = !says(c, "x", "x") && why.text[0] && c->over && !c->pid;
	memcpy(first, why.text, sizeof first);
	ok(refused && !says(c, "x", "x") && strcmp(first, why.text) == 0,
	    "%s: %s", what, first);
	command_free(c);
}

static void
test_failures(void)
{
	const struct span nothing[] = { SPAN("./no such program") };
	struct command *c = command_new(nothing, 1, 20000);

	ok(!says(c, "x", "x") && strstr(why.text, "cannot be run"),
	    "no such program: %s", why.text);
	command_free(c);
	fails("exit 7", 20000, "one that ends");
	fails("read -r l; exit 0", 20000, "in the middle");
	fails("kill -9 $$", 20000, "by a signal");
	fails("read -r l; printf x", 20000, "without the line's end");
	fails("exec sleep 20", 100, "one that is too late");
	fails("trap '' TERM; while :; do :; done", 100, "and will not end");
	fails("read -r l; printf 'x\\ny\\n'", 20000, "one that says too much");
	fails("read -r l; head -c 17000000 /dev/zero | tr '\\0' x", 20000,
	    "for ever");
}

static void
test_refuse(void)
{
	struct command *c = shell("cat", 20000);

	ok(says(c, "x", "x") && command_refuse(c, "is odd", &why) ==
	    RC_RECORD && !says(c, "x", "x") && strcmp(why.text, "sh is odd")
	    == 0, "who is not trusted is not asked again");
	command_free(c);
}

static void
test_surroundings(void)
{
	struct command *c = shell("read -r l; echo \"$CRM_TOKEN_HUB,$KEPT,"
	    "$(ls /proc/self/fd | wc -l)\"", 20000);
	int open_here = dup(1);

	setenv("CRM_TOKEN_HUB", "secret", 1);
	setenv("KEPT", "kept", 1);
	/* 0, 1, 2, and the folder ls reads */
	ok(says(c, "x", ",kept,4"), "without tokens and our files");
	ok(strcmp(getenv("CRM_TOKEN_HUB"), "secret") == 0,
	    "which we still have");
	command_free(c);
	close(open_here);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN); /* as run.c has it */
	test_answers();
	test_long();
	test_failures();
	test_refuse();
	test_surroundings();
	return tap_done();
}
