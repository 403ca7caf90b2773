/* SPDX-License-Identifier: MIT */
/* Proofs and signatures by the vectors of RFC 7636 and RFC 7515; answers. */
#include "oauth.h"

#include "secret.h"
#include "tap.h"

/* RFC 7515, A.2: the key of the example, as PEM. */
static const char pem[] = "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEowIBAAKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0\n"
    "l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pC\n"
    "gNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSX\n"
    "ndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD\n"
    "Zlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8\n"
    "q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQABAoIBABKucaRpzQorw35S\n"
    "bEUAVx8dYXUdZOlJcHtiWQ+dC6V8ljxAHj/PLyzTveyI5QO/xkObCyjIL303l2cf\n"
    "UhPu2MFaJdjVzqACXuOrLot/eSFvxjvqVidTtAZExqFRJ9mylUVAoLvhowVWmC1O\n"
    "n95fZCXxTUtxNEG1Xcc7m0rtzJKs45J+N/V9DP1edYH6USyPSWGp6wuA+KgHRnKK\n"
    "Vf9GRx80JQY7nVNkL17eHoTWEwga+lwi0FEoW9Y7lDtWXYmKBWhUE+U8PGxlJf8f\n"
    "40493HDw1WRQ/aSLoS4QTp3rn7gYgeHEvfJdkkf0UMhlknlo53M09EFPdadQ4TlU\n"
    "bjqKc50CgYEA4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH/5IB3jw3bcxGn6QLvnE\n"
    "tfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw/Py5PJdTJNPY8cQn7ouZ2KKDcmnPG\n"
    "BY5t7yLc1QlQ5xHdwW1VhvKn+nXqhJTBgIPgtldC+KDV5z+y2XDwGUcCgYEAuQPE\n"
    "fgmVtjL0Uyyx88GZFF1fOunH3+7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYs\n"
    "p1ZSe7zFYHj7C6ul7TjeLQeZD/YwD66t62wDmpe/HlB+TnBA+njbglfIsRLtXlnD\n"
    "zQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdcCgYAHAp9XcCSrn8wVkMVkKdb7\n"
    "DOX4IKjzdahm+ctDAJN4O/y7OW5FKebvUjdAIt2GuoTZ71iTG+7F0F+lP88jtjP4\n"
    "U4qe7VHoewl4MKOfXZKTe+YCS1XbNvfgwJ3Ltyl1OH9hWvu2yza7q+d5PCsDzqtm\n"
    "27kxuvULVeya+TEdAB1ijQKBgQCH/3r6YrVH/uCWGy6bzV1nGNOdjKc9tmkfOJmN\n"
    "54dxdixdpozCQ6U4OxZrsj3FcOhHBsqAHvX2uuYjagqvo3cOj1TRqNocX40omfCC\n"
    "Mx3bD1yPPf/6TI2XECva/ggqEY2mYzmIiA5LVVmc5nrybr+lssFKneeyxN2Wq93S\n"
    "0iJMdQKBgCGHewxzoa1r8ZMD0LETNrToK423K377UCYqXfg5XMclbrjPbEC3YI1Z\n"
    "NqMtuhdBJqUnBi6tjKMF+34Xf0CUN8ncuXGO2CAYvO8PdyCixHX52ybaDjy1FtCE\n"
    "6yUXjoKNXKvUm7MWGsAYH6f4IegOetN5NvmUMFStCSkh7ixZLkN1\n"
    "-----END RSA PRIVATE KEY-----\n";
static const char signed_text[] = "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char signature[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5R"
    "Zmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ"
    "jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB"
    "MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
    "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq"
    "Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

static struct buf out;

static struct span
again(void)
{
	return buf_view(&out);
}

