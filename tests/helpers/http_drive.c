/* SPDX-License-Identifier: MIT */
/*
 * http_drive: requests through the engine, for tests over the wire.
 *
 *   http_drive [OPTION VALUE...] BASE METHOD PATH
 *
 *   -n N  so many times     -c N  at a time        -b TEXT  body (# is the
 *   number)                 -r safe|idempotent|once
 *   -C -F -S -W -P MS  time-outs: connect, first byte, stall, whole, patience
 *   -A N  attempts          -J MS  first backoff   -a FILE  CA
 *   -s 1  sink: bytes are counted, not kept        -x 1  anonymous
 *   -H LINE  header         -p BYTES  body from a stream of so many
 *   -L CALLS  -w MS  a lane, shared in the home's budget
 *   -D CALLS  of a day      -T FILE  wire log      -V 1|2  with bodies
 *   -q 1  secret            -t TYPE  of the body   -Z 1  signals as
 *   programs take them
 *   The token is $HTTP_TOKEN; once refused, it is $HTTP_TOKEN_NEXT, and
 *   that is the last.
 *
 * A line for each: outcome, status, rc, attempts, bytes, words; then a line
 * "N connections, N ms".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "budget.h"
#include "clock.h"
#include "http.h"
#include "http_trace.h"
#include "run.h"
#include "xalloc.h"

static struct {
	unsigned count, asked;
	const char *body;
	uint64_t sunk, left;
	uint64_t stale;
	const char *trace;
	bool show;
	enum http_trace_bodies bodies;
	struct http_config config;
	struct http_request req;
	struct span header;
	struct budget_lane lane;
	struct budget_terms terms;
} o = { .count = 1 };

static const char *const outcomes[] = { "answered", "unsent", "unknown" };
static const char *const rcs[] = { "ok", "end", "record", "config", "retry",
	"remote", "system", "person", "state" };

static enum rc
token(void *arg, bool stale, struct buf *out, struct err *e)
{
	const char *next = getenv("HTTP_TOKEN_NEXT");

	(void)arg;
	if (stale && (!next || o.stale))
		return err_set(e, RC_CONFIG, "there is no other token");
	o.stale += stale;
	buf_span(out, span_str(o.stale ? next : getenv("HTTP_TOKEN")));
	return RC_OK;
}

static enum rc
sink(void *arg, struct span bytes, struct err *e)
{
	(void)arg, (void)e;
	o.sunk = bytes.ptr ? o.sunk + bytes.len : 0;
	return RC_OK;
}

static size_t
pull(void *arg, char *out, size_t room)
{
	size_t n = room < o.left ? room : (size_t)o.left;

	(void)arg;
	memset(out, 'x', n);
	o.left -= n;
	return n;
}

static void
done(void *arg, const struct http_answer *a, enum rc rc, const struct err *e)
{
	uint64_t bytes = o.req.sink ? o.sunk : a->body.len;

	free(arg);
	printf("%s %d %s %u %" PRIu64 " %s\n", outcomes[a->outcome],
	    a->status, rcs[rc], a->attempts, bytes, e->text);
	if (o.show)
		printf("%.*s\n", SPAN_ARG(buf_view(&a->body)));
}

static struct budget *
open_budget(void)
{
	struct budget *b;
	struct err e;

	o.terms.account = o.terms.system = SPAN("crm");
	o.terms.lanes = &o.lane;
	o.terms.lane_count = 1;
	if (!getenv("CRM_HOME"))
		return NULL;
	if (budget_open(&b, &o.terms, &e)) {
		printf("%s\n", e.text);
		exit(1);
	}
	return b;
}

/* The body with '#' for the number. */
static void
submit(struct http *h)
{
	struct buf b;

	buf_init(&b, 1 << 20, "body");
	for (const char *p = o.body ? o.body : ""; *p; p++)
		if (*p == '#')
			buf_u64(&b, o.asked);
		else
			buf_putc(&b, *p);
	o.req.body = buf_view(&b);
	o.asked++;
	http_submit(h, &o.req, done, b.ptr);
}

static void
set_repeat(const char *word)
{
	o.req.repeat = strcmp(word, "once") == 0 ? HTTP_ONCE :
	    strcmp(word, "idempotent") == 0 ? HTTP_IDEMPOTENT : HTTP_SAFE;
}

static void
take_signals(void)
{
	static const struct opt none[] = { OPT_END };
	static const struct run_program program = { "http_drive", "", none, 0,
		0 };
	static char *argv[] = { (char *)"http_drive", NULL };
	static struct run run;

	run_open(&run, &program, 1, argv);
}

static void
set(int letter, const char *value)
{
	unsigned n = (unsigned)strtoul(value, NULL, 10);

	switch (letter) {
	case 'n': o.count = n; break;
	case 'c': o.config.concurrent = n; break;
	case 'b': o.body = value; break;
	case 'r': set_repeat(value); break;
	case 'C': o.config.connect_ms = n; break;
	case 'F': o.config.first_ms = n; break;
	case 'S': o.config.stall_ms = n; break;
	case 'W': o.config.whole_ms = n; break;
	case 'P': o.config.patience_ms = n; break;
	case 'A': o.config.attempts = n; break;
	case 'J': o.config.backoff_ms = n; break;
	case 'a': o.config.ca_file = value; break;
	case 's': o.req.sink = sink; break;
	case 'x': o.req.anonymous = true; break;
	case 'v': o.show = true; break;
	case 'H':
		o.header = span_str(value);
		o.req.headers = &o.header;
		o.req.header_count = 1;
		break;
	case 'Z': take_signals(); break;
	case 'T': o.trace = value; break;
	case 'V': o.bodies = n; break;
	case 'q': o.req.secret = true; break;
	case 't': o.req.type = value; break;
	case 'L': o.lane.calls = n; break;
	case 'w': o.lane.window = n; break;
	case 'D': o.terms.daily = n; break;
	case 'p':
		o.req.pull = pull;
		o.req.size = n ? (int64_t)n : -1;
		o.left = n ? n : 100000;
		break;
	default: exit(2);
	}
}

static void
drive(struct http *h)
{
	struct err e;
	enum rc rc = RC_OK;

	while (rc == RC_OK) {
		while (o.asked < o.count && http_pending(h) < 64)
			submit(h);
		rc = http_drive(h, &e);
	}
	if (rc != RC_END)
		printf("%s\n", e.text);
}

int
main(int argc, char **argv)
{
	struct http *h;
	struct err e;
	int64_t start = clock_monotonic();
	int letter;

	while ((letter = getopt(argc, argv,
	    "n:c:b:r:C:F:S:W:P:A:J:a:s:x:v:H:p:L:w:D:T:V:q:t:Z:")) != -1)
		set(letter, optarg);
	if (argc - optind != 3)
		return 2;
	o.config.base = argv[optind];
	o.req.method = argv[optind + 1];
	o.req.path = span_str(argv[optind + 2]);
	if (o.body && !o.req.type)
		o.req.type = "application/json";
	if (getenv("HTTP_TOKEN"))
		o.config.token = token;
	o.config.budget = open_budget();
	if (o.trace && http_trace_open(&o.config.trace, o.trace, o.bodies,
	    &e)) {
		printf("%s\n", e.text);
		return 1;
	}
	if (http_open(&h, &o.config, &e)) {
		printf("%s\n", e.text);
		return 1;
	}
	drive(h);
	printf("%" PRIu64 " connections, %" PRId64 " ms\n",
	    http_connections(h), clock_monotonic() - start);
	http_close(h);
	http_trace_close(o.config.trace);
	budget_close(o.config.budget);
	return 0;
}
