/* SPDX-License-Identifier: MIT */
/* gather: which records are to be sent. */
#include "load.h"

#include <poll.h>

/* A batch of large records is sent before it has as many as could be: what is
 * kept of each is some times as much. */
#define BATCH_BYTES (16u << 20)

static bool
is_full(const struct load *l)
{
	return l->count == l->adapter->batch_max || l->bytes >= BATCH_BYTES;
}

/* Was this record in the batch before?  A table of job numbers, from 1. */
static bool
is_repeated(struct load *l, const struct job *j)
{
	size_t room = 4 * l->adapter->batch_max;
	size_t at = hash64(j->uid, (uint64_t)(j->outlet - l->outlet)) % room;

	if (!l->met)
		l->met = arena_zero(&l->arena, room * sizeof *l->met);
	for (; l->met[at]; at = (at + 1) % room) {
		const struct job *met = &l->jobs[l->met[at] - 1];

		if (met->outlet == j->outlet && span_eq(met->uid, j->uid))
			return true;
	}
	l->met[at] = (uint32_t)(j - l->jobs) + 1;
	return false;
}

static enum rc
add_job(struct load *l, struct span entity, struct span uid,
    uint64_t version, struct err *e)
{
	struct outlet *outlet;
	struct job *j;
	enum rc rc = send_outlet(l, entity, &outlet, e);

	if (rc)
		return rc;
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 256;
		struct job *jobs = arena_alloc(&l->arena, room *
		    sizeof *jobs);

		if (l->count)
			memcpy(jobs, l->jobs, l->count * sizeof *jobs);
		l->jobs = jobs;
		l->room = room;
	}
	j = &l->jobs[l->count++];
	*j = (struct job){ .outlet = outlet, .version = version,
		.uid = arena_dup(&l->arena, uid) };
	j->repeated = version && is_repeated(l, j);
	return RC_OK;
}

/* Keeps what the last job's line says: `rest` is its end, or empty. */
static void
keep_line(struct load *l, struct span op, struct span rest)
{
	struct job *j = &l->jobs[l->count - 1];
	struct span line = l->line.text;

	l->bytes += line.len;
	j->said = arena_dup(&l->arena, line);
	if (!rest.len)
		return;
	j->said_op = span_of(j->said.ptr + (op.ptr - line.ptr), op.len);
	j->said_rest = span_of(j->said.ptr + (rest.ptr - line.ptr),
	    rest.len);
}

static struct where
where(const struct load *l)
{
	return (struct where){ .line = l->line.number,
		.system = l->system->name };
}

static enum rc
take_operation(struct load *l, struct err *e)
{
	const struct line *line = &l->line;
	int64_t version = json_get_int(&line->json, 0, SPAN("version"), 0);
	enum rc rc;

	if (!span_eq(line->system, l->system->name))
		return RC_OK;   /* for another loader */
	if (!line->entity.len || version <= 0)
		return err_set(e, RC_RECORD, "an operation without entity or "
		    "version");
	rc = add_job(l, line->entity, line->uid, (uint64_t)version, e);
	if (!rc)
		keep_line(l, SPAN(""), SPAN(""));
	return rc;
}

/* A plan of a state that was since restored is no plan for this one. */
static enum rc
check_plan(struct load *l, struct err *e)
{
	const struct json *j = &l->line.json;
	struct span epoch = json_get_string(j, 0, SPAN("epoch"),
	    &l->in.arena);

	trail_plan(l, j);
	if (!span_eq(l->line.system, SPAN("*")))
		return err_set(e, RC_CONFIG, "the input is no plan: "
		    "crm-resolve comes before crm-load");
	if (json_get_true(j, 0, SPAN("dry_run")))
		return err_set(e, RC_CONFIG, "the plan is of a dry run: "
		    "nothing of it can be sent");
	if (!state_is_epoch(l->state, epoch))
		return err_set(e, RC_CONFIG, "the plan belongs to another "
		    "state, or to this one before a restore");
	return RC_OK;
}

static enum rc
end_plan(struct load *l, struct err *e)
{
	if (stream_verify(&l->in, &l->line) != STREAM_WHOLE && !l->subset)
		return err_set(e, RC_SYSTEM, "the plan has %llu operations, "
		    "not those its end speaks of: what arrived was sent "
		    "(--subset if that was meant)",
		    (unsigned long long)l->in.section.count);
	report_plan_end(l, &l->line.json);
	return RC_OK;
}

/* Takes `lead`, then a string without escapes and its closing quote. */
static bool
take_string(struct span *s, struct span lead, struct span *out)
{
	const char *from = s->ptr + lead.len, *quote;

	if (s->len <= lead.len || memcmp(s->ptr, lead.ptr, lead.len) != 0)
		return false;
	quote = memchr(from, '"', s->len - lead.len);
	if (!quote || quote == from)
		return false;
	*out = span_of(from, (size_t)(quote - from));
	*s = span_of(quote + 1, s->len - (size_t)(quote + 1 - s->ptr));
	return memchr(out->ptr, '\\', out->len) == NULL;
}

/* Leaves what follows it. */
static bool
take_version(struct span *s, uint64_t *version)
{
	static const struct span lead = { ",\"version\":", 11 };
	size_t i = lead.len;

	*version = 0;
	if (s->len <= lead.len || memcmp(s->ptr, lead.ptr, lead.len) != 0)
		return false;
	for (; i < s->len && i < lead.len + 15 && s->ptr[i] >= '0' &&
	    s->ptr[i] <= '9'; i++)
		*version = *version * 10 + (uint64_t)(s->ptr[i] - '0');
	*s = span_of(s->ptr + i, s->len - i);
	return *version > 0 && s->len && (*s->ptr == ',' || *s->ptr == '}');
}

