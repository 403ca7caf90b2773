/* SPDX-License-Identifier: MIT */
#include "forecast.h"

/* What changed since the last time is little. */
enum rc
forecast(const struct extraction *s, struct run *r, struct err *e)
{
	const struct read_request *req = &s->request;
	const struct where w = { 0, req->system->name, req->object,
		span_of(NULL, 0) };
	struct buf words;
	uint64_t calls;
	enum rc rc;

	if (!s->adapter->forecast || req->cursor.len)
		return RC_OK;
	rc = s->adapter->read_calls(req, &calls, e);
	if (rc || !calls)
		return rc;
	buf_init(&words, ERR_TEXT, "forecast");
	rc = s->adapter->forecast(calls, &words, e);
	if (rc)
		err_prefix(e, rc, "%.*s: reading %.*s", SPAN_ARG(
		    req->system->name), SPAN_ARG(req->object));
	else if (words.len)
		run_notice(r, &w, "reading %.*s takes about %.*s", SPAN_ARG(
		    req->object), (int)words.len, words.ptr);
	buf_free(&words);
	return rc;
}
