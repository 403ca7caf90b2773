/* SPDX-License-Identifier: MIT */
/* pending: what a person says of what is pending: approve, retry, skip. */
#include "commands.h"
#include "lines.h"
#include "pick.h"

#include "../lib/clock.h"

#define BATCH 1000 /* lines of a file in one transaction */

enum word { WORD_APPROVE, WORD_RETRY, WORD_SKIP };

static const struct {
	const char *name, *done, *next;
} words[] = {
	[WORD_APPROVE] = { "approve", "released", "sends them" },
	[WORD_RETRY] = { "retry", "to be tried again", "sends them" },
	[WORD_SKIP] = { "skip", "skipped", "leaves them" },
};

struct change {
	struct run *run;
	enum word word;
	struct pick pick;
	struct state *state;
	struct audit *audit;
	struct arena arena;     /* of a batch of a file's */
	uint64_t changed;
};

static void
speak(enum word word, struct outbox *o)
{
	switch (word) {
	case WORD_APPROVE:
		o->released = true;
		break;
	case WORD_RETRY:
		o->held = o->skipped = false;
		o->next_try = 0;
		break;
	case WORD_SKIP:
		o->held = o->skipped = true;
		break;
	}
}

/* Is there anything to say of it?  A claim that still runs is another
 * loader's: it is left alone. */
static bool
concerns(const struct change *c, const struct outbox *o)
{
	if (o->lease > clock_now())
		return false;
	/* a share is raised, or a record of it asked for by its name */
	if (c->word == WORD_APPROVE && o->kept)
		return pick_is_named(&c->pick) && !o->skipped;
	return c->word == WORD_RETRY || !o->skipped;
}

static enum rc
change_row(void *arg, struct txn *t, struct outbox_row *row, struct err *e)
{
	struct change *c = arg;
	struct outbox *o = &row->entry;

	if (!concerns(c, o))
		return RC_OK;
	o->claimant = SPAN("");
	speak(c->word, o);
	c->changed++;
	audit_tell_pending(c->audit, words[c->word].name, row->system,
	    row->entity, row->uid, o->version);
	return outbox_put(t, row->system, row->entity, row->uid, o, e);
}

/* ---- by a file ---- */

struct named {
	struct span system, entity, uid;
	struct span epoch;      /* of the state that was looked at, or empty */
	uint64_t version, line;
};

static enum rc
take_named(struct lines *l, struct named *n, struct arena *a, struct err *e)
{
	const struct json *j = &l->line.json;
	int64_t version = json_get_int(j, 0, SPAN("version"), 0);

	n->system = arena_dup(a, json_get_string(j, 0, SPAN("system"), a));
	n->entity = arena_dup(a, json_get_string(j, 0, SPAN("entity"), a));
	n->uid = arena_dup(a, json_get_string(j, 0, SPAN("uid"), a));
	n->version = (uint64_t)version;
	n->line = l->line.number;
	n->epoch = arena_dup(a, json_get_string(j, 0, SPAN("epoch"), a));
	if (n->system.len && n->entity.len && n->uid.len && version > 0)
		return RC_OK;
	err_set(e, RC_RECORD, "it names no system, entity, uid and version");
	return lines_wrong(l, RC_RECORD, e);
}

/* Up to BATCH of them; bad ones are said and left out.  RC_END: no more. */
static enum rc
gather(struct change *c, struct lines *l, struct named *n, size_t *count,
    struct arena *a, struct err *e)
{
	enum rc rc = RC_OK;

	*count = 0;
	while (!rc && *count < BATCH) {
		rc = lines_next(l, SPAN("pending"), e);
		if (!rc)
			rc = take_named(l, &n[*count], a, e);
		*count += !rc;
		if (rc == RC_RECORD) {
			run_problem(c->run, NULL, rc, e);
			rc = RC_OK;
		}
	}
	return rc;
}

/* A state that is put back counts its versions again. */
static bool
is_of_another(const struct change *c, const struct named *n)
{
	return n->epoch.len && !state_is_epoch(c->state, n->epoch);
}

static enum rc
refuse(struct change *c, const struct named *n, struct err *e)
{
	struct where w = { .line = n->line, .system = n->system,
		.object = n->entity, .id = n->uid };

	run_problem(c->run, &w, RC_RECORD, e);
	return RC_OK;
}

