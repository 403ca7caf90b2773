/* SPDX-License-Identifier: MIT */
#include "resume.h"

#include "../lib/checkpoint.h"
#include "../lib/json.h"
#include "../lib/mapping.h"
#include "../lib/scope.h"
#include "../lib/todo.h"

/* Does the row stand for the same records and the same fields of them? */
static const char *
what_changed(const struct extraction *s, const struct json *j,
    struct arena *a)
{
	char room[32];
	struct buf scope = { .ptr = room, .room = sizeof room,
		.cap = sizeof room };

	scope_put(&scope, span_str(s->adapter->kind->name), s->request.object);
	if (!span_eq(json_get_string(j, 0, SPAN("mapping"), a),
	    span_str(s->mapping->hash)))
		return "the mapping";
	if (!span_eq(json_get_string(j, 0, SPAN("scope"), a),
	    buf_view(&scope)))
		return "what is selected";
	return NULL;
}

static enum rc
take_cursor(struct extraction *s, struct span row, struct arena *a,
    const char **changed, struct err *e)
{
	struct json j;
	uint32_t cursor;
	enum rc rc;

	json_init(&j);
	rc = json_parse(&j, row, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	cursor = rc ? 0 : json_get(&j, 0, SPAN("cursor"));
	if (cursor)
		*changed = what_changed(s, &j, a);
	if (cursor && !*changed)
		s->request.cursor = json_text(&j, cursor);
	json_free(&j);
	return rc;
}

static enum rc
read_checkpoint(struct extraction *s, struct txn *t, struct arena *a,
    const char **changed, struct err *e)
{
	const struct read_request *req = &s->request;
	struct span row;
	bool todo;
	struct source src = { s->mapping->entity->name, req->system->name,
		req->object, SPAN("") };
	enum rc rc = todo_any(t, &src, &todo, e);

	if (rc || (todo && !s->adapter->fetch))
		return rc;
	rc = checkpoint_get(t, req->system->name, req->object,
	    s->mapping->entity->name, &row, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	return take_cursor(s, arena_dup(a, row), a, changed, e);
}

enum rc
resume_cursor(struct extraction *s, struct arena *a, const char **changed,
    struct err *e)
{
	struct state *state = NULL;
	struct txn t = { .mdb = NULL };
	enum rc rc;

	*changed = NULL;
	if (!s->mapping || !(s->adapter->kind->caps & CAP_CURSOR) ||
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
