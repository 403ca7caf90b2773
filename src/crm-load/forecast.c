/* SPDX-License-Identifier: MIT */
/*
 * forecast: a large load is said before it is begun, or not begun at all where
 * the account has not so many calls left today.
 */
#include "load.h"

/* What of an entity is to be sent. */
static enum rc
count_entity(struct load *l, struct txn *t, struct span entity, uint64_t *n,
    struct err *e)
{
	struct walk w;
	enum rc rc;
	KEY_BUF(prefix);

	*n = 0;
	rc = outbox_walk(&w, t, l->system->name, entity, &prefix, e);
	if (!rc)
		rc = walk_next(&w, e);
	while (!rc) {
		struct outbox o;

		rc = outbox_decode(w.value, &o, e);
		*n += !rc && o.released && !o.held;
		if (!rc)
			rc = walk_next(&w, e);
	}
	walk_close(&w);
	return rc == RC_END ? RC_OK : rc;
}

/* More than there are linked cannot be there. */
static enum rc
calls_of(struct load *l, struct txn *t, const struct outlet *o, uint64_t n,
    uint64_t *calls, struct err *e)
{
	struct tally tally;
	uint64_t there;
	const struct source src = { o->policy->entity->name, l->system->name,
		o->system->object, SPAN("") };
	enum rc rc = tally_get(t, &src, &tally, e);

	there = n < tally.live ? n : tally.live;
	if (!rc)
		*calls += l->adapter->write_calls(l->system,
		    o->system->object, o->system->mapping, n - there, there);
	return rc;
}

static enum rc
count_calls(struct load *l, uint64_t *calls, struct err *e)
{
	struct txn t = { .mdb = NULL };
	enum rc rc = txn_begin(&t, l->state, false, e);

	*calls = 0;
	for (size_t i = 0; i < l->outlet_count && !rc; i++) {
		const struct outlet *o = &l->outlet[i];
		uint64_t n;

		rc = count_entity(l, &t, o->policy->entity->name, &n, e);
		if (!rc)
			rc = calls_of(l, &t, o, n, calls, e);
	}
	txn_abort(&t);
	return rc;
}

enum rc
forecast(struct load *l, struct err *e)
{
	struct where w = { .system = l->system->name };
	struct buf words;
	uint64_t calls;
	enum rc rc;

	if (l->foretold || l->dry_run || !l->adapter->forecast)
		return RC_OK;
	l->foretold = true;
	buf_init(&words, ERR_TEXT, "forecast");
	rc = count_calls(l, &calls, e);
	if (!rc)
		rc = l->adapter->forecast(calls, &words, e);
	if (rc)
		err_prefix(e, rc, "writing");
	else if (words.len)
		run_notice(&l->run, &w, "writing takes about %.*s",
		    (int)words.len, words.ptr);
	buf_free(&words);
	return rc;
}
