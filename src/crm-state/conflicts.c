/* SPDX-License-Identifier: MIT */
/* conflicts: fields that wait for a person, a line each; and reviews. */
#include "conflicts.h"

#include "commands.h"
#include "identity.h"
#include "known.h"
#include "look.h"
#include "rows.h"

#include <stdio.h>

#include "../lib/clock.h"
#include "../lib/waiting.h"

static struct {
	const char *entity, *uid, *field;
} options;

#define FILTERS                                                             \
	{ 0, "entity", "ENTITY", "only of this entity", OPT_STRING,         \
	    &options.entity, 0, 0 },                                        \
	{ 0, "uid", "UID", "only of this record", OPT_STRING,               \
	    &options.uid, 0, 0 }

const struct opt conflicts_opts[] = {
	FILTERS,
	{ 0, "field", "FIELD", "only of this field", OPT_STRING,
	    &options.field, 0, 0 },
	OPT_END
};

const struct opt reviews_opts[] = { FILTERS, OPT_END };

/* Values count only where the record lives. */
static struct span
shown(const struct side *s, size_t field)
{
	return s->life == LIFE_LIVE ? s->value[field] : span_of(NULL, 0);
}

void
conflicts_version(const struct state *s, const struct record *r,
    size_t field, char text[CONFLICTS_VERSION + 1])
{
	uint64_t sum = hash64(r->fields[field].value, 1);

	for (size_t i = 0; i < r->side_count; i++) {
		struct span value = shown(&r->sides[i], field);

		if (value.ptr) /* in whatever order they come */
			sum += hash64(value, hash64(name_of(s,
			    r->sides[i].system), 2));
	}
	snprintf(text, CONFLICTS_VERSION + 1, "%016llx",
	    (unsigned long long)sum);
}

static void
put_values(struct buf *b, const struct state *st, const struct record *r,
    size_t at)
{
	const char *comma = "";

	BUF_LIT(b, ",\"values\":{");
	for (size_t i = 0; i < r->side_count; i++)
		if (shown(&r->sides[i], at).ptr) {
			json_put_key(b, name_of(st, r->sides[i].system));
			buf_span(b, r->sides[i].value[at]);
		}
	BUF_LIT(b, "},\"modified\":{");
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *s = &r->sides[i];

		if (!shown(s, at).ptr || !s->modified)
			continue;
		buf_printf(b, "%s\"%.*s\":\"", comma, SPAN_ARG(name_of(st,
		    s->system)));
		clock_put(b, s->modified);
		buf_putc(b, '"');
		comma = ",";
	}
	buf_putc(b, '}');
}

/* `w` says since when and why; NULL: nobody knows. */
static void
put_conflict(struct buf *b, const struct state *st, const struct record *r,
    size_t at, const struct waiting *w)
{
	char version[CONFLICTS_VERSION + 1];

	conflicts_version(st, r, at, version);
	BUF_LIT(b, "{\"type\":\"conflict\"");
	json_put_text(b, "entity", r->entity);
	json_put_text(b, "uid", r->uid);
	json_put_text(b, "field", name_of(st, r->fields[at].name));
	json_put_text(b, "version", span_str(version));
	BUF_LIT(b, ",\"agreed\":");
	buf_span(b, r->fields[at].value);
	put_values(b, st, r, at);
	if (w) {
		clock_put_member(b, "since", w->since);
		json_put_member(b, "rule", w->rule);
		json_put_member(b, "why", w->why);
	}
	buf_putc(b, '}');
}

static bool
is(const char *option, struct span s)
{
	return !option || span_eq(span_str(option), s);
}

static enum rc
put_waiting(void *arg, const struct waiting *w, struct err *e)
{
	struct look *l = arg;
	struct record r;
	size_t at;
	uint32_t name;
	enum rc rc;

	if (!is(options.uid, w->uid) || !is(options.field, w->field))
		return RC_OK;
	arena_reset(&l->arena);
	rc = record_load(&l->txn, w->entity, w->uid, rows_all_names(l->state,
	    &l->arena), l->state->name_count, &l->arena, &r, e);
	at = !rc && name_find(l->state, w->field, &name) ?
	    record_find(&r, name) : SIZE_MAX;
	if (rc || at == SIZE_MAX || !r.fields[at].conflict)
		return rc;
	put_conflict(&l->out.buf, l->state, &r, at, w);
	return stream_out_line(&l->out, e);
}

/* A state of before there were rows of what waits: all records are read. */
static enum rc
put_record(struct look *l, void *arg, struct span key, struct span value,
    struct err *e)
{
	struct span uid = key, entity = key_take(&uid);
	struct record r;
	enum rc rc;

	(void)arg;
	(void)value;
	if (!is(options.entity, entity) || !is(options.uid, uid))
		return RC_OK;
	rc = record_load(&l->txn, entity, uid, rows_all_names(l->state,
	    &l->arena), l->state->name_count, &l->arena, &r, e);
	for (size_t i = 0; !rc && i < r.field_count; i++) {
		if (!r.fields[i].conflict || !is(options.field,
		    name_of(l->state, r.fields[i].name)))
			continue;
		put_conflict(&l->out.buf, l->state, &r, i, NULL);
		rc = stream_out_line(&l->out, e);
	}
	return rc;
}

static enum rc
list_reviews(struct look *l, void *arg, struct err *e)
{
	enum rc rc = known_entity(l->state, options.entity, e);

	(void)arg;
	return rc ? rc : identity_list(l, options.entity, options.uid, e);
}

static enum rc
list(struct look *l, void *arg, struct err *e)
{
	enum rc rc = known_entity(l->state, options.entity, e);

	if (rc)
		return rc;
	rc = l->state->format < 3 ? look_rows(l, TABLE_AGREED, SPAN(""),
	    put_record, NULL, e) : waiting_each(&l->txn,
	    span_str(options.entity), put_waiting, l, e);
	return rc || options.field ? rc : list_reviews(l, arg, e);
}

void
conflicts_run(struct run *r)
{
	look(r, list, NULL);
}

void
reviews_run(struct run *r)
{
	look(r, list_reviews, NULL);
}
