/* SPDX-License-Identifier: MIT */
/* crm-match: canonical records -> pairs that are, or may be, the same one. */
#include "match.h"

#include <stdlib.h>
#include <unistd.h>

static struct match match = { .same = NOT_SAID, .review = NOT_SAID };

static const struct opt opts[] = {
	{ 0, "within", NULL, "look inside each system, too", OPT_FLAG,
	    &match.within, 0, 0 },
	{ 0, "preview", NULL, "show what a merge of the two would be",
	    OPT_FLAG, &match.preview, 0, 0 },
	{ 0, "same", "BITS", "score from which a pair is the same",
	    OPT_COUNT, &match.same, 0, 100 },
	{ 0, "review", "BITS", "score from which a pair is shown", OPT_COUNT,
	    &match.review, 0, 100 },
	{ 0, "subset", NULL, "records were filtered out on purpose", OPT_FLAG,
	    &match.subset, 0, 0 },
	OPT_END
};

static const struct run_program program = { "crm-match", "", opts, 0, 0 };

/* What was not compared is said. */
static void
tell_tally(struct match *m, const struct pairing_tally *t)
{
	const struct where nowhere = { 0 };

	if (t->blocks_left_out)
		run_notice(&m->run, &nowhere, "%llu groups of records with "
		    "common values are too large to compare each with each "
		    "(%llu pairs); theirs are found by other values only",
		    (unsigned long long)t->blocks_left_out,
		    (unsigned long long)t->pairs_left_out);
	run_detail(&m->run, &nowhere, "%llu records, %llu pairs compared, "
	    "%llu the same, %llu for review", (unsigned long long)t->records,
	    (unsigned long long)t->compared, (unsigned long long)
	    m->told_same, (unsigned long long)m->told_review);
}

static enum rc
find(struct match *m, struct err *e)
{
	struct pairing_tally t;
	unsigned which = m->systems > 1 ? PAIRING_ACROSS : PAIRING_WITHIN;
	enum rc rc;

	if (m->within)
		which |= PAIRING_WITHIN;
	rc = pairing_find(m->pairing, which, &t, e);
	if (!rc)
		rc = tell_pairs(m, e);
	if (!rc)
		tell_tally(m, &t);
	return rc;
}

static void
open_all(struct match *m)
{
	stream_in_open(&m->in, STDIN_FILENO, NULL);
	stream_line_init(&m->line);
	stream_out_open(&m->out, STDOUT_FILENO);
	arena_init(&m->names);
	arena_init(&m->scratch);
	kept_init(&m->kept);
}

static void
close_all(struct match *m)
{
	pairing_free(m->pairing);
	entity_free(m->entity);
	kept_free(&m->kept);
	arena_free(&m->names);
	arena_free(&m->scratch);
	free(m->values);
	stream_line_free(&m->line);
	stream_in_free(&m->in);
	stream_out_free(&m->out);
}

int
main(int argc, char **argv)
{
	const struct where nowhere = { 0 };
	struct err e = { "" };
	enum rc rc;

	run_open(&match.run, &program, argc, argv);
	open_all(&match);
	rc = intake(&match, &e);
	if (!rc && match.pairing)
		rc = find(&match, &e);
	if (!rc)
		rc = stream_out_flush(&match.out, &e);
	if (rc && rc != RC_RECORD) /* that is --strict: already said */
		run_problem(&match.run, &nowhere, rc, &e);
	close_all(&match);
	return run_close(&match.run);
}
