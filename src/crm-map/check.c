/* SPDX-License-Identifier: MIT */
/*
 * check: do mappings hold together?  Loading finds typos, unknown types,
 * duplicate targets and expressions that do not compile; here is what needs
 * the whole: required fields, rules, tables against values, references, and
 * whether a `both` field comes back as it went.
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "stage.h"

#include "../lib/entity.h"
#include "../lib/limits.h"
#include "../lib/mapping_file.h"
#include "../lib/mapping_private.h"

void
check_problem(struct check *c, struct span field, const char *fmt, ...)
{
	struct where nowhere = { 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	char text[ERR_TEXT];
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (field.len)
		err_set(&e, RC_CONFIG, "%s: field %.*s: %s", c->name,
		    SPAN_ARG(field), text);
	else
		err_set(&e, RC_CONFIG, "%s: %s", c->name, text);
	run_problem(c->run, &nowhere, RC_CONFIG, &e);
	c->problems++;
}

static void
problem_as_is(struct check *c, enum rc rc, const struct err *e)
{
	struct where nowhere = { 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };

	run_problem(c->run, &nowhere, rc, e);
	c->problems++;
}

/* ---- entities ---- */

/* Following required references from `en` leads back to `start`. */
static bool
leads_back(const struct check *c, const struct entity *en, struct span start,
    unsigned depth)
{
	const struct entity_field *f;
	struct entity *other;
	bool back = false;
	struct err e;
	size_t i;

	for (i = 0; i < en->field_count && depth < 16; i++) {
		f = &en->fields[i];
		if (f->type != TYPE_REF || !f->required)
			continue;
		if (span_eq(f->to, start))
			return true;
		if (entity_load_from(&other, c->directory, f->to, NULL, &e))
			continue;
		back = leads_back(c, other, start, depth + 1);
		entity_free(other);
		if (back)
			return true;
	}
	return false;
}

static void
check_reference(struct check *c, const struct entity *en,
    const struct entity_field *f)
{
	struct entity *to;
	struct err e;

	if (entity_load_from(&to, c->directory, f->to, NULL, &e)) {
		check_problem(c, f->name, "refers to \"%.*s\": %s",
		    SPAN_ARG(f->to), e.text);
		return;
	}
	if (f->required && (span_eq(f->to, en->name) ||
	    leads_back(c, to, en->name, 0)))
		check_problem(c, f->name, "required references lead in a"
		    " circle: no first record could be made");
	entity_free(to);
}

/* Expressions compile; a command that is a path is there to be run. */
static void
check_rule(struct check *c, const struct entity_field *f)
{
	struct jqprog *p = NULL;
	const char *path;
	struct arena a;
	struct err e;

	if (f->rule == RULE_JQ && entity_rule_program(f, &p, &e))
		check_problem(c, f->name, "%s", e.text);
	jqprog_free(p);
	if (f->rule != RULE_COMMAND ||
	    !memchr(f->command[0].ptr, '/', f->command[0].len))
		return;
	arena_init(&a);
	path = arena_cstr(&a, f->command[0]);
	if (access(path, X_OK) != 0)
		check_problem(c, f->name, "rule: command: %s is not there, or"
		    " no program", path);
	arena_free(&a);
}

static void
check_entity(struct check *c, const struct entity *en)
{
	const struct entity_field *f;
	size_t i, k;

	for (i = 0; i < en->field_count; i++) {
		f = &en->fields[i];
		check_rule(c, f);
		if (f->type == TYPE_REF)
			check_reference(c, en, f);
		for (k = 0; k < f->prefer_count; k++)
			if (!mapping_exists(en->name, f->prefer[k],
			    &c->systems))
				check_problem(c, f->name, "the rule names"
				    " \"%.*s\", which has no mapping of %.*s",
				    SPAN_ARG(f->prefer[k]),
				    SPAN_ARG(en->name));
	}
}

/* ---- mappings ---- */

static void
check_required(struct check *c, const struct mapping *m)
{
	const struct entity *en = m->entity;
	size_t i;

	for (i = 0; i < en->field_count; i++)
		if (en->fields[i].required &&
		    mapping_field_find(m, i) == SIZE_MAX)
			check_problem(c, en->fields[i].name, "is required by"
			    " the entity and not mapped");
}

