/* SPDX-License-Identifier: MIT */
/*
 * suggest: proposes a system file from what a system says of itself.  What is
 * sure enough is an entry, what is only likely a comment to look at.
 */
#include "suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "account.h"
#include "stage.h"

#include "../lib/limits.h"
#include "../lib/mapping_file.h"
#include "../lib/xalloc.h"

#define NONE SIZE_MAX

struct suggestion {
	const struct entity *entity;
	struct suggest_source source;
	size_t *column;  /* per field: its column, or NONE */
	int *score;      /* of it */
	bool *taken;     /* per column */
};

/* Where the description is from; without a system it is stdin. */
struct live_source {
	const char *system, *object;
};

static enum rc
read_stdin(struct buf *b, struct err *e)
{
	ssize_t n;

	do {
		if (!buf_reserve(b, READ_BLOCK))
			return err_set(e, RC_CONFIG, "stdin: more than a"
			    " description of fields");
		n = read(STDIN_FILENO, b->ptr + b->len, READ_BLOCK);
		if (n < 0)
			return err_errno(e, RC_SYSTEM, "stdin");
		b->len += (size_t)n;
	} while (n > 0);
	return RC_OK;
}

/* The best pair still free; false when none reaches `least`. */
static bool
take_best(struct suggestion *s, int least)
{
	size_t best_field = NONE, best_column = NONE, i, k;
	int best = least - 1, score;

	for (i = 0; i < s->entity->field_count; i++) {
		if (s->column[i] != NONE)
			continue;
		for (k = 0; k < s->source.count; k++) {
			if (s->taken[k])
				continue;
			score = suggest_score(s->entity->name,
			    &s->entity->fields[i], &s->source.items[k]);
			if (score > best) {
				best = score;
				best_field = i;
				best_column = k;
			}
		}
	}
	if (best_field == NONE)
		return false;
	s->column[best_field] = best_column;
	s->score[best_field] = best;
	s->taken[best_column] = true;
	return true;
}

/* A column for what is no field; it is then no field's. */
static size_t
take_word(struct suggestion *s, const char *field)
{
	size_t best_column = NONE, k;
	int best = SUGGEST_SURE - 1, score;

	for (k = 0; k < s->source.count; k++) {
		score = suggest_score_word(s->entity->name, field,
		    &s->source.items[k]);
		if (score > best && !s->taken[k]) {
			best = score;
			best_column = k;
		}
	}
	if (best_column != NONE)
		s->taken[best_column] = true;
	return best_column;
}

static void
put_text(struct span text)
{
	struct buf b;

	buf_init(&b, LIMIT_LINE, "name");
	json_put_string(&b, text);
	fwrite(b.ptr, 1, b.len, stdout);
	buf_free(&b);
}

static void
put_word(struct suggestion *s, const char *key, size_t column)
{
	if (column == NONE)
		return;
	printf(",\n %s: ", key);
	put_text(s->source.items[column].name);
}

/* A jq key needs no quotes when it is a plain word. */
static void
put_key(struct span name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (!((name.ptr[i] >= 'a' && name.ptr[i] <= 'z') ||
		    name.ptr[i] == '_'))
			break;
	if (i == name.len)
		printf("%.*s: ", SPAN_ARG(name));
	else {
		put_text(name);
		printf(": ");
	}
}

static void
put_field(struct suggestion *s, size_t i, bool *any)
{
	const struct suggest_column *c = &s->source.items[s->column[i]];
	bool sure = s->score[i] >= SUGGEST_SURE;

	if (sure)
		printf("%s\n   ", *any ? "," : "");
	else
		printf("   # maybe: ");
	*any |= sure;
	put_key(s->entity->fields[i].name);
	printf("{from: ");
	put_text(c->name);
	printf(", dir: \"%s\"}%s", c->read_only ? "pull" : "both",
	    sure ? "" : "\n");
}

