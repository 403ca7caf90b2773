/* SPDX-License-Identifier: MIT */
/*
 * hubspot_write: the errand of a batch.  Rows that wait for the same call are
 * asked for together; each answer moves its rows on.  No two requests that
 * associate others with one record are in flight at a time.
 */
#include "hubspot_write.h"

#include "../lib/hash.h"
#include "../lib/limits.h"
#include "../lib/xalloc.h"

#include <stdlib.h>

#define AHEAD 8          /* requests at a time */
#define BATCH 100        /* records of one request */
#define LINK_BATCH 1000  /* associations of one */
#define TRIES 4          /* unknown outcomes of a row */
#define AGAIN_MS 500     /* before it is looked at after one; then twice... */

/* ---- a row ---- */

void
hubspot_write_end(struct write_row *r, enum write_status status,
    const struct err *why)
{
	r->item->status = status;
	r->step = STEP_OVER;
	r->flying = false;
	if (why)
		r->item->error = *why;
	else if (status == WRITE_DONE)
		r->item->error.text[0] = '\0';
}

/* A create that may have been done is done again only where HubSpot itself
 * would refuse a second one. */
static void
make(const struct writing *w, struct write_row *r)
{
	const struct err why = { "whether it was made there is not known, and "
		"no unique property holds our uid: look whether it is there, "
		"and let it be read" };

	if ((r->left || r->item->repeat) && !w->uid.len && !r->email.len)
		hubspot_write_end(r, WRITE_UNKNOWN, &why);
	else
		r->step = STEP_CREATE;
}

/* What is taken away is looked at always: its id may lead to another record,
 * that it was merged into, by now. */
static bool
looks(const struct writing *w, const struct write_row *r)
{
	return w->to->compare || r->item->repeat || r->left ||
	    r->item->kind == WRITE_ARCHIVE || r->item->kind == WRITE_DELETE;
}

void
hubspot_write_on(struct writing *w, struct write_row *r)
{
	enum write_kind kind = r->item->kind;

	if (kind == WRITE_CREATE) {
		make(w, r);
		return;
	}
	if (kind != WRITE_UPDATE) {
		r->step = STEP_ARCHIVE;
		return;
	}
	for (r->link = 0; r->link < r->link_count && looks(w, r); r->link++)
		if (!r->links[r->link].looked) {
			r->step = STEP_LINKED;
			return;
		}
	if (!r->wrote && (r->prop_count || r->item->stamp))
		r->step = STEP_UPDATE;
	else
		hubspot_write_next_link(r);
}

static void
begin_known(struct writing *w, struct write_row *r)
{
	const struct err lost = { "whether it was made there is not known, "
		"and nothing there holds our uid" };
	bool creates = r->item->kind == WRITE_CREATE;
	bool removes = !creates && r->item->kind != WRITE_UPDATE;
	bool keyed = w->uid.len || (creates && r->email.len);

	r->by_email = !w->uid.len;
	if (removes && !r->item->id.len && !keyed)
		hubspot_write_end(r, WRITE_UNKNOWN, &lost);
	else if (creates && r->item->id.len)
		r->step = STEP_LOOK;
	else if ((creates && r->item->repeat && keyed) ||
	    (removes && !r->item->id.len))
		r->step = STEP_FIND;
	else if (!creates && looks(w, r))
		r->step = STEP_LOOK;
	else
		hubspot_write_on(w, r);
}

void
hubspot_write_begin(struct writing *w, struct write_row *r)
{
	for (r->link = 0; r->link < r->link_count; r->link++)
		if (!r->links[r->link].pair->known) {
			r->step = STEP_LABELS;
			return;
		}
	r->item->new_version = r->item->version;
	begin_known(w, r);
}

void
hubspot_write_doubt(struct writing *w, struct write_row *r,
    const struct err *why)
{
	bool creates = r->item->kind == WRITE_CREATE;
	bool links = r->step == STEP_LINK || r->step == STEP_UNLINK;

	r->left = true;
	r->tries++;
	r->wait = (int64_t)AGAIN_MS << (r->tries - 1);
	r->item->error = *why;
	if (links || r->tries > TRIES || (creates && !w->uid.len &&
	    !r->email.len))
		hubspot_write_end(r, WRITE_UNKNOWN, why);
	else
		r->step = creates ? STEP_FIND : STEP_LOOK;
}

/* ---- the end ---- */

void
hubspot_write_fail(struct writing *w, enum rc rc, const struct err *why)
{
	if (w->rc)
		return;
	w->rc = rc;
	w->why = *why;
}

