/* SPDX-License-Identifier: MIT */
#include "mutants.h"

#include <stdio.h>
#include <string.h>

#include "../../../src/crm-diff/diff.h"
#include "../../../src/crm-resolve/echo.h"
#include "../../../src/crm-resolve/identify.h"
#include "../../../src/crm-resolve/merge.h"
#include "../../../src/crm-resolve/rules.h"
#include "../../../src/lib/filestore.h"
#include "../../../src/lib/home.h"
#include "../../../src/lib/mapping.h"
#include "../../../src/lib/outbox.h"
#include "../../../src/lib/record.h"
#include "../../../src/lib/ref.h"
#include "../../../src/lib/spool.h"
#include "../../../src/lib/type.h"

#define SPOOL_MEMORY ((size_t)1 << 20)

/* Each is a function of the engine, and what stands in its place: of the very
 * same type, or it does not compile. */
#define WRAP(type, name, ...)                                               \
	extern __typeof__(name) __real_##name, __wrap_##name;               \
	type __wrap_##name(__VA_ARGS__)

static const char *const names[] = { "overwrite", "forget", "zombie",
	"absence", "unsent", "tie", "echo", "dangle", "eager", "append",
	"jq", "command", "cut", "merge", "follow", "carried",
	"blind", NULL };
static const char *used;

bool
mutants_use(const char *name)
{
	for (const char *const *n = names; *n; n++)
		if (strcmp(*n, name) == 0) {
			used = *n;
			return true;
		}
	fprintf(stderr, "no mutant %s; there are:", name);
	for (const char *const *n = names; *n; n++)
		fprintf(stderr, " %s", *n);
	fputc('\n', stderr);
	return false;
}

const char *
mutants_used(void)
{
	return used;
}

static bool
is(const char *name)
{
	return used && strcmp(used, name) == 0;
}

/* overwrite: whatever stands there now is written over. */
WRAP(enum rc, filestore_apply, struct filestore *s,
    const struct filestore_change *c, struct filestore_result *r,
    struct err *e)
{
	struct filestore_change blind = *c;

	if (is("overwrite"))
		blind.version = blind.expected = SPAN("");
	return __real_filestore_apply(s, &blind, r, e);
}

/* forget: a conflict is not kept.  zombie: nor is a death. */
WRAP(enum rc, record_put_agreed, struct txn *t, const struct record *r,
    struct err *e)
{
	struct record other = *r;

	for (size_t i = 0; i < r->field_count && is("forget"); i++)
		other.fields[i].conflict = false;
	if (is("zombie"))
		other.life = LIFE_LIVE;
	return __real_record_put_agreed(t, &other, e);
}

/* absence: one record of five that was read does not count as read. */
WRAP(bool, absence_mark, struct diff *d, uint64_t ordinal)
{
	if (is("absence") && ordinal % 5 == 4)
		return false;
	return __real_absence_mark(d, ordinal);
}

/* unsent: what has to wait for its turn waits for ever. */
WRAP(enum rc, outbox_get, struct txn *t, struct span system,
    struct span entity, struct span uid, struct outbox *o, struct err *e)
{
	enum rc rc = __real_outbox_get(t, system, entity, uid, o, e);

	if (is("unsent") && rc == RC_OK && o->attempts)
		return RC_END;
	return rc;
}

static void
stand(struct verdict *v, const struct candidate *c)
{
	v->value = c->value;
	v->system = c->system;
	v->time = c->time;
	v->agreed = c->agreed;
}

/* tie: whose name comes first wins, not who was last.  append, jq, command:
 * what was shown first stands alone, whatever others wrote or programs say. */
WRAP(enum rc, rules_decide, struct dispute *d, struct verdict *v,
    struct err *e)
{
	const struct candidate *first = d->candidates;
	enum rc rc = __real_rules_decide(d, v, e);