static void
put_file(struct suggestion *s, const struct mapping_name *n,
    const size_t special[4])
{
	static const char *const keys[4] = { "id", "modified", "uid",
		"deleted" };
	bool any = false;
	size_t i;

	printf("# Proposed by crm-map --suggest: look at every line.\n");
	for (i = 0; i < s->entity->field_count; i++)
		if (s->column[i] != NONE && s->score[i] < SUGGEST_SURE)
			put_field(s, i, &any);
	printf("{entity: \"%.*s\", kind: \"%.*s\", object: ",
	    SPAN_ARG(s->entity->name), SPAN_ARG(n->kind));
	put_text(s->source.object.len ? s->source.object : s->entity->name);
	for (i = 0; i < 4; i++)
		put_word(s, keys[i], special[i]);
	printf(",\n fields: {");
	for (i = 0; i < s->entity->field_count; i++)
		if (s->column[i] != NONE && s->score[i] >= SUGGEST_SURE)
			put_field(s, i, &any);
	printf("}}\n");
}

static void
match(struct suggestion *s, const struct mapping_name *n)
{
	size_t special[4], i;

	s->column = xmalloc((s->entity->field_count + 1) * sizeof(size_t));
	s->score = xcalloc(s->entity->field_count + 1, sizeof(int));
	s->taken = xcalloc(s->source.count + 1, sizeof(bool));
	for (i = 0; i < s->entity->field_count; i++)
		s->column[i] = NONE;
	special[0] = take_word(s, "id");
	special[1] = take_word(s, "modified");
	special[2] = take_word(s, "uid");
	special[3] = take_word(s, "deleted");
	while (take_best(s, SUGGEST_MAYBE))
		;
	put_file(s, n, special);
	free(s->column);
	free(s->score);
	free(s->taken);
}

/* As it is mapped to now, unless it is said. */
static enum rc
ask_account(struct buf *text, const char *name, const struct live_source *l,
    const struct systems *systems, struct err *e)
{
	struct mapping *m = NULL;
	struct span object = span_str(l->object);
	struct err none;
	enum rc rc;

	if (!object.len && mapping_load(&m, span_str(name), systems, &none)
	    == RC_OK)
		object = m->object;
	if (object.len)
		rc = account_ask(text, span_str(l->system), object, e);
	else
		rc = err_set(e, RC_CONFIG, "%s: there is no mapping yet that "
		    "says of which object: give --object", name);
	mapping_free(m);
	return rc;
}

static enum rc
suggest(struct suggestion *s, const char *name, const struct live_source *l,
    struct err *e)
{
	struct systems systems;
	struct mapping_name n;
	struct entity *en = NULL;
	struct buf text;
	enum rc rc;

	buf_init(&text, LIMIT_ANSWER, "description");
	rc = systems_load(&systems, e);
	if (!rc)
		rc = mapping_file_name(&n, span_str(name), &systems, e);
	if (!rc && !n.system.len)
		rc = err_set(e, RC_CONFIG, "%s: name the mapping to propose:"
		    " ENTITY.SYSTEM", name);
	if (!rc)
		rc = entity_load(&en, n.entity, e);
	if (!rc)
		rc = l->system ? ask_account(&text, name, l, &systems, e) :
		    read_stdin(&text, e);
	if (!rc)
		rc = suggest_source_read(&s->source, buf_view(&text), e);
	if (!rc) {
		s->entity = en;
		match(s, &n);
	}
	entity_free(en);
	systems_free(&systems);
	buf_free(&text);
	return rc;
}

void
suggest_run(struct run *r, const char *name, const char *live,
    const char *object)
{
	const struct live_source l = { live, object };
	struct where nowhere = { 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	struct suggestion s = { .entity = NULL };
	struct err e;
	enum rc rc;

	arena_init(&s.source.arena);
	rc = suggest(&s, name, &l, &e);
	if (rc)
		run_problem(r, &nowhere, rc, &e);
	suggest_source_free(&s.source);
}
