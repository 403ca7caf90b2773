/* SPDX-License-Identifier: MIT */
#include "spool.h"

#include <stdint.h>

#include "scratch.h"
#include "tap.h"

struct entry {
	char key[24];
	uint32_t number; /* order of arrival, and in the payload */
	uint32_t size;
};

static int
by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	return c ? c : (x->number > y->number) - (x->number < y->number);
}

/* A payload that says which entry it is of. */
static struct span
payload(const struct entry *e, char *room)
{
	memset(room, (int)('a' + e->number % 26), e->size);
	memcpy(room, &e->number, sizeof e->number);
	return span_of(room, e->size);
}

static bool
reads_as(struct spool *s, const struct entry *want, size_t n, char *room)
{
	struct span key, value;
	struct err e;
	bool same = spool_rewind(s, &e) == RC_OK;

	for (size_t i = 0; i < n && same; i++)
		same = spool_next(s, &key, &value, &e) == RC_OK &&
		    span_eq(key, span_str(want[i].key)) &&
		    span_eq(value, payload(&want[i], room));
	return same && spool_next(s, &key, &value, &e) == RC_END &&
	    spool_next(s, &key, &value, &e) == RC_END;
}

/* Against qsort; few different keys, so that many are equal. */
static void
test_sorted(const char *name, size_t n, size_t memory, uint32_t keys,
    uint32_t most, bool ordered)
{
	struct entry *all = calloc(n + 1, sizeof *all);
	char *room = malloc(most + 8);
	struct spool *s = spool_new(scratch_dir, memory);
	uint64_t seed = n * 31 + memory;
	struct err e;
	bool added = true;

	for (size_t i = 0; i < n; i++) {
		snprintf(all[i].key, sizeof all[i].key, "k%06u", ordered ?
		    (uint32_t)i / 3 : scratch_random(&seed) % keys);
		all[i].number = (uint32_t)i;
		all[i].size = 4 + scratch_random(&seed) % most;
		added &= spool_add(s, span_str(all[i].key),
		    payload(&all[i], room), &e) == RC_OK;
	}
	qsort(all, n, sizeof *all, by_key);
	ok(added && reads_as(s, all, n, room), "%s: sorted, equal keys in "
	    "order of arrival", name);
	ok(reads_as(s, all, n, room), "%s: read again", name);
	spool_free(s);
	free(room);
	free(all);
}

static size_t
files_in(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void
test_failure(void)
{
	struct spool *s = spool_new("/nowhere/at/all", 256);
	struct err e;
	enum rc rc = RC_OK;

	for (int i = 0; i < 100 && !rc; i++)
		rc = spool_add(s, SPAN("key"), SPAN("some payload"), &e);
	ok(rc == RC_SYSTEM, "no place for its files: %s", e.text);
	spool_free(s);
	spool_free(NULL);
}

int
main(void)
{
	size_t before;

	scratch_make();
	before = files_in(scratch_dir);
	test_sorted("nothing", 0, 1024, 1, 10, false);
	test_sorted("one", 1, 1024, 1, 10, false);
	test_sorted("in memory", 1000, 1 << 20, 100, 50, false);
	test_sorted("in order", 1000, 1 << 20, 100, 50, true);
	test_sorted("spilled", 5000, 4096, 300, 50, false);
	test_sorted("spilled in order", 5000, 4096, 300, 50, true);
	test_sorted("one key", 3000, 2048, 1, 40, false);
	test_sorted("many runs", 20000, 1024, 100000, 20, false);
	test_sorted("entries over the memory", 200, 512, 20, 5000, false);
	test_sorted("entries over a block", 20, 512, 5, 600000, false);
	ok(files_in(scratch_dir) == before, "no file is left");
	test_failure();
	return tap_done();
}
