/* SPDX-License-Identifier: MIT */
#include "spool.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "limits.h"
#include "xalloc.h"

#define PATH_CAP 4096
#define RUN_BLOCK (256u << 10) /* read at a time from each run */

/* In memory and in files: key length, payload length, key, payload. */
struct head {
	uint32_t key, payload;
};

struct sorted {         /* one sorted run in the file */
	off_t at, end;  /* not yet read */
	char *buf;      /* owned */
	size_t start, len, room;
	struct span key, payload; /* the entry it stands at */
};

struct spool {
	char *dir;
	int fd;          /* -1 while everything fits in memory */
	off_t written;
	char *block;     /* entries being gathered */
	size_t used, room;
	uint32_t *order; /* their offsets / 8 */
	size_t count, order_room;
	bool ordered;    /* they came in order */
	size_t last;     /* offset of the last one */
	size_t at;       /* next in memory when reading */
	struct sorted *runs;
	size_t run_count;
	size_t *heap;    /* indexes of runs that still have entries */
	size_t heap_count;
	bool stale_top;  /* heap[0] was handed out: step it first */
};

struct spool *
spool_new(const char *dir, size_t memory)
{
	struct spool *s = xcalloc(1, sizeof *s);

	s->dir = xstrdup(dir);
	s->fd = -1;
	s->room = memory;
	s->block = xmalloc(memory);
	s->ordered = true;
	return s;
}

void
spool_free(struct spool *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->run_count; i++)
		free(s->runs[i].buf);
	if (s->fd >= 0)
		close(s->fd);
	free(s->runs);
	free(s->heap);
	free(s->order);
	free(s->block);
	free(s->dir);
	free(s);
}

static void
entry_at(const char *p, struct span *key, struct span *payload)
{
	struct head h;

	memcpy(&h, p, sizeof h);
	*key = span_of(p + sizeof h, h.key);
	*payload = span_of(p + sizeof h + h.key, h.payload);
}

static size_t
entry_size(size_t key, size_t payload)
{
	return (sizeof(struct head) + key + payload + 7) & ~(size_t)7;
}

static const char *sort_base; /* qsort has no context argument */

static int
compare(const void *a, const void *b)
{
	uint32_t x, y;
	struct span kx, ky, ignored;
	int c;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	entry_at(sort_base + (size_t)x * 8, &kx, &ignored);
	entry_at(sort_base + (size_t)y * 8, &ky, &ignored);
	c = span_cmp(kx, ky);
	return c ? c : (x > y) - (x < y);
}

static void
sort_block(struct spool *s)
{
	if (s->ordered)
		return;
	sort_base = s->block;
	qsort(s->order, s->count, sizeof *s->order, compare);
	s->ordered = true;
}

static enum rc
open_file(struct spool *s, struct err *e)
{
	char path[PATH_CAP];
	int n = snprintf(path, sizeof path, "%s/spool-XXXXXX", s->dir);

	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(e, RC_CONFIG, "the path of the home is too "
		    "long");
	s->fd = mkstemp(path);
	if (s->fd < 0)
		return err_errno(e, RC_SYSTEM, "spool file in %s", s->dir);
	unlink(path);
	return RC_OK;
}

static enum rc
write_at(struct spool *s, const char *ptr, size_t len, struct err *e)
{
	while (len) {
		ssize_t n = pwrite(s->fd, ptr, len, s->written);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(e, RC_SYSTEM, "spool file in %s",
			    s->dir);
		ptr += n;
		len -= (size_t)n;
		s->written += n;
	}
	return RC_OK;
}

/* The block in memory becomes a sorted run in the file. */
static enum rc
spill(struct spool *s, struct err *e)
{
	off_t start = s->written;
	char *out = xmalloc(RUN_BLOCK);
	size_t filled = 0;
	enum rc rc = s->fd < 0 ? open_file(s, e) : RC_OK;

	sort_block(s);
	for (size_t i = 0; i < s->count && !rc; i++) {
		const char *p = s->block + (size_t)s->order[i] * 8;
		struct span key, payload;
		size_t size;

		entry_at(p, &key, &payload);
		size = entry_size(key.len, payload.len);
		if (filled + size > RUN_BLOCK) {
			rc = write_at(s, out, filled, e);
			filled = 0;
		}
		if (!rc && size > RUN_BLOCK) {
			rc = write_at(s, p, size, e);
		} else if (!rc) {
			memcpy(out + filled, p, size);
			filled += size;
		}
	}
	if (!rc)
		rc = write_at(s, out, filled, e);
	free(out);
	s->runs = xrealloc(s->runs, (s->run_count + 1) * sizeof *s->runs);
	s->runs[s->run_count++] = (struct sorted){ .at = start,
		.end = s->written };
	s->used = s->count = 0;
	s->ordered = true;
	return rc;
}

enum rc
spool_add(struct spool *s, struct span key, struct span payload,
    struct err *e)
{
	struct head h = { (uint32_t)key.len, (uint32_t)payload.len };
	size_t size = entry_size(key.len, payload.len);
	struct span last, ignored;
	enum rc rc = RC_OK;
	char *p;

