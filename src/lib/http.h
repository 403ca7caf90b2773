/* SPDX-License-Identifier: MIT */
/*
 * http: requests to one origin, many at a time, over kept connections.  It
 * knows nothing of any system: who may say what an answer means is `judge`,
 * who has the token is `token`, who counts the calls is the budget.
 *
 * What the callers may rely on:
 *   A bearer token goes to the base's own origin (scheme, host, port) only.
 *   TLS is verified; plain http goes to loopback only, and past no proxy.
 *   An HTTP_ONCE request is never sent twice, unless nothing of it had left
 *   or the server said that it did nothing.
 *   Redirects are followed for GET within the origin, three at most.
 *   Once run_stopping(): what is in flight ends, nothing else begins.
 *   Every buffer has a ceiling (limits.h); secrets are wiped.
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "span.h"

struct budget; /* budget.h */
struct budget_told;
struct http;
struct http_trace; /* http_trace.h */

enum http_outcome {
	HTTP_ANSWERED, /* a whole answer: status, headers, body */
	HTTP_UNSENT,   /* nothing left us: safe to send again */
	HTTP_UNKNOWN   /* it left us; whether it was done is not known: no
	                  whole answer, or one the judge calls FAILED */
};

/* What sending it twice would do. */
enum http_repeat {
	HTTP_SAFE,       /* reads only */
	HTTP_IDEMPOTENT, /* twice is as once */
	HTTP_ONCE        /* twice would be two */
};

/* What an answer means for going on. */
enum http_verdict {
	HTTP_TAKE,     /* it is for the caller, whatever the status */
	HTTP_NOT_DONE, /* surely not done: again later, whatever it repeats */
	HTTP_FAILED,   /* done or not: again later if it may be repeated */
	HTTP_DOWN,     /* surely not done, and the system is unusable for now:
	                  do not go on */
	HTTP_AUTH      /* the token is refused: once more with a new one */
};

struct http_answer {
	enum http_outcome outcome;
	int status;          /* 0: no answer came */
	int64_t date;        /* the server's Date, ms; 0: none */
	int64_t retry_after; /* ms from now, both forms; -1: none */
	unsigned attempts;   /* how often it left us, or tried to */
	int64_t took;        /* ms, of the last attempt */
	struct buf headers;  /* lines "Name: value\n" of the last answer */
	struct buf body;     /* decoded; of a 2xx empty when there is a sink */
};

void http_answer_init(struct http_answer *a);
void http_answer_free(struct http_answer *a);
/* A header's value, by its name in any case; empty when there is none. */
struct span http_answer_header(const struct http_answer *a, struct span name);

/*
 * `wait` (ms) comes as Retry-After says, or -1 (then it is backoff, which the
 * judge may set); e comes as "HTTP 502: title of the page" and may be said
 * better.  Must not keep what it sees.
 */
typedef enum http_verdict http_judge(void *arg, const struct http_answer *a,
    int64_t *wait, struct err *e);

/* The judge when there is none: 401 AUTH, 429 NOT_DONE, 408, 425 and 5xx
 * FAILED, redirects that were not followed DOWN, all else TAKE. */
enum http_verdict http_judge_status(void *arg, const struct http_answer *a,
    int64_t *wait, struct err *e);

/* What an answer tells of the limits, into *t, which comes as nothing told of
 * the request's lane. */
typedef void http_limits(const struct http_answer *a, struct budget_told *t);

/*
 * Appends the bearer token.  `stale`: the one given last was refused; find
 * another, or fail.  Cheap: it is asked before every attempt.
 */
typedef enum rc http_token(void *arg, bool stale, struct buf *out,
    struct err *e);

