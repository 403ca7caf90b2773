/* SPDX-License-Identifier: MIT */
/* http_answer: what came back. */
#include <string.h>
#include <strings.h>

#include "http.h"
#include "limits.h"

void
http_answer_init(struct http_answer *a)
{
	memset(a, 0, sizeof *a);
	a->outcome = HTTP_UNSENT;
	a->retry_after = -1;
	buf_init(&a->headers, LIMIT_HEADERS, "the answer's head");
	buf_init(&a->body, LIMIT_ANSWER, "the answer");
}

void
http_answer_free(struct http_answer *a)
{
	buf_free(&a->headers);
	buf_free(&a->body);
}

static struct span
trimmed(struct span s)
{
	while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = span_of(s.ptr + 1, s.len - 1);
	while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

struct span
http_answer_header(const struct http_answer *a, struct span name)
{
	struct span rest = buf_view(&a->headers);

	while (rest.len) {
		struct span line = span_cut(&rest, '\n');

		if (line.len > name.len && line.ptr[name.len] == ':' &&
		    strncasecmp(line.ptr, name.ptr, name.len) == 0)
			return trimmed(span_of(line.ptr + name.len + 1,
			    line.len - name.len - 1));
	}
	return SPAN("");
}

enum http_verdict
http_judge_status(void *arg, const struct http_answer *a, int64_t *wait,
    struct err *e)
{
	(void)arg, (void)wait, (void)e;
	if (a->status == 401)
		return HTTP_AUTH;
	if (a->status == 429)
		return HTTP_NOT_DONE;
	if (a->status == 408 || a->status == 425 || a->status >= 500)
		return HTTP_FAILED;
	if (a->status >= 300 && a->status < 400 && a->status != 304)
		return HTTP_DOWN;
	return HTTP_TAKE;
}
