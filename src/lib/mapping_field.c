/* SPDX-License-Identifier: MIT */
/* mapping_field: one field's entry in a system file. */
#include "mapping_private.h"

#include <stdio.h>

#include "limits.h"
#include "literal.h"
#include "mapping_file.h"
#include "type.h"
#include "xalloc.h"

static const char *const keys[] = { "from", "labels", "dir", "enum", "else",
	"default", "trim", "lower", "upper", "split", "part", "join",
	"substring", "date", "zone", "decimal", "read", "write",
	"max_length", "on_misfit", "examples", "description", NULL };

static const char *const directions[] = { "pull", "push", "both", NULL };
static const char *const misfits[] = { "reject", "null", "truncate", NULL };

struct loader {
	struct mapping *m;
	struct map_field *f;
	struct map_step *s;
	const struct entity_field *field;
	const struct json *j;
	uint32_t node;
	struct err *e;
};

enum rc
mapping_field_when(struct mapping *m, const struct json *j, uint32_t object,
    struct datetime_spec *when, struct err *e)
{
	struct span zone = { NULL, 0 }, *formats = NULL;
	size_t count = 0, i;
	enum rc rc;

	rc = mapping_file_string(j, object, "zone", &m->arena, &zone, e);
	if (!rc && zone.ptr) {
		rc = datetime_zone(zone, &when->zone, e);
		when->zoned = true;
	}
	if (!rc)
		rc = mapping_file_strings(j, object, "date", &m->arena,
		    &formats, &count, e);
	for (i = 0; !rc && i < count; i++)
		rc = datetime_check(formats[i], e);
	if (!rc && count) {
		when->formats = formats;
		when->count = count;
	}
	return rc;
}

static enum rc
load_sources(struct loader *l)
{
	struct span *names = NULL, *labels = NULL;
	size_t count = 0, label_count = 0, i;
	enum rc rc;

	rc = mapping_file_strings(l->j, l->node, "from", &l->m->arena, &names,
	    &count, l->e);
	if (!rc)
		rc = mapping_file_strings(l->j, l->node, "labels",
		    &l->m->arena, &labels, &label_count, l->e);
	if (!rc && !count)
		rc = err_set(l->e, RC_CONFIG, "needs from: the source's name");
	if (!rc && label_count && count > 1)
		rc = err_set(l->e, RC_CONFIG, "labels go with one name in"
		    " from");
	if (rc)
		return rc;
	l->s->sources = arena_zero(&l->m->arena, count * sizeof(uint32_t));
	for (i = 0; i < count; i++) {
		if (!names[i].len)
			return err_set(l->e, RC_CONFIG, "from: an empty name");
		l->s->sources[i] = mapping_source_add(l->m, names[i]);
	}
	l->s->source_count = count;
	mapping_source_label(l->m, l->s->sources[0], labels, label_count);
	l->f->from = l->m->private->sources[l->s->sources[0]].name;
	return RC_OK;
}

static enum rc
load_table(struct loader *l)
{
	uint32_t node = json_get(l->j, l->node, SPAN("enum"));
	struct map_step *s = l->s;

	if (!node)
		return RC_OK;
	if (l->field->type != TYPE_ENUM && l->field->type != TYPE_SET &&
	    l->field->type != TYPE_BOOLEAN && l->field->type != TYPE_TEXT)
		return err_set(l->e, RC_CONFIG, "enum is for the types enum,"
		    " set, text and boolean");
	if (json_kind(l->j, node) != JSON_OBJECT)
		return err_set(l->e, RC_CONFIG, "enum must be an object"
		    " {\"theirs\": \"ours\"}");
	s->table = arena_zero(&l->m->arena, (size_t)(l->j->nodes[node].next -
	    node) * sizeof(*s->table));
	for (JSON_EACH(l->j, node, key, value)) {
		if (json_kind(l->j, value) != JSON_STRING)
			return err_set(l->e, RC_CONFIG, "enum: every value"
			    " must be a text");
		s->table[s->table_count].theirs = literal_string(l->j, key,
		    &l->m->arena);
		s->table[s->table_count++].ours = literal_string(l->j, value,
		    &l->m->arena);
	}
	return RC_OK;
}

/* A constant of the mapping as a canonical value of the field. */
static enum rc
load_constant(struct loader *l, const char *key, struct span *out)
{
	uint32_t node = json_get(l->j, l->node, span_str(key));
	struct map_value v;
	struct buf text;
	enum rc rc;

	if (!node)
		return RC_OK;
	v.kind = json_kind(l->j, node);
	v.json = l->j;
	v.node = node;
	v.text = v.kind == JSON_STRING ? literal_string(l->j, node,
	    &l->m->arena) : json_text(l->j, node);
	buf_init(&text, LIMIT_MAPPING_FILE, "constant");
	rc = type_put(l->field, NULL, &v, &l->m->private->scratch, &text,
	    l->e);
	if (rc)
		rc = err_prefix(l->e, RC_CONFIG, "%s", key);
	else
		*out = arena_dup(&l->m->arena, buf_view(&text));
	buf_free(&text);
	return rc;
}

