/* SPDX-License-Identifier: MIT */
/* credential: what one system is logged in with.  All of it is secret. */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "span.h"

enum credential_field {
	CRED_KIND,    /* of system */
	CRED_GRANT,   /* "code", "client", "jwt", "static" */
	CRED_API,     /* base address these were given for */
	CRED_CLIENT, CRED_SECRET, /* the application's */
	CRED_KEY, CRED_SUBJECT,   /* jwt: PEM, user */
	CRED_ACCESS, CRED_REFRESH,
	CRED_OBTAINED, CRED_EXPIRES, /* instants in ms; no expiry: empty */
	CRED_SCOPES, CRED_ACCOUNT, CRED_USER,
	CRED_FIELDS
};

struct credential {
	struct buf field[CRED_FIELDS]; /* secrets, all of them */
};

void credential_init(struct credential *c);
void credential_free(struct credential *c);
struct span credential_get(const struct credential *c,
    enum credential_field f);
void credential_set(struct credential *c, enum credential_field f,
    struct span value);
int64_t credential_time(const struct credential *c, enum credential_field f);
void credential_set_time(struct credential *c, enum credential_field f,
    int64_t ms);

/* As bytes, appended; and back: RC_STATE when they are no entry. */
void credential_put(struct buf *b, const struct credential *c);
enum rc credential_parse(struct credential *c, struct span bytes,
    struct err *e) RC_CHECK;

#endif
