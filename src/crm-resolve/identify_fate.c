/* SPDX-License-Identifier: MIT */
/* identify_fate: what was found of each record, read beside another spool. */
#include "identify.h"

enum rc
fates_put(struct identify *d, struct span entity, const struct party *of,
    enum fate_kind kind, const struct party *into, size_t key, struct err *e)
{
	struct fate fate = { .kind = kind, .systems = into->systems,
		.key = (unsigned char)(key + 1) };
	struct buf payload;
	enum rc rc;
	KEY_BUF(name);

	KEY(&name, entity, of->uid);
	buf_init(&payload, sizeof fate + LIMIT_KEY, "fate");
	buf_put(&payload, &fate, sizeof fate);
	if (kind == FATE_LINKED || kind == FATE_TWICE)
		buf_span(&payload, into->uid);
	d->fate_count++;
	rc = spool_add(d->fates, buf_view(&name), buf_view(&payload), e);
	buf_free(&payload);
	return rc;
}

void
fates_open(struct fates *f, struct spool *s)
{
	*f = (struct fates){ .spool = s };
	buf_init(&f->at, 2 * LIMIT_KEY, "key");
	buf_init(&f->uid, LIMIT_KEY, "uid");
}

void
fates_close(struct fates *f)
{
	buf_free(&f->at);
	buf_free(&f->uid);
}

static enum rc
step(struct fates *f, struct err *e)
{
	enum rc rc = f->begun ? RC_OK : spool_rewind(f->spool, e);

	f->begun = true;
	if (!rc && !f->ended)
		rc = spool_next(f->spool, &f->key, &f->payload, e);
	f->ended |= rc == RC_END;
	return rc == RC_END ? RC_OK : rc;
}

static void
take(struct fates *f)
{
	struct fate fate;

	memcpy(&fate, f->payload.ptr, sizeof fate);
	f->systems |= fate.systems;
	f->known |= fate.kind == FATE_KNOWN;
	f->carried |= fate.kind == FATE_CARRIED;
	f->reviewed |= fate.kind == FATE_REVIEW;
	f->waits |= fate.kind == FATE_WAITS;
	if ((fate.kind != FATE_LINKED && fate.kind != FATE_TWICE) ||
	    f->linked || f->twice)
		return;
	f->linked = fate.kind == FATE_LINKED;
	f->twice = !f->linked;
	f->by = fate.key;
	buf_reset(&f->uid);
	buf_span(&f->uid, span_of(f->payload.ptr + sizeof fate,
	    f->payload.len - sizeof fate));
}

enum rc
fates_seek(struct fates *f, struct span key, struct err *e)
{
	enum rc rc = RC_OK;

	if (f->begun && span_eq(buf_view(&f->at), key))
		return RC_OK;
	buf_reset(&f->at);
	buf_span(&f->at, key);
	f->known = f->carried = f->linked = f->reviewed = f->waits = f->twice =
	    false;
	f->systems = 0;
	if (!f->begun)
		rc = step(f, e);
	while (!rc && !f->ended && span_cmp(f->key, key) <= 0) {
		if (span_eq(f->key, key))
			take(f);
		rc = step(f, e);
	}
	return rc;
}

enum rc
fates_copy(struct spool *from, struct spool *to, struct err *e)
{
	struct span key, payload;
	enum rc rc = spool_rewind(from, e);

	if (!rc)
		rc = spool_next(from, &key, &payload, e);
	while (!rc) {
		rc = spool_add(to, key, payload, e);
		if (!rc)
			rc = spool_next(from, &key, &payload, e);
	}
	return rc == RC_END ? RC_OK : rc;
}
