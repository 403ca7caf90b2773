/* SPDX-License-Identifier: MIT */
/* suggest_source: what a system says of its own fields, in its own form. */
#include "suggest.h"

#include "../lib/json.h"
#include "../lib/limits.h"

static void
add(struct suggest_source *s, struct suggest_column c)
{
	struct suggest_column *items;
	size_t i;

	if (!c.name.len || s->count == LIMIT_COLUMNS)
		return;
	for (i = 0; i < s->count; i++)
		if (span_eq(s->items[i].name, c.name))
			return;
	if ((s->count & (s->count - 1)) == 0) {
		items = arena_alloc(&s->arena, (s->count ? 2 * s->count : 1) *
		    sizeof(*items));
		if (s->count)
			memcpy(items, s->items, s->count * sizeof(*items));
		s->items = items;
	}
	c.name = arena_dup(&s->arena, c.name);
	c.label = arena_dup(&s->arena, c.label);
	c.type = arena_dup(&s->arena, c.type);
	s->items[s->count++] = c;
}

/* The first of some members that is a text. */
static struct span
first_text(struct suggest_source *s, const struct json *j, uint32_t object,
    const char *const *names)
{
	struct span text = { NULL, 0 };

	for (; *names && !text.ptr; names++)
		text = json_get_string(j, object, span_str(*names),
		    &s->arena);
	return text;
}

static bool
is_false(const struct json *j, uint32_t object, struct span name)
{
	uint32_t node = json_get(j, object, name);

	return node && json_kind(j, node) == JSON_FALSE;
}

static bool
is_read_only(const struct json *j, uint32_t field)
{
	uint32_t hubspot = json_get(j, field, SPAN("modificationMetadata"));

	return is_false(j, field, SPAN("updateable")) ||
	    is_false(j, field, SPAN("IsValidForUpdate")) ||
	    json_get_true(j, field, SPAN("calculated")) ||
	    (hubspot && json_get_true(j, hubspot, SPAN("readOnlyValue")));
}

/* Dynamics: DisplayName.UserLocalizedLabel.Label */
static struct span
dynamics_label(struct suggest_source *s, const struct json *j,
    uint32_t field)
{
	uint32_t node = json_get(j, field, SPAN("DisplayName"));

	if (node && json_kind(j, node) == JSON_OBJECT)
		node = json_get(j, node, SPAN("UserLocalizedLabel"));
	if (!node || json_kind(j, node) != JSON_OBJECT)
		return span_of(NULL, 0);
	return json_get_string(j, node, SPAN("Label"), &s->arena);
}

static void
add_described(struct suggest_source *s, const struct json *j, uint32_t field)
{
	static const char *const names[] = { "LogicalName", "field_code",
		"key", "name", NULL };
	static const char *const labels[] = { "label", "field_name", "name",
		NULL };
	static const char *const types[] = { "type", "field_type",
		"AttributeType", NULL };
	struct suggest_column c = { .label = { NULL, 0 } };

	if (json_kind(j, field) != JSON_OBJECT)
		return;
	c.name = first_text(s, j, field, names);
	c.label = dynamics_label(s, j, field);
	if (!c.label.ptr)
		c.label = first_text(s, j, field, labels);
	c.type = first_text(s, j, field, types);
	c.read_only = is_read_only(j, field);
	add(s, c);
}

/* {"fields":[..]}, {"results":[..]}, {"data":[..]} or {"value":[..]} */
static bool
read_described(struct suggest_source *s, const struct json *j)
{
	static const char *const lists[] = { "fields", "results", "data",
		"value", NULL };
	const char *const *name;
	uint32_t list = 0;

	for (name = lists; *name && !list; name++) {
		list = json_get(j, 0, span_str(*name));
		if (list && json_kind(j, list) != JSON_ARRAY)
			list = 0;
	}
	if (!list)
		return false;
	s->object = json_get_string(j, 0, SPAN("name"), &s->arena);
	for (JSON_ITEMS(j, list, item))
		add_described(s, j, item);
	return s->count > 0;
}

