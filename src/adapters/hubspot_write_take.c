/* SPDX-License-Identifier: MIT */
/*
 * hubspot_write_take: what came back, row by row.  Results come in any order,
 * and fewer than were asked for: a row is known by its trace id, its record's
 * id or our uid in it, never by its place.
 */
#include "hubspot_write.h"

#include "hubspot_read.h"

#include "../lib/charcase.h"
#include "../lib/clock.h"
#include "../lib/limits.h"

/* A version is vouched for if nothing had moved so short a time before. */
#define FRESH_MS 5000

static struct span
member(const struct writing *w, uint32_t node, struct span name)
{
	return json_get_string(&w->json, node, name, w->arena);
}

static uint32_t
results(const struct writing *w)
{
	uint32_t node = json_get(&w->json, 0, SPAN("results"));

	return node && json_kind(&w->json, node) == JSON_ARRAY ? node : 0;
}

static struct span
kept(const struct writing *w, struct span s)
{
	return arena_dup(w->arena, s);
}

/* ---- what is there ---- */

/* One address of a contact, of which it may have several. */
static bool
has_email(struct span list, struct span email)
{
	email = charcase_trim(email);
	while (list.len)
		if (charcase_eq(charcase_trim(span_cut(&list, ';')), email))
			return true;
	return false;
}

/* Is it the record that was asked for? */
static bool
is_of(const struct writing *w, enum step step, const struct write_row *r,
    struct span id, uint32_t properties)
{
	if (step == STEP_LOOK || step == STEP_LOOK_ARCHIVED)
		return span_eq(r->item->id, id);
	if (!r->by_email)
		return span_eq(member(w, properties, w->uid), r->item->uid);
	return has_email(member(w, properties, SPAN("email")), r->email) ||
	    has_email(member(w, properties, SPAN("hs_additional_emails")),
	    r->email);
}

/*
 * It holds all that was to be written: a request without an answer did it.
 * What else it holds was not read: neither version nor time are vouched for.
 */
static void
take_over(const struct writing *w, struct write_row *r, struct span id)
{
	r->item->new_id = kept(w, id);
	hubspot_write_end(r, WRITE_DONE, NULL);
}

static void
exists(const struct writing *w, struct write_row *r, struct span id)
{
	struct err e;

	r->item->new_id = kept(w, id);
	(void)err_set(&e, RC_RECORD, "it is there already, as %.*s",
	    SPAN_ARG(id));
	hubspot_write_end(r, WRITE_EXISTS, &e);
}

static void
stale(struct write_row *r, const char *why)
{
	struct err e;

	(void)err_set(&e, RC_RECORD, "%s", why);
	hubspot_write_end(r, WRITE_STALE, &e);
}

static void
found_to_change(struct writing *w, struct write_row *r, uint32_t properties,
    struct span version)
{
	struct write_item *item = r->item;

	if (hubspot_write_moved(w, r, properties, version)) {
		stale(r, "it has changed there since it was decided");
		return;
	}
	r->wrote = item->kind == WRITE_UPDATE && (item->repeat || r->left) &&
	    hubspot_write_holds(w, r, properties, true);
	r->fresh = item->version.len &&
	    hubspot_write_same_time(item->version, version);
	item->new_version = item->version;
	r->seen = kept(w, version);
	r->looked_at = w->talk->now;
	hubspot_write_on(w, r);
}

/* The record of a create, by our uid (or the contact's address). */
static void
found_made(struct writing *w, struct write_row *r, struct span id,
    uint32_t properties)
{
	if ((r->left || r->item->repeat) && !r->by_email && !r->link_count &&
	    hubspot_write_holds(w, r, properties, true))
		take_over(w, r, id);
	else
		exists(w, r, id);
}

static void
found(struct writing *w, enum step step, struct write_row *r, struct span id,
    uint32_t properties, struct span version)
{
	bool creates = r->item->kind == WRITE_CREATE;

	switch (step) {
	case STEP_LOOK:
		if (creates)
			exists(w, r, id); /* a person had it back */
		else
			found_to_change(w, r, properties, version);
		break;
	case STEP_LOOK_ARCHIVED:
		take_over(w, r, id);
		break;
	case STEP_FIND:
		if (creates) {
			found_made(w, r, id, properties);
			break;
		}
		r->item->new_id = kept(w, id);
		stale(r, "it was made there");
		break;
	default: /* archived: what we made, or what is to be made again */
		if (span_eq(id, r->item->id))
			hubspot_write_on(w, r);
		else if (hubspot_write_holds(w, r, properties, true))
			take_over(w, r, id);
		else
			exists(w, r, id);
	}
}

static void
missing_make(struct writing *w, struct write_row *r)
{
	if (r->met && r->told.len) {
		exists(w, r, r->told);
	} else if (r->met && !r->by_email && r->email.len) {
		r->by_email = true;
	} else if (r->met) {
		hubspot_write_end(r, WRITE_FAILED, NULL);
	} else if (r->item->repeat && !r->left && !r->by_email) {
		r->step = STEP_FIND_ARCHIVED;
	} else {
		hubspot_write_on(w, r);
	}
}

static void
missing(struct writing *w, enum step step, struct write_row *r)
{
	const struct err gone = { "there is no such record any more" };
	bool creates = r->item->kind == WRITE_CREATE;

	if (step == STEP_LOOK_ARCHIVED ||
	    (step == STEP_LOOK && r->item->kind == WRITE_UPDATE))
		hubspot_write_end(r, WRITE_GONE, &gone);
	else if (step == STEP_LOOK && !creates)
		r->step = STEP_LOOK_ARCHIVED;
	else if (step == STEP_FIND && !creates)
		hubspot_write_end(r, WRITE_DONE, NULL);
	else if (step == STEP_LOOK && (w->uid.len || r->email.len))
		r->step = STEP_FIND;
	else if (step == STEP_FIND)
		missing_make(w, r);
	else
		hubspot_write_on(w, r);
}

