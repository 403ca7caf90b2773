/* SPDX-License-Identifier: MIT */
/* likeness_rule: `similar` of an entity file. */
#include "likeness.h"

#include "literal.h"
#include "mapping_file.h"

#define BITS_MOST 100 /* of a threshold */

const char *const likeness_kinds[] = { "given", "family", "company",
	"street", "number", "city", "region", "code", "country", "date",
	"phone", "email", "domain", "id", "text", NULL };

static const char *const keys[] = { "same", "review", "fields", NULL };

static enum rc
add_slot(struct likeness *l, size_t field, enum likeness_kind kind,
    struct err *e)
{
	struct likeness_slot *s = &l->slot[l->count];

	if (l->count == LIKENESS_SLOTS)
		return err_set(e, RC_CONFIG, "similar: too many fields");
	*s = (struct likeness_slot){ .field = field, .kind = kind,
		.class = (unsigned char)kind };
	if (kind == LIKE_FAMILY) /* names are exchanged now and then */
		s->class = LIKE_GIVEN;
	l->count++;
	return RC_OK;
}

static enum rc
add_field(struct likeness *l, const struct json *j, uint32_t key,
    uint32_t value, const struct entity *en, struct err *e)
{
	size_t field = entity_field_find(en, json_inner(j, key));
	int kind = 0;
	enum rc rc;

	if (field == SIZE_MAX)
		return err_set(e, RC_CONFIG, "similar: no field \"%.*s\"",
		    SPAN_ARG(json_inner(j, key)));
	while (kind < LIKE_KINDS && (json_kind(j, value) != JSON_STRING ||
	    !json_is(j, value, span_str(likeness_kinds[kind]))))
		kind++;
	if (kind == LIKE_KINDS)
		return err_set(e, RC_CONFIG, "similar: %.*s: must be one of "
		    "given, family, company, street, number, city, region, "
		    "code, country, date, phone, email, domain, id, text",
		    SPAN_ARG(json_inner(j, key)));
	rc = add_slot(l, field, (enum likeness_kind)kind, e);
	if (!rc && kind == LIKE_STREET) /* and the number in it */
		rc = add_slot(l, field, LIKE_NUMBER, e);
	return rc;
}

enum rc
likeness_rule(struct likeness **out, const struct json *j, uint32_t node,
    const struct entity *en, struct arena *a, struct err *e)
{
	struct likeness *l = arena_zero(a, sizeof *l);
	int64_t same = -BITS_MOST - 1, review = same;
	uint32_t fields;
	enum rc rc = RC_OK;

	if (json_kind(j, node) != JSON_OBJECT)
		return err_set(e, RC_CONFIG, "similar must be an object "
		    "{same: 10, review: 2, fields: {...}}");
	rc = literal_keys(j, node, keys, e);
	if (!rc)
		rc = mapping_file_count(j, node, "same", -BITS_MOST,
		    BITS_MOST, &same, e);
	if (!rc)
		rc = mapping_file_count(j, node, "review", -BITS_MOST,
		    BITS_MOST, &review, e);
	fields = json_get(j, node, SPAN("fields"));
	if (!rc && (!fields || json_kind(j, fields) != JSON_OBJECT ||
	    same < -BITS_MOST || review < -BITS_MOST || review > same))
		rc = err_set(e, RC_CONFIG, "similar needs same, review (not "
		    "above it) and fields");
	if (rc)
		return rc;
	for (JSON_EACH(j, fields, key, value)) {
		rc = add_field(l, j, key, value, en, e);
		if (rc)
			return rc;
	}
	l->same = (int)same * 100;
	l->review = (int)review * 100;
	*out = l;
	return RC_OK;
}
