/* SPDX-License-Identifier: MIT */
#include "pairing.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "limits.h"
#include "pairing_private.h"
#include "tempfile.h"
#include "xalloc.h"

struct pairing *
pairing_new(const struct likeness *l, const char *dir)
{
	struct pairing *p = xcalloc(1, sizeof *p);

	p->rule = l;
	p->dir = dir;
	p->fd = -1;
	likeness_count_init(&p->count);
	likeness_room_init(&p->room);
	buf_init(&p->out, 2u * WRITE_BLOCK, "features");
	p->blocks = rowsort_new(dir, 64);
	p->met = xcalloc((size_t)1 << (PAIRING_MET_BITS - 6),
	    sizeof *p->met);
	return p;
}

void
pairing_free(struct pairing *p)
{
	if (!p)
		return;
	if (p->map)
		munmap((void *)p->map, p->written);
	if (p->fd >= 0)
		close(p->fd);
	likeness_count_free(&p->count);
	likeness_room_free(&p->room);
	buf_free(&p->out);
	rowsort_free(p->blocks);
	rowsort_free(p->pairs);
	rowsort_free(p->scored);
	rowsort_free(p->judged);
	free(p->at);
	free(p->met);
	free(p);
}

static enum rc
flush(struct pairing *p, struct err *e)
{
	enum rc rc = p->fd < 0 ? tempfile_open(p->dir, &p->fd, e) : RC_OK;

	if (!rc)
		rc = tempfile_write(p->fd, p->out.ptr, p->out.len,
		    (off_t)p->written, e);
	p->written += p->out.len;
	buf_reset(&p->out);
	return rc;
}

static void
remember_place(struct pairing *p)
{
	if (p->records == p->records_room) {
		p->records_room = p->records_room ? p->records_room +
		    p->records_room / 2 : 1024;
		p->at = xrealloc(p->at, p->records_room * sizeof *p->at);
	}
	p->at[p->records] = p->written + p->out.len;
}

enum rc
pairing_add(struct pairing *p, const struct span *values, uint64_t systems,
    bool open, struct span label, struct err *e)
{
	struct pairing_head head = { systems, open, (uint32_t)label.len };
	struct span value[LIKENESS_SLOTS];
	size_t from;
	enum rc rc = RC_OK;

	if (p->records == UINT32_MAX >> 1)
		return err_set(e, RC_SYSTEM, "too many records to compare");
	if (p->out.len > WRITE_BLOCK)
		rc = flush(p, e);
	if (rc)
		return rc;
	remember_place(p);
	buf_put(&p->out, &head, sizeof head);
	buf_span(&p->out, label);
	from = p->out.len;
	likeness_features(p->rule, values, &p->room, &p->out);
	likeness_split(p->rule, p->out.ptr + from, value);
	likeness_count_add(&p->count, p->rule, value);
	rc = pairing_block_add(p, value, systems, open, e);
	p->records++;
	return rc;
}

struct pairing_head
pairing_head(const struct pairing *p, uint32_t record)
{
	struct pairing_head head;

	memcpy(&head, p->map + p->at[record], sizeof head);
	return head;
}

void
pairing_values(const struct pairing *p, uint32_t record,
    struct span value[LIKENESS_SLOTS])
{
	struct pairing_head head = pairing_head(p, record);

	likeness_split(p->rule, p->map + p->at[record] + sizeof head +
	    head.label, value);
}

struct span
pairing_label(const struct pairing *p, uint32_t record)
{
	struct pairing_head head = pairing_head(p, record);

	return span_of(p->map + p->at[record] + sizeof head, head.label);
}

uint64_t
pairing_systems(const struct pairing *p, uint32_t record)
{
	return pairing_head(p, record).systems;
}

unsigned
pairing_bits(const struct pairing *p)
{
	unsigned bits = 32;

	while (bits < 64 && p->records >> (bits - 32))
		bits++;
	return bits;
}

void
pairing_weigh(const struct pairing *p, uint32_t a, uint32_t b,
    struct likeness_weights *w)
{
	struct span x[LIKENESS_SLOTS], y[LIKENESS_SLOTS];

	pairing_values(p, a, x);
	pairing_values(p, b, y);
	likeness_weigh(&p->count, p->rule, x, y, w);
}

/* All of the features as memory that the kernel may take back. */
static enum rc
map_features(struct pairing *p, struct err *e)
{
	enum rc rc = flush(p, e);
	void *map;

	if (rc || !p->written)
		return rc;
	map = mmap(NULL, p->written, PROT_READ, MAP_SHARED, p->fd, 0);
	if (map == MAP_FAILED)
		return err_errno(e, RC_SYSTEM, "a temporary file");
	p->map = map;
	return RC_OK;
}

enum rc
pairing_find(struct pairing *p, unsigned which, struct pairing_tally *t,
    struct err *e)
{
	enum rc rc = map_features(p, e);

	p->which = which;
	p->tally.records = p->records;
	p->pairs = rowsort_new(p->dir, pairing_bits(p));
	p->scored = rowsort_new(p->dir, pairing_bits(p));
	p->judged = rowsort_new(p->dir, pairing_bits(p));
	if (!rc)
		rc = pairing_block_pairs(p, e);
	rowsort_free(p->blocks);
	p->blocks = NULL;
	if (!rc)
		rc = pairing_score(p, e);
	rowsort_free(p->pairs);
	p->pairs = NULL;
	if (!rc)
		rc = pairing_judge(p, e);
	*t = p->tally;
	return rc;
}
