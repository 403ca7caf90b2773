/* SPDX-License-Identifier: MIT */
/*
 * hubspot_write_ask: the requests.  Every row that is written has a trace id,
 * its number in the batch: only then HubSpot refuses rows one by one, and its
 * answers, which come in any order, say whose they are.
 */
#include "hubspot_write.h"

#define OBJECTS "/crm/v3/objects/"
#define LINKS "/crm/v4/associations/"

static void
open_input(struct buf *b, size_t i)
{
	buf_put(b, i ? ",{" : "{", i ? 2 : 1);
}

/* ---- reading ---- */

/* Names that rows have in common are found where the last row had them. */
static void
put_names(struct writing *w, struct buf *b, const struct write_flight *f)
{
	struct span *names;
	size_t count = 0, room = 2;

	for (size_t i = 0; i < f->count; i++)
		room += f->rows[i]->prop_count;
	names = arena_alloc(w->arena, room * sizeof *names);
	if (w->uid.len)
		names[count++] = w->uid;
	if (f->rows[0]->by_email)
		names[count++] = SPAN("hs_additional_emails");
	for (size_t i = 0; i < f->count; i++)
		for (size_t k = 0; k < f->rows[i]->prop_count; k++) {
			struct span name = f->rows[i]->props[k].name;
			size_t at = 0;

			while (at < count && !span_eq(names[at], name))
				at++;
			if (at == count)
				names[count++] = name;
		}
	BUF_LIT(b, ",\"properties\":[");
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_putc(b, ',');
		json_put_string(b, names[i]);
	}
	buf_putc(b, ']');
}

