/* SPDX-License-Identifier: MIT */
/*
 * audit_hash: SHA-256, plain and keyed (HMAC), of libcrypto.  Contexts are
 * made once: a hash of a few hundred bytes costs less than making one.
 */
#ifndef AUDIT_HASH_H
#define AUDIT_HASH_H

#include "buf.h"
#include "span.h"

#define AUDIT_HASH 32
#define AUDIT_HASH_TEXT (2 * AUDIT_HASH)

struct audit_hash;

struct audit_hash *audit_hash_new(void);
/* RC_SYSTEM once libcrypto failed: what was hashed since is no hash. */
enum rc audit_hash_check(const struct audit_hash *h, struct err *e) RC_CHECK;
void audit_hash_free(struct audit_hash *h);

/* Random and from then on the home's own; AUDIT_HASH bytes. */
void audit_hash_key(struct audit_hash *h, const unsigned char *key);

void audit_hash_plain(struct audit_hash *h, struct span text,
    unsigned char out[AUDIT_HASH]);
void audit_hash_keyed(struct audit_hash *h, struct span text,
    unsigned char out[AUDIT_HASH]);

/* Lower-case hex of `bytes` bytes, no NUL. */
void audit_hash_text(const unsigned char *hash, size_t bytes, char *text);

/* Bytes nobody can guess. */
enum rc audit_hash_random(void *out, size_t n, struct err *e) RC_CHECK;

#endif
