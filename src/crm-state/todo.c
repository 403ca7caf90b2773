/* SPDX-License-Identifier: MIT */
/* todo: what is read again by its id next time, a line each. */
#include "commands.h"
#include "known.h"
#include "look.h"

#include "../lib/audit.h"
#include "../lib/todo.h"

static struct {
	const char *entity, *object;
	bool all, gone;
} options;

#define FILTERS                                                             \
	{ 0, "entity", "ENTITY", "only as read into this entity",           \
	    OPT_STRING, &options.entity, 0, 0 },                            \
	{ 0, "object", "OBJECT", "only of this object", OPT_STRING,         \
	    &options.object, 0, 0 }

const struct opt todo_opts[] = { FILTERS, OPT_END };

const struct opt dismiss_opts[] = {
	FILTERS,
	{ 0, "all", NULL, "all of the system", OPT_FLAG, &options.all, 0, 0 },
	{ 0, "gone", NULL, "what is missing there was deleted: so it is here",
	    OPT_FLAG, &options.gone, 0, 0 },
	OPT_END
};

/* Of "system \0 object \0 entity \0 id". */
static struct source
source_of(struct span key)
{
	struct source s;

	s.system = key_take(&key);
	s.object = key_take(&key);
	s.entity = key_take(&key);
	s.id = key;
	return s;
}

static bool
is_meant(const struct source *s)
{
	return (!options.entity || span_eq(span_str(options.entity),
	    s->entity)) && (!options.object ||
	    span_eq(span_str(options.object), s->object));
}

static void
put_members(struct buf *b, const struct source *s, struct span why,
    struct span into)
{
	json_put_text(b, "system", s->system);
	json_put_text(b, "object", s->object);
	json_put_text(b, "entity", s->entity);
	json_put_text(b, "id", s->id);
	json_put_text(b, "why", why);
	if (into.len)
		json_put_text(b, "merged_into", into);
}

static enum rc
put_row(struct look *l, void *arg, struct span key, struct span value,
    struct err *e)
{
	struct source s = source_of(key);
	struct todo row = todo_decode(value);
	struct buf *b = &l->out.buf;

	(void)arg;
	if (!is_meant(&s))
		return RC_OK;
	BUF_LIT(b, "{\"type\":\"todo\"");
	put_members(b, &s, row.why, row.into);
	buf_putc(b, '}');
	return stream_out_line(&l->out, e);
}

static enum rc
list(struct look *l, void *arg, struct err *e)
{
	char **words = l->run->operand;
	enum rc rc = known_names(l->state, l->run->operands > 1 ? words[1] :
	    NULL, options.entity, e);

	(void)arg;
	return rc ? rc : look_listed(l, TABLE_TODO, put_row, e);
}

void
todo_run(struct run *r)
{
	look(r, list, NULL);
}

/* ---- dismissing ---- */

#define BATCH 1000

struct dismiss {
	char **ids;         /* none: --all */
	bool *met;
	struct audit *audit;
	uint64_t count;
};

static bool
is_named(struct dismiss *d, struct span id)
{
	bool named = !*d->ids;

	for (size_t i = 0; d->ids[i]; i++)
		if (span_eq(span_str(d->ids[i]), id))
			named = d->met[i] = true;
	return named;
}

/* What is meant of those from *from on, at most BATCH; RC_END: no more. */
static enum rc
gather(struct dismiss *d, struct txn *t, struct span prefix, struct span *rows,
    size_t *n, struct arena *a, struct err *e)
{
	struct walk w;
	enum rc rc = walk_open(&w, t, TABLE_TODO, prefix, e);

	*n = 0;
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc && *n < BATCH) {
		struct source s = source_of(w.key);

		if (is_meant(&s) && (!options.gone || span_eq(
		    todo_decode(w.value).why, TODO_MISSING)) &&
		    is_named(d, s.id)) {
			rows[2 * *n] = arena_dup(a, w.key);
			rows[2 * (*n)++ + 1] = arena_dup(a, w.value);
		}
		rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc;
}

static enum rc
drop(struct dismiss *d, struct txn *t, struct span key, struct span value,
    struct err *e)
{
	struct source s = source_of(key);
	struct todo row = todo_decode(value);
	struct buf *b = audit_line(d->audit, "dismiss");

	put_members(b, &s, options.gone ? TODO_GONE : row.why, row.into);
	audit_end(d->audit);
	d->count++;
	/* a person who says that it was deleted knows of no merge */
	return options.gone ? todo_put_merged(t, &s, TODO_GONE, SPAN(""), e) :
	    todo_del(t, &s, e);
}

static enum rc
drop_batch(struct dismiss *d, struct state *st, struct span prefix,
    bool *more, struct err *e)
{
	struct span rows[2 * BATCH];
	struct txn t = { .mdb = NULL };
	struct arena a;
	size_t n = 0;
	enum rc rc = txn_begin(&t, st, true, e);

	arena_init(&a);
	if (!rc)
		rc = audit_begin(d->audit, &t, e);
	if (!rc)
		rc = gather(d, &t, prefix, rows, &n, &a, e);
	*more = !rc;
	if (rc == RC_END)
		rc = RC_OK;
	for (size_t i = 0; i < n && !rc; i++)
		rc = drop(d, &t, rows[2 * i], rows[2 * i + 1], e);
	if (!rc)
		rc = audit_put(d->audit, &t, e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	arena_free(&a);
	return rc;
}

static void
say_missed(struct run *r, const struct dismiss *d)
{
	struct err e;

	for (size_t i = 0; d->ids[i]; i++) {
		struct where w = { .system = span_str(r->operand[1]),
			.object = SPAN("id"), .id = span_str(d->ids[i]) };

		if (d->met[i])
			continue;
		err_set(&e, RC_RECORD, "it is not on the list%s; see "
		    "crm-state todo %s", options.gone ? ", or not missing" :
		    "", r->operand[1]);
		run_problem(r, &w, RC_RECORD, &e);
	}
}

static enum rc
dismiss(struct run *r, struct dismiss *d, struct err *e)
{
	struct state *s = NULL;
	bool more = true;
	enum rc rc;
	KEY_BUF(prefix);

	if (!*d->ids == !options.all)
		return err_set(e, RC_CONFIG, "say which: IDs, or --all");
	rc = state_open(&s, false, e);
	if (!rc)
		rc = known_names(s, r->operand[1], options.entity, e);
	KEY(&prefix, span_str(r->operand[1]), SPAN(""));
	while (!rc && more)
		rc = drop_batch(d, s, buf_view(&prefix), &more, e);
	state_close(s);
	return rc;
}

void
dismiss_run(struct run *r)
{
	struct dismiss d = { .ids = r->operand + 2, .audit = audit_new() };
	struct arena a;
	struct err e;
	enum rc rc;

	arena_init(&a);
	d.met = arena_zero(&a, (size_t)r->operands);
	rc = dismiss(r, &d, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		say_missed(r, &d);
	if (!rc)
		run_notice(r, NULL, options.gone ? "%llu are gone: the next "
		    "run that reads them tells the others" : "%llu dismissed: "
		    "not read again until they change",
		    (unsigned long long)d.count);
	arena_free(&a);
	audit_free(d.audit);
}
