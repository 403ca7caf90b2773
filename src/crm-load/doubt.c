/* SPDX-License-Identifier: MIT */
/*
 * doubt: a claim that died, or a request without an answer, leaves behind what
 * may have arrived.  What is sent next is a repeat: it is written only where
 * nothing has moved, so that what a person did on top of it stands, and is
 * read.
 */
#include "load.h"

#include "../lib/clock.h"

void
doubt_note(struct job *j, const struct outbox *o)
{
	j->flight = o->flight;
	j->intent = o->intent;
	j->made = o->made;
}

bool
doubt_stands(const struct job *j, const struct outbox *o)
{
	return span_eq(j->flight, o->flight);
}

void
doubt_add(struct job *j)
{
	const struct policy *p = j->outlet->policy;
	const struct policy_system *s = j->outlet->system;

	if (!j->flight.len || !j->side)
		return;
	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, &j->record);

		j->sent[i] |= at != SIZE_MAX && s->direction[i] & DIR_PUSH &&
		    !j->record.fields[at].conflict &&
		    flight_has(j->flight, p->name[i]);
	}
}

bool
doubt_of_life(const struct job *j)
{
	return j->flight.len && !j->side &&
	    j->record.life != LIFE_LIVE;
}

enum rc
doubt_fly(struct load *l, const struct job *j, struct outbox *o)
{
	const struct policy *p = j->outlet->policy;
	struct buf *b = &l->flight;

	o->intent |= j->item->kind == WRITE_CREATE;
	o->made |= j->item->kind == WRITE_CREATE && !j->item->id.len;
	if (!j->sent)
		return RC_OK;
	buf_reset(b);
	buf_span(b, j->flight);
	for (size_t i = 0; i < p->entity->field_count; i++)
		if (j->sent[i])
			flight_add(b, j->flight, p->name[i],
			    j->record.fields[policy_field_at(p, i,
			    &j->record)].value, l->state->seed);
	o->flight = buf_view(b);
	return b->over ? RC_END : RC_OK;
}

/* One that was settled without a claim is nobody's, unless it is by now. */
bool
doubt_is_taken(const struct job *j, const struct outbox *o)
{
	if (j->item)
		return !span_eq(o->claimant, span_str(clock_run_id()));
	return o->lease > clock_now() || !doubt_stands(j, o);
}

void
doubt_land(const struct job *j, struct outbox *o, bool unknown)
{
	bool before = j->flight.len != 0;

	o->claimant = SPAN("");
	o->lease = unknown || before ? clock_now() : 0;
	o->intent = o->intent && (unknown || (before && j->intent));
	if (unknown)
		return;
	o->made = before && j->made;
	o->flight = j->flight;
}
