/* SPDX-License-Identifier: MIT */
/*
 * systems: which entity is kept the same in which systems, a line each, those
 * others refer to first: what a pipeline over all of them goes by.
 */
#include "commands.h"

#include <stdlib.h>
#include <unistd.h>

#include "../lib/limits.h"
#include "../lib/mapping_file.h"
#include "../lib/policy.h"
#include "../lib/stream.h"
#include "../lib/xalloc.h"

struct kept {
	struct policy **items; /* by entity */
	size_t count;
	bool *told;            /* printed, or being printed */
	bool asked;            /* by name: said of one system too */
};

/* Can it be read and written again and again? */
static bool
takes_part(const struct policy_system *s)
{
	return s->enabled && s->mapping && s->kind &&
	    !(s->kind->caps & CAP_WRITE_ONCE);
}

static enum rc
tell_systems(const struct policy *p, bool asked, struct stream_out *out,
    struct err *e)
{
	struct buf *b = &out->buf;
	size_t parts = 0;
	enum rc rc = RC_OK;

	for (size_t i = 0; i < p->system_count; i++)
		parts += takes_part(&p->systems[i]);
	for (size_t i = 0; i < p->system_count && !rc; i++) {
		if (!takes_part(&p->systems[i]) || (parts < 2 && !asked))
			continue;
		BUF_LIT(b, "{\"type\":\"system\"");
		json_put_text(b, "entity", p->entity->name);
		json_put_text(b, "system", p->systems[i].name);
		json_put_text(b, "kind", p->systems[i].mapping->kind);
		json_put_text(b, "object", p->systems[i].object);
		buf_putc(b, '}');
		rc = stream_out_line(out, e);
	}
	return rc;
}

static size_t
find(const struct kept *k, struct span entity)
{
	for (size_t i = 0; i < k->count; i++)
		if (span_eq(k->items[i]->entity->name, entity))
			return i;
	return SIZE_MAX;
}

/* After the entities it refers to; a circle is broken where it is entered. */
static enum rc
tell(struct kept *k, size_t at, struct stream_out *out, struct err *e)
{
	const struct entity *en = k->items[at]->entity;
	enum rc rc = RC_OK;

	if (k->told[at])
		return RC_OK;
	k->told[at] = true;
	for (size_t i = 0; i < en->field_count && !rc; i++) {
		size_t parent = en->fields[i].type == TYPE_REF ?
		    find(k, en->fields[i].to) : SIZE_MAX;

		if (parent != SIZE_MAX)
			rc = tell(k, parent, out, e);
	}
	return rc ? rc : tell_systems(k->items[at], k->asked, out, e);
}

static enum rc
load(struct kept *k, const struct span *names, size_t count,
    const struct systems *systems, struct err *e)
{
	enum rc rc = RC_OK;

	k->items = xcalloc(count ? count : 1, sizeof *k->items);
	k->told = xcalloc(count ? count : 1, sizeof *k->told);
	for (size_t i = 0; i < count && !rc; i++) {
		if (find(k, names[i]) != SIZE_MAX)
			continue;
		rc = policy_load(&k->items[k->count], names[i], systems,
		    SPAN(""), e);
		k->count += !rc;
	}
	return rc;
}

static void
unload(struct kept *k)
{
	for (size_t i = 0; i < k->count; i++)
		policy_free(k->items[i]);
	free(k->items);
	free(k->told);
}

/* The entities named, else every one there is a file of. */
static enum rc
entities(const struct run *r, struct arena *a, struct span **names,
    size_t *count, struct err *e)
{
	size_t n = (size_t)r->operands - 1;

	if (!n)
		return mapping_file_entities(a, names, count, e);
	*names = arena_zero(a, n * sizeof **names);
	for (size_t i = 0; i < n; i++)
		(*names)[i] = span_str(r->operand[i + 1]);
	*count = n;
	return RC_OK;
}

void
systems_run(struct run *r)
{
	struct kept k = { .asked = r->operands > 1 };
	struct systems systems = { .count = 0 };
	struct span *names = NULL;
	struct stream_out out;
	struct arena a;
	struct err e;
	size_t count = 0;
	enum rc rc = home_require(&e);

	arena_init(&a);
	stream_out_open(&out, STDOUT_FILENO);
	if (!rc)
		rc = systems_load(&systems, &e);
	if (!rc)
		rc = entities(r, &a, &names, &count, &e);
	if (!rc)
		rc = load(&k, names, count, &systems, &e);
	for (size_t i = 0; i < k.count && !rc; i++)
		rc = tell(&k, i, &out, &e);
	if (!rc)
		rc = stream_out_flush(&out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	unload(&k);
	systems_free(&systems);
	stream_out_free(&out);
	arena_free(&a);
}
