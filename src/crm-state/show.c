/* SPDX-License-Identifier: MIT */
/* show: everything the state knows of one record, as one JSON object. */
#include "commands.h"
#include "rows.h"

#include <unistd.h>

#include "../lib/clock.h"

static const char *const life_name[] = { "none", "live", "archived",
	"deleted", "merged" };

struct show {
	struct state *state;
	struct txn *txn;
	const struct record *record;
	struct buf *b;
};

static void
put_field(struct show *s, const struct agreed_field *f)
{
	struct buf *b = s->b;

	if (span_eq(f->value, record_null) && !f->time)
		return; /* never had a value */
	json_put_key(b, name_of(s->state, f->name));
	BUF_LIT(b, "{\"value\":");
	buf_span(b, f->value);
	json_put_member(b, "from", name_of(s->state, f->origin));
	clock_put_member(b, "at", f->time);
	if (f->conflict)
		BUF_LIT(b, ",\"conflict\":true");
	buf_putc(b, '}');
}

/* Only what a side shows otherwise than agreed; the rest is equal. */
static void
put_differences(struct show *s, const struct side *side)
{
	const struct record *r = s->record;

	BUF_LIT(s->b, ",\"differs\":{");
	for (size_t i = 0; i < r->field_count; i++) {
		if (!side->value[i].ptr || span_eq(side->value[i],
		    r->fields[i].value))
			continue;
		json_put_key(s->b, name_of(s->state, r->fields[i].name));
		buf_span(s->b, side->value[i]);
	}
	buf_putc(s->b, '}');
}

/* Who has yet to be told; any name may be a system. */
static enum rc
put_pending(struct show *s, struct err *e)
{
	enum rc rc = RC_OK;

	BUF_LIT(s->b, ",\"pending\":{");
	for (size_t i = 0; i < s->state->name_count && !rc; i++) {
		struct span system = s->state->name[i];
		struct outbox o;

		rc = outbox_get(s->txn, system, s->record->entity,
		    s->record->uid, &o, e);
		if (rc == RC_END) {
			rc = RC_OK;
			continue;
		}
		if (rc)
			break;
		json_put_key(s->b, system);
		buf_printf(s->b, "{\"version\":%llu",
		    (unsigned long long)o.version);
		json_put_member(s->b, "error", o.error);
		buf_putc(s->b, '}');
	}
	buf_putc(s->b, '}');
	return rc;
}

static void
put_side(struct show *s, const struct side *side)
{
	struct buf *b = s->b;

	json_put_key(b, name_of(s->state, side->system));
	buf_printf(b, "{\"life\":\"%s\"", life_name[side->life]);
	json_put_member(b, "object", side->object);
	json_put_member(b, "id", side->id);
	json_put_member(b, "version", side->version);
	clock_put_member(b, "modified", side->modified);
	put_differences(s, side);
	buf_putc(b, '}');
}

static enum rc
put_record(struct show *s, struct err *e)
{
	const struct record *r = s->record;
	enum rc rc;

	BUF_LIT(s->b, "{\"type\":\"shown\"");
	json_put_member(s->b, "entity", r->entity);
	json_put_member(s->b, "uid", r->uid);
	buf_printf(s->b, ",\"version\":%llu,\"life\":\"%s\",\"agreed\":{",
	    (unsigned long long)r->version, life_name[r->life]);
	for (size_t i = 0; i < r->field_count; i++)
		put_field(s, &r->fields[i]);
	BUF_LIT(s->b, "},\"systems\":{");
	for (size_t i = 0; i < r->side_count; i++)
		put_side(s, &r->sides[i]);
	buf_putc(s->b, '}');
	rc = put_pending(s, e);
	buf_putc(s->b, '}');
	return rc;
}

static enum rc
show_record(struct state *st, struct span entity, struct span uid,
    struct stream_out *out, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct record r;
	struct show s = { st, &t, &r, &out->buf };
	struct arena a;
	enum rc rc = txn_begin(&t, st, false, e);

	arena_init(&a);
	if (!rc)
		rc = record_load(&t, entity, uid, rows_all_names(st, &a),
		    st->name_count, &a, &r, e);
	if (!rc && !r.version)
		rc = err_set(e, RC_CONFIG, "no %.*s with uid %.*s",
		    SPAN_ARG(entity), SPAN_ARG(uid));
	if (!rc)
		rc = put_record(&s, e);
	if (!rc)
		rc = stream_out_line(out, e);
	txn_abort(&t);
	arena_free(&a);
	return rc;
}

void
show_run(struct run *r)
{
	struct state *s = NULL;
	struct stream_out out;
	struct err e;
	enum rc rc = state_open(&s, true, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = show_record(s, span_str(r->operand[1]),
		    span_str(r->operand[2]), &out, &e);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
	state_close(s);
}
