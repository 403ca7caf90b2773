/* SPDX-License-Identifier: MIT */
/*
 * mapping_step: what a field's entry asks to be done with a source value
 * before its type sees it, in this order: sources (first, or joined), read,
 * trim, host, split, substring, lower/upper, enum.
 */
#include "mapping_private.h"

#include "charcase.h"
#include "url.h"
#include "utf8.h"

struct span
mapping_step_first(struct span text, size_t characters)
{
	size_t i;

	if (text.len <= characters)
		return text;
	for (i = 0; i < text.len; i++) {
		if (((unsigned char)text.ptr[i] & 0xc0) == 0x80)
			continue;
		if (!characters--)
			return span_of(text.ptr, i);
	}
	return text;
}

struct span
mapping_step_ours(const struct map_step *s, struct span theirs)
{
	size_t i;

	for (i = 0; i < s->table_count; i++)
		if (span_eq(s->table[i].theirs, theirs))
			return s->table[i].ours;
	for (i = 0; i < s->table_count; i++)
		if (charcase_eq(s->table[i].theirs, theirs))
			return s->table[i].ours;
	return span_of(NULL, 0);
}

struct span
mapping_step_theirs(const struct map_step *s, struct span ours)
{
	size_t i;

	for (i = 0; i < s->table_count; i++)
		if (charcase_eq(s->table[i].ours, ours))
			return s->table[i].theirs;
	return span_of(NULL, 0);
}

static void
node_value(struct map_private *p, const struct json *j, uint32_t node,
    struct map_value *v)
{
	v->kind = node ? json_kind(j, node) : (enum json_kind)0;
	v->json = j;
	v->node = node;
	if (v->kind == JSON_STRING)
		v->text = json_string(j, node, &p->scratch);
	else if (node)
		v->text = json_text(j, node);
}

static bool
is_blank(const struct map_value *v)
{
	return v->kind == 0 || v->kind == JSON_NULL ||
	    (v->kind == JSON_STRING && !charcase_trim(v->text).len);
}

static bool
is_scalar(const struct map_value *v)
{
	return v->kind == JSON_STRING || v->kind == JSON_NUMBER ||
	    v->kind == JSON_TRUE || v->kind == JSON_FALSE;
}

/* Takes the text of a scratch buffer as a plain text value. */
static void
keep_text(struct map_private *p, struct map_value *v)
{
	v->text = arena_dup(&p->scratch, buf_view(&p->text));
	v->kind = JSON_STRING;
}

/* The first source with something in it, else the first that is there. */
static void
first_source(struct mapping *m, const struct map_step *s,
    const struct json *j, struct map_value *v)
{
	struct map_value other;
	size_t i;

	v->kind = (enum json_kind)0;
	for (i = 0; i < s->source_count; i++) {
		node_value(m->private, j, mapping_source_value(m, j,
		    s->sources[i]), &other);
		if (other.kind && (!v->kind || !is_blank(&other)))
			*v = other;
		if (!is_blank(v))
			return;
	}
}

static enum rc
join_sources(struct mapping *m, const struct map_step *s,
    const struct json *j, struct map_value *v, struct err *e)
{
	struct map_private *p = m->private;
	struct map_value part;
	bool any = false;
	size_t i;

	v->kind = (enum json_kind)0;
	buf_reset(&p->text);
	for (i = 0; i < s->source_count; i++) {
		node_value(p, j, mapping_source_value(m, j, s->sources[i]),
		    &part);
		if (part.kind && !v->kind)
			*v = part;
		if (is_blank(&part))
			continue;
		if (!is_scalar(&part))
			return err_set(e, RC_RECORD, "joins a list or an"
			    " object");
		if (any)
			buf_span(&p->text, s->join);
		buf_span(&p->text, part.text);
		any = true;
	}
	if (any)
		keep_text(p, v);
	return buf_check(&p->text, e);
}

