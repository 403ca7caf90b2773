/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "event.h"
#include "guard.h"
#include "rejects.h"

#ifndef CRM_VERSION
#define CRM_VERSION "unversioned"
#endif

#define PROGRESS_EVERY 500 /* ms */

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static volatile sig_atomic_t stop_signal;
static const char *program_name = "crm";

static void
on_signal(int number)
{
	stop_signal = number;
}

/* No SA_RESTART: a blocked read or write must return to see the signal. */
static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sa.sa_handler = SIG_IGN; /* write(2) says EPIPE, we exit 3 */
	sigaction(SIGPIPE, &sa, NULL);
}

bool
run_stopping(void)
{
	return stop_signal != 0;
}

const char *
run_name(void)
{
	return program_name;
}

/* What -h and the options' targets need while parsing. */
struct common {
	bool help, version;
	const char *log;
	struct opt table[10];
};

static void
common_table(struct common *c, struct run *r)
{
	const struct opt table[] = {
		{ 0, "rejects", "FILE", "keep rejected records in FILE",
		    OPT_STRING, &r->rejects_path, 0, 0 },
		{ 0, "strict", NULL, "stop at the first bad record",
		    OPT_FLAG, &r->strict, 0, 0 },
		{ 0, "log", "FORM", "events on stderr as text or json",
		    OPT_STRING, &c->log, 0, 0 },
		{ 0, "progress", NULL, "show progress even without a terminal",
		    OPT_FLAG, &r->force_progress, 0, 0 },
		{ 'q', "quiet", NULL, "say only what went wrong",
		    OPT_FLAG, &r->quiet, 0, 0 },
		{ 'v', "verbose", NULL, "say more", OPT_FLAG, &r->verbose,
		    0, 0 },
		{ 'h', "help", NULL, "show this and exit", OPT_FLAG,
		    &c->help, 0, 0 },
		{ 0, "version", NULL, "show the version and exit", OPT_FLAG,
		    &c->version, 0, 0 },
		OPT_END
	};

	memcpy(c->table, table, sizeof table);
}

static enum rc
check_call(struct run *r, const struct common *c, struct err *e)
{
	const struct run_program *p = r->program;

	if (c->log && strcmp(c->log, "json") != 0 &&
	    strcmp(c->log, "text") != 0)
		return err_set(e, RC_CONFIG, "--log takes text or json, not "
		    "'%s'", c->log);
	if (r->operands < p->min_operands || (p->max_operands >= 0 &&
	    r->operands > p->max_operands))
		return err_set(e, RC_CONFIG, "usage: %s %s (see --help)",
		    p->name, p->synopsis);
	return RC_OK;
}

void
run_open(struct run *r, const struct run_program *p, int argc, char **argv)
{
	static const struct opt none[] = { OPT_END };
	struct common c = { 0 };
	struct err e = { "" };
	enum rc rc;

	guard_environment();
	*r = (struct run){ .program = p, .rejects_fd = -1 };
	program_name = p->name;
	r->started = clock_monotonic();
	r->began = clock_now();
	r->is_terminal = isatty(STDERR_FILENO);
	common_table(&c, r);
	const struct opt *tables[] = { p->opts ? p->opts : none, c.table,
		NULL };

	rc = opt_parse(tables, argc, argv, &r->operands, &e);
	if (!rc && c.help) {
		opt_usage(p->name, p->synopsis, tables);
		exit(run_close(r));
	}
	if (!rc && c.version) {
		printf("%s %s\n", p->name, CRM_VERSION);
		exit(run_close(r));
	}
	argv[r->operands + 1] = NULL;
	r->operand = argv + 1;
	r->log_json = c.log && strcmp(c.log, "json") == 0;
	if (!rc)
		rc = check_call(r, &c, &e);
	if (rc)
		run_fatal(r, rc, &e);
	catch_signals();
}

static void
clear_progress(struct run *r)
{
	static const char erase[] = "\r\033[K";
	ssize_t n = 0;

	if (r->progress_drawn && r->is_terminal)
		n = write(STDERR_FILENO, erase, sizeof erase - 1);
	(void)n;
	r->progress_drawn = false;
}

static void
print_formatted(struct run *r, const struct where *w, const char *level,
    const char *fmt, va_list ap)
{
	char text[ERR_TEXT];

	vsnprintf(text, sizeof text, fmt, ap);
	clear_progress(r);
	event_print(r, w, level, text);
}

void
run_notice(struct run *r, const struct where *w, const char *fmt, ...)
{
	va_list ap;

	if (r->quiet)
		return;
	va_start(ap, fmt);
	print_formatted(r, w, "notice", fmt, ap);
	va_end(ap);
}

