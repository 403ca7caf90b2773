/* SPDX-License-Identifier: MIT */
/* credentials_seal: one entry as bytes nobody reads or changes unseen. */
#ifndef CREDENTIALS_SEAL_H
#define CREDENTIALS_SEAL_H

#include "credentials.h"

/* Appends nonce, ciphertext and tag; `about` is authenticated with it. */
enum rc credentials_seal(struct buf *out, const unsigned char *key,
    struct span about, struct span plain, struct err *e) RC_CHECK;

/* Appends the plain text to a secret; RC_STATE unless all is as it was. */
enum rc credentials_unseal(struct buf *out, const unsigned char *key,
    struct span about, struct span sealed, struct err *e) RC_CHECK;

#endif
