/* SPDX-License-Identifier: MIT */
/* mapped: the mappings that serve a system. */
#include "auth.h"

#include "../lib/limits.h"
#include "../lib/mapping_file.h"

static enum rc
visit(const struct systems *systems, struct span system, struct span entity,
    mapped_visit *fn, void *arg, struct err *e)
{
	struct mapping *m = NULL;
	struct buf name;
	enum rc rc;

	buf_init(&name, LIMIT_LINE, "name");
	buf_printf(&name, "%.*s.%.*s", SPAN_ARG(entity), SPAN_ARG(system));
	rc = mapping_load(&m, buf_view(&name), systems, e);
	if (!rc)
		rc = fn(arg, m, e);
	mapping_free(m);
	buf_free(&name);
	return rc;
}

enum rc
mapped_each(const struct systems *systems, struct span system,
    char *const *entities, mapped_visit *fn, void *arg, struct err *e)
{
	struct arena a;
	struct span *names;
	size_t count = 0;
	enum rc rc = RC_OK;

	if (entities && *entities) {
		for (; !rc && *entities && !run_stopping(); entities++)
			rc = visit(systems, system, span_str(*entities), fn,
			    arg, e);
		return rc;
	}
	arena_init(&a);
	rc = mapping_file_entities(&a, &names, &count, e);
	for (size_t i = 0; !rc && i < count && !run_stopping(); i++)
		if (mapping_exists(names[i], system, systems))
			rc = visit(systems, system, names[i], fn, arg, e);
	arena_free(&a);
	return rc;
}
