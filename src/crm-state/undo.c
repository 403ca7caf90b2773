/* SPDX-License-Identifier: MIT */
/*
 * undo: what a run decided is set back where it still stands.  A decision like
 * any other: agreed moves, systems are told, the audit says so.
 */
#include "audit.h"
#include "commands.h"
#include "past.h"
#include "policies.h"
#include "revise.h"

#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/history.h"
#include "../lib/home.h"
#include "../lib/spool.h"

#define BATCH 1000
#define SPOOL_MEMORY ((size_t)64 << 20)
#define PENDING_CAP ((size_t)1 << 30)

static struct {
	struct opt_list uids;
	bool dry_run;
} options;

const struct opt undo_opts[] = {
	{ 'n', "dry-run", NULL, "show the plan, change nothing", OPT_FLAG,
	    &options.dry_run, 0, 0 },
	{ 0, "uid", "UID", "only this record (may be repeated)", OPT_LIST,
	    &options.uids, 0, 0 },
	OPT_END
};

struct undo {
	struct run *run;
	const char *which;       /* the run that is undone */
	struct state *state;
	struct audit *audit;
	struct policies policies;
	struct spool *spool;
	struct span key, payload; /* read ahead */
	enum rc ahead;
	struct txn txn;
	struct arena arena;      /* of a record */
	struct json json;
	struct buf text;         /* of a key or an entry */
	struct buf created;      /* what a record made among many stands for */
	struct stream_out out;
	struct buf pending;      /* operations, until they are committed */
	uint64_t undone, refused, proposed, waiting, left;
};

/* ---- what the run decided ---- */

static bool
is_wanted(const struct json *j, uint32_t uid)
{
	for (size_t i = 0; i < options.uids.count; i++)
		if (json_is(j, uid, span_str(options.uids.items[i])))
			return true;
	return options.uids.count == 0;
}

static enum rc
take(struct undo *u, const struct json *j, uint32_t uid, struct span text,
    struct err *e)
{
	struct span entity = json_get_string(j, 0, SPAN("entity"), &u->arena);

	if (!is_wanted(j, uid))
		return RC_OK;
	buf_reset(&u->text);
	KEY(&u->text, entity, json_string(j, uid, &u->arena));
	return spool_add(u->spool, buf_view(&u->text), text, e);
}

static enum rc
take_line(void *arg, const struct audit_entry *entry, struct json *j,
    struct err *e)
{
	struct undo *u = arg;
	uint32_t run = json_get(j, 0, SPAN("run"));
	uint32_t type = json_get(j, 0, SPAN("type"));
	uint32_t records = json_get(j, 0, SPAN("records"));
	uint32_t uid = json_get(j, 0, SPAN("uid"));
	enum rc rc = RC_OK;

	arena_reset(&u->arena);
	if (!run || !json_is(j, run, span_str(u->which)))
		return RC_OK;
	if (json_is(j, type, SPAN("decision")) && uid)
		return take(u, j, uid, entry->text, e);
	if (!json_is(j, type, SPAN("created")) || !records)
		return RC_OK;
	buf_reset(&u->created);
	BUF_LIT(&u->created, "{\"type\":\"created\"");
	json_put_member(&u->created, "from", json_get_string(j, 0,
	    SPAN("from"), &u->arena));
	buf_putc(&u->created, '}');
	for (JSON_EACH(j, records, key, value)) {
		rc = take(u, j, key, buf_view(&u->created), e);
		if (rc)
			break;
	}
	return rc;
}

static enum rc
next_entry(struct undo *u, struct err *e)
{
	u->ahead = spool_next(u->spool, &u->key, &u->payload, e);
	return u->ahead == RC_END ? RC_OK : u->ahead;
}

/* All the run said of the next record; RC_END after the last. */
static enum rc
next_past(struct undo *u, struct past *p, struct err *e)
{
	struct span key, rest;
	enum rc rc = u->ahead;

	if (rc)
		return rc;
	arena_reset(&u->arena);
	*p = (struct past){ .count = 0 };
	key = rest = arena_dup(&u->arena, u->key);
	p->entity = key_take(&rest);
	p->uid = rest;
	while (!rc && u->ahead == RC_OK && span_eq(u->key, key)) {
		rc = json_parse(&u->json, u->payload, e);
		if (!rc)
			rc = past_add(p, &u->json, &u->arena, e);
		if (!rc)
			rc = next_entry(u, e);
	}
	return rc;
}

