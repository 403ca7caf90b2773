/* SPDX-License-Identifier: MIT */
/* decide: against a state in a scratch home, by a policy made by hand. */
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

#include "clock.h"
#include "scratch_policy.h"
#include "tap.h"

enum { NAME, CITY, NOTE, FIELDS };
enum { APP, HUB, SYSTEMS };

static struct err why;
static struct state *state;
static struct arena arena;
static struct entity_field fields[FIELDS] = {
	{ .name = { "name", 4 }, .rule = RULE_LATEST },
	{ .name = { "city", 4 }, .rule = RULE_MANUAL },
	{ .name = { "note", 4 }, .rule = RULE_LATEST } };
static struct entity entity = { .name = { "person", 6 }, .fields = fields,
	.field_count = FIELDS, .deletes = DELETES_ARCHIVE };
static unsigned char both[FIELDS] = { DIR_BOTH, DIR_BOTH, DIR_BOTH };
static unsigned char no_note[FIELDS] = { DIR_BOTH, DIR_BOTH, 0 };
static struct mapping some_mapping;
static const struct kind some_kind = { "some", CAP_WRITE };
static struct policy_system systems[SYSTEMS] = {
	{ .name = { "app", 3 }, .object = { "person", 6 }, .enabled = true,
	  .read = true, .direction = both, .kind = &some_kind,
	  .mapping = &some_mapping },
	{ .name = { "hub", 3 }, .object = { "people", 6 }, .enabled = true,
	  .read = true, .direction = no_note, .kind = &some_kind,
	  .mapping = &some_mapping } };
static uint32_t names[FIELDS], ids[SYSTEMS];
static struct policy policy = { .entity = &entity, .systems = systems,
	.system_count = SYSTEMS, .name = names, .ids = ids,
	.id_count = SYSTEMS };

static struct decision d;

/* What a system shows; NULL: says nothing. */
static struct observation
sees(size_t system, enum observed op, int64_t modified, const char *name,
    const char *city, const char *note)
{
	const char *const values[FIELDS] = { name, city, note };
	struct observation o = { .system = system, .op = op,
		.object = systems[system].object,
		.id = system == APP ? SPAN("1") : SPAN("h1"),
		.modified = modified };

	o.fields = arena_zero(&arena, FIELDS * sizeof *o.fields);
	for (size_t i = 0; i < FIELDS; i++)
		if (values[i])
			o.fields[i] = span_str(values[i]);
	return o;
}

static struct observation
based(struct observation o, uint64_t base)
{
	o.has_base = true;
	o.base = base;
	return o;
}

/* Decides, and puts what follows as apply.c does. */
static void
decided(struct observation *obs, size_t n)
{
	const struct standing standing = { .recalled = false };
	struct txn t;
	enum rc rc = txn_begin(&t, state, true, &why);

	if (!rc)
		rc = decide(&policy, &t, entity.name, SPAN("u"), obs, n,
		    &standing, &arena, &d, &why);
	if (!rc && (d.changed || d.grown))
		rc = record_put_agreed(&t, &d.record, &why);
	for (size_t i = 0; i < d.record.side_count && !rc; i++)
		rc = record_put_side(&t, &d.record, &d.record.sides[i], &why);
	if (rc || txn_commit(&t, &why)) {
		printf("# %s\n", why.text);
		abort();
	}
}

/* Decides, and puts nothing. */
static enum rc
judged(struct observation *obs, size_t n)
{
	const struct standing standing = { .recalled = false };
	struct txn t;
	enum rc rc = txn_begin(&t, state, false, &why);

	if (!rc)
		rc = decide(&policy, &t, entity.name, SPAN("u"), obs, n,
		    &standing, &arena, &d, &why);
	txn_abort(&t);
	return rc;
}

