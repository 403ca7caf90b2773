/* SPDX-License-Identifier: MIT */
/* rule_ask: rules that are programs: jq expressions and commands. */
#include "rules.h"

#include <stdlib.h>

#include "../lib/entity.h"
#include "../lib/home.h"
#include "../lib/limits.h"
#include "../lib/xalloc.h"
#include "answers.h"
#include "command.h"

#define ANSWER_MS 30000 /* a command has so long for one answer */

struct rules {
	size_t fields;
	struct jqprog **program;   /* by field; owned */
	struct command **command;  /* by field; equal ones are one, owned */
	struct answers *answers;
	uint64_t asked;
	struct buf input, output;
	struct json json;
};

/* ---- open and close ---- */

static bool
same_command(const struct entity_field *a, const struct entity_field *b)
{
	bool same = a->command_count == b->command_count;

	for (size_t i = 0; i < a->command_count && same; i++)
		same = span_eq(a->command[i], b->command[i]);
	return same;
}

static struct command *
find_command(const struct rules *r, const struct entity *en, size_t field)
{
	for (size_t i = 0; i < field; i++)
		if (r->command[i] && same_command(&en->fields[i],
		    &en->fields[field]))
			return r->command[i];
	return NULL;
}

static enum rc
open_field(struct rules *r, const struct entity *en, size_t i, struct err *e)
{
	const struct entity_field *f = &en->fields[i];
	enum rc rc;

	if (f->rule == RULE_JQ) {
		rc = entity_rule_program(f, &r->program[i], e);
		return rc ? err_prefix(e, rc, "%.*s.jq: field %.*s",
		    SPAN_ARG(en->name), SPAN_ARG(f->name)) : RC_OK;
	}
	if (f->rule != RULE_COMMAND)
		return RC_OK;
	r->command[i] = find_command(r, en, i);
	if (!r->command[i])
		r->command[i] = command_new(f->command, f->command_count,
		    ANSWER_MS);
	if (!r->answers)
		r->answers = answers_new(home_path());
	return RC_OK;
}

enum rc
rules_open(struct policy *p, struct err *e)
{
	struct entity *en = p->entity;
	struct rules *r = xcalloc(1, sizeof *r);
	enum rc rc = RC_OK;

	r->fields = en->field_count;
	r->program = xcalloc(r->fields + 1, sizeof *r->program);
	r->command = xcalloc(r->fields + 1, sizeof *r->command);
	buf_init(&r->input, LIMIT_LINE, "question");
	buf_init(&r->output, LIMIT_LINE, "answer");
	json_init(&r->json);
	p->rules = r;
	for (size_t i = 0; i < r->fields && !rc; i++)
		rc = open_field(r, en, i, e);
	return rc;
}

void
rules_close(struct policy *p)
{
	struct rules *r = p ? p->rules : NULL;

	if (!r)
		return;
	for (size_t i = 0; i < r->fields; i++) {
		jqprog_free(r->program[i]);
		if (r->command[i] && find_command(r, p->entity, i) == NULL)
			command_free(r->command[i]);
	}
	answers_free(r->answers);
	buf_free(&r->input);
	buf_free(&r->output);
	json_free(&r->json);
	free(r->program);
	free(r->command);
	free(r);
	p->rules = NULL;
}

enum rc
rules_pass(struct policy *p, bool applying, struct err *e)
{
	struct rules *r = p->rules;

	return r && r->answers ? answers_pass(r->answers, applying, e) :
	    RC_OK;
}

uint64_t
rules_asked(const struct policy *p)
{
	return p->rules ? p->rules->asked : 0;
}

/* ---- jq ---- */

enum rc
rule_jq(const struct dispute *d, struct span *out, struct err *e)
{
	struct rules *r = d->policy->rules;
	enum rc rc;

	buf_reset(&r->input);
	buf_reset(&r->output);
	rule_input(&r->input, d);
	rc = buf_check(&r->input, e);
	if (!rc)
		rc = jqprog_run(r->program[d->at], buf_view(&r->input),
		    span_of(NULL, 0), &r->output, e);
	if (!rc)
		rc = buf_check(&r->output, e);
	if (!rc)
		rc = rule_fit(d, buf_view(&r->output), out, e);
	return rc ? RC_RECORD : RC_OK;
}

