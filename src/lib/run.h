/* SPDX-License-Identifier: MIT */
/*
 * run: the life of a program: options, one-line events on stderr, rejects,
 * progress, signals, exit code.  Nothing else prints on stderr.
 *
 * Exit: 0 all done; 1 done, some records diverted; 2 called or configured
 * wrong; 3 the environment failed, safe to run again; 4 a person must look.
 * The highest of 4, 2, 3, 1 wins.
 *
 * Every program has these options: -h --help, --version, -q --quiet,
 * -v --verbose, --log text|json, --progress, --rejects FILE, --strict.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"
#include "reasons.h"
#include "span.h"

struct run_program {
	const char *name;       /* "crm-map" */
	const char *synopsis;   /* "[--to] MAPPING..." */
	const struct opt *opts; /* its own options, OPT_END last; may be NULL */
	int min_operands;
	int max_operands;       /* -1: any number */
};

struct run {
	const struct run_program *program;
	int operands;           /* count of */
	char **operand;         /* NULL-terminated, argv's own */
	bool quiet, verbose, strict, log_json, force_progress;
	const char *rejects_path; /* --rejects, or NULL */
	unsigned outcomes;      /* bit per enum rc seen */
	struct err failure;     /* the first that was more than a record's */
	uint64_t rejected;      /* records diverted so far */
	struct reasons reasons; /* why; a section's begin may clear them */
	int rejects_fd;         /* -1 until the first reject */
	bool rejects_lost;      /* said once that inputs are not kept */
	bool is_terminal;       /* stderr */
	int64_t started;        /* clock_monotonic at open */
	int64_t began;          /* clock_now at open */
	int64_t progress_at;    /* last time progress was drawn */
	bool progress_drawn;
};

/* What an event is about; leave empty what is not known (line 0: none). */
struct where {
	uint64_t line;
	struct span system, object, id;
};

/*
 * Parses options and operands.  Prints and exits for -h and --version (0) and
 * for a wrong call (2).  Installs signal handlers.
 */
void run_open(struct run *r, const struct run_program *p, int argc,
    char **argv);

/* One line on stderr, unless --quiet; does not touch the exit code. */
void run_notice(struct run *r, const struct where *w, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As run_notice, only with --verbose. */
void run_detail(struct run *r, const struct where *w, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* One line on stderr, and rc counts for the exit code. */
void run_problem(struct run *r, const struct where *w, enum rc rc,
    const struct err *e);

/* rc counts for the exit code; nothing is printed. */
void run_outcome(struct run *r, enum rc rc);

/*
 * Diverts one record: an event on stderr, a "reject" line with the input (its
 * first LIMIT_REJECT_INPUT bytes; as JSON if it is, else as a string, else
 * base64) in the rejects file, made 0600 at the first reject: --rejects, else
 * rejects/RUN.ndjson in the home, if there is one.  Returns RC_OK to go on,
 * RC_RECORD under --strict, RC_SYSTEM when the rejects file cannot be written.
 */
enum rc run_reject(struct run *r, const struct where *w, const struct err *e,
    struct span input) RC_CHECK;

/* True once SIGINT or SIGTERM came: finish what is in flight, then stop. */
bool run_stopping(void);
/* The program's, as events begin with it. */
const char *run_name(void);

/*
 * Progress on stderr, at most twice a second, when it is a terminal or
 * --progress: rate, count, and with a total (0: unknown) share and time left.
 * With --log json it is an event, and only with --progress.  Cheap enough for
 * every record (call it every 256).
 */
void run_progress(struct run *r, uint64_t done, uint64_t total,
    const char *unit);

/* What the exit status would be as it stands. */
int run_status(const struct run *r);

/*
 * Ends the program: progress line cleared, stdout flushed and checked (a
 * failure is RC_SYSTEM), rejects file closed, exit code of all outcomes.
 * A signal received counts as RC_SYSTEM.  With --verbose it says at last how
 * many were rejected, how long it took, and the exit status.
 */
int run_close(struct run *r);

/* run_problem, then exit(run_close): for what nothing can go on without. */
void run_fatal(struct run *r, enum rc rc, const struct err *e)
    __attribute__((noreturn));

#endif
