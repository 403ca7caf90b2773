/* SPDX-License-Identifier: MIT */
#include "account.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/json.h"
#include "../lib/limits.h"

#define PROGRAM "crm-extract"
#define NOT_RUN 127 /* the status of a child that could not be one */

static const char *beside; /* argv[0] */

void
account_beside(const char *self)
{
	beside = self;
}

/* ---- the child ---- */

static const char *
program_path(struct arena *a)
{
	const char *slash = beside ? strrchr(beside, '/') : NULL;
	size_t len = slash ? (size_t)(slash - beside) + 1 : 0;
	char *path = arena_alloc(a, len + sizeof PROGRAM);

	if (len)
		memcpy(path, beside, len);
	memcpy(path + len, PROGRAM, sizeof PROGRAM);
	return path;
}

static void
become(const char *path, const char *system, const char *object, int out)
{
	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(NOT_RUN);
	execlp(path, PROGRAM, "--fields", "--", system, object, (char *)NULL);
	_exit(NOT_RUN);
}

static enum rc
read_all(int fd, struct buf *text, struct err *e)
{
	ssize_t n;

	do {
		if (!buf_reserve(text, READ_BLOCK))
			return err_set(e, RC_SYSTEM, "more than a description "
			    "of fields");
		n = read(fd, text->ptr + text->len, READ_BLOCK);
		if (n < 0 && errno != EINTR)
			return err_errno(e, RC_SYSTEM, "reading of "
			    PROGRAM);
		text->len += n > 0 ? (size_t)n : 0;
	} while (n != 0);
	return RC_OK;
}

static enum rc
judge(int status, struct err *e)
{
	static const enum rc of[] = { RC_OK, RC_RECORD, RC_CONFIG, RC_REMOTE,
		RC_PERSON };
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (code == NOT_RUN)
		return err_set(e, RC_CONFIG, PROGRAM " is not there");
	if (code < 0)
		return err_set(e, RC_SYSTEM, PROGRAM " was ended by signal %d",
		    WTERMSIG(status));
	if (code == 0)
		return RC_OK;
	return err_set(e, code < (int)(sizeof of / sizeof *of) ? of[code] :
	    RC_SYSTEM, "its fields were not told: " PROGRAM " ended with exit "
	    "status %d", code);
}

/* Closes `fd` first, so that a child that still writes ends. */
static int
end_child(pid_t child, int fd)
{
	int status = 0;

	close(fd);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

enum rc
account_ask(struct buf *text, struct span system, struct span object,
    struct err *e)
{
	struct arena a;
	const char *path, *names[2];
	int ends[2], status;
	pid_t child;
	enum rc rc;

	if (pipe(ends) != 0)
		return err_errno(e, RC_SYSTEM, "pipe");
	arena_init(&a);
	path = program_path(&a);
	names[0] = arena_cstr(&a, system);
	names[1] = arena_cstr(&a, object);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		become(path, names[0], names[1], ends[1]);
	}
	close(ends[1]);
	if (child < 0) {
		rc = err_errno(e, RC_SYSTEM, "fork");
		close(ends[0]);
	} else {
		rc = read_all(ends[0], text, e);
		status = end_child(child, ends[0]);
		if (!rc)
			rc = judge(status, e);
	}
	arena_free(&a);
	return rc;
}

/* ---- what it said ---- */

static void
read_options(struct account_field *f, const struct json *j, struct arena *a)
{
	uint32_t list = json_get(j, 0, SPAN("options"));

	if (!list || json_kind(j, list) != JSON_ARRAY)
		return;
	f->options = arena_zero(a, (size_t)(j->nodes[list].next - list) *
	    sizeof *f->options);
	for (JSON_ITEMS(j, list, item))
		if (json_kind(j, item) == JSON_OBJECT)
			f->options[f->option_count++] = arena_dup(a,
			    json_get_string(j, item, SPAN("value"), a));
}

static struct account_field *
add(struct account_fields *f)
{
	struct account_field *bigger;

	if ((f->count & (f->count - 1)) == 0) {
		bigger = arena_zero(&f->arena, (f->count ? 2 * f->count : 1) *
		    sizeof *bigger);
		if (f->count)
			memcpy(bigger, f->items, f->count * sizeof *bigger);
		f->items = bigger;
	}
	return &f->items[f->count++];
}

static void
read_field(struct account_fields *fields, const struct json *j)
{
	struct arena *a = &fields->arena;
	struct span name = json_get_string(j, 0, SPAN("name"), a);
	struct account_field *f;

	if (!name.ptr)
		return;
	f = add(fields);
	f->name = arena_dup(a, name);
	f->holds = arena_dup(a, json_get_string(j, 0, SPAN("holds"), a));
	f->writable = json_get_true(j, 0, SPAN("writable"));
	f->required = json_get_true(j, 0, SPAN("required"));
	f->unique = json_get_true(j, 0, SPAN("unique"));
	f->max_length = (size_t)json_get_int(j, 0, SPAN("max_length"), 0);
	read_options(f, j, a);
	fields->told |= !json_get(j, 0, SPAN("seen"));
}

static enum rc
read_lines(struct account_fields *f, struct span text, struct err *e)
{
	const char *end;
	struct json j;
	enum rc rc = RC_OK;

	json_init(&j);
	for (; !rc && text.len; text.len -= (size_t)(end - text.ptr) + 1,
	    text.ptr = end + 1) {
		end = memchr(text.ptr, '\n', text.len);
		if (!end) {
			rc = err_set(e, RC_SYSTEM, "a line of " PROGRAM
			    " was cut");
			break;
		}
		rc = json_parse(&j, span_of(text.ptr, (size_t)(end -
		    text.ptr)), e);
		if (!rc && json_kind(&j, 0) == JSON_OBJECT)
			read_field(f, &j);
	}
	json_free(&j);
	return rc;
}

enum rc
account_fields_load(struct account_fields *f, struct span system,
    struct span object, struct err *e)
{
	struct buf text;
	enum rc rc;

	*f = (struct account_fields){ .count = 0 };
	arena_init(&f->arena);
	buf_init(&text, LIMIT_ANSWER, "description");
	rc = account_ask(&text, system, object, e);
	if (!rc)
		rc = read_lines(f, buf_view(&text), e);
	buf_free(&text);
	return rc;
}

void
account_fields_free(struct account_fields *f)
{
	arena_free(&f->arena);
}

static bool
same_folded(struct span a, struct span b)
{
	for (size_t i = 0; i < a.len && a.len == b.len; i++) {
		unsigned char x = (unsigned char)a.ptr[i];
		unsigned char y = (unsigned char)b.ptr[i];

		if (x != y && ((x | 32) != (y | 32) || (x | 32) < 'a' ||
		    (x | 32) > 'z'))
			return false;
	}
	return a.len == b.len;
}

const struct account_field *
account_fields_find(const struct account_fields *f, struct span name,
    bool folded)
{
	for (size_t i = 0; i < f->count; i++)
		if (span_eq(f->items[i].name, name) || (folded &&
		    same_folded(f->items[i].name, name)))
			return &f->items[i];
	return NULL;
}
