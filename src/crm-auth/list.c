/* SPDX-License-Identifier: MIT */
/* list: who is logged in where.  Nothing secret is in it. */
#include "auth.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/clock.h"
#include "../lib/json.h"
#include "../lib/stream.h"

static void
put_entry(struct buf *b, struct span name, const struct credential *c)
{
	BUF_LIT(b, "{\"type\":\"credential\"");
	json_put_text(b, "system", name);
	json_put_text(b, "kind", credential_get(c, CRED_KIND));
	json_put_text(b, "grant", credential_get(c, CRED_GRANT));
	json_put_text(b, "api", credential_get(c, CRED_API));
	json_put_member(b, "account", credential_get(c, CRED_ACCOUNT));
	json_put_member(b, "user", credential_get(c, CRED_USER));
	json_put_member(b, "scopes", credential_get(c, CRED_SCOPES));
	clock_put_member(b, "expires", credential_time(c, CRED_EXPIRES));
	BUF_LIT(b, "}");
}

static enum rc
put_all(struct stream_out *out, const struct credentials *all, struct err *e)
{
	struct credential c;
	struct span name;
	enum rc rc = RC_OK;

	for (size_t i = 0; !rc; i++) {
		name = credentials_name(all, i);
		if (!name.len)
			break;
		credential_init(&c);
		rc = credentials_get(all, name, &c, e);
		put_entry(&out->buf, name, &c);
		credential_free(&c);
		if (!rc)
			rc = stream_out_line(out, e);
	}
	return rc;
}

void
list_run(struct run *r)
{
	struct credentials all;
	struct stream_out out;
	struct err e;
	enum rc rc = credentials_open(&all, false, &e);

	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = put_all(&out, &all, &e);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	stream_out_free(&out);
	credentials_close(&all);
}
