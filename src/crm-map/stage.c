/* SPDX-License-Identifier: MIT */
/* stage: the mappings of one run. */
#include "stage.h"

#include <stdlib.h>

#include "../lib/limits.h"
#include "../lib/xalloc.h"

static void
put_head(struct stage_mapping *sm)
{
	const struct mapping *m = sm->mapping;
	struct buf *b = &sm->head;

	buf_init(b, LIMIT_LINE, "line");
	BUF_LIT(b, "{\"type\":\"record\",\"system\":");
	json_put_string(b, m->system);
	BUF_LIT(b, ",\"object\":");
	json_put_string(b, m->object);
	BUF_LIT(b, ",\"entity\":");
	json_put_string(b, m->entity->name);
	BUF_LIT(b, ",\"id\":");
}

struct stage_mapping *
stage_find(struct stage *s, struct span system, struct span object)
{
	struct mapping *m;
	size_t i;

	for (i = 0; i < s->count; i++) {
		m = s->items[i].mapping;
		if (span_eq(m->system, system) && span_eq(m->object, object))
			return &s->items[i];
	}
	return NULL;
}

static enum rc
add(struct stage *s, const char *name, struct err *e)
{
	struct stage_mapping *other;
	struct mapping *m;
	enum rc rc;

	rc = mapping_load(&m, span_str(name), &s->systems, e);
	if (rc)
		return rc;
	other = stage_find(s, m->system, m->object);
	s->items = xrealloc(s->items, (s->count + 1) * sizeof(*s->items));
	s->items[s->count].mapping = m;
	put_head(&s->items[s->count++]);
	if (!other)
		return RC_OK;
	return err_set(e, RC_CONFIG, "%s: another mapping given serves"
	    " %.*s's %.*s already", name, SPAN_ARG(m->system),
	    SPAN_ARG(m->object));
}

enum rc
stage_open(struct stage *s, char *const *names, struct err *e)
{
	enum rc rc;

	memset(s, 0, sizeof(*s));
	buf_init(&s->fields, LIMIT_LINE, "record");
	buf_init(&s->notes, LIMIT_LINE, "notes");
	rc = systems_load(&s->systems, e);
	for (; !rc && *names; names++)
		rc = add(s, *names, e);
	return rc;
}

void
stage_close(struct stage *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		mapping_free(s->items[i].mapping);
		buf_free(&s->items[i].head);
	}
	free(s->items);
	buf_free(&s->fields);
	buf_free(&s->notes);
	systems_free(&s->systems);
}