/* As if all targets had been written. */
static void
deliver(void)
{
	struct txn t;
	struct record *r = &d.record;

	if (txn_begin(&t, state, true, &why))
		abort();
	for (size_t i = 0; i < d.target_count; i++) {
		const struct policy_system *s = &systems[d.targets[i].system];
		struct side *side = record_add_side(r, s->id, &arena);

		side->life = r->life;
		side->object = s->object;
		side->id = d.targets[i].system == APP ? SPAN("1") :
		    SPAN("h1");
		side->revision++;
		for (size_t k = 0; k < FIELDS; k++)
			if (s->direction[k])
				side->value[policy_field_at(&policy, k, r)] =
				    r->fields[policy_field_at(&policy, k, r)]
				    .value;
		if (record_put_side(&t, r, side, &why))
			abort();
	}
	if (txn_commit(&t, &why))
		abort();
}

static uint64_t
revision(size_t system)
{
	const struct side *s = record_side(&d.record, ids[system]);

	return s ? s->revision : 0;
}

static bool
agreed(size_t field, const char *value)
{
	size_t at = policy_field_at(&policy, field, &d.record);

	return at != SIZE_MAX &&
	    span_eq(d.record.fields[at].value, span_str(value));
}

static bool
tells(size_t system, enum target_op op)
{
	for (size_t i = 0; i < d.target_count; i++)
		if (d.targets[i].system == system && d.targets[i].op == op)
			return true;
	return false;
}

/* A fresh record that both show: Ann of Bonn. */
static void
begin(void)
{
	struct observation o;
	struct txn t;
	struct record r = { .entity = entity.name, .uid = SPAN("u") };

	arena_reset(&arena);
	if (txn_begin(&t, state, true, &why) ||
	    txn_del(&t, TABLE_AGREED, SPAN("person\0u"), &why))
		abort();
	for (size_t i = 0; i < SYSTEMS; i++)
		if (record_del_side(&t, &r, &(struct side){
		    .system = ids[i] }, &why))
			abort();
	if (txn_commit(&t, &why))
		abort();
	o = sees(APP, OBSERVED_CREATE, 1000, "\"Ann\"", "\"Bonn\"",
	    "\"n\"");
	decided(&o, 1);
	deliver();
}

static void
test_create(void)
{
	begin();
	ok(d.record.version == 1 && d.record.life == LIFE_LIVE &&
	    agreed(NAME, "\"Ann\""), "a new record");
	ok(tells(HUB, TARGET_CREATE) && d.target_count == 1,
	    "is told to the other");
	systems[HUB].read = false;
	begin();
	ok(d.changed && !d.target_count, "but not if that was never read");
	systems[HUB].read = true;
}

static void
test_update(void)
{
	struct observation o[2];

	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"Anna\"", NULL,
	    NULL), revision(APP));
	o[1] = based(sees(HUB, OBSERVED_UPDATE, 1500, NULL, "\"Ulm\"", NULL),
	    revision(HUB));
	decided(o, 2);
	ok(agreed(NAME, "\"Anna\"") && agreed(CITY, "\"Ulm\"") &&
	    tells(APP, TARGET_UPDATE) && tells(HUB, TARGET_UPDATE),
	    "disjoint edits both stand");
	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"A\"", NULL, NULL),
	    revision(APP));
	o[1] = based(sees(HUB, OBSERVED_UPDATE, 1500, "\"H\"", NULL, NULL),
	    revision(HUB));
	decided(o, 2);
	ok(agreed(NAME, "\"A\"") && tells(HUB, TARGET_UPDATE) &&
	    d.target_count == 1, "the latest wins, the other is told");
	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"X\"", NULL, NULL),
	    revision(APP));
	o[1] = based(sees(HUB, OBSERVED_UPDATE, 1500, "\"X\"", NULL, NULL),
	    revision(HUB));
	decided(o, 2);
	ok(agreed(NAME, "\"X\"") && !d.target_count, "equal ones converge");
	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, NULL, NULL, "null"),
	    revision(APP));
	decided(o, 1);
	ok(agreed(NOTE, "null") && d.cleared == 1 && !d.target_count,
	    "a field the other does not take tells nobody");
}

