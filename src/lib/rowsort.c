/* SPDX-License-Identifier: MIT */
#include "rowsort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tempfile.h"
#include "xalloc.h"

#define BLOCK 2048u /* rows of a part that are written together */

struct part {
	struct row *block;  /* owned: the last rows */
	size_t in_block;
	uint32_t *at;       /* owned: where its full blocks are in the file */
	size_t blocks, room;
	size_t sorted;      /* rows, once they are sorted in the file */
	bool done;
};

struct rowsort {
	char *dir;
	unsigned shift;
	int fd;             /* -1 until a block is full */
	uint32_t written;   /* blocks */
	struct part part[ROWSORT_PARTS];
	struct row *rows;   /* of the part that is read */
	size_t room;
};

struct rowsort *
rowsort_new(const char *dir, unsigned bits)
{
	struct rowsort *s = xcalloc(1, sizeof *s);

	s->dir = xstrdup(dir);
	s->shift = bits > 6 ? bits - 6 : 0;
	s->fd = -1;
	return s;
}

void
rowsort_free(struct rowsort *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < ROWSORT_PARTS; i++) {
		free(s->part[i].block);
		free(s->part[i].at);
	}
	if (s->fd >= 0)
		close(s->fd);
	free(s->rows);
	free(s->dir);
	free(s);
}

static off_t
offset(uint32_t block)
{
	return (off_t)block * (off_t)(BLOCK * sizeof(struct row));
}

static enum rc
write_block(struct rowsort *s, struct part *p, struct err *e)
{
	enum rc rc = RC_OK;

	if (s->fd < 0)
		rc = tempfile_open(s->dir, &s->fd, e);
	if (rc)
		return rc;
	if (p->blocks == p->room) {
		p->room = p->room ? p->room * 2 : 16;
		p->at = xrealloc(p->at, p->room * sizeof *p->at);
	}
	p->at[p->blocks++] = s->written;
	p->in_block = 0;
	return tempfile_write(s->fd, p->block, BLOCK * sizeof *p->block,
	    offset(s->written++), e);
}

enum rc
rowsort_add(struct rowsort *s, uint64_t key, uint64_t value, struct err *e)
{
	struct part *p = &s->part[key >> s->shift & (ROWSORT_PARTS - 1)];
	enum rc rc = RC_OK;

	if (!p->block)
		p->block = xmalloc(BLOCK * sizeof *p->block);
	if (p->in_block == BLOCK)
		rc = write_block(s, p, e);
	if (!rc)
		p->block[p->in_block++] = (struct row){ key, value };
	return rc;
}

static int
compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

static size_t
drop_equal(struct row *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!kept || compare(&rows[kept - 1], &rows[i]) != 0)
			rows[kept++] = rows[i];
	return kept;
}

static enum rc
read_blocks(struct rowsort *s, const struct part *p, struct err *e)
{
	size_t full = p->blocks * BLOCK;
	enum rc rc = RC_OK;

	if (full + p->in_block > s->room) {
		s->room = full + p->in_block;
		free(s->rows);
		s->rows = xmalloc(s->room * sizeof *s->rows);
	}
	for (size_t i = 0; i < p->blocks && !rc; i++)
		rc = tempfile_read(s->fd, s->rows + i * BLOCK, BLOCK *
		    sizeof *s->rows, offset(p->at[i]), e);
	if (p->in_block)
		memcpy(s->rows + full, p->block, p->in_block *
		    sizeof *p->block);
	return rc;
}

/* As they are in memory, so that they need no sorting again. */
static enum rc
write_back(struct rowsort *s, struct part *p, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->blocks && !rc; i++)
		rc = tempfile_write(s->fd, s->rows + i * BLOCK, BLOCK *
		    sizeof *s->rows, offset(p->at[i]), e);
	if (p->in_block)
		memcpy(p->block, s->rows + p->blocks * BLOCK, p->in_block *
		    sizeof *p->block);
	return rc;
}

enum rc
rowsort_part(struct rowsort *s, size_t part, struct row **rows,
    size_t *count, struct err *e)
{
	struct part *p = &s->part[part];
	size_t n = p->blocks * BLOCK + p->in_block;
	enum rc rc = read_blocks(s, p, e);

	if (!rc && !p->done && n) {
		qsort(s->rows, n, sizeof *s->rows, compare);
		p->sorted = drop_equal(s->rows, n);
		rc = write_back(s, p, e);
		p->done = !rc;
	}
	*rows = s->rows;
	*count = p->sorted;
	return rc;
}