/* What was seen is what is decided on. */
static enum rc
change_named(struct change *c, struct txn *t, const struct named *n,
    struct err *e)
{
	struct outbox_row row = { .system = n->system, .entity = n->entity,
		.uid = n->uid };
	bool meant = false;
	enum rc rc = outbox_get(t, n->system, n->entity, n->uid, &row.entry,
	    e);

	if (is_of_another(c, n)) {
		err_set(e, RC_RECORD, "listed of another state, or of this "
		    "one before a restore: look at crm-state queue again");
		return refuse(c, n, e);
	}
	if (rc == RC_END || (!rc && row.entry.version != n->version)) {
		err_set(e, RC_RECORD, rc ? "nothing is pending any more" :
		    "decided again since, version %llu is pending: look at "
		    "crm-state queue again",
		    (unsigned long long)row.entry.version);
		return refuse(c, n, e);
	}
	if (rc)
		return rc;
	rows_keep(&row.entry, &c->arena);
	rc = pick_row(&c->pick, t, &row, &meant, e);
	return rc || !meant ? rc : change_row(c, t, &row, e);
}

static enum rc
change_batch(struct change *c, const struct named *n, size_t count,
    struct err *e)
{
	struct txn t = { .mdb = NULL };
	enum rc rc = txn_begin(&t, c->state, true, e);

	pick_begin(&c->pick);
	arena_reset(&c->arena);
	if (!rc)
		rc = audit_begin(c->audit, &t, e);
	for (size_t i = 0; i < count && !rc; i++)
		rc = change_named(c, &t, &n[i], e);
	if (!rc)
		rc = audit_put(c->audit, &t, e);
	if (!rc)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	return rc;
}

static enum rc
change_by_file(struct change *c, struct err *e)
{
	struct named n[BATCH];
	struct lines l;
	struct arena a;
	size_t count;
	bool more = true;
	enum rc rc = lines_open(&l, c->pick.file, e);

	arena_init(&a);
	while (!rc && more) {
		arena_reset(&a);
		rc = gather(c, &l, n, &count, &a, e);
		more = rc != RC_END;
		if (!rc || !more)
			rc = change_batch(c, n, count, e);
	}
	lines_close(&l);
	arena_free(&a);
	return rc;
}

/* ---- by operands ---- */

/* Whoever names a record means it. */
static void
say_missed(struct change *c)
{
	struct pick *k = &c->pick;
	struct err e;

	for (size_t i = 0; k->uids[i]; i++) {
		struct where w = { .system = span_str(k->system),
			.object = SPAN("record"), .id = span_str(k->uids[i]) };

		if (k->met[i])
			continue;
		err_set(&e, RC_RECORD, "nothing is pending of it there; see "
		    "crm-state queue %s", k->system);
		run_problem(c->run, &w, RC_RECORD, &e);
	}
}

static enum rc
check_call(const struct change *c, struct err *e)
{
	const struct pick *k = &c->pick;

	if (!k->system + !k->all + !k->file == 2)
		return RC_OK;
	return err_set(e, RC_CONFIG, "say what is meant: a SYSTEM, perhaps "
	    "with UIDs, or --all, or -f FILE");
}

static enum rc
change_all(struct change *c, struct err *e)
{
	enum rc rc = check_call(c, e);

	if (!rc)
		rc = state_open(&c->state, false, e);
	if (!rc)
		rc = pick_require(&c->pick, c->state, e);
	if (!rc && c->pick.file)
		return change_by_file(c, e);
	if (!rc)
		rc = rows_outbox(c->state, &c->pick, c->audit, change_row, c,
		    e);
	if (!rc)
		say_missed(c);
	return rc;
}

static void
change_rows(struct run *r, enum word word)
{
	struct change c = { .run = r, .word = word, .audit = audit_new() };
	struct err e;
	enum rc rc = pick_open(&c.pick, r, &e);

	arena_init(&c.arena);
	if (!rc)
		rc = change_all(&c, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		run_notice(r, NULL, "%llu %s; crm-load %s --pending %s",
		    (unsigned long long)c.changed, words[word].done,
		    c.pick.system ? c.pick.system : "SYSTEM",
		    words[word].next);
	audit_free(c.audit);
	arena_free(&c.arena);
	state_close(c.state);
	pick_close(&c.pick);
}

void
retry_run(struct run *r)
{
	change_rows(r, WORD_RETRY);
}

void
approve_run(struct run *r)
{
	change_rows(r, WORD_APPROVE);
}

void
skip_run(struct run *r)
{
	change_rows(r, WORD_SKIP);
}
