/* SPDX-License-Identifier: MIT */
/* literal_keys: keys and words nobody knows, and what was meant. */
#include "literal.h"

unsigned
literal_distance(struct span a, struct span b)
{
	unsigned row[3][32];
	unsigned best, cost;
	size_t i, j;

	if (a.len > 30 || b.len > 30)
		return 9;
	for (j = 0; j <= b.len; j++)
		row[1][j] = (unsigned)j;
	for (i = 1; i <= a.len; i++) {
		if (i > 1) {
			memcpy(row[0], row[1], sizeof(row[0]));
			memcpy(row[1], row[2], sizeof(row[1]));
		}
		row[2][0] = (unsigned)i;
		for (j = 1; j <= b.len; j++) {
			cost = a.ptr[i - 1] != b.ptr[j - 1];
			best = row[1][j - 1] + cost;
			if (row[1][j] + 1 < best)
				best = row[1][j] + 1;
			if (row[2][j - 1] + 1 < best)
				best = row[2][j - 1] + 1;
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
			    a.ptr[i - 2] == b.ptr[j - 1] &&
			    row[0][j - 2] + 1 < best)
				best = row[0][j - 2] + 1;
			row[2][j] = best;
		}
	}
	best = a.len ? row[2][b.len] : (unsigned)b.len;
	return best < 9 ? best : 9;
}

const char *
literal_nearest(struct span word, const char *const *known)
{
	const char *best = NULL;
	unsigned least = 3, d;

	for (; *known; known++) {
		d = literal_distance(word, span_str(*known));
		if (d < least && d < strlen(*known)) {
			least = d;
			best = *known;
		}
	}
	return best;
}

int
literal_index(struct span word, const char *const *known)
{
	int i;

	for (i = 0; known[i]; i++)
		if (span_eq(word, span_str(known[i])))
			return i;
	return -1;
}

enum rc
literal_keys(const struct json *j, uint32_t object,
    const char *const *known, struct err *e)
{
	const char *near;
	struct span word;

	for (JSON_EACH(j, object, key, value)) {
		word = json_inner(j, key);
		if (literal_index(word, known) >= 0)
			continue;
		near = literal_nearest(word, known);
		if (!near)
			return err_set(e, RC_CONFIG, "unknown key \"%.*s\"",
			    SPAN_ARG(word));
		return err_set(e, RC_CONFIG, "unknown key \"%.*s\" (did you"
		    " mean \"%s\"?)", SPAN_ARG(word), near);
	}
	return RC_OK;
}
