/* SPDX-License-Identifier: MIT */
/* pairing: who is whose, whatever the order and the side. */
#include "pairing.h"

#include <stdlib.h>

#include "entity.h"
#include "tap.h"

static const char rule[] = "{entity: \"p\", similar: {same: 12, review: 0,"
    "fields: {first: \"given\", last: \"family\", mail: \"email\"}},"
    "fields: {first: {type: \"text\"}, last: {type: \"text\"},"
    "mail: {type: \"email\"}}}";

struct person {
	const char *value[3]; /* JSON; NULL: missing */
	unsigned system;
	bool known;
	int name;             /* by which the test speaks of it */
};

#define MOST 16

struct answer {
	const struct person *people;
	const size_t *order;
	char text[4096]; /* "1=2 3?4 ": sorted later */
	char pair[64][16];
	size_t count;
};

static enum rc
note(void *arg, const struct pairing_found *f, struct err *e)
{
	struct answer *a = arg;
	int x = a->people[a->order[f->a]].name;
	int y = a->people[a->order[f->b]].name;

	(void)e;
	snprintf(a->pair[a->count++], sizeof *a->pair, "%d%c%d%s",
	    x < y ? x : y, f->same ? '=' : '?', x < y ? y : x,
	    f->rival ? "!" : "");
	return RC_OK;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static const char *
find(const struct entity *en, struct answer *a, size_t n, unsigned which,
    unsigned mirror)
{
	struct pairing *p = pairing_new(en->similar, ".");
	struct pairing_tally t;
	struct err e = { "" };
	enum rc rc = RC_OK;

	a->count = 0;
	a->text[0] = '\0';
	for (size_t i = 0; i < n && !rc; i++) {
		const struct person *x = &a->people[a->order[i]];
		struct span v[3];

		for (size_t k = 0; k < 3; k++)
			v[k] = x->value[k] ? span_str(x->value[k]) :
			    span_of(NULL, 0);
		rc = pairing_add(p, v, (uint64_t)1 << (x->system ^ mirror),
		    !x->known, SPAN("x"), &e);
	}
	if (!rc)
		rc = pairing_find(p, which, &t, &e);
	if (!rc)
		rc = pairing_each(p, note, a, &e);
	pairing_free(p);
	if (rc)
		return e.text[0] ? "failed" : "failed without words";
	qsort(a->pair, a->count, sizeof *a->pair, by_text);
	for (size_t i = 0; i < a->count; i++)
		snprintf(a->text + strlen(a->text), sizeof a->text -
		    strlen(a->text), "%s%s", i ? " " : "", a->pair[i]);
	return a->text;
}

static void
open_first(const struct person *people, size_t *order, size_t n)
{
	size_t sorted[MOST], count = 0;

	for (int known = 0; known < 2; known++)
		for (size_t i = 0; i < n; i++)
			if (people[order[i]].known == known)
				sorted[count++] = order[i];
	memcpy(order, sorted, n * sizeof *order);
}

/* In every rotation, forwards and backwards, and with the sides swapped. */
static void
expect(const struct entity *en, const struct person *people, size_t n,
    unsigned which, const char *want, const char *what)
{
	struct answer a = { .people = people };
	size_t order[MOST];
	bool good = true;

	a.order = order;
	for (size_t turn = 0; turn < 2 * n * 2; turn++) {
		const char *got;

		for (size_t i = 0; i < n; i++)
			order[i] = turn & 1 ? n - 1 - (i + turn / 4) % n :
			    (i + turn / 4) % n;
		open_first(people, order, n);
		got = find(en, &a, n, which, turn >> 1 & 1);
		if (good && strcmp(got, want) != 0)
			printf("# got %s, want %s\n", got, want);
		good &= strcmp(got, want) == 0;
	}
	ok(good, "%s: %s", what, want);
}

#define ANN { "\"Ann\"", "\"Miller\"", "\"ann@acme.com\"" }
#define ANN_TYPO { "\"Ann\"", "\"Miler\"", "\"ann@acme.com\"" }
#define BOB { "\"Bob\"", "\"Lee\"", "\"bob@lee.org\"" }
#define NAME_ONLY { "\"Bob\"", "\"Lee\"", NULL }

int
main(void)
{
	static const struct person two[] = { { ANN, 0, false, 1 },
		{ ANN_TYPO, 1, false, 2 }, { BOB, 0, false, 3 },
		{ BOB, 1, false, 4 } };
	static const struct person rivals[] = { { ANN, 0, false, 1 },
		{ ANN, 1, false, 2 }, { ANN, 1, false, 3 },
		{ BOB, 0, false, 4 }, { NAME_ONLY, 1, false, 5 } };
	static const struct person three[] = { { ANN, 0, false, 1 },
		{ ANN, 1, false, 2 }, { ANN, 2, false, 3 } };
	static const struct person known[] = { { ANN, 0, true, 1 },
		{ ANN, 1, true, 2 }, { BOB, 0, true, 3 },
		{ BOB, 1, false, 4 } };
	struct entity *en = NULL;
	struct err e;

	if (entity_parse(&en, SPAN("p"), span_str(rule), "test", NULL, &e))
		return 1;
	expect(en, two, 4, PAIRING_ACROSS, "1=2 3=4", "one to one");
	expect(en, two, 4, PAIRING_WITHIN, "", "nobody twice in a system");
	expect(en, rivals, 5, PAIRING_ACROSS, "1?2! 1?3! 4?5",
	    "rivals are for a person");
	expect(en, rivals, 5, PAIRING_WITHIN, "2=3", "twice in a system");
	expect(en, rivals, 5, PAIRING_ACROSS | PAIRING_WITHIN,
	    "1?2! 1?3! 2=3 4?5", "both");
	expect(en, three, 3, PAIRING_ACROSS, "1=2 1=3 2=3",
	    "a third system is no rival");
	expect(en, known, 4, PAIRING_ACROSS, "3=4",
	    "those that are known are not held together");
	expect(en, known, 0, PAIRING_ACROSS, "", "nobody at all");
	entity_free(en);
	return tap_done();
}
