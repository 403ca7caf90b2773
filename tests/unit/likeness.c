/* SPDX-License-Identifier: MIT */
/* likeness: rules, values as they are compared, and what pairs weigh. */
#include "likeness.h"

#include <stdlib.h>

#include "entity.h"
#include "tap.h"

static const char person[] = "{entity: \"p\", similar: {same: 12, review: 0,"
    "fields: {first: \"given\", last: \"family\", born: \"date\","
    "mail: \"email\", tel: \"phone\", mob: \"phone\", street: \"street\","
    "city: \"city\", id: \"id\"}}, fields: {first: {type: \"text\"},"
    "last: {type: \"text\"}, born: {type: \"date\"}, mail: {type: \"email\"},"
    "tel: {type: \"phone\"}, mob: {type: \"phone\"}, street: {type: \"text\"},"
    "city: {type: \"text\"}, id: {type: \"text\"}}}";
static const char company[] = "{entity: \"c\", similar: {same: 12, review: 0,"
    "fields: {name: \"company\", web: \"domain\", tel: \"phone\","
    "street: \"street\", city: \"city\"}}, fields: {name: {type: \"text\"},"
    "web: {type: \"url\"}, tel: {type: \"phone\"}, street: {type: \"text\"},"
    "city: {type: \"text\"}}}";

enum { FIELDS = 9 };
typedef const char *values[FIELDS]; /* JSON texts; NULL: missing */

static struct entity *
load(const char *text, const char *name)
{
	struct entity *en = NULL;
	struct err e = { "" };

	if (entity_parse(&en, span_str(name), span_str(text), "test", NULL,
	    &e))
		printf("# %s\n", e.text);
	return en;
}

static void
features(const struct entity *en, const values v, struct buf *out)
{
	struct span value[FIELDS];
	struct likeness_room room;

	likeness_room_init(&room);
	for (size_t i = 0; i < FIELDS; i++)
		value[i] = v[i] ? span_str(v[i]) : span_of(NULL, 0);
	likeness_features(en->similar, value, &room, out);
	likeness_room_free(&room);
}

/* The score of two records, the same from either side. */
static int
score(const struct entity *en, const values a, const values b)
{
	struct span x[LIKENESS_SLOTS], y[LIKENESS_SLOTS];
	struct likeness_weights w, back;
	struct likeness_count c;
	struct buf one, two;

	likeness_count_init(&c);
	buf_init(&one, 1 << 16, "features");
	buf_init(&two, 1 << 16, "features");
	features(en, a, &one);
	features(en, b, &two);
	likeness_split(en->similar, one.ptr, x);
	likeness_split(en->similar, two.ptr, y);
	likeness_count_add(&c, en->similar, x);
	likeness_count_add(&c, en->similar, y);
	likeness_weigh(&c, en->similar, x, y, &w);
	likeness_weigh(&c, en->similar, y, x, &back);
	if (w.total != back.total)
		ok(false, "the score is the same from either side");
	buf_free(&one);
	buf_free(&two);
	likeness_count_free(&c);
	return w.total;
}

/* What is to become of the two. */
static void
expect(const struct entity *en, const values a, const values b,
    const char *want, const char *what)
{
	int n = score(en, a, b);
	const char *got = n >= en->similar->same ? "same" :
	    n >= en->similar->review ? "review" : "apart";

	ok(strcmp(got, want) == 0, "%s: %s (%d)", what, want, n);
}

