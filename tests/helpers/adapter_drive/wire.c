/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http_date.h"
#include "http_words.h"
#include "json.h"
#include "line.h"
#include "xalloc.h"

struct wire wire;

static const char *const verdicts[] = { "take", "not done", "failed", "down",
	"auth" };

void
wire_keep(void)
{
	FILE *f = wire.said_path ? fopen(wire.said_path, "wb") : NULL;

	if (!f)
		return;
	if (wire.said.len)
		fwrite(wire.said.ptr, 1, wire.said.len, f);
	fclose(f);
}

_Noreturn void
wire_die(const char *what)
{
	fprintf(stderr, "adapter_drive: %s\n", what);
	wire_keep();
	exit(2);
}

/* ---- the script ---- */

struct scripted {
	struct span status; /* "200", "unknown", "unsent" */
	struct http_answer answer;
};

static struct span
peek_line(struct span s)
{
	const char *end = s.len ? memchr(s.ptr, '\n', s.len) : NULL;

	return span_of(s.ptr, end ? (size_t)(end - s.ptr) : s.len);
}

static void
skip(struct span *s, size_t n)
{
	n = n < s->len ? n : s->len;
	*s = span_of(s->ptr + n, s->len - n);
}

static bool
begins(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && memcmp(s.ptr, with, n) == 0;
}

/* From the first answer to the next request. */
static struct span
next_group(void)
{
	struct span group;

	while (wire.script.len && !begins(wire.script, "> "))
		skip(&wire.script, peek_line(wire.script).len + 1);
	while (wire.script.len && !begins(wire.script, "< "))
		skip(&wire.script, peek_line(wire.script).len + 1);
	group = span_of(wire.script.ptr, 0);
	while (wire.script.len && !begins(wire.script, "> "))
		skip(&wire.script, peek_line(wire.script).len + 1);
	group.len = wire.script.len ? (size_t)(wire.script.ptr - group.ptr) :
	    group.len;
	if (!wire.script.len && group.ptr)
		group.len = (size_t)(wire.script.ptr - group.ptr);
	return group;
}

/* Takes one answer off the group's front. */
static bool
take_scripted(struct span *group, struct scripted *out)
{
	struct http_answer *a = &out->answer;
	struct span l = peek_line(*group);

	if (!begins(l, "< "))
		return false;
	out->status = span_of(l.ptr + 2, l.len - 2);
	buf_reset(&a->headers);
	buf_reset(&a->body);
	skip(group, l.len + 1);
	for (l = peek_line(*group); begins(l, "< ") &&
	    memchr(l.ptr, ':', l.len); l = peek_line(*group)) {
		buf_put(&a->headers, l.ptr + 2, l.len - 2);
		buf_putc(&a->headers, '\n');
		skip(group, l.len + 1);
	}
	for (; group->len && !begins(l, "< "); l = peek_line(*group)) {
		if (a->body.len)
			buf_putc(&a->body, '\n');
		buf_span(&a->body, l);
		skip(group, l.len + 1);
	}
	return true;
}

/* ---- requests ---- */

struct slot {
	struct web_ask ask;
	struct span group;
	unsigned number;
};

static void
write_request(struct slot *s)
{
	static const char *const repeats[] = { "", " idempotent", " once" };
	const struct web_ask *ask = &s->ask;

	if (!ask->method || !ask->path.len)
		wire_die("a request without a method or a path");
	buf_printf(&wire.said, "> %s %.*s\n", ask->method,
	    SPAN_ARG(buf_view(&ask->path)));
	if (ask->repeat || ask->lane || ask->cost > 1 || ask->wait) {
		BUF_LIT(&wire.said, ">");
		buf_printf(&wire.said, "%s", repeats[ask->repeat]);
		if (ask->lane)
			buf_printf(&wire.said, " lane=%u", ask->lane);
		if (ask->cost > 1)
			buf_printf(&wire.said, " cost=%u", ask->cost);
		if (ask->wait)
			buf_printf(&wire.said, " wait=%lld",
			    (long long)ask->wait);
		buf_putc(&wire.said, '\n');
	}
	if (ask->type && strcmp(ask->type, "application/json") != 0)
		buf_printf(&wire.said, "> %s\n", ask->type);
	if (ask->body.len && !ask->type)
		wire_die("a body without a type");
	if (ask->body.len)
		buf_printf(&wire.said, "+ %.*s\n",
		    SPAN_ARG(buf_view(&ask->body)));
	s->group = next_group();
	s->number = ++wire.asked;
	if (!s->group.len)
		BUF_LIT(&wire.said, "< none is left\n");
	buf_span(&wire.said, s->group);
}

/* ---- as lib/http does ---- */

struct ending {
	enum rc rc;
	struct err e;
	bool over, maybe;
};

static void
read_head(struct http_answer *a)
{
	if (!http_date_parse(http_answer_header(a, SPAN("date")), &a->date))
		a->date = 0;
	a->retry_after = http_date_retry_after(http_answer_header(a,
	    SPAN("retry-after")), a->date ? a->date : wire.now);
}

static void
say_status(const struct http_answer *a, struct err *e)
{
	struct buf words;

	buf_init(&words, ERR_TEXT, "words");
	if (a->status >= 300)
		http_words_put(&words, buf_view(&a->body));
	err_set(e, RC_OK, "HTTP %d%s%.*s", a->status, words.len ? ": " : "",
	    (int)words.len, words.ptr ? words.ptr : "");
	buf_free(&words);
}

