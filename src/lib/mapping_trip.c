/* SPDX-License-Identifier: MIT */
/* mapping_trip: a value there and back again. */
#include "mapping_private.h"

#include "limits.h"

static enum rc
write_value(struct mapping *m, struct json *j, struct span name,
    struct span value, struct buf *text, struct buf *there, struct err *e)
{
	enum rc rc;

	buf_putc(text, '{');
	json_put_key(text, name);
	buf_span(text, value);
	buf_putc(text, '}');
	rc = json_parse(j, buf_view(text), e);
	return rc ? rc : mapping_write(m, j, 0, there, e);
}

static enum rc
read_value(struct mapping *m, struct json *j, struct span name,
    const struct buf *there, struct buf *text, struct buf *out,
    struct err *e)
{
	struct buf notes;
	uint32_t node = 0;
	enum rc rc;

	buf_init(&notes, LIMIT_LINE, "notes");
	buf_reset(text);
	rc = json_parse(j, buf_view(there), e);
	if (!rc)
		rc = mapping_read(m, j, 0, text, &notes, e);
	if (!rc)
		rc = json_parse(j, buf_view(text), e);
	if (!rc)
		node = json_get(j, 0, name);
	if (!rc)
		buf_span(out, node ? json_text(j, node) : SPAN("null"));
	buf_free(&notes);
	return rc;
}

enum rc
mapping_trip(struct mapping *m, size_t map_field, struct span value,
    struct buf *out, struct err *e)
{
	struct span name = m->entity->fields[m->fields[map_field].field].name;
	struct buf text, there;
	struct json j;
	enum rc rc;

	buf_init(&text, LIMIT_LINE, "value");
	buf_init(&there, LIMIT_LINE, "value");
	json_init(&j);
	rc = write_value(m, &j, name, value, &text, &there, e);
	if (!rc)
		rc = read_value(m, &j, name, &there, &text, out, e);
	if (!rc)
		rc = buf_check(out, e);
	json_free(&j);
	buf_free(&there);
	buf_free(&text);
	return rc;
}