static void
test_people(void)
{
	struct entity *en = load(person, "p");
	values ann = { "\"Ann\"", "\"Miller\"", "\"1980-02-03\"",
		"\"ann@acme.com\"", "\"+12025550100\"", NULL,
		"\"12 Oak Street\"", "\"Boston\"", NULL };
	values typo = { "\"Anne\"", "\"Miler\"", "\"1980-02-03\"", NULL,
		NULL, NULL, "\"12 Oak St.\"", "\"Boston\"", NULL };
	values swapped = { "\"Miller\"", "\"Ann\"", "\"1980-03-02\"", NULL,
		NULL, NULL, NULL, "\"Boston\"", NULL };
	values mobile = { "\"Ann\"", "\"Miller\"", NULL, NULL, NULL,
		"\"2025550100\"", NULL, NULL, NULL };
	values spouse = { "\"Tom\"", "\"Miller\"", NULL, NULL,
		"\"+12025550100\"", NULL, "\"12 Oak Street\"", "\"Boston\"",
		NULL };
	values shares = { "\"Tom\"", "\"Miller\"", NULL, "\"ann@acme.com\"",
		"\"+12025550100\"", NULL, "\"12 Oak Street\"", "\"Boston\"",
		NULL };
	values twin = { "\"Tom\"", "\"Miller\"", "\"1980-02-03\"", NULL,
		"\"+12025550100\"", NULL, "\"12 Oak Street\"", "\"Boston\"",
		NULL };
	values namesake = { "\"Ann\"", "\"Miller\"", NULL, NULL, NULL, NULL,
		NULL, "\"Boston\"", NULL };
	values other = { "\"Ann\"", "\"Miller\"", "\"1931-11-25\"", NULL,
		NULL, NULL, "\"7 Elm Road\"", "\"Reno\"", NULL };
	values nobody = { NULL };
	values bob = { "\"Bob\"", "\"Lee\"", NULL, "\"bob@lee.org\"" };
	values robert = { "\"Robert\"", "\"Lee\"", NULL, "\"bob@lee.org\"" };
	values old_id = { "\"Ann\"", NULL, NULL, NULL, NULL, NULL, NULL,
		NULL, "\"4711-889\"" };
	values new_id = { "\"Tom\"", NULL, NULL, NULL, NULL, NULL, NULL,
		NULL, "\"5823-110\"" };

	expect(en, ann, ann, "same", "all of it");
	expect(en, ann, typo, "same", "letters that differ");
	expect(en, ann, swapped, "same", "names and day exchanged");
	expect(en, ann, mobile, "same", "the phone is the other's mobile");
	expect(en, bob, robert, "same", "short for a name, one address");
	expect(en, ann, spouse, "apart", "a spouse is another");
	expect(en, ann, shares, "review", "who shares the mailbox, too");
	expect(en, ann, twin, "review", "a twin is for a person");
	expect(en, ann, namesake, "review", "a name in the same city");
	expect(en, ann, other, "apart", "another of that name");
	expect(en, ann, nobody, "apart", "nothing known is nothing said");
	expect(en, nobody, nobody, "apart", "nothing held against nothing");
	expect(en, old_id, new_id, "apart", "another number");
	entity_free(en);
}

static void
test_companies(void)
{
	struct entity *en = load(company, "c");
	values acme = { "\"Acme GmbH\"", "\"https://www.acme.com/\"",
		"\"+49301234567\"", "\"Hauptstra\303\237e 5\"",
		"\"Berlin\"" };
	values plain = { "\"ACME\"", "\"http://acme.com/de\"", NULL, NULL,
		NULL };
	values house = { "\"Green AG\"", NULL, "\"+49301234567\"",
		"\"Hauptstr. 5\"", "\"Berlin\"" };
	values sister = { "\"Zebra Leasing\"", "\"https://acme.com\"",
		"\"+49301234567\"", "\"Hauptstr. 5\"", "\"Berlin\"" };
	values muller = { "\"M\xc3\xbcller Bau GmbH & Co. KG\"", NULL, NULL,
		"\"Ring 7\"", "\"K\xc3\xb6ln\"" };
	values mueller = { "\"Mueller Bau\"", NULL, NULL, "\"Ring 7\"",
		"\"Koeln\"" };
	values branch = { "\"Acme GmbH\"", NULL, NULL, "\"Ring 9\"",
		"\"M\xc3\xbcnchen\"" };
	values store = { "\"Store 12\"", NULL, NULL, NULL, "\"Berlin\"" };
	values next = { "\"Store 13\"", NULL, NULL, NULL, "\"Berlin\"" };

	expect(en, acme, plain, "same", "legal form and www. say nothing");
	expect(en, acme, house, "apart", "two of one house");
	expect(en, acme, sister, "review", "another name, one host");
	expect(en, muller, mueller, "same", "umlauts written out");
	expect(en, acme, branch, "apart", "a name elsewhere");
	expect(en, store, next, "apart", "a number in a name tells");
	entity_free(en);
}