/* ---- setting back ---- */

static void
refuse(struct undo *u, const struct past *p, struct span field,
    const char *why)
{
	struct where w = { .object = p->entity, .id = p->uid };
	struct err e;

	u->refused++;
	err_set(&e, RC_RECORD, "%s%.*s%snot undone: %s", field.len ?
	    "field " : "", SPAN_ARG(field), field.len ? ": " : "", why);
	run_problem(u->run, &w, RC_RECORD, &e);
}

static uint32_t
system_id(const struct undo *u, struct span name, uint32_t otherwise)
{
	uint32_t id;

	return name.len && name_find(u->state, name, &id) ? id : otherwise;
}

static bool
set_field(struct undo *u, const struct past *p, const struct past_field *pf,
    const struct entity *en, struct record *r, struct reason *why)
{
	size_t field = entity_field_find(en, pf->name);
	uint32_t name;
	size_t at = name_find(u->state, pf->name, &name) ?
	    record_find(r, name) : SIZE_MAX;
	struct agreed_field *f = at == SIZE_MAX ? NULL : &r->fields[at];

	if (span_eq(pf->was, pf->is))
		return false; /* it was put in review, or stood */
	if (field != SIZE_MAX && en->fields[field].derive)
		return false; /* it follows from the rest */
	if (!f || f->conflict || !span_eq(f->value, pf->is)) {
		refuse(u, p, pf->name, f && f->conflict ? "it is in conflict "
		    "by now" : "it changed since");
		return false;
	}
	history_remember(f, field == SIZE_MAX ? 0 :
	    en->fields[field].history, &u->arena);
	f->value = pf->was;
	f->origin = system_id(u, pf->was_from, f->origin);
	/* an edit nobody has read yet is the later one */
	f->time = pf->was_at ? pf->was_at : clock_now();
	f->exact = true;
	f->before = 0;
	f->flips = 0;
	why[at] = (struct reason){ "undo", f->origin };
	return true;
}

/* The systems that had it before that run, by bit of the policy's. */
static uint64_t
found_in(const struct past *p, const struct policy *policy)
{
	uint64_t found = 0;

	for (size_t i = 0; i < p->found_count; i++) {
		size_t at = policy_system_find(policy, p->found[i]);

		found |= at == SIZE_MAX ? 0 : (uint64_t)1 << at;
	}
	return found;
}

/* Is there any other it was to be in? */
static bool
went_anywhere(const struct policy *policy, uint64_t found)
{
	for (size_t i = 0; i < policy->system_count; i++)
		if (policy->systems[i].enabled && policy->systems[i].mapping &&
		    !(found >> i & 1))
			return true;
	return false;
}

/*
 * It was not known before: where that run had it made it goes, once somebody
 * approves.  Where it was found it was somebody's, and stays.
 */
static bool
set_created(struct undo *u, const struct past *p, struct revision *v)
{
	struct record *r = v->record;

	if (r->version != p->version || r->life != LIFE_LIVE) {
		refuse(u, p, SPAN(""), "it changed since it was created");
		return false;
	}
	v->proposed = true;
	v->stays = found_in(p, v->policy);
	if (!went_anywhere(v->policy, v->stays)) {
		refuse(u, p, SPAN(""), "all systems had it before that run");
		return false;
	}
	r->life = v->policy->entity->deletes == DELETES_DELETE ?
	    LIFE_DELETED : LIFE_ARCHIVED;
	r->life_time = clock_now();
	return true;
}

static enum life
life_of(struct span text)
{
	if (span_eq(text, SPAN("live")))
		return LIFE_LIVE;
	return span_eq(text, SPAN("archived")) ? LIFE_ARCHIVED : LIFE_DELETED;
}

