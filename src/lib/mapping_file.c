/* SPDX-License-Identifier: MIT */
/* mapping_file: finding mapping files and reading their members. */
#include "mapping_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limits.h"

#ifndef CRM_PREFIX
#define CRM_PREFIX "/usr/local"
#endif

enum rc
mapping_file_name(struct mapping_name *n, struct span text,
    const struct systems *systems, struct err *e)
{
	const struct system *sys;
	struct span rest = text;
	const char *dot;
	size_t i;

	memset(n, 0, sizeof(*n));
	for (i = text.len; i > 0 && text.ptr[i - 1] != '/'; i--)
		;
	if (i) {
		n->directory = span_of(text.ptr, i > 1 ? i - 1 : 1);
		rest = span_of(text.ptr + i, text.len - i);
	}
	if (rest.len > 3 && !memcmp(rest.ptr + rest.len - 3, ".jq", 3))
		rest.len -= 3;
	dot = memchr(rest.ptr, '.', rest.len);
	n->entity = rest;
	if (dot) {
		n->entity.len = (size_t)(dot - rest.ptr);
		n->system = span_of(dot + 1, rest.len - n->entity.len - 1);
	}
	if (!home_is_name(n->entity) || (dot && !home_is_name(n->system)))
		return err_set(e, RC_CONFIG, "\"%.*s\" is no name of a"
		    " mapping (ENTITY.SYSTEM)", SPAN_ARG(text));
	n->kind = n->system;
	sys = systems_find(systems, n->system);
	if (sys)
		n->kind = sys->kind;
	return RC_OK;
}

/*
 * What is out of reach (a link that leads nowhere, a folder that is not ours)
 * is there all the same: opening it says why, and no other file takes its
 * place.
 */
static bool
is_there(const char *path)
{
	struct stat st;

	return access(path, F_OK) == 0 || (errno != ENOTDIR &&
	    (errno != ENOENT || lstat(path, &st) == 0));
}

/* DIR/ENTITY[.SYSTEM].jq if it is there. */
static const char *
try_path(struct arena *a, struct span dir, struct span entity,
    struct span system)
{
	size_t size = dir.len + entity.len + system.len + 6;
	char *path = arena_alloc(a, size);

	snprintf(path, size, "%.*s/%.*s%s%.*s.jq", SPAN_ARG(dir),
	    SPAN_ARG(entity), system.len ? "." : "", SPAN_ARG(system));
	return is_there(path) ? path : NULL;
}

/* Next directory of a ':' list; false at its end. */
static bool
next_listed(struct span *list, struct span *dir)
{
	if (!list->len)
		return false;
	*dir = span_cut(list, ':');
	return true;
}

struct mapping_path
mapping_file_path(void)
{
	return (struct mapping_path){ .listed =
	    span_str(getenv("CRM_MAPPINGS")) };
}

bool
mapping_file_next(struct mapping_path *p, struct span *dir)
{
	static const struct span always[] = { { "mappings", 8 },
		{ CRM_PREFIX "/share/crm/mappings",
		    sizeof(CRM_PREFIX "/share/crm/mappings") - 1 } };

	while (next_listed(&p->listed, dir))
		if (dir->len)
			return true;
	if (p->always == sizeof always / sizeof *always)
		return false;
	*dir = always[p->always++];
	return true;
}

const char *
mapping_file_find(struct arena *a, struct span directory, struct span entity,
    struct span system)
{
	struct mapping_path path = mapping_file_path();
	struct span dir;
	const char *found = NULL;

	if (directory.len)
		return try_path(a, directory, entity, system);
	while (!found && mapping_file_next(&path, &dir))
		found = try_path(a, dir, entity, system);
	return found;
}

enum rc
mapping_file_read(struct buf *raw, const char *path, struct err *e)
{
	enum rc rc = literal_read(raw, path, e);

	return rc != RC_END ? rc : err_set(e, RC_CONFIG, "%s: a link that "
	    "leads nowhere, or the file went away", path);
}