static bool
has_value(const struct entity_field *f, struct span value)
{
	size_t i;

	for (i = 0; i < f->value_count; i++)
		if (span_eq(f->values[i], value))
			return true;
	return false;
}

static void
check_table(struct check *c, const struct entity_field *f,
    const struct map_field *mf)
{
	const struct map_step *s = mf->steps;
	size_t i;

	if (!s->table_count || !f->value_count)
		return;
	for (i = 0; i < s->table_count; i++)
		if (!has_value(f, s->table[i].ours))
			check_problem(c, f->name, "enum: \"%.*s\" is none of"
			    " the entity's values", SPAN_ARG(s->table[i].ours));
	for (i = 0; i < f->value_count && (mf->dir & DIR_PUSH); i++)
		if (!mapping_step_theirs(s, f->values[i]).ptr)
			check_problem(c, f->name, "enum: the value \"%.*s\" has"
			    " no counterpart there", SPAN_ARG(f->values[i]));
}

/* Scratch of one trip: source -> canonical -> source -> canonical. */
struct trip {
	struct buf source, once, back, twice, notes;
	struct json json;
};

static enum rc
trip_read(struct mapping *m, struct trip *t, struct buf *from,
    struct buf *to, struct err *e)
{
	enum rc rc;

	buf_reset(to);
	buf_reset(&t->notes);
	rc = json_parse(&t->json, buf_view(from), e);
	if (!rc)
		rc = mapping_read(m, &t->json, 0, to, &t->notes, e);
	return rc;
}

static enum rc
trip_write(struct mapping *m, struct trip *t, struct err *e)
{
	enum rc rc;

	buf_reset(&t->back);
	rc = json_parse(&t->json, buf_view(&t->once), e);
	if (!rc)
		rc = mapping_write(m, &t->json, 0, &t->back, e);
	return rc;
}

static void
check_example(struct check *c, struct mapping *m, const struct map_field *mf,
    struct span example, struct trip *t)
{
	struct span name = m->entity->fields[mf->field].name;
	struct err e = { "" };
	enum rc rc;

	buf_reset(&t->source);
	buf_putc(&t->source, '{');
	json_put_string(&t->source, mf->from);
	buf_putc(&t->source, ':');
	buf_span(&t->source, example);
	buf_putc(&t->source, '}');
	rc = trip_read(m, t, &t->source, &t->once, &e);
	if (!rc && mf->dir == DIR_BOTH) {
		rc = trip_write(m, t, &e);
		if (!rc)
			rc = trip_read(m, t, &t->back, &t->twice, &e);
		if (!rc && !span_eq(buf_view(&t->once), buf_view(&t->twice)))
			check_problem(c, name, "what is written does not undo"
			    " what is read: example %.*s is read as %.*s,"
			    " written as %.*s, read again as %.*s",
			    SPAN_ARG(example), SPAN_ARG(buf_view(&t->once)),
			    SPAN_ARG(buf_view(&t->back)),
			    SPAN_ARG(buf_view(&t->twice)));
	}
	if (rc)
		check_problem(c, name, "example %.*s: %s", SPAN_ARG(example),
		    e.text);
}

/* Every word of theirs is an example of its own. */
static void
check_words(struct check *c, struct mapping *m, const struct map_field *mf,
    struct trip *t)
{
	struct buf word;
	size_t i;

	buf_init(&word, LIMIT_LINE, "word");
	for (i = 0; i < mf->steps->table_count; i++) {
		buf_reset(&word);
		json_put_string(&word, mf->steps->table[i].theirs);
		check_example(c, m, mf, buf_view(&word), t);
	}
	buf_free(&word);
}

