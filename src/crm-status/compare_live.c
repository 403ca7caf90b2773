/* SPDX-License-Identifier: MIT */
/*
 * compare_live: what each of the two shows now: records from crm-map on
 * stdin, sorted by what the state knows them as.
 */
#include "compare.h"

#include <unistd.h>

#include "../lib/link.h"
#include "../lib/ref.h"
#include "../lib/spool.h"

#define SPOOL_MEMORY ((size_t)64 << 20)
#define RENEW_LINES 65536

/* A section that was read to its end. */
struct listing {
	char entity[LIMIT_NAME + 1];
	size_t side;
	bool full;
};

struct live {
	struct comparison *c;
	struct listing listings[LIMIT_SECTIONS];
	size_t listing_count;
	struct spool *spool;
	struct stream_in in;
	struct line line;
	struct arena arena;     /* of the line, or the record */
	struct buf key, payload;
};

/* ---- in ---- */

/* What it is known as; what is not linked is its own origin. */
static enum rc
find_uid(struct live *v, struct span *uid, struct err *e)
{
	const struct line *l = &v->line;
	const struct source src = { l->entity, l->system, l->object, l->id };
	struct link link;
	enum rc rc = link_get(&v->c->txn, &src, &link, &v->arena, e);

	if (rc == RC_END) {
		*uid = uid_make(&v->arena, l->system, l->object, l->id);
		return RC_OK;
	}
	*uid = arena_dup(&v->arena, link.uid);
	return rc;
}

/* Which of the two it is; OTHER: another. */
#define OTHER 2

static size_t
side_of(const struct live *v, struct span system)
{
	size_t i = 0;

	while (i < OTHER && !span_eq(system, v->c->name[i]))
		i++;
	return i;
}

static enum rc
take_record(struct live *v, struct err *e)
{
	const struct line *l = &v->line;
	uint32_t fields = json_get(&l->json, 0, SPAN("fields"));
	size_t side = side_of(v, l->system);
	struct span uid;
	enum rc rc;

	if (side == OTHER || json_get_true(&l->json, 0, SPAN("deleted")))
		return RC_OK;
	if (!fields || !l->entity.len)
		return err_set(e, RC_CONFIG, "line %llu: a record without "
		    "fields: crm-map comes before",
		    (unsigned long long)l->number);
	rc = find_uid(v, &uid, e);
	if (rc)
		return rc;
	buf_reset(&v->key);
	KEY(&v->key, l->entity, uid, SPAN(""));
	buf_putc(&v->key, side ? '1' : '0');
	buf_reset(&v->payload);
	buf_counted(&v->payload, l->id);
	buf_span(&v->payload, json_text(&l->json, fields));
	rc = buf_check(&v->payload, e);
	return rc ? rc : spool_add(v->spool, buf_view(&v->key),
	    buf_view(&v->payload), e);
}

static enum rc
take_end(struct live *v, struct err *e)
{
	const struct section *s = &v->in.section;
	const struct json *j = &v->line.json;
	struct listing *l = &v->listings[v->listing_count];
	uint32_t absence = json_get(j, 0, SPAN("absence"));

	if (stream_verify(&v->in, &v->line) != STREAM_WHOLE)
		return err_set(e, RC_SYSTEM, "a section is not whole: a stage "
		    "before lost some of it");
	if (side_of(v, s->system) == OTHER || s->entity.len > LIMIT_NAME)
		return RC_OK;
	if (v->listing_count == LIMIT_SECTIONS)
		return err_set(e, RC_CONFIG, "more than %d sections",
		    LIMIT_SECTIONS);
	memcpy(l->entity, s->entity.ptr, s->entity.len);
	l->entity[s->entity.len] = '\0';
	l->side = side_of(v, s->system);
	l->full = s->full && !s->unreadable && json_get_true(j, 0,
	    SPAN("complete")) && (!absence || json_get_true(j, 0,
	    SPAN("absence")));
	v->listing_count++;
	return RC_OK;
}

static enum rc
take_line(struct live *v, struct err *e)
{
	enum rc rc = stream_parse(&v->in, &v->line, e);

	if (rc)
		return rc;
	switch (v->line.type) {
	case LINE_RECORD:
		return take_record(v, e);
	case LINE_END:
		return take_end(v, e);
	case LINE_CHANGE:
	case LINE_SAME:
		return err_set(e, RC_CONFIG, "changes: leave crm-diff out");
	default:
		return RC_OK;
	}
}

static enum rc
take_all(struct live *v, struct err *e)
{
	enum rc rc;

	do {
		arena_reset(&v->arena);
		rc = stream_read(&v->in, &v->line, e);
		if (!rc)
			rc = take_line(v, e);
		if (rc == RC_RECORD) {
			const struct where w = { .line = v->line.number };

			run_problem(v->c->run, &w, rc, e);
			rc = RC_OK;
		}
		if (!rc && v->in.lines % RENEW_LINES == 0)
			rc = txn_renew(&v->c->txn, e);
	} while (!rc);
	if (rc == RC_END && v->in.section.open)
		return err_set(e, RC_SYSTEM, "the input ended inside a "
		    "section");
	return rc == RC_END ? RC_OK : rc;
}