/* A line of crm-extract --fields; false: it is none. */
static bool
read_field(struct suggest_source *s, const struct json *j)
{
	struct span type = json_get_string(j, 0, SPAN("type"), &s->arena);

	if (!span_eq(type, SPAN("field")))
		return false;
	if (!s->object.ptr)
		s->object = json_get_string(j, 0, SPAN("object"), &s->arena);
	add(s, (struct suggest_column){
		.name = json_get_string(j, 0, SPAN("name"), &s->arena),
		.label = json_get_string(j, 0, SPAN("label"), &s->arena),
		.type = json_get_string(j, 0, SPAN("holds"), &s->arena),
		.read_only = is_false(j, 0, SPAN("writable")) });
	return true;
}

/* A record line's members, or those of a bare object. */
static void
read_record(struct suggest_source *s, const struct json *j)
{
	struct suggest_column c = { .label = { NULL, 0 } };
	uint32_t data = json_get(j, 0, SPAN("data"));

	if (!s->object.ptr)
		s->object = json_get_string(j, 0, SPAN("object"), &s->arena);
	if (!data || json_kind(j, data) != JSON_OBJECT)
		return;
	for (JSON_EACH(j, data, key, value)) {
		(void)value;
		c.name = json_string(j, key, &s->arena);
		add(s, c);
	}
}

static struct span
next_line(struct span *text)
{
	struct span line = span_cut(text, '\n');

	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool
read_stream(struct suggest_source *s, struct span text, struct json *j)
{
	struct span line, object;
	struct err ignored;
	unsigned lines;

	for (lines = 0; text.len && lines < 1000; ) {
		line = next_line(&text);
		if (!line.len || json_parse(j, line, &ignored) ||
		    json_kind(j, 0) != JSON_OBJECT) {
			lines++;
		} else if (!read_field(s, j)) {
			lines++;
			read_record(s, j);
		}
	}
	object = s->object;
	if (object.ptr)
		s->object = arena_dup(&s->arena, object);
	return s->count > 0;
}

/* The mark most used in a header, outside quotes. */
static char
delimiter(struct span line)
{
	static const char marks[] = ",;\t|";
	size_t best = 0, n, i, k;
	bool quoted;
	char mark = ',';

	for (k = 0; marks[k]; k++) {
		quoted = false;
		for (i = n = 0; i < line.len; i++) {
			quoted ^= line.ptr[i] == '"';
			n += !quoted && line.ptr[i] == marks[k];
		}
		if (n > best) {
			best = n;
			mark = marks[k];
		}
	}
	return mark;
}

static bool
read_header(struct suggest_source *s, struct span text)
{
	struct span line;
	struct suggest_column c = { .label = { NULL, 0 } };
	struct buf cell;
	bool quoted = false;
	char mark;
	size_t i;

	if (text.len > 3 && !memcmp(text.ptr, "\xef\xbb\xbf", 3))
		text = span_of(text.ptr + 3, text.len - 3);
	line = next_line(&text);
	mark = delimiter(line);
	buf_init(&cell, LIMIT_LINE, "header");
	for (i = 0; i <= line.len; i++) {
		if (i == line.len || (line.ptr[i] == mark && !quoted)) {
			c.name = buf_view(&cell);
			add(s, c);
			buf_reset(&cell);
		} else if (line.ptr[i] == '"') {
			quoted = !quoted;
			if (quoted && i && line.ptr[i - 1] == '"')
				buf_putc(&cell, '"');
		} else {
			buf_putc(&cell, line.ptr[i]);
		}
	}
	buf_free(&cell);
	return s->count > 0;
}

enum rc
suggest_source_read(struct suggest_source *s, struct span text,
    struct err *e)
{
	struct err ignored;
	struct json j;
	bool found;

	memset(s, 0, sizeof(*s));
	arena_init(&s->arena);
	json_init(&j);
	while (text.len && (*text.ptr == ' ' || *text.ptr == '\n'))
		text = span_of(text.ptr + 1, text.len - 1);
	if (text.len && *text.ptr == '{' && !json_parse(&j, text, &ignored)) {
		found = read_described(s, &j);
		if (!found && !read_field(s, &j))
			read_record(s, &j);
		if (s->object.ptr)
			s->object = arena_dup(&s->arena, s->object);
		found = s->count > 0;
	} else if (text.len && *text.ptr == '{') {
		found = read_stream(s, text, &j);
	} else {
		found = text.len && read_header(s, text);
	}
	json_free(&j);
	if (found)
		return RC_OK;
	return err_set(e, RC_CONFIG, "stdin holds no description of fields,"
	    " no records and no CSV header");
}

void
suggest_source_free(struct suggest_source *s)
{
	arena_free(&s->arena);
}
