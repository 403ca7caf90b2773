/* SPDX-License-Identifier: MIT */
/* Credentials: what is put is there again, and nothing else is believed. */
#include "credentials.h"

#include <fcntl.h>

#include "base64.h"
#include "credentials_seal.h"
#include "scratch.h"
#include "secret.h"
#include "tap.h"

static char file[4300], key_file[4300];

static void
put(const char *name, const char *token)
{
	struct credentials all;
	struct credential c;
	struct err e;
	enum rc rc;

	credential_init(&c);
	credential_set(&c, CRED_KIND, SPAN("hubspot"));
	credential_set(&c, CRED_ACCESS, span_str(token));
	credential_set_time(&c, CRED_EXPIRES, 1800000000123);
	rc = credentials_open(&all, true, &e);
	if (!rc)
		rc = credentials_put(&all, span_str(name), &c, &e);
	ok(!rc, "%s is put%s%s", name, rc ? ": " : "", rc ? e.text : "");
	credentials_close(&all);
	credential_free(&c);
}

/* The token of that name is this one; NULL: there is none. */
static bool
holds(const char *name, const char *token)
{
	struct credentials all;
	struct credential c;
	struct err e;
	bool same;
	enum rc rc;

	credential_init(&c);
	rc = credentials_open(&all, false, &e);
	if (!rc)
		rc = credentials_get(&all, span_str(name), &c, &e);
	same = token ? !rc && span_eq(credential_get(&c, CRED_ACCESS),
	    span_str(token)) && credential_time(&c, CRED_EXPIRES) ==
	    1800000000123 : rc == RC_END;
	credentials_close(&all);
	credential_free(&c);
	return same;
}

static enum rc
opens(void)
{
	struct credentials all;
	struct err e;
	enum rc rc = credentials_open(&all, false, &e);

	if (rc)
		printf("# %s\n", e.text);
	credentials_close(&all);
	return rc;
}

static void
load(struct buf *b, const char *path)
{
	struct err e;

	buf_init(b, 1 << 20, "file");
	buf_reserve(b, 1 << 19);
	if (secret_read(b, path, &e))
		abort();
}

static void
save(const char *path, struct span bytes)
{
	struct err e;

	if (secret_write(path, bytes, &e))
		abort();
}

static void
round_trip(void)
{
	ok(opens() == RC_OK && holds("hubspot", NULL), "none at first");
	ok(access(key_file, F_OK) != 0, "looking makes no key");
	put("hubspot", "token-1");
	put("other", "token-2");
	ok(holds("hubspot", "token-1") && holds("other", "token-2"), "two");
	put("hubspot", "token-3");
	ok(holds("hubspot", "token-3") && holds("other", "token-2"),
	    "one is replaced");
}

static void
sealed(void)
{
	unsigned char key[CREDENTIALS_KEY] = { 7 };
	struct buf a, b, plain;
	struct err e;

	buf_init(&a, 1 << 10, "a");
	buf_init(&b, 1 << 10, "b");
	secret_init(&plain, 1 << 10, "plain");
	ok(!credentials_seal(&a, key, SPAN("x"), SPAN("secret"), &e) &&
	    !credentials_seal(&b, key, SPAN("x"), SPAN("secret"), &e) &&
	    a.len == 12 + 6 + 16 && !span_eq(buf_view(&a), buf_view(&b)),
	    "sealed twice it is not the same");
	ok(!credentials_unseal(&plain, key, SPAN("x"), buf_view(&a), &e) &&
	    span_eq(buf_view(&plain), SPAN("secret")), "and back");
	ok(credentials_unseal(&plain, key, SPAN("y"), buf_view(&a), &e) ==
	    RC_STATE, "not under another name");
	key[31] ^= 1;
	ok(credentials_unseal(&plain, key, SPAN("x"), buf_view(&a), &e) ==
	    RC_STATE, "not with another key");
	ok(plain.len == 6, "and nothing was given");
	buf_free(&a);
	buf_free(&b);
	secret_free(&plain);
}

/* Quietly: thousands of times. */
static bool
is_refused(void)
{
	struct credentials all;
	struct err e;
	enum rc rc = credentials_open(&all, false, &e);

	credentials_close(&all);
	return rc == RC_STATE || rc == RC_CONFIG;
}

static void
store(int fd, struct span bytes)
{
	if (pwrite(fd, bytes.ptr, bytes.len, 0) != (ssize_t)bytes.len ||
	    ftruncate(fd, (off_t)bytes.len) != 0)
		abort();
}

static void
every_bit(void)
{
	int fd = open(file, O_RDWR);
	size_t taken = 0, cut = 0;
	struct buf b;

	load(&b, file);
	for (size_t i = 0; i < 8 * b.len; i++) {
		b.ptr[i / 8] ^= (char)(1 << i % 8);
		store(fd, buf_view(&b));
		taken += !is_refused();
		b.ptr[i / 8] ^= (char)(1 << i % 8);
	}
	ok(taken == 0, "each of %zu bits that flips is seen", 8 * b.len);
	for (size_t i = 0; i < b.len; i++) {
		store(fd, span_of(b.ptr, i));
		cut += !is_refused();
	}
	ok(cut == 2, "cut it is taken only where an entry ends: %zu", cut);
	store(fd, buf_view(&b));
	ok(holds("hubspot", "token-3"), "and whole again it is good");
	close(fd);
	buf_free(&b);
}

