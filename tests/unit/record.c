/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "scratch.h"
#include "tap.h"

#define SYSTEMS 3

static struct err why;
static uint32_t systems[SYSTEMS];

static struct span
some_value(uint64_t *seed, struct arena *a)
{
	static const char *const values[] = { "null", "\"\"", "\"Ann\"", "1",
		"1200.50", "true", "{\"ref\":\"user\",\"uid\":\"a:b:c\"}" };
	uint32_t at = scratch_random(seed) % 9;
	char *text;

	if (at < 7)
		return span_str(values[at]);
	at = at == 7 ? 40 : 3000;
	text = arena_alloc(a, at);
	for (uint32_t i = 0; i < at; i++)
		text[i] = (char)(scratch_random(seed) & 255);
	text[0] = '"';
	return span_of(text, at);
}

static void
fill_side(struct record *r, uint32_t system, uint64_t *seed, struct arena *a)
{
	struct side *s = record_add_side(r, system, a);

	s->life = (enum life)(scratch_random(seed) % 4);
	s->revision = scratch_random(seed);
	s->modified = (int64_t)scratch_random(seed) * 100000 - 1;
	s->synced = scratch_random(seed) % 2 ? 1795169472123 : 0;
	s->copied = scratch_random(seed) % 2;
	s->unread = scratch_random(seed) % 2;
	s->object = SPAN("Account");
	s->id = SPAN("001\xc3\xa4");
	s->version = scratch_random(seed) % 2 ? SPAN("W/\"7\"") : SPAN("");
	for (size_t i = 0; i < r->field_count; i++) {
		uint32_t kind = scratch_random(seed) % 3;

		if (kind == 1)
			s->value[i] = r->fields[i].value;
		else if (kind == 2)
			s->value[i] = some_value(seed, a);
	}
}

static void
fill(struct record *r, uint64_t *seed, struct arena *a)
{
	size_t fields = scratch_random(seed) % 70;

	*r = (struct record){ .entity = SPAN("customer"),
		.uid = SPAN("app:customer:7"),
		.version = 1 + scratch_random(seed),
		.life = (enum life)(scratch_random(seed) % 5),
		.life_time = (int64_t)scratch_random(seed) * 1000 - 500,
		.life_origin = scratch_random(seed) % 3 };
	for (size_t i = 0; i < fields; i++) {
		struct agreed_field *f = &r->fields[record_add(r,
		    (uint32_t)(1000 - i), a)];

		f = &r->fields[i];
		f->value = some_value(seed, a);
		f->time = scratch_random(seed) % 2 ? r->life_time :
		    (int64_t)scratch_random(seed) - 77;
		f->origin = scratch_random(seed) % 4;
		f->conflict = scratch_random(seed) % 2;
	}
	for (size_t i = 0; i < SYSTEMS; i++)
		if (scratch_random(seed) % 3)
			fill_side(r, systems[i], seed, a);
}

static bool
same_side(const struct record *r, const struct side *x, const struct side *y)
{
	bool same = x->system == y->system && x->life == y->life &&
	    x->revision == y->revision && x->modified == y->modified &&
	    x->synced == y->synced && x->copied == y->copied &&
	    x->unread == y->unread &&
	    span_eq(x->object, y->object) && span_eq(x->id, y->id) &&
	    span_eq(x->version, y->version);

	for (size_t i = 0; i < r->field_count; i++)
		same &= !x->value[i].ptr == !y->value[i].ptr &&
		    span_eq(x->value[i], y->value[i]);
	return same;
}

static bool
same_record(const struct record *x, const struct record *y)
{
	bool same = x->version == y->version && x->life == y->life &&
	    x->life_time == y->life_time &&
	    x->life_origin == y->life_origin &&
	    x->field_count == y->field_count &&
	    x->side_count == y->side_count;

	for (size_t i = 0; same && i < x->field_count; i++) {
		const struct agreed_field *f = &x->fields[i];
		const struct agreed_field *g = &y->fields[i];

		same = f->name == g->name && f->time == g->time &&
		    f->origin == g->origin && f->conflict == g->conflict &&
		    span_eq(f->value, g->value);
	}
	for (size_t i = 0; same && i < x->side_count; i++) {
		const struct side *s = record_side(y, x->sides[i].system);

		same = s && same_side(x, &x->sides[i], s);
	}
	return same;
}

static enum rc
put_all(struct txn *t, const struct record *r)
{
	enum rc rc = record_put_agreed(t, r, &why);

	for (size_t i = 0; i < r->side_count && !rc; i++)
		rc = record_put_side(t, r, &r->sides[i], &why);
	return rc;
}