static void
test_concurrent(void)
{
	struct observation o;

	begin();
	o = based(sees(APP, OBSERVED_UPDATE, 5000, "\"A\"", NULL, NULL),
	    revision(APP));
	decided(&o, 1);
	/* not delivered: hub shows Ann, and now an older edit */
	o = based(sees(HUB, OBSERVED_UPDATE, 4000, "\"H\"", NULL, NULL),
	    revision(HUB));
	decided(&o, 1);
	ok(agreed(NAME, "\"A\"") && d.changed && tells(HUB, TARGET_UPDATE),
	    "an older edit loses, and its side is told again");
	o = based(sees(HUB, OBSERVED_UPDATE, 6000, "\"H2\"", NULL, NULL),
	    revision(HUB));
	decided(&o, 1);
	ok(agreed(NAME, "\"H2\"") && tells(APP, TARGET_UPDATE) &&
	    d.target_count == 1, "a later one wins");
}

static void
test_conflict(void)
{
	struct observation o[2];

	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"Anna\"", "\"A\"",
	    NULL), revision(APP));
	o[1] = based(sees(HUB, OBSERVED_UPDATE, 1500, NULL, "\"H\"", NULL),
	    revision(HUB));
	decided(o, 2);
	ok(d.conflict_count == 1 && d.conflicts[0].field == CITY &&
	    agreed(CITY, "\"Bonn\""), "a conflict leaves what was agreed");
	ok(tells(HUB, TARGET_UPDATE) && d.target_count == 1,
	    "and is sent nowhere; the rest of the record is");
	deliver();
	o[0] = based(sees(HUB, OBSERVED_UPDATE, 3000, NULL, "\"A\"", NULL),
	    revision(HUB));
	decided(o, 1);
	ok(agreed(CITY, "\"A\"") && !d.conflict_count && !d.target_count,
	    "equal values close it");
}

static void
test_moved(void)
{
	struct observation o[2];

	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"A\"", NULL, NULL),
	    revision(APP) + 1);
	decided(o, 1);
	ok(o[0].moved && !d.changed, "another base: read again");
	o[0] = sees(APP, OBSERVED_CREATE, 2000, "\"A\"", NULL, NULL);
	decided(o, 1);
	ok(o[0].moved && !d.changed, "no base where something stands");
	o[0] = sees(APP, OBSERVED_DELETE, 0, NULL, NULL, NULL);
	decided(o, 1);
	ok(o[0].moved && !d.changed, "nor for a deletion");
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"A\"", NULL, NULL),
	    revision(APP));
	o[0].id = SPAN("2");
	decided(o, 1);
	ok(o[0].moved, "another id of it there");
	o[0] = based(sees(APP, OBSERVED_UPDATE, 3000, "\"new\"", NULL,
	    NULL), revision(APP));
	o[1] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"old\"", NULL,
	    NULL), revision(APP));
	decided(o, 2);
	ok(agreed(NAME, "\"new\"") && o[1].superseded,
	    "of two copies the newest counts");
	for (size_t late = 0; late < 2; late++) {
		begin();
		o[late] = based(sees(HUB, OBSERVED_DELETE, 3000, NULL, NULL,
		    NULL), revision(HUB));
		o[!late] = based(sees(HUB, OBSERVED_MERGE, 2000, NULL, NULL,
		    NULL), revision(HUB));
		decided(o, 2);
		ok(d.record.life == LIFE_MERGED && !tells(APP, TARGET_ARCHIVE),
		    "merged and gone is merged, in whatever order");
	}
}

