/* SPDX-License-Identifier: MIT */
/*
 * profile: how a kind of system is logged in to, and what it tells of who is.
 * All that is the kind's own (addresses, scopes, peculiarities of its OAuth)
 * stands in one file here, named by its web.h; lib/oauth.h has what all kinds
 * do alike.  Every function is pure.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>

#include "../lib/arena.h"
#include "../lib/buf.h"
#include "../lib/json.h"
#include "../lib/span.h"

enum profile_grant {
	GRANT_CODE = 1 << 0,   /* authorization code with PKCE */
	GRANT_CLIENT = 1 << 1, /* client credentials */
	GRANT_JWT = 1 << 2,    /* JWT bearer, RS256 */
	GRANT_STATIC = 1 << 3  /* a token that was made in its own pages */
};

/* Who stands behind a token; empty where it is not told. */
struct profile_facts {
	struct span account; /* "KIND:ID", as a stream's begin names it */
	struct span user;
	struct span edition;
	struct span scopes;  /* parted by a space */
	bool active;         /* introspection: the token is good */
	bool has_zone;
	int zone;            /* minutes its clock is before UTC */
};

struct profile {
	const char *kind;
	unsigned grants;       /* of enum profile_grant */
	const char *api;       /* base address, unless systems.jq has `api` */
	const char *consent;   /* the page a person agrees on */
	const char *consent_path; /* the same below an `api` of one's own */
	const char *token_path;
	const char *revoke_path;     /* NULL: nothing can be revoked */
	const char *introspect_path; /* NULL: there is none */
	const char *account_path;    /* whose account: GET; NULL: none */
	const char *audience;  /* of a JWT; NULL: the token's address */
	bool secret_in_header; /* Basic; else in the form */
	const char *scopes;    /* asked for unless said otherwise */
	const char *loopback;  /* host of the redirect address on our side */
	long lifetime;         /* seconds, where an answer does not say */

	/* What an introspection, and the account's own record, say. */
	void (*introspected)(struct profile_facts *f, const struct json *j,
	    struct arena *a);
	void (*account)(struct profile_facts *f, const struct json *j,
	    struct arena *a);
	/* The path of a small read of that object. */
	void (*sample)(struct buf *path, struct span object);
	/* What reading or writing it takes; nothing: it cannot be. */
	void (*scope)(struct buf *scope, struct span object, bool write);
};

/* NULL: that kind is not logged in to. */
const struct profile *profile_find(struct span kind);

#endif
