/* SPDX-License-Identifier: MIT */
/*
 * decide: a person's decisions on what crm-state conflicts lists: by operands,
 * or as the lines of a file say.
 */
#include "commands.h"
#include "conflicts.h"
#include "identity.h"
#include "lines.h"
#include "revise.h"
#include "word.h"

#include "../lib/clock.h"
#include "../lib/history.h"
#include "../lib/type.h"

static struct {
	const char *value, *seen, *file;
} options;

const struct opt decide_opts[] = {
	{ 0, "value", "JSON", "the field gets this value", OPT_STRING,
	    &options.value, 0, 0 },
	{ 0, "seen", "VERSION", "only if it is still the one that was seen",
	    OPT_STRING, &options.seen, 0, 0 },
	{ 'f', "file", "FILE", "lines of crm-state conflicts, with \"take\" "
	    "or \"value\"", OPT_STRING, &options.file, 0, 0 },
	OPT_END
};

/* What a person says of one field. */
struct verdict {
	struct span entity, uid, field;
	struct span seen;   /* the version that was seen; empty: not said */
	struct span take;   /* whose value; or, where it is null, this: */
	struct span value;
	/* while it is decided */
	struct record record;
	size_t of_entity, at;
	size_t told;        /* systems that can be told of it now */
	size_t waiting;     /* those that have more to be approved first */
};

/* ---- one decision ---- */

static enum rc
find_field(struct word *w, struct verdict *v, struct err *e)
{
	v->of_entity = entity_field_find(w->policy->entity, v->field);
	v->at = v->of_entity == SIZE_MAX ? SIZE_MAX :
	    policy_field_at(w->policy, v->of_entity, &v->record);
	if (!v->record.version || v->at == SIZE_MAX)
		return err_set(e, RC_CONFIG, "no %.*s with uid %.*s, or it "
		    "has no field %.*s; see crm-state conflicts",
		    SPAN_ARG(v->entity), SPAN_ARG(v->uid),
		    SPAN_ARG(v->field));
	if (!v->record.fields[v->at].conflict)
		return err_set(e, RC_CONFIG, "that field is in no conflict; "
		    "see crm-state conflicts");
	return RC_OK;
}

/* Nobody decides on what he has not seen. */
static enum rc
check_seen(struct word *w, struct verdict *v, struct err *e)
{
	char now[CONFLICTS_VERSION + 1];

	conflicts_version(w->state, &v->record, v->at, now);
	if (!v->seen.len || span_eq(v->seen, span_str(now)))
		return RC_OK;
	return err_set(e, RC_RECORD, "its values have moved since they were "
	    "seen (version %s now): look at crm-state conflicts again", now);
}

/* That system's value; or the one that was said, in the form of its type. */
static enum rc
find_value(struct word *w, struct verdict *v, struct span *value,
    uint32_t *origin, struct err *e)
{
	const struct side *s = NULL;
	enum rc rc;

	if (!v->take.ptr) {
		rc = type_fit(&w->policy->entity->fields[v->of_entity],
		    v->value, &w->arena, value, e);
		return rc ? err_prefix(e, RC_CONFIG, "the value") :
		    name_intern(&w->txn, SPAN("person"), origin, e);
	}
	if (name_find(w->state, v->take, origin))
		s = record_side(&v->record, *origin);
	if (!s || s->life != LIFE_LIVE || !s->value[v->at].ptr)
		return err_set(e, RC_CONFIG, "%.*s shows no value of that "
		    "field; see crm-state conflicts", SPAN_ARG(v->take));
	*value = side_stands_for(s, v->at);
	return RC_OK;
}

/* The agreed value is to be this one, whatever the systems show. */
static enum rc
take_value(struct word *w, struct verdict *v, struct err *e)
{
	struct agreed_field *f = &v->record.fields[v->at];
	struct span value;
	uint32_t origin;
	enum rc rc = find_value(w, v, &value, &origin, e);

	if (rc)
		return rc;
	if (!span_eq(f->value, value))
		history_remember(f, w->policy->entity->fields[v->of_entity]
		    .history, &w->arena);
	f->value = value;
	f->origin = origin;
	f->time = clock_now();
	f->exact = true;
	f->conflict = false;
	f->before = 0;
	f->flips = 0;
	return RC_OK;
}

/* Who shows another value is told. */
static enum rc
put(struct word *w, struct verdict *v, const struct record *before,
    struct err *e)
{
	struct reason *why = arena_zero(&w->arena, (v->record.field_count +
	    1) * sizeof *why);
	struct revision r = { .policy = w->policy, .audit = w->audit,
		.before = before, .record = &v->record, .why = why,
		.by = "person", .of = SPAN(""), .arena = &w->arena };
	enum rc rc;

	why[v->at] = (struct reason){ "decided",
		v->record.fields[v->at].origin };
	rc = revise_put(&r, &w->txn, e);
	v->told = r.target_count - r.waiting;
	v->waiting = r.waiting;
	return rc;
}

static enum rc
decide(struct word *w, void *arg, struct err *e)
{
	struct verdict *v = arg;
	struct record before;
	enum rc rc = revise_load(w->policy, &w->txn, v->entity, v->uid,
	    &w->arena, &before, e);

	if (!rc)
		rc = revise_load(w->policy, &w->txn, v->entity, v->uid,
		    &w->arena, &v->record, e);
	if (!rc)
		rc = find_field(w, v, e);
	if (!rc)
		rc = check_seen(w, v, e);
	if (!rc)
		rc = take_value(w, v, e);
	return rc ? rc : put(w, v, &before, e);
}

