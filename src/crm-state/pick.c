/* SPDX-License-Identifier: MIT */
#include "pick.h"

#include "known.h"

#include "../lib/clock.h"
#include "../lib/operation.h"

static struct {
	const char *entity, *field, *op, *older, *file;
	bool all;
} options;

#define FILTERS                                                             \
	{ 0, "entity", "ENTITY", "only of this entity", OPT_STRING,         \
	    &options.entity, 0, 0 },                                        \
	{ 0, "field", "FIELD", "only what would write this field",          \
	    OPT_STRING, &options.field, 0, 0 },                             \
	{ 0, "op", "OP", "only create, update, archive or delete",          \
	    OPT_STRING, &options.op, 0, 0 },                                \
	{ 0, "older-than", "TIME", "only what waits longer: 90m, 36h, 7d",  \
	    OPT_STRING, &options.older, 0, 0 }

const struct opt pick_list_opts[] = { FILTERS, OPT_END };

const struct opt pick_change_opts[] = {
	FILTERS,
	{ 'f', "file", "FILE", "those that lines of crm-state queue name",
	    OPT_STRING, &options.file, 0, 0 },
	{ 0, "all", NULL, "in all systems", OPT_FLAG, &options.all, 0, 0 },
	OPT_END
};

static const char *const op_name[] = { "create", "update", "archive",
	"delete" };

/* ---- what was asked for ---- */

static enum rc
take_age(const char *text, int64_t *ms, struct err *e)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 },
		{ 'd', 86400000 } };
	int64_t n = 0;
	size_t i = 0;

	for (; text[i] >= '0' && text[i] <= '9' && n < 100000; i++)
		n = n * 10 + (text[i] - '0');
	for (size_t u = 0; u < sizeof units / sizeof *units; u++)
		if (i && text[i] == units[u].unit && !text[i + 1]) {
			*ms = n * units[u].ms;
			return RC_OK;
		}
	return err_set(e, RC_CONFIG, "--older-than %s: give a number and s, "
	    "m, h or d: 36h", text);
}

static enum rc
check_op(struct err *e)
{
	for (size_t i = 0; i < sizeof op_name / sizeof *op_name; i++)
		if (!options.op || strcmp(options.op, op_name[i]) == 0)
			return RC_OK;
	return err_set(e, RC_CONFIG, "--op %s: give create, update, archive "
	    "or delete", options.op);
}

enum rc
pick_open(struct pick *k, struct run *r, struct err *e)
{
	int64_t age = 0;
	enum rc rc = check_op(e);

	*k = (struct pick){ .file = options.file, .all = options.all,
		.system = r->operands > 1 ? r->operand[1] : NULL,
		.uids = r->operand + (r->operands > 1 ? 2 : 1) };
	arena_init(&k->arena);
	if (!rc && options.older)
		rc = take_age(options.older, &age, e);
	if (rc)
		return rc;
	if (options.older)
		k->before = clock_now() - age;
	if (r->operands > 2)
		k->met = arena_zero(&k->arena, (size_t)r->operands);
	k->open = options.op || options.field;
	return k->open ? policies_open(&k->policies, e) : RC_OK;
}

enum rc
pick_require(const struct pick *k, struct state *s, struct err *e)
{
	return known_names(s, k->system, options.entity, e);
}

void
pick_close(struct pick *k)
{
	if (k->open)
		policies_close(&k->policies);
	arena_free(&k->arena);
}

void
pick_begin(struct pick *k)
{
	if (k->open)
		policies_begin(&k->policies);
}

/* ---- one row ---- */

static bool
is_named(struct pick *k, struct span uid)
{
	bool named = !*k->uids;

	for (size_t i = 0; k->uids[i]; i++)
		if (span_eq(span_str(k->uids[i]), uid))
			named = k->met[i] = true;
	return named;
}

/* Would it be that kind of operation, and write that field? */
static enum rc
is_such(struct pick *k, struct txn *t, const struct outbox_row *row,
    bool *meant, struct err *e)
{
	struct arena a;
	struct policy *p;
	struct record r;
	enum target_op op;
	enum rc rc = policies_get(&k->policies, t, row->entity, &p, e);
	size_t system, field;

	if (rc)
		return rc;
	arena_init(&a);
	rc = record_load(t, row->entity, row->uid, p->ids, p->id_count, &a,
	    &r, e);
	system = policy_system_find(p, row->system);
	field = options.field ? entity_field_find(p->entity,
	    span_str(options.field)) : 0;
	*meant = !rc && system != SIZE_MAX && field != SIZE_MAX &&
	    operation_target(p, &p->systems[system], &r, &op);
	if (*meant && options.op)
		*meant = strcmp(options.op, op_name[op]) == 0;
	if (*meant && options.field)
		*meant = (op == TARGET_CREATE || op == TARGET_UPDATE) &&
		    policy_sends(p, &p->systems[system], &r,
		    op == TARGET_CREATE ? NULL :
		    record_side(&r, p->systems[system].id), field);
	arena_free(&a);
	return rc;
}

enum rc
pick_row(struct pick *k, struct txn *t, const struct outbox_row *row,
    bool *meant, struct err *e)
{
	*meant = is_named(k, row->uid) && (!options.entity ||
	    span_eq(span_str(options.entity), row->entity)) &&
	    (!k->before || (row->entry.since &&
	    row->entry.since <= k->before));
	return *meant && k->open ? is_such(k, t, row, meant, e) : RC_OK;
}
