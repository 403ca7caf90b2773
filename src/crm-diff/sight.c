/* SPDX-License-Identifier: MIT */
/* sight: one record that a system shows, against its shadow. */
#include "sight.h"

#include "../lib/clock.h"
#include "../lib/limits.h"
#include "../lib/ref.h"
#include "../lib/todo.h"

static enum rc
read_sight(struct sight *s, struct err *e)
{
	struct filter *f = &s->diff->filter;
	const struct json *j = &f->line.json;
	struct arena *a = &f->in.arena;
	struct source *src = &s->diff->source;
	enum rc rc;

	src->id = f->line.id;
	s->fields = json_get(j, 0, SPAN("fields"));
	if (!s->fields || json_kind(j, s->fields) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "no canonical fields: crm-map "
		    "comes before crm-diff");
	s->times = json_get(j, 0, SPAN("times"));
	if (json_kind(j, s->times) != JSON_OBJECT)
		s->times = 0;
	s->modified_text = json_get_string(j, 0, SPAN("modified"), a);
	s->merged_into = json_get_string(j, 0, SPAN("merged_into"), a);
	s->converted = json_get(j, 0, SPAN("converted_into"));
	if (s->converted && (json_kind(j, s->converted) != JSON_OBJECT ||
	    json_inner(j, s->converted).len == 0))
		s->converted = 0;
	s->version = json_get_string(j, 0, SPAN("version"), a);
	s->stamp = f->line.uid;
	s->deleted = json_get_true(j, 0, SPAN("deleted"));
	if (s->modified_text.len && !clock_parse(s->modified_text,
	    &s->modified))
		return err_set(e, RC_RECORD, "\"modified\" is no UTC instant");
	rc = diff_link(s->diff, src->id, &s->link, e);
	s->linked = rc == RC_OK;
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	rc = link_decode(s->diff->links.key, s->diff->links.value, &s->link,
	    a, e);
	if (!rc)
		rc = record_load(&s->diff->txn, src->entity, s->link.uid,
		    &s->diff->system, s->diff->system != NO_NAME, a,
		    &s->record, e);
	if (!rc)
		s->side = record_side(&s->record, s->diff->system);
	return rc;
}

/* Of two copies the later one counts; where no time tells, who decides asks. */
static bool
is_later(const struct sight *s)
{
	return s->modified && s->side && s->modified > s->side->modified;
}

static void
put_change_head(struct sight *s, const char *op, struct hash128 hash)
{
	struct diff *d = s->diff;
	struct buf *b = &d->filter.out.buf;
	struct buf id;

	buf_init(&id, 8 * LIMIT_ID, "id");
	json_put_escaped(&id, d->source.id);
	line_head(d, op ? "change" : "same", buf_view(&id));
	buf_free(&id);
	if (op && s->linked) {
		BUF_LIT(b, ",\"uid\":");
		json_put_string(b, s->link.uid);
	}
	/* one that is not its own is told as long as it is seen */
	if (s->stamp.len && (op || !span_eq(s->stamp, s->link.uid))) {
		BUF_LIT(b, ",\"stamp\":");
		json_put_string(b, s->stamp);
	}
	if (op)
		buf_printf(b, ",\"op\":\"%s\"", op);
	if (s->modified_text.len) {
		BUF_LIT(b, ",\"modified\":");
		json_put_string(b, s->modified_text);
	}
	if (s->version.len) {
		BUF_LIT(b, ",\"version\":");
		json_put_string(b, s->version);
	}
	if (s->side)
		buf_printf(b, ",\"base\":%llu",
		    (unsigned long long)s->side->revision);
	line_hash(b, hash);
	if (s->again && !(op && is_later(s)))
		BUF_LIT(b, ",\"again\":true");
}

static bool
comes_back(const struct sight *s)
{
	return s->linked && !s->link.live && s->side &&
	    (s->side->life == LIFE_DELETED || s->side->life ==
	    LIFE_ARCHIVED) && !s->deleted && !s->merged_into.len;
}

/* What the side last showed of a field: NULL ptr when it never did. */
static struct span
shadow_value(const struct sight *s, struct span name)
{
	uint32_t id;
	size_t at;

	if (!s->side || !name_find(s->diff->state, name, &id))
		return span_of(NULL, 0);
	at = record_find(&s->record, id);
	return at == SIZE_MAX ? span_of(NULL, 0) : s->side->value[at];
}

/*
 * Is it what the shadow says?  A shadow refers to our uids; a record that is
 * not linked (yet) is unknown, and no change of one we know already; but of
 * one that is closed nothing is shown later.
 */
static enum rc
is_known(struct sight *s, struct span old, struct span new, bool *known,
    struct err *e)
{
	struct diff *d = s->diff;
	struct arena *a = &d->filter.in.arena;
	struct span uid = new;
	bool may, own, gone;
	enum rc rc = RC_OK;