static void
print_verdict(const struct slot *s, const struct http_answer *a,
    enum http_verdict v, int64_t wait, const struct err *e)
{
	struct budget_told told = { .lane = s->ask.lane, .daily = -1,
		.left_today = -1 };
	int64_t left;

	if (wire.web->limits)
		wire.web->limits(a, &told);
	left = told.left_today;
	if (v == HTTP_TAKE && a->status < 300 && left < 0)
		return;
	line_begin("answer");
	buf_printf(&line, "\"to\":%u,\"status\":%d,\"verdict\":\"%s\"",
	    s->number, a->status, verdicts[v]);
	if (wait >= 0)
		buf_printf(&line, ",\"wait\":%lld", (long long)wait);
	if (left >= 0)
		buf_printf(&line, ",\"left_today\":%lld", (long long)left);
	if (a->status >= 300 || v)
		json_put_text(&line, "error", span_str(e->text));
	line_finish();
}

static void
judge(const struct slot *s, struct http_answer *a, struct ending *end,
    bool more)
{
	http_judge *how = wire.web->judge ? wire.web->judge :
	    http_judge_status;
	enum http_verdict v;
	int64_t wait;

	read_head(a);
	say_status(a, &end->e);
	wait = a->retry_after;
	v = how(NULL, a, &wait, &end->e);
	print_verdict(s, a, v, wait, &end->e);
	end->over = v == HTTP_TAKE || v == HTTP_DOWN || !more;
	end->rc = v == HTTP_TAKE ? RC_OK : v == HTTP_DOWN || v == HTTP_AUTH ?
	    RC_REMOTE : RC_RETRY;
	end->maybe |= v == HTTP_FAILED;
	if (v == HTTP_FAILED && s->ask.repeat == HTTP_ONCE && more)
		wire_die("what must be sent once has a second answer");
}

static void
break_off(struct http_answer *a, struct span how, struct ending *end,
    bool more)
{
	a->status = 0;
	end->over = !more;
	if (span_eq(how, SPAN("unsent"))) {
		a->outcome = HTTP_UNSENT;
		end->rc = err_set(&end->e, RC_REMOTE, "nothing was sent");
	} else if (span_eq(how, SPAN("unknown"))) {
		a->outcome = HTTP_UNKNOWN;
		end->maybe = true;
		end->rc = err_set(&end->e, RC_RETRY, "no answer came");
	} else {
		wire_die("an answer that is no status, \"unknown\" or "
		    "\"unsent\"");
	}
}

/* All attempts: what the talk is given. */
static void
exchange(struct slot *s, struct scripted *c, struct ending *end)
{
	struct http_answer *a = &c->answer;

	*end = (struct ending){ .over = false };
	a->attempts = 0;
	while (!end->over && take_scripted(&s->group, c)) {
		bool more = begins(s->group, "< ");

		a->attempts++;
		a->status = atoi(c->status.ptr);
		a->outcome = HTTP_ANSWERED;
		if (a->status >= 200)
			judge(s, a, end, more);
		else
			break_off(a, c->status, end, more);
	}
	if (!a->attempts)
		wire_die("a request the script has no answer to");
	if (begins(s->group, "< "))
		wire_die("an attempt after the last");
	if (end->rc && end->maybe)
		a->outcome = HTTP_UNKNOWN;
}

/* ---- the talk ---- */

static enum rc
give(struct talk *t, struct slot *s, struct err *e)
{
	static struct scripted c;
	struct ending end;

	if (!c.answer.body.what)
		http_answer_init(&c.answer);
	exchange(s, &c, &end);
	if (c.answer.date)
		wire.now = c.answer.date;
	t->now = wire.now;
	t->lead = wire.clock_at ? wire.now - wire.clock_at : 0;
	return t->take(t, &s->ask, &c.answer, end.rc, &end.e, e);
}

static struct slot *
new_slot(void)
{
	struct slot *s = xcalloc(1, sizeof *s);

	buf_init(&s->ask.path, LIMIT_URL, "web address");
	buf_init(&s->ask.body, LIMIT_ANSWER, "request");
	return s;
}

static void
free_slot(struct slot *s)
{
	buf_free(&s->ask.path);
	buf_free(&s->ask.body);
	free(s);
}

#define AHEAD 64

enum rc
wire_drive(struct talk *t, bool late, struct err *e)
{
	struct slot *slots[AHEAD];
	size_t room = late && t->ahead ? t->ahead : 1, count = 0;
	enum rc rc = RC_OK, more;

	room = room < AHEAD ? room : AHEAD;
	for (;;) {
		for (more = RC_OK; !rc && !more && count < room;) {
			struct slot *s = new_slot();

			t->now = wire.now;
			more = t->next(t, &s->ask, e);
			if (more && more != RC_END)
				rc = more;
			if (!more)
				write_request(s);
			if (!more)
				slots[count++] = s;
			else
				free_slot(s);
		}
		if (!count)
			break;
		if (!rc)
			rc = give(t, slots[0], e);
		free_slot(slots[0]);
		count--;
		memmove(slots, slots + 1, count * sizeof *slots);
	}
	if (t->free)
		t->free(t);
	return rc == RC_END ? RC_OK : rc;
}
