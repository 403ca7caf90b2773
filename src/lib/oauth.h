/* SPDX-License-Identifier: MIT */
/*
 * oauth: OAuth 2.0 as all systems have it (RFC 6749, 7636, 7523).  Pure: what
 * to send and what an answer says; oauth_call alone talks.  What one kind of
 * system does its own way is in its profile (adapters/profile.h).
 */
#ifndef OAUTH_H
#define OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "span.h"

struct budget; /* budget.h */

#define OAUTH_PROOF 43 /* characters of a verifier, a challenge, a state */

/* 43 random characters and a NUL (256 bits, base64url). */
enum rc oauth_random(char out[OAUTH_PROOF + 1], struct err *e) RC_CHECK;
/* PKCE's S256: base64url of the SHA-256 of a verifier. */
void oauth_challenge(struct span verifier, char out[OAUTH_PROOF + 1]);

/* base64url without padding (RFC 4648, 5). */
void oauth_base64url(struct buf *b, struct span bytes);

/* `name=value`, percent-encoded, with a '&' before it unless it is the first
 * or follows a '?'; an empty value is left out. */
void oauth_put(struct buf *b, const char *name, struct span value);

/* The value of a parameter of a query or form, decoded, appended: false when
 * it is not there or is damaged. */
bool oauth_take(struct span form, const char *name, struct buf *out);

/* The text's signature by an RSA key (PEM), base64url: JWT's RS256. */
enum rc oauth_sign(struct buf *out, struct span pem, struct span text,
    struct err *e) RC_CHECK;

/* The claim of a JWT bearer grant, good for three minutes from `now` (ms). */
struct oauth_claim {
	struct span issuer, subject, audience;
	int64_t now;
};
enum rc oauth_jwt(struct buf *out, struct span pem,
    const struct oauth_claim *claim, struct err *e) RC_CHECK;

/* What a token address answered.  All are secrets. */
struct oauth_answer {
	struct buf access, refresh; /* refresh: empty when none was given */
	struct buf scopes;          /* parted by a space; empty: not said */
	int64_t lifetime;           /* seconds; 0: not said */
};
void oauth_answer_init(struct oauth_answer *a);
void oauth_answer_free(struct oauth_answer *a);

/*
 * RC_PERSON when the grant is no good any more (somebody has to log in),
 * RC_CONFIG when the client is not, RC_REMOTE for all that may pass.  The
 * message has no more of the body than OAuth's own word for the error.
 */
enum rc oauth_answer_read(struct oauth_answer *a, long status,
    struct span body, struct err *e) RC_CHECK;

/* Secrets go over TLS, or stay on this machine: RC_CONFIG otherwise, and for
 * what is no web address or holds a user's name. */
enum rc oauth_check_url(struct span url, struct err *e) RC_CHECK;

/* One request and its answer.  `form` empty: a GET. */
struct oauth_call {
	struct span url, form;
	struct span bearer;         /* token, or empty */
	struct span user, password; /* Basic; user empty: none */
	struct budget *budget;      /* whose call it is; NULL: it counts not */
	long status;                /* out */
	struct buf body;            /* out: a secret */
};
void oauth_call_init(struct oauth_call *c);
void oauth_call_free(struct oauth_call *c);
/* Where all of them are logged from now on; NULL: nowhere. */
struct http_trace; /* http_trace.h */
void oauth_call_trace(struct http_trace *t);
/* RC_OK whatever the status; RC_REMOTE when no answer came. */
enum rc oauth_call_send(struct oauth_call *c, struct err *e) RC_CHECK;

#endif