static void
test_round_trips(struct state *s)
{
	uint64_t seed = 20261120;
	struct arena a;
	bool same = true, inside = true;

	arena_init(&a);
	for (int i = 0; i < 300 && same; i++) {
		struct record r, got;
		struct txn t;

		arena_reset(&a);
		fill(&r, &seed, &a);
		same = !txn_begin(&t, s, true, &why) && !put_all(&t, &r);
		inside &= same && !record_load(&t, r.entity, r.uid, systems,
		    SYSTEMS, &a, &got, &why) && same_record(&r, &got);
		same = same && !txn_commit(&t, &why);
		txn_abort(&t);
		same = same && !txn_begin(&t, s, false, &why) &&
		    !record_load(&t, r.entity, r.uid, systems, SYSTEMS, &a,
		    &got, &why) && same_record(&r, &got);
		txn_abort(&t);
		same = same && !txn_begin(&t, s, true, &why);
		for (size_t k = 0; k < r.side_count; k++)
			same = same && !record_del_side(&t, &r, &r.sides[k],
			    &why);
		same = same && !txn_commit(&t, &why);
		txn_abort(&t);
	}
	ok(same, "what is put is read again");
	ok(inside, "in the transaction that put it, too");
	arena_free(&a);
}

static struct span
long_text(size_t len, struct arena *a)
{
	char *text = arena_alloc(a, len);

	memset(text, 'x', len);
	text[0] = text[len - 1] = '"';
	return span_of(text, len);
}

static void
test_growth(struct state *s)
{
	struct record r, got;
	struct arena a;
	struct txn t;
	size_t last;

	arena_init(&a);
	r = (struct record){ .entity = SPAN("e"), .uid = SPAN("u"),
		.version = 1 };
	record_add(&r, 1, &a);
	record_add_side(&r, systems[0], &a)->value[0] = SPAN("\"x\"");
	ok(!txn_begin(&t, s, true, &why) && !put_all(&t, &r), "one field");
	for (uint32_t i = 2; i < 200; i++)
		record_add(&r, i, &a);
	last = record_add(&r, 199, &a);
	ok(last == 198 && r.field_count == 199, "a field has one place");
	ok(span_eq(r.sides[0].value[0], SPAN("\"x\"")) &&
	    !r.sides[0].value[198].ptr, "growing keeps what sides show");
	ok(!record_put_agreed(&t, &r, &why) && !record_load(&t, r.entity,
	    r.uid, systems, 1, &a, &got, &why) && got.field_count == 199 &&
	    span_eq(got.sides[0].value[0], SPAN("\"x\"")) &&
	    !got.sides[0].value[150].ptr,
	    "a side's row from before still holds");
	for (uint32_t i = 200; i <= RECORD_FIELDS; i++)
		record_append(&r, i, &a);
	ok(r.field_count == RECORD_FIELDS && !record_put_agreed(&t, &r, &why)
	    && !record_load(&t, r.entity, r.uid, systems, 1, &a, &got, &why),
	    "as many fields as there may be");
	record_append(&r, RECORD_FIELDS + 1, &a);
	ok(record_put_agreed(&t, &r, &why) == RC_RECORD &&
	    !record_load(&t, r.entity, r.uid, systems, 1, &a, &got, &why) &&
	    got.field_count == RECORD_FIELDS, "one more is not put, where it "
	    "could not be read: %s", why.text);
	r.field_count = 2;
	for (size_t i = 0; i < 2; i++)
		r.fields[i].value = long_text(LIMIT_LINE - 2, &a);
	ok(!record_put_agreed(&t, &r, &why) && !record_load(&t, r.entity,
	    r.uid, systems, 0, &a, &got, &why) &&
	    span_eq(got.fields[1].value, r.fields[1].value),
	    "each system's own text may be as long as its line: %s",
	    why.text);
	txn_abort(&t);
	ok(!txn_begin(&t, s, false, &why) && !record_load(&t, SPAN("e"),
	    SPAN("nobody"), systems, SYSTEMS, &a, &got, &why) &&
	    !got.version && !got.side_count, "nothing there: version 0");
	ok(record_find(&got, 1) == SIZE_MAX && !record_side(&got, 1),
	    "and nothing in it");
	txn_abort(&t);
	arena_free(&a);
}

static void
test_damage(struct state *s)
{
	static const char *const rows[] = { "", "\x01", "\x01\x01\x02",
		"\x01\x01\x02\x03\x01", "\x01\x01\x02\x03\x01\x05\x01\x7f",
		"\x01\x01\x02\x03\x00\x00", "\xff\xff\xff\xff\xff\xff\xff" };
	struct record r;
	struct arena a;
	struct txn t;
	bool refused = true;

	arena_init(&a);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t len = i == 5 ? 6 : strlen(rows[i]);

		refused &= !txn_begin(&t, s, true, &why) && !txn_put(&t,
		    TABLE_AGREED, SPAN("e\0bad"), span_of(rows[i], len),
		    &why) && record_load(&t, SPAN("e"), SPAN("bad"), systems,
		    1, &a, &r, &why) == RC_STATE;
		txn_abort(&t);
	}
	ok(refused, "damaged rows are refused: %s", why.text);
	arena_free(&a);
}

int
main(void)
{
	struct state *s = scratch_state();
	struct txn t;

	if (txn_begin(&t, s, true, &why) ||
	    name_intern(&t, SPAN("app"), &systems[0], &why) ||
	    name_intern(&t, SPAN("hub"), &systems[1], &why) ||
	    name_intern(&t, SPAN("third"), &systems[2], &why) ||
	    txn_commit(&t, &why))
		return 1;
	test_round_trips(s);
	test_growth(s);
	test_damage(s);
	state_close(s);
	return tap_done();
}
