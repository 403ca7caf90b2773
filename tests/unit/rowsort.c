/* SPDX-License-Identifier: MIT */
/* rowsort: all rows once, in order, in memory or not. */
#include "rowsort.h"

#include <stdlib.h>

#include "tap.h"

static bool
holds(struct rowsort *s, uint64_t count)
{
	struct row *rows, last = { 0, 0 };
	uint64_t seen = 0;
	struct err e;
	bool good = true;
	size_t n;

	for (size_t part = 0; part < ROWSORT_PARTS; part++) {
		if (rowsort_part(s, part, &rows, &n, &e))
			return false;
		for (size_t i = 0; i < n; i++) {
			good &= !seen++ || rows[i].key > last.key ||
			    (rows[i].key == last.key && rows[i].value >
			    last.value);
			last = rows[i];
		}
	}
	return good && seen == count;
}

/* Rows that are equal count once. */
static void
test(uint64_t count, unsigned bits)
{
	struct rowsort *s = rowsort_new(".", bits);
	bool good = true;
	struct err e;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t mixed = i * 0x9e3779b97f4a7c15 >> (64 - bits);

		good &= !rowsort_add(s, mixed, i, &e);
		good &= !rowsort_add(s, mixed, i, &e);
	}
	ok(good, "%llu rows go in", (unsigned long long)count);
	ok(holds(s, count), "and come out sorted, each once");
	ok(holds(s, count), "and again");
	rowsort_free(s);
}

int
main(void)
{
	struct rowsort *s = rowsort_new("/nowhere/at/all", 64);
	struct err e;
	enum rc rc = RC_OK;

	test(0, 64);
	test(1, 64);
	test(5000, 40);
	test(400000, 64);
	for (uint64_t i = 0; i < 100000 && !rc; i++)
		rc = rowsort_add(s, 1, i, &e);
	ok(rc == RC_SYSTEM, "a folder that is not there is said");
	rowsort_free(s);
	return tap_done();
}
