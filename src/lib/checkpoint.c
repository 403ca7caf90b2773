/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include "clock.h"
#include "json.h"
#include "limits.h"

enum rc
checkpoint_get(struct txn *t, struct span system, struct span object,
    struct span entity, struct span *json, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, system, object, entity);
	return txn_get(t, TABLE_CHECKPOINT, buf_view(&key), json, e);
}

enum rc
checkpoint_put(struct txn *t, struct span system, struct span object,
    struct span entity, struct span json, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, system, object, entity);
	return txn_put(t, TABLE_CHECKPOINT, buf_view(&key), json, e);
}

enum rc
checkpoint_read_once(struct txn *t, struct span system, struct span object,
    struct span entity, bool *once, int64_t *at, struct err *e)
{
	struct json json;
	struct span text;
	struct arena a;
	enum rc rc = checkpoint_get(t, system, object, entity, &text, e);

	*once = false;
	*at = 0;
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	json_init(&json);
	arena_init(&a);
	rc = json_parse(&json, text, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	else
		*once = json_get(&json, 0, SPAN("full")) != 0;
	if (!rc && !clock_parse(json_get_string(&json, 0, SPAN("at"), &a),
	    at))
		*at = 0;
	arena_free(&a);
	json_free(&json);
	return rc;
}

/* A member that is an instant; 0 when there is none. */
static enum rc
instant_of(struct span row, struct span name, int64_t *at, struct err *e)
{
	struct json json;
	struct arena a;
	enum rc rc;

	json_init(&json);
	arena_init(&a);
	rc = json_parse(&json, row, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	else if (!clock_parse(json_get_string(&json, 0, name, &a), at))
		*at = 0;
	arena_free(&a);
	json_free(&json);
	return rc;
}

enum rc
checkpoint_each(struct txn *t, struct span system, struct span entity,
    checkpoint_visit *visit, void *arg, struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	KEY(&prefix, system, SPAN(""));
	rc = walk_open(&w, t, TABLE_CHECKPOINT, buf_view(&prefix), e);
	while (!rc) {
		struct span rest, object;

		rc = walk_next(&w, e);
		if (rc)
			break;
		rest = span_of(w.key.ptr + prefix.len, w.key.len -
		    prefix.len);
		object = key_take(&rest);
		if (span_eq(rest, entity))
			rc = visit(arg, object, w.value, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
take_first(void *arg, struct span object, struct span row, struct err *e)
{
	int64_t *first = arg, at = 0;
	enum rc rc = instant_of(row, SPAN("first"), &at, e);

	(void)object;
	if (at && (!*first || at < *first))
		*first = at;
	return rc;
}

enum rc
checkpoint_first(struct txn *t, struct span system, struct span entity,
    int64_t *at, struct err *e)
{
	*at = 0;
	return checkpoint_each(t, system, entity, take_first, at, e);
}