	if (ref_is(new))
		rc = ref_to_uid(&d->txn, d->source.system, new, a, &uid, e);
	*known = rc == RC_END ? s->linked && !s->converted :
	    span_eq(old.ptr ? old : record_null, uid);
	if (rc != RC_END)
		return rc;
	rc = ref_may_follow(&d->txn, d->source.system, new,
	    d->source.entity, a, &may, &own, e);
	s->waiting |= !rc && (may || own);
	if (!rc)
		rc = ref_is_gone(&d->txn, d->source.system, new, a, &gone, e);
	s->unknown |= s->waiting && !gone;
	return rc;
}

/* When the field at `key` got the value that differs, if that is said. */
static enum rc
note_time(struct sight *s, uint32_t key, struct span name, struct err *e)
{
	const struct json *j = &s->diff->filter.line.json;
	struct buf *b = &s->diff->times;
	uint32_t node = json_get(j, s->times, name);
	int64_t at;

	if (!node)
		return RC_OK;
	if (json_kind(j, node) != JSON_STRING ||
	    !clock_parse(json_inner(j, node), &at))
		return err_set(e, RC_RECORD, "\"times\": that of %.*s is no "
		    "UTC instant", SPAN_ARG(name));
	if (b->len)
		buf_putc(b, ',');
	buf_span(b, json_text(j, key));
	buf_putc(b, ':');
	buf_span(b, json_text(j, node));
	return RC_OK;
}

static void
put_times(struct sight *s)
{
	struct buf *b = &s->diff->filter.out.buf;

	if (!s->diff->times.len)
		return;
	BUF_LIT(b, ",\"times\":{");
	buf_span(b, buf_view(&s->diff->times));
	buf_putc(b, '}');
}

/* Another row is that record by now: by this one nothing comes back. */
static bool
stands_beside(const struct sight *s)
{
	return s->linked && !s->link.live && s->side &&
	    s->side->life == LIFE_LIVE;
}

/*
 * Appends `,"fields":{…}` of what differs; nothing when nothing does.  Null
 * where the side never showed the field says nothing.  What comes back, or
 * stands beside, is told in full: it may lack what the record had.
 */
