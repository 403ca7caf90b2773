/* SPDX-License-Identifier: MIT */
/*
 * hubspot_write_link: associations out.  The record that is to be it is
 * associated, as the primary one where there is such a thing, and then the one
 * it was decided against is taken away; others are never touched.
 */
#include "hubspot_write.h"

#include "hubspot_read.h"

#define OWN "HUBSPOT_DEFINED"

/* From, to: the ids of the unlabelled association and of the primary one. */
static const struct {
	const char *from, *to;
	unsigned plain, primary;
} known[] = {
	{ "contacts", "companies", 279, 1 },
	{ "companies", "contacts", 280, 0 },
	{ "deals", "contacts", 3, 0 },
	{ "contacts", "deals", 4, 0 },
	{ "deals", "companies", 341, 5 },
	{ "companies", "deals", 342, 0 },
	{ "notes", "contacts", 202, 0 },
	{ "notes", "companies", 190, 0 },
	{ "notes", "deals", 214, 0 },
	{ "tasks", "contacts", 204, 0 },
	{ "tasks", "companies", 192, 0 },
	{ "tasks", "deals", 216, 0 },
	{ "meetings", "contacts", 200, 0 },
	{ "meetings", "companies", 188, 0 },
	{ "meetings", "deals", 212, 0 },
	{ "calls", "contacts", 194, 0 },
	{ "calls", "companies", 182, 0 },
	{ "calls", "deals", 206, 0 },
	{ "emails", "contacts", 198, 0 },
	{ "emails", "companies", 186, 0 },
	{ "emails", "deals", 210, 0 },
};

static bool
is_type(struct span name, const char *type)
{
	const char *own = hubspot_type_find(name)->name;

	return own && span_eq(span_str(own), span_str(type));
}

enum rc
hubspot_write_pair(struct writing *w, struct span type,
    struct write_pair **out, struct err *e)
{
	struct hubspot_object o;
	enum rc rc = hubspot_type_object(&o, type, e);

	for (size_t i = 0; i < w->pair_count && !rc; i++)
		if (span_eq(w->pairs[i].type, type)) {
			*out = &w->pairs[i];
			return RC_OK;
		}
	if (!rc && (o.form != HUBSPOT_RECORDS || w->pair_count ==
	    WRITE_PAIRS))
		rc = err_set(e, RC_CONFIG, "nothing can be associated with "
		    "%.*s", SPAN_ARG(type));
	if (rc)
		return rc;
	*out = &w->pairs[w->pair_count++];
	**out = (struct write_pair){ .type = type, .category = OWN };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (is_type(w->object.name, known[i].from) &&
		    is_type(type, known[i].to)) {
			(*out)->known = true;
			(*out)->plain = known[i].plain;
			(*out)->primary = known[i].primary;
		}
	return RC_OK;
}

/* ---- labels ---- */

static void
put_label(struct buf *b, const struct write_pair *p, unsigned id)
{
	buf_printf(b, "{\"associationCategory\":\"%s\","
	    "\"associationTypeId\":%u}", p->category, id);
}

void
hubspot_write_put_labels(struct buf *b, const struct write_pair *p)
{
	buf_putc(b, '[');
	put_label(b, p, p->plain);
	if (p->primary) {
		buf_putc(b, ',');
		put_label(b, p, p->primary);
	}
	buf_putc(b, ']');
}

static void
note_label(struct writing *w, struct write_pair *p, uint32_t node)
{
	uint32_t label = json_get(&w->json, node, SPAN("label"));
	int64_t id = json_get_int(&w->json, node, SPAN("typeId"), 0);
	bool own = span_eq(json_get_string(&w->json, node, SPAN("category"),
	    w->arena), SPAN(OWN));

	if (id <= 0 || id > 1000000000)
		return;
	if (label && json_kind(&w->json, label) == JSON_STRING) {
		/* a company is many contacts' primary one: theirs to say */
		if (own && json_is(&w->json, label, SPAN("Primary")) &&
		    !is_type(w->object.name, "companies"))
			p->primary = (unsigned)id;
	} else if (!p->plain) {
		p->plain = (unsigned)id;
		p->category = own ? OWN : "USER_DEFINED";
	}
}

