/* SPDX-License-Identifier: MIT */
/* crm-status: how the sync does; it reads the state and changes nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "../lib/clock.h"
#include "as.h"
#include "compare.h"
#include "judge.h"
#include "lapse.h"
#include "runs.h"

#define OUT_CAP ((size_t)64 << 20)

static struct {
	bool json, prometheus, html, check, quick, runs, compare;
	const char *window, *silence, *wait, *queue, *failures, *conflicts,
	    *latency, *success, *consistency;
	int64_t last;
} said = { .last = 20 };

static const struct opt opts[] = {
	{ 'j', "json", NULL, "print JSON", OPT_FLAG, &said.json, 0, 0 },
	{ 0, "prometheus", NULL, "print metrics as Prometheus reads them",
	    OPT_FLAG, &said.prometheus, 0, 0 },
	{ 0, "html", NULL, "print a page for a browser", OPT_FLAG,
	    &said.html, 0, 0 },
	{ 'c', "check", NULL, "print one line; exit 1 if degraded, 4 if failed",
	    OPT_FLAG, &said.check, 0, 0 },
	{ 0, "runs", NULL, "what the last runs did, a line each", OPT_FLAG,
	    &said.runs, 0, 0 },
	{ 0, "last", "N", "how many of them (20)", OPT_COUNT, &said.last, 1,
	    1000000 },
	{ 0, "compare", NULL, "two systems field by field, a line a "
	    "difference", OPT_FLAG, &said.compare, 0, 0 },
	{ 0, "quick", NULL, "leave out what takes a look at every record",
	    OPT_FLAG, &said.quick, 0, 0 },
	{ 0, "window", "TIME", "what in, out and latency are of (24h)",
	    OPT_STRING, &said.window, 0, 0 },
	{ 0, "max-silence", "WARN:FAIL", "since a system was last read "
	    "(25h:49h)", OPT_STRING, &said.silence, 0, 0 },
	{ 0, "max-wait", "WARN:FAIL", "of the longest pending (4h:24h)",
	    OPT_STRING, &said.wait, 0, 0 },
	{ 0, "max-queue", "WARN:FAIL", "records to be sent (-:-)",
	    OPT_STRING, &said.queue, 0, 0 },
	{ 0, "max-failures", "WARN:FAIL", "records tried in vain (1:1000)",
	    OPT_STRING, &said.failures, 0, 0 },
	{ 0, "max-conflicts", "WARN:FAIL", "fields and records that wait for a "
	    "person (100:-)", OPT_STRING, &said.conflicts, 0, 0 },
	{ 0, "max-latency", "WARN:FAIL", "p95 of change to receipt (24h:-)",
	    OPT_STRING, &said.latency, 0, 0 },
	{ 0, "min-success", "WARN:FAIL", "success rate, percent (99:50)",
	    OPT_STRING, &said.success, 0, 0 },
	{ 0, "min-consistency", "WARN:FAIL", "fields as agreed, percent (90:-)",
	    OPT_STRING, &said.consistency, 0, 0 },
	OPT_END
};

static const struct run_program program = { "crm-status",
	"[--compare A B [ENTITY... | -]]", opts, 0, -1 };

static enum rc
read_thresholds(struct thresholds *t, struct err *e)
{
	const struct {
		const char *name, *text, *otherwise;
		enum threshold_kind kind;
		struct threshold *into;
	} all[] = {
		{ "max-silence", said.silence, "25h:49h", THRESHOLD_TIME,
		    &t->silence },
		{ "max-wait", said.wait, "4h:24h", THRESHOLD_TIME, &t->wait },
		{ "max-queue", said.queue, "-:-", THRESHOLD_NUMBER,
		    &t->queue },
		{ "max-failures", said.failures, "1:1000", THRESHOLD_NUMBER,
		    &t->failures },
		{ "max-conflicts", said.conflicts, "100:-", THRESHOLD_NUMBER,
		    &t->conflicts },
		{ "max-latency", said.latency, "24h:-", THRESHOLD_TIME,
		    &t->latency },
		{ "min-success", said.success, "99:50", THRESHOLD_PERCENT,
		    &t->success },
		{ "min-consistency", said.consistency, "90:-",
		    THRESHOLD_PERCENT, &t->consistency },
	};
	enum rc rc = RC_OK;

	for (size_t i = 0; i < sizeof all / sizeof *all && !rc; i++)
		rc = judge_parse(all[i].name, all[i].text ? all[i].text :
		    all[i].otherwise, all[i].kind, all[i].into, e);
	return rc;
}

static enum rc
read_window(struct status *s, struct err *e)
{
	const char *text = said.window ? said.window : "24h";
	int64_t ms;

	s->now = clock_now();
	if (!lapse_parse(span_str(text), &ms) || !ms)
		return err_set(e, RC_CONFIG, "--window takes a time as in 90s, "
		    "15m, 24h or 7d, not '%s'", text);
	s->since = s->now - ms;
	return RC_OK;
}

static enum rc
look(struct status *s, struct err *e)
{
	enum rc rc = survey(s, e);

	network(s);
	if (rc || said.quick)
		return rc;
	mapped(s);
	return census(s, e);
}

static void
print(const struct status *s)
{
	struct buf b;

	buf_init(&b, OUT_CAP, "status");
	if (said.json)
		as_json(&b, s);
	else if (said.prometheus)
		as_prometheus(&b, s);
	else if (said.html)
		as_html(&b, s);
	else if (said.check)
		as_text_line(&b, s);
	else
		as_text(&b, s);
	fwrite(b.ptr, 1, b.len, stdout);
	buf_free(&b);
}

/* What monitors go by; without --check the status was told, and that is all. */
static void
set_outcome(struct run *r, const struct status *s)
{
	if (said.check && s->health == DEGRADED)
		run_outcome(r, RC_RECORD);
	if (said.check && s->health == FAILED)
		run_outcome(r, RC_PERSON);
}

