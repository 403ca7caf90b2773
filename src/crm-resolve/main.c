/* SPDX-License-Identifier: MIT */
/* crm-resolve: changes of all systems -> what each system is to be told. */
#include "resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/failed.h"
#include "rules.h"
#include "share.h"
#include "unread.h"

#define SPOOL_MEMORY ((size_t)64 << 20)
#define TODO_CAP ((size_t)64 << 20)

/* Ceilings in percent of a system's records; see ceilings.c and -h. */
static struct resolve resolve = { .max_creates = 50, .max_updates = 50,
	.max_deletes = 10, .max_clears = 10, .max_first = 10,
	.max_spread = 30, .share = SHARE_ALL };

static const struct opt opts[] = {
	{ 'n', "dry-run", NULL, "print the plan, change nothing", OPT_FLAG,
	    &resolve.dry_run, 0, 0 },
	{ 0, "propose", NULL, "decide, but release nothing to the loaders",
	    OPT_FLAG, &resolve.propose, 0, 0 },
	{ 0, "share", "N%", "release only a stable share of the records "
	    "(100%)", OPT_STRING, &resolve.share_text, 0, 0 },
	{ 0, "subset", NULL, "lines were filtered out on purpose", OPT_FLAG,
	    &resolve.subset, 0, 0 },
	{ 0, "duplicates", "HOW", "records of one system that are the same: "
	    "keep, review, merge or skip (keep)", OPT_STRING,
	    &resolve.duplicates_text, 0, 0 },
	{ 0, "max-creates", "%", "ceiling on creates, of a system's records; "
	    "1000 are free (50)", OPT_COUNT, &resolve.max_creates, 0, 10000 },
	{ 0, "max-updates", "%", "ceiling on updates; 1000 are free (50)",
	    OPT_COUNT, &resolve.max_updates, 0, 10000 },
	{ 0, "max-deletes", "%", "ceiling on archives and deletes; 5 are free "
	    "(10)", OPT_COUNT, &resolve.max_deletes, 0, 10000 },
	{ 0, "max-clears", "%", "ceiling on cleared fields; 100 are free "
	    "(10)", OPT_COUNT, &resolve.max_clears, 0, 10000 },
	{ 0, "max-first", "%", "ceiling on values replaced at first contact; "
	    "100 are free (10)", OPT_COUNT, &resolve.max_first, 0, 10000 },
	{ 0, "max-spread", "%", "ceiling on records that get one value in one "
	    "field; 100 are free (30)", OPT_COUNT, &resolve.max_spread, 0,
	    10000 },
	{ 0, "allow", "NUMBER:HASH", "let this very plan pass its ceiling",
	    OPT_STRING, &resolve.override, 0, 0 },
	OPT_END
};

static const struct run_program program = { "crm-resolve", "[ENTITY...]",
	opts, 0, -1 };

static enum rc
parse_duplicates(struct resolve *r, struct err *e)
{
	static const char *const words[] = { "keep", "review", "merge",
		"skip" };

	if (!r->duplicates_text)
		return RC_OK;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], r->duplicates_text) == 0) {
			r->on_duplicate = (enum duplicates)i;
			return RC_OK;
		}
	return err_set(e, RC_CONFIG, "--duplicates is keep, review, merge or "
	    "skip");
}

static bool
asked_for(const struct resolve *r, struct span entity)
{
	if (!r->run.operands)
		return true;
	for (char **name = r->run.operand; *name; name++)
		if (span_eq(span_str(*name), entity))
			return true;
	return false;
}

enum rc
resolve_policy(struct resolve *r, struct span entity, struct policy **p,
    struct err *e)
{
	enum rc rc;

	for (size_t i = 0; i < r->policy_count; i++)
		if (span_eq(r->policy[i]->entity->name, entity)) {
			*p = r->policy[i];
			return RC_OK;
		}
	if (!asked_for(r, entity))
		return err_set(e, RC_CONFIG, "a section of %.*s, which is not "
		    "among the entities asked for", SPAN_ARG(entity));
	if (r->policy_count == LIMIT_SYSTEMS)
		return err_set(e, RC_CONFIG, "more than %d entities",
		    LIMIT_SYSTEMS);
	rc = policy_load(p, entity, &r->systems, SPAN(""), e);
	if (rc)
		return rc;
	r->policy[r->policy_count++] = *p;
	(*p)->beside = r->policy;
	(*p)->beside_count = &r->policy_count;
	return rules_open(*p, e);
}

