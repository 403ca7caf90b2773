/* SPDX-License-Identifier: MIT */
#include "credentials_seal.h"

#include <openssl/evp.h>

#include "secret.h"

#define NONCE 12
#define TAG 16

typedef int step_fn(EVP_CIPHER_CTX *, unsigned char *, int *,
    const unsigned char *, int);

static const unsigned char *
bytes_of(struct span s)
{
	return (const unsigned char *)s.ptr;
}

static bool
feed(step_fn *step, EVP_CIPHER_CTX *ctx, unsigned char *out, struct span in)
{
	int n = 0;

	return in.len == 0 || (step(ctx, out, &n, bytes_of(in),
	    (int)in.len) == 1 && n == (int)in.len);
}

static bool
encrypt(EVP_CIPHER_CTX *ctx, const unsigned char *key, unsigned char *out,
    struct span about, struct span plain)
{
	unsigned char *text = out + NONCE;
	int n = 0;

	return ctx && EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key,
	    out) == 1 && feed(EVP_EncryptUpdate, ctx, NULL, about) &&
	    feed(EVP_EncryptUpdate, ctx, text, plain) &&
	    EVP_EncryptFinal_ex(ctx, text + plain.len, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG,
	    text + plain.len) == 1;
}

enum rc
credentials_seal(struct buf *out, const unsigned char *key,
    struct span about, struct span plain, struct err *e)
{
	size_t len = NONCE + plain.len + TAG;
	EVP_CIPHER_CTX *ctx;
	unsigned char *at;
	enum rc rc;
	bool done;

	if (!buf_reserve(out, len))
		return buf_check(out, e);
	at = (unsigned char *)out->ptr + out->len;
	rc = secret_random(at, NONCE, e);
	if (rc)
		return rc;
	ctx = EVP_CIPHER_CTX_new();
	done = encrypt(ctx, key, at, about, plain);
	EVP_CIPHER_CTX_free(ctx);
	if (!done)
		return err_set(e, RC_SYSTEM, "credentials: AES-256-GCM does "
		    "not work here");
	out->len += len;
	return RC_OK;
}

/* Only the tag tells that it is not as it was. */
static enum rc
decrypt(EVP_CIPHER_CTX *ctx, const unsigned char *key, unsigned char *out,
    struct span about, struct span sealed, struct err *e)
{
	unsigned char tag[TAG];
	struct span text = span_of(sealed.ptr + NONCE,
	    sealed.len - NONCE - TAG);
	int n = 0;

	memcpy(tag, text.ptr + text.len, TAG);
	if (!ctx || EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key,
	    bytes_of(sealed)) != 1 ||
	    !feed(EVP_DecryptUpdate, ctx, NULL, about) ||
	    !feed(EVP_DecryptUpdate, ctx, out, text) ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, tag) != 1)
		return err_set(e, RC_SYSTEM, "credentials: AES-256-GCM does "
		    "not work here");
	return EVP_DecryptFinal_ex(ctx, out + text.len, &n) == 1 ? RC_OK :
	    err_set(e, RC_STATE, "is damaged");
}

enum rc
credentials_unseal(struct buf *out, const unsigned char *key,
    struct span about, struct span sealed, struct err *e)
{
	EVP_CIPHER_CTX *ctx;
	enum rc rc;

	if (sealed.len < NONCE + TAG)
		return err_set(e, RC_STATE, "is damaged");
	if (!buf_reserve(out, sealed.len))
		return buf_check(out, e);
	ctx = EVP_CIPHER_CTX_new();
	rc = decrypt(ctx, key, (unsigned char *)out->ptr + out->len, about,
	    sealed, e);
	EVP_CIPHER_CTX_free(ctx);
	if (rc)
		secret_wipe(span_of(out->ptr + out->len,
		    sealed.len - NONCE - TAG));
	else
		out->len += sealed.len - NONCE - TAG;
	return rc;
}
