/* SPDX-License-Identifier: MIT */
/* crm-diff: canonical records -> what changed since each system's shadow. */
#include "diff.h"

#include "../lib/checkpoint.h"
#include "../lib/outbox.h"
#include "../lib/clock.h"
#include "../lib/limits.h"
#include "../lib/ref.h"
#include "../lib/scope.h"

#define RENEW_EVERY 1000 /* ms a snapshot may last */
#define BITMAP_CAP ((size_t)1 << 32)

static struct diff diff;

static const struct opt opts[] = {
	{ 0, "full", NULL, "refuse a section that is no complete listing",
	    OPT_FLAG, &diff.full, 0, 0 },
	{ 0, "delta", NULL, "infer no deletion from what is missing",
	    OPT_FLAG, &diff.delta, 0, 0 },
	{ 0, "subset", NULL, "records were filtered out on purpose", OPT_FLAG,
	    &diff.filter.subset, 0, 0 },
	OPT_END
};

static const struct run_program program = { "crm-diff", "", opts, 0, 0 };

/* Readers that linger keep old pages from being reused. */
static enum rc
renew(struct diff *d, struct err *e)
{
	int64_t now = clock_monotonic();
	enum rc rc;

	if (now - d->renewed < RENEW_EVERY)
		return RC_OK;
	d->renewed = now;
	walk_close(&d->links);
	rc = txn_renew(&d->txn, e);
	if (rc)
		return rc;
	if (!name_find(d->state, d->source.system, &d->system))
		d->system = NO_NAME;
	return walk_open(&d->links, &d->txn, TABLE_LINK, SPAN(""), e);
}

enum rc
diff_link(struct diff *d, struct span id, struct link *l, struct err *e)
{
	enum rc rc = RC_OK;

	if ((d->filter.in.lines & 1023) == 0)
		rc = renew(d, e);
	d->key.len = d->key_prefix;
	buf_span(&d->key, id);
	if (!rc && (d->key.over || d->key.len > LIMIT_KEY)) {
		d->key.over = false;
		return err_set(e, RC_RECORD, "its names and id are together "
		    "longer than %d bytes", LIMIT_KEY);
	}
	if (!rc)
		rc = walk_seek(&d->links, buf_view(&d->key), e);
	if (!rc && !link_peek(d->links.value, l))
		rc = err_set(e, RC_STATE, "state: a damaged link; see "
		    "crm-state check");
	return rc;
}

enum rc
diff_doubt(struct diff *d, struct span uid, const struct side *side,
    struct span version, bool *doubt, struct err *e)
{
	bool known = side && version.len && span_eq(version, side->version);
	struct outbox o;
	enum rc rc = RC_END;

	if (d->pending && !known && uid.len && uid.len <= LIMIT_ID)
		rc = outbox_get(&d->txn, d->source.system, d->source.entity,
		    uid, &o, e);
	*doubt = rc == RC_OK && o.flight.len;
	return rc == RC_END ? RC_OK : rc;
}

/* What is the same in every line of the section is written once. */
static void
prepare_texts(struct diff *d)
{
	const struct source *s = &d->source;

	buf_reset(&d->prefix);
	BUF_LIT(&d->prefix, "{\"type\":\"record\",\"system\":");
	json_put_string(&d->prefix, s->system);
	BUF_LIT(&d->prefix, ",\"object\":");
	json_put_string(&d->prefix, s->object);
	BUF_LIT(&d->prefix, ",\"entity\":");
	json_put_string(&d->prefix, s->entity);
	BUF_LIT(&d->prefix, ",\"id\":\"");
	buf_reset(&d->head);
	BUF_LIT(&d->head, "\"entity\":");
	json_put_string(&d->head, s->entity);
	BUF_LIT(&d->head, ",\"system\":");
	json_put_string(&d->head, s->system);
	BUF_LIT(&d->head, ",\"object\":");
	json_put_string(&d->head, s->object);
	BUF_LIT(&d->head, ",\"id\":\"");
	buf_reset(&d->key);
	link_prefix(&d->key, s->entity, s->system, s->object);
	d->key_prefix = d->key.len;
	buf_reset(&d->shown);
}

/*
 * Entities came to this system since this one was last read: what could not be
 * followed then can be now, so known bytes are not known meaning.
 */
static enum rc
recall_last_reading(struct diff *d, struct err *e)
{
	const struct source *s = &d->source;
	struct span row, then;
	struct json j;
	struct buf now;
	int64_t at;
	enum rc rc = checkpoint_get(&d->txn, s->system, s->object, s->entity,
	    &row, e);

	d->compare_all = false;
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	json_init(&j);
	buf_init(&now, LIMIT_LINE, "entities");
	rc = json_parse(&j, row, e);
	if (rc)
		rc = err_prefix(e, RC_STATE, "state: a damaged checkpoint");
	if (!rc)
		rc = ref_entities(&d->txn, s->system, &now, e);
	if (!rc) {
		/* read before another reading that has been concluded */
		then = json_get_string(&j, 0, SPAN("at"),
		    &d->filter.in.arena);
		d->current &= clock_parse(then, &at) && at < d->began;
		then = json_get_string(&j, 0, SPAN("entities"),
		    &d->filter.in.arena);
		d->compare_all = !span_eq(then, buf_view(&now));
	}
	buf_free(&now);
	json_free(&j);
	return rc;
}

