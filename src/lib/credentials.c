/* SPDX-License-Identifier: MIT */
/* credentials: the file. */
#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base64.h"
#include "clock.h"
#include "credentials_key.h"
#include "credentials_seal.h"
#include "directory.h"
#include "fault.h"
#include "guard.h"
#include "limits.h"
#include "secret.h"

#define FORMAT "crm-credentials 1 "
#define HEADER (sizeof FORMAT - 1 + CREDENTIALS_ID + 1)
#define ENTRY (CRED_FIELDS * (LIMIT_SECRET + 32))
#define PATIENCE 60000 /* ms another may write */
#define PAUSE 20       /* ms between looks */

static const char *
path_of(char path[4096], const char *name)
{
	snprintf(path, 4096, "%s/%s", home_path(), name);
	return path;
}

/* ---- lines ---- */

/* Takes the next line, `NAME BASE64`, off the front; false at the end or
 * where it is none. */
static bool
next_line(struct span *rest, struct span *name, struct span *sealed)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) :
	    NULL;
	size_t len = end ? (size_t)(end - rest->ptr) : 0;
	const char *gap = end ? memchr(rest->ptr, ' ', len) : NULL;

	if (!gap)
		return false;
	*name = span_of(rest->ptr, (size_t)(gap - rest->ptr));
	*sealed = span_of(gap + 1, len - name->len - 1);
	*rest = span_of(end + 1, rest->len - len - 1);
	return home_is_name(*name);
}

static struct span
entries(const struct credentials *c)
{
	return c->text.len < HEADER ? span_of(NULL, 0) :
	    span_of(c->text.ptr + HEADER, c->text.len - HEADER);
}

struct span
credentials_name(const struct credentials *c, size_t i)
{
	struct span rest = entries(c), name, sealed;

	while (next_line(&rest, &name, &sealed))
		if (i-- == 0)
			return name;
	return span_of(NULL, 0);
}

/* What an entry stands for: it fits under no other name or format. */
static void
put_about(struct buf *b, struct span name)
{
	BUF_LIT(b, FORMAT);
	buf_span(b, name);
}

static enum rc
unseal(const struct credentials *c, struct span name, struct span sealed,
    struct credential *out, struct err *e)
{
	struct buf bytes, about, plain;
	enum rc rc = RC_OK;

	buf_init(&bytes, LIMIT_CREDENTIALS, "entry");
	buf_init(&about, LIMIT_LINE, "entry");
	secret_init(&plain, ENTRY, "entry");
	put_about(&about, name);
	if (!base64_take(&bytes, sealed))
		rc = err_set(e, RC_STATE, "is damaged");
	if (!rc)
		rc = credentials_unseal(&plain, c->key, buf_view(&about),
		    buf_view(&bytes), e);
	if (!rc)
		rc = credential_parse(out, buf_view(&plain), e);
	secret_free(&plain);
	buf_free(&about);
	buf_free(&bytes);
	return rc;
}

enum rc
credentials_get(const struct credentials *c, struct span name,
    struct credential *out, struct err *e)
{
	struct span rest = entries(c), each, sealed;

	while (next_line(&rest, &each, &sealed))
		if (span_eq(each, name))
			return unseal(c, name, sealed, out, e);
	return RC_END;
}

/* Every line is an entry of ours, and no name comes twice. */
static enum rc
prove(const struct credentials *c, struct err *e)
{
	struct span rest = entries(c), name, sealed;
	struct credential entry;
	enum rc rc = RC_OK;

	for (size_t i = 0; !rc && rest.len; i++) {
		if (!next_line(&rest, &name, &sealed))
			return err_set(e, RC_STATE, "is damaged");
		credential_init(&entry);
		rc = unseal(c, name, sealed, &entry, e);
		credential_free(&entry);
		while (!rc && i && span_eq(credentials_name(c, i - 1), name))
			rc = err_set(e, RC_STATE, "is damaged");
	}
	return rc;
}

/* ---- reading ---- */

static bool
sealed_with(const struct credentials *c, const unsigned char *key)
{
	char id[CREDENTIALS_ID + 1];

	credentials_key_id(key, id);
	return memcmp(c->text.ptr + sizeof FORMAT - 1, id,
	    CREDENTIALS_ID) == 0;
}

/*
 * The file's key, or the one a rekey was about to put in its place.  RC_END:
 * neither fits.  Who may write puts it there, or away.
 */
