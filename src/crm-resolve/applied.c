/* SPDX-License-Identifier: MIT */
#include "applied.h"

#include "../lib/clock.h"

#define HOUR_MS 3600000

struct applied_hour {
	int64_t hour; /* since 1970 */
	uint64_t n[APPLIED_KINDS];
};

/* The row's hours that still count, and room for one more. */
struct applied_row {
	struct applied_hour hours[APPLIED_HOURS + 1];
	size_t count;
};

static void
put_key(struct buf *b, struct span entity, struct span system)
{
	KEY(b, SPAN("applied"), entity, system);
}

static enum rc
read_row(struct txn *t, struct span entity, struct span system,
    struct applied_row *row, struct err *e)
{
	int64_t now = clock_now() / HOUR_MS;
	struct applied_hour h;
	struct span value;
	enum rc rc;
	KEY_BUF(key);

	row->count = 0;
	put_key(&key, entity, system);
	rc = txn_get(t, TABLE_META, buf_view(&key), &value, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (value.len % sizeof h)
		return err_set(e, RC_STATE, "state: damaged sums of the last "
		    "day; see crm-state check");
	for (; value.len; value = span_of(value.ptr + sizeof h,
	    value.len - sizeof h)) {
		memcpy(&h, value.ptr, sizeof h);
		/* a clock that was set back must not forget */
		if (h.hour > now - APPLIED_HOURS &&
		    row->count < APPLIED_HOURS)
			row->hours[row->count++] = h;
	}
	return RC_OK;
}

enum rc
applied_get(struct txn *t, struct span entity, struct span system,
    uint64_t sum[APPLIED_KINDS], struct err *e)
{
	struct applied_row row;
	enum rc rc = read_row(t, entity, system, &row, e);

	memset(sum, 0, APPLIED_KINDS * sizeof *sum);
	for (size_t i = 0; i < row.count; i++)
		for (size_t k = 0; k < APPLIED_KINDS; k++)
			sum[k] += row.hours[i].n[k];
	return rc;
}

enum rc
applied_add(struct txn *t, struct span entity, struct span system,
    const uint64_t n[APPLIED_KINDS], struct err *e)
{
	int64_t now = clock_now() / HOUR_MS;
	struct applied_row row;
	size_t at = 0;
	enum rc rc = read_row(t, entity, system, &row, e);
	KEY_BUF(key);

	if (rc)
		return rc;
	while (at < row.count && row.hours[at].hour != now)
		at++;
	if (at == row.count)
		row.hours[row.count++] = (struct applied_hour){ .hour = now };
	for (size_t k = 0; k < APPLIED_KINDS; k++)
		row.hours[at].n[k] += n[k];
	put_key(&key, entity, system);
	return txn_put(t, TABLE_META, buf_view(&key), span_of(
	    (const char *)row.hours, row.count * sizeof *row.hours), e);
}

enum rc
applied_forget(struct txn *t, struct span entity, struct span system,
    struct err *e)
{
	KEY_BUF(key);

	put_key(&key, entity, system);
	return txn_del(t, TABLE_META, buf_view(&key), e);
}
