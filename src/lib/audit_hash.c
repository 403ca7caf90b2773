/* SPDX-License-Identifier: MIT */
#include "audit_hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>

#include "xalloc.h"

#define BLOCK 64 /* of SHA-256 */
#define INNER 0x36 /* RFC 2104 */
#define OUTER 0x5c

struct audit_hash {
	EVP_MD_CTX *ctx;
	EVP_MD *md;
	unsigned char inner[BLOCK], outer[BLOCK];
	bool failed;
};

static void
must(struct audit_hash *h, int done)
{
	h->failed |= done != 1;
}

struct audit_hash *
audit_hash_new(void)
{
	struct audit_hash *h = xcalloc(1, sizeof *h);

	/* what follows does not look whether libcrypto could begin */
	must(h, OSSL_LIB_CTX_get0_global_default() != NULL);
	if (!h->failed)
		h->ctx = EVP_MD_CTX_new();
	if (h->ctx)
		h->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(h, h->md && EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1);
	return h;
}

enum rc
audit_hash_check(const struct audit_hash *h, struct err *e)
{
	return h->failed ? err_set(e, RC_SYSTEM, "libcrypto gives no SHA-256: "
	    "out of memory, or it is not whole") : RC_OK;
}

void
audit_hash_free(struct audit_hash *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	free(h);
}

void
audit_hash_key(struct audit_hash *h, const unsigned char *key)
{
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned char k = i < AUDIT_HASH ? key[i] : 0;

		h->inner[i] = k ^ INNER;
		h->outer[i] = k ^ OUTER;
	}
}

static void
hash(struct audit_hash *h, const unsigned char *pad, struct span text,
    unsigned char *out)
{
	/* with the context's own algorithm: nothing is looked up again */
	if (h->failed)
		return;
	must(h, EVP_DigestInit_ex2(h->ctx, NULL, NULL) == 1 &&
	    (!pad || EVP_DigestUpdate(h->ctx, pad, BLOCK) == 1) &&
	    EVP_DigestUpdate(h->ctx, text.ptr, text.len) == 1 &&
	    EVP_DigestFinal_ex(h->ctx, out, NULL) == 1);
}

void
audit_hash_plain(struct audit_hash *h, struct span text,
    unsigned char out[AUDIT_HASH])
{
	hash(h, NULL, text, out);
}

void
audit_hash_keyed(struct audit_hash *h, struct span text,
    unsigned char out[AUDIT_HASH])
{
	hash(h, h->inner, text, out);
	hash(h, h->outer, span_of((const char *)out, AUDIT_HASH), out);
}

void
audit_hash_text(const unsigned char *hash, size_t bytes, char *text)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes; i++) {
		text[2 * i] = digit[hash[i] >> 4];
		text[2 * i + 1] = digit[hash[i] & 15];
	}
}

enum rc
audit_hash_random(void *out, size_t n, struct err *e)
{
	return RAND_bytes(out, (int)n) == 1 ? RC_OK : err_set(e, RC_SYSTEM,
	    "libcrypto gives no random bytes: memory is short, or the "
	    "system has none");
}
