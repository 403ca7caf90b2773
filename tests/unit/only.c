/* SPDX-License-Identifier: MIT */
/*
 * What alone shows a new record is decided without a search, and as all the
 * rest is: as an update of what nobody has seen yet goes the long way.
 */
#include "../../src/crm-resolve/columns.c"
#include "../../src/crm-resolve/decide.c"
#include "../../src/crm-resolve/derive.c"
#include "../../src/crm-resolve/doubt.c"
#include "../../src/crm-resolve/drift.c"
#include "../../src/crm-resolve/echo.c"
#include "../../src/crm-resolve/ending.c"
#include "../../src/crm-resolve/existence.c"
#include "../../src/crm-resolve/field.c"
#include "../../src/crm-resolve/flip.c"
#include "../../src/crm-resolve/missed.c"
#include "../../src/crm-resolve/answers.c"
#include "../../src/crm-resolve/command.c"
#include "../../src/crm-resolve/rules.c"
#include "../../src/crm-resolve/rule_append.c"
#include "../../src/crm-resolve/rule_ask.c"
#include "../../src/crm-resolve/rule_input.c"
#include "../../src/crm-resolve/rule_pick.c"
#include "../../src/crm-resolve/rule_union.c"

#include "scratch_policy.h"
#include "tap.h"

#define ROUNDS 100000
#define FIELDS 3
#define SYSTEMS 2

static struct err why;
static struct state *state;
static struct arena arena;
static struct entity_field fields[FIELDS] = {
	{ .name = { "name", 4 }, .separator = { ",", 1 } },
	{ .name = { "city", 4 }, .separator = { ",", 1 } },
	{ .name = { "note", 4 }, .separator = { ",", 1 } } };
static struct entity entity = { .name = { "person", 6 }, .fields = fields,
	.field_count = FIELDS, .deletes = DELETES_ARCHIVE };
static struct mapping some_mapping;
static const struct kind some_kind = { "some", CAP_WRITE };
static unsigned char directions[SYSTEMS][FIELDS];
static struct policy_system systems[SYSTEMS] = {
	{ .name = { "app", 3 }, .object = { "person", 6 }, .enabled = true,
	  .read = true, .direction = directions[0],
	  .kind = &some_kind, .mapping = &some_mapping },
	{ .name = { "hub", 3 }, .object = { "people", 6 }, .enabled = true,
	  .read = true, .direction = directions[1],
	  .kind = &some_kind, .mapping = &some_mapping } };
static uint32_t names[FIELDS], ids[SYSTEMS];
static struct policy policy = { .entity = &entity, .systems = systems,
	.system_count = SYSTEMS, .name = names, .ids = ids,
	.id_count = SYSTEMS, .now = 5000 };
static uint64_t seed = 1;

/* How often each rule that might not apply was looked at. */
static struct {
	size_t quick, in_doubt, own_time, copied, waiting, beside;
} met;

static size_t
any(uint32_t below)
{
	return scratch_random(&seed) % below;
}

static struct span
any_value(void)
{
	static const char *const values[] = { NULL, "null", "\"a\"", "\"b\"" };
	const char *v = values[any(sizeof values / sizeof *values)];

	return v ? span_str(v) : span_of(NULL, 0);
}

/* What left for it and was not answered. */
static struct span
any_flight(void)
{
	struct buf b;
	struct span flight;

	buf_init(&b, FLIGHT_CAP, "flight");
	for (size_t i = 0; i < FIELDS; i++)
		if (any(2))
			flight_add(&b, SPAN(""), names[i], SPAN("\"a\""),
			    state->seed);
	flight = arena_dup(&arena, buf_view(&b));
	buf_free(&b);
	return flight;
}

static struct observation
any_create(void)
{
	static const int64_t times[] = { 0, 1000, 2000, 9000 };
	struct observation o = { .system = any(SYSTEMS), .id = SPAN("1"),
		.op = OBSERVED_CREATE, .modified = times[any(4)],
		.began = times[any(4)], .version = any(2) ? SPAN("7") :
		SPAN(""), .stamp = (enum stamp)any(3),
		.unlinked = !any(4), .unknown = !any(4) };

	o.object = systems[o.system].object;
	o.fields = arena_zero(&arena, FIELDS * sizeof *o.fields);
	for (size_t i = 0; i < FIELDS; i++)
		o.fields[i] = any_value();
	if (!any(3)) {
		o.times = arena_zero(&arena, FIELDS * sizeof *o.times);
		for (size_t i = 0; i < FIELDS; i++)
			o.times[i] = times[any(4)];
	}
	if (!any(4)) {
		o.flight = any_flight();
		o.made = any(2);
	}
	met.in_doubt += o.flight.len != 0;
	met.own_time += o.times != NULL;
	met.copied += o.stamp == STAMP_COPIED;
	met.waiting += o.unlinked;
	return o;
}