static enum rc
find_key(struct credentials *c, struct err *e)
{
	char fresh[4096], path[4096];
	enum rc rc = credentials_key_find(c->key, e);
	bool fits = !rc && sealed_with(c, c->key);
	bool ours = credentials_key_path(fresh, ".new") &&
	    credentials_key_path(path, "");

	if (rc && rc != RC_END)
		return rc;
	if (fits && ours && c->lock >= 0)
		unlink(fresh); /* of a rekey that came to nothing */
	if (fits || !ours)
		return fits ? RC_OK : RC_END;
	rc = credentials_key_read(c->key, fresh, e);
	if (rc || !sealed_with(c, c->key))
		return rc ? rc : RC_END;
	if (c->lock < 0)
		return RC_OK;
	fault_step("put a key in place");
	if (rename(fresh, path) != 0)
		return err_errno(e, RC_SYSTEM, "%s", path);
	return directory_sync_of(path, e);
}

static enum rc
read_once(struct credentials *c, const char *path, struct err *e)
{
	enum rc rc;

	buf_reset(&c->text);
	rc = secret_read(&c->text, path, e);
	if (rc)
		return rc;
	if (c->text.len < HEADER || memcmp(c->text.ptr, FORMAT,
	    sizeof FORMAT - 1) != 0 || c->text.ptr[HEADER - 1] != '\n')
		return err_set(e, RC_STATE, "%s: is damaged", path);
	return find_key(c, e);
}

/* While a rekey passes by, file and key may not fit for a moment. */
static enum rc
read_file(struct credentials *c, struct err *e)
{
	struct timespec pause = { 0, PAUSE * 1000000L };
	char path[4096];
	enum rc rc = RC_END;

	path_of(path, "credentials");
	for (int i = 0; i < 3 && rc == RC_END; i++) {
		if (i)
			nanosleep(&pause, NULL);
		rc = read_once(c, path, e);
		if (rc == RC_END && !c->text.len)
			return RC_OK;
	}
	if (rc == RC_END)
		return err_set(e, RC_CONFIG, "%s: there is no key for it, or "
		    "another one", path);
	c->has_key = true;
	if (!rc)
		rc = prove(c, e);
	return rc == RC_STATE ? err_set(e, rc, "%s: is damaged, or was "
	    "changed; log in again after taking it away", path) : rc;
}

/* ---- taking turns ---- */

/* RC_END: another one has it. */
static enum rc
lock_once(struct credentials *c, struct err *e)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[4096];

	path_of(path, "credentials.lock");
	if (c->lock < 0)
		c->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	if (c->lock < 0)
		return err_errno(e, err_of_file(errno), "%s", path);
	if (fcntl(c->lock, F_SETLK, &l) == 0)
		return RC_OK;
	if (errno == EACCES || errno == EAGAIN || errno == EINTR)
		return RC_END;
	return err_errno(e, RC_SYSTEM, "%s", path);
}

static enum rc
lock(struct credentials *c, struct err *e)
{
	struct timespec pause = { 0, PAUSE * 1000000L };
	int64_t until = clock_monotonic() + PATIENCE;
	enum rc rc;

	for (;;) {
		rc = lock_once(c, e);
		if (rc != RC_END)
			return rc;
		if (clock_monotonic() > until)
			return err_set(e, RC_RETRY, "credentials: another "
			    "process keeps them locked");
		nanosleep(&pause, NULL);
	}
}

static void
init(struct credentials *c)
{
	guard_process();
	*c = (struct credentials){ .lock = -1 };
	secret_init(&c->text, LIMIT_CREDENTIALS, "credentials");
}

enum rc
credentials_open(struct credentials *c, bool write, struct err *e)
{
	enum rc rc;

	init(c);
	rc = home_require(e);
	if (!rc && write)
		rc = lock(c, e);
	return rc ? rc : read_file(c, e);
}

enum rc
credentials_try(struct credentials *c, struct err *e)
{
	enum rc rc;

	init(c);
	rc = lock_once(c, e);
	return rc ? rc : read_file(c, e);
}

void
credentials_close(struct credentials *c)
{
	secret_free(&c->text);
	secret_wipe(span_of((char *)c->key, sizeof c->key));
	if (c->lock >= 0)
		close(c->lock);
	c->lock = -1;
}

/* ---- writing ---- */

static void
put_header(struct buf *b, const unsigned char *key)
{
	char id[CREDENTIALS_ID + 1];

	credentials_key_id(key, id);
	BUF_LIT(b, FORMAT);
	buf_span(b, span_str(id));
	buf_putc(b, '\n');
}