static enum rc
load_split(struct loader *l)
{
	struct map_step *s = l->s;
	struct span separator = { NULL, 0 };
	enum rc rc;

	rc = mapping_file_string(l->j, l->node, "split", &l->m->arena,
	    &separator, l->e);
	if (!rc)
		rc = mapping_file_count(l->j, l->node, "part", -100, 100,
		    &s->part, l->e);
	if (rc)
		return rc;
	s->separator = separator;
	if (separator.ptr && !separator.len)
		return err_set(l->e, RC_CONFIG, "split: an empty separator");
	if (l->field->type == TYPE_SET && s->part)
		return err_set(l->e, RC_CONFIG, "part does not go with a"
		    " set");
	if (l->field->type != TYPE_SET && separator.ptr && !s->part)
		return err_set(l->e, RC_CONFIG, "split needs part: which one"
		    " (1 the first, -1 the last)");
	if (s->part && !separator.ptr)
		return err_set(l->e, RC_CONFIG, "part needs split");
	s->split = s->part != 0;
	return RC_OK;
}

static enum rc
load_substring(struct loader *l)
{
	uint32_t node = json_get(l->j, l->node, SPAN("substring"));
	struct span start, length;
	long long n[2];
	char text[64];

	if (!node)
		return RC_OK;
	if (json_kind(l->j, node) != JSON_ARRAY ||
	    l->j->nodes[node].next != node + 3)
		return err_set(l->e, RC_CONFIG, "substring must be [start,"
		    " length]; start 0 is the first character, -3 the third"
		    " from the end");
	start = json_text(l->j, node + 1);
	length = json_text(l->j, node + 2);
	snprintf(text, sizeof(text), "%.*s %.*s", start.len > 9 ? 0 :
	    SPAN_ARG(start), length.len > 9 ? 0 : SPAN_ARG(length));
	if (sscanf(text, "%lld %lld", &n[0], &n[1]) != 2 || n[1] < 1)
		return err_set(l->e, RC_CONFIG, "substring: start and length"
		    " must be whole numbers, length 1 at least");
	l->s->cut = true;
	l->s->cut_start = n[0];
	l->s->cut_length = n[1];
	return RC_OK;
}

static enum rc
load_program(struct loader *l, const char *key, struct jqprog **out)
{
	struct map_private *p = l->m->private;
	struct span program = { NULL, 0 };
	char what[512];
	enum rc rc;

	rc = mapping_file_string(l->j, l->node, key, &l->m->arena, &program,
	    l->e);
	if (rc || !program.ptr)
		return rc;
	snprintf(what, sizeof(what), "%s of %.*s", key,
	    SPAN_ARG(l->field->name));
	rc = jqprog_new(out, program, key, l->e);
	if (rc)
		return rc;
	p->programs = xrealloc(p->programs, (p->program_count + 1) *
	    sizeof(*p->programs));
	p->programs[p->program_count++] = *out;
	return RC_OK;
}

static enum rc
load_mark(struct loader *l)
{
	struct span mark = { NULL, 0 };
	enum rc rc;

	rc = mapping_file_string(l->j, l->node, "decimal", &l->m->arena,
	    &mark, l->e);
	if (rc || !mark.ptr)
		return rc;
	if (!span_eq(mark, SPAN(".")) && !span_eq(mark, SPAN(",")))
		return err_set(l->e, RC_CONFIG, "decimal must be \".\" or"
		    " \",\": the decimal mark; groups of three are then"
		    " understood");
	if (l->field->type != TYPE_NUMBER && l->field->type != TYPE_INTEGER)
		return err_set(l->e, RC_CONFIG, "decimal is for numbers");
	l->s->mark = mark.ptr[0];
	return RC_OK;
}

static enum rc
load_limits(struct loader *l)
{
	int64_t longest = 0;
	int misfit = MISFIT_REJECT;
	size_t own = l->field->max_length;
	enum rc rc;

	rc = mapping_file_count(l->j, l->node, "max_length", 1, LIMIT_LINE,
	    &longest, l->e);
	if (!rc)
		rc = mapping_file_word(l->j, l->node, "on_misfit", misfits,
		    &misfit, l->e);
	if (rc)
		return rc;
	l->f->max_length = (size_t)longest;
	l->s->longest = own && (!longest || own < (size_t)longest) ? own :
	    (size_t)longest;
	l->s->on_misfit = (enum misfit)misfit;
	if (misfit == MISFIT_NULL && l->field->required)
		return err_set(l->e, RC_CONFIG, "on_misfit \"null\" on a"
		    " required field");
	return RC_OK;
}

