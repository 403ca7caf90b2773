/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../src/lib/clock.h"
#include "../../../src/lib/limits.h"
#include "program.h"
#include "streams.h"

#define START INT64_C(1796083200) /* 2026-12-01T00:00:00Z */

static const char *const names[SIDES] = { "app", "crm", "shop" };

void
world_fail(struct world *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->why, sizeof w->why, fmt, ap);
	va_end(ap);
	longjmp(w->failed, 1);
}

void
world_clock(const struct world *w, int64_t ago, char text[32])
{
	char full[CLOCK_TEXT];

	clock_format((START + w->now - ago) * 1000, full);
	snprintf(text, 32, "%.19sZ", full);
}

void
world_note(struct world *w, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	if (!w->script)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	buf_printf(w->script, "%s\n", line);
}

const char *
world_unswapped(const struct world *w, int side)
{
	(void)w;
	return names[side];
}

/* ---- commands ---- */

static void
note_command(struct world *w, char *const *argv, const char *in,
    const char *out, const char *now, const char *run)
{
	struct buf *b = w->script;

	if (!b)
		return;
	buf_printf(b, "CRM_NOW=%s CRM_RUN=%s", now, run);
	for (; *argv; argv++)
		buf_printf(b, " %s", *argv);
	if (in)
		buf_printf(b, " < %s", in);
	if (out)
		buf_printf(b, " > %s", out);
	buf_putc(b, '\n');
}

int
world_run(struct world *w, unsigned may, const char *in, const char *out, ...)
{
	char *argv[PROGRAM_WORDS + 1], now[32], run[32];
	va_list ap;
	int n = 0, status;

	va_start(ap, out);
	do
		argv[n] = va_arg(ap, char *);
	while (argv[n++]);
	va_end(ap);
	w->now++;
	world_clock(w, 0, now);
	snprintf(run, sizeof run, "r%u", w->runs);
	note_command(w, argv, in, out, now, run);
	status = program_run(argv, in, out, now, run);
	if (!(may & 1u << status))
		world_fail(w, "exit: %s exited %d: %s", argv[0], status,
		    program_said());
	return status;
}

/* ---- files ---- */

struct span
world_read(struct world *w, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	buf_reset(&w->text);
	if (fd >= 0 && fstat(fd, &st) == 0 &&
	    buf_reserve(&w->text, (size_t)st.st_size + 1))
		n = read(fd, w->text.ptr, (size_t)st.st_size);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		world_fail(w, "test: %s cannot be read", path);
	w->text.len = (size_t)n;
	return buf_view(&w->text);
}

static void
set_time(struct world *w, const char *path)
{
	struct timespec times[2] = { { START + w->now, 0 },
		{ START + w->now, 0 } };

	if (utimensat(AT_FDCWD, path, times, 0) < 0)
		world_fail(w, "test: %s has no time", path);
}

void
world_write(struct world *w, const char *path, struct span text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t n = fd < 0 ? -1 : write(fd, text.ptr ? text.ptr : "",
	    text.len);

	if (fd >= 0)
		close(fd);
	if (n != (ssize_t)text.len)
		world_fail(w, "test: %s cannot be written", path);
}

void
world_note_text(struct world *w, const char *path, struct span text)
{
	world_note(w, "cat > %s <<'END'", path);
	if (w->script)
		buf_span(w->script, text);
	world_note(w, "END");
}

void
world_put(struct world *w, const char *path, struct span text)
{
	world_write(w, path, text);
	set_time(w, path);
	world_note_text(w, path, text);
	world_note(w, "touch -d @%lld %s", (long long)(START + w->now), path);
}

const char *
world_path(const struct world *w, int side, char room[64])
{
	snprintf(room, 64, "%s/thing.ndjson", w->name[side]);
	return room;
}

void
world_stamp(struct world *w, int side)
{
	struct timespec *then = &w->stamped[side];
	char path[64];
	struct stat st;

	if (stat(world_path(w, side, path), &st) < 0)
		world_fail(w, "test: %s is gone", path);
	if (st.st_mtim.tv_sec == then->tv_sec &&
	    st.st_mtim.tv_nsec == then->tv_nsec)
		return;
	w->fresh[side] = false;
	set_time(w, path);
	*then = (struct timespec){ START + w->now, 0 };
	world_note(w, "touch -d @%lld %s", (long long)(START + w->now), path);
}