static void
ask_read(struct writing *w, struct web_ask *ask, enum step step,
    const struct write_flight *f)
{
	bool by_key = step == STEP_FIND || step == STEP_FIND_ARCHIVED;
	bool archived = step == STEP_LOOK_ARCHIVED ||
	    step == STEP_FIND_ARCHIVED;
	struct buf *b = &ask->body;

	buf_printf(&ask->path, OBJECTS "%.*s/batch/read%s",
	    SPAN_ARG(w->object.name), archived ? "?archived=true" : "");
	BUF_LIT(b, "{\"inputs\":[");
	for (size_t i = 0; i < f->count; i++) {
		const struct write_row *r = f->rows[i];

		open_input(b, i);
		json_put_text(b, "id", !by_key ? r->item->id : r->by_email ?
		    r->email : r->item->uid);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
	put_names(w, b, f);
	if (by_key)
		json_put_text(b, "idProperty", f->rows[0]->by_email ?
		    SPAN("email") : w->uid);
	buf_putc(b, '}');
}

static void
put_path(const struct writing *w, struct web_ask *ask,
    const struct write_pair *p, const char *what)
{
	buf_printf(&ask->path, LINKS "%.*s/%.*s/%s", SPAN_ARG(w->object.name),
	    SPAN_ARG(p->type), what);
	ask->lane = HUBSPOT_ASSOCIATIONS;
}

static void
ask_linked(struct writing *w, struct web_ask *ask,
    const struct write_flight *f)
{
	const struct write_row *first = f->rows[0];
	struct buf *b = &ask->body;

	put_path(w, ask, first->links[first->link].pair, "batch/read");
	BUF_LIT(b, "{\"inputs\":[");
	for (size_t i = 0; i < f->count; i++) {
		const struct write_row *r = f->rows[i];

		open_input(b, i);
		json_put_text(b, "id", r->item->id);
		if (r->links[r->link].after.len)
			json_put_text(b, "after", r->links[r->link].after);
		buf_putc(b, '}');
	}
	BUF_LIT(b, "]}");
}

static void
ask_labels(struct writing *w, struct web_ask *ask,
    const struct write_flight *f)
{
	struct write_pair *p = f->rows[0]->links[f->rows[0]->link].pair;

	put_path(w, ask, p, "labels");
	ask->method = "GET";
	ask->type = NULL;
	p->asked = true;
}

/* ---- writing ---- */

static void
put_trace(const struct writing *w, struct buf *b, const struct write_row *r)
{
	BUF_LIT(b, ",\"objectWriteTraceId\":\"");
	buf_u64(b, (uint64_t)(r - w->rows));
	buf_putc(b, '"');
}

static void
put_properties(const struct writing *w, struct buf *b,
    const struct write_row *r)
{
	bool creates = r->item->kind == WRITE_CREATE;

	json_put_key(b, SPAN("properties"));
	buf_putc(b, '{');
	for (size_t i = 0; i < r->prop_count; i++) {
		const struct write_prop *p = &r->props[i];

		/* what is not there needs no clearing */
		if ((creates && !p->value.len) || span_eq(p->name, w->uid))
			continue;
		json_put_key(b, p->name);
		json_put_string(b, p->value);
	}
	if (w->uid.len && (creates || r->item->stamp)) {
		json_put_key(b, w->uid);
		json_put_string(b, r->item->uid);
	}
	buf_putc(b, '}');
}

static void
put_associations(struct buf *b, const struct write_row *r)
{
	bool some = false;

	for (size_t i = 0; i < r->link_count; i++) {
		const struct write_link *l = &r->links[i];

		if (!l->to.len)
			continue;
		buf_printf(b, "%s{\"to\":{", some ? "," :
		    ",\"associations\":[");
		json_put_text(b, "id", l->to);
		BUF_LIT(b, "},\"types\":");
		hubspot_write_put_labels(b, l->pair);
		buf_putc(b, '}');
		some = true;
	}
	if (some)
		buf_putc(b, ']');
}

static void
ask_records(struct writing *w, struct web_ask *ask, enum step step,
    const struct write_flight *f)
{
	const char *what = step == STEP_CREATE ? "create" :
	    step == STEP_UPDATE ? "update" : "archive";
	struct buf *b = &ask->body;

	buf_printf(&ask->path, OBJECTS "%.*s/batch/%s",
	    SPAN_ARG(w->object.name), what);
	BUF_LIT(b, "{\"inputs\":[");
	for (size_t i = 0; i < f->count; i++) {
		const struct write_row *r = f->rows[i];

		open_input(b, i);
		if (step != STEP_CREATE)
			json_put_text(b, "id", r->item->id);
		if (step != STEP_ARCHIVE) {
			put_properties(w, b, r);
			put_trace(w, b, r);
		}
		if (step == STEP_CREATE)
			put_associations(b, r);
		buf_putc(b, '}');
	}
	BUF_LIT(b, "]}");
	/* with a look in between, unless that is not wanted */
	ask->repeat = step == STEP_UPDATE && !w->to->compare ?
	    HTTP_IDEMPOTENT : HTTP_ONCE;
}

static void
ask_links(struct writing *w, struct web_ask *ask, enum step step,
    const struct write_flight *f)
{
	const struct write_row *first = f->rows[0];
	const struct write_pair *p = first->links[first->link].pair;
	struct buf *b = &ask->body;

	put_path(w, ask, p, step == STEP_LINK ? "batch/create" :
	    "batch/archive");
	BUF_LIT(b, "{\"inputs\":[");
	for (size_t i = 0; i < f->count; i++) {
		const struct write_row *r = f->rows[i];
		const struct write_link *l = &r->links[r->link];

		open_input(b, i);
		BUF_LIT(b, "\"from\":{");
		json_put_text(b, "id", r->item->id);
		buf_printf(b, "},\"to\":%s{", step == STEP_LINK ? "" : "[");
		json_put_text(b, "id", step == STEP_LINK ? l->to : l->was);
		buf_printf(b, "}%s", step == STEP_LINK ? ",\"types\":" : "]");
		if (step == STEP_LINK)
			hubspot_write_put_labels(b, p);
		buf_putc(b, '}');
	}
	BUF_LIT(b, "]}");
	ask->repeat = HTTP_IDEMPOTENT;
}

void
hubspot_write_ask(struct writing *w, struct web_ask *ask, enum step step,
    const struct write_flight *f)
{
	ask->method = "POST";
	ask->type = "application/json";
	ask->repeat = HTTP_SAFE;
	ask->lane = HUBSPOT_ALL;
	ask->step = step;
	switch (step) {
	case STEP_CREATE:
	case STEP_UPDATE:
	case STEP_ARCHIVE:
		ask_records(w, ask, step, f);
		break;
	case STEP_LINK:
	case STEP_UNLINK:
		ask_links(w, ask, step, f);
		break;
	case STEP_LINKED:
		ask_linked(w, ask, f);
		break;
	case STEP_LABELS:
		ask_labels(w, ask, f);
		break;
	default:
		ask_read(w, ask, step, f);
	}
	for (size_t i = 0; i < f->count; i++)
		if (f->rows[i]->wait > ask->wait)
			ask->wait = f->rows[i]->wait;
}