static enum rc
load_examples(struct loader *l)
{
	uint32_t node = json_get(l->j, l->node, SPAN("examples"));
	struct map_step *s = l->s;

	if (!node)
		return RC_OK;
	if (json_kind(l->j, node) != JSON_ARRAY)
		return err_set(l->e, RC_CONFIG, "examples must be a list of"
		    " source values");
	s->examples = arena_zero(&l->m->arena, (size_t)(l->j->nodes[node].next
	    - node) * sizeof(*s->examples));
	for (JSON_ITEMS(l->j, node, item))
		s->examples[s->example_count++] = arena_dup(&l->m->arena,
		    json_text(l->j, item));
	return RC_OK;
}

static enum rc
load_flags(struct loader *l)
{
	struct map_step *s = l->s;
	int dir = -1;
	enum rc rc;

	rc = mapping_file_word(l->j, l->node, "dir", directions, &dir, l->e);
	if (!rc && dir < 0)
		rc = err_set(l->e, RC_CONFIG, "needs dir: \"both\", \"pull\""
		    " or \"push\"");
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "trim", &s->trim, l->e);
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "lower", &s->lower,
		    l->e);
	if (!rc)
		rc = mapping_file_flag(l->j, l->node, "upper", &s->upper,
		    l->e);
	if (!rc)
		rc = mapping_file_string(l->j, l->node, "join", &l->m->arena,
		    &s->join, l->e);
	if (!rc && s->lower && s->upper)
		rc = err_set(l->e, RC_CONFIG, "lower and upper together");
	s->joined = s->join.ptr != NULL;
	l->f->dir = (enum direction)(dir + 1);
	return rc;
}

/* What could not be written back must not be asked to be. */
static enum rc
check_direction(struct loader *l)
{
	const struct map_step *s = l->s;
	const char *what = NULL;

	if (!(l->f->dir & DIR_PUSH) || s->write)
		return RC_OK;
	if (s->source_count > 1)
		what = "several names in from";
	else if (s->split)
		what = "split";
	else if (s->cut)
		what = "substring";
	else if (s->read)
		what = "a read expression without a write";
	else if (l->m->private->sources[s->sources[0]].rest.len)
		what = "a name with a dot";
	if (!what)
		return RC_OK;
	return err_set(l->e, RC_CONFIG, "%s cannot be written back: use dir"
	    " \"pull\"%s", what, s->source_count > 1 ||
	    l->m->private->sources[s->sources[0]].rest.len ? "" :
	    " or give write");
}

/* `"name":`, quoted once instead of in every record. */
static struct span
load_key(struct mapping *m, struct span name)
{
	struct span key;
	struct buf b;

	buf_init(&b, LIMIT_MAPPING_FILE, "name");
	json_put_string(&b, name);
	buf_putc(&b, ':');
	key = arena_dup(&m->arena, buf_view(&b));
	buf_free(&b);
	return key;
}

enum rc
mapping_field_load(struct mapping *m, struct map_field *f,
    const struct json *j, uint32_t key, uint32_t value,
    const struct datetime_spec *when, struct err *e)
{
	struct map_step *s = arena_zero(&m->arena, sizeof(*s));
	struct loader l = { m, f, s, NULL, j, value, e };
	enum rc rc;

	f->field = entity_field_find(m->entity, literal_string(j, key,
	    &m->arena));
	f->steps = s;
	if (f->field == SIZE_MAX)
		return err_set(e, RC_CONFIG, "the entity has no such field");
	if (json_kind(j, value) != JSON_OBJECT)
		return err_set(e, RC_CONFIG, "must be an object {from: ...,"
		    " dir: ...}");
	l.field = &m->entity->fields[f->field];
	s->key = load_key(m, l.field->name);
	s->when = *when;
	rc = literal_keys(j, value, keys, e);
	if (!rc)
		rc = load_sources(&l);
	if (!rc)
		rc = load_flags(&l);
	if (!rc)
		rc = load_table(&l);
	if (!rc)
		rc = load_split(&l);
	if (!rc)
		rc = load_substring(&l);
	if (!rc)
		rc = mapping_field_when(m, j, value, &s->when, e);
	if (!rc)
		rc = load_mark(&l);
	if (!rc)
		rc = load_limits(&l);
	if (!rc)
		rc = load_constant(&l, "else", &s->otherwise);
	if (!rc)
		rc = load_constant(&l, "default", &s->missing);
	if (!rc)
		rc = load_examples(&l);
	if (!rc)
		rc = load_program(&l, "read", &s->read);
	if (!rc)
		rc = load_program(&l, "write", &s->write);
	if (!rc)
		rc = check_direction(&l);
	s->readable = f->dir != DIR_PUSH || !s->write || s->read;
	s->required = l.field->required;
	s->raw_longest = l.field->max_length ? l.field->max_length : SIZE_MAX;
	s->plain = s->source_count == 1 && !s->trim && !s->lower &&
	    !s->upper && !s->split && !s->cut && !s->table_count && !s->read;
	s->raw = s->plain && l.field->type == TYPE_TEXT && !s->missing.ptr &&
	    !s->otherwise.ptr;
	return rc;
}
