/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fopencookie */
#include "streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../src/lib/buf.h"

/* Of the very same types, or it does not compile. */
extern __typeof__(read) __real_read, __wrap_read;
extern __typeof__(write) __real_write, __wrap_write;

#define STREAMS 48
#define MOST ((size_t)64 << 20)

static struct stream {
	char name[32];
	struct buf text;
} stream[STREAMS];
static size_t count;

/* The running program's; those it has none of are of these. */
static struct stream nothing, nobody;
static struct stream *in, *out;
static size_t taken; /* of what `in` has */

static struct stream *
find(const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(stream[i].name, name) == 0)
			return &stream[i];
	return NULL;
}

static struct stream *
make(const char *name)
{
	struct stream *s = find(name);

	if (!s) {
		if (count == STREAMS || strlen(name) >= sizeof s->name)
			abort();
		s = &stream[count++];
		memcpy(s->name, name, strlen(name) + 1);
	}
	if (!s->text.cap)
		buf_init(&s->text, MOST, "stream");
	buf_reset(&s->text);
	return s;
}

bool
streams_connect(const char *from, const char *to)
{
	in = from ? find(from) : &nothing;
	out = to ? make(to) : &nobody;
	taken = 0;
	return in != NULL;
}

void
streams_disconnect(void)
{
	in = out = NULL;
}

struct span
streams_view(const char *name)
{
	const struct stream *s = find(name);

	return s ? buf_view(&s->text) : SPAN("");
}

void
streams_put(const char *name, struct span text)
{
	buf_span(&make(name)->text, text);
}

void
streams_cut(const char *name, size_t size)
{
	struct stream *s = find(name);

	if (s && size < s->text.len)
		s->text.len = size;
}

void
streams_forget(void)
{
	count = 0;
}

/* ---- in place of the real ones ---- */

ssize_t
__wrap_read(int fd, void *bytes, size_t room)
{
	size_t n;

	if (fd != STDIN_FILENO || !in)
		return __real_read(fd, bytes, room);
	n = in->text.len - taken;
	n = n < room ? n : room;
	if (n)
		memcpy(bytes, in->text.ptr + taken, n);
	taken += n;
	return (ssize_t)n;
}

ssize_t
__wrap_write(int fd, const void *bytes, size_t n)
{
	if (fd != STDOUT_FILENO || !out)
		return __real_write(fd, bytes, n);
	if (out != &nobody)
		buf_put(&out->text, bytes, n);
	return (ssize_t)n;
}

static ssize_t
print(void *cookie, const char *bytes, size_t n)
{
	(void)cookie;
	return __wrap_write(STDOUT_FILENO, bytes, n);
}

void
streams_start(void)
{
	const cookie_io_functions_t to = { .write = print };

	stdout = fopencookie(NULL, "w", to);
}
