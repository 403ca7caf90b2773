/* SPDX-License-Identifier: MIT */
/* http_private: what the files of the engine share; nobody else's. */
#ifndef HTTP_PRIVATE_H
#define HTTP_PRIVATE_H

#include "http.h"
#include "http_backoff.h"
#include "http_curl.h"
#include "http_origin.h"
#include "limits.h"

enum http_stage {
	HTTP_WAITING, /* until `due` */
	HTTP_FLYING,  /* curl has it */
	HTTP_OVER,    /* its end is to be told */
	HTTP_TOLD
};

/* One request, through all its attempts. */
struct http_transfer {
	struct http *http;
	struct http_transfer *next;
	struct http_request req;
	http_done *done;
	void *arg;

	enum http_stage stage;
	int64_t submitted, due; /* clock_monotonic */
	struct buf url;
	unsigned redirects;
	bool stale;      /* the token it went out with was refused */
	uint64_t bearer; /* that token's hash */
	bool renewed;    /* a new one was asked for */
	bool maybe_done; /* by an attempt that had no whole answer */

	/* this attempt */
	CURL *easy;
	struct curl_slist *lines; /* of headers; holds the token */
	char text[CURL_ERROR_SIZE];
	const char *expired; /* the time-out that struck, in words */
	int64_t started, moved;
	size_t sent;     /* bytes of the body curl took */
	bool sending;    /* connected, the request may have begun to leave */
	bool heard;      /* something came */
	bool fed;        /* the sink has some of it */
	uint64_t number; /* in the wire log */

	struct http_answer answer;
	enum rc rc;
	struct err e;
};

struct http {
	struct http_config config; /* strings are ours */
	struct http_origin origin;
	struct http_backoff backoff;
	int64_t lane_due[LIMIT_LANES]; /* calls of it are spent until then */
	uint64_t bearer;   /* the hash of the token given last */
	CURLM *multi;
	struct http_transfer *first, **last;
	size_t pending, flying;
	CURL **idle;       /* handles to be used again */
	size_t idle_count;
	uint64_t connections;
};

/* http_transfer.c: one attempt.  RC_OK: curl has it. */
enum rc http_transfer_begin(struct http_transfer *t, struct err *e) RC_CHECK;
/* curl has it no more; secrets are wiped. */
void http_transfer_end(struct http_transfer *t);
/* The time-out that has struck by now, in words, or NULL. */
const char *http_transfer_expired(const struct http_transfer *t,
    int64_t now);
/* When the next one could. */
int64_t http_transfer_deadline(const struct http_transfer *t);
void http_transfer_free(struct http_transfer *t);

/* http_lines.c: headers of a request; RC_CONFIG when one is none. */
enum rc http_lines_make(struct http_transfer *t, struct err *e) RC_CHECK;
void http_lines_wipe(struct http_transfer *t);

/*
 * http_allow.c: what the budget is asked and told.  Asked before each attempt:
 * true to go on, else `t` waits or is over.
 */
bool http_allow(struct http_transfer *t, int64_t now);
/* The last attempt went well, or the system did badly. */
void http_allow_went(struct http_transfer *t, bool well);
/* What the answer tells of the limits; and whether the system wants to be left
 * alone, for `wait` ms. */
void http_allow_told(struct http_transfer *t, int64_t wait);

/* http_end.c: an attempt has ended: it waits for another, or is over. */
void http_end_attempt(struct http_transfer *t, CURLcode code);
/* It is over. */
void http_end_with(struct http_transfer *t, enum rc rc, const struct err *e);

#endif