/* ---- out ---- */

struct pair {
	bool begun;
	struct span entity, uid; /* v->arena's */
	struct shown shown[2];
};

/* References are compared by whose they are, not by the system's own ids. */
static enum rc
show(struct live *v, struct pair *p, size_t side, struct span payload,
    struct err *e)
{
	const struct comparison *c = v->c;
	const struct entity *en = c->policy->entity;
	struct span *value = arena_zero(&v->arena, (en->field_count + 1) *
	    sizeof *value);
	struct json j;
	enum rc rc;

	if (!span_take_counted(&payload, &p->shown[side].id))
		return err_set(e, RC_SYSTEM, "a spool file is damaged");
	json_init(&j);
	rc = json_parse(&j, payload, e);
	for (size_t i = 0; i < en->field_count && !rc; i++) {
		uint32_t node = json_get(&j, 0, en->fields[i].name);

		if (!node)
			continue;
		rc = ref_to_uid((struct txn *)&c->txn, c->name[side],
		    json_text(&j, node), &v->arena, &value[i], e);
		if (rc == RC_END) { /* of nobody that is known */
			value[i] = json_text(&j, node);
			rc = RC_OK;
		}
	}
	json_free(&j);
	p->shown[side].there = true;
	p->shown[side].value = value;
	return rc;
}

static enum rc
finish_pair(struct live *v, struct pair *p, struct err *e)
{
	enum rc rc = p->uid.len && v->c->mapping[0] && v->c->mapping[1] ?
	    compare_record(v->c, p->uid, p->shown, e) : RC_OK;

	p->uid = SPAN("");
	memset(p->shown, 0, sizeof p->shown);
	return rc;
}

/* What was shown in part, or not at all, says nothing of what it lacks. */
static enum rc
find_listings(struct live *v, struct span entity, struct err *e)
{
	bool shown[OTHER] = { false, false };

	v->c->listed[0] = v->c->listed[1] = false;
	for (size_t i = 0; i < v->listing_count; i++) {
		const struct listing *l = &v->listings[i];

		if (!span_eq(span_str(l->entity), entity))
			continue;
		shown[l->side] = true;
		v->c->listed[l->side] |= l->full;
	}
	for (size_t i = 0; i < OTHER; i++)
		if (!shown[i])
			return err_set(e, RC_CONFIG, "the input has no %.*s "
			    "section of %.*s", SPAN_ARG(entity),
			    SPAN_ARG(v->c->name[i]));
	return RC_OK;
}

static enum rc
turn_to(struct live *v, struct pair *p, struct span entity, struct buf *name,
    struct err *e)
{
	enum rc rc = p->begun ? compare_end(v->c, e) : RC_OK;

	buf_reset(name);
	buf_span(name, entity);
	p->entity = buf_view(name);
	if (!rc)
		rc = compare_begin(v->c, p->entity, e);
	p->begun = !rc || rc == RC_END;
	if (!rc)
		rc = find_listings(v, p->entity, e);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
take_entry(struct live *v, struct pair *p, struct span key,
    struct span payload, struct buf *name, struct err *e)
{
	struct span entity = key_take(&key), uid = key_take(&key);
	enum rc rc = RC_OK;

	if (!span_eq(uid, p->uid) || !span_eq(entity, p->entity)) {
		rc = finish_pair(v, p, e);
		arena_reset(&v->arena);
		if (!rc && !span_eq(entity, p->entity))
			rc = turn_to(v, p, entity, name, e);
		p->uid = arena_dup(&v->arena, uid);
	}
	if (rc || !v->c->policy)
		return rc;
	return show(v, p, key.ptr[0] == '1', arena_dup(&v->arena, payload),
	    e);
}

static enum rc
give_all(struct live *v, struct err *e)
{
	struct pair p = { .entity = SPAN(""), .uid = SPAN("") };
	struct span key, payload;
	struct buf name;
	enum rc rc = spool_rewind(v->spool, e);

	buf_init(&name, LIMIT_NAME, "entity");
	while (!rc) {
		rc = spool_next(v->spool, &key, &payload, e);
		if (!rc)
			rc = take_entry(v, &p, key, payload, &name, e);
	}
	if (rc == RC_END)
		rc = finish_pair(v, &p, e);
	if (!rc && p.begun)
		rc = compare_end(v->c, e);
	buf_free(&name);
	return rc;
}

enum rc
compare_live(struct comparison *c, struct err *e)
{
	static struct live v; /* too large for a stack */
	enum rc rc;

	v.c = c;
	v.spool = spool_new(home_path(), SPOOL_MEMORY);
	stream_in_open(&v.in, STDIN_FILENO, NULL);
	stream_line_init(&v.line);
	arena_init(&v.arena);
	buf_init(&v.key, 4 * LIMIT_KEY, "key");
	buf_init(&v.payload, LIMIT_LINE, "record");
	rc = take_all(&v, e);
	if (!rc)
		rc = give_all(&v, e);
	spool_free(v.spool);
	stream_in_free(&v.in);
	stream_line_free(&v.line);
	arena_free(&v.arena);
	buf_free(&v.key);
	buf_free(&v.payload);
	return rc;
}