static void
any_policy(void)
{
	static const enum field_rule rules[] = { RULE_LATEST, RULE_MANUAL,
		RULE_PREFER, RULE_UNION };

	for (size_t i = 0; i < FIELDS; i++) {
		fields[i].rule = rules[any(4)];
		fields[i].history = any(3) ? 0 : 2;
		for (size_t k = 0; k < SYSTEMS; k++)
			directions[k][i] = (unsigned char)any(4);
	}
}

/* By the long way every create is said to be an update. */
static struct decision
decided(const struct observation *obs, size_t n, bool quick)
{
	struct standing standing = { .recalled = false };
	struct observation own[2];
	struct decision d;
	struct txn t;

	memcpy(own, obs, n * sizeof *own);
	for (size_t i = 0; i < n && !quick; i++)
		own[i].op = OBSERVED_UPDATE;
	if (txn_begin(&t, state, false, &why) ||
	    decide(&policy, &t, entity.name, SPAN("u"), own, n, &standing,
	    &arena, &d, &why)) {
		printf("# %s\n", why.text);
		abort();
	}
	txn_abort(&t);
	return d;
}

/* ---- is it the same? ---- */

static bool
text_eq(struct span a, struct span b)
{
	return !a.ptr == !b.ptr && span_eq(a, b);
}

static bool
field_eq(const struct agreed_field *a, const struct agreed_field *b)
{
	return a->name == b->name && a->origin == b->origin &&
	    a->time == b->time && a->exact == b->exact &&
	    text_eq(a->value, b->value) && a->conflict == b->conflict &&
	    a->before == b->before && a->flips == b->flips &&
	    span_eq(a->past, b->past);
}

static bool
side_eq(const struct side *a, const struct side *b, size_t n)
{
	bool same = a->system == b->system && a->life == b->life &&
	    a->copied == b->copied && a->revision == b->revision &&
	    a->modified == b->modified && a->synced == b->synced &&
	    span_eq(a->object, b->object) && span_eq(a->id, b->id) &&
	    span_eq(a->version, b->version);

	for (size_t i = 0; i < n && same; i++)
		same = text_eq(a->value[i], b->value[i]) &&
		    text_eq(a->sent ? a->sent[i] : span_of(NULL, 0),
		    b->sent ? b->sent[i] : span_of(NULL, 0));
	return same;
}

static bool
record_eq(const struct record *a, const struct record *b)
{
	bool same = a->version == b->version && a->life == b->life &&
	    a->life_time == b->life_time &&
	    a->life_origin == b->life_origin &&
	    a->field_count == b->field_count && a->side_count ==
	    b->side_count;

	for (size_t i = 0; same && i < a->field_count; i++)
		same = field_eq(&a->fields[i], &b->fields[i]);
	for (size_t i = 0; same && i < a->side_count; i++)
		same = side_eq(&a->sides[i], &b->sides[i], a->field_count);
	return same;
}

static bool
reason_eq(const struct reason *a, const struct reason *b)
{
	return !a->rule == !b->rule && (!a->rule ||
	    strcmp(a->rule, b->rule) == 0) && a->from == b->from;
}

static bool
decision_eq(const struct decision *a, const struct decision *b)
{
	bool same = record_eq(&a->record, &b->record) &&
	    a->changed == b->changed && a->grown == b->grown &&
	    a->cleared == b->cleared && a->conflict_count ==
	    b->conflict_count && a->target_count == b->target_count;

	for (size_t i = 0; same && i < SYSTEMS; i++)
		same = a->side_changed[i] == b->side_changed[i];
	for (size_t i = 0; same && i < FIELDS; i++)
		same = reason_eq(&a->why[i], &b->why[i]);
	for (size_t i = 0; same && i < a->target_count; i++)
		same = a->targets[i].system == b->targets[i].system &&
		    a->targets[i].op == b->targets[i].op;
	return same;
}

/* One alone, or with an old copy of it, or with one that has moved. */
static bool
is_same(void)
{
	struct observation obs[2];
	struct decision quick, slow;
	size_t n = any(3) ? 1 : 2;

	any_policy();
	obs[0] = any_create();
	if (n == 2) {
		obs[1] = any_create();
		obs[1].relinked = any(2);
		met.beside++;
	}
	quick = decided(obs, n, true);
	slow = decided(obs, n, false);
	met.quick += n == 1 && !obs[0].flight.len;
	return decision_eq(&quick, &slow);
}

int
main(void)
{
	size_t other = 0;

	arena_init(&arena);
	state = scratch_state();
	scratch_bind(state, &policy);
	for (size_t i = 0; i < ROUNDS; i++) {
		arena_reset(&arena);
		other += !is_same();
	}
	ok(other == 0, "%zu of %d new records are decided otherwise", other,
	    ROUNDS);
	ok(met.quick && met.in_doubt && met.own_time && met.copied &&
	    met.waiting && met.beside, "alone %zu, in doubt %zu, with times "
	    "%zu, copies %zu, waiting %zu, with others %zu", met.quick,
	    met.in_doubt, met.own_time, met.copied, met.waiting, met.beside);
	arena_free(&arena);
	state_close(state);
	return tap_done();
}