/* ---- a command ---- */

/* The question but for its number, which comes first. */
static struct span
put_question(struct rules *r, const struct dispute *d)
{
	struct buf *b = &r->input;
	size_t mark;

	buf_reset(b);
	buf_printf(b, "{\"n\":%llu", (unsigned long long)++r->asked);
	mark = b->len;
	json_put_text(b, "entity", d->policy->entity->name);
	json_put_text(b, "uid", d->uid);
	json_put_text(b, "field", d->field->name);
	buf_printf(b, ",\"first\":%s,\"candidates\":",
	    d->first ? "true" : "false");
	rule_input(b, d);
	buf_putc(b, '}');
	return span_of(b->ptr + mark, b->len - mark);
}

/* The answer is to this question, and says something. */
static enum rc
check_answer(struct rules *r, struct command *c, struct span answer,
    struct err *e)
{
	struct err why;

	if (json_parse(&r->json, answer, &why) ||
	    json_kind(&r->json, 0) != JSON_OBJECT)
		return command_refuse(c, "gave an answer that is no JSON"
		    " object", e);
	if (json_get_int(&r->json, 0, SPAN("n"), -1) != (int64_t)r->asked)
		return command_refuse(c, "gave an answer without the"
		    " question's \"n\"", e);
	return RC_OK;
}

/*
 * What it says, kept for applying; a failure is kept as an answer that leaves
 * the field to a person.
 */
static enum rc
ask(struct rules *r, const struct dispute *d, struct hash128 question,
    struct span *answer, struct verdict *v, struct err *e)
{
	struct command *c = r->command[d->at];
	bool was_over = command_is_over(c);
	enum rc rc = command_ask(c, buf_view(&r->input), answer, e);

	if (!rc)
		rc = check_answer(r, c, *answer, e);
	if (rc && rc != RC_RECORD)
		return rc;
	if (rc) {
		v->failed = !was_over;
		buf_reset(&r->output);
		BUF_LIT(&r->output, "{\"review\":");
		json_put_string(&r->output, span_str(e->text));
		buf_putc(&r->output, '}');
		*answer = buf_view(&r->output);
	}
	return answers_put(r->answers, d->uid, d->at, question, *answer, e);
}

/* RC_RECORD with the reason: a person decides. */
static enum rc
read_answer(struct rules *r, const struct dispute *d, struct span answer,
    struct verdict *v, struct span *out, struct err *e)
{
	struct span why;
	uint32_t value;
	enum rc rc = json_parse(&r->json, answer, e);

	if (rc)
		return rc;
	why = json_get_string(&r->json, 0, SPAN("review"), d->arena);
	value = json_get(&r->json, 0, SPAN("value"));
	if (why.ptr)
		return err_set(e, RC_RECORD, "%.*s", SPAN_ARG(why));
	v->failed = true;
	if (!value)
		return err_set(e, RC_RECORD, "an answer with neither value nor"
		    " review");
	rc = rule_fit(d, json_text(&r->json, value), out, e);
	v->failed = rc != RC_OK;
	return rc ? err_prefix(e, rc, "the value") : RC_OK;
}

enum rc
rule_command(const struct dispute *d, struct verdict *v, struct span *out,
    struct err *e)
{
	struct rules *r = d->policy->rules;
	struct span answer, asked = put_question(r, d);
	struct hash128 question = hash128(asked, 0);
	enum rc rc = buf_check(&r->input, e);

	if (rc)
		return rc;
	if (answers_reading(r->answers))
		rc = answers_get(r->answers, d->uid, d->at, question, d->arena,
		    &answer, e);
	else
		rc = ask(r, d, question, &answer, v, e);
	return rc ? rc : read_answer(r, d, answer, v, out, e);
}
