/* SPDX-License-Identifier: MIT */
/* type_fit: does a value that a rule has made fit its field? */
#include "type.h"

#include "limits.h"
#include "utf8.h"

static enum rc
check_length(const struct entity_field *f, struct span text, struct arena *a,
    struct json *j, struct err *e)
{
	enum rc rc;

	if (!f->max_length || text.len < f->max_length || text.ptr[0] != '"')
		return RC_OK;
	rc = json_parse(j, text, e);
	if (!rc && utf8_length(json_string(j, 0, a)) > f->max_length)
		rc = err_set(e, RC_RECORD, "is longer than %zu characters",
		    f->max_length);
	return rc;
}

static enum rc
put(const struct entity_field *f, struct span value, struct json *j,
    struct arena *a, struct buf *b, struct err *e)
{
	struct map_value v;
	enum rc rc = json_parse(j, value, e);

	if (rc)
		return err_prefix(e, rc, "is no JSON");
	v = (struct map_value){ .kind = json_kind(j, 0), .json = j,
		.text = json_text(j, 0) };
	if (v.kind == JSON_STRING)
		v.text = json_string(j, 0, a);
	rc = type_put(f, NULL, &v, a, b, e);
	return rc ? rc : buf_check(b, e);
}

enum rc
type_fit(const struct entity_field *f, struct span value, struct arena *a,
    struct span *out, struct err *e)
{
	struct json j;
	struct buf b;
	enum rc rc;

	json_init(&j);
	buf_init(&b, LIMIT_LINE, "value");
	rc = put(f, value, &j, a, &b, e);
	if (!rc)
		*out = arena_dup(a, buf_view(&b));
	if (!rc && f->required && span_eq(*out, SPAN("null")))
		rc = err_set(e, RC_RECORD, "is required and empty");
	if (!rc)
		rc = check_length(f, *out, a, &j, e);
	buf_free(&b);
	json_free(&j);
	return rc;
}