/* Also for those that came to need it while it was asked. */
void
hubspot_write_take_labels(struct writing *w, const struct write_flight *f)
{
	struct write_pair *p = f->rows[0]->links[f->rows[0]->link].pair;
	uint32_t list = json_get(&w->json, 0, SPAN("results"));
	struct err e;

	if (list && json_kind(&w->json, list) == JSON_ARRAY)
		for (JSON_ITEMS(&w->json, list, item))
			note_label(w, p, item);
	p->known = p->plain != 0;
	(void)err_set(&e, RC_CONFIG, "%.*s are never associated with %.*s",
	    SPAN_ARG(w->object.name), SPAN_ARG(p->type));
	for (size_t i = 0; i < w->count; i++) {
		struct write_row *r = &w->rows[i];

		if (r->step != STEP_LABELS || r->links[r->link].pair != p)
			continue;
		r->flying = false;
		if (!p->known)
			hubspot_write_end(r, WRITE_FAILED, &e);
		else
			hubspot_write_begin(w, r);
	}
}

/* ---- whom it is associated with ---- */

/* The primary one, else the only one, else that with the lowest id. */
static void
note_linked(struct writing *w, struct write_link *l, uint32_t list,
    bool *primary)
{
	for (JSON_ITEMS(&w->json, list, item)) {
		struct span id = hubspot_record_id(&w->json, json_get(
		    &w->json, item, SPAN("toObjectId")), w->arena);
		bool is = hubspot_linked_primary(&w->json, item);

		if (!id.len || (!is && (*primary || (l->is.len &&
		    hubspot_record_order(id, l->is) >= 0))))
			continue;
		l->is = arena_dup(w->arena, id);
		*primary |= is;
	}
}

static void
take_linked(struct writing *w, struct write_row *r, uint32_t node)
{
	const struct err silent = { "HubSpot does not say what a record is "
		"associated with" };
	const struct err round = { "HubSpot gives the same page of "
		"associations again and again" };
	struct write_link *l = &r->links[r->link];
	uint32_t list = json_get(&w->json, node, SPAN("to"));
	uint32_t paging = json_get(&w->json, node, SPAN("paging"));
	uint32_t more = paging ? json_get(&w->json, paging, SPAN("next")) : 0;
	bool primary = false;

	if (!list || json_kind(&w->json, list) != JSON_ARRAY) {
		hubspot_write_fail(w, RC_REMOTE, &silent);
		return;
	}
	note_linked(w, l, list, &primary);
	l->after = more && !primary ? arena_dup(w->arena, hubspot_write_id(w,
	    json_get(&w->json, more, SPAN("after")))) : SPAN("");
	if (l->after.len && hubspot_turns_again(&l->turns, l->after))
		hubspot_write_fail(w, RC_REMOTE, &round);
}

static void
stale(struct write_row *r)
{
	const struct err why = { "it is associated with another record since" };

	hubspot_write_end(r, WRITE_STALE, &why);
}

static void
take_result(struct writing *w, const struct write_flight *f, uint32_t node)
{
	uint32_t from = json_get(&w->json, node, SPAN("from"));
	struct write_row *r = from ? hubspot_write_row_of(w, f, SPAN(""),
	    hubspot_write_id(w, json_get(&w->json, from, SPAN("id")))) :
	    NULL;

	if (!r || !r->flying)
		return;
	take_linked(w, r, node);
	r->links[r->link].looked = true;
	r->flying = false;
}

static void
judge(struct writing *w, struct write_row *r)
{
	struct write_link *l = &r->links[r->link];

	if (l->after.len)
		l->looked = false;      /* there are more */
	else if (l->expected && !span_eq(l->is, l->was) &&
	    !span_eq(l->is, l->to))
		stale(r);
	else
		hubspot_write_on(w, r);
}

