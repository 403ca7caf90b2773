/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "json.h"
#include "terminal.h"

#define EVENT_CAP 4096

/* As much of it as there is room for. */
static void
put_masked(struct buf *b, struct span s)
{
	size_t from = b->len, room = b->cap - from;

	buf_put(b, s.ptr, s.len < room ? s.len : room);
	terminal_tame(b, from, false);
}

static void
put_text(struct buf *b, const struct run *r, const struct where *w,
    const char *text)
{
	buf_printf(b, "%s: ", r->program->name);
	if (w && w->system.len) {
		put_masked(b, w->system);
		BUF_LIT(b, ": ");
	}
	if (w && w->line)
		buf_printf(b, "line %llu: ", (unsigned long long)w->line);
	if (w && w->id.len) {
		put_masked(b, w->object);
		buf_putc(b, ' ');
		put_masked(b, w->id);
		BUF_LIT(b, ": ");
	}
	put_masked(b, span_str(text));
}

static void
put_member(struct buf *b, const char *name, struct span value)
{
	struct buf masked;

	if (!value.len)
		return;
	buf_init(&masked, EVENT_CAP, "event");
	put_masked(&masked, value);
	json_put_key(b, span_str(name));
	json_put_string(b, buf_view(&masked));
	buf_free(&masked);
}

static void
put_json(struct buf *b, const struct run *r, const struct where *w,
    const char *level, const char *text)
{
	char now[CLOCK_TEXT];

	clock_format(clock_now(), now);
	buf_putc(b, '{');
	put_member(b, "time", span_str(now));
	put_member(b, "run", span_str(clock_run_id()));
	put_member(b, "stage", span_str(r->program->name));
	put_member(b, "level", span_str(level));
	if (w) {
		put_member(b, "system", w->system);
		put_member(b, "object", w->object);
		put_member(b, "id", w->id);
		if (w->line)
			buf_printf(b, ",\"line\":%llu",
			    (unsigned long long)w->line);
	}
	put_member(b, "message", span_str(text));
	buf_putc(b, '}');
}

void
event_print(const struct run *r, const struct where *w, const char *level,
    const char *text)
{
	struct buf b;
	ssize_t n;

	buf_init(&b, EVENT_CAP, "event");
	if (r->log_json)
		put_json(&b, r, w, level, text);
	else
		put_text(&b, r, w, text);
	buf_putc(&b, '\n');
	n = write(STDERR_FILENO, b.ptr, b.len);
	(void)n; /* nowhere left to say it */
	buf_free(&b);
}
