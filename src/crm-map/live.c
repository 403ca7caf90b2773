/* SPDX-License-Identifier: MIT */
/*
 * live: a mapping against the account it is for: names the account lacks, or
 * will not let us write, types that do not go together, words of pick lists,
 * room, and the field that is to carry our uid.
 */
#include "check.h"

#include "account.h"
#include "live_fit.h"

#include "../lib/limits.h"
#include "../lib/literal.h"
#include "../lib/mapping_private.h"

struct live {
	struct check *c;
	const struct mapping *m;
	struct account_fields fields;
};

/* ---- names ---- */

/* The name there that was meant; NULL when none is near. */
static const struct account_field *
nearest(const struct live *l, struct span name)
{
	const struct account_field *best = NULL;
	unsigned least = 3, d;

	for (size_t i = 0; i < l->fields.count; i++) {
		d = literal_distance(name, l->fields.items[i].name);
		if (d < least && d < name.len) {
			least = d;
			best = &l->fields.items[i];
		}
	}
	return best;
}

static void
lacks(const struct live *l, struct span field, struct span name, bool writes)
{
	const struct account_field *near = nearest(l, name);
	struct span system = l->c->live->name;

	if (near)
		check_problem(l->c, field, "%.*s has no \"%.*s\" in %.*s (did "
		    "you mean \"%.*s\"?)", SPAN_ARG(system), SPAN_ARG(name),
		    SPAN_ARG(l->m->object), SPAN_ARG(near->name));
	else
		check_problem(l->c, field, "%.*s has no \"%.*s\" in %.*s%s"
		    "%.*s%s", SPAN_ARG(system), SPAN_ARG(name),
		    SPAN_ARG(l->m->object), writes ? "; crm-auth setup " : "",
		    writes ? (int)system.len : 0, system.ptr,
		    writes ? " makes what lacks" : "");
}

/* What is read: in any case; "a.b" is also b inside a. */
static const struct account_field *
find_read(const struct live *l, struct span name)
{
	const struct account_field *f = account_fields_find(&l->fields, name,
	    true);
	const char *dot = memchr(name.ptr, '.', name.len);

	if (!f && dot)
		f = account_fields_find(&l->fields, span_of(name.ptr,
		    (size_t)(dot - name.ptr)), true);
	return f;
}

static void
check_read(const struct live *l, struct span field, struct span name,
    bool writes)
{
	if (name.len && !find_read(l, name))
		lacks(l, field, name, writes);
}

/* NULL when it is not there, or cannot be written. */
static const struct account_field *
check_written(const struct live *l, struct span field, struct span name)
{
	const struct account_field *f = account_fields_find(&l->fields, name,
	    false);

	if (!f)
		lacks(l, field, name, true);
	else if (!f->writable)
		check_problem(l->c, field, "\"%.*s\" cannot be written in "
		    "%.*s", SPAN_ARG(name), SPAN_ARG(l->c->live->name));
	return f && f->writable ? f : NULL;
}

/* ---- a field ---- */

static void
check_pulled(const struct live *l, const struct map_field *mf)
{
	const struct entity_field *ef = &l->m->entity->fields[mf->field];
	const struct map_private *p = l->m->private;
	const struct map_step *s = mf->steps;
	const struct account_field *f;

	for (size_t i = 0; i < s->source_count; i++)
		check_read(l, ef->name, p->sources[s->sources[i]].name,
		    (mf->dir & DIR_PUSH) != 0);
	if (s->time != NO_SOURCE)
		check_read(l, ef->name, p->sources[s->time].name, false);
	f = s->source_count == 1 ? account_fields_find(&l->fields,
	    p->sources[s->sources[0]].name, true) : NULL;
	if (!f || s->read)
		return;
	if (!live_fit_read(ef, f))
		check_problem(l->c, ef->name, "\"%.*s\" holds %.*s, which is "
		    "read as no %s", SPAN_ARG(f->name), SPAN_ARG(f->holds),
		    mapping_types[ef->type]);
	for (size_t i = 0; i < f->option_count; i++)
		if (!live_fit_word_read(ef, s, f->options[i]))
			check_problem(l->c, ef->name, "\"%.*s\" may be "
			    "\"%.*s\" there, which is none of the entity's "
			    "values", SPAN_ARG(f->name),
			    SPAN_ARG(f->options[i]));
}

/* Where our own words are not listed, who knows whether it ever comes up? */
static void
lacks_word(const struct live *l, const struct entity_field *ef,
    const struct account_field *f, struct span word)
{
	if (ef->value_count)
		check_problem(l->c, ef->name, "\"%.*s\" has no value "
		    "\"%.*s\" there", SPAN_ARG(f->name), SPAN_ARG(word));
	else
		run_notice(l->c->run, NULL, "%s: field %.*s: \"%.*s\" has no "
		    "value \"%.*s\" there", l->c->name, SPAN_ARG(ef->name),
		    SPAN_ARG(f->name), SPAN_ARG(word));
}

