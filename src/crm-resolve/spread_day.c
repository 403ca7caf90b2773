/* SPDX-License-Identifier: MIT */
#include "spread_day.h"

#include "../lib/clock.h"
#include "../lib/limits.h"
#include "applied.h"

#define HOUR_MS 3600000
#define OTHERS_MOST (APPLIED_HOURS * SPREAD_SLOTS * \
    sizeof(struct spread_entry))
#define ROW_MOST (OTHERS_MOST + SPREAD_SLOTS * sizeof(struct spread_entry))

struct spread_entry {
	uint64_t value; /* hash */
	uint32_t hour;  /* since 1970 */
	uint32_t n;
};

static int64_t
this_hour(void)
{
	return clock_now() / HOUR_MS;
}

/* Takes the row's next entry; false at its end. */
static bool
take_entry(struct span *row, struct spread_entry *entry)
{
	if (!row->len)
		return false;
	memcpy(entry, row->ptr, sizeof *entry);
	*row = span_of(row->ptr + sizeof *entry, row->len - sizeof *entry);
	return true;
}

enum rc
spread_day_get(struct txn *t, struct span entity, struct span system,
    struct span field, struct span *row, struct err *e)
{
	enum rc rc;
	KEY_BUF(key);

	KEY(&key, SPAN("spread"), entity, system, field);
	rc = txn_get(t, TABLE_META, buf_view(&key), row, e);
	if (rc)
		*row = SPAN("");
	if (rc == RC_END)
		return RC_OK;
	return rc || row->len % sizeof(struct spread_entry) == 0 ? rc :
	    err_set(e, RC_STATE, "state: damaged sums of the last day; see "
	    "crm-state check");
}

uint64_t
spread_day_count(struct span row, uint64_t value)
{
	/* a clock that was set back must not forget */
	int64_t past = this_hour() - APPLIED_HOURS;
	struct spread_entry entry;
	uint64_t n = 0;

	while (take_entry(&row, &entry))
		n += entry.value == value && entry.hour > past ? entry.n : 0;
	return n;
}

static void
put_entry(struct buf *b, int64_t hour, uint64_t value, uint64_t n)
{
	struct spread_entry entry = { value, (uint32_t)hour,
		n < UINT32_MAX ? (uint32_t)n : UINT32_MAX };

	buf_put(b, &entry, sizeof entry);
}

/* What other hours have stays as it is; the present one's go to the sketch. */
static void
part(struct span row, int64_t now, struct buf *others, struct sketch *s)
{
	struct spread_entry entry;

	while (take_entry(&row, &entry)) {
		if (entry.hour == now)
			sketch_add(s, entry.value, entry.n);
		else if (entry.hour > now - APPLIED_HOURS &&
		    others->len < OTHERS_MOST)
			buf_put(others, &entry, sizeof entry);
	}
}

enum rc
spread_day_add(struct txn *t, struct span entity, struct span system,
    struct span field, const struct sketch *s, struct err *e)
{
	struct sketch hour = { .missed = 0 };
	int64_t now = this_hour();
	struct span row;
	struct buf made;
	enum rc rc = spread_day_get(t, entity, system, field, &row, e);
	KEY_BUF(key);

	if (rc)
		return rc;
	buf_init(&made, ROW_MOST, "values of the last day");
	part(row, now, &made, &hour);
	for (size_t i = 0; i < SPREAD_SLOTS; i++)
		if (s->n[i])
			sketch_add(&hour, s->value[i], s->n[i]);
	for (size_t i = 0; i < SPREAD_SLOTS; i++)
		if (hour.n[i])
			put_entry(&made, now, hour.value[i], hour.n[i]);
	KEY(&key, SPAN("spread"), entity, system, field);
	rc = buf_check(&made, e);
	if (!rc)
		rc = txn_put(t, TABLE_META, buf_view(&key), buf_view(&made),
		    e);
	buf_free(&made);
	return rc;
}

enum rc
spread_day_forget(struct txn *t, struct span entity, struct span system,
    struct span field, struct err *e)
{
	KEY_BUF(key);

	KEY(&key, SPAN("spread"), entity, system, field);
	return txn_del(t, TABLE_META, buf_view(&key), e);
}
