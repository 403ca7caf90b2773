/* SPDX-License-Identifier: MIT */
/*
 * people: canonical records of people, for crm-match.  A person depends on
 * the number only; the other side has nine tenths of them, each with up to
 * four mistakes: letters, digits, names exchanged or replaced, blanks.  One
 * in ten shares a household with the one before.
 *
 * usage: people -n ROWS [-o]      -o: the other side
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"

enum field { GIVEN, FAMILY, BIRTH, ID, NUMBER, STREET, CITY, POSTCODE, STATE,
	FIELDS };

static const char *const names[FIELDS] = { "given_name", "family_name",
	"birthdate", "national_id", "street_number", "street", "city",
	"postal_code", "state" };

#define TEXT 48

struct person {
	char text[FIELDS][TEXT];
};

static uint64_t
next(uint64_t *s)
{
	uint64_t z = (*s += 0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t
below(uint64_t *s, uint64_t n)
{
	return next(s) % n;
}

/* Small numbers far more often than large ones, as names are. */
static uint64_t
skewed(uint64_t *s, uint64_t n)
{
	uint64_t x = below(s, 1000000), y = below(s, 1000000);

	return x * y / 1000000 * n / 1000000;
}

/* A word for a number: always the same, and pronounceable. */
static void
word(char *to, uint64_t kind, uint64_t number)
{
	static const char consonants[] = "bcdfghjklmnprstvwz";
	static const char vowels[] = "aeiou";
	uint64_t s = kind << 40 | number;
	size_t syllables = 2 + below(&s, 2), n = 0;

	for (size_t i = 0; i < syllables; i++) {
		to[n++] = consonants[below(&s, sizeof consonants - 1)];
		to[n++] = vowels[below(&s, sizeof vowels - 1)];
		if (below(&s, 2))
			to[n++] = consonants[below(&s, sizeof consonants -
			    1)];
	}
	to[n] = '\0';
}

static void
make_home(struct person *p, uint64_t *s)
{
	static const char *const ends[] = { "street", "road", "avenue",
		"place", "court", "drive" };
	uint64_t place = skewed(s, 3000), state = place % 8;
	char name[TEXT];

	word(p->text[FAMILY], 2, skewed(s, 60000));
	word(name, 3, below(s, 30000));
	snprintf(p->text[NUMBER], TEXT, "%" PRIu64, 1 + skewed(s, 300));
	snprintf(p->text[STREET], TEXT, "%.30s %s", name, ends[below(s, 6)]);
	word(p->text[CITY], 4, place);
	snprintf(p->text[POSTCODE], TEXT, "%04" PRIu64, 1000 + place * 3);
	snprintf(p->text[STATE], TEXT, "s%" PRIu64, state);
}

static void
make(struct person *p, uint64_t number)
{
	uint64_t s = number * 7919 + 13, shared = number % 10 == 9;
	uint64_t home = (number - shared) * 104729 + 7;

	make_home(p, &home);
	word(p->text[GIVEN], 1, skewed(&s, 2500));
	snprintf(p->text[BIRTH], TEXT, "%04u%02u%02u",
	    1930 + (unsigned)below(&s, 75), 1 + (unsigned)below(&s, 12),
	    1 + (unsigned)below(&s, 28));
	snprintf(p->text[ID], TEXT, "%09" PRIu64, below(&s, 1000000000));
}

static void
edit(char *text, uint64_t *s)
{
	size_t len = strlen(text), at;
	bool digit = len && text[0] >= '0' && text[0] <= '9';
	char letter = digit ? (char)('0' + below(s, 10)) :
	    (char)('a' + below(s, 26));

	if (len < 2 || len + 2 > TEXT)
		return;
	at = below(s, len - 1);
	switch (below(s, 4)) {
	case 0:
		text[at] = letter;
		break;
	case 1:
		memmove(text + at, text + at + 1, len - at);
		break;
	case 2:
		memmove(text + at + 1, text + at, len - at + 1);
		text[at] = letter;
		break;
	default:
		letter = text[at];
		text[at] = text[at + 1];
		text[at + 1] = letter;
	}
}

static void
spoil(struct person *p, uint64_t *s)
{
	enum field f = (enum field)below(s, FIELDS);
	uint64_t how = below(s, 20);
	char other[TEXT];

	if (how == 0 && f != ID) {
		p->text[f][0] = '\0';
	} else if (how == 1) {
		memcpy(other, p->text[GIVEN], TEXT);
		memcpy(p->text[GIVEN], p->text[FAMILY], TEXT);
		memcpy(p->text[FAMILY], other, TEXT);
	} else if (how == 2 && f <= FAMILY) {
		word(p->text[f], 5, below(s, 5000));
	} else {
		edit(p->text[f], s);
	}
}

/* Returns the identity's share of the section's digest. */
static uint64_t
put(const struct person *p, const char *system, uint64_t number)
{
	char id[TEXT];
	int len = snprintf(id, sizeof id, "%" PRIu64, number);

	printf("{\"type\":\"record\",\"system\":\"%s\",\"object\":\"people\","
	    "\"entity\":\"person\",\"id\":\"%" PRIu64 "\",\"fields\":{",
	    system, number);
	for (size_t f = 0; f < FIELDS; f++)
		printf("%s\"%s\":\"%s\"", f ? "," : "", names[f], p->text[f]);
	puts("}}");
	return hash_identity(hash_section(span_str(system), SPAN("people")),
	    span_of(id, (size_t)len));
}

int
main(int argc, char **argv)
{
	uint64_t rows = 1000, digest = 0;
	bool other = false;
	const char *system;
	int letter;

	while ((letter = getopt(argc, argv, "n:o")) != -1)
		switch (letter) {
		case 'n':
			rows = strtoull(optarg, NULL, 10);
			break;
		case 'o':
			other = true;
			break;
		default:
			return 2;
		}
	system = other ? "right" : "left";
	printf("{\"type\":\"begin\",\"system\":\"%s\",\"object\":\"people\","
	    "\"entity\":\"person\",\"mode\":\"full\"}\n", system);
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t number = other ? i + rows / 10 : i;
		uint64_t s = number + 99991;
		struct person p;

		make(&p, number);
		for (uint64_t n = other ? below(&s, 5) : 0; n; n--)
			spoil(&p, &s);
		digest += put(&p, system, number);
	}
	printf("{\"type\":\"end\",\"system\":\"%s\",\"object\":\"people\","
	    "\"complete\":true,\"count\":%" PRIu64 ",\"digest\":\"%016" PRIx64
	    "\"}\n", system, rows, digest);
	return fflush(stdout) == 0 ? 0 : 1;
}