static enum rc
put_fields(struct sight *s, bool *differs, struct err *e)
{
	struct filter *f = &s->diff->filter;
	const struct json *j = &f->line.json;
	struct buf *b = &f->out.buf;
	bool whole = s->doubt || comes_back(s) || stands_beside(s);
	size_t mark = b->len, changed = 0;

	buf_reset(&s->diff->times);
	BUF_LIT(b, ",\"fields\":{");
	for (JSON_EACH(j, s->fields, key, value)) {
		struct span name = json_string(j, key, &f->in.arena);
		struct span old = shadow_value(s, name);
		struct span new = json_text(j, value);
		bool known;
		enum rc rc = is_known(s, old, new, &known, e);

		if (rc)
			return rc;
		if (known && !whole)
			continue;
		if (s->times)
			rc = note_time(s, key, name, e);
		if (rc)
			return rc;
		if (changed++)
			buf_putc(b, ',');
		buf_span(b, json_text(j, key));
		BUF_LIT(b, ":{");
		if (old.ptr) {
			BUF_LIT(b, "\"old\":");
			buf_span(b, old);
			buf_putc(b, ',');
		}
		BUF_LIT(b, "\"new\":");
		buf_span(b, new);
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
	put_times(s);
	if (!changed)
		b->len = mark;
	*differs = changed > 0;
	return RC_OK;
}

/* It is compared in full until the reference can be followed. */
static void
put_waiting(struct sight *s)
{
	struct buf *b = &s->diff->filter.out.buf;

	if (s->waiting)
		BUF_LIT(b, ",\"waiting\":true");
	if (s->unknown)
		BUF_LIT(b, ",\"unknown\":true");
}

static void
put_same(struct sight *s, struct hash128 hash, const char *why)
{
	struct buf *b = &s->diff->filter.out.buf;

	put_change_head(s, NULL, hash);
	put_waiting(s);
	if (why)
		buf_printf(b, ",\"why\":\"%s\"", why);
	buf_putc(b, '}');
	s->diff->same++;
}

static void
put_seen(struct sight *s, struct span why)
{
	struct diff *d = s->diff;
	struct buf id;

	buf_init(&id, 8 * LIMIT_ID, "id");
	json_put_escaped(&id, d->source.id);
	line_head(d, "seen", buf_view(&id));
	buf_free(&id);
	buf_printf(&d->filter.out.buf, ",\"why\":\"%.*s\"}", SPAN_ARG(why));
}

static enum rc
put_delete(struct sight *s, struct hash128 hash, struct err *e)
{
	struct buf *b = &s->diff->filter.out.buf;
	bool differs;
	enum rc rc = RC_OK;

	if (sight_moved_meanwhile(s)) {
		put_seen(s, TODO_MEANWHILE);
		return RC_OK;
	}
	put_change_head(s, s->merged_into.len ? "merge" : "delete", hash);
	if (s->merged_into.len) {
		BUF_LIT(b, ",\"merged_into\":");
		json_put_string(b, s->merged_into);
	}
	if (s->doubt)
		rc = put_fields(s, &differs, e);
	buf_putc(b, '}');
	s->diff->deletes++;
	return rc;
}

/* It is shown as before, but what it became stands for it there. */
static void
put_converted(struct sight *s)
{
	struct filter *f = &s->diff->filter;

	if (!s->converted)
		return;
	BUF_LIT(&f->out.buf, ",\"converted_into\":");
	buf_span(&f->out.buf, json_text(&f->line.json, s->converted));
}

static enum rc
put_update(struct sight *s, struct hash128 hash, struct err *e)
{
	struct diff *d = s->diff;
	struct buf *b = &d->filter.out.buf;
	bool known = s->linked && s->link.live, differs;
	size_t mark = b->len;
	enum rc rc;

	put_change_head(s, s->converted ? "convert" : known ? "update" :
	    "create", hash);
	put_converted(s);
	rc = put_fields(s, &differs, e);
	if (rc)
		return rc;
	if (!differs && known && !s->converted) {
		b->len = mark;
		put_same(s, hash, NULL);
		return RC_OK;
	}
	if (sight_moved_meanwhile(s)) {
		b->len = mark;
		put_seen(s, TODO_MEANWHILE);
		return RC_OK;
	}
	if (s->linked && !s->link.live && !stands_beside(s))
		BUF_LIT(b, ",\"restore\":true");
	if (!s->converted)
		put_waiting(s);
	buf_putc(b, '}');
	d->updates += known;
	d->creates += !known;
	return RC_OK;
}

/* Our own archiving, as we left it, is no restore. */
static bool
is_archived(const struct sight *s)
{
	const struct side *side = s->side;

	return side && side->life == LIFE_ARCHIVED && ((s->modified &&
	    s->modified <= side->modified) || (s->version.len &&
	    span_eq(s->version, side->version)));
}

/* What became of it was seen before: it is closed there. */
static bool
is_closed(const struct sight *s)
{
	return s->converted && s->linked && !s->link.live && !s->deleted &&
	    !s->merged_into.len;
}

/* That very merge was followed, and has stood since. */
static bool
is_followed(const struct sight *s)
{
	return s->link.merged && hash128_eq(s->link.seen,
	    hash128(s->merged_into, s->diff->state->seed));
}

/*
 * It was gone there, is to be made again, and is shown as what another one took
 * in: somebody brought it back for that.  Not so where it went by that merge,
 * and lives by what a person said.
 */
static bool
is_merged_late(const struct sight *s)
{
	const struct side *side = s->side;

	return s->merged_into.len && side && !s->link.live &&
	    s->record.life == LIFE_LIVE && (side->life == LIFE_DELETED ||
	    side->life == LIFE_ARCHIVED) &&
	    span_eq(side->id, s->diff->source.id) &&
	    s->diff->began > s->link.since && !is_followed(s);
}

enum rc
sight_record(struct filter *f, struct err *e)
{
	struct sight s = { .diff = f->stage };
	struct hash128 hash;
	enum rc rc = read_sight(&s, e);
	struct err worse;

	/* one we reject ourselves is there all the same, too */
	if (rc == RC_RECORD && sight_seen(f, &worse)) {
		*e = worse;
		return RC_STATE;
	}
	if (rc)
		return rc;
	hash = hash128(f->line.text, s.diff->state->seed);
	if (s.linked)
		s.again = absence_mark(s.diff, s.link.ordinal);
	s.diff->duplicates += s.again;
	sight_distrust_time(&s);
	rc = diff_doubt(s.diff, s.linked ? s.link.uid : s.stamp,
	    s.link.live ? s.side : NULL, s.version, &s.doubt, e);
	if (rc)
		return rc;
	if (is_closed(&s))
		put_same(&s, hash, "converted");
	else if (sight_died_meanwhile(&s) && !s.deleted && !s.merged_into.len &&
	    !is_archived(&s))
		put_seen(&s, TODO_DIED);
	else if (sight_is_older(&s) && sight_is_ahead(&s))
		put_seen(&s, SPAN("its time is before that of what was last "
		    "seen, which is to come"));
	else if (sight_is_older(&s))
		put_same(&s, hash, "older");
	else if (((s.deleted || s.merged_into.len) && s.linked &&
	    s.link.live) || is_merged_late(&s))
		rc = put_delete(&s, hash, e);
	else if (s.deleted || s.merged_into.len || is_archived(&s))
		put_same(&s, hash, "deleted");
	else
		rc = put_update(&s, hash, e);
	if (rc == RC_OK)
		stream_out_account(&f->out, f->line.id);
	return rc;
}
