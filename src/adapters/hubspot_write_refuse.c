/* SPDX-License-Identifier: MIT */
/*
 * hubspot_write_refuse: what was not done.  A batch is refused row by row (207)
 * or, for one bad row, as a whole: then the rows that it names are set aside,
 * or it is asked for again in halves until the bad row is alone.
 */
#include "hubspot_write.h"

#include "../lib/limits.h"
#include "../lib/xalloc.h"

#include <stdlib.h>

#define NAMES 32 /* properties of one refusal that are looked at */

struct refusal {
	struct writing *w;
	enum step step;
	uint32_t node;                  /* the error, 0: of the whole */
	const struct http_answer *a;
	struct span category, message;
	struct span names[NAMES];       /* of properties */
	size_t name_count;
	bool lacks;                     /* no such property, or read only */
};

/* ---- what it says ---- */

static bool
contains(struct span s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.len; i++)
		if (memcmp(s.ptr + i, word, n) == 0)
			return true;
	return false;
}

struct span
hubspot_write_id(const struct writing *w, uint32_t node)
{
	if (!node)
		return SPAN("");
	if (json_kind(&w->json, node) == JSON_STRING)
		return json_string(&w->json, node, w->arena);
	return json_kind(&w->json, node) == JSON_NUMBER ?
	    json_text(&w->json, node) : SPAN("");
}

static void
add_name(struct refusal *r, struct span name)
{
	for (size_t i = 0; i < r->name_count; i++)
		if (span_eq(r->names[i], name))
			return;
	if (name.len && r->name_count < NAMES)
		r->names[r->name_count++] = arena_dup(r->w->arena, name);
}

static void
add_names(struct refusal *r, uint32_t list)
{
	if (!list || json_kind(&r->w->json, list) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(&r->w->json, list, item))
		add_name(r, hubspot_write_id(r->w, item));
}

static void
note_code(struct refusal *r, struct span code)
{
	r->lacks |= span_eq(code, SPAN("PROPERTY_DOESNT_EXIST")) ||
	    span_eq(code, SPAN("READ_ONLY_VALUE"));
}

static void
read_errors(struct refusal *r)
{
	const struct json *j = &r->w->json;
	uint32_t errors = json_get(j, r->node, SPAN("errors"));

	if (!errors || json_kind(j, errors) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(j, errors, item)) {
		uint32_t context = json_get(j, item, SPAN("context"));

		note_code(r, json_get_string(j, item, SPAN("code"),
		    r->w->arena));
		if (!context)
			continue;
		add_names(r, json_get(j, context, SPAN("propertyName")));
		add_names(r, json_get(j, context, SPAN("properties")));
	}
}

/* "Property values were not valid: [{...,"error":CODE,"name":NAME},...]" */
static void
read_message(struct refusal *r)
{
	const char *list = r->message.len ? memchr(r->message.ptr, '[',
	    r->message.len) : NULL;
	struct json j;
	struct err ignored;

	if (!list || r->name_count)
		return;
	json_init(&j);
	if (json_parse(&j, span_of(list, r->message.len - (size_t)(list -
	    r->message.ptr)), &ignored) == RC_OK &&
	    json_kind(&j, 0) == JSON_ARRAY)
		for (JSON_ITEMS(&j, 0, item)) {
			note_code(r, json_get_string(&j, item, SPAN("error"),
			    r->w->arena));
			add_name(r, json_get_string(&j, item, SPAN("name"),
			    r->w->arena));
		}
	json_free(&j);
}

static void
read_refusal(struct refusal *r, struct writing *w, enum step step,
    uint32_t node, const struct http_answer *a)
{
	*r = (struct refusal){ .w = w, .step = step, .node = node, .a = a };
	r->category = json_get_string(&w->json, node, SPAN("category"),
	    w->arena);
	r->message = json_get_string(&w->json, node, SPAN("message"),
	    w->arena);
	read_errors(r);
	read_message(r);
}

