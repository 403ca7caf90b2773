/* SPDX-License-Identifier: MIT */
#include "credential.h"

#include "secret.h"

/* In the bytes a field goes by its name, so that others may join them. */
static const char *const names[CRED_FIELDS] = {
	[CRED_KIND] = "kind", [CRED_GRANT] = "grant", [CRED_API] = "api",
	[CRED_CLIENT] = "client", [CRED_SECRET] = "secret",
	[CRED_KEY] = "key", [CRED_SUBJECT] = "subject",
	[CRED_ACCESS] = "access", [CRED_REFRESH] = "refresh",
	[CRED_OBTAINED] = "obtained", [CRED_EXPIRES] = "expires",
	[CRED_SCOPES] = "scopes", [CRED_ACCOUNT] = "account",
	[CRED_USER] = "user",
};

void
credential_init(struct credential *c)
{
	for (size_t i = 0; i < CRED_FIELDS; i++)
		buf_init(&c->field[i], 0, names[i]);
}

void
credential_free(struct credential *c)
{
	for (size_t i = 0; i < CRED_FIELDS; i++)
		secret_free(&c->field[i]);
}

struct span
credential_get(const struct credential *c, enum credential_field f)
{
	return buf_view(&c->field[f]);
}

void
credential_set(struct credential *c, enum credential_field f,
    struct span value)
{
	secret_set(&c->field[f], value);
}

int64_t
credential_time(const struct credential *c, enum credential_field f)
{
	struct span s = credential_get(c, f);
	int64_t ms = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || i > 15)
			return 0;
		ms = ms * 10 + s.ptr[i] - '0';
	}
	return ms;
}

void
credential_set_time(struct credential *c, enum credential_field f, int64_t ms)
{
	struct buf b;

	buf_init(&b, 32, names[f]);
	if (ms > 0)
		buf_u64(&b, (uint64_t)ms);
	credential_set(c, f, buf_view(&b));
	buf_free(&b);
}

void
credential_put(struct buf *b, const struct credential *c)
{
	for (size_t i = 0; i < CRED_FIELDS; i++) {
		if (!c->field[i].len)
			continue;
		buf_counted(b, span_str(names[i]));
		buf_counted(b, credential_get(c, (enum credential_field)i));
	}
}

enum rc
credential_parse(struct credential *c, struct span bytes, struct err *e)
{
	struct span name, value;

	while (bytes.len) {
		if (!span_take_counted(&bytes, &name) ||
		    !span_take_counted(&bytes, &value))
			return err_set(e, RC_STATE, "is damaged");
		for (size_t i = 0; i < CRED_FIELDS; i++)
			if (span_eq(span_str(names[i]), name))
				credential_set(c, (enum credential_field)i,
				    value);
	}
	return RC_OK;
}