/* ---- by operands ---- */

static void
say_decided(const struct word *w, const struct verdict *v)
{
	if (v->told || !v->waiting)
		run_notice(w->run, NULL, "%.*s is decided; %zu system%s to be "
		    "told: crm-load SYSTEM --pending", SPAN_ARG(v->field),
		    v->told, v->told == 1 ? " has" : "s have");
	if (v->waiting)
		run_notice(w->run, NULL, "%.*s is decided; %zu system%s for "
		    "crm-state approve SYSTEM", SPAN_ARG(v->field),
		    v->waiting, v->waiting == 1 ? " waits" : "s wait");
}

/* ENTITY UID FIELD SYSTEM, or --value JSON ENTITY UID FIELD */
static enum rc
decide_operands(struct word *w, struct err *e)
{
	char **operand = w->run->operand;
	struct verdict v = { .entity = span_str(operand[1]),
		.uid = span_str(operand[2]), .field = span_str(operand[3]),
		.seen = span_str(options.seen),
		.value = span_str(options.value) };
	enum rc rc;

	if (!options.value)
		v.take = span_str(operand[4]);
	if (span_eq(v.field, SPAN("identity"))) {
		struct identity i = { .uid = v.uid, .word = v.take };

		rc = options.value || options.seen ? err_set(e, RC_CONFIG,
		    "identity is decided by 'separate' or another UID") :
		    word_one(w, v.entity, identity_decide, &i, e);
		if (!rc)
			run_notice(w->run, NULL, "%s is decided; the next "
			    "run tells the systems", operand[2]);
		return rc;
	}
	rc = word_one(w, v.entity, decide, &v, e);
	if (!rc)
		say_decided(w, &v);
	return rc;
}

/* ---- by a file ---- */

struct sums {
	uint64_t decided, left, refused, waiting;
};

static struct span
member(const struct lines *l, struct span name, struct arena *a)
{
	return json_get_string(&l->line.json, 0, name, a);
}

static enum rc
decide_line(struct word *w, const struct lines *l, struct sums *t,
    struct arena *a, struct err *e)
{
	const struct json *j = &l->line.json;
	uint32_t value = json_get(j, 0, SPAN("value"));
	uint32_t take = json_get(j, 0, SPAN("take"));
	struct verdict v = { .entity = member(l, SPAN("entity"), a),
		.uid = member(l, SPAN("uid"), a),
		.field = member(l, SPAN("field"), a),
		.seen = member(l, SPAN("version"), a),
		.take = member(l, SPAN("take"), a) };
	struct identity i = { .uid = v.uid, .word = v.take };
	enum rc rc;

	if (!take && !value) {
		t->left++;
		return RC_OK;
	}
	if (value)
		v.value = json_text(j, value);
	if (!v.entity.len || !v.uid.len || (value && take))
		rc = err_set(e, RC_RECORD, "it has no entity and uid, or "
		    "both take and value");
	else if (take && !v.take.len)
		rc = err_set(e, RC_RECORD, "its take is no text: give the "
		    "name of a system, in quotes");
	else if (v.field.len && !v.seen.len)
		rc = err_set(e, RC_RECORD, "it does not say which version "
		    "was seen");
	else if (v.field.len)
		rc = word_one(w, v.entity, decide, &v, e);
	else
		rc = word_one(w, v.entity, identity_decide, &i, e);
	t->decided += !rc;
	t->waiting += rc ? 0 : v.waiting;
	return rc;
}

/* One that cannot be decided is said; the others are. */
static enum rc
decide_file(struct word *w, struct err *e)
{
	struct sums t = { .decided = 0 };
	struct lines l;
	struct arena a;
	enum rc rc = lines_open(&l, options.file, e);

	arena_init(&a);
	while (!rc) {
		bool whole;

		arena_reset(&a);
		rc = lines_next(&l, SPAN("conflict"), e);
		whole = !rc;
		if (whole)
			rc = decide_line(w, &l, &t, &a, e);
		if (rc != RC_RECORD && rc != RC_CONFIG)
			continue;
		t.refused++;
		run_problem(w->run, NULL, RC_RECORD, whole ?
		    (lines_wrong(&l, rc, e), e) : e);
		rc = RC_OK;
	}
	lines_close(&l);
	arena_free(&a);
	if (rc != RC_END)
		return rc;
	run_notice(w->run, NULL, "%llu decided, %llu left, %llu refused; "
	    "crm-load SYSTEM --pending tells the systems",
	    (unsigned long long)t.decided, (unsigned long long)t.left,
	    (unsigned long long)t.refused);
	if (t.waiting)
		run_notice(w->run, NULL, "%llu of what is to be told wait for "
		    "crm-state approve SYSTEM", (unsigned long long)t.waiting);
	return RC_OK;
}

static enum rc
check_call(const struct run *r, struct err *e)
{
	int want = options.file ? 1 : options.value ? 4 : 5;

	if (r->operands == want && (!options.file ||
	    (!options.value && !options.seen)))
		return RC_OK;
	return err_set(e, RC_CONFIG, "give ENTITY UID FIELD SYSTEM, or "
	    "--value JSON ENTITY UID FIELD, or -f FILE");
}

void
decide_run(struct run *r)
{
	struct word w = { .run = r };
	struct err e;
	enum rc rc = check_call(r, &e);

	if (rc)
		run_fatal(r, rc, &e);
	rc = word_open(&w, r, &e);
	if (!rc)
		rc = options.file ? decide_file(&w, &e) :
		    decide_operands(&w, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	word_close(&w);
}