static void
put_names(struct buf *b, const struct refusal *r)
{
	for (size_t i = 0; i < r->name_count; i++) {
		buf_put(b, i ? ", " : " [", 2);
		for (size_t k = 0; k < r->names[i].len; k++)
			buf_putc(b, (unsigned char)r->names[i].ptr[k] < ' ' ?
			    ' ' : r->names[i].ptr[k]);
	}
	if (r->name_count)
		buf_putc(b, ']');
}

static void
say(const struct refusal *r, struct err *e)
{
	struct buf b;

	if (!r->node) {
		(void)hubspot_refusal_say(e, RC_RECORD, r->a);
		return;
	}
	buf_init(&b, 4 * ERR_TEXT, "words");
	hubspot_refusal_put(&b, &r->w->json, r->node, r->w->arena);
	put_names(&b, r);
	(void)err_set(e, RC_RECORD, "%.*s", (int)b.len, b.ptr ? b.ptr : "");
	buf_free(&b);
}

/* ---- one row ---- */

/* The digits after `front`, or those before `back`, where it stands last:
 * before that a value may be quoted. */
static struct span
digits(struct span s, const char *front, const char *back)
{
	const char *word = front ? front : back;
	size_t n = strlen(word), from = s.len, len = 0;

	while (from && (from + n > s.len ||
	    memcmp(s.ptr + from, word, n) != 0))
		from--;
	if (from + n > s.len || memcmp(s.ptr + from, word, n) != 0)
		return SPAN("");
	from += front ? n : 0;
	while (front && from + len < s.len && s.ptr[from + len] >= '0' &&
	    s.ptr[from + len] <= '9')
		len++;
	while (back && from && s.ptr[from - 1] >= '0' &&
	    s.ptr[from - 1] <= '9') {
		from--;
		len++;
	}
	return len > LIMIT_ID ? SPAN("") : span_of(s.ptr + from, len);
}

/* "Contact already exists. Existing ID: 9003", "... 9003 already has that
 * value." */
static bool
is_conflict(const struct refusal *r)
{
	return r->step == STEP_CREATE && (contains(r->message,
	    " already has that value") || contains(r->message,
	    "already exists") || span_eq(r->category, SPAN("CONFLICT")));
}

/*
 * Ours, if an earlier attempt made it: then it is found by our uid.  Else the
 * record that it is in conflict with, if it was told.
 */
static void
meet(const struct refusal *r, struct write_row *row)
{
	struct writing *w = r->w;
	struct span id = digits(r->message, "Existing ID: ", NULL);

	if (!id.len)
		id = digits(r->message, NULL, " already has that value");
	row->told = arena_dup(w->arena, id);
	row->met = true;
	say(r, &row->item->error);
	if (id.len && (!w->uid.len || !(row->left || row->item->repeat))) {
		row->item->new_id = row->told;
		hubspot_write_end(row, WRITE_EXISTS, NULL);
	} else if (w->uid.len || row->email.len) {
		row->by_email = !w->uid.len;
		row->step = STEP_FIND;
	} else {
		hubspot_write_end(row, WRITE_FAILED, NULL);
	}
}

/* The property that is to hold our uid is not there. */
static bool
lacks_uid(const struct refusal *r)
{
	const struct writing *w = r->w;

	if (!w->uid.len)
		return false;
	for (size_t i = 0; i < r->name_count && r->lacks; i++)
		if (span_eq(r->names[i], w->uid))
			return true;
	return r->step == STEP_FIND && contains(r->message, "unique");
}

static void
set_aside(const struct refusal *r, struct write_row *row)
{
	struct writing *w = r->w;
	struct err e;

	say(r, &e);
	w->lack = err_prefix(&e, RC_CONFIG, "property %.*s of %.*s, unique, is "
	    "made by crm-auth setup", SPAN_ARG(w->uid),
	    SPAN_ARG(w->object.name));
	w->lacks = e;
	hubspot_write_end(row, row->left ? WRITE_UNKNOWN : WRITE_NOT_SENT,
	    &e);
}

