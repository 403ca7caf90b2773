/* SPDX-License-Identifier: MIT */
#include "compare.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/xalloc.h"

/* ---- what is alike ---- */

static struct mapping *
find_mapping(struct comparison *c, struct span system)
{
	size_t at = policy_system_find(c->policy, system);

	return at == SIZE_MAX ? NULL : c->policy->systems[at].mapping;
}

static enum rc
add_source(struct comparison *c, struct span system, struct err *e)
{
	if (!mapping_exists(c->policy->entity->name, system, &c->systems))
		return RC_OK;
	return policy_add_source(c->policy, system, &c->systems, e);
}

enum rc
compare_begin(struct comparison *c, struct span entity, struct err *e)
{
	enum rc rc = policy_load(&c->policy, entity, &c->systems, SPAN(""),
	    e);

	for (size_t i = 0; i < 2 && !rc; i++) {
		rc = add_source(c, c->name[i], e);
		if (!rc)
			c->mapping[i] = find_mapping(c, c->name[i]);
	}
	if (rc)
		return rc;
	c->both = c->only[0] = c->only[1] = 0;
	c->fields = c->equal = c->different = 0;
	c->listed[0] = c->listed[1] = true;
	c->by_field = xcalloc(c->policy->entity->field_count + 1,
	    sizeof *c->by_field);
	return c->mapping[0] && c->mapping[1] ? RC_OK : RC_END;
}

/* Or do they mean the same, as the field's type goes? */
static bool
alike(const struct comparison *c, size_t field, struct span a,
    struct span b)
{
	size_t at[2];

	if (span_eq(a, b))
		return true;
	if (span_eq(a, record_null) || span_eq(b, record_null))
		return false;
	for (size_t i = 0; i < 2; i++)
		at[i] = mapping_field_find(c->mapping[i], field);
	return mapping_equivalent(c->mapping[1], at[1], a, b) ||
	    mapping_equivalent(c->mapping[0], at[0], b, a);
}

/* ---- lines ---- */

static void
begin_line(struct comparison *c, const char *type, struct span uid)
{
	struct buf *b = &c->out.buf;

	buf_printf(b, "{\"type\":\"%s\"", type);
	json_put_text(b, "entity", c->policy->entity->name);
	json_put_text(b, "uid", uid);
}

static void
put_pair(struct comparison *c, const char *name, struct span a,
    struct span b)
{
	struct buf *out = &c->out.buf;

	json_put_key(out, span_str(name));
	buf_putc(out, '{');
	json_put_key(out, c->name[0]);
	buf_span(out, a);
	json_put_key(out, c->name[1]);
	buf_span(out, b);
	buf_putc(out, '}');
}

static enum rc
put_difference(struct comparison *c, struct span uid,
    const struct shown shown[2], size_t field, struct span a,
    struct span b, struct err *e)
{
	struct buf *out = &c->out.buf;

	begin_line(c, "difference", uid);
	json_put_text(out, "field", c->policy->entity->fields[field].name);
	put_pair(c, "values", a, b);
	json_put_key(out, SPAN("ids"));
	buf_putc(out, '{');
	for (size_t i = 0; i < 2; i++) {
		json_put_key(out, c->name[i]);
		json_put_string(out, shown[i].id);
	}
	BUF_LIT(out, "}}");
	return stream_out_line(&c->out, e);
}

static enum rc
put_missing(struct comparison *c, struct span uid,
    const struct shown shown[2], struct err *e)
{
	size_t there = shown[0].there ? 0 : 1;

	if (!c->listed[1 - there])
		return RC_OK;
	c->only[there]++;
	c->differ = true;
	begin_line(c, "missing", uid);
	json_put_text(&c->out.buf, "system", c->name[1 - there]);
	json_put_text(&c->out.buf, "there", c->name[there]);
	json_put_text(&c->out.buf, "id", shown[there].id);
	buf_putc(&c->out.buf, '}');
	return stream_out_line(&c->out, e);
}

/* By both, and theirs: what is derived is ours. */
static bool
is_shared(const struct comparison *c, size_t field)
{
	return c->policy->entity->fields[field].derive == DERIVE_NONE &&
	    mapping_field_find(c->mapping[0], field) != SIZE_MAX &&
	    mapping_field_find(c->mapping[1], field) != SIZE_MAX;
}

static struct span
value_of(const struct shown *s, size_t field)
{
	return s->value[field].ptr ? s->value[field] : record_null;
}