/* Names must have their numbers before anything is decided. */
static enum rc
bind_policies(struct resolve *r, struct err *e)
{
	struct txn t = { .mdb = NULL };
	enum rc rc = RC_OK;

	if (r->dry_run)
		return RC_OK;
	rc = txn_begin(&t, r->state, true, e);
	for (size_t i = 0; i < r->policy_count && !rc; i++)
		rc = policy_bind(r->policy[i], &t, e);
	if (!rc && r->state->name_count > t.names_before)
		rc = txn_commit(&t, e);
	txn_abort(&t);
	return rc;
}

static enum rc
open_all(struct resolve *r, struct err *e)
{
	enum rc rc = state_open(&r->state, r->dry_run, e);

	arena_init(&r->arena);
	match_room_init(&r->match_room);
	buf_init(&r->todo, TODO_CAP, "to-do list");
	stream_out_open(&r->out, STDOUT_FILENO);
	r->audit = r->dry_run ? NULL : audit_new();
	r->spool = spool_new(home_path(), SPOOL_MEMORY);
	return rc ? rc : systems_load(&r->systems, e);
}

static void
close_all(struct resolve *r)
{
	counts_free(r);
	for (size_t i = 0; i < r->policy_count; i++) {
		rules_close(r->policy[i]);
		policy_free(r->policy[i]);
	}
	spool_free(r->spool);
	spool_free(r->match_rows);
	match_room_free(&r->match_room);
	audit_free(r->audit);
	systems_free(&r->systems);
	stream_out_free(&r->out);
	buf_free(&r->todo);
	arena_free(&r->arena);
	state_close(r->state);
}

/* An export is read again by whoever has it, and by nobody else. */
static void
tell_moved(struct resolve *r)
{
	run_notice(&r->run, NULL, "%llu records moved meanwhile and are read "
	    "again next time%s", (unsigned long long)r->moved,
	    r->exports_moved ? ", of a file when it is imported again" : "");
	if (r->exports_moved)
		run_outcome(&r->run, RC_RECORD);
}

/* What the intake could not use it has said itself. */
static enum rc
decide_and_commit(struct resolve *r, struct err *e)
{
	enum rc rc = bind_policies(r, e);

	if (!rc)
		rc = identify(r, e);
	if (!rc)
		rc = plan_begin(r, e);
	if (!rc)
		rc = judge(r, e);
	if (rc == RC_PERSON && r->dry_run) { /* who looks sees it whole */
		run_problem(&r->run, NULL, rc, e);
		rc = RC_OK;
	}
	if (!rc && !r->dry_run) {
		/* judging counted lines it did not print */
		stream_out_section(&r->out, SPAN("*"), SPAN("plan"));
		rc = stream_out_flush(&r->out, e);
	}
	if (!rc && !r->dry_run)
		rc = apply(r, e);
	if (!rc && r->moved)
		tell_moved(r);
	if (!rc)
		unread_tell(r);
	return rc ? rc : plan_end(r, e);
}

int
main(int argc, char **argv)
{
	struct resolve *r = &resolve;
	struct err e = { "" };
	enum rc rc = RC_OK;

	run_open(&r->run, &program, argc, argv);
	if (r->share_text)
		rc = share_parse(r->share_text, &r->share, &e);
	if (!rc)
		rc = parse_duplicates(r, &e);
	if (!rc)
		rc = open_all(r, &e);
	if (rc)
		run_fatal(&r->run, rc, &e);
	rc = intake(r, &e);
	r->taken = clock_now();
	if (!rc) {
		rc = decide_and_commit(r, &e);
		if (rc)
			run_problem(&r->run, NULL, rc, &e);
	}
	if (!r->dry_run)
		failed_note(&r->run, SPAN(""));
	close_all(r);
	return run_close(&r->run);
}
