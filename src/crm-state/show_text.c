/* SPDX-License-Identifier: MIT */
/* show_text: the same for people: a block of lines, values as JSON texts. */
#include "show.h"

#include "../lib/clock.h"
#include "../lib/terminal.h"
#include "queue.h"

static struct span
name(const struct show *s, uint32_t id)
{
	return name_of(s->look->state, id);
}

static void
put_time(struct buf *b, const char *label, int64_t ms)
{
	if (!ms)
		return;
	buf_printf(b, "%s", label);
	clock_put(b, ms);
}

static void
put_field(struct buf *b, const struct show *s, size_t at)
{
	const struct record *r = &s->record;
	const struct agreed_field *f = &r->fields[at];

	if (span_eq(f->value, record_null) && !f->time)
		return; /* never had a value */
	buf_printf(b, "\n  %.*s = ", SPAN_ARG(name(s, f->name)));
	buf_span(b, f->value);
	buf_printf(b, "  (%.*s", SPAN_ARG(name(s, f->origin)));
	put_time(b, ", ", f->time);
	buf_printf(b, "%s)", f->conflict ? ", IN CONFLICT" : "");
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *side = &r->sides[i];

		if (side->life != LIFE_LIVE || !side->value[at].ptr ||
		    span_eq(side->value[at], f->value))
			continue;
		buf_printf(b, "\n    %.*s shows ", SPAN_ARG(name(s,
		    side->system)));
		buf_span(b, side->value[at]);
	}
}

static void
put_side(struct buf *b, const struct show *s, const struct side *side)
{
	size_t mark;

	buf_printf(b, "\n%.*s: %.*s %.*s, %s", SPAN_ARG(name(s,
	    side->system)), SPAN_ARG(side->object), SPAN_ARG(side->id),
	    show_life[side->life]);
	put_time(b, ", modified ", side->modified);
	put_time(b, ", synced ", side->synced);
	if (side->unread)
		BUF_LIT(b, ", to be read before it is told anything");
	mark = b->len;
	BUF_LIT(b, "\n  ");
	if (!show_put_url(b, s, side))
		b->len = mark;
}

static void
put_pending(struct buf *b, const struct show_pending *p)
{
	const struct outbox *o = &p->entry;

	buf_printf(b, "\n%.*s has yet to be told: %s", SPAN_ARG(p->system),
	    queue_standing(o));
	put_time(b, ", since ", o->since);
	if (o->attempts)
		buf_printf(b, ", %lu attempts", (unsigned long)o->attempts);
	put_time(b, ", next ", o->next_try);
	if (o->error.len)
		buf_printf(b, "\n  %.*s", SPAN_ARG(o->error));
}

void
show_text(struct buf *b, const struct show *s)
{
	const struct record *r = &s->record;
	size_t from = b->len;

	buf_printf(b, "%.*s %.*s: %s, %s", SPAN_ARG(r->entity),
	    SPAN_ARG(r->uid), show_life[r->life], s->status);
	if (s->into.len)
		buf_printf(b, "\nmerged into %.*s", SPAN_ARG(s->into));
	if (s->became.len)
		buf_printf(b, "\nconverted into %.*s", SPAN_ARG(s->became));
	for (size_t i = 0; i < r->field_count; i++)
		put_field(b, s, i);
	for (size_t i = 0; i < r->side_count; i++)
		put_side(b, s, &r->sides[i]);
	for (size_t i = 0; i < s->pending_count; i++)
		put_pending(b, &s->pending[i]);
	if (s->review)
		BUF_LIT(b, "\nwhich record it is waits for a person: "
		    "crm-state conflicts");
	terminal_tame(b, from, true);
}
