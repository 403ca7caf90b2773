/* SPDX-License-Identifier: MIT */
#include "ran.h"

#include "clock.h"

#define KEPT_MS (90 * 24 * INT64_C(3600000))
#define TAKEN_OUT 64 /* at a time: more than a run puts in */

/* As a run id begins, "20261120T"; others never sort before it. */
static void
put_oldest(char text[10])
{
	char now[CLOCK_TEXT];

	clock_format(clock_now() - KEPT_MS, now);
	memcpy(text, now, 4);
	memcpy(text + 4, now + 5, 2);
	memcpy(text + 6, now + 8, 2);
	memcpy(text + 8, "T", 2);
}

static bool
is_old(struct span key, const char *oldest)
{
	for (size_t i = 0; i < 8; i++)
		if (i >= key.len || key.ptr[i] < '0' || key.ptr[i] > '9')
			return false;
	return key.len > 9 && key.ptr[8] == 'T' && memcmp(key.ptr, oldest,
	    9) < 0;
}

static enum rc
take_out(struct txn *t, struct err *e)
{
	char oldest[10];
	enum rc rc = RC_OK;

	put_oldest(oldest);
	for (int n = 0; n < TAKEN_OUT && !rc; n++) {
		struct walk w;
		KEY_BUF(key);

		rc = walk_open(&w, t, TABLE_RUN, SPAN(""), e);
		if (!rc)
			rc = walk_next(&w, e);
		if (!rc && !is_old(w.key, oldest))
			rc = RC_END;
		if (!rc)
			buf_span(&key, w.key);
		walk_close(&w);
		if (!rc)
			rc = txn_del(t, TABLE_RUN, buf_view(&key), e);
	}
	return rc == RC_END ? RC_OK : rc;
}

void
ran_begin(struct buf *b, int64_t began, int exit_status)
{
	int64_t now = clock_now();

	BUF_LIT(b, "{\"at\":\"");
	clock_put(b, now);
	buf_putc(b, '"');
	if (began != now)
		clock_put_member(b, "began", began);
	if (exit_status)
		buf_printf(b, ",\"exit\":%d", exit_status);
}

enum rc
ran_put(struct txn *t, struct span run, const char *program,
    struct span system, struct span json, struct err *e)
{
	enum rc rc = take_out(t, e);
	KEY_BUF(key);

	KEY(&key, run, span_str(program), system);
	return rc ? rc : txn_put(t, TABLE_RUN, buf_view(&key), json, e);
}