	if (size > s->room - s->used && s->count)
		rc = spill(s, e);
	if (!rc && size > s->room) {
		s->block = xrealloc(s->block, size);
		s->room = size;
	}
	if (rc)
		return rc;
	if (s->count == s->order_room) {
		s->order_room = s->order_room ? 2 * s->order_room : 1024;
		s->order = xrealloc(s->order, s->order_room *
		    sizeof *s->order);
	}
	p = s->block + s->used;
	memcpy(p, &h, sizeof h);
	memcpy(p + sizeof h, key.ptr, key.len);
	memcpy(p + sizeof h + key.len, payload.ptr, payload.len);
	if (s->count && s->ordered) {
		entry_at(s->block + s->last, &last, &ignored);
		s->ordered = span_cmp(last, key) <= 0;
	}
	s->last = s->used;
	s->order[s->count++] = (uint32_t)(s->used / 8);
	s->used += size;
	return RC_OK;
}

/* ---- reading ---- */

/* Makes at least n unread bytes stand in the run's buffer. */
static enum rc
want(struct spool *s, struct sorted *r, size_t n, struct err *e)
{
	if (r->len - r->start >= n)
		return RC_OK;
	if (r->start)
		memmove(r->buf, r->buf + r->start, r->len - r->start);
	r->len -= r->start;
	r->start = 0;
	if (r->room < n || !r->buf) {
		r->room = n > RUN_BLOCK ? n : RUN_BLOCK;
		r->buf = xrealloc(r->buf, r->room);
	}
	while (r->len < n) {
		off_t left = r->end - r->at;
		size_t ask = r->room - r->len;
		ssize_t got;

		if ((off_t)ask > left)
			ask = (size_t)left;
		got = pread(s->fd, r->buf + r->len, ask, r->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_errno(e, RC_SYSTEM, "reading the spool "
			    "file");
		r->len += (size_t)got;
		r->at += got;
	}
	return RC_OK;
}

/* Steps the run to its next entry; RC_END after its last. */
static enum rc
step(struct spool *s, struct sorted *r, struct err *e)
{
	struct head h;
	enum rc rc;

	if (r->key.ptr)
		r->start += entry_size(r->key.len, r->payload.len);
	r->key = span_of(NULL, 0);
	if (r->start == r->len && r->at == r->end)
		return RC_END;
	rc = want(s, r, sizeof h, e);
	if (rc)
		return rc;
	memcpy(&h, r->buf + r->start, sizeof h);
	rc = want(s, r, entry_size(h.key, h.payload), e);
	if (!rc)
		entry_at(r->buf + r->start, &r->key, &r->payload);
	return rc;
}

/* An earlier run comes first among equal keys: arrival order. */
static bool
before(const struct spool *s, size_t a, size_t b)
{
	int c = span_cmp(s->runs[a].key, s->runs[b].key);

	return c ? c < 0 : a < b;
}

static void
sift_down(struct spool *s, size_t at)
{
	for (;;) {
		size_t least = at, left = 2 * at + 1, right = left + 1, swap;

		if (left < s->heap_count &&
		    before(s, s->heap[left], s->heap[least]))
			least = left;
		if (right < s->heap_count &&
		    before(s, s->heap[right], s->heap[least]))
			least = right;
		if (least == at)
			return;
		swap = s->heap[at];
		s->heap[at] = s->heap[least];
		s->heap[least] = swap;
		at = least;
	}
}

static enum rc
start_merge(struct spool *s, struct err *e)
{
	off_t at = 0;

	free(s->heap);
	s->heap = xcalloc(s->run_count, sizeof *s->heap);
	s->heap_count = 0;
	s->stale_top = false;
	for (size_t i = 0; i < s->run_count; i++) {
		struct sorted *r = &s->runs[i];
		enum rc rc;

		r->at = at;
		at = r->end;
		r->start = r->len = 0;
		r->key = span_of(NULL, 0);
		rc = step(s, r, e);
		if (rc == RC_OK)
			s->heap[s->heap_count++] = i;
		else if (rc != RC_END)
			return rc;
	}
	for (size_t i = s->heap_count; i-- > 0;)
		sift_down(s, i);
	return RC_OK;
}

enum rc
spool_rewind(struct spool *s, struct err *e)
{
	enum rc rc = RC_OK;

	s->at = 0;
	if (!s->run_count) {
		sort_block(s);
		return RC_OK;
	}
	if (s->count)
		rc = spill(s, e);
	free(s->block); /* memory is for the merge now */
	s->block = NULL;
	s->room = 0;
	return rc ? rc : start_merge(s, e);
}

static enum rc
next_merged(struct spool *s, struct span *key, struct span *payload,
    struct err *e)
{
	enum rc rc = RC_OK;

	if (s->stale_top) {
		rc = step(s, &s->runs[s->heap[0]], e);
		if (rc == RC_END) {
			s->heap[0] = s->heap[--s->heap_count];
			rc = RC_OK;
		}
		sift_down(s, 0);
		s->stale_top = false;
	}
	if (rc)
		return rc;
	if (!s->heap_count)
		return RC_END;
	*key = s->runs[s->heap[0]].key;
	*payload = s->runs[s->heap[0]].payload;
	s->stale_top = true;
	return RC_OK;
}

enum rc
spool_next(struct spool *s, struct span *key, struct span *payload,
    struct err *e)
{
	if (s->run_count)
		return next_merged(s, key, payload, e);
	if (s->at == s->count)
		return RC_END;
	entry_at(s->block + (size_t)s->order[s->at++] * 8, key, payload);
	return RC_OK;
}