/* Nothing is in flight any more, and nothing follows. */
static enum rc
finish(struct writing *w, struct err *e)
{
	for (size_t i = 0; i < w->count && w->rc; i++) {
		struct write_row *r = &w->rows[i];

		if (r->step != STEP_OVER)
			hubspot_write_end(r, r->left || r->wrote ?
			    WRITE_UNKNOWN : WRITE_NOT_SENT, &w->why);
	}
	*e = w->rc ? w->why : w->lacks;
	return w->rc ? w->rc : w->lack;
}

/* ---- what is in flight ---- */

static uint16_t *
busy_slot(struct writing *w, struct span type, struct span id)
{
	return &w->busy[hash64(id, hash64(type, 1)) % WRITE_BUSY];
}

/* Whom it is associated with may be so with others of the batch. */
static bool
is_free(struct writing *w, enum step step, const struct write_row *r)
{
	bool free = true;

	/* it only reads; or nobody but the row itself touches its record */
	if (step > STEP_CREATE || !w->pair_count)
		return true;
	for (size_t i = 0; i < r->link_count && free; i++) {
		const struct write_link *l = &r->links[i];

		free = (!l->to.len || !*busy_slot(w, l->pair->type, l->to)) &&
		    (!l->was.len || !*busy_slot(w, l->pair->type, l->was));
	}
	return free;
}

static void
touch(struct writing *w, enum step step, const struct write_row *r, int by)
{
	if (step > STEP_CREATE || !w->pair_count)
		return;
	for (size_t i = 0; i < r->link_count; i++) {
		const struct write_link *l = &r->links[i];

		if (l->to.len)
			*busy_slot(w, l->pair->type, l->to) += (uint16_t)by;
		if (l->was.len)
			*busy_slot(w, l->pair->type, l->was) += (uint16_t)by;
	}
}

/* ---- asking ---- */

static size_t
room_of(const struct writing *w, enum step step)
{
	if (step == STEP_LABELS)
		return w->count;
	return step == STEP_LINK || step == STEP_UNLINK ||
	    step == STEP_LINKED ? LINK_BATCH : BATCH;
}

/* May they be in one request? */
static bool
suits(enum step step, const struct write_row *a, const struct write_row *b)
{
	bool links = step == STEP_LINK || step == STEP_UNLINK ||
	    step == STEP_LINKED || step == STEP_LABELS;

	return a->bundle == b->bundle && a->by_email == b->by_email &&
	    (!links || a->links[a->link].pair == b->links[b->link].pair);
}

static struct write_flight *
collect(struct writing *w, enum step step)
{
	struct write_flight *f = NULL;
	size_t room = room_of(w, step);

	for (size_t i = 0; i < w->count; i++) {
		struct write_row *r = &w->rows[i];

		if (r->step != step || r->flying || !is_free(w, step, r) ||
		    (f && !suits(step, f->rows[0], r)) ||
		    (f && f->count == room) || (step == STEP_LABELS && !f &&
		    r->links[r->link].pair->asked))
			continue;
		if (!f) {
			f = arena_zero(w->arena, sizeof *f);
			f->rows = arena_alloc(w->arena, room *
			    sizeof *f->rows);
		}
		f->rows[f->count++] = r;
	}
	for (size_t i = 0; f && i < f->count; i++) {
		f->rows[i]->flying = true;
		touch(w, step, f->rows[i], 1);
	}
	return f;
}

static enum rc
next(struct talk *t, struct web_ask *ask, struct err *e)
{
	struct writing *w = t->own;
	struct write_flight *f = NULL;
	enum step step = 0;
	enum rc rc;

	while (!w->rc && !f && step < STEP_OVER) {
		f = collect(w, step);
		step += !f;
	}
	if (!f && w->flying)
		return RC_END;
	if (!f) {
		rc = finish(w, e);
		return rc ? rc : RC_END;
	}
	hubspot_write_ask(w, ask, step, f);
	ask->own = f;
	w->flying++;
	return RC_OK;
}

/* ---- taking ---- */

static bool
writes(enum step step)
{
	return step <= STEP_CREATE;
}

/* No answer, or one that is none. */
static void
lost(struct writing *w, enum step step, const struct write_flight *f,
    bool unknown, enum rc came, const struct err *why)
{
	for (size_t i = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];

		r->flying = false;
		if (!unknown || !writes(step))
			continue;
		if (came == RC_RETRY)
			hubspot_write_doubt(w, r, why);
		else
			r->left = true;
	}
	/* where nothing can be asked now, nothing more is */
	if (came != RC_RETRY || !unknown || !writes(step))
		hubspot_write_fail(w, came, why);
}