	if (!rc && !v->review && ((is("append") &&
	    d->field->rule == RULE_APPEND) || (is("jq") &&
	    d->field->rule == RULE_JQ) || (is("command") &&
	    d->field->rule == RULE_COMMAND)))
		stand(v, &d->candidates[0]);
	for (size_t i = 1; i < d->count; i++)
		if (span_cmp(d->candidates[i].name, first->name) < 0)
			first = &d->candidates[i];
	if (!is("tie") || rc || v->review)
		return rc;
	stand(v, first);
	return RC_OK;
}

/* echo: whatever a system shows is what it made of what it was sent. */
WRAP(bool, type_equivalent, const struct entity_field *f, size_t longest,
    struct span sent, struct span held)
{
	return is("echo") || __real_type_equivalent(f, longest, sent, held);
}

/* dangle: a reference to what is not known yet is none. */
WRAP(enum rc, ref_to_uid, struct txn *t, struct span system,
    struct span value, struct arena *a, struct span *out, struct err *e)
{
	enum rc rc = __real_ref_to_uid(t, system, value, a, out, e);

	if (rc != RC_END || !is("dangle"))
		return rc;
	*out = record_null;
	return RC_OK;
}

/* eager: where several fit, the first one is taken. */
WRAP(void, identify_case, struct party *p, size_t n, size_t key, size_t keys)
{
	__real_identify_case(p, n, key, keys);
	for (size_t i = 1; i < n && is("eager"); i++)
		if (p[i].finding == FOUND_REVIEW) {
			p[i].finding = FOUND_LINKED;
			p[i].with = 0;
		}
}

/* cut: a text is edited where only a part of it is held, and that stands. */
WRAP(bool, echo_is_cut, const struct work *w, const struct side *s,
    size_t system, size_t field, size_t at)
{
	return !is("cut") && __real_echo_is_cut(w, s, system, field, at);
}

/* merge: what became another record was deleted. */
WRAP(enum rc, observe_line, const struct policy *p, struct txn *t,
    struct json *j, const struct observe_head *head, struct span text,
    struct arena *a, struct observation *o, struct err *e)
{
	enum rc rc = __real_observe_line(p, t, j, head, text, a, o, e);

	if (!rc && is("merge") && o->op == OBSERVED_MERGE)
		o->op = OBSERVED_DELETE;
	return rc;
}

/* follow: it became another, but nothing of it goes there. */
WRAP(enum rc, merge_follow, struct group *g, struct txn *t,
    const struct decision *d, struct audit *a, struct err *e)
{
	return is("follow") ? RC_OK : __real_merge_follow(g, t, d, a, e);
}

static enum rc
copy_strangers(struct identify *d, struct fates *f, struct spool *to,
    struct err *e)
{
	struct span key, payload;
	struct party_row row;
	enum rc rc = spool_rewind(d->parties, e);

	for (rc = rc ? rc : spool_next(d->parties, &key, &payload, e); !rc;
	    rc = rc ? rc : spool_next(d->parties, &key, &payload, e)) {
		memcpy(&row, payload.ptr, sizeof row);
		rc = fates_seek(f, key, e);
		if (!rc && (row.open || !(f->known || f->carried)))
			rc = spool_add(to, key, payload, e);
	}
	return rc == RC_END ? RC_OK : rc;
}

/* carried: a uid that others carry says nothing of who its origin is. */
WRAP(enum rc, identify_parties, struct identify *d, struct err *e)
{
	enum rc rc = __real_identify_parties(d, e);
	struct spool *parties;
	struct fates f;

	if (rc || !is("carried"))
		return rc;
	parties = spool_new(home_path(), SPOOL_MEMORY);
	fates_open(&f, d->fates);
	rc = copy_strangers(d, &f, parties, e);
	fates_close(&f);
	spool_free(d->parties);
	spool_free(d->fates);
	d->parties = parties;
	d->fates = spool_new(home_path(), SPOOL_MEMORY);
	return rc;
}

/* blind: of what could not be used nothing is known but that it is there. */
WRAP(void, mapping_read_known, struct mapping *m, const struct json *j,
    uint32_t data, struct map_identity *identity, struct arena *a,
    struct buf *fields)
{
	if (!is("blind"))
		__real_mapping_read_known(m, j, data, identity, a, fields);
	else
		memset(identity, 0, sizeof *identity);
}
