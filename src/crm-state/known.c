/* SPDX-License-Identifier: MIT */
#include "known.h"

#include "../lib/home.h"
#include "../lib/mapping_file.h"
#include "../lib/policy.h"

enum rc
known_system(const struct state *s, const char *name, struct err *e)
{
	struct systems systems = { 0 };
	uint32_t id;
	enum rc rc = RC_OK;

	if (!name || name_find(s, span_str(name), &id))
		return RC_OK;
	rc = systems_load(&systems, e);
	if (!rc && !systems_find(&systems, span_str(name)))
		rc = err_set(e, RC_CONFIG, "no system %s: declare it in "
		    "%s/systems.jq", name, home_path());
	systems_free(&systems);
	return rc;
}

/* RC_END: no record of it was ever decided. */
static enum rc
has_record(struct state *s, const char *name, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct walk w;
	enum rc rc = txn_begin(&t, s, false, e);
	KEY_BUF(prefix);

	if (rc)
		return rc;
	KEY(&prefix, span_str(name), SPAN(""));
	rc = walk_open(&w, &t, TABLE_AGREED, buf_view(&prefix), e);
	if (!rc) {
		rc = walk_next(&w, e);
		walk_close(&w);
	}
	txn_abort(&t);
	return rc;
}

enum rc
known_entity(struct state *s, const char *name, struct err *e)
{
	struct arena a;
	enum rc rc = RC_OK;

	arena_init(&a);
	if (name && (!home_is_name(span_str(name)) || !mapping_file_find(&a,
	    SPAN(""), span_str(name), SPAN(""))))
		rc = has_record(s, name, e);
	if (rc == RC_END)
		rc = err_set(e, RC_CONFIG, "no entity %s: no record of it, and"
		    " no %s.jq in %s", name, name, mapping_file_searched(&a,
		    SPAN("")));
	arena_free(&a);
	return rc;
}

enum rc
known_names(struct state *s, const char *system, const char *entity,
    struct err *e)
{
	enum rc rc = known_system(s, system, e);

	return rc ? rc : known_entity(s, entity, e);
}
