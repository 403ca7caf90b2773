/* SPDX-License-Identifier: MIT */
/* entity_rule: who wins when systems differ, as an entity file says it. */
#include "entity.h"

#include "limits.h"
#include "literal.h"
#include "mapping_file.h"

#define FORMS "rule must be a word, or one of {prefer: [..]}, {latest: [..]}," \
	" {first: [..]}, {union: \", \"}, {jq: \"..\"}, {command: [..]}"

const char *const entity_rules[] = { "latest", "prefer", "max", "min",
	"append", "union", "longest", "first", "jq", "command", "manual",
	NULL };

struct rule {
	struct entity_field *f;
	const struct json *j;
	uint32_t node;
	struct arena *a;
	struct err *e;
};

static enum rc
load_word(struct rule *r)
{
	struct span word = json_inner(r->j, r->node);
	int index = literal_index(word, entity_rules);

	if (index < 0 || index == RULE_PREFER || index == RULE_JQ ||
	    index == RULE_COMMAND)
		return err_set(r->e, RC_CONFIG, "rule: \"%.*s\" is no rule"
		    " that stands alone", SPAN_ARG(word));
	r->f->rule = (enum field_rule)index;
	return RC_OK;
}

static enum rc
load_systems(struct rule *r)
{
	const char *name = entity_rules[r->f->rule];
	enum rc rc = mapping_file_strings(r->j, r->node, name, r->a,
	    &r->f->prefer, &r->f->prefer_count, r->e);

	if (!rc && !r->f->prefer_count)
		rc = err_set(r->e, RC_CONFIG, "rule: %s lists no system",
		    name);
	return rc;
}

/* {latest: "manual"}, or the systems that count where times do not tell. */
static enum rc
load_latest(struct rule *r)
{
	uint32_t value = r->node + 2;

	if (json_kind(r->j, value) != JSON_STRING ||
	    !json_is(r->j, value, SPAN("manual")))
		return load_systems(r);
	r->f->ask = true;
	return RC_OK;
}

static enum rc
load_union(struct rule *r)
{
	enum rc rc = mapping_file_string(r->j, r->node, "union", r->a,
	    &r->f->separator, r->e);

	if (!rc && !r->f->separator.len)
		rc = err_set(r->e, RC_CONFIG, "rule: union names no separator");
	return rc;
}

/* A program and its arguments; no shell reads them. */
static enum rc
load_command(struct rule *r)
{
	enum rc rc = mapping_file_strings(r->j, r->node, "command", r->a,
	    &r->f->command, &r->f->command_count, r->e);
	const struct span *argv = r->f->command;

	if (rc)
		return rc;
	if (!r->f->command_count || !argv[0].len)
		return err_set(r->e, RC_CONFIG, "rule: command names no"
		    " program");
	for (size_t i = 0; i < r->f->command_count; i++)
		if (memchr(argv[i].ptr, '\0', argv[i].len))
			return err_set(r->e, RC_CONFIG, "rule: command holds"
			    " a NUL");
	if (r->f->command_count == 1 && memchr(argv[0].ptr, ' ', argv[0].len))
		return err_set(r->e, RC_CONFIG, "rule: command is a list:"
		    " [\"./decide\", \"argument\"]");
	return RC_OK;
}

static enum rc
load_object(struct rule *r)
{
	const struct json_node *nodes = r->j->nodes;
	enum rc rc;

	if (json_kind(r->j, r->node) != JSON_OBJECT ||
	    nodes[r->node].next == r->node + 1 ||
	    nodes[r->node].next != nodes[r->node + 2].next)
		return err_set(r->e, RC_CONFIG, FORMS);
	rc = literal_keys(r->j, r->node, entity_rules, r->e);
	if (rc)
		return err_prefix(r->e, rc, "rule");
	r->f->rule = (enum field_rule)literal_index(json_inner(r->j,
	    r->node + 1), entity_rules);
	switch (r->f->rule) {
	case RULE_PREFER:
	case RULE_FIRST:
		return load_systems(r);
	case RULE_LATEST:
		return load_latest(r);
	case RULE_UNION:
		return load_union(r);
	case RULE_JQ:
		return mapping_file_string(r->j, r->node, "jq", r->a,
		    &r->f->program, r->e);
	case RULE_COMMAND:
		return load_command(r);
	default:
		return err_set(r->e, RC_CONFIG, "rule \"%s\" takes no"
		    " argument", entity_rules[r->f->rule]);
	}
}

/* A rule that makes a value makes one of some types only. */
static enum rc
check_type(const struct entity_field *f, struct err *e)
{
	bool text = f->type == TYPE_TEXT;

	if (f->rule == RULE_APPEND && !text)
		return err_set(e, RC_CONFIG, "rule: append is for texts; for"
		    " sets there is union");
	if (f->rule != RULE_UNION)
		return RC_OK;
	if (text && !f->separator.ptr)
		return err_set(e, RC_CONFIG, "rule: union of a text needs its"
		    " separator: {union: \", \"}");
	if (!text && f->separator.ptr)
		return err_set(e, RC_CONFIG, "rule: only a text's union has a"
		    " separator");
	if (!text && f->type != TYPE_SET && f->type != TYPE_JSON)
		return err_set(e, RC_CONFIG, "rule: union is for set, json and"
		    " text");
	return RC_OK;
}

enum rc
entity_rule(struct entity_field *f, const struct json *j, uint32_t node,
    struct arena *a, struct err *e)
{
	struct rule r = { f, j, node, a, e };
	enum rc rc = json_kind(j, node) == JSON_STRING ? load_word(&r) :
	    load_object(&r);

	return rc ? rc : check_type(f, e);
}

enum rc
entity_rule_program(const struct entity_field *f, struct jqprog **p,
    struct err *e)
{
	enum rc rc = jqprog_new(p, f->program, "rule: jq", e);

	if (rc || !(jqprog_wants_record(*p) || jqprog_wants_history(*p)))
		return rc;
	jqprog_free(*p);
	*p = NULL;
	return err_set(e, RC_CONFIG, "rule: jq: there is neither $record nor"
	    " $history: \".\" is the list of candidates");
}