struct http_config {
	const char *base;    /* "https://host[:port][/prefix]" */
	const char *agent;   /* User-Agent; NULL: ours */
	http_token *token;   /* NULL: no request carries one */
	void *token_arg;
	http_judge *judge;   /* NULL: http_judge_status */
	void *judge_arg;
	struct budget *budget; /* NULL: none counts; the caller's */
	http_limits *limits; /* NULL: nothing is told */
	struct http_trace *trace; /* NULL: none; the caller's */
	const char *proxy;   /* NULL: as the environment says; "": none */
	const char *ca_file; /* PEM, instead of the machine's; NULL: of
	                        CRM_CA_FILE, else SSL_CERT_FILE, if set */
	unsigned concurrent; /* requests at a time; 0: HTTP_CONCURRENT */
	/* ms; 0: as limits.h says */
	unsigned connect_ms; /* until connected, TLS and all */
	unsigned first_ms;   /* from sent until the first byte */
	unsigned stall_ms;   /* without a byte, either way */
	unsigned whole_ms;   /* one attempt, all of it */
	unsigned patience_ms; /* all attempts: no new one begins after it */
	unsigned attempts;   /* at most so many; 0: HTTP_ATTEMPTS */
	unsigned backoff_ms; /* the first wait is 0 to this, then twice... */
};

struct http_request {
	const char *method;  /* "GET"; literal */
	/*
	 * "/path?query" below the base, or an absolute URL (a next-page
	 * link): of another origin RC_REMOTE, unless the request is
	 * anonymous.
	 */
	struct span path;
	const struct span *headers; /* "Name: value" each */
	size_t header_count;
	const char *type;    /* Content-Type; NULL: none */
	struct span body;
	/*
	 * Or a stream: the number of bytes put, 0 at the end; `size` is -1
	 * when it is not known.  It can be read once: so it is sent once.
	 */
	size_t (*pull)(void *arg, char *out, size_t room);
	int64_t size;
	void *pull_arg;
	/*
	 * Takes the body of a 2xx as it comes.  Before each attempt's first
	 * bytes it is called with ptr NULL: forget what came before.
	 * A failure ends the transfer and is its result.
	 */
	enum rc (*sink)(void *arg, struct span bytes, struct err *e);
	void *sink_arg;
	enum http_repeat repeat;
	unsigned lane;       /* of the budget */
	unsigned cost;       /* calls it counts for; 0 is 1 */
	int64_t wait;        /* ms before it is sent at all */
	bool anonymous;      /* carries no token */
	bool secret;         /* neither bodies nor query are in any log */
	http_judge *judge;   /* NULL: the engine's */
	void *judge_arg;
};

/*
 * The end of a request.  rc RC_OK: answered and the judge took it.  RC_RETRY:
 * no answer, or a failed one, and attempts are used up, not allowed or not
 * waited for; RC_REMOTE: the system is out of reach or down, the token
 * refused, the address elsewhere; RC_CONFIG: the request is wrong; or what
 * token or sink failed with.  a->outcome always says whether it may have been
 * done.  The answer and e live until it returns.  It may submit.
 */
typedef void http_done(void *arg, const struct http_answer *a, enum rc rc,
    const struct err *e);

/* RC_CONFIG when the base is neither https nor loopback, or has a user,
 * query or fragment. */
enum rc http_open(struct http **out, const struct http_config *config,
    struct err *e) RC_CHECK;
/* Gives up what is not done, without calling anybody; NULL is fine. */
void http_close(struct http *h);

/* Takes a request; it begins in http_drive.  What it points to (path, body,
 * headers too) must live until done. */
void http_submit(struct http *h, const struct http_request *r,
    http_done *done, void *arg);
/* Who counts the calls from now on; the caller's. */
void http_count(struct http *h, struct budget *b);
/* How many are submitted and not done. */
size_t http_pending(const struct http *h);
/*
 * Works until at least one is done: RC_OK; RC_END when there is none left.
 * RC_SYSTEM when the machine fails us.
 */
enum rc http_drive(struct http *h, struct err *e) RC_CHECK;
/* Works until all are done. */
enum rc http_drain(struct http *h, struct err *e) RC_CHECK;

/* One request, waited for; rc as of http_done.  `a` must be initialised; its
 * buffers are used again.  Others submitted go on meanwhile. */
enum rc http_call(struct http *h, const struct http_request *r,
    struct http_answer *a, struct err *e) RC_CHECK;

/* How many connections were made so far: for tests and measuring. */
uint64_t http_connections(const struct http *h);

#endif
