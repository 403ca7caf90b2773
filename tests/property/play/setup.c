/* SPDX-License-Identifier: MIT */
/* setup: the home, the mappings and the stores of a world. */
#include "world.h"

#include <stdio.h>
#include <sys/stat.h>

#include "pool.h"

static void
put_command(struct buf *b, const char *program)
{
	BUF_LIT(b, ", rule: {command: [\"sed\", \"-uE\", ");
	json_put_string(b, span_str(program));
	BUF_LIT(b, "]}}");
}

/* The greatest there is, by an expression; of our dates, by a program. */
static void
put_program(struct buf *b, enum rule rule)
{
#define ANSWER(what) "s/.*\"n\":([0-9]+),.*\"value\":(" what \
	").*/{\"n\":\\1,\"value\":\\2}/;t;"
	static const char greatest[] = ANSWER("\"2026[^\"]*\"")
	    ANSWER("\"2025[^\"]*\"") ANSWER("\"1999[^\"]*\"") ANSWER("null");

	if (rule == RULE_APPEND)
		BUF_LIT(b, ", rule: \"append\"}");
	else if (rule == RULE_UNION)
		BUF_LIT(b, ", rule: {union: \"\\n\"}}");
	else if (rule == RULE_JQ)
		BUF_LIT(b, ", rule: {jq: \"map(.value) | max\"}}");
	else
		put_command(b, greatest);
}

static void
put_rule(const struct world *w, struct buf *b, enum field f)
{
	static const char *const rules[] = { "latest", "manual", "max", "min",
		"longest", "union" };
	const struct history *h = w->history;

	if (h->rule[f] >= RULE_APPEND || (f == MEMO && h->rule[f] ==
	    RULE_UNION)) {
		put_program(b, h->rule[f]);
		return;
	}
	if (h->rule[f] != RULE_PREFER) {
		buf_printf(b, ", rule: \"%s\"}", rules[h->rule[f]]);
		return;
	}
	buf_printf(b, ", rule: {prefer: [");
	for (int i = 0; i < SIDES && h->prefer[f][i] >= 0; i++)
		buf_printf(b, "%s\"%s\"", i ? ", " : "",
		    w->name[h->prefer[f][i]]);
	buf_printf(b, "]}}");
}

static void
put_entity(struct world *w, struct buf *b)
{
	buf_reset(b);
	buf_printf(b, "{entity: \"thing\", deletes: \"%s\",%s\n fields: {",
	    w->history->hard_deletes ? "delete" : "archive",
	    w->history->match ? " match: [[\"code\"]]," : "");
	for (enum field f = 0; f < FIELDS; f++) {
		if (!world_has(w, f))
			continue;
		buf_printf(b, "%s%s: {%s", f ? ",\n  " : "", values_field(f),
		    values_type(f));
		put_rule(w, b, f);
	}
	buf_printf(b, "}}\n");
	world_put(w, "mappings/thing.jq", buf_view(b));
}

static void
put_mapping(struct world *w, int side, struct buf *b)
{
	char path[64];

	buf_reset(b);
	buf_printf(b, "{entity: \"thing\", kind: \"file\", object: \"thing\","
	    "\n id: \"id\", modified: \"modified\",%s\n"
	    " deleted: {from: \"archived\", value: \"true\"},%s\n fields: {",
	    w->history->nameless ? "" : " uid: \"uid\",",
	    w->history->merges ? " merged_into: \"merged_into\"," : "");
	for (enum field f = 0; f < FIELDS; f++) {
		if (!world_has(w, f))
			continue;
		buf_printf(b, "%s%s: {from: \"%s\", dir: \"both\"",
		    f ? ",\n  " : "", values_field(f),
		    values_native(side, f));
		values_mapping(b, side, f);
		if (f == NAME && w->history->cuts & 1u << side)
			buf_printf(b, ", max_length: %d, on_misfit: "
			    "\"truncate\"", CUT);
		buf_putc(b, '}');
	}
	buf_printf(b, "}}\n");
	snprintf(path, sizeof path, "mappings/thing.%s.jq", w->name[side]);
	world_put(w, path, buf_view(b));
}

static void
put_systems(struct world *w, struct buf *b)
{
	buf_reset(b);
	for (int i = 0; i < w->sides; i++)
		buf_printf(b, "%s%s: {kind: \"file\", path: \"%s\"}",
		    i ? ", " : "{", w->name[i], w->name[i]);
	buf_printf(b, "}\n");
	world_put(w, ".crm/systems.jq", buf_view(b));
}

static void
make_folders(struct world *w)
{
	world_note(w, "mkdir mappings app crm shop");
	for (int i = 0; i < SIDES; i++)
		mkdir(world_unswapped(w, i), 0755);
	mkdir("mappings", 0755);
}

void
world_begin(struct world *w)
{
	char room[4096];
	struct buf b = { .ptr = room, .room = sizeof room, .cap = sizeof room,
		.what = "file" };

	make_folders(w);
	world_run(w, MAY_DO, NULL, NULL, "crm-state", "init", NULL);
	put_systems(w, &b);
	put_entity(w, &b);
	for (int i = 0; i < w->sides; i++) {
		put_mapping(w, i, &b);
		w->store[i].count = 0;
		world_put_store(w, i);
	}
	pool_forget_files();
}
