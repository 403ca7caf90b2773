/* SPDX-License-Identifier: MIT */
/*
 * identify_score: records that no key has found, by their likeness to others.
 * What is surely the same becomes a case as if it shared the value of a
 * further key; what is only alike, or has a rival, a case for a person.  A
 * record in several pairs brings its pairs into one case.
 */
#include "identify.h"

#include <stdlib.h>

#include "../lib/pairing.h"
#include "../lib/xalloc.h"

#define SPOOL_MEMORY ((size_t)16 << 20)
#define BLIND_CAP ((size_t)32 << 20) /* of four million, 8 bytes each */

struct scoring {
	struct identify *d;
	size_t policy;
	struct pairing *p;
	struct fates fates;    /* read beside what is added */
	uint32_t count, open;  /* records; the first ones are open */
	bool leaders;          /* the pass: those that others joined */
	bool within;           /* one system's own duplicates */
	struct buf blind;      /* of those not usable: place and section, in
	                          order */
	/* of the cases being made: */
	enum case_how how;     /* CASE_ASK: of pairs that do not stand */
	uint32_t *parent;      /* owned: another of its case, or itself */
	unsigned char *member; /* owned: is in a pair */
	uint64_t pairs;
};

/* ---- who takes part ---- */

/* Is it still to be found, or one that others have joined? */
static bool
counts_as(const struct scoring *s, struct span uid)
{
	const struct fates *f = &s->fates;

	if (f->waits || f->reviewed)
		return false;
	if (f->known || f->carried)
		return s->leaders;
	if (!f->linked)
		return !s->leaders;
	return s->leaders && span_eq(buf_view(&f->uid), uid);
}

static enum rc
add_entry(struct scoring *s, struct span key, struct span payload,
    struct err *e)
{
	struct identify *d = s->d;
	struct observe_head head;
	struct span uid = key, *values;
	uint64_t system;
	enum rc rc;

	if ((!identify_is_open(payload, &head) && (!head.blind || s->within ||
	    s->leaders)) || head.entity != s->policy)
		return RC_OK;
	if (s->fates.begun && span_eq(buf_view(&s->fates.at), key))
		return RC_OK; /* a further copy of it in the stream */
	rc = fates_seek(&s->fates, key, e);
	key_take(&uid);
	if (rc || !counts_as(s, uid))
		return rc;
	rc = identify_read_open(d, span_of(payload.ptr + sizeof head,
	    payload.len - sizeof head), &head, &values, &system, e);
	if (rc)
		return rc == RC_END ? RC_OK : rc;
	if (head.blind) {
		buf_put(&s->blind, &s->count, sizeof s->count);
		buf_put(&s->blind, &head.section, sizeof head.section);
	}
	s->count++;
	return pairing_add(s->p, values, system | s->fates.systems,
	    !s->leaders, uid, e);
}

/* What came unlinked. */
static enum rc
add_entries(struct scoring *s, bool leaders, struct err *e)
{
	struct spool *spool = s->d->r->spool;
	struct span key, payload;
	enum rc rc = spool_rewind(spool, e);

	s->leaders = leaders;
	fates_open(&s->fates, s->d->fates);
	if (!rc)
		rc = spool_next(spool, &key, &payload, e);
	while (!rc) {
		rc = add_entry(s, key, payload, e);
		if (!rc)
			rc = spool_next(spool, &key, &payload, e);
	}
	fates_close(&s->fates);
	return rc == RC_END ? RC_OK : rc;
}

static enum rc
add_known(void *arg, struct span key, const struct record *r,
    uint64_t systems, struct err *e)
{
	struct scoring *s = arg;
	const struct policy *p = s->d->r->policy[s->policy];
	size_t n = p->entity->field_count;
	struct span uid = key, *values = arena_zero(&s->d->arena, (n + 1) *
	    sizeof *values);
	enum rc rc = fates_seek(&s->fates, key, e);

	if (rc)
		return rc;
	key_take(&uid);
	for (size_t i = 0; i < n; i++) {
		size_t at = policy_field_at(p, i, r);

		if (at != SIZE_MAX)
			values[i] = r->fields[at].value;
	}
	s->count++;
	return pairing_add(s->p, values, systems | s->fates.systems, false,
	    uid, e);
}

/* The open ones come first; without any nobody else is looked at. */
static enum rc
add_all(struct scoring *s, struct err *e)
{
	enum rc rc = add_entries(s, false, e);

	s->open = s->count;
	if (rc || !s->open)
		return rc;
	rc = add_entries(s, true, e);
	if (rc)
		return rc;
	fates_open(&s->fates, s->d->fates);
	rc = identify_each_known(s->d, s->policy, add_known, s, e);
	fates_close(&s->fates);
	return rc;
}

/* ---- cases ---- */

static uint32_t
root_of(struct scoring *s, uint32_t i)
{
	while (s->parent[i] != i) {
		s->parent[i] = s->parent[s->parent[i]];
		i = s->parent[i];
	}
	return i;
}

/* The one with the least uid stands for all, in whatever order they come. */
static enum rc
join_pair(void *arg, const struct pairing_found *f, struct err *e)
{
	struct scoring *s = arg;
	uint32_t a = root_of(s, f->a), b = root_of(s, f->b);
	int order = span_cmp(pairing_label(s->p, a), pairing_label(s->p, b));

	(void)e;
	if (f->same != (s->how != CASE_ASK))
		return RC_OK;
	s->member[f->a] = s->member[f->b] = 1;
	s->pairs++;
	if (order <= 0)
		s->parent[b] = a;
	else
		s->parent[a] = b;
	return RC_OK;
}