static bool
set_life(struct undo *u, const struct past *p, struct record *r)
{
	if (!p->life_was.len || span_eq(p->life_was, p->life_is))
		return false;
	if (r->life != life_of(p->life_is)) {
		refuse(u, p, SPAN(""), "it came or went since");
		return false;
	}
	r->life = life_of(p->life_was);
	r->life_time = clock_now();
	r->life_origin = system_id(u, p->life_from, r->life_origin);
	return true;
}

/* True when something is set back. */
static bool
set_back(struct undo *u, const struct past *p, struct revision *v,
    struct reason *why)
{
	struct record *r = v->record;
	bool changed;

	if (!r->version || p->merged || p->converted || p->erased) {
		refuse(u, p, SPAN(""), !r->version ? "it is not known any "
		    "more" : p->merged ? "it was merged into another" :
		    p->converted ? "it was converted into others" :
		    "its values are not kept");
		return false;
	}
	if (r->life == LIFE_MERGED) { /* no system would be told */
		refuse(u, p, SPAN(""), "it became another since");
		return false;
	}
	if (p->created)
		return set_created(u, p, v);
	changed = set_life(u, p, r);
	v->proposed = changed && r->life != LIFE_LIVE;
	for (size_t i = 0; i < p->count; i++)
		changed |= set_field(u, p, &p->fields[i],
		    v->policy->entity, r, why);
	return changed;
}

/* What waits for approval is no line of the plan: a loader would send it. */
static void
print_later(struct undo *u, const struct revision *v)
{
	const struct policy *p = v->policy;
	struct reason *why = arena_zero(&u->arena, (p->entity->field_count +
	    1) * sizeof *why);

	u->undone++;
	if (!v->proposed)
		u->waiting += v->waiting;
	for (size_t i = 0; i < p->entity->field_count; i++) {
		size_t at = policy_field_at(p, i, v->record);

		if (at != SIZE_MAX)
			why[i] = v->why[at];
	}
	for (size_t i = 0; i < v->target_count; i++) {
		bool stays = v->stays >> v->targets[i].system & 1;

		u->left += stays;
		u->proposed += v->proposed && !stays;
		if (v->waits[i] || stays)
			continue;
		operation_put(&u->pending, p, &u->txn, v->record, why,
		    &v->targets[i]);
		buf_putc(&u->pending, '\n');
		stream_out_account(&u->out, v->record->uid);
	}
}

static enum rc
undo_one(struct undo *u, const struct past *p, struct err *e)
{
	struct revision v = { .audit = u->audit, .by = "undo",
		.of = span_str(u->which), .arena = &u->arena };
	struct record before, after;
	struct policy *policy = NULL;
	struct reason *why;
	enum rc rc = policies_get(&u->policies, &u->txn,
	    p->entity, &policy, e);

	if (!rc)
		rc = revise_load(policy, &u->txn, p->entity, p->uid,
		    &u->arena, &before, e);
	if (!rc)
		rc = revise_load(policy, &u->txn, p->entity, p->uid,
		    &u->arena, &after, e);
	if (rc)
		return rc;
	why = arena_zero(&u->arena, (after.field_count + 1) * sizeof *why);
	v.policy = policy;
	v.before = &before;
	v.record = &after;
	v.why = why;
	if (!set_back(u, p, &v, why))
		return RC_OK;
	if (options.dry_run)
		revise_plan(&v);
	else
		rc = revise_put(&v, &u->txn, e);
	if (!rc)
		print_later(u, &v);
	return rc;
}

/* ---- batches ---- */

/* Only what is committed is printed. */
static enum rc
end_batch(struct undo *u, enum rc more, struct err *e)
{
	enum rc rc = options.dry_run ? RC_OK : audit_put(u->audit, &u->txn,
	    e);

	if (!rc && !options.dry_run)
		rc = txn_commit(&u->txn, e);
	txn_abort(&u->txn);
	if (rc)
		return rc;
	buf_span(&u->out.buf, buf_view(&u->pending));
	buf_reset(&u->pending);
	rc = stream_out_flush(&u->out, e);
	return rc ? rc : more;
}

