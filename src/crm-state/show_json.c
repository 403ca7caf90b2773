/* SPDX-License-Identifier: MIT */
/* show_json: one JSON object with all of it. */
#include "show.h"

#include "../lib/clock.h"
#include "queue.h"

static struct span
name(const struct show *s, uint32_t id)
{
	return name_of(s->look->state, id);
}

static void
put_field(struct buf *b, const struct show *s, const struct agreed_field *f)
{
	if (span_eq(f->value, record_null) && !f->time)
		return; /* never had a value */
	json_put_key(b, name(s, f->name));
	BUF_LIT(b, "{\"value\":");
	buf_span(b, f->value);
	json_put_member(b, "from", name(s, f->origin));
	clock_put_member(b, "at", f->time);
	if (f->conflict)
		BUF_LIT(b, ",\"conflict\":true");
	buf_putc(b, '}');
}

/* All that it shows; or only what is not as agreed. */
static void
put_values(struct buf *b, const struct show *s, const struct side *side,
    bool differing)
{
	const struct record *r = &s->record;

	buf_putc(b, '{');
	for (size_t i = 0; i < r->field_count; i++) {
		if (!side->value[i].ptr || (differing &&
		    span_eq(side->value[i], r->fields[i].value)))
			continue;
		json_put_key(b, name(s, r->fields[i].name));
		buf_span(b, side->value[i]);
	}
	buf_putc(b, '}');
}

static void
put_side(struct buf *b, const struct show *s, const struct side *side)
{
	size_t mark;

	json_put_key(b, name(s, side->system));
	buf_printf(b, "{\"life\":\"%s\"", show_life[side->life]);
	json_put_member(b, "object", side->object);
	json_put_member(b, "id", side->id);
	mark = b->len;
	BUF_LIT(b, ",\"url\":\"");
	if (show_put_url(b, s, side))
		buf_putc(b, '"');
	else
		b->len = mark;
	json_put_member(b, "version", side->version);
	clock_put_member(b, "modified", side->modified);
	clock_put_member(b, "synced", side->synced);
	if (side->unread)
		BUF_LIT(b, ",\"unread\":true");
	BUF_LIT(b, ",\"values\":");
	put_values(b, s, side, false);
	BUF_LIT(b, ",\"differs\":");
	put_values(b, s, side, true);
	buf_putc(b, '}');
}

/* Each side's value of what waits for a person. */
static void
put_conflicts(struct buf *b, const struct show *s)
{
	const struct record *r = &s->record;
	size_t mark = b->len, said = 0;

	BUF_LIT(b, ",\"conflicts\":{");
	for (size_t i = 0; i < r->field_count; i++) {
		if (!r->fields[i].conflict)
			continue;
		said++;
		json_put_key(b, name(s, r->fields[i].name));
		buf_putc(b, '{');
		for (size_t k = 0; k < r->side_count; k++) {
			const struct side *side = &r->sides[k];

			if (side->life != LIFE_LIVE || !side->value[i].ptr)
				continue;
			json_put_key(b, name(s, side->system));
			buf_span(b, side->value[i]);
		}
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
	if (!said)
		b->len = mark;
}

static void
put_pending(struct buf *b, const struct show *s)
{
	BUF_LIT(b, ",\"pending\":{");
	for (size_t i = 0; i < s->pending_count; i++) {
		json_put_key(b, s->pending[i].system);
		BUF_LIT(b, "{");
		queue_put(b, &s->pending[i].entry);
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
}

void
show_json(struct buf *b, const struct show *s)
{
	const struct record *r = &s->record;

	BUF_LIT(b, "{\"type\":\"shown\"");
	json_put_member(b, "entity", r->entity);
	json_put_member(b, "uid", r->uid);
	buf_printf(b, ",\"version\":%llu,\"life\":\"%s\",\"status\":\"%s\"",
	    (unsigned long long)r->version, show_life[r->life], s->status);
	json_put_member(b, "merged_into", s->into);
	if (s->became.len) {
		BUF_LIT(b, ",\"converted_into\":");
		buf_span(b, s->became);
	}
	BUF_LIT(b, ",\"agreed\":{");
	for (size_t i = 0; i < r->field_count; i++)
		put_field(b, s, &r->fields[i]);
	BUF_LIT(b, "},\"systems\":{");
	for (size_t i = 0; i < r->side_count; i++)
		put_side(b, s, &r->sides[i]);
	buf_putc(b, '}');
	put_pending(b, s);
	put_conflicts(b, s);
	if (s->review)
		BUF_LIT(b, ",\"review\":true");
	buf_putc(b, '}');
}
