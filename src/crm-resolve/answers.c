/* SPDX-License-Identifier: MIT */
#include "answers.h"

#include <stdlib.h>

#include "../lib/buf.h"
#include "../lib/limits.h"
#include "../lib/spool.h"
#include "../lib/xalloc.h"

#define MEMORY ((size_t)4 << 20)

struct answers {
	struct spool *spool;
	bool reading;
	bool have, ended;        /* an entry read ahead */
	struct span key, payload; /* it; the spool's own */
	struct buf want, entry;
};

struct answers *
answers_new(const char *dir)
{
	struct answers *s = xcalloc(1, sizeof *s);

	s->spool = spool_new(dir, MEMORY);
	buf_init(&s->want, 4 * LIMIT_KEY, "key");
	buf_init(&s->entry, LIMIT_LINE + 64u, "answer");
	return s;
}

void
answers_free(struct answers *s)
{
	if (!s)
		return;
	spool_free(s->spool);
	buf_free(&s->want);
	buf_free(&s->entry);
	free(s);
}

enum rc
answers_pass(struct answers *s, bool reading, struct err *e)
{
	s->reading = reading;
	if (!reading)
		return RC_OK;
	s->have = s->ended = false;
	return spool_rewind(s->spool, e);
}

bool
answers_reading(const struct answers *s)
{
	return s->reading;
}

/* In the order they are asked for: uid, field. */
static void
put_key(struct answers *s, struct span uid, size_t field)
{
	buf_reset(&s->want);
	buf_span(&s->want, uid);
	buf_putc(&s->want, '\0');
	buf_putc(&s->want, (char)(field >> 8));
	buf_putc(&s->want, (char)(field & 255));
}

enum rc
answers_put(struct answers *s, struct span uid, size_t field,
    struct hash128 question, struct span answer, struct err *e)
{
	enum rc rc;

	put_key(s, uid, field);
	buf_reset(&s->entry);
	buf_put(&s->entry, &question, sizeof question);
	buf_span(&s->entry, answer);
	rc = buf_check(&s->entry, e);
	return rc ? rc : spool_add(s->spool, buf_view(&s->want),
	    buf_view(&s->entry), e);
}

static enum rc
read_on(struct answers *s, struct err *e)
{
	enum rc rc = s->ended ? RC_END : spool_next(s->spool, &s->key,
	    &s->payload, e);

	s->ended = rc == RC_END;
	s->have = rc == RC_OK;
	return rc;
}

enum rc
answers_get(struct answers *s, struct span uid, size_t field,
    struct hash128 question, struct arena *a, struct span *answer,
    struct err *e)
{
	struct span want;
	enum rc rc = RC_OK;

	put_key(s, uid, field);
	want = buf_view(&s->want);
	while (!rc && (!s->have || span_cmp(s->key, want) < 0))
		rc = read_on(s, e);
	if (rc)
		return rc;
	if (!span_eq(s->key, want) || s->payload.len < sizeof question ||
	    memcmp(s->payload.ptr, &question, sizeof question) != 0)
		return RC_END;
	*answer = arena_dup(a, span_of(s->payload.ptr + sizeof question,
	    s->payload.len - sizeof question));
	return RC_OK;
}