static enum rc
check_call(const struct run *r, struct err *e)
{
	if (said.compare && r->operands < 2)
		return err_set(e, RC_CONFIG, "--compare takes two systems");
	if (!said.compare && r->operands)
		return err_set(e, RC_CONFIG, "an operand, '%s', without "
		    "--compare", r->operand[0]);
	if (said.json + said.prometheus + said.html > 1)
		return err_set(e, RC_CONFIG, "one form at a time: --json, "
		    "--prometheus or --html");
	if ((said.prometheus || said.html) && (said.runs || said.compare))
		return err_set(e, RC_CONFIG, "--prometheus and --html are "
		    "forms of the status alone");
	if (said.compare && said.runs)
		return err_set(e, RC_CONFIG, "either --runs or --compare");
	return RC_OK;
}

static void
show_runs(struct run *r)
{
	struct state *s = NULL;
	struct err e;
	enum rc rc = state_open(&s, true, &e);

	if (!rc)
		rc = runs_list(s, (size_t)said.last, said.json, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	state_close(s);
}

static void
show_status(struct run *r)
{
	struct status s = { .run = r };
	struct thresholds t;
	struct err e;
	enum rc rc = read_thresholds(&t, &e);

	arena_init(&s.arena);
	if (!rc)
		rc = read_window(&s, &e);
	if (!rc)
		rc = state_open(&s.state, true, &e);
	if (!rc)
		rc = systems_load(&s.systems, &e);
	if (!rc)
		rc = txn_begin(&s.txn, s.state, false, &e);
	if (!rc)
		rc = look(&s, &e);
	if (rc) {
		run_problem(r, NULL, rc, &e);
	} else {
		judge(&s, &t);
		print(&s);
		set_outcome(r, &s);
	}
	txn_abort(&s.txn);
	survey_free(&s);
	systems_free(&s.systems);
	arena_free(&s.arena);
	state_close(s.state);
}

int
main(int argc, char **argv)
{
	struct run run;
	struct err e;
	enum rc rc;

	run_open(&run, &program, argc, argv);
	rc = check_call(&run, &e);
	if (rc)
		run_fatal(&run, rc, &e);
	if (said.runs)
		show_runs(&run);
	else if (said.compare)
		compare(&run, said.check);
	else
		show_status(&run);
	return run_close(&run);
}