static void
modes(void)
{
	const char *const paths[] = { file, key_file };
	char moved[4400];

	for (size_t i = 0; i < 2; i++) {
		const char *name = i ? "key" : "credentials";

		chmod(paths[i], 0640);
		ok(opens() == RC_CONFIG, "%s: a group may read it", name);
		chmod(paths[i], 0604);
		ok(opens() == RC_CONFIG, "%s: anybody may", name);
		chmod(paths[i], 0600);
		snprintf(moved, sizeof moved, "%s.moved", paths[i]);
		if (rename(paths[i], moved) || symlink(moved, paths[i]))
			abort();
		ok(opens() == RC_CONFIG, "%s: elsewhere, by a link", name);
		unlink(paths[i]);
		mkdir(paths[i], 0700);
		ok(opens() == RC_CONFIG, "%s: a folder", name);
		rmdir(paths[i]);
		if (rename(moved, paths[i]))
			abort();
	}
	ok(opens() == RC_OK, "as they should be");
}

/* systemd lets a service read its files by an access list: the mode then shows
 * a group that is root's. */
static void
test_service(struct span key)
{
	char path[4400];

	snprintf(path, sizeof path, "%s/crm-key", scratch_home);
	save(path, key);
	unlink(key_file);
	ok(holds("hubspot", "token-3"), "systemd gives one: of that");
	chmod(path, 0440);
	ok(holds("hubspot", "token-3") == (geteuid() == 0),
	    "by an access list: where it is root's");
	chmod(path, 0444);
	ok(opens() == RC_CONFIG, "but not for all to read");
	chmod(path, 0460);
	ok(opens() == RC_CONFIG, "nor for others to write");
	unlink(path);
	save(key_file, key);
	chmod(key_file, 0440);
	ok(opens() == RC_CONFIG, "a file of ours is for no group");
	chmod(key_file, 0600);
}

static void
keys(void)
{
	struct buf key, text;

	load(&key, key_file);
	unlink(key_file);
	ok(opens() == RC_CONFIG, "without its key");
	buf_init(&text, 1 << 10, "key");
	base64_put(&text, SPAN("01234567890123456789012345678901"));
	save(key_file, buf_view(&text));
	ok(opens() == RC_CONFIG, "with another one");
	save(key_file, SPAN("short"));
	ok(opens() == RC_CONFIG, "with none that could be one");
	key.len--; /* the line's end */
	setenv("CRM_KEY", buf_cstr(&key), 1);
	ok(holds("hubspot", "token-3"), "of the environment");
	unsetenv("CRM_KEY");
	save(key_file, buf_view(&key));
	setenv("CREDENTIALS_DIRECTORY", scratch_home, 1);
	ok(holds("hubspot", "token-3"), "systemd gives none: of the file");
	test_service(buf_view(&key));
	unsetenv("CREDENTIALS_DIRECTORY");
	buf_free(&text);
	buf_free(&key);
}

static enum rc
rekey(void)
{
	struct credentials all;
	struct err e;
	enum rc rc = credentials_open(&all, true, &e);

	if (!rc)
		rc = credentials_rekey(&all, &e);
	credentials_close(&all);
	return rc;
}

/* Killed before anything was sealed with it. */
static void
left_key(void)
{
	struct credentials all;
	char path[4400];
	struct err e;

	snprintf(path, sizeof path, "%s.new", key_file);
	save(path, SPAN("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"));
	ok(opens() == RC_OK && access(path, F_OK) == 0,
	    "a key that was to come is nobody's who reads");
	ok(!credentials_open(&all, true, &e) && access(path, F_OK) != 0,
	    "who writes takes it away");
	credentials_close(&all);
}

static void
rekeyed(void)
{
	struct buf before, after, key;

	load(&before, file);
	load(&key, key_file);
	ok(!rekey(), "another key");
	load(&after, file);
	ok(!span_eq(buf_view(&before), buf_view(&after)) &&
	    holds("hubspot", "token-3") && holds("other", "token-2"),
	    "all is there, in other words");
	left_key();
	save(key_file, buf_view(&key));
	ok(opens() == RC_CONFIG, "the old key fits no more");
	save(file, buf_view(&before));
	ok(holds("other", "token-2"), "but what it was made for");
	key.len -= key.ptr[key.len - 1] == '\n';
	setenv("CRM_KEY", buf_cstr(&key), 1);
	ok(rekey() == RC_CONFIG, "one of the environment needs the next");
	setenv("CRM_KEY_NEW",
	    "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", 1);
	ok(!rekey() && opens() == RC_CONFIG, "which is given, and then holds");
	setenv("CRM_KEY", getenv("CRM_KEY_NEW"), 1);
	ok(holds("hubspot", "token-3"), "alone");
	buf_free(&before);
	buf_free(&after);
	buf_free(&key);
}

int
main(void)
{
	scratch_make();
	snprintf(file, sizeof file, "%s/credentials", scratch_home);
	snprintf(key_file, sizeof key_file, "%s/key", scratch_home);
	round_trip();
	sealed();
	every_bit();
	modes();
	keys();
	rekeyed();
	return tap_done();
}
