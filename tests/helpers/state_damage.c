/* SPDX-License-Identifier: MIT */
/*
 * state_damage TABLE PREFIX: takes the rows with that prefix ('|' stands for
 * NUL) out of the state of $CRM_HOME, for the tests of its repair.
 */
#include <stdio.h>

#include "state.h"

static struct err e;

static enum rc
damage(struct state *s, const char *table, char *text)
{
	struct txn t = { .mdb = NULL };
	struct span prefix = span_str(text);
	enum rc rc = txn_begin(&t, s, true, &e);

	for (size_t i = 0; i < prefix.len; i++)
		if (text[i] == '|')
			text[i] = '\0';
	if (!rc)
		rc = walk_delete(&t, state_table_find(span_str(table)), prefix,
		    &e);
	if (!rc)
		rc = txn_commit(&t, &e);
	txn_abort(&t);
	return rc;
}

int
main(int argc, char **argv)
{
	struct state *s = NULL;
	enum rc rc;

	if (argc != 3 || state_table_find(span_str(argv[1])) == TABLE_COUNT)
		return 2;
	rc = state_open(&s, false, &e);
	if (!rc)
		rc = damage(s, argv[1], argv[2]);
	if (rc)
		fprintf(stderr, "state_damage: %s\n", e.text);
	state_close(s);
	return rc ? 1 : 0;
}