const char *
mapping_file_system(struct arena *a, const struct mapping_name *n)
{
	const char *path;

	path = mapping_file_find(a, n->directory, n->entity, n->system);
	if (path || span_eq(n->kind, n->system))
		return path;
	return mapping_file_find(a, n->directory, n->entity, n->kind);
}

const char *
mapping_file_searched(struct arena *a, struct span directory)
{
	const char *env = getenv("CRM_MAPPINGS");
	size_t size = (env ? strlen(env) : 0) + sizeof(CRM_PREFIX) + 64;
	char *text;

	if (directory.len)
		return arena_cstr(a, directory);
	text = arena_alloc(a, size);
	snprintf(text, size, "%s%smappings:%s/share/crm/mappings",
	    env ? env : "", env && *env ? ":" : "", CRM_PREFIX);
	return text;
}

enum rc
mapping_file_string(const struct json *j, uint32_t object, const char *key,
    struct arena *a, struct span *out, struct err *e)
{
	uint32_t node = json_get(j, object, span_str(key));

	if (!node)
		return RC_OK;
	if (json_kind(j, node) != JSON_STRING)
		return err_set(e, RC_CONFIG, "%s must be a text", key);
	*out = literal_string(j, node, a);
	return RC_OK;
}

enum rc
mapping_file_strings(const struct json *j, uint32_t object, const char *key,
    struct arena *a, struct span **out, size_t *count, struct err *e)
{
	uint32_t node = json_get(j, object, span_str(key));
	size_t n = 0;

	*count = 0;
	if (!node)
		return RC_OK;
	*out = arena_zero(a, sizeof(**out));
	if (json_kind(j, node) == JSON_STRING) {
		(*out)[0] = literal_string(j, node, a);
		*count = 1;
		return RC_OK;
	}
	if (json_kind(j, node) != JSON_ARRAY)
		return err_set(e, RC_CONFIG, "%s must be a text or a list of"
		    " texts", key);
	for (JSON_ITEMS(j, node, item)) {
		if (json_kind(j, item) != JSON_STRING)
			return err_set(e, RC_CONFIG, "%s: every item must be"
			    " a text", key);
		n++;
	}
	*out = arena_zero(a, (n + 1) * sizeof(**out));
	for (JSON_ITEMS(j, node, item2))
		(*out)[(*count)++] = literal_string(j, item2, a);
	return RC_OK;
}

enum rc
mapping_file_count(const struct json *j, uint32_t object, const char *key,
    int64_t min, int64_t max, int64_t *out, struct err *e)
{
	uint32_t node = json_get(j, object, span_str(key));
	int64_t n;

	if (!node)
		return RC_OK;
	n = json_get_int(j, object, span_str(key), INT64_MIN);
	if (n < min || n > max)
		return err_set(e, RC_CONFIG, "%s must be a whole number from"
		    " %lld to %lld", key, (long long)min, (long long)max);
	*out = n;
	return RC_OK;
}

enum rc
mapping_file_flag(const struct json *j, uint32_t object, const char *key,
    bool *out, struct err *e)
{
	uint32_t node = json_get(j, object, span_str(key));

	if (!node)
		return RC_OK;
	if (json_kind(j, node) != JSON_TRUE && json_kind(j, node) !=
	    JSON_FALSE)
		return err_set(e, RC_CONFIG, "%s must be true or false", key);
	*out = json_kind(j, node) == JSON_TRUE;
	return RC_OK;
}

enum rc
mapping_file_word(const struct json *j, uint32_t object, const char *key,
    const char *const *words, int *out, struct err *e)
{
	uint32_t node = json_get(j, object, span_str(key));
	const char *near;
	struct span word;

	if (!node)
		return RC_OK;
	if (json_kind(j, node) != JSON_STRING)
		return err_set(e, RC_CONFIG, "%s must be a text", key);
	word = json_inner(j, node);
	*out = literal_index(word, words);
	if (*out >= 0)
		return RC_OK;
	near = literal_nearest(word, words);
	return err_set(e, RC_CONFIG, "%s: unknown \"%.*s\"%s%s%s", key,
	    SPAN_ARG(word), near ? " (did you mean \"" : "",
	    near ? near : "", near ? "\"?)" : "");
}