/* A record that is in no result has none: that is said by an error, too. */
void
hubspot_write_take_linked(struct writing *w, const struct write_flight *f,
    const struct http_answer *a)
{
	uint32_t list = json_get(&w->json, 0, SPAN("results"));

	for (size_t i = 0; i < f->count; i++)
		f->rows[i]->links[f->rows[i]->link].after = SPAN("");
	if (list && json_kind(&w->json, list) == JSON_ARRAY)
		for (JSON_ITEMS(&w->json, list, item))
			take_result(w, f, item);
	if (hubspot_write_refuse_some(w, STEP_LINKED, f, a))
		hubspot_write_split(w, f);
	for (size_t i = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];
		struct write_link *l = &r->links[r->link];

		l->looked |= r->flying;
		r->flying = false;
		if (r->step == STEP_LINKED && l->looked && !w->rc)
			judge(w, r);
	}
}

/* ---- writing ---- */

/* What somebody else did already is left as it was left. */
static bool
is_so(const struct write_row *r, const struct write_link *l)
{
	return l->looked && span_eq(l->is, l->to) &&
	    !r->item->repeat && !r->left;
}

void
hubspot_write_next_link(struct write_row *r)
{
	for (r->link = 0; r->link < r->link_count; r->link++) {
		struct write_link *l = &r->links[r->link];

		if (is_so(r, l))
			continue;
		if (l->to.len && !l->linked) {
			r->step = STEP_LINK;
			return;
		}
		if (l->was.len && !span_eq(l->was, l->to) && !l->unlinked) {
			r->step = STEP_UNLINK;
			return;
		}
	}
	hubspot_write_end(r, WRITE_DONE, NULL);
}

static void
linked(struct write_row *r, enum step step)
{
	struct write_link *l = &r->links[r->link];

	r->flying = false;
	r->bundle = 0;
	r->wrote = l->linked = true;
	l->unlinked = step == STEP_UNLINK;
	hubspot_write_next_link(r);
}

/* The row whose association this is: ids are unique within a type only. */
static void
take_link(struct writing *w, const struct write_flight *f, uint32_t node)
{
	struct span from = hubspot_write_id(w, json_get(&w->json, node,
	    SPAN("fromObjectId")));
	struct span to = hubspot_write_id(w, json_get(&w->json, node,
	    SPAN("toObjectId")));

	for (size_t i = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];

		if (r->flying && span_eq(r->item->id, from) &&
		    span_eq(r->links[r->link].to, to))
			linked(r, STEP_LINK);
	}
}

static bool
has_items(const struct writing *w, const char *name, uint32_t *list)
{
	*list = json_get(&w->json, 0, span_str(name));
	return *list && json_kind(&w->json, *list) == JSON_ARRAY &&
	    w->json.nodes[*list].next > *list + 1;
}

/* It said nothing: not of one, and not that there was none. */
static bool
is_silent(const struct writing *w, enum step step)
{
	uint32_t list = json_get(&w->json, 0, SPAN("results"));

	return step == STEP_LINK && (!list ||
	    json_kind(&w->json, list) != JSON_ARRAY);
}

/* An error does not say whose it is: who is in a result has none. */
void
hubspot_write_take_links(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a)
{
	const struct err silent = { "the answer says nothing of it" };
	struct write_row *only;
	uint32_t errors, list;
	bool failed = has_items(w, "errors", &errors);

	if (failed && has_items(w, "results", &list))
		for (JSON_ITEMS(&w->json, list, item))
			take_link(w, f, item);
	only = failed ? hubspot_write_only(f) : NULL;
	if (only)
		hubspot_write_refuse(w, step, only, errors + 1, a);
	else if (failed)
		hubspot_write_split(w, f);
	for (size_t i = 0; i < f->count; i++)
		if (f->rows[i]->flying && is_silent(w, step))
			hubspot_write_doubt(w, f->rows[i], &silent);
		else if (f->rows[i]->flying)
			linked(f->rows[i], step);
}