void
run_detail(struct run *r, const struct where *w, const char *fmt, ...)
{
	va_list ap;

	if (!r->verbose)
		return;
	va_start(ap, fmt);
	print_formatted(r, w, "detail", fmt, ap);
	va_end(ap);
}

void
run_outcome(struct run *r, enum rc rc)
{
	r->outcomes |= 1u << rc;
}

void
run_problem(struct run *r, const struct where *w, enum rc rc,
    const struct err *e)
{
	run_outcome(r, rc);
	if (rc > RC_RECORD && !r->failure.text[0])
		r->failure = *e;
	clear_progress(r);
	event_print(r, w, "error", e->text);
}

enum rc
run_reject(struct run *r, const struct where *w, const struct err *why,
    struct span input)
{
	struct err e = { "" };
	enum rc rc;

	r->rejected++;
	reasons_add(&r->reasons, r->program->name, why->text, 1);
	run_problem(r, w, RC_RECORD, why);
	rc = rejects_add(r, w, why, input, &e);
	if (rc == RC_END && !r->rejects_lost) {
		r->rejects_lost = true;
		run_notice(r, NULL, "rejected input is not kept: give "
		    "--rejects FILE, or make a home with crm-state init");
	} else if (rc != RC_OK && rc != RC_END) {
		run_problem(r, NULL, rc, &e);
		return rc;
	}
	return r->strict ? RC_RECORD : RC_OK;
}

static void
draw_progress(struct run *r, uint64_t done, uint64_t total, const char *unit,
    int64_t elapsed)
{
	uint64_t rate = done * 1000 / (uint64_t)(elapsed > 0 ? elapsed : 1);
	char text[160], line[224];
	int n;

	n = snprintf(text, sizeof text, "%llu %s, %llu/s",
	    (unsigned long long)done, unit, (unsigned long long)rate);
	if (total && rate && n > 0 && (size_t)n < sizeof text)
		snprintf(text + n, sizeof text - (size_t)n,
		    ", %u %%, %llu s left",
		    (unsigned)(done * 100 / total),
		    (unsigned long long)((total > done ? total - done : 0) /
		    rate));
	if (r->log_json) {
		event_print(r, NULL, "progress", text);
		return;
	}
	n = snprintf(line, sizeof line, "%s%s: %s%s",
	    r->is_terminal ? "\r\033[K" : "", r->program->name, text,
	    r->is_terminal ? "" : "\n");
	if (n <= 0 || write(STDERR_FILENO, line, strlen(line)) < 0)
		return;
	r->progress_drawn = true;
}

void
run_progress(struct run *r, uint64_t done, uint64_t total, const char *unit)
{
	int64_t now;

	if (r->quiet || !(r->force_progress ||
	    (r->is_terminal && !r->log_json)))
		return;
	now = clock_monotonic();
	if (now - r->progress_at < PROGRESS_EVERY)
		return;
	r->progress_at = now;
	draw_progress(r, done, total, unit, now - r->started);
}

/* The highest of 4, 2, 3, 1 wins. */
static int
exit_code(unsigned outcomes)
{
	const struct {
		unsigned set;
		int code;
	} order[] = {
		{ 1u << RC_PERSON | 1u << RC_STATE, 4 },
		{ 1u << RC_CONFIG, 2 },
		{ 1u << RC_RETRY | 1u << RC_REMOTE | 1u << RC_SYSTEM, 3 },
		{ 1u << RC_RECORD, 1 },
	};

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (outcomes & order[i].set)
			return order[i].code;
	return 0;
}

int
run_status(const struct run *r)
{
	return exit_code(r->outcomes);
}

int
run_close(struct run *r)
{
	struct err e;

	clear_progress(r);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		err_errno(&e, RC_SYSTEM, "standard output");
		run_problem(r, NULL, RC_SYSTEM, &e);
	}
	if (r->rejects_fd >= 0 && (fsync(r->rejects_fd) < 0 &&
	    errno != EINVAL && errno != EROFS)) {
		err_errno(&e, RC_SYSTEM, "rejects file");
		run_problem(r, NULL, RC_SYSTEM, &e);
	}
	if (r->rejects_fd >= 0)
		close(r->rejects_fd);
	r->rejects_fd = -1;
	if (stop_signal) {
		err_set(&e, RC_SYSTEM, "stopped by signal %d; run again to go "
		    "on", (int)stop_signal);
		run_problem(r, NULL, RC_SYSTEM, &e);
	}
	run_detail(r, NULL, "%llu rejected, %lld ms, exit status %d",
	    (unsigned long long)r->rejected,
	    (long long)(clock_monotonic() - r->started),
	    exit_code(r->outcomes));
	return exit_code(r->outcomes);
}

void
run_fatal(struct run *r, enum rc rc, const struct err *e)
{
	run_problem(r, NULL, rc, e);
	exit(run_close(r));
}