/* `blind` goes on to behind the i-th; was that one not usable? */
static bool
take_blind(struct span *blind, uint32_t i, uint32_t *section)
{
	uint32_t at = 0;

	while (blind->len && at <= i) {
		memcpy(&at, blind->ptr, sizeof at);
		if (at > i)
			return false;
		memcpy(section, blind->ptr + sizeof at, sizeof *section);
		blind->ptr += 2 * sizeof at;
		blind->len -= 2 * sizeof at;
		if (at == i)
			return true;
	}
	return false;
}

/* One more in the case of its root, as it was found so far. */
static enum rc
put_member(struct scoring *s, struct spool *values, uint32_t i,
    struct span *blind, struct err *e)
{
	size_t key = s->d->r->policy[s->policy]->entity->match_count;
	struct party_row row = { .policy = (uint32_t)s->policy,
		.open = i < s->open, .systems = pairing_systems(s->p, i) };
	struct span uid = pairing_label(s->p, i);
	char name[sizeof row.policy + sizeof *row.value];
	struct buf out;
	enum rc rc;

	row.blind = take_blind(blind, i, &row.section);
	if (row.blind)
		row.open = false;
	if (row.open) {
		row.open = !s->fates.linked && !s->fates.reviewed;
		row.systems |= s->fates.systems;
		if (s->fates.linked)
			uid = buf_view(&s->fates.uid);
	}
	row.value[key] = hash128(pairing_label(s->p, root_of(s, i)),
	    101 + (uint64_t)s->how);
	memcpy(name, &row.policy, sizeof row.policy);
	memcpy(name + sizeof row.policy, &row.value[key], sizeof *row.value);
	buf_init(&out, sizeof row + LIMIT_KEY, "party");
	buf_put(&out, &row, sizeof row);
	buf_span(&out, uid);
	rc = spool_add(values, span_of(name, sizeof name), buf_view(&out), e);
	buf_free(&out);
	return rc;
}

/* Open ones stand in the order of their keys, as the fates do. */
static enum rc
put_members(struct scoring *s, struct spool *values, struct err *e)
{
	struct span entity = s->d->r->policy[s->policy]->entity->name;
	struct span blind = buf_view(&s->blind);
	enum rc rc = RC_OK;

	fates_open(&s->fates, s->d->fates);
	for (uint32_t i = 0; i < s->count && !rc; i++) {
		KEY_BUF(key);

		if (!s->member[i])
			continue;
		KEY(&key, entity, pairing_label(s->p, i));
		if (i < s->open)
			rc = fates_seek(&s->fates, buf_view(&key), e);
		if (!rc && !(i < s->open && s->fates.waits))
			rc = put_member(s, values, i, &blind, e);
	}
	fates_close(&s->fates);
	return rc;
}

static enum rc
judge_pairs(struct scoring *s, enum case_how how, struct err *e)
{
	size_t key = s->d->r->policy[s->policy]->entity->match_count;
	struct spool *values = spool_new(home_path(), SPOOL_MEMORY);
	enum rc rc;

	s->how = how;
	s->pairs = 0;
	for (uint32_t i = 0; i < s->count; i++) {
		s->parent[i] = i;
		s->member[i] = 0;
	}
	rc = pairing_each(s->p, join_pair, s, e);
	if (!rc && s->pairs) {
		rc = put_members(s, values, e);
		if (!rc)
			rc = identify_more_fates(s->d, e);
		if (!rc)
			rc = identify_judge(s->d, values, key, how, e);
	}
	spool_free(values);
	return rc;
}

/* ---- the step ---- */

static void
tell_left_out(struct scoring *s, const struct pairing_tally *t)
{
	const struct where nowhere = { 0 };

	if (!t->blocks_left_out)
		return;
	run_notice(&s->d->r->run, &nowhere, "%.*s: %llu groups of records "
	    "with common values are too large to compare each with each (%llu "
	    "pairs); theirs are found by other values only",
	    SPAN_ARG(s->d->r->policy[s->policy]->entity->name),
	    (unsigned long long)t->blocks_left_out,
	    (unsigned long long)t->pairs_left_out);
}

static enum rc
find(struct scoring *s, unsigned which, struct err *e)
{
	struct pairing_tally t;
	enum rc rc = pairing_find(s->p, which, &t, e);

	if (rc)
		return rc;
	tell_left_out(s, &t);
	s->parent = xmalloc((s->count + 1) * sizeof *s->parent);
	s->member = xmalloc(s->count + 1);
	if (which == PAIRING_WITHIN)
		return judge_pairs(s, CASE_TWICE, e);
	rc = judge_pairs(s, CASE_LINK, e);
	return rc ? rc : judge_pairs(s, CASE_ASK, e);
}

static enum rc
score(struct identify *d, size_t policy, unsigned which, struct err *e)
{
	struct scoring s = { .d = d, .policy = policy,
		.within = which == PAIRING_WITHIN };
	enum rc rc;

	buf_init(&s.blind, BLIND_CAP, "records that could not be used");
	s.p = pairing_new(d->r->policy[policy]->entity->similar, home_path());
	rc = add_all(&s, e);
	if (!rc && s.open)
		rc = find(&s, which, e);
	rc = rc ? rc : buf_check(&s.blind, e);
	pairing_free(s.p);
	buf_free(&s.blind);
	free(s.parent);
	free(s.member);
	return rc;
}

enum rc
identify_score(struct identify *d, size_t policy, struct err *e)
{
	return score(d, policy, PAIRING_ACROSS, e);
}

enum rc
identify_duplicates(struct identify *d, size_t policy, struct err *e)
{
	return score(d, policy, PAIRING_WITHIN, e);
}
