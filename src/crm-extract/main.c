/* SPDX-License-Identifier: MIT */
/*
 * crm-extract: one object of one system as a section of records.
 *
 *   options -> what to read (source.c) -> from where (resume.c)
 *   -> begin, records, end (walk.c); or which fields there are (fields.c)
 */
#include "../lib/failed.h"
#include "../lib/run.h"

#include "behind.h"
#include "fields.h"
#include "forecast.h"
#include "resume.h"
#include "source.h"
#include "walk.h"

static struct source_options said;
static struct adapter_terms terms;
static int64_t limit;
static struct opt_list ids;
static bool fields;

static const struct opt opts[] = {
	{ 'm', "mapping", "MAPPING", "read only what MAPPING maps",
	    OPT_STRING, &said.mapping, 0, 0 },
	{ 0, "full", NULL, "what is not there is gone (default for whole "
	    "listings)", OPT_FLAG, &said.full, 0, 0 },
	{ 0, "delta", NULL, "what is not there is left alone", OPT_FLAG,
	    &said.delta, 0, 0 },
	{ 0, "limit", "N", "stop after N records; nothing is concluded",
	    OPT_COUNT, &limit, 1, INT64_MAX / 16 },
	{ 0, "id", "ID", "only this record; may be repeated", OPT_LIST, &ids,
	    0, 0 },
	{ 0, "fields", NULL, "which fields there are, instead of records",
	    OPT_FLAG, &fields, 0, 0 },
	{ 's', "system", "SYSTEM", "csv: the system the file stands for",
	    OPT_STRING, &said.system, 0, 0 },
	{ 'o', "object", "OBJECT", "csv: the object the file holds",
	    OPT_STRING, &said.object, 0, 0 },
	{ 'k', "key", "COLUMN", "csv: the column that holds the id",
	    OPT_STRING, &said.id_column, 0, 0 },
	{ 'd', "delimiter", "CHAR", "csv: what parts the cells, if not found",
	    OPT_STRING, &said.delimiter, 0, 0 },
	{ 0, "quote", "CHAR", "csv: what quotes a cell", OPT_STRING,
	    &said.quote, 0, 0 },
	{ 0, "encoding", "NAME", "csv: the file's encoding, if not UTF-8",
	    OPT_STRING, &said.encoding, 0, 0 },
	{ 0, "null-marker", "TEXT", "csv: a cell that says null", OPT_STRING,
	    &said.null_marker, 0, 0 },
	{ 0, "whole", NULL, "csv: the last line is whole without a line end",
	    OPT_FLAG, &said.whole, 0, 0 },
	{ 0, "trace", "FILE", "append what goes over the wire to FILE",
	    OPT_STRING, &terms.trace, 0, 0 },
	{ 0, "trace-bodies", NULL, "with bodies: personal data stand in it",
	    OPT_FLAG, &terms.bodies, 0, 0 },
	{ 0, "trace-mask", NULL, "with bodies, personal data as ***",
	    OPT_FLAG, &terms.mask, 0, 0 },
	OPT_END
};

static const struct run_program program = {
	.name = "crm-extract",
	.synopsis = "SYSTEM [OBJECT] | csv FILE",
	.opts = opts,
	.min_operands = 1,
	.max_operands = 2,
};

/* A call that is wrong is no run that failed. */
static void
note_failure(const struct run *r)
{
	if (run_status(r) > 2)
		failed_note(r, span_str(r->operand[0]));
}

static enum rc
tell_fields(char **operand, struct err *e)
{
	struct extraction source;
	enum rc rc;

	if (said.full || said.delta || limit || ids.count)
		return err_set(e, RC_CONFIG, "--fields goes with none of "
		    "--full, --delta, --limit and --id");
	rc = source_open(&source, &said, operand, e);
	if (rc)
		return rc;
	if (source.adapter->open)
		rc = source.adapter->open(source.request.system, &terms, e);
	if (!rc)
		rc = fields_run(&source, e);
	if (source.adapter->close)
		source.adapter->close();
	source_close(&source);
	return rc;
}

static void
extract(struct run *run)
{
	struct extraction source;
	struct listing walk = { .run = run };
	struct arena arena;
	struct err e;
	const char *changed = NULL;
	bool opened;
	enum rc rc;

	arena_init(&arena);
	said.by_id = ids.count != 0;
	rc = source_open(&source, &said, run->operand, &e);
	opened = rc == RC_OK;
	if (!rc && source.adapter->open)
		rc = source.adapter->open(source.request.system, &terms, &e);
	if (!rc)
		rc = behind_find(&source, &walk.account, &e);
	if (!rc && !ids.count)
		rc = resume_cursor(&source, &arena, &changed, &e);
	if (!rc && !ids.count && !limit)
		rc = forecast(&source, run, &e);
	if (rc) {
		run_problem(run, NULL, rc, &e);
		goto out;
	}
	if (changed)
		run_notice(run, NULL, "%s changed: all is read again",
		    changed);
	walk.from = &source;
	walk.delta = said.delta || ids.count;
	walk.ids = &ids;
	walk.limit = (uint64_t)limit;
	walk_object(&walk);
out:
	note_failure(run);
	if (opened && source.adapter->close)
		source.adapter->close();
	if (opened)
		source_close(&source);
	arena_free(&arena);
}

int
main(int argc, char **argv)
{
	struct run run;
	struct err e;
	enum rc rc = RC_OK;

	run_open(&run, &program, argc, argv);
	if (fields)
		rc = tell_fields(run.operand, &e);
	else
		extract(&run);
	if (rc)
		run_problem(&run, NULL, rc, &e);
	return run_close(&run);
}
