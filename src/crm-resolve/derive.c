/* SPDX-License-Identifier: MIT */
#include "derive.h"

#include "../lib/address.h"
#include "../lib/clock.h"
#include "../lib/type.h"

/* Where it lives in that system; nothing appended when that is not known. */
static void
put_url(struct work *w, const struct entity_field *ef, struct buf *b)
{
	size_t at = policy_system_find(w->policy, ef->derive_of);
	const struct side *s = at == SIZE_MAX ? NULL :
	    record_side(&w->d->record, w->policy->systems[at].id);

	if (!s || s->life != LIFE_LIVE)
		return;
	buf_putc(b, '"');
	if (address_put(b, w->policy->declared, ef->derive_of, s->object,
	    s->id))
		buf_putc(b, '"');
	else
		buf_reset(b);
}

static void
put_status(struct work *w, struct buf *b)
{
	const struct record *r = &w->d->record;
	bool conflict = false;

	for (size_t i = 0; i < r->field_count; i++)
		conflict |= r->fields[i].conflict;
	buf_printf(b, "\"%s\"", conflict ? "conflict" : "synced");
}

/* The system its uid is from. */
static void
put_origin(struct work *w, struct buf *b)
{
	struct span uid = w->d->record.uid;
	const char *end = memchr(uid.ptr, ':', uid.len);

	if (end)
		json_put_string(b, span_of(uid.ptr,
		    (size_t)(end - uid.ptr)));
}

/* A value that does not fit its type is none. */
static enum rc
value_of(struct work *w, const struct entity_field *ef, struct span *value,
    struct err *e)
{
	struct buf b;
	enum rc rc = RC_OK;

	buf_init(&b, LIMIT_LINE, "derived value");
	if (ef->derive == DERIVE_CRM_URL) {
		put_url(w, ef, &b);
	} else if (ef->derive == DERIVE_STATUS) {
		put_status(w, &b);
	} else if (ef->derive == DERIVE_ORIGIN) {
		put_origin(w, &b);
	} else {
		buf_putc(&b, '"');
		clock_put(&b, w->now);
		buf_putc(&b, '"');
	}
	*value = record_null;
	if (b.len)
		rc = type_fit(ef, buf_view(&b), w->arena, value, e);
	if (rc == RC_RECORD) {
		*value = record_null;
		rc = RC_OK;
	}
	buf_free(&b);
	return rc;
}

static enum rc
derive_one(struct work *w, size_t field, struct err *e)
{
	const struct entity_field *ef = &w->policy->entity->fields[field];
	struct record *r = &w->d->record;
	struct agreed_field *f = &r->fields[policy_field_at(w->policy, field,
	    r)];
	struct span value;
	enum rc rc = value_of(w, ef, &value, e);

	if (rc || span_eq(f->value, value))
		return rc;
	f->value = value;
	f->origin = r->life_origin;
	f->time = w->now;
	f->exact = true;
	f->before = 0;
	w->d->changed = true;
	return RC_OK;
}

enum rc
derive(struct work *w, struct err *e)
{
	const struct entity *en = w->policy->entity;
	const struct record *r = &w->d->record;
	enum rc rc = RC_OK;

	if (!en->derives || r->life != LIFE_LIVE ||
	    (!r->version && !w->d->changed))
		return RC_OK;
	for (size_t i = 0; i < en->field_count && !rc; i++)
		if (en->fields[i].derive == DERIVE_CRM_URL ||
		    en->fields[i].derive == DERIVE_STATUS)
			rc = derive_one(w, i, e);
	for (size_t i = 0; i < en->field_count && !rc && w->d->changed; i++)
		if (en->fields[i].derive == DERIVE_SYNCED_AT ||
		    en->fields[i].derive == DERIVE_ORIGIN)
			rc = derive_one(w, i, e);
	return rc;
}