static enum rc
undo_batch(struct undo *u, struct err *e)
{
	struct past p;
	enum rc rc = txn_begin(&u->txn, u->state, !options.dry_run, e);

	if (!rc && !options.dry_run)
		rc = audit_begin(u->audit, &u->txn, e);
	policies_begin(&u->policies);
	for (int n = 0; n < BATCH && !rc; n++) {
		rc = next_past(u, &p, e);
		if (!rc)
			rc = undo_one(u, &p, e);
	}
	return rc && rc != RC_END ? rc : end_batch(u, rc, e);
}

static enum rc
put_end(struct undo *u, struct err *e)
{
	struct buf *b = &u->out.buf;
	enum rc rc;

	BUF_LIT(b, "{\"type\":\"end\",\"system\":\"*\",\"object\":\"plan\","
	    "\"complete\":true,");
	stream_out_books(&u->out);
	buf_printf(b, ",\"stages\":[{\"stage\":\"crm-state undo\",\"undone\":"
	    "%llu,\"refused\":%llu,\"proposed\":%llu}]}",
	    (unsigned long long)u->undone, (unsigned long long)u->refused,
	    (unsigned long long)(u->proposed + u->waiting));
	rc = stream_out_line(&u->out, e);
	return rc ? rc : stream_out_flush(&u->out, e);
}

static enum rc
undo_all(struct undo *u, struct err *e)
{
	enum rc rc = audit_lines(u->state, "", span_str(u->which), take_line,
	    u, e);

	if (!rc)
		rc = spool_rewind(u->spool, e);
	if (!rc)
		rc = next_entry(u, e);
	if (!rc && u->ahead == RC_END)
		return err_set(e, RC_CONFIG, "no run %s decided anything%s; "
		    "see crm-state runs", u->which, options.uids.count ?
		    " of such a record" : "");
	if (!rc)
		rc = operation_begin(&u->out, u->state, options.dry_run, e);
	while (!rc)
		rc = undo_batch(u, e);
	txn_abort(&u->txn);
	return rc == RC_END ? put_end(u, e) : rc;
}

static void
say_done(const struct undo *u)
{
	run_notice(u->run, NULL, "%llu records set back, %llu refused%s",
	    (unsigned long long)u->undone, (unsigned long long)u->refused,
	    options.dry_run ? " (it would be so)" : u->undone ?
	    "; the plan, or crm-load SYSTEM --pending, tells the systems" :
	    "");
	if (u->proposed)
		run_notice(u->run, NULL, "%llu deletions wait for crm-state "
		    "approve SYSTEM", (unsigned long long)u->proposed);
	if (u->left)
		run_notice(u->run, NULL, "%llu were there before that run and "
		    "stay; crm-state queue has them as skipped",
		    (unsigned long long)u->left);
	if (u->waiting)
		run_notice(u->run, NULL, "%llu records wait for crm-state "
		    "approve SYSTEM, as before",
		    (unsigned long long)u->waiting);
}

void
undo_run(struct run *r)
{
	struct undo u = { .run = r, .which = r->operand[1] };
	struct err e;
	enum rc rc = state_open(&u.state, options.dry_run, &e);

	arena_init(&u.arena);
	json_init(&u.json);
	buf_init(&u.text, LIMIT_LINE, "key");
	buf_init(&u.created, LIMIT_LINE, "entry");
	buf_init(&u.pending, PENDING_CAP, "operations");
	stream_out_open(&u.out, STDOUT_FILENO);
	u.spool = spool_new(home_path(), SPOOL_MEMORY);
	u.audit = options.dry_run ? NULL : audit_new();
	if (!rc)
		rc = policies_open(&u.policies, &e);
	if (!rc)
		rc = undo_all(&u, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		say_done(&u);
	policies_close(&u.policies);
	spool_free(u.spool);
	audit_free(u.audit);
	stream_out_free(&u.out);
	buf_free(&u.pending);
	buf_free(&u.created);
	buf_free(&u.text);
	json_free(&u.json);
	arena_free(&u.arena);
	state_close(u.state);
}