enum rc
compare_record(struct comparison *c, struct span uid,
    const struct shown shown[2], struct err *e)
{
	enum rc rc = RC_OK;

	if (!shown[0].there && !shown[1].there)
		return RC_OK;
	if (!shown[0].there || !shown[1].there)
		return put_missing(c, uid, shown, e);
	c->both++;
	for (size_t i = 0; i < c->policy->entity->field_count && !rc; i++) {
		struct span a = value_of(&shown[0], i);
		struct span b = value_of(&shown[1], i);

		if (!is_shared(c, i))
			continue;
		c->fields++;
		if (alike(c, i, a, b)) {
			c->equal++;
			continue;
		}
		c->different++;
		c->by_field[i]++;
		c->differ = true;
		rc = put_difference(c, uid, shown, i, a, b, e);
	}
	return rc;
}

static void
put_counts(struct comparison *c)
{
	const struct entity *en = c->policy->entity;
	struct buf *b = &c->out.buf;

	BUF_LIT(b, "{\"type\":\"compared\"");
	json_put_text(b, "entity", en->name);
	buf_printf(b, ",\"both\":%llu,\"only\":{",
	    (unsigned long long)c->both);
	for (size_t i = 0; i < 2; i++) {
		json_put_key(b, c->name[i]);
		buf_u64(b, c->only[i]);
	}
	buf_printf(b, "},\"fields\":%llu,\"equal\":%llu,\"different\":%llu,"
	    "\"by_field\":{", (unsigned long long)c->fields,
	    (unsigned long long)c->equal, (unsigned long long)c->different);
	for (size_t i = 0; i < en->field_count; i++) {
		if (!c->by_field[i])
			continue;
		json_put_key(b, en->fields[i].name);
		buf_u64(b, c->by_field[i]);
	}
	BUF_LIT(b, "}}");
}

enum rc
compare_end(struct comparison *c, struct err *e)
{
	enum rc rc = RC_OK;

	if (c->mapping[0] && c->mapping[1]) {
		c->compared = true;
		put_counts(c);
		rc = stream_out_line(&c->out, e);
	}
	policy_free(c->policy);
	free(c->by_field);
	c->policy = NULL;
	c->by_field = NULL;
	c->mapping[0] = c->mapping[1] = NULL;
	return rc;
}

/* ---- all of it ---- */

/* Its name is known to the state, or it is declared. */
static enum rc
require_system(const struct comparison *c, struct span name, struct err *e)
{
	uint32_t id;

	if (name_find(c->state, name, &id) || systems_find(&c->systems, name))
		return RC_OK;
	return err_set(e, RC_CONFIG, "no system %.*s: declare it in "
	    "%s/systems.jq", SPAN_ARG(name), home_path());
}

static enum rc
open_all(struct comparison *c, char **operand, struct err *e)
{
	enum rc rc = state_open(&c->state, true, e);

	for (size_t i = 0; i < 2; i++)
		c->name[i] = span_str(operand[i]);
	c->entities = operand + 2;
	if (!rc)
		rc = systems_load(&c->systems, e);
	for (size_t i = 0; i < 2 && !rc; i++)
		rc = require_system(c, c->name[i], e);
	if (!rc && span_eq(c->name[0], c->name[1]))
		rc = err_set(e, RC_CONFIG, "%s with itself: nothing would "
		    "differ", operand[0]);
	return rc ? rc : txn_begin(&c->txn, c->state, false, e);
}

void
compare(struct run *r, bool check)
{
	struct comparison c = { .run = r };
	struct err e;
	enum rc rc;

	stream_out_open(&c.out, STDOUT_FILENO);
	rc = open_all(&c, r->operand, &e);
	if (!rc && c.entities[0] && strcmp(c.entities[0], "-") == 0)
		rc = compare_live(&c, &e);
	else if (!rc)
		rc = compare_state(&c, &e);
	if (!rc)
		rc = stream_out_flush(&c.out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	else if (!c.compared)
		run_notice(r, NULL, "nothing is compared: both have to be "
		    "mapped to an entity and to have been read, and it has to "
		    "have records");
	if (check && (c.differ || !c.compared))
		run_outcome(r, RC_RECORD);
	policy_free(c.policy);
	free(c.by_field);
	txn_abort(&c.txn);
	systems_free(&c.systems);
	stream_out_free(&c.out);
	state_close(c.state);
}
