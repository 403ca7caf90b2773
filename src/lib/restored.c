/* SPDX-License-Identifier: MIT */
#include "restored.h"

#include "checkpoint.h"
#include "json.h"

#define META_RESTORED SPAN("restored")
#define LIST_CAP ((size_t)16 << 20)

/* The checkpoint again, as one of which nothing was read yet. */
static enum rc
strip(struct span row, struct buf *out, bool *full, struct json *j,
    struct err *e)
{
	enum rc rc = json_parse(j, row, e);

	if (rc || json_kind(j, 0) != JSON_OBJECT)
		return err_set(e, RC_STATE, "state: a damaged checkpoint");
	*full = json_get(j, 0, SPAN("full")) != 0;
	buf_reset(out);
	buf_putc(out, '{');
	for (JSON_EACH(j, 0, key, value)) {
		if (json_is(j, key, SPAN("full")) ||
		    json_is(j, key, SPAN("cursor")))
			continue;
		if (out->len > 1)
			buf_putc(out, ',');
		buf_span(out, json_text(j, key));
		buf_putc(out, ':');
		buf_span(out, json_text(j, value));
	}
	buf_putc(out, '}');
	return RC_OK;
}

/* Keys first: a walk does not outlive a write. */
static enum rc
list_keys(struct txn *t, struct buf *keys, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_CHECKPOINT, SPAN(""), e);

	if (!rc)
		rc = walk_next(&w, e);
	for (; rc == RC_OK; rc = walk_next(&w, e))
		buf_counted(keys, w.key);
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
strip_all(struct txn *t, struct span keys, struct buf *list, struct err *e)
{
	struct buf row;
	struct json j;
	struct span key, value;
	bool full = false;
	enum rc rc = RC_OK;

	json_init(&j);
	buf_init(&row, LIMIT_LINE, "checkpoint");
	while (!rc && span_take_counted(&keys, &key)) {
		rc = txn_get(t, TABLE_CHECKPOINT, key, &value, e);
		if (!rc)
			rc = strip(value, &row, &full, &j, e);
		if (!rc)
			rc = txn_put(t, TABLE_CHECKPOINT, key, buf_view(&row),
			    e);
		if (!rc && full)
			buf_counted(list, key);
	}
	buf_free(&row);
	json_free(&j);
	return rc;
}

/* A state restored twice still waits for what the first one waited for. */
static enum rc
take_former(struct txn *t, struct buf *list, struct err *e)
{
	struct span before;
	enum rc rc = txn_get(t, TABLE_META, META_RESTORED, &before, e);

	if (rc == RC_OK)
		buf_span(list, before);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
restored_begin(struct txn *t, struct err *e)
{
	struct buf keys, list;
	enum rc rc;

	buf_init(&keys, LIST_CAP, "checkpoints");
	buf_init(&list, LIST_CAP, "checkpoints");
	rc = take_former(t, &list, e);
	if (!rc)
		rc = list_keys(t, &keys, e);
	if (!rc)
		rc = strip_all(t, buf_view(&keys), &list, e);
	if (!rc && list.len)
		rc = txn_put(t, TABLE_META, META_RESTORED, buf_view(&list), e);
	buf_free(&keys);
	buf_free(&list);
	return rc;
}

static bool
is_asked(const struct systems *systems, struct span name)
{
	for (size_t i = 0; i < systems->count; i++)
		if (span_eq(systems->items[i].name, name))
			return systems->items[i].enabled;
	return false;
}

enum rc
restored_waits(struct txn *t, const struct systems *systems,
    struct buf *what, struct err *e)
{
	struct span list, key;
	bool once = true;
	int64_t at;
	enum rc rc = txn_get(t, TABLE_META, META_RESTORED, &list, e);

	while (!rc && once) {
		struct span system, object, entity;

		if (!span_take_counted(&list, &key))
			return RC_END;
		system = key_take(&key);
		object = key_take(&key);
		entity = key;
		if (!is_asked(systems, system))
			continue;
		rc = checkpoint_read_once(t, system, object, entity, &once,
		    &at, e);
		if (!rc && !once)
			buf_printf(what, "%.*s %.*s", SPAN_ARG(system),
			    SPAN_ARG(object));
	}
	return rc;
}