/* HubSpot's own trouble, of no fault of the row's. */
static bool
is_passing(const struct refusal *r)
{
	return span_eq(r->category, SPAN("INTERNAL_ERROR")) ||
	    span_eq(r->category, SPAN("RATE_LIMITS")) ||
	    span_eq(r->category, SPAN("TIMEOUT"));
}

static bool
reads(enum step step)
{
	return step >= STEP_LINKED && step <= STEP_LABELS;
}

void
hubspot_write_refuse(struct writing *w, enum step step, struct write_row *r,
    uint32_t node, const struct http_answer *a)
{
	struct refusal why;
	struct err e;

	read_refusal(&why, w, step, node, a);
	say(&why, &e);
	r->flying = false;
	if (step == STEP_FIND_ARCHIVED && !is_passing(&why)) /* cannot */
		hubspot_write_on(w, r);
	else if (lacks_uid(&why))
		set_aside(&why, r);
	else if (is_passing(&why) && !reads(step))
		hubspot_write_doubt(w, r, &e);
	else if (is_passing(&why))
		hubspot_write_end(r, r->left || r->wrote ? WRITE_UNKNOWN :
		    WRITE_NOT_SENT, &e);
	else if (is_conflict(&why))
		meet(&why, r);
	else if ((step == STEP_UPDATE || step == STEP_ARCHIVE) &&
	    span_eq(why.category, SPAN("OBJECT_NOT_FOUND")))
		hubspot_write_end(r, WRITE_GONE, &e);
	else /* what was written before the refusal is not all that was to be */
		hubspot_write_end(r, r->wrote || (r->left && reads(step)) ?
		    WRITE_UNKNOWN : WRITE_FAILED, &e);
}

/* ---- some rows ---- */

/* A trace id is a row's number. */
struct write_row *
hubspot_write_row_of(const struct writing *w, const struct write_flight *f,
    struct span trace, struct span id)
{
	uint64_t number = 0;

	for (size_t i = 0; i < trace.len; i++)
		number = trace.ptr[i] < '0' || trace.ptr[i] > '9' || i > 9 ?
		    UINT64_MAX / 16 : number * 10 + (uint64_t)(trace.ptr[i] -
		    '0');
	for (size_t i = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];
		const struct write_item *item = r->item;

		if (trace.len ? (uint64_t)(r - w->rows) == number : id.len &&
		    (span_eq(id, item->kind == WRITE_CREATE ? item->uid :
		    item->id) || span_eq(id, item->uid)))
			return r;
	}
	return NULL;
}

static bool
is_absence(const struct writing *w, enum step step, uint32_t node)
{
	return reads(step) && span_eq(json_get_string(&w->json, node,
	    SPAN("category"), w->arena), SPAN("OBJECT_NOT_FOUND"));
}

/* All the rows that an error names by a list in its context; how many.  One
 * that a result or an error had is what it is. */
static size_t
refuse_listed(struct writing *w, enum step step,
    const struct write_flight *f, uint32_t node, const char *name,
    const struct http_answer *a)
{
	uint32_t context = json_get(&w->json, node, SPAN("context"));
	uint32_t list = context ? json_get(&w->json, context,
	    span_str(name)) : 0;
	bool traced = name[0] == 'o';
	size_t hit = 0;

	if (!list || json_kind(&w->json, list) != JSON_ARRAY)
		return 0;
	for (JSON_ITEMS(&w->json, list, item)) {
		struct span id = hubspot_write_id(w, item);
		struct write_row *r = hubspot_write_row_of(w, f, traced ? id :
		    SPAN(""), traced ? SPAN("") : id);

		if (r && r->flying)
			hubspot_write_refuse(w, step, r, node, a);
		hit += r != NULL;
	}
	return hit;
}

struct write_row *
hubspot_write_only(const struct write_flight *f)
{
	struct write_row *only = NULL;

	for (size_t i = 0; i < f->count; i++) {
		if (!f->rows[i]->flying)
			continue;
		if (only)
			return NULL;
		only = f->rows[i];
	}
	return only;
}

