/* SPDX-License-Identifier: MIT */
/*
 * repair_redirect: a redirect leads from a record that was merged to one that
 * is known.  Others go; those that are missing are in the audit.  What was
 * converted is closed there, or it was not.
 */
#include "repair.h"

#include "../lib/conversion.h"
#include "../lib/home.h"
#include "../lib/redirect.h"
#include "../lib/spool.h"
#include "audit.h"

#define LEAD SPAN("redirect")
#define CONVERTED SPAN("converted")
#define SPOOL_MEMORY ((size_t)16 << 20)

static enum rc
load(struct repair *k, struct span entity, struct span uid,
    struct record *r, struct err *e)
{
	return record_load(&k->txn, entity, uid, NULL, 0, &k->arena, r, e);
}

/* Where it leads to in the end; RC_END: nowhere, or in a circle. */
static enum rc
follow(struct repair *k, struct span entity, struct span uid, struct err *e)
{
	struct span into;
	struct record r;
	enum rc rc = redirect_get(&k->txn, entity, uid, &k->arena, &into, e);

	if (rc == RC_STATE)
		return RC_END;
	if (!rc)
		rc = load(k, entity, into, &r, e);
	return rc ? rc : r.version ? RC_OK : RC_END;
}

/* key: "redirect" \0 entity \0 uid */
static enum rc
check_one(struct repair *k, void *arg, struct span key, struct err *e)
{
	struct span uid = key, entity;
	struct record r;
	enum rc rc;

	(void)arg;
	key_take(&uid);
	entity = key_take(&uid);
	rc = load(k, entity, uid, &r, e);
	if (!rc && r.life == LIFE_MERGED)
		rc = follow(k, entity, uid, e);
	else if (!rc)
		rc = RC_END;
	if (rc != RC_END)
		return rc;
	k->redirects++;
	repair_tell(k, "redirect taken out", entity, SPAN(""), uid);
	return redirect_del(&k->txn, entity, uid, e);
}

/* key: "converted" \0 entity \0 uid \0 system */
static enum rc
check_conversion(struct repair *k, void *arg, struct span key, struct err *e)
{
	struct span row = arena_dup(&k->arena, key), rest = row, uid;
	struct source s;
	enum rc rc;

	(void)arg;
	key_take(&rest);
	rc = conversion_check(&k->txn, rest, &k->arena, &s, &uid, e);
	if (rc != RC_END)
		return rc;
	k->redirects++;
	repair_tell(k, "conversion taken out", s.entity, s.system, uid);
	return txn_del(&k->txn, TABLE_META, row, e);
}

/* ---- those that are missing ---- */

static enum rc
take_line(void *arg, const struct audit_entry *entry, struct json *j,
    struct err *e)
{
	struct spool *spool = arg;
	uint32_t type = json_get(j, 0, SPAN("type"));
	struct arena a;
	struct span into, entity, uid;
	enum rc rc = RC_OK;
	KEY_BUF(key);

	(void)entry;
	if (!type || !json_is(j, type, SPAN("joined")))
		return RC_OK;
	arena_init(&a);
	entity = json_get_string(j, 0, SPAN("entity"), &a);
	uid = json_get_string(j, 0, SPAN("uid"), &a);
	into = json_get_string(j, 0, SPAN("into"), &a);
	KEY(&key, entity, uid);
	if (into.len && key.len <= LIMIT_KEY)
		rc = spool_add(spool, buf_view(&key), into, e);
	arena_free(&a);
	return rc;
}

struct joined {
	struct span entity, uid, into;
};

/* The last word counts. */
static enum rc
put_back(struct repair *k, void *arg, struct err *e)
{
	const struct joined *j = arg;
	struct record r, into;
	enum rc rc = load(k, j->entity, j->uid, &r, e);

	if (!rc)
		rc = load(k, j->entity, j->into, &into, e);
	if (rc || r.life != LIFE_MERGED || !into.version)
		return rc;
	rc = follow(k, j->entity, j->uid, e);
	if (rc != RC_END)
		return rc;
	rc = redirect_put(&k->txn, j->entity, j->uid, j->into, e);
	if (!rc)
		rc = follow(k, j->entity, j->uid, e);
	if (rc == RC_END)
		return redirect_del(&k->txn, j->entity, j->uid, e);
	k->redirects += !rc;
	repair_tell(k, "redirect put back", j->entity, SPAN(""), j->uid);
	return rc;
}

static enum rc
put_all_back(struct repair *k, struct spool *spool, struct err *e)
{
	struct span key, into;
	struct arena a;
	enum rc rc = spool_rewind(spool, e);

	arena_init(&a);
	if (!rc)
		rc = spool_next(spool, &key, &into, e);
	while (!rc) {
		struct span all, rest;
		struct joined j;

		arena_reset(&a);
		all = rest = arena_dup(&a, key);
		j.entity = key_take(&rest);
		j.uid = rest;
		do {
			j.into = arena_dup(&a, into);
			rc = spool_next(spool, &key, &into, e);
		} while (!rc && span_eq(key, all));
		if (!rc || rc == RC_END) {
			enum rc put = repair_in_one(k, put_back, &j, e);

			rc = put ? put : rc;
		}
	}
	arena_free(&a);
	return rc == RC_END ? RC_OK : rc;
}

enum rc
repair_redirect(struct repair *k, struct err *e)
{
	struct spool *spool = spool_new(home_path(), SPOOL_MEMORY);
	enum rc rc;
	KEY_BUF(prefix);
	KEY_BUF(converted);

	KEY(&prefix, LEAD, SPAN(""));
	rc = repair_each(k, TABLE_META, buf_view(&prefix), check_one, NULL,
	    e);
	KEY(&converted, CONVERTED, SPAN(""));
	if (!rc)
		rc = repair_each(k, TABLE_META, buf_view(&converted),
		    check_conversion, NULL, e);
	if (!rc)
		rc = audit_lines(k->state, "", SPAN("\"joined\""), take_line,
		    spool, e);
	if (!rc)
		rc = put_all_back(k, spool, e);
	spool_free(spool);
	return rc;
}