static void
check_words(const struct live *l, const struct map_field *mf,
    const struct account_field *f)
{
	const struct entity_field *ef = &l->m->entity->fields[mf->field];
	const struct map_step *s = mf->steps;
	struct span word;

	for (size_t i = 0; i < live_fit_words(ef, s); i++) {
		word = live_fit_word(ef, s, i);
		if (!live_fit_option(f, word))
			lacks_word(l, ef, f, word);
	}
}

static void
check_pushed(const struct live *l, const struct map_field *mf)
{
	const struct entity_field *ef = &l->m->entity->fields[mf->field];
	const struct map_step *s = mf->steps;
	const struct account_field *f = NULL;

	/* what lacks was told when it was to be read */
	if (mf->dir == DIR_PUSH || find_read(l, mf->from))
		f = check_written(l, ef->name, mf->from);
	if (mf->also.len)
		(void)check_written(l, ef->name, mf->also);
	if (mf->history.len)
		(void)check_written(l, ef->name, mf->history);
	if (mf->trend.len)
		(void)check_written(l, ef->name, mf->trend);
	if (!f || s->write)
		return;
	if (!live_fit_write(ef, f))
		check_problem(l->c, ef->name, "\"%.*s\" holds %.*s, and %s is "
		    "written there", SPAN_ARG(f->name), SPAN_ARG(f->holds),
		    mapping_types[ef->type]);
	else if (f->max_length && s->longest > f->max_length)
		check_problem(l->c, ef->name, "\"%.*s\" has room for %zu "
		    "characters, and the mapping lets %zu through",
		    SPAN_ARG(f->name), f->max_length, s->longest);
	check_words(l, mf, f);
}

/* ---- what is no field ---- */

static bool
pushes(const struct mapping *m)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (m->fields[i].dir & DIR_PUSH)
			return true;
	return false;
}

static bool
writes(const struct mapping *m, struct span name)
{
	size_t count;
	const struct span *names = mapping_list_columns(m, DIR_PUSH, &count);

	for (size_t i = 0; i < count; i++)
		if (span_eq(names[i], name))
			return true;
	return false;
}

static void
check_uid(const struct live *l)
{
	const struct account_field *f;
	struct span name = l->m->uid;

	if (!name.len)
		return;
	f = account_fields_find(&l->fields, name, true);
	if (!f)
		lacks(l, span_of("uid", 3), name, true);
	else if (!f->unique && pushes(l->m))
		check_problem(l->c, span_of("uid", 3), "two records of %.*s "
		    "may have the same \"%.*s\": a create that is repeated "
		    "would make a second one", SPAN_ARG(l->c->live->name),
		    SPAN_ARG(name));
}

/* Records without it are refused there, whoever else writes them. */
static void
note_required(const struct live *l)
{
	const struct account_field *f = l->fields.items;

	if (!pushes(l->m))
		return;
	for (size_t i = 0; i < l->fields.count; i++)
		if (f[i].required && f[i].writable && !writes(l->m,
		    f[i].name))
			run_notice(l->c->run, NULL, "%s: a new record of %.*s "
			    "needs \"%.*s\", which is not written",
			    l->c->name, SPAN_ARG(l->c->live->name),
			    SPAN_ARG(f[i].name));
}

static void
check_all(const struct live *l)
{
	const struct mapping *m = l->m;
	struct span none = span_of(NULL, 0);

	check_read(l, none, m->id, false);
	check_read(l, none, m->modified, false);
	check_read(l, none, m->deleted, false);
	check_read(l, none, m->merged_into, false);
	check_read(l, none, m->converted.from, false);
	for (size_t i = 0; i < m->converted.count; i++)
		check_read(l, none, m->converted.into[i].name, false);
	check_uid(l);
	for (size_t i = 0; i < m->field_count; i++) {
		if (m->fields[i].dir & DIR_PULL)
			check_pulled(l, &m->fields[i]);
		if (m->fields[i].dir & DIR_PUSH)
			check_pushed(l, &m->fields[i]);
	}
	note_required(l);
}

enum rc
live_check(struct check *c, const struct mapping *m, struct err *e)
{
	struct live l = { .c = c, .m = m };
	enum rc rc;

	if (!span_eq(m->kind, c->live->kind))
		return err_set(e, RC_CONFIG, "%s: is for systems of kind "
		    "%.*s, and %.*s is of kind %.*s", c->name,
		    SPAN_ARG(m->kind), SPAN_ARG(c->live->name),
		    SPAN_ARG(c->live->kind));
	rc = account_fields_load(&l.fields, c->live->name, m->object, e);
	if (!rc && !l.fields.told)
		rc = err_set(e, RC_CONFIG, "%.*s takes any field: there is "
		    "nothing to hold a mapping against",
		    SPAN_ARG(c->live->name));
	if (!rc)
		check_all(&l);
	else
		rc = err_prefix(e, rc, "%s", c->name);
	account_fields_free(&l.fields);
	return rc;
}
