/* SPDX-License-Identifier: MIT */
#include "views.h"

#include <stdio.h>

#include "../../../src/lib/limits.h"
#include "streams.h"

/* ---- lines of the dump ---- */

bool
views_line(struct span *text, struct span *line)
{
	const char *nl = text->len ? memchr(text->ptr, '\n', text->len) : NULL;

	if (!nl)
		return false;
	*line = span_of(text->ptr, (size_t)(nl - text->ptr));
	text->len -= line->len + 1;
	text->ptr = nl + 1;
	return true;
}

bool
views_begins(struct span line, const char *with)
{
	size_t n = strlen(with);

	return line.len >= n && memcmp(line.ptr, with, n) == 0;
}

/* ---- what the sides show ---- */

const struct view *
views_find(const struct views *side, struct span uid)
{
	for (unsigned i = 0; i < side->count; i++)
		if (span_eq(side->item[i].uid, uid))
			return &side->item[i];
	return NULL;
}

/* Records that were joined have one uid: the one their links say. */
struct span
views_uid(const struct world *w, struct span dump, int side, struct span id,
    struct span uid)
{
	char want[512];
	struct span line, found;
	size_t n;

	n = (size_t)snprintf(want, sizeof want, "link\tthing:%s:thing:%.*s\t",
	    w->name[side], SPAN_ARG(id));
	while (views_line(&dump, &line)) {
		if (!views_begins(line, want))
			continue;
		found = span_of(line.ptr + n, line.len - n);
		while (found.len && found.ptr[found.len - 1] != '\t')
			found.len--;
		found.len -= found.len > 0;
		return found;
	}
	return uid;
}

/* A name of which there is room for a part only counts as the whole one. */
static struct span
whole_name(struct world *w, struct view *v, struct span name)
{
	const char *whole = values_whole(name);
	struct buf b;
	struct span all;

	if (!whole)
		return span_of(NULL, 0);
	v->cut = true;
	buf_init(&b, LIMIT_LINE, "name");
	json_put_string(&b, span_str(whole));
	all = arena_dup(&w->arena, buf_view(&b));
	buf_free(&b);
	return all;
}

/* Whom a reference means: its uid as JSON. */
static struct span
parent_uid(struct world *w, struct span dump, int side, uint32_t node)
{
	struct span id = json_get_string(&w->json, node, SPAN("id"),
	    &w->arena), uid;
	struct buf b;

	if (!id.ptr)
		return SPAN("null");
	uid = world_winner(w, views_uid(w, dump, side, id,
	    SPAN("nobody")));
	buf_init(&b, LIMIT_LINE, "uid");
	json_put_string(&b, uid);
	uid = arena_dup(&w->arena, buf_view(&b));
	buf_free(&b);
	return uid;
}

static void
take_value(struct world *w, int side, struct span dump, struct view *v,
    enum field f, uint32_t node)
{
	struct span name = span_of(NULL, 0);

	if (f == PARENT) {
		v->value[f] = parent_uid(w, dump, side, node);
		return;
	}
	if (f == NAME && w->history->cuts & 1u << side)
		name = whole_name(w, v, json_string(&w->json, node,
		    &w->arena));
	v->value[f] = name.ptr ? name : arena_dup(&w->arena,
	    json_text(&w->json, node));
}

static void
take_values(struct world *w, int side, struct span dump, struct view *v)
{
	uint32_t fields = json_get(&w->json, 0, SPAN("fields"));

	for (enum field f = 0; f < FIELDS && fields; f++) {
		uint32_t node = json_get(&w->json, fields,
		    span_str(values_field(f)));

		if (node)
			take_value(w, side, dump, v, f, node);
	}
}

bool
views_is_beside(const struct world *w, struct span dump, int side,
    struct span id)
{
	char want[512];
	struct span line;
	bool back = false;

	for (unsigned i = 0; i < w->event_count; i++)
		back |= w->event[i].kind == EVENT_RESTORE &&
		    w->event[i].side == side && span_eq(w->event[i].id, id);
	snprintf(want, sizeof want, "todo\t%s:thing:thing:%.*s\tstands beside "
	    "the record that it is by now", w->name[side], SPAN_ARG(id));
	while (back && views_line(&dump, &line))
		if (views_begins(line, want))
			return true;
	return false;
}

static void
take_record(struct world *w, int side, struct span dump, struct span line,
    struct views *all)
{
	struct view *v = &all->item[all->count];
	struct json *j = &w->json;
	struct arena *a = &w->arena;
	struct span type, id;
	char uid[256];
	struct err e;

	if (json_parse(j, line, &e))
		world_fail(w, "test: a line of crm-map: %s", e.text);
	type = json_get_string(j, 0, SPAN("type"), a);
	id = json_get_string(j, 0, SPAN("id"), a);
	if (span_eq(type, SPAN("seen")))
		world_fail(w, "rejected: %s %.*s", w->name[side],
		    SPAN_ARG(id));
	if (!span_eq(type, SPAN("record")) ||
	    json_get_true(j, 0, SPAN("deleted")) ||
	    json_get_string(j, 0, SPAN("merged_into"), a).len)
		return;
	*v = (struct view){ .uid = json_get_string(j, 0, SPAN("uid"), a) };
	snprintf(uid, sizeof uid, "%s:thing:%.*s", w->name[side],
	    SPAN_ARG(id));
	v->uid = arena_dup(a, v->uid.len ? v->uid : span_str(uid));
	v->uid = views_uid(w, dump, side, id, v->uid);
	if (world_lost_uid(w, v->uid) || views_is_beside(w, dump, side, id))
		return;
	if (views_find(all, v->uid))
		world_fail(w, "duplicate: %s has %.*s twice", w->name[side],
		    SPAN_ARG(v->uid));
	take_values(w, side, dump, v);
	all->count++;
}

void
views_show(struct world *w, int side, struct span dump, struct views *all)
{
	char mapping[32];
	struct span text;
	const char *at, *end, *nl;

	w->runs++;
	snprintf(mapping, sizeof mapping, "thing.%s", w->name[side]);
	world_run(w, MAY_DO, NULL, "shown.0", "crm-extract", w->name[side],
	    "thing", "--full", "-m", mapping, NULL);
	world_run(w, MAY_DO, "shown.0", "shown", "crm-map", mapping, NULL);
	text = streams_view("shown");
	end = text.ptr + text.len;
	all->count = 0;
	for (at = text.ptr; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (!nl || all->count == STORE_ROWS)
			world_fail(w, "test: what crm-map shows is cut");
		take_record(w, side, dump, span_of(at, (size_t)(nl -
		    at)), all);
	}
}