struct store *
world_store(struct world *w, int side)
{
	char path[64];
	struct span text;

	if (w->fresh[side])
		return &w->store[side];
	text = arena_dup(&w->arena, world_read(w, world_path(w, side, path)));
	if (!store_parse(&w->store[side], text, &w->json, &w->arena))
		world_fail(w, "test: %s cannot be understood", path);
	w->fresh[side] = true;
	return &w->store[side];
}

void
world_put_store(struct world *w, int side)
{
	char path[64];

	buf_reset(&w->text);
	store_print(&w->store[side], &w->text);
	world_put(w, world_path(w, side, path), buf_view(&w->text));
	w->stamped[side] = (struct timespec){ START + w->now, 0 };
	w->fresh[side] = true;
}

/* ---- rows ---- */

struct span
world_uid(struct world *w, int side, const struct row *r)
{
	struct span uid = row_word(r, "uid"), id = row_word(r, "id");
	char *made;
	size_t size;

	if (uid.ptr)
		return uid;
	size = strlen(w->name[side]) + sizeof ":thing:" + id.len;
	made = arena_alloc(&w->arena, size);
	snprintf(made, size, "%s:thing:%.*s", w->name[side], SPAN_ARG(id));
	return span_str(made);
}

bool
world_live(const struct row *r)
{
	return !span_eq(row_get(r, "archived"), SPAN("true")) &&
	    !world_merged(r);
}

bool
world_merged(const struct row *r)
{
	return row_word(r, "merged_into").len > 0;
}

bool
world_has(const struct world *w, enum field f)
{
	return (w->history->shows & 1u << f) != 0;
}

struct row *
world_find(struct world *w, int side, struct span id)
{
	const struct store *s = world_store(w, side);

	for (unsigned i = 0; i < s->count; i++)
		if (span_eq(row_word(s->row[i], "id"), id))
			return s->row[i];
	return NULL;
}

/* A copy that ends with a NUL. */
static const char *
words(struct world *w, struct span s)
{
	char *copy = arena_alloc(&w->arena, s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}

/* The uid of the record of that id there; its own, if it is not there. */
static const char *
uid_there(struct world *w, int side, struct span id)
{
	const struct row *r = world_find(w, side, id);
	char uid[256];

	if (r)
		return words(w, world_uid(w, side, r));
	snprintf(uid, sizeof uid, "%s:thing:%.*s", w->name[side],
	    SPAN_ARG(id));
	return words(w, span_str(uid));
}

const char *
world_shows(struct world *w, int side, const struct row *r, enum field f)
{
	struct span text;
	const char *value;

	if (!world_has(w, f))
		return NULL;
	text = row_text(r, values_native(side, f), &w->json, &w->arena);
	if (!text.ptr || span_eq(text, SPAN("null")))
		return NULL;
	if (f == PARENT)
		return uid_there(w, side, text);
	if (f == MEMO)
		return words(w, text);
	value = f == NAME && w->history->cuts & 1u << side ?
	    values_whole(text) : NULL;
	return value ? value : values_read(side, f, text);
}

bool
world_planned_nothing(const struct world *w, unsigned from)
{
	for (; from < w->plan_count; from++)
		if (w->plan[from].count)
			return false;
	return true;
}

unsigned
world_quiet_before(const struct world *w, unsigned at)
{
	unsigned mark = 0;

	for (unsigned i = 0; i < w->quiet_count && w->quiet[i] <= at; i++)
		mark = w->quiet[i];
	return mark;
}

struct span
world_winner(const struct world *w, struct span uid)
{
	for (unsigned n = 0, i = 0; i < w->merged_count && n < MERGED; i++)
		if (span_eq(w->merged[i].loser, uid)) {
			uid = w->merged[i].winner;
			i = UINT_MAX;
			n++;
		}
	return uid;
}

bool
world_lost_uid(const struct world *w, struct span uid)
{
	for (unsigned i = 0; i < w->merged_count; i++)
		if (span_eq(w->merged[i].loser, uid))
			return true;
	return false;
}

/* ---- beginning and end ---- */

void
world_open(struct world *w, const struct history *h, bool swapped,
    struct buf *script)
{
	*w = (struct world){ .history = h, .sides = h->sides,
		.swapped = swapped, .script = script };
	for (int i = 0; i < SIDES; i++)
		w->name[i] = names[swapped && i < 2 ? !i : i];
	arena_init(&w->arena);
	json_init(&w->json);
	buf_init(&w->text, LIMIT_LINE, "file");
}

void
world_close(struct world *w)
{
	arena_free(&w->arena);
	json_free(&w->json);
	buf_free(&w->text);
}