/* What is read is a list, if an empty one: no list is no absence. */
static bool
is_answer(const struct writing *w, enum step step)
{
	uint32_t list = json_get(&w->json, 0, SPAN("results"));

	return writes(step) || (list &&
	    json_kind(&w->json, list) == JSON_ARRAY);
}

static void
answered(struct writing *w, enum step step, const struct write_flight *f,
    const struct http_answer *a)
{
	struct err e, why;
	bool good = a->status >= 200 && a->status < 300;
	struct span body = a->body.len ? buf_view(&a->body) : SPAN("{}");
	bool sound = json_parse(&w->json, body, &e) == RC_OK &&
	    json_kind(&w->json, 0) == JSON_OBJECT;

	if (good && (!sound || !is_answer(w, step))) {
		(void)err_set(&why, RC_REMOTE, "HTTP %d, but what came is not "
		    "what HubSpot answers", a->status);
		lost(w, step, f, writes(step), writes(step) ? RC_RETRY :
		    RC_REMOTE, &why);
		return;
	}
	if (!sound)
		(void)!json_parse(&w->json, SPAN("{}"), &e);
	if (good)
		hubspot_write_take(w, step, f, a);
	else
		hubspot_write_refuse_all(w, step, f, a);
}

static enum rc
take(struct talk *t, const struct web_ask *ask, const struct http_answer *a,
    enum rc came, const struct err *why, struct err *e)
{
	struct writing *w = t->own;
	const struct write_flight *f = ask->own;

	w->flying--;
	for (size_t i = 0; i < f->count; i++) {
		touch(w, ask->step, f->rows[i], -1);
		f->rows[i]->wait = 0;
	}
	if (ask->step == STEP_LABELS)
		f->rows[0]->links[f->rows[0]->link].pair->asked = false;
	if (came)
		lost(w, ask->step, f, a->outcome == HTTP_UNKNOWN, came, why);
	else
		answered(w, ask->step, f, a);
	return w->rc && !w->flying ? finish(w, e) : RC_OK;
}

/* ---- the errand ---- */

static void
free_writing(struct talk *t)
{
	struct writing *w = t->own;

	json_free(&w->json);
	free(w->rows);
	free(w->busy);
	free(w);
}

/* Two items of one record cannot both be right. */
static bool
is_twin(struct writing *w, const struct write_row *r)
{
	struct span id = r->item->id;
	size_t at = hash64(id, 1) % WRITE_BUSY;

	for (; w->busy[at]; at = (at + 1) % WRITE_BUSY)
		if (span_eq(w->rows[w->busy[at] - 1].item->id, id))
			return true;
	w->busy[at] = (uint16_t)(r - w->rows + 1);
	return false;
}

static void
part_twins(struct writing *w)
{
	const struct err why = { "another item of the batch is of that record "
		"there" };

	for (size_t i = 0; i < w->count && i < WRITE_BUSY - 1; i++)
		if (w->rows[i].item->id.len && is_twin(w, &w->rows[i]))
			hubspot_write_end(&w->rows[i], WRITE_NOT_SENT, &why);
	memset(w->busy, 0, WRITE_BUSY * sizeof *w->busy);
}

static void
prepare(struct writing *w, struct write_item *items)
{
	struct json data, expected;

	json_init(&data);
	json_init(&expected);
	for (size_t i = 0; i < w->count; i++)
		w->rows[i].item = &items[i];
	part_twins(w);
	for (size_t i = 0; i < w->count; i++) {
		struct write_row *r = &w->rows[i];

		if (r->step == STEP_OVER)
			continue;
		hubspot_write_row(w, r, &data, &expected);
		if (r->step != STEP_OVER)
			hubspot_write_begin(w, r);
	}
	json_free(&data);
	json_free(&expected);
}

enum rc
hubspot_write(struct talk *t, const struct web_target *to,
    struct write_item *items, size_t n, struct arena *a, struct err *e)
{
	struct writing *w = xcalloc(1, sizeof *w);
	enum rc rc;

	t->next = next;
	t->take = take;
	t->free = free_writing;
	t->own = w;
	t->ahead = AHEAD;
	json_init(&w->json);
	w->talk = t;
	w->to = to;
	w->arena = a;
	w->count = n;
	w->rows = xcalloc(n ? n : 1, sizeof *w->rows);
	w->busy = xcalloc(WRITE_BUSY, sizeof *w->busy);
	if (to->mapping)
		w->uid = to->mapping->uid;
	rc = hubspot_type_object(&w->object, to->object, e);
	if (!rc && w->object.form != HUBSPOT_RECORDS)
		rc = err_set(e, RC_CONFIG, "%.*s are only read",
		    SPAN_ARG(to->object));
	if (!rc)
		prepare(w, items);
	return rc;
}