static struct span
id_of(const struct writing *w, uint32_t node)
{
	return hubspot_record_id(&w->json, json_get(&w->json, node,
	    SPAN("id")), w->arena);
}

static void
take_found(struct writing *w, enum step step, const struct write_flight *f,
    uint32_t node)
{
	const struct err odd = { "HubSpot's answer has a record without an "
		"id" };
	uint32_t properties = json_get(&w->json, node, SPAN("properties"));
	struct span id = id_of(w, node);

	if (!id.len) /* it may be the very one that is looked for */
		hubspot_write_fail(w, RC_REMOTE, &odd);
	for (size_t i = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];

		if (w->rc || !r->flying || !is_of(w, step, r, id, properties))
			continue;
		r->flying = false;
		r->bundle = 0;
		found(w, step, r, id, properties, member(w, node,
		    SPAN("updatedAt")));
	}
}

static void
take_read(struct writing *w, enum step step, const struct write_flight *f,
    const struct http_answer *a)
{
	uint32_t list = results(w);

	if (list)
		for (JSON_ITEMS(&w->json, list, item))
			take_found(w, step, f, item);
	if (hubspot_write_refuse_some(w, step, f, a)) {
		hubspot_write_split(w, f);
		return;
	}
	for (size_t i = 0; i < f->count; i++)
		if (f->rows[i]->flying) {
			f->rows[i]->flying = false;
			if (!w->rc)
				missing(w, step, f->rows[i]);
		}
}

/* ---- what was written ---- */

static void
written(struct writing *w, struct write_row *r, uint32_t node,
    int64_t now)
{
	struct write_item *item = r->item;
	uint32_t properties = json_get(&w->json, node, SPAN("properties"));
	struct span version = member(w, node, SPAN("updatedAt"));
	bool creates = item->kind == WRITE_CREATE;
	struct err why;

	if (!clock_parse(version, &item->modified))
		item->modified = now;
	if (creates || (r->fresh && w->talk->now - r->looked_at < FRESH_MS))
		item->new_version = hubspot_record_time(version, w->arena);
	r->wrote = true;
	if (creates) {
		item->new_id = kept(w, id_of(w, node));
		hubspot_write_end(r, WRITE_DONE, NULL);
	} else if (hubspot_write_kept(w, r, properties, &why)) {
		hubspot_write_end(r, WRITE_FAILED, &why);
	} else {
		hubspot_write_next_link(r);
	}
}

/* Whose result is it?  One that contradicts itself is nobody's. */
static struct write_row *
row_of_result(const struct writing *w, enum step step,
    const struct write_flight *f, uint32_t node)
{
	struct span id = id_of(w, node);
	uint32_t properties = json_get(&w->json, node, SPAN("properties"));
	struct span uid = w->uid.len ? member(w, properties, w->uid) :
	    SPAN("");
	struct write_row *r = hubspot_write_row_of(w, f, member(w, node,
	    SPAN("objectWriteTraceId")), step == STEP_CREATE ? uid : id);

	if (!r || !r->flying || !id.len)
		return NULL;
	if (step == STEP_CREATE)
		return !uid.len || span_eq(uid, r->item->uid) ? r : NULL;
	return span_eq(id, r->item->id) ? r : NULL;
}

static void
take_result(struct writing *w, enum step step, const struct write_flight *f,
    uint32_t node, int64_t now)
{
	struct write_row *r = row_of_result(w, step, f, node);

	if (!r)
		return;
	r->flying = false;
	r->bundle = 0;
	written(w, r, node, now);
}

static void
take_written(struct writing *w, enum step step, const struct write_flight *f,
    const struct http_answer *a)
{
	const struct err silent = { "the answer says nothing of it" };
	uint32_t list = results(w);

	if (list)
		for (JSON_ITEMS(&w->json, list, item))
			take_result(w, step, f, item, a->date);
	if (hubspot_write_refuse_some(w, step, f, a)) {
		hubspot_write_split(w, f);
		return;
	}
	for (size_t i = 0; i < f->count; i++)
		if (f->rows[i]->flying) {
			f->rows[i]->flying = false;
			hubspot_write_doubt(w, f->rows[i], &silent);
		}
}

/* It is answered with nothing at all: what is not refused is done. */
static void
take_archived(struct writing *w, const struct write_flight *f,
    const struct http_answer *a)
{
	if (hubspot_write_refuse_some(w, STEP_ARCHIVE, f, a)) {
		hubspot_write_split(w, f);
		return;
	}
	for (size_t i = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];

		if (!r->flying)
			continue;
		r->flying = false;
		r->item->modified = a->date;
		r->item->new_version = r->item->version;
		hubspot_write_end(r, WRITE_DONE, NULL);
	}
}

void
hubspot_write_take(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a)
{
	switch (step) {
	case STEP_CREATE:
	case STEP_UPDATE:
		take_written(w, step, f, a);
		break;
	case STEP_ARCHIVE:
		take_archived(w, f, a);
		break;
	case STEP_LABELS:
		hubspot_write_take_labels(w, f);
		break;
	case STEP_LINKED:
		hubspot_write_take_linked(w, f, a);
		break;
	case STEP_LINK:
	case STEP_UNLINK:
		hubspot_write_take_links(w, step, f, a);
		break;
	default:
		take_read(w, step, f, a);
	}
}
