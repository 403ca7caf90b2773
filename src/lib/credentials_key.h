/* SPDX-License-Identifier: MIT */
/* credentials_key: where the key is, and which one a file is sealed with. */
#ifndef CREDENTIALS_KEY_H
#define CREDENTIALS_KEY_H

#include "credentials.h"

#define CREDENTIALS_ID 16 /* hex digits that name a key, and a NUL more */

void credentials_key_id(const unsigned char *key,
    char id[CREDENTIALS_ID + 1]);

/* RC_END: there is none yet (only for a key in a file of ours). */
enum rc credentials_key_find(unsigned char *key, struct err *e) RC_CHECK;

/* Where our file of it is; NULL when the key is given some other way. */
const char *credentials_key_path(char path[4096], const char *suffix);

/* A file's key; RC_END when there is no such file. */
enum rc credentials_key_read(unsigned char *key, const char *path,
    struct err *e) RC_CHECK;

/* A new one, durable in a file. */
enum rc credentials_key_make(unsigned char *key, const char *path,
    struct err *e) RC_CHECK;

/* The one of CRM_KEY_NEW. */
enum rc credentials_key_next(unsigned char *key, struct err *e) RC_CHECK;

#endif