static void
test_deletes(void)
{
	struct observation o[2];

	begin();
	o[0] = based(sees(HUB, OBSERVED_DELETE, 0, NULL, NULL, NULL),
	    revision(HUB));
	decided(o, 1);
	ok(d.record.life == LIFE_ARCHIVED && tells(APP, TARGET_ARCHIVE) &&
	    d.target_count == 1, "a deletion archives elsewhere");
	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, NULL, NULL,
	    "\"edit\""), revision(APP));
	o[1] = based(sees(HUB, OBSERVED_DELETE, 0, NULL, NULL, NULL),
	    revision(HUB));
	decided(o, 2);
	ok(d.record.life == LIFE_LIVE && tells(HUB, TARGET_CREATE) &&
	    !tells(APP, TARGET_ARCHIVE), "an edit beats it");
	begin();
	o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"A\"", NULL, NULL),
	    revision(APP));
	decided(o, 1);
	o[0] = based(sees(HUB, OBSERVED_DELETE, 0, NULL, NULL, NULL),
	    revision(HUB));
	decided(o, 1);
	ok(d.record.life == LIFE_LIVE, "so does what was not delivered yet");
	entity.deletes = DELETES_KEEP;
	begin();
	o[0] = based(sees(HUB, OBSERVED_DELETE, 0, NULL, NULL, NULL),
	    revision(HUB));
	decided(o, 1);
	ok(d.record.life == LIFE_LIVE && !d.target_count,
	    "kept: nobody is told");
	entity.deletes = DELETES_ARCHIVE;
	o[0] = sees(HUB, OBSERVED_DELETE, 0, NULL, NULL, NULL);
	decided(o, 1);
	ok(o[0].moved, "what is gone cannot go again");
}

/* app converts it; hub has it, too. */
static void
convert(enum convert_policy policy_of)
{
	struct observation o = based(sees(APP, OBSERVED_CONVERT, 2000,
	    "\"Eve\"", NULL, NULL), revision(APP));

	entity.converts = policy_of;
	decided(&o, 1);
}

static enum life
life_in(size_t system)
{
	return record_side(&d.record, ids[system])->life;
}

static void
test_converts(void)
{
	struct observation o[2];

	begin();
	convert(CONVERTS_REVIEW);
	ok(d.record.life == LIFE_MERGED && life_in(APP) == LIFE_MERGED &&
	    life_in(HUB) == LIFE_LIVE && !d.target_count && d.left &&
	    d.left->system == ids[HUB] && agreed(NAME, "\"Eve\""),
	    "what stands elsewhere stays, and a person looks");
	begin();
	convert(CONVERTS_TELL);
	ok(d.record.life == LIFE_LIVE && life_in(APP) == LIFE_MERGED &&
	    d.target_count == 1 && tells(HUB, TARGET_UPDATE) && !d.left,
	    "it lives on, and is told what was shown last");
	deliver();
	o[0] = based(sees(HUB, OBSERVED_UPDATE, 3000, "\"Ava\"", NULL, NULL),
	    revision(HUB));
	decided(o, 1);
	ok(agreed(NAME, "\"Ava\"") && !d.target_count,
	    "what is closed is neither told nor created");
	begin();
	convert(CONVERTS_ARCHIVE);
	ok(d.record.life == LIFE_ARCHIVED && d.target_count == 1 &&
	    tells(HUB, TARGET_ARCHIVE) && !d.left, "it is archived");
	for (int policy_of = 0; policy_of <= CONVERTS_ARCHIVE; policy_of++) {
		begin();
		o[0] = based(sees(HUB, OBSERVED_UPDATE, 3000, "\"Ava\"", NULL,
		    NULL), revision(HUB));
		o[1] = based(sees(APP, OBSERVED_CONVERT, 2000, "\"Ann\"", NULL,
		    NULL), revision(APP));
		entity.converts = (enum convert_policy)policy_of;
		decided(o, 2);
		ok(d.left && agreed(NAME, "\"Ava\"") && !d.target_count &&
		    life_in(HUB) == LIFE_LIVE, "an edit it was owed is not "
		    "lost: a person looks");
		begin();
		o[0] = based(sees(HUB, OBSERVED_CONVERT, 2000, NULL, NULL,
		    NULL), revision(HUB));
		o[1] = based(sees(APP, OBSERVED_CONVERT, 2000, NULL, NULL,
		    NULL), revision(APP));
		decided(o, 2);
		ok(!d.left && d.record.life == LIFE_MERGED && !d.target_count,
		    "closed in both: nothing to ask");
	}
	begin();
	o[0] = based(sees(HUB, OBSERVED_DELETE, 2000, NULL, NULL, NULL),
	    revision(HUB));
	o[1] = based(sees(APP, OBSERVED_CONVERT, 2000, NULL, NULL, NULL),
	    revision(APP));
	entity.converts = CONVERTS_TELL;
	decided(o, 2);
	ok(!d.left && !d.target_count && d.record.life != LIFE_LIVE,
	    "deleted in the one, converted in the other");
	o[0] = based(sees(APP, OBSERVED_CREATE, 4000, "\"Ann\"", NULL, NULL),
	    revision(APP));
	decided(o, 1);
	ok(life_in(APP) == LIFE_LIVE, "it is shown as it was");
	entity.converts = CONVERTS_REVIEW;
}

