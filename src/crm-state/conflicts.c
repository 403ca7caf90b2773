/* SPDX-License-Identifier: MIT */
/* conflicts: fields that wait for a person, and a person's decision. */
#include "commands.h"
#include "identity.h"
#include "revise.h"
#include "rows.h"

#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/history.h"
#include "../lib/policy.h"

/* ---- listing ---- */

static void
put_conflict(struct buf *b, const struct state *st, const struct record *r,
    size_t at)
{
	BUF_LIT(b, "{\"type\":\"conflict\",\"entity\":");
	json_put_string(b, r->entity);
	BUF_LIT(b, ",\"uid\":");
	json_put_string(b, r->uid);
	BUF_LIT(b, ",\"field\":");
	json_put_string(b, name_of(st, r->fields[at].name));
	BUF_LIT(b, ",\"agreed\":");
	buf_span(b, r->fields[at].value);
	BUF_LIT(b, ",\"values\":{");
	for (size_t i = 0; i < r->side_count; i++) {
		const struct side *s = &r->sides[i];

		if (s->life != LIFE_LIVE || !s->value[at].ptr)
			continue;
		json_put_key(b, name_of(st, s->system));
		buf_span(b, s->value[at]);
	}
	BUF_LIT(b, "}}");
}

static enum rc
list_record(struct state *st, struct txn *t, struct span key,
    struct stream_out *out, struct arena *a, struct err *e)
{
	struct span uid = key, entity = key_take(&uid);
	struct record r;
	enum rc rc = record_load(t, entity, uid, rows_all_names(st, a),
	    st->name_count, a, &r, e);

	for (size_t i = 0; !rc && i < r.field_count; i++) {
		if (!r.fields[i].conflict)
			continue;
		put_conflict(&out->buf, st, &r, i);
		rc = stream_out_line(out, e);
	}
	return rc;
}

static enum rc
list_all(struct state *st, struct stream_out *out, struct err *e)
{
	struct txn t = { .mdb = NULL };
	struct walk w = { .cursor = NULL };
	struct arena a;
	enum rc rc = txn_begin(&t, st, false, e);

	arena_init(&a);
	if (!rc)
		rc = walk_open(&w, &t, TABLE_AGREED, SPAN(""), e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		arena_reset(&a);
		rc = list_record(st, &t, w.key, out, &a, e);
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	txn_abort(&t);
	arena_free(&a);
	return rc == RC_END ? stream_out_flush(out, e) : rc;
}

void
conflicts_run(struct run *r)
{
	struct state *s = NULL;
	struct stream_out out;
	struct err e;
	enum rc rc = state_open(&s, true, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = list_all(s, &out, &e);
	if (!rc)
		rc = identity_list(s, &out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
	state_close(s);
}

/* ---- deciding ---- */

struct verdict {
	struct policy *policy;
	struct audit *audit;
	struct txn txn;
	struct arena arena;
	struct record record;
	size_t field, at;        /* of the entity, of the record */
	uint64_t told;
};

/* The agreed value is to be that system's, whatever the others show. */
static enum rc
take_side(struct verdict *v, struct span system, struct err *e)
{
	size_t k = policy_system_find(v->policy, system);
	const struct side *s = k == SIZE_MAX ? NULL :
	    record_side(&v->record, v->policy->systems[k].id);
	struct agreed_field *f = &v->record.fields[v->at];

	if (!f->conflict)
		return err_set(e, RC_CONFIG, "that field is in no conflict; "
		    "see crm-state conflicts");
	if (!s || !s->value[v->at].ptr)
		return err_set(e, RC_CONFIG, "%.*s shows no value of that "
		    "field", SPAN_ARG(system));
	if (!span_eq(f->value, side_stands_for(s, v->at)))
		history_remember(f, v->policy->entity->fields[v->field]
		    .history, &v->arena);
	f->value = side_stands_for(s, v->at);
	f->origin = s->system;
	f->time = clock_now();
	f->exact = true;
	f->conflict = false;
	f->before = 0;
	f->flips = 0;
	return RC_OK;
}

static enum rc
find_field(struct verdict *v, struct span name, struct err *e)
{
	v->field = entity_field_find(v->policy->entity, name);
	v->at = v->field == SIZE_MAX ? SIZE_MAX :
	    policy_field_at(v->policy, v->field, &v->record);
	if (!v->record.version || v->at == SIZE_MAX)
		return err_set(e, RC_CONFIG, "no such record, or it has no "
		    "field %.*s", SPAN_ARG(name));
	return RC_OK;
}

/* Who shows another value is told. */
static enum rc
put(struct verdict *v, const struct record *before, struct err *e)
{
	struct reason *why = arena_zero(&v->arena, (v->record.field_count +
	    1) * sizeof *why);
	struct revision r = { .policy = v->policy, .audit = v->audit,
		.before = before, .record = &v->record, .why = why,
		.by = "person", .of = SPAN(""), .arena = &v->arena };
	enum rc rc = audit_begin(v->audit, &v->txn, e);

	why[v->at] = (struct reason){ "decided",
		v->record.fields[v->at].origin };
	if (!rc)
		rc = revise_put(&r, &v->txn, e);
	v->told = r.target_count;
	return rc ? rc : audit_put(v->audit, &v->txn, e);
}

/* operand: decide ENTITY UID FIELD SYSTEM */
static enum rc
decide(struct verdict *v, char **operand, struct err *e)
{
	struct span entity = span_str(operand[1]), uid = span_str(operand[2]);
	struct record before;
	enum rc rc = policy_bind(v->policy, &v->txn, e);

	if (!rc)
		rc = revise_load(v->policy, &v->txn, entity, uid, &v->arena,
		    &before, e);
	if (!rc)
		rc = revise_load(v->policy, &v->txn, entity, uid, &v->arena,
		    &v->record, e);
	if (!rc)
		rc = find_field(v, span_str(operand[3]), e);
	if (!rc)
		rc = take_side(v, span_str(operand[4]), e);
	if (!rc)
		rc = put(v, &before, e);
	return rc ? rc : txn_commit(&v->txn, e);
}

/* Systems that only showed records (exports) are no targets, but sources. */
static enum rc
add_sources(struct policy *p, const struct systems *systems, char **operand,
    struct err *e)
{
	struct span source = span_str(operand[4]);

	if (policy_system_find(p, source) != SIZE_MAX)
		return RC_OK;
	return policy_add_source(p, source, systems, e);
}

void
decide_run(struct run *r)
{
	struct verdict v = { .policy = NULL };
	struct systems systems = { .count = 0 };
	struct state *s = NULL;
	struct err e;
	enum rc rc;

	if (strcmp(r->operand[3], "identity") == 0) {
		identity_decide(r);
		return;
	}
	rc = state_open(&s, false, &e);
	arena_init(&v.arena);
	v.audit = audit_new();
	if (!rc)
		rc = systems_load(&systems, &e);
	if (!rc)
		rc = policy_load(&v.policy, span_str(r->operand[1]),
		    &systems, SPAN(""), &e);
	if (!rc)
		rc = add_sources(v.policy, &systems, r->operand, &e);
	if (!rc)
		rc = txn_begin(&v.txn, s, true, &e);
	if (!rc)
		rc = decide(&v, r->operand, &e);
	txn_abort(&v.txn);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else
		run_notice(r, NULL, "%s is decided; %llu systems have to be "
		    "told: crm-load SYSTEM --pending", r->operand[3],
		    (unsigned long long)v.told);
	audit_free(v.audit);
	policy_free(v.policy);
	systems_free(&systems);
	arena_free(&v.arena);
	state_close(s);
}
