/* SPDX-License-Identifier: MIT */
/*
 * credentials: what the systems of a home are logged in with, and the token a
 * request goes out with.
 *
 * $CRM_HOME/credentials is a text: a line naming the format and the key, then
 * a line for each system, `NAME BASE64`: a nonce of 96 bits, AES-256-GCM, its
 * tag; format and name are authenticated too.  The key is 32 bytes in base64:
 * in CRM_KEY, else crm-key of $CREDENTIALS_DIRECTORY (systemd), else a file of
 * our own, $CRM_KEY_FILE or $CRM_HOME/key.  All entries are proven at opening:
 * one bit that is not as we wrote it and nothing is used.
 *
 * Files anybody else may read are refused.  A write replaces the whole file;
 * writers take turns by credentials.lock, readers need not.
 */
#ifndef CREDENTIALS_H
#define CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "credential.h"
#include "err.h"
#include "home.h"
#include "oauth.h"
#include "span.h"

struct profile; /* adapters/profile.h */

#define CREDENTIALS_KEY 32

/* ---- the file ---- */

struct credentials {
	struct buf text;        /* sealed */
	unsigned char key[CREDENTIALS_KEY];
	bool has_key;
	int lock;               /* -1: reading only */
};

/*
 * RC_CONFIG for wrong modes or a missing or wrong key, RC_STATE for a damaged
 * file.  No file is no entries.  `write`: nobody else may write until close
 * (RC_RETRY when it takes over a minute); a key is made where there is none.
 */
enum rc credentials_open(struct credentials *c, bool write, struct err *e)
    RC_CHECK;
/* As credentials_open to write, but RC_END at once while another does. */
enum rc credentials_try(struct credentials *c, struct err *e) RC_CHECK;
void credentials_close(struct credentials *c);

/* The name of the i-th, empty after the last. */
struct span credentials_name(const struct credentials *c, size_t i);
/* RC_END: no such entry. */
enum rc credentials_get(const struct credentials *c, struct span name,
    struct credential *out, struct err *e) RC_CHECK;
/* Can it be written?  Writes the same once more; of one that has entries. */
enum rc credentials_room(const struct credentials *c, struct err *e)
    RC_CHECK;
/* Durable on return; what was there under that name is replaced. */
enum rc credentials_put(struct credentials *c, struct span name,
    const struct credential *entry, struct err *e) RC_CHECK;
enum rc credentials_forget(struct credentials *c, struct span name,
    struct err *e) RC_CHECK;

/*
 * A new key for all entries.  Of a key in a file we make it; else it is
 * CRM_KEY_NEW.  Killed at any step the old key or the new one fits; the next
 * to open it tidies up.
 */
enum rc credentials_rekey(struct credentials *c, struct err *e) RC_CHECK;

/* ---- tokens ---- */

/* The system's own address: its `api` in systems.jq, else its kind's. */
struct span credentials_api(const struct system *s, const struct profile *p);

/*
 * The token to send, into `token` (secret_init, emptied first): of
 * CRM_TOKEN_<SYSTEM>, else its token_command, else what is stored, renewed in
 * time by one process while the others wait or use the one that still holds.
 * What a renewal gave is durable before it is used.
 *
 * `stale` is the token a request was refused with (401), else empty: then
 * another one is looked for, and renewed at most once.  RC_PERSON when
 * somebody has to log in, RC_CONFIG when it never was, RC_REMOTE when it
 * cannot be renewed for now.
 */
enum rc credentials_token(const struct system *s, struct span stale,
    struct buf *token, struct err *e) RC_CHECK;

/* Appends whose account the stored credentials are for.  RC_END: nobody knows,
 * or the token comes from elsewhere. */
enum rc credentials_account(const struct system *s, struct buf *out,
    struct err *e) RC_CHECK;

/* The same as a callback: appends the token, remembers it for `stale`. */
struct bearer {
	const struct system *system;
	struct buf last; /* secret_init, LIMIT_SECRET */
};
enum rc credentials_bearer(void *bearer, bool stale, struct buf *out,
    struct err *e) RC_CHECK;

/* Takes over what a token address answered at `now`. */
void credentials_take(struct credential *c, const struct oauth_answer *a,
    const struct profile *p, int64_t now);

/* Asks the token address, by the grant the entry has, and takes it over. */
enum rc credentials_renew(struct credential *c, const struct profile *p,
    struct err *e) RC_CHECK;

/* Posts a form to a path of the system, with the application's own name. */
enum rc credentials_post(const struct credential *c, const struct profile *p,
    const char *path, struct buf *form, struct oauth_call *call,
    struct err *e) RC_CHECK;

/* The first line a token_command prints; RC_CONFIG, RC_REMOTE. */
enum rc credentials_command(const struct system *s, struct buf *token,
    struct err *e) RC_CHECK;

/* "CRM_TOKEN_HUBSPOT_EU": prefix and name in upper case, '-' as '_'. */
#define CREDENTIALS_VARIABLE 128
void credentials_variable(char out[CREDENTIALS_VARIABLE], const char *prefix,
    struct span name);

#endif