bool
hubspot_write_refuse_some(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a)
{
	uint32_t errors = json_get(&w->json, 0, SPAN("errors"));
	struct write_row *only;
	uint32_t stray = 0;

	if (!errors || json_kind(&w->json, errors) != JSON_ARRAY)
		return false;
	for (JSON_ITEMS(&w->json, errors, item))
		if (!is_absence(w, step, item) && !refuse_listed(w, step, f,
		    item, "objectWriteTraceId", a) && !refuse_listed(w, step,
		    f, item, "ids", a) && !refuse_listed(w, step, f, item,
		    "fromObjectId", a))
			stray = item;
	only = stray ? hubspot_write_only(f) : NULL;
	if (only)
		hubspot_write_refuse(w, step, only, stray, a);
	return stray && !only;
}

/* ---- all rows ---- */

void
hubspot_write_split(struct writing *w, const struct write_flight *f)
{
	const struct err why = { "one of a batch was refused, which was not "
		"said" };
	size_t open = 0, half;

	for (size_t i = 0; i < f->count; i++)
		open += f->rows[i]->flying;
	half = (open + 1) / 2;
	w->bundles += 2;
	for (size_t i = 0, n = 0; i < f->count; i++) {
		struct write_row *r = f->rows[i];

		if (!r->flying)
			continue;
		r->flying = false;
		if (open == 1) /* it may be that one, or have been forgotten */
			hubspot_write_doubt(w, r, &why);
		else
			r->bundle = w->bundles - (n++ < half);
	}
}

static bool
has_name(const struct refusal *why, const struct write_row *r)
{
	const struct writing *w = why->w;

	for (size_t i = 0; i < why->name_count; i++) {
		if (w->uid.len && span_eq(why->names[i], w->uid) &&
		    (r->item->kind == WRITE_CREATE || r->item->stamp))
			return true;
		for (size_t k = 0; k < r->prop_count; k++)
			if (span_eq(why->names[i], r->props[k].name))
				return true;
	}
	return false;
}

/* It is about a property and not about a value: all that have it are bad. */
static bool
refuse_named(struct writing *w, enum step step, const struct write_flight *f,
    const struct http_answer *a)
{
	struct refusal why;
	bool any = false;

	read_refusal(&why, w, step, 0, a);
	if (!why.lacks)
		return false;
	for (size_t i = 0; i < f->count; i++)
		if (has_name(&why, f->rows[i])) {
			hubspot_write_refuse(w, step, f->rows[i], 0, a);
			any = true;
		}
	for (size_t i = 0; i < f->count && any; i++)
		f->rows[i]->flying = false; /* the others once more */
	return any;
}

/* No right to it, or no such type of objects. */
static bool
is_of_all(const struct writing *w, const struct http_answer *a)
{
	return a->status == 401 || a->status == 403 || (a->status == 404 &&
	    !span_eq(json_get_string(&w->json, 0, SPAN("category"), w->arena),
	    SPAN("OBJECT_NOT_FOUND")));
}

/* Would each of them be refused alike? */
static bool
is_alike(struct writing *w, enum step step, const struct http_answer *a)
{
	struct refusal why;

	read_refusal(&why, w, step, 0, a);
	return step == STEP_LABELS || step == STEP_FIND_ARCHIVED ||
	    lacks_uid(&why);
}

void
hubspot_write_refuse_all(struct writing *w, enum step step,
    const struct write_flight *f, const struct http_answer *a)
{
	struct err e;
	enum rc rc;

	if (is_of_all(w, a)) {
		rc = hubspot_refusal_say(&e, RC_CONFIG, a);
		rc = err_prefix(&e, rc, "%.*s", SPAN_ARG(w->object.name));
		for (size_t i = 0; i < f->count; i++)
			f->rows[i]->flying = false;
		hubspot_write_fail(w, rc, &e);
		return;
	}
	if (f->count > 1 && !is_alike(w, step, a)) {
		if (!refuse_named(w, step, f, a))
			hubspot_write_split(w, f);
		return;
	}
	for (size_t i = 0; i < f->count; i++)
		hubspot_write_refuse(w, step, f->rows[i], 0, a);
}