static enum rc
put_entry(struct buf *b, const unsigned char *key, struct span name,
    const struct credential *entry, struct err *e)
{
	struct buf plain, about, sealed;
	enum rc rc;

	secret_init(&plain, ENTRY, "entry");
	buf_init(&about, LIMIT_LINE, "entry");
	buf_init(&sealed, LIMIT_CREDENTIALS, "credentials");
	put_about(&about, name);
	credential_put(&plain, entry);
	rc = buf_check(&plain, e);
	if (!rc)
		rc = credentials_seal(&sealed, key, buf_view(&about),
		    buf_view(&plain), e);
	buf_span(b, name);
	buf_putc(b, ' ');
	base64_put(b, buf_view(&sealed));
	buf_putc(b, '\n');
	buf_free(&sealed);
	buf_free(&about);
	secret_free(&plain);
	return rc;
}

enum rc
credentials_room(const struct credentials *c, struct err *e)
{
	char path[4096];

	return secret_write(path_of(path, "credentials"), buf_view(&c->text),
	    e);
}

/* Writes what was gathered, and has it from here on. */
static enum rc
replace(struct credentials *c, struct buf *text, struct err *e)
{
	char path[4096];
	enum rc rc = buf_check(text, e);

	if (!rc)
		rc = secret_write(path_of(path, "credentials"),
		    buf_view(text), e);
	if (!rc) {
		buf_reset(&c->text);
		buf_span(&c->text, buf_view(text));
	}
	return rc;
}

/* A home's first entry brings the key with it. */
static enum rc
need_key(struct credentials *c, struct err *e)
{
	char path[4096];
	enum rc rc = RC_OK;

	if (c->has_key)
		return RC_OK;
	rc = credentials_key_find(c->key, e);
	if (rc == RC_END)
		rc = credentials_key_path(path, "") ? credentials_key_make(
		    c->key, path, e) : err_set(e, RC_CONFIG, "no key");
	c->has_key = !rc;
	return rc;
}

/* All but that one, and then `entry` if there is one. */
static enum rc
rewrite(struct credentials *c, struct span name,
    const struct credential *entry, struct err *e)
{
	struct span rest = entries(c), each, sealed;
	struct buf text;
	enum rc rc = need_key(c, e);

	buf_init(&text, LIMIT_CREDENTIALS, "credentials");
	put_header(&text, c->key);
	while (next_line(&rest, &each, &sealed))
		if (!span_eq(each, name))
			buf_put(&text, each.ptr, each.len + sealed.len + 2);
	if (!rc && entry)
		rc = put_entry(&text, c->key, name, entry, e);
	if (!rc)
		rc = replace(c, &text, e);
	buf_free(&text);
	return rc;
}

enum rc
credentials_put(struct credentials *c, struct span name,
    const struct credential *entry, struct err *e)
{
	return rewrite(c, name, entry, e);
}

enum rc
credentials_forget(struct credentials *c, struct span name, struct err *e)
{
	return rewrite(c, name, NULL, e);
}

/* ---- another key ---- */

static enum rc
seal_all(struct credentials *c, const unsigned char *key, struct err *e)
{
	struct span rest = entries(c), name, sealed;
	struct credential entry;
	struct buf text;
	enum rc rc = RC_OK;

	buf_init(&text, LIMIT_CREDENTIALS, "credentials");
	put_header(&text, key);
	while (!rc && next_line(&rest, &name, &sealed)) {
		credential_init(&entry);
		rc = unseal(c, name, sealed, &entry, e);
		if (!rc)
			rc = put_entry(&text, key, name, &entry, e);
		credential_free(&entry);
	}
	if (!rc)
		rc = replace(c, &text, e);
	buf_free(&text);
	return rc;
}

enum rc
credentials_rekey(struct credentials *c, struct err *e)
{
	unsigned char key[CREDENTIALS_KEY];
	char fresh[4096], path[4096];
	bool ours = credentials_key_path(fresh, ".new") &&
	    credentials_key_path(path, "");
	enum rc rc;

	if (!c->has_key)
		return err_set(e, RC_CONFIG, "there are no credentials yet");
	rc = ours ? credentials_key_make(key, fresh, e) :
	    credentials_key_next(key, e);
	if (!rc)
		rc = seal_all(c, key, e);
	fault_step("put a new key in place");
	if (!rc && ours && rename(fresh, path) != 0)
		rc = err_errno(e, RC_SYSTEM, "%s", path);
	if (!rc && ours)
		rc = directory_sync_of(path, e);
	if (!rc)
		memcpy(c->key, key, sizeof key);
	secret_wipe(span_of((char *)key, sizeof key));
	return rc;
}