static void
test_future(void)
{
	struct observation o;

	begin();
	o = based(sees(APP, OBSERVED_UPDATE, clock_now() + 99999999,
	    "\"A\"", NULL, NULL), revision(APP));
	decided(&o, 1);
	ok(record_side(&d.record, ids[APP])->modified <= clock_now() &&
	    d.record.fields[policy_field_at(&policy, NAME, &d.record)].time
	    <= clock_now(), "a time to come is now");
}

/* A time the side has shown before is not that of this edit. */
static void
test_vague(void)
{
	struct observation o;

	for (int64_t time = 3000; time <= 3001; time++) {
		begin();
		o = based(sees(HUB, OBSERVED_UPDATE, 3000, NULL, "\"Ulm\"",
		    NULL), revision(HUB));
		decided(&o, 1);
		deliver();
		o = based(sees(APP, OBSERVED_UPDATE, 2500, "\"A\"", NULL,
		    NULL), revision(APP));
		decided(&o, 1);
		o = based(sees(HUB, OBSERVED_UPDATE, time, "\"H\"", NULL,
		    NULL), revision(HUB));
		decided(&o, 1);
		ok(agreed(NAME, time == 3000 ? "\"A\"" : "\"H\""),
		    time == 3000 ? "a time shown before wins nothing" :
		    "a later one does");
	}
}

/* A command was asked of these values; of others nobody guesses. */
static void
test_unanswered(void)
{
	struct span echo[] = { SPAN("sh"), SPAN("-c"), SPAN("read -r l;"
	    "n=${l#*:}; echo \"{\\\"n\\\":${n%%,*},\\\"value\\\":"
	    "\\\"made\\\"}\"") };
	struct observation o[2];
	uint64_t version, app, hub;

	begin();
	version = d.record.version;
	app = revision(APP);
	hub = revision(HUB);
	fields[NOTE].rule = RULE_COMMAND;
	fields[NOTE].command = echo;
	fields[NOTE].command_count = 3;
	systems[HUB].direction = both;
	if (rules_open(&policy, &why) || rules_pass(&policy, false, &why))
		abort();
	for (int pass = 0; pass < 3; pass++) {
		if (pass == 1 && rules_pass(&policy, true, &why))
			abort();
		o[0] = based(sees(APP, OBSERVED_UPDATE, 2000, "\"A\"", NULL,
		    pass < 2 ? "\"x\"" : "\"z\""), app);
		o[1] = based(sees(HUB, OBSERVED_UPDATE, 1500, NULL, NULL,
		    "\"y\""), hub);
		if (judged(o, 2))
			abort();
		if (pass < 2)
			ok(agreed(NOTE, "\"made\"") && agreed(NAME, "\"A\"") &&
			    !o[0].moved, "a command decides, judged %s",
			    pass ? "and applied" : "first");
	}
	ok(o[0].moved && o[1].moved && !d.changed && !d.target_count &&
	    d.record.version == version && agreed(NAME, "\"Ann\""),
	    "what it was not asked is read again, and nothing follows");
	rules_close(&policy);
	fields[NOTE].rule = RULE_LATEST;
	systems[HUB].direction = no_note;
}

int
main(void)
{
	state = scratch_state();
	arena_init(&arena);
	policy.now = clock_now();
	scratch_bind(state, &policy);
	test_create();
	test_update();
	test_concurrent();
	test_conflict();
	test_moved();
	test_deletes();
	test_converts();
	test_future();
	test_vague();
	test_unanswered();
	arena_free(&arena);
	state_close(state);
	return tap_done();
}