static enum rc
run_read(struct mapping *m, const struct map_step *s, const struct json *j,
    uint32_t data, struct map_value *v, struct err *e)
{
	struct map_private *p = m->private;
	struct span value = v->text;
	enum rc rc;

	if (v->kind == JSON_STRING) {
		buf_reset(&p->text);
		json_put_string(&p->text, v->text);
		value = buf_view(&p->text);
	}
	buf_reset(&p->value);
	rc = jqprog_run(s->read, value, jqprog_wants_record(s->read) ?
	    json_text(j, data) : span_of(NULL, 0), &p->value, e);
	if (!rc)
		rc = buf_check(&p->value, e);
	if (rc)
		return rc;
	rc = json_parse(&p->json, buf_view(&p->value), e);
	if (!rc)
		node_value(p, &p->json, 0, v);
	if (!rc) /* node 0 is no value elsewhere */
		v->kind = json_kind(&p->json, 0);
	if (!rc)
		v->text = v->kind == JSON_STRING ? json_string(&p->json, 0,
		    &p->scratch) : json_text(&p->json, 0);
	return rc;
}

/* The part of a text between separators; empty when there are fewer. */
static struct span
split_part(struct span s, struct span sep, int64_t part)
{
	struct span found = span_of(s.ptr, 0);
	int64_t total = 1, wanted, i = 1;
	size_t at, start = 0;

	for (at = 0; at + sep.len <= s.len; at++)
		if (!memcmp(s.ptr + at, sep.ptr, sep.len)) {
			total++;
			at += sep.len - 1;
		}
	wanted = part > 0 ? part : total + 1 + part;
	if (wanted < 1 || wanted > total)
		return found;
	for (at = 0; at + sep.len <= s.len; at++) {
		if (memcmp(s.ptr + at, sep.ptr, sep.len) != 0)
			continue;
		if (i++ == wanted)
			return span_of(s.ptr + start, at - start);
		at += sep.len - 1;
		start = at + 1;
	}
	return span_of(s.ptr + start, s.len - start);
}

static struct span
substring(struct span s, int64_t start, int64_t length)
{
	struct span skipped;

	if (start < 0) {
		start += (int64_t)utf8_length(s);
		if (start < 0)
			start = 0;
	}
	skipped = mapping_step_first(s, (size_t)start);
	s = span_of(s.ptr + skipped.len, s.len - skipped.len);
	return mapping_step_first(s, (size_t)length);
}

static void
change_case(struct map_private *p, const struct map_step *s,
    struct map_value *v)
{
	buf_reset(&p->text);
	if (!s->upper)
		charcase_lower(&p->text, v->text);
	else
		charcase_upper(&p->text, v->text);
	keep_text(p, v);
}

static void
text_steps(struct map_private *p, const struct map_step *s,
    struct map_value *v)
{
	if (s->trim)
		v->text = charcase_trim(v->text);
	if (s->host)
		v->text = url_host(v->text);
	if (s->host && !v->text.len) {
		v->kind = JSON_NULL;
		return;
	}
	if (s->split)
		v->text = charcase_trim(split_part(v->text, s->separator,
		    s->part));
	if (s->cut)
		v->text = substring(v->text, s->cut_start, s->cut_length);
	if (s->trim || s->host || s->split || s->cut)
		v->kind = JSON_STRING;
	if (s->lower || s->upper || s->host)
		change_case(p, s, v);
}

/* Their value by the table; unknown ones go on as they are. */
static void
look_up(const struct map_step *s, struct map_value *v)
{
	struct span ours = mapping_step_ours(s, charcase_trim(v->text));

	if (!ours.ptr)
		return;
	v->text = ours;
	v->kind = JSON_STRING;
}

enum rc
mapping_step_read(struct mapping *m, const struct map_field *f,
    const struct json *j, uint32_t data, struct map_value *v, struct err *e)
{
	const struct map_step *s = f->steps;
	enum rc rc = RC_OK;

	if (s->joined)
		rc = join_sources(m, s, j, v, e);
	else
		first_source(m, s, j, v);
	if (!rc && v->kind && s->read)
		rc = run_read(m, s, j, data, v, e);
	if (rc || !is_scalar(v))
		return rc;
	text_steps(m->private, s, v);
	if (s->table_count && m->entity->fields[f->field].type != TYPE_SET)
		look_up(s, v);
	return RC_OK;
}
