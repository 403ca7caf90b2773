/* SPDX-License-Identifier: MIT */
/*
 * pairing_judge: pairs are scored, then each record says of its own pairs
 * which has no rival; one stands when both say so.
 */
#include "pairing_private.h"

/* A row's value: the score, raised so that it is no negative number. */
#define RAISED 1000000
#define CLEAR ((uint64_t)1 << 32)  /* no rival as this side sees it */
#define BEATEN ((uint64_t)1 << 33) /* this side has a better one */

static int
score_of(uint64_t value)
{
	return (int)(value & UINT32_MAX) - RAISED;
}

static bool
may_pair(const struct pairing *p, const struct pairing_head *x,
    const struct pairing_head *y)
{
	unsigned which = x->systems & y->systems ? PAIRING_WITHIN :
	    PAIRING_ACROSS;

	return (which & p->which) && (x->open || y->open);
}

static enum rc
put_scored(struct pairing *p, uint64_t a, uint64_t b, int total,
    struct err *e)
{
	uint64_t raised = (uint64_t)(total + RAISED);
	enum rc rc = rowsort_add(p->scored, a << 32 | b, raised, e);

	return rc ? rc : rowsort_add(p->scored, b << 32 | a, raised, e);
}

static enum rc
score_rows(struct pairing *p, const struct row *rows, size_t n,
    struct err *e)
{
	struct span x[LIKENESS_SLOTS], y[LIKENESS_SLOTS];
	struct likeness_weights w;
	uint32_t last = UINT32_MAX;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && !rc; i++) {
		uint32_t a = (uint32_t)(rows[i].key >> 32);
		uint32_t b = (uint32_t)rows[i].key;
		struct pairing_head of_a = pairing_head(p, a);
		struct pairing_head of_b = pairing_head(p, b);

		if (!may_pair(p, &of_a, &of_b))
			continue;
		if (a != last)
			pairing_values(p, a, x);
		last = a;
		pairing_values(p, b, y);
		likeness_weigh(&p->count, p->rule, x, y, &w);
		p->tally.compared++;
		if (w.total >= p->rule->review)
			rc = put_scored(p, a, b, w.total, e);
	}
	return rc;
}

enum rc
pairing_score(struct pairing *p, struct err *e)
{
	struct row *rows;
	size_t n;
	enum rc rc = RC_OK;

	for (size_t part = 0; part < ROWSORT_PARTS && !rc; part++) {
		rc = rowsort_part(p->pairs, part, &rows, &n, e);
		if (!rc)
			rc = score_rows(p, rows, n, e);
	}
	return rc;
}

/* ---- verdicts ---- */

/* What one record, whose pairs these are, says of the i-th. */
static uint64_t
verdict(const struct pairing *p, const struct row *rows, size_t n, size_t i)
{
	int score = score_of(rows[i].value);
	uint64_t said = CLEAR;
	struct pairing_head with = pairing_head(p, (uint32_t)rows[i].key);

	for (size_t k = 0; k < n; k++) {
		int other = score_of(rows[k].value);
		struct pairing_head rival;

		if (k == i || other <= score - PAIRING_MARGIN)
			continue;
		rival = pairing_head(p, (uint32_t)rows[k].key);
		if (!(rival.systems & with.systems))
			continue;
		said &= ~CLEAR;
		if (other >= p->rule->same && other >= score + PAIRING_MARGIN)
			said |= BEATEN;
	}
	return said;
}

static enum rc
judge_record(struct pairing *p, const struct row *rows, size_t n,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && !rc; i++) {
		uint64_t a = rows[i].key >> 32, b = (uint32_t)rows[i].key;
		uint64_t said = verdict(p, rows, n, i);

		/* the two sides' rows must not become one */
		rc = rowsort_add(p->judged, a < b ? a << 32 | b : b << 32 |
		    a, (uint64_t)(a < b) << 40 | said | rows[i].value, e);
	}
	return rc;
}

enum rc
pairing_judge(struct pairing *p, struct err *e)
{
	struct row *rows;
	size_t n;
	enum rc rc = RC_OK;

	for (size_t part = 0; part < ROWSORT_PARTS && !rc; part++) {
		rc = rowsort_part(p->scored, part, &rows, &n, e);
		for (size_t i = 0, end; i < n && !rc; i = end) {
			end = i + 1;
			while (end < n && rows[end].key >> 32 ==
			    rows[i].key >> 32)
				end++;
			rc = judge_record(p, rows + i, end - i, e);
		}
	}
	return rc;
}

/* Both sides' rows of one pair; false: it is nobody's concern. */
static bool
conclude(const struct pairing *p, const struct row *one,
    const struct row *two, struct pairing_found *f)
{
	bool clear = one->value & two->value & CLEAR;
	bool beaten = (one->value | two->value) & BEATEN;
	bool reaches;

	f->a = (uint32_t)(one->key >> 32);
	f->b = (uint32_t)one->key;
	f->score = score_of(one->value);
	f->within = pairing_head(p, f->a).systems & pairing_head(p,
	    f->b).systems;
	reaches = f->score >= p->rule->same;
	f->same = reaches && (clear || f->within);
	f->rival = reaches && !f->same;
	return f->within || reaches || !beaten;
}

enum rc
pairing_each(struct pairing *p, pairing_visit *visit, void *arg,
    struct err *e)
{
	struct pairing_found f;
	struct row *rows;
	size_t n;
	enum rc rc = RC_OK;

	for (size_t part = 0; part < ROWSORT_PARTS && !rc; part++) {
		rc = rowsort_part(p->judged, part, &rows, &n, e);
		for (size_t i = 0; i + 1 < n && !rc; i += 2)
			if (conclude(p, &rows[i], &rows[i + 1], &f))
				rc = visit(arg, &f, e);
	}
	return rc;
}