static void
proofs(void)
{
	char text[OAUTH_PROOF + 1], other[OAUTH_PROOF + 1];
	struct err e;

	oauth_challenge(SPAN("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
	    text);
	is(span_str(text), SPAN("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
	    "the challenge of RFC 7636, B");
	ok(!oauth_random(text, &e) && !oauth_random(other, &e) &&
	    strlen(text) == OAUTH_PROOF && strcmp(text, other) != 0,
	    "43 random characters, others each time");
	buf_reset(&out);
	oauth_base64url(&out, SPAN("\xfb\xff\xbf"));
	is(again(), SPAN("-_-_"), "the letters of base64url");
	buf_reset(&out);
	oauth_base64url(&out, SPAN("a"));
	is(again(), SPAN("YQ"), "no padding");
	buf_reset(&out);
	oauth_base64url(&out, SPAN(""));
	is(again(), SPAN(""), "nothing is nothing");
}

static void
signatures(void)
{
	struct oauth_claim claim = { SPAN("app"), SPAN("ann@acme.test"),
		SPAN("https://login.test"), 1000500 };
	struct span jwt, start = SPAN("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."
	    "eyJpc3MiOiJhcHAiLCJzdWIiOiJhbm5AYWNtZS50ZXN0IiwiYXVkIjoiaHR0cH"
	    "M6Ly9sb2dpbi50ZXN0IiwiZXhwIjoxMTgwfQ.");
	struct err e;

	buf_reset(&out);
	ok(!oauth_sign(&out, span_str(pem), span_str(signed_text), &e),
	    "signed");
	is(again(), span_str(signature), "as in RFC 7515, A.2");
	buf_reset(&out);
	ok(!oauth_jwt(&out, span_str(pem), &claim, &e), "a claim");
	jwt = again();
	is(span_of(jwt.ptr, jwt.len < start.len ? jwt.len : start.len), start,
	    "header, issuer, subject, audience, end");
	ok(jwt.len == start.len + 342, "and a signature");
	buf_reset(&out);
	ok(oauth_sign(&out, SPAN("no key"), SPAN("x"), &e) == RC_CONFIG &&
	    !strstr(e.text, "no key"), "what is no key is not repeated");
	ok(oauth_sign(&out, span_of(pem, sizeof pem / 2), SPAN("x"), &e) ==
	    RC_CONFIG, "half a key is none");
}

static void
forms(void)
{
	buf_reset(&out);
	oauth_put(&out, "a", SPAN("b c&d=\xc3\xa9/"));
	oauth_put(&out, "none", SPAN(""));
	oauth_put(&out, "e", SPAN("~-._"));
	is(again(), SPAN("a=b%20c%26d%3D%C3%A9%2F&e=~-._"), "a form");
	buf_reset(&out);
	ok(oauth_take(SPAN("xcode=1&code=a%2Bb+c&code=2"), "code", &out),
	    "a parameter");
	is(again(), SPAN("a+b c"), "decoded, the first of them");
	buf_reset(&out);
	ok(!oauth_take(SPAN("state=1"), "code", &out), "not there");
	ok(!oauth_take(SPAN("code"), "code", &out), "without a value");
	ok(!oauth_take(SPAN("code=%2"), "code", &out), "cut");
	ok(!oauth_take(SPAN("code=%zz"), "code", &out), "damaged");
	ok(!oauth_take(SPAN(""), "code", &out), "nothing at all");
}

static void
addresses(void)
{
	static const struct {
		const char *url;
		bool good;
	} all[] = {
		{ "https://api.acme.test", true },
		{ "https://api.acme.test:8443/v1", true },
		{ "http://127.0.0.1:80", true }, { "http://localhost", true },
		{ "http://[::1]:8080/x", true },
		{ "http://api.acme.test", false },
		{ "http://localhost.acme.test", false },
		{ "http://127.0.0.1.acme.test", false },
		{ "http://127.0.0.1@acme.test", false },
		{ "https://me:secret@acme.test", false },
		{ "https://acme.test/?q", false },
		{ "https://acme.test/#f", false }, { "https://", false },
		{ "https:///x", false }, { "ftp://localhost", false },
		{ "acme.test", false }, { "", false },
		{ "https://acme.test/ x", false },
	};
	struct err e;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ok((oauth_check_url(span_str(all[i].url), &e) == RC_OK) ==
		    all[i].good, "\"%s\": %s", all[i].url,
		    all[i].good ? "taken" : "refused");
}

static enum rc
answer(struct oauth_answer *a, long status, const char *body, struct err *e)
{
	oauth_answer_free(a);
	oauth_answer_init(a);
	return oauth_answer_read(a, status, span_str(body), e);
}

static void
answers(void)
{
	struct oauth_answer a;
	struct err e;

	oauth_answer_init(&a);
	ok(!answer(&a, 200, "{\"access_token\":\"a\\/b\",\"refresh_token\":"
	    "\"r\",\"expires_in\":1800,\"scopes\":[\"x\",\"y\"]}", &e) &&
	    a.lifetime == 1800, "tokens");
	is(buf_view(&a.access), SPAN("a/b"), "the access token");
	is(buf_view(&a.refresh), SPAN("r"), "the refresh token");
	is(buf_view(&a.scopes), SPAN("x y"), "scopes of a list");
	ok(!answer(&a, 200, "{\"access_token\":\"a\",\"scope\":\"x y\"}", &e)
	    && a.lifetime == 0 && a.refresh.len == 0, "nothing but a token");
	is(buf_view(&a.scopes), SPAN("x y"), "scopes of a text");
	ok(answer(&a, 200, "{\"access_token\":\"a b\"}", &e) == RC_REMOTE,
	    "a token with a blank is none");
	ok(answer(&a, 200, "{\"access_token\":\"a\\r\\nX: y\"}", &e) ==
	    RC_REMOTE, "nor one with a line end");
	ok(answer(&a, 200, "{}", &e) == RC_REMOTE, "no token");
	ok(answer(&a, 200, "<html>", &e) == RC_REMOTE, "a page");
	ok(answer(&a, 200, "[]", &e) == RC_REMOTE, "a list");
	ok(answer(&a, 503, "<html>", &e) == RC_REMOTE, "down");
	ok(answer(&a, 429, "{}", &e) == RC_REMOTE, "too many");
	ok(answer(&a, 302, "", &e) == RC_REMOTE, "elsewhere");
	ok(answer(&a, 400, "{\"error\":\"invalid_grant\"}", &e) == RC_PERSON,
	    "what was granted has ended");
	ok(answer(&a, 401, "{\"error\":\"invalid_client\"}", &e) == RC_CONFIG
	    && strstr(e.text, "invalid_client"), "the client is unknown");
	ok(answer(&a, 400, "{\"error\":\"token s3cret\",\"error_description\":"
	    "\"s3cret\"}", &e) == RC_CONFIG && !strstr(e.text, "s3cret"),
	    "what they say is not repeated");
	oauth_answer_free(&a);
}

int
main(void)
{
	buf_init(&out, 1 << 16, "out");
	proofs();
	signatures();
	forms();
	addresses();
	answers();
	buf_free(&out);
	return tap_done();
}
