/* SPDX-License-Identifier: MIT */
#include "resume.h"

#include "../lib/checkpoint.h"
#include "../lib/json.h"
#include "../lib/mapping.h"

/* The row is as it was when our mapping was the one it was read with. */
static enum rc
take_cursor(struct source *s, struct span row, struct arena *a,
    bool *changed, struct err *e)
{
	struct json j;
	struct span mapping;
	uint32_t cursor;
	enum rc rc;

	json_init(&j);
	rc = json_parse(&j, row, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	if (!rc) {
		mapping = json_get_string(&j, 0, SPAN("mapping"), a);
		cursor = json_get(&j, 0, SPAN("cursor"));
		*changed = !span_eq(mapping, span_str(s->mapping->hash));
		if (cursor && !*changed)
			s->request.cursor = json_text(&j, cursor);
	}
	json_free(&j);
	return rc;
}

static enum rc
read_checkpoint(struct source *s, struct txn *t, struct arena *a,
    bool *changed, struct err *e)
{
	const struct read_request *req = &s->request;
	struct span row;
	bool todo;
	enum rc rc = todo_any(t, req->system->name, req->object, &todo, e);

	if (rc || todo)
		return rc;
	rc = checkpoint_get(t, req->system->name, req->object,
	    s->mapping->entity->name, &row, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	return take_cursor(s, arena_dup(a, row), a, changed, e);
}

enum rc
resume_cursor(struct source *s, struct arena *a, bool *changed,
    struct err *e)
{
	struct state *state = NULL;
	struct txn t = { .mdb = NULL };
	enum rc rc;

	*changed = false;
	if (!s->mapping || !(s->adapter->caps & CAP_CURSOR) ||
	    s->request.full || !home_exists())
		return RC_OK;
	rc = state_open(&state, true, e);
	if (!rc)
		rc = txn_begin(&t, state, false, e);
	if (!rc)
		rc = read_checkpoint(s, &t, a, changed, e);
	txn_abort(&t);
	state_close(state);
	return rc;
}