static void
check_trips(struct check *c, struct mapping *m)
{
	const struct map_field *mf;
	struct trip t;
	size_t i, k;

	buf_init(&t.source, LIMIT_LINE, "example");
	buf_init(&t.once, LIMIT_LINE, "example");
	buf_init(&t.back, LIMIT_LINE, "example");
	buf_init(&t.twice, LIMIT_LINE, "example");
	buf_init(&t.notes, LIMIT_LINE, "example");
	json_init(&t.json);
	for (i = 0; i < m->field_count; i++) {
		mf = &m->fields[i];
		if (mf->dir == DIR_BOTH && mf->steps->read &&
		    mf->steps->write && !mf->steps->example_count)
			check_problem(c, m->entity->fields[mf->field].name,
			    "has read and write expressions, and no examples"
			    " to hold them against each other");
		for (k = 0; k < mf->steps->example_count; k++)
			check_example(c, m, mf, mf->steps->examples[k], &t);
		check_words(c, m, mf, &t);
	}
	json_free(&t.json);
	buf_free(&t.source);
	buf_free(&t.once);
	buf_free(&t.back);
	buf_free(&t.twice);
	buf_free(&t.notes);
}

static void
check_mapping(struct check *c, struct mapping *m)
{
	size_t i;

	check_entity(c, m->entity);
	check_required(c, m);
	for (i = 0; i < m->field_count; i++)
		check_table(c, &m->entity->fields[m->fields[i].field],
		    &m->fields[i]);
	check_trips(c, m);
}

/* "customer", "mappings/customer.jq" or "customer.salesforce" */
static enum rc
load_either(struct check *c, struct mapping **m, struct entity **en,
    struct err *e)
{
	struct mapping_name n;
	enum rc rc;

	rc = mapping_file_name(&n, span_str(c->name), &c->systems, e);
	if (rc)
		return rc;
	c->directory = n.directory;
	if (n.system.len)
		return mapping_load(m, span_str(c->name), &c->systems, e);
	return entity_load_from(en, n.directory, n.entity, NULL, e);
}

static void
check_one(struct check *c)
{
	struct mapping *m = NULL;
	struct entity *en = NULL;
	size_t before = c->problems;
	struct err e;
	enum rc rc;

	rc = load_either(c, &m, &en, &e);
	if (m)
		check_mapping(c, m);
	if (en)
		check_entity(c, en);
	if (m && c->live)
		rc = live_check(c, m, &e);
	if (rc)
		problem_as_is(c, rc, &e);
	else if (c->problems == before && m)
		printf("%s: %zu of %zu fields mapped, no problem found%s"
		    "%.*s\n", c->name, m->field_count, m->entity->field_count,
		    c->live ? " in " : "", c->live ? (int)c->live->name.len :
		    0, c->live ? c->live->name.ptr : "");
	else if (c->problems == before)
		printf("%s: %zu fields, no problem found\n", c->name,
		    en->field_count);
	mapping_free(m);
	entity_free(en);
}

/* Every mapping that serves the system. */
static enum rc
check_served(struct check *c, struct err *e)
{
	struct arena a;
	struct span *entities;
	struct buf name;
	size_t count;
	enum rc rc;

	arena_init(&a);
	buf_init(&name, LIMIT_LINE, "name");
	rc = mapping_file_entities(&a, &entities, &count, e);
	for (size_t i = 0; !rc && i < count; i++) {
		if (!mapping_exists(entities[i], c->live->name, &c->systems))
			continue;
		buf_reset(&name);
		buf_printf(&name, "%.*s.%.*s", SPAN_ARG(entities[i]),
		    SPAN_ARG(c->live->name));
		c->name = buf_cstr(&name);
		check_one(c);
	}
	buf_free(&name);
	arena_free(&a);
	return rc;
}

static enum rc
find_live(struct check *c, const char *live, struct err *e)
{
	if (live)
		c->live = systems_find(&c->systems, span_str(live));
	if (live && !c->live)
		return err_set(e, RC_CONFIG, "no system called %s: declare it "
		    "in %s/systems.jq", live, home_path());
	return RC_OK;
}

void
check_run(struct run *r, char *const *names, const char *live)
{
	struct check c = { .run = r };
	struct err e;
	enum rc rc;

	rc = systems_load(&c.systems, &e);
	if (!rc)
		rc = find_live(&c, live, &e);
	if (!rc && !*names)
		rc = check_served(&c, &e);
	if (rc)
		problem_as_is(&c, rc, &e);
	for (; !rc && *names; names++) {
		c.name = *names;
		check_one(&c);
	}
	systems_free(&c.systems);
}
