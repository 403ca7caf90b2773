/* SPDX-License-Identifier: MIT */
/* mapping_step_load: the keys that say what is done with a value. */
#include "mapping_private.h"

#include <stdio.h>

#include "limits.h"
#include "mapping_file.h"
#include "type.h"
#include "xalloc.h"

static enum rc
load_table(struct map_loader *l)
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
load_constant(struct map_loader *l, const char *key, struct span *out)
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
load_split(struct map_loader *l)
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

/* A whole number of at most nine digits. */
static bool
take_whole(struct span s, int64_t *n)
{
	bool minus = s.len && s.ptr[0] == '-';
	size_t i;

	*n = 0;
	for (i = minus; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		*n = *n * 10 + (s.ptr[i] - '0');
	if (minus)
		*n = -*n;
	return i == s.len && i > minus && i <= 9;
}

static enum rc
load_substring(struct map_loader *l)
{
	uint32_t node = json_get(l->j, l->node, SPAN("substring"));
	int64_t start, length;

	if (!node)
		return RC_OK;
	if (json_kind(l->j, node) != JSON_ARRAY ||
	    l->j->nodes[node].next != node + 3)
		return err_set(l->e, RC_CONFIG, "substring must be [start,"
		    " length]; start 0 is the first character, -3 the third"
		    " from the end");
	if (!take_whole(json_text(l->j, node + 1), &start) ||
	    !take_whole(json_text(l->j, node + 2), &length) || length < 1)
		return err_set(l->e, RC_CONFIG, "substring: start and length"
		    " must be whole numbers, length 1 at least");
	l->s->cut = true;
	l->s->cut_start = start;
	l->s->cut_length = length;
	return RC_OK;
}

static enum rc
load_program(struct map_loader *l, const char *key, struct jqprog **out)
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
load_mark(struct map_loader *l)
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
load_examples(struct map_loader *l)
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

/* `else` is for what a table does not have. */
static enum rc
check_otherwise(struct map_loader *l)
{
	if (l->s->otherwise.ptr && (!l->s->table_count ||
	    l->field->type == TYPE_SET))
		return err_set(l->e, RC_CONFIG, "else goes with enum, and not"
		    " with a set");
	return RC_OK;
}

enum rc
mapping_step_load(struct map_loader *l)
{
	enum rc rc;

	rc = load_table(l);
	if (!rc)
		rc = load_split(l);
	if (!rc)
		rc = load_substring(l);
	if (!rc)
		rc = load_mark(l);
	if (!rc)
		rc = load_constant(l, "else", &l->s->otherwise);
	if (!rc)
		rc = check_otherwise(l);
	if (!rc)
		rc = load_constant(l, "default", &l->s->missing);
	if (!rc)
		rc = load_examples(l);
	if (!rc)
		rc = load_program(l, "read", &l->s->read);
	if (!rc)
		rc = load_program(l, "write", &l->s->write);
	return rc;
}
