/* SPDX-License-Identifier: MIT */
/* identify_spool: the main spool again, under the uids that were found. */
#include "identify.h"

#define SPOOL_MEMORY ((size_t)64 << 20)

/* It is not decided now, but read again next time. */
static enum rc
put_off(struct identify *d, struct span text, struct err *e)
{
	struct source src;
	enum rc rc = json_parse(&d->json, text, e);

	arena_reset(&d->arena);
	if (rc)
		return rc;
	src.entity = json_get_string(&d->json, 0, SPAN("entity"), &d->arena);
	src.system = json_get_string(&d->json, 0, SPAN("system"), &d->arena);
	src.object = json_get_string(&d->json, 0, SPAN("object"), &d->arena);
	src.id = json_get_string(&d->json, 0, SPAN("id"), &d->arena);
	resolve_todo(d->r, &src, SPAN("may be what is being created there"));
	return RC_OK;
}

/* The second of two in one system, and nobody wants to know of it. */
static enum rc
leave_out(struct identify *d, struct span text, struct span first,
    struct err *e)
{
	struct where w = { .line = 0 };
	enum rc rc = json_parse(&d->json, text, e);
	struct err why;

	arena_reset(&d->arena);
	if (rc)
		return rc;
	w.system = json_get_string(&d->json, 0, SPAN("system"), &d->arena);
	w.object = json_get_string(&d->json, 0, SPAN("object"), &d->arena);
	w.id = json_get_string(&d->json, 0, SPAN("id"), &d->arena);
	err_set(&why, RC_RECORD, "a duplicate of %.*s: skipped",
	    SPAN_ARG(first));
	rc = run_reject(&d->r->run, &w, &why, text);
	return rc == RC_RECORD ? err_set(e, RC_SYSTEM, "stopped at the first "
	    "duplicate: nothing is committed") : rc;
}

/* It carries a uid that nobody has, and is somebody who has another. */
static void
adopt(struct observe_head *head)
{
	head->stamped = head->stranger = false;
	head->unlinked = true;
	head->stamp = STAMP_COPIED;
}

static enum rc
move_entry(struct identify *d, struct fates *f, struct spool *to,
    struct span key, struct span payload, struct err *e)
{
	struct observe_head head;
	enum rc rc = fates_seek(f, key, e);
	KEY_BUF(name);

	if (rc)
		return rc;
	if (!identify_is_open(payload, &head) && f->linked && head.stranger &&
	    !head.unreadable)
		adopt(&head);
	if (!head.unlinked || (!f->linked && !f->waits && !f->twice))
		return spool_add(to, key, payload, e);
	if (f->waits)
		return put_off(d, span_of(payload.ptr + sizeof head,
		    payload.len - sizeof head), e);
	if (f->twice)
		return leave_out(d, span_of(payload.ptr + sizeof head,
		    payload.len - sizeof head), buf_view(&f->uid), e);
	KEY(&name, d->r->policy[head.entity]->entity->name,
	    buf_view(&f->uid));
	head.matched = f->by;
	buf_reset(&d->entry);
	buf_put(&d->entry, &head, sizeof head);
	buf_span(&d->entry, span_of(payload.ptr + sizeof head, payload.len -
	    sizeof head));
	return spool_add(to, buf_view(&name), buf_view(&d->entry), e);
}

static enum rc
move_all(struct identify *d, struct spool *to, struct err *e)
{
	struct span key, payload;
	struct fates f;
	enum rc rc = spool_rewind(d->r->spool, e);

	fates_open(&f, d->fates);
	if (!rc)
		rc = spool_next(d->r->spool, &key, &payload, e);
	while (!rc) {
		rc = move_entry(d, &f, to, key, payload, e);
		if (!rc)
			rc = spool_next(d->r->spool, &key, &payload, e);
	}
	fates_close(&f);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
identify_rewrite(struct identify *d, struct err *e)
{
	struct spool *to = spool_new(home_path(), SPOOL_MEMORY);
	enum rc rc = move_all(d, to, e);

	if (!rc)
		rc = fates_copy(d->cases, to, e);
	spool_free(d->r->spool);
	d->r->spool = to;
	return rc;
}
