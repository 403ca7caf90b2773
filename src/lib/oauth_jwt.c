/* SPDX-License-Identifier: MIT */
/* oauth: what is signed by a key of one's own. */
#include "oauth.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "json.h"
#include "limits.h"

#define GOOD_FOR 180 /* seconds */
#define SIGNATURE 1024

/* A key with a passphrase would have OpenSSL ask on the terminal. */
static int
no_passphrase(char *text, int size, int writing, void *arg)
{
	(void)text, (void)size, (void)writing, (void)arg;
	return -1;
}

static EVP_PKEY *
read_key(struct span pem)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL,
	    no_passphrase, NULL) : NULL;

	BIO_free(bio);
	if (key && EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

enum rc
oauth_sign(struct buf *out, struct span pem, struct span text, struct err *e)
{
	unsigned char signature[SIGNATURE];
	size_t len = sizeof signature;
	EVP_PKEY *key = read_key(pem);
	EVP_MD_CTX *ctx;
	bool done;

	if (!key)
		return err_set(e, RC_CONFIG, "the key is no RSA key in PEM "
		    "without a passphrase");
	ctx = EVP_MD_CTX_new();
	done = ctx && EVP_PKEY_size(key) <= SIGNATURE &&
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestSign(ctx, signature, &len,
	    (const unsigned char *)text.ptr, text.len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	if (!done)
		return err_set(e, RC_CONFIG, "the key does not sign");
	oauth_base64url(out, span_of((char *)signature, len));
	return RC_OK;
}

/* The header and the claim, as they are signed. */
static void
put_claim(struct buf *out, const struct oauth_claim *claim)
{
	struct buf b;

	buf_init(&b, LIMIT_SECRET, "claim");
	buf_putc(&b, '{');
	json_put_member(&b, "iss", claim->issuer);
	json_put_member(&b, "sub", claim->subject);
	json_put_member(&b, "aud", claim->audience);
	buf_printf(&b, ",\"exp\":%lld}",
	    (long long)(claim->now / 1000 + GOOD_FOR));
	oauth_base64url(out, SPAN("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"));
	buf_putc(out, '.');
	oauth_base64url(out, buf_view(&b));
	buf_free(&b);
}

enum rc
oauth_jwt(struct buf *out, struct span pem, const struct oauth_claim *claim,
    struct err *e)
{
	struct buf text;
	enum rc rc;

	buf_init(&text, LIMIT_SECRET, "claim");
	put_claim(&text, claim);
	buf_span(out, buf_view(&text));
	buf_putc(out, '.');
	rc = oauth_sign(out, pem, buf_view(&text), e);
	buf_free(&text);
	return rc;
}
