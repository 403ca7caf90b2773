/* SPDX-License-Identifier: MIT */
/* crm-load: delivers decided operations to one system, and acknowledges. */
#include "load.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/failed.h"

static struct load load;

static const struct opt opts[] = {
	{ 'p', "pending", NULL, "send what is pending instead of reading a "
	    "plan", OPT_FLAG, &load.pending, 0, 0 },
	{ 'n', "dry-run", NULL, "show what would be sent, send nothing",
	    OPT_FLAG, &load.dry_run, 0, 0 },
	{ 0, "subset", NULL, "operations were filtered out on purpose",
	    OPT_FLAG, &load.subset, 0, 0 },
	{ 0, "report", "FILE", "write the import report there (- is stderr)",
	    OPT_STRING, &load.report_path, 0, 0 },
	{ 0, "report-form", "FORM", "the report as text (default) or json",
	    OPT_STRING, &load.report_form, 0, 0 },
	{ 0, "no-compare", NULL, "do not read again what is about to be "
	    "written", OPT_FLAG, &load.terms.blind, 0, 0 },
	{ 0, "trace", "FILE", "append what goes over the wire to FILE",
	    OPT_STRING, &load.terms.trace, 0, 0 },
	{ 0, "trace-bodies", NULL, "with bodies: personal data stand in it",
	    OPT_FLAG, &load.terms.bodies, 0, 0 },
	{ 0, "trace-mask", NULL, "with bodies, personal data as ***",
	    OPT_FLAG, &load.terms.mask, 0, 0 },
	OPT_END
};

static const struct run_program program = { "crm-load", "SYSTEM", opts, 1,
	1 };

static enum rc
find_system(struct load *l, struct err *e)
{
	struct span name = span_str(l->run.operand[0]);

	l->system = systems_find(&l->systems, name);
	if (!l->system)
		return err_set(e, RC_CONFIG, "no system %.*s: declare it in "
		    "%s/systems.jq", SPAN_ARG(name), home_path());
	if (!l->system->enabled)
		return err_set(e, RC_CONFIG, "system %.*s is disabled in "
		    "%s/systems.jq", SPAN_ARG(name), home_path());
	l->adapter = adapter_find(l->system->kind);
	if (!l->adapter || !l->adapter->write)
		return err_set(e, RC_CONFIG, "nothing can be written to a "
		    "system of kind %.*s", SPAN_ARG(l->system->kind));
	return RC_OK;
}

static enum rc
open_all(struct load *l, struct err *e)
{
	enum rc rc;

	if (l->report_form && strcmp(l->report_form, "text") != 0 &&
	    strcmp(l->report_form, "json") != 0)
		return err_set(e, RC_CONFIG, "--report-form takes text or "
		    "json, not '%s'", l->report_form);
	arena_init(&l->arena);
	arena_init(&l->walk_arena);
	json_init(&l->json);
	buf_init(&l->flight, FLIGHT_CAP, "what is sent");
	buf_init(&l->text, 4u * LIMIT_LINE, "request body");
	buf_init(&l->body, 4u * LIMIT_LINE, "request body");
	stream_line_init(&l->line);
	stream_out_open(&l->out, STDOUT_FILENO);
	stream_in_open(&l->in, STDIN_FILENO, &l->out);
	l->audit = audit_new();
	rc = state_open(&l->state, l->dry_run, e);
	if (!rc)
		rc = systems_load(&l->systems, e);
	if (!rc)
		rc = find_system(l, e);
	if (!rc && l->adapter->open)
		rc = l->adapter->open(l->system, &l->terms, e);
	return rc ? rc : behind_check(l, e);
}

static void
close_all(struct load *l)
{
	stream_in_free(&l->in);
	stream_out_free(&l->out);
	stream_line_free(&l->line);
	buf_free(&l->flight);
	buf_free(&l->text);
	buf_free(&l->body);
	json_free(&l->json);
	arena_free(&l->walk_arena);
	arena_free(&l->arena);
	systems_free(&l->systems);
	audit_free(l->audit);
	state_close(l->state);
	if (l->adapter && l->adapter->close)
		l->adapter->close();
}

static enum rc
show_only(struct load *l, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < l->count && !rc; i++)
		rc = receipt_put(l, &l->jobs[i], e);
	return rc;
}

/* A failed send is acknowledged all the same: what is unknown is recorded. */
static enum rc
deliver(struct load *l, struct err *e)
{
	struct err sending = { "" };
	enum rc rc, sent;

	measure_begin(l);
	rc = claim(l, e);
	if (rc)
		return rc;
	if (l->dry_run)
		return show_only(l, e);
	sent = send_jobs(l, &sending);
	l->sent |= !sent;
	rc = acknowledge(l, e);
	if (rc || !sent)
		return rc;
	*e = sending;
	return sent;
}

static enum rc
next_batch(struct load *l, struct err *e)
{
	arena_reset(&l->arena);
	l->jobs = NULL;
	l->met = NULL;
	l->count = l->room = l->bytes = 0;
	return l->pending ? gather_pending(l, e) : gather_lines(l, e);
}

/* What was gathered before the input broke off is still delivered. */
static enum rc
deliver_all(struct load *l, struct err *e)
{
	uint64_t done = 0;
	enum rc rc, gathered;

	do {
		struct err why = { "" };

		gathered = next_batch(l, &why);
		rc = forecast(l, e);
		if (!rc && l->count)
			rc = deliver(l, e);
		done += l->count;
		run_progress(&l->run, done, 0, "operations");
		if (!rc && gathered && gathered != RC_END) {
			*e = why;
			rc = gathered;
		}
	} while (!rc && !gathered && !run_stopping());
	return rc;
}

static void
problem(struct load *l, enum rc rc, const struct err *e)
{
	struct where w = { .system = l->system ? l->system->name : SPAN("") };

	if (rc)
		run_problem(&l->run, &w, rc, e);
}

/* Nothing could be sent at all: the system is not there, or the state. */
static void
give_up(struct load *l, enum rc rc, const struct err *e)
{
	run_problem(&l->run, NULL, rc, e);
	if (!l->dry_run)
		failed_note(&l->run, l->system ? l->system->name : SPAN(""));
	exit(run_close(&l->run));
}

int
main(int argc, char **argv)
{
	struct load *l = &load;
	struct err e = { "" };
	enum rc rc;

	run_open(&l->run, &program, argc, argv);
	rc = open_all(l, &e);
	if (rc)
		give_up(l, rc, &e);
	rc = deliver_all(l, &e);
	problem(l, rc, &e);
	receipt_end(l);
	rc = send_close(l, &e);
	problem(l, rc, &e);
	rc = trail_end(l, &e);
	problem(l, rc, &e);
	rc = l->sent ? behind_remember(l, &e) : RC_OK;
	problem(l, rc, &e);
	if (!l->out.failed) { /* else it has been said */
		rc = stream_out_flush(&l->out, &e);
		problem(l, rc, &e);
	}
	rc = report_print(l, &e);
	problem(l, rc, &e);
	if (!l->dry_run)
		failed_note(&l->run, l->system->name);
	close_all(l);
	return run_close(&l->run);
}