static void
test_rare(void)
{
	struct entity *en = load(person, "p");
	struct likeness_count c;
	struct span v[LIKENESS_SLOTS] = { { NULL, 0 } };
	int common, rare;

	likeness_count_init(&c);
	for (int i = 0; i < 5000; i++) {
		v[1] = i % 10 ? SPAN("smith") : SPAN("x");
		likeness_count_add(&c, en->similar, v);
	}
	v[1] = SPAN("zwingli");
	likeness_count_add(&c, en->similar, v);
	likeness_count_add(&c, en->similar, v);
	common = likeness_rarity(&c, en->similar, 1, SPAN("smith"));
	rare = likeness_rarity(&c, en->similar, 1, SPAN("zwingli"));
	ok(common < 100 && rare > 1000, "rare names weigh more: %d, %d",
	    common, rare);
	likeness_count_free(&c);
	entity_free(en);
	ok(likeness_log2(1) == 0 && likeness_log2(2) == 100 &&
	    likeness_log2(1024) == 1000 && likeness_log2((uint64_t)1 << 40) ==
	    4000, "logarithms of powers of two");
	ok(likeness_log2(3) > 148 && likeness_log2(3) < 160, "and between");
}

/* How many numbers of blocks two have in common. */
static size_t
shared(const struct entity *en, const values a, const values b)
{
	struct span x[LIKENESS_SLOTS];
	uint64_t one[LIKENESS_BLOCKS], two[LIKENESS_BLOCKS];
	struct buf t;
	size_t n, m, both = 0;

	buf_init(&t, 1 << 16, "features");
	features(en, a, &t);
	likeness_split(en->similar, t.ptr, x);
	n = likeness_blocks(en->similar, x, one);
	buf_reset(&t);
	features(en, b, &t);
	likeness_split(en->similar, t.ptr, x);
	m = likeness_blocks(en->similar, x, two);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			both += one[i] == two[j];
	buf_free(&t);
	return both;
}

static void
test_blocks(void)
{
	struct entity *en = load(person, "p");
	values a = { "\"Ann\"", "\"Miller\"", NULL, NULL, NULL, NULL, NULL,
		"\"Boston\"", NULL };
	values b = { "\"Miller\"", "\"Ann\"", NULL, NULL, NULL, NULL, NULL,
		"\"Reno\"", NULL };
	values c = { "\"Anne\"", "\"Miller\"", NULL, NULL, NULL, NULL, NULL,
		"\"Boston\"", NULL };
	values d = { "\"Ann\"", "\"Brown\"", NULL, NULL, NULL, NULL, NULL,
		"\"Reno\"", NULL };

	ok(shared(en, a, b) == 1, "exchanged names meet");
	ok(shared(en, a, c) == 1, "a misspelt one meets by the others");
	ok(shared(en, a, d) == 0, "a first name alone is no reason");
	entity_free(en);
}

static void
test_long_values(void)
{
	struct entity *en = load(person, "p");
	char text[3000];
	values a = { text, text, text, text, text, text, text, text, text };

	memset(text, 'a', sizeof text);
	text[0] = text[sizeof text - 2] = '"';
	text[sizeof text - 1] = '\0';
	expect(en, a, a, "same", "values of any length");
	for (size_t i = 1; i < sizeof text - 2; i += 2)
		text[i] = ' ';
	expect(en, a, a, "same", "and many words");
	entity_free(en);
}

static void
test_rules(void)
{
	static const char *const bad[] = {
		"{entity: \"p\", similar: 1, fields: {a: {type: \"text\"}}}",
		"{entity: \"p\", similar: {same: 1, fields: {a: \"text\"}},"
		"fields: {a: {type: \"text\"}}}",
		"{entity: \"p\", similar: {same: 1, review: 2, fields:"
		"{a: \"text\"}}, fields: {a: {type: \"text\"}}}",
		"{entity: \"p\", similar: {same: 1, review: 0, fields:"
		"{b: \"text\"}}, fields: {a: {type: \"text\"}}}",
		"{entity: \"p\", similar: {same: 1, review: 0, fields:"
		"{a: \"surname\"}}, fields: {a: {type: \"text\"}}}",
		"{entity: \"p\", similar: {same: 1, review: 0, feilds: {}},"
		"fields: {a: {type: \"text\"}}}",
	};
	struct entity *en;
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		e.text[0] = '\0';
		ok(entity_parse(&en, SPAN("p"), span_str(bad[i]), "test",
		    NULL, &e) == RC_CONFIG, "refused: %s", e.text);
	}
}

int
main(void)
{
	test_people();
	test_companies();
	test_rare();
	test_blocks();
	test_long_values();
	test_rules();
	return tap_done();
}
