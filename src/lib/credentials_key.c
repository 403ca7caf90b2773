/* SPDX-License-Identifier: MIT */
#include "credentials_key.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

#include "base64.h"
#include "secret.h"
#include "xalloc.h"

#define TEXT 256 /* of a key file, at most */

void
credentials_key_id(const unsigned char *key, char id[CREDENTIALS_ID + 1])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char text[15 + CREDENTIALS_KEY];

	secret_crypto();
	memcpy(text, "crm-key's name:", 15);
	memcpy(text + 15, key, CREDENTIALS_KEY);
	if (!SHA256((unsigned char *)text, sizeof text, digest))
		xalloc_fail(); /* a wrong name would lock all of it up */
	secret_wipe(span_of(text, sizeof text));
	for (size_t i = 0; i < CREDENTIALS_ID; i++)
		id[i] = hex[digest[i / 2] >> (i % 2 ? 0 : 4) & 15];
	id[CREDENTIALS_ID] = '\0';
}

static enum rc
decode(unsigned char *key, struct span text, const char *what, struct err *e)
{
	struct buf bytes;
	bool good;

	while (text.len && (text.ptr[text.len - 1] == '\n' ||
	    text.ptr[text.len - 1] == '\r'))
		text.len--;
	secret_init(&bytes, TEXT, "key");
	good = base64_take(&bytes, text) && bytes.len == CREDENTIALS_KEY;
	if (good)
		memcpy(key, bytes.ptr, CREDENTIALS_KEY);
	secret_free(&bytes);
	return good ? RC_OK : err_set(e, RC_CONFIG, "%s: is no key: %d bytes "
	    "in base64", what, CREDENTIALS_KEY);
}

static enum rc
read_key(unsigned char *key, const char *path, bool given, struct err *e)
{
	struct buf text;
	enum rc rc;

	secret_init(&text, TEXT, "key");
	rc = given ? secret_read_given(&text, path, e) :
	    secret_read(&text, path, e);
	if (!rc)
		rc = decode(key, buf_view(&text), path, e);
	secret_free(&text);
	return rc;
}

enum rc
credentials_key_read(unsigned char *key, const char *path, struct err *e)
{
	return read_key(key, path, false, e);
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* What systemd hands over: a file in a folder only this service sees. */
static bool
service_path(char path[4096])
{
	const char *dir = variable("CREDENTIALS_DIRECTORY");
	int n = dir ? snprintf(path, 4096, "%s/crm-key", dir) : -1;

	return n > 0 && n < 4096;
}

static bool
service_has(void)
{
	char path[4096];
	FILE *f = service_path(path) ? fopen(path, "re") : NULL;

	if (f)
		fclose(f);
	return f != NULL;
}

const char *
credentials_key_path(char path[4096], const char *suffix)
{
	const char *file = variable("CRM_KEY_FILE");
	int n;

	if (variable("CRM_KEY") || service_has())
		return NULL;
	if (file)
		n = snprintf(path, 4096, "%s%s", file, suffix);
	else
		n = snprintf(path, 4096, "%s/key%s", home_path(), suffix);
	return n > 0 && n < 4096 ? path : NULL;
}

enum rc
credentials_key_find(unsigned char *key, struct err *e)
{
	char path[4096];

	if (variable("CRM_KEY"))
		return decode(key, span_str(getenv("CRM_KEY")), "CRM_KEY", e);
	if (service_has() && service_path(path))
		return read_key(key, path, true, e);
	if (!credentials_key_path(path, ""))
		return err_set(e, RC_CONFIG, "the key's path is too long");
	return credentials_key_read(key, path, e);
}

enum rc
credentials_key_make(unsigned char *key, const char *path, struct err *e)
{
	struct buf text;
	enum rc rc = secret_random(key, CREDENTIALS_KEY, e);

	secret_init(&text, TEXT, "key");
	base64_put(&text, span_of((char *)key, CREDENTIALS_KEY));
	buf_putc(&text, '\n');
	if (!rc)
		rc = secret_write(path, buf_view(&text), e);
	secret_free(&text);
	return rc;
}

enum rc
credentials_key_next(unsigned char *key, struct err *e)
{
	const char *text = variable("CRM_KEY_NEW");

	if (!text)
		return err_set(e, RC_CONFIG, "the key is not in a file of "
		    "ours: give the new one in CRM_KEY_NEW");
	return decode(key, span_str(text), "CRM_KEY_NEW", e);
}
