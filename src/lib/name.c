/* SPDX-License-Identifier: MIT */
/* name: the names of fields and systems as small numbers; see state.h. */
#include "state.h"

#include "xalloc.h"

static void
remember_name(struct state *s, struct span name)
{
	s->name = xrealloc(s->name, (s->name_count + 1) * sizeof *s->name);
	s->name[s->name_count++] = arena_dup(&s->names, name);
}

static void
name_key(struct buf *b, size_t id)
{
	buf_reset(b);
	buf_putc(b, (char)(id >> 8));
	buf_putc(b, (char)(id & 255));
}

enum rc
name_load(struct txn *t, struct err *e)
{
	struct state *s = t->state;
	struct span value;
	struct buf key;
	enum rc rc;

	buf_init(&key, 8, "name key");
	do {
		name_key(&key, s->name_count);
		rc = txn_get(t, TABLE_NAME, buf_view(&key), &value, e);
		if (rc == RC_OK)
			remember_name(s, value);
	} while (rc == RC_OK);
	buf_free(&key);
	return rc == RC_END ? RC_OK : rc;
}

bool
name_find(const struct state *s, struct span name, uint32_t *id)
{
	for (size_t i = 0; i < s->name_count; i++)
		if (span_eq(s->name[i], name)) {
			*id = (uint32_t)i;
			return true;
		}
	return false;
}

enum rc
name_intern(struct txn *t, struct span name, uint32_t *id, struct err *e)
{
	struct state *s = t->state;
	struct buf key;
	enum rc rc;

	if (name_find(s, name, id))
		return RC_OK;
	if (s->name_count >= 65535)
		return err_set(e, RC_STATE, "state: more than 65535 names");
	*id = (uint32_t)s->name_count;
	if (!t->write) {
		remember_name(s, name);
		return RC_OK;
	}
	buf_init(&key, 8, "name key");
	name_key(&key, s->name_count);
	rc = txn_put(t, TABLE_NAME, buf_view(&key), name, e);
	buf_free(&key);
	if (rc)
		return rc;
	remember_name(s, name);
	return RC_OK;
}

struct span
name_of(const struct state *s, uint64_t id)
{
	return id < s->name_count ? s->name[id] : span_of(NULL, 0);
}