/*
 * An operation as crm-resolve writes it: which record, and at which version;
 * what else it says is compared later.  RC_END: it has to be parsed.
 */
static enum rc
quick_operation(struct load *l, struct err *e)
{
	struct span s = l->line.text, entity, uid, system, op, ignored;
	uint64_t version;
	enum rc rc;

	if (!l->in.section.open || !s.len || s.ptr[s.len - 1] != '}' ||
	    !take_string(&s, SPAN("{\"type\":\"operation\",\"entity\":\""),
	    &entity) || !take_string(&s, SPAN(",\"uid\":\""), &uid) ||
	    !take_string(&s, SPAN(",\"system\":\""), &system) ||
	    !take_string(&s, SPAN(",\"object\":\""), &ignored))
		return RC_END;
	(void)take_string(&s, SPAN(",\"id\":\""), &ignored);
	if (!take_string(&s, SPAN(",\"op\":\""), &op) ||
	    !take_version(&s, &version))
		return RC_END;
	stream_account(&l->in, uid);
	if (!span_eq(system, l->system->name))
		return RC_OK;   /* for another loader */
	rc = add_job(l, entity, uid, version, e);
	if (!rc)
		keep_line(l, op, s);
	return rc;
}

static enum rc
take_line(struct load *l, struct err *e)
{
	enum rc rc = quick_operation(l, e);

	if (rc != RC_END)
		return rc;
	rc = stream_parse(&l->in, &l->line, e);
	if (rc)
		return rc;
	switch (l->line.type) {
	case LINE_BEGIN:
		return check_plan(l, e);
	case LINE_END:
		return end_plan(l, e);
	case LINE_OPERATION:
		return take_operation(l, e);
	case LINE_CONFLICT:
		return RC_OK;
	default:
		return stream_out_copy(&l->out, l->line.text, e);
	}
}

#define FILL_MS 50 /* a batch is worth waiting so long for its next line */

/* Would the next line have to be waited for? */
static bool
would_wait(const struct load *l)
{
	const struct stream_in *in = &l->in;
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	if (in->buf.len > in->start && memchr(in->buf.ptr + in->start, '\n',
	    in->buf.len - in->start))
		return false;
	return !in->eof && poll(&p, 1, FILL_MS) == 0;
}

enum rc
gather_lines(struct load *l, struct err *e)
{
	enum rc rc = RC_OK;

	while (!is_full(l) && !rc) {
		if (l->count && would_wait(l))
			return RC_OK;
		rc = stream_read(&l->in, &l->line, e);
		if (rc == RC_OK)
			rc = take_line(l, e);
		if (rc == RC_RECORD) {
			struct where w = where(l);

			rc = run_reject(&l->run, &w, e, l->line.text);
		}
	}
	if (rc == RC_END && l->in.section.open)
		return err_set(e, RC_SYSTEM, "the plan ended before its end: "
		    "what arrived was sent, the rest stays pending");
	return rc;
}

/* How much there is to say of a record. */
static enum rc
weigh(struct load *l, struct txn *t, struct span entity, struct span uid,
    struct err *e)
{
	struct span row = SPAN("");
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, entity, uid);
	rc = txn_get(t, TABLE_AGREED, buf_view(&key), &row, e);
	if (!rc)
		l->bytes += row.len;
	return rc == RC_END ? RC_OK : rc;
}

/* RC_END: it has no more; there may be jobs all the same. */
static enum rc
gather_entity(struct load *l, struct span entity, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct walk w = { .cursor = NULL };
	enum rc rc = txn_begin(&t, l->state, false, e);
	KEY_BUF(prefix);

	if (!rc)
		rc = outbox_walk(&w, &t, l->system->name, entity, &prefix, e);
	if (!rc)
		rc = l->walk_from.len ? walk_from(&w, l->walk_from, e) :
		    walk_next(&w, e);
	if (!rc && l->walk_from.len && span_eq(w.key, l->walk_from))
		rc = walk_next(&w, e);
	while (!rc && !is_full(l)) {
		struct span uid = span_of(w.key.ptr + prefix.len,
		    w.key.len - prefix.len);
		struct outbox o;

		rc = outbox_decode(w.value, &o, e);
		if (!rc && !o.kept)
			rc = weigh(l, &t, entity, uid, e);
		if (!rc && !o.kept)
			rc = add_job(l, entity, uid, 0, e);
		if (rc)
			break;
		arena_reset(&l->walk_arena);
		l->walk_from = arena_dup(&l->walk_arena, w.key);
		rc = walk_next(&w, e);
	}
	walk_close(&w);
	txn_abort(&t);
	return rc;
}

/* A batch is of one entity: the next may refer to what it makes. */
enum rc
gather_pending(struct load *l, struct err *e)
{
	enum rc rc = l->ordered ? RC_OK : order_find(l, e);
	const struct outlet *o;

	if (rc)
		return rc;
	if (l->turn_ended) {
		l->turn++;
		l->walk_from = SPAN("");
		l->turn_ended = false;
	}
	for (o = order_at(l, l->turn); o; o = order_at(l, l->turn)) {
		rc = gather_entity(l, o->policy->entity->name, e);
		l->turn_ended = rc == RC_END;
		if (rc != RC_END || l->count)
			return rc == RC_END ? RC_OK : rc;
		l->turn++;
		l->walk_from = SPAN("");
	}
	return RC_END;
}
