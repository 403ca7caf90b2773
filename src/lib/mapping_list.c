/* SPDX-License-Identifier: MIT */
/* mapping_list: which entities have a file along the search path. */
#include "mapping_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "limits.h"

/* ENTITY of "ENTITY.jq"; empty for any other file. */
static struct span
entity_of(const char *file)
{
	struct span s = span_str(file);

	if (s.len <= 3 || memcmp(s.ptr + s.len - 3, ".jq", 3) != 0)
		return SPAN("");
	s.len -= 3;
	return home_is_name(s) ? s : SPAN("");
}

static bool
known(const struct span *names, size_t count, struct span name)
{
	for (size_t i = 0; i < count; i++)
		if (span_eq(names[i], name))
			return true;
	return false;
}

static enum rc
add_all(struct arena *a, struct span dir, struct span *names, size_t *count,
    struct err *e)
{
	DIR *d = opendir(arena_cstr(a, dir));
	struct dirent *entry;
	enum rc rc = RC_OK;

	if (!d && errno == ENOENT)
		return RC_OK;
	if (!d)
		return err_errno(e, RC_SYSTEM, "%.*s", SPAN_ARG(dir));
	for (entry = readdir(d); entry && !rc; entry = readdir(d)) {
		struct span name = entity_of(entry->d_name);

		if (!name.len || known(names, *count, name))
			continue;
		if (*count == LIMIT_ENTITIES)
			rc = err_set(e, RC_CONFIG, "more than %d entities "
			    "have a file", LIMIT_ENTITIES);
		else
			names[(*count)++] = arena_dup(a, name);
	}
	closedir(d);
	return rc;
}

static int
by_bytes(const void *x, const void *y)
{
	return span_cmp(*(const struct span *)x, *(const struct span *)y);
}

enum rc
mapping_file_entities(struct arena *a, struct span **names, size_t *count,
    struct err *e)
{
	struct mapping_path path = mapping_file_path();
	struct span dir;
	enum rc rc = RC_OK;

	*names = arena_zero(a, LIMIT_ENTITIES * sizeof **names);
	*count = 0;
	while (!rc && mapping_file_next(&path, &dir))
		rc = add_all(a, dir, *names, count, e);
	qsort(*names, *count, sizeof **names, by_bytes);
	return rc;
}