static enum rc
begin(struct filter *f, struct buf *extra, struct err *e)
{
	struct diff *d = f->stage;
	const struct section *s = &f->in.section;
	struct json *j = &f->line.json;
	struct span scope, started, covers;
	enum rc rc;

	(void)extra;
	scope = json_get_string(j, 0, SPAN("scope"), &f->in.arena);
	started = json_get_string(j, 0, SPAN("started"), &f->in.arena);
	covers = json_get_string(j, 0, SPAN("covers"), &f->in.arena);
	if (!s->entity.len || s->entity.len > LIMIT_NAME)
		return err_set(e, RC_CONFIG, "the section has no entity: "
		    "crm-map with its mapping comes before crm-diff");
	if (d->full && !s->full)
		return err_set(e, RC_CONFIG, "--full, but the section is no "
		    "complete listing: extract with --full");
	d->source = (struct source){ .entity = s->entity,
		.system = s->system, .object = s->object };
	d->scope = scope_number(scope);
	if (!clock_parse(started, &d->began))
		d->began = 0;
	if (!clock_parse(covers, &d->covers) || d->covers > d->began)
		d->covers = d->began;
	d->current = json_get_true(j, 0, SPAN("current"));
	d->creates = d->updates = d->same = d->deletes = d->duplicates = 0;
	d->ahead = 0;
	if (!name_find(d->state, s->system, &d->system))
		d->system = NO_NAME;
	prepare_texts(d);
	rc = outbox_any(&d->txn, s->system, s->entity, &d->pending, e);
	return rc ? rc : recall_last_reading(d, e);
}

static void
say_ahead(struct diff *d)
{
	struct where w = { .system = d->source.system,
		.object = d->source.object };
	struct err e;

	if (d->ahead)
		run_problem(&d->run, &w, err_set(&e, RC_RECORD, "%llu of its "
		    "records were last seen at a time that is to come: is the "
		    "clock right?  Until then what was edited in them waits",
		    (unsigned long long)d->ahead), &e);
}

static enum rc
end(struct filter *f, bool absence, struct err *e)
{
	struct diff *d = f->stage;

	say_ahead(d);
	if (!absence || d->delta || !f->in.section.full || !d->began)
		return RC_OK;
	return absence_sweep(d, e);
}

static void
counters(struct filter *f, struct buf *b)
{
	const struct diff *d = f->stage;

	buf_printf(b, ",\"creates\":%llu,\"updates\":%llu,\"same\":%llu,"
	    "\"deletes\":%llu,\"duplicates\":%llu",
	    (unsigned long long)d->creates, (unsigned long long)d->updates,
	    (unsigned long long)d->same, (unsigned long long)d->deletes,
	    (unsigned long long)d->duplicates);
}

static enum rc
open_all(struct diff *d, struct err *e)
{
	enum rc rc = state_open(&d->state, true, e);

	buf_init(&d->prefix, LIMIT_LINE, "line");
	buf_init(&d->head, LIMIT_LINE, "line");
	buf_init(&d->key, 4 * LIMIT_KEY, "key");
	buf_init(&d->shown, BITMAP_CAP, "bitmap");
	buf_init(&d->times, LIMIT_LINE, "times of a record");
	if (!rc)
		rc = txn_begin(&d->txn, d->state, false, e);
	if (!rc)
		rc = walk_open(&d->links, &d->txn, TABLE_LINK, SPAN(""), e);
	d->renewed = clock_monotonic();
	return rc;
}

static void
close_all(struct diff *d)
{
	walk_close(&d->links);
	txn_abort(&d->txn);
	state_close(d->state);
	buf_free(&d->prefix);
	buf_free(&d->head);
	buf_free(&d->key);
	buf_free(&d->shown);
	buf_free(&d->times);
	arena_free(&d->absent);
}

int
main(int argc, char **argv)
{
	struct filter *f = &diff.filter;
	struct err e = { "" };
	enum rc rc;

	run_open(&diff.run, &program, argc, argv);
	rc = open_all(&diff, &e);
	if (rc)
		run_fatal(&diff.run, rc, &e);
	f->run = &diff.run;
	f->stage = &diff;
	f->begin = begin;
	f->quick = line_quick;
	f->record = sight_record;
	f->known = sight_known;
	f->seen = sight_seen;
	f->end = end;
	f->counters = counters;
	filter_run(f);
	close_all(&diff);
	return run_close(&diff.run);
}
