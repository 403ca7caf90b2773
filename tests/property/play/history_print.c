/* SPDX-License-Identifier: MIT */
/* history_print: a history for people. */
#include "history.h"

static void
print_act(const struct act *a, struct buf *b)
{
	static const char *const kinds[] = { "create", "edit", "clear", "bad",
		"archive", "unarchive", "remove", "restore", "reorder",
		"merge" };

	buf_printf(b, "side %d %s", a->side, kinds[a->kind]);
	if (a->kind == ACT_EDIT || a->kind == ACT_CLEAR || a->kind == ACT_BAD)
		buf_printf(b, " %s", values_field(a->field));
	if (a->kind == ACT_EDIT && a->field >= MEMO)
		buf_printf(b, " = %u", a->value);
	else if (a->kind == ACT_EDIT)
		buf_printf(b, " = %s", values_canonical(a->field, a->value));
	if (a->kind == ACT_CLEAR)
		buf_printf(b, a->null ? " (null)" : " (absent)");
	buf_printf(b, ", n %u, way %u, style %u", a->n, a->way, a->style);
}

static void
print_round(const struct step *s, struct buf *b)
{
	static const char *const faults[FAULT_COUNT] = { "plain", "cut",
		"limit", "without", "noload", "grep", "twice", "double",
		"order" };

	buf_printf(b, "round: %s side %d stage %u n %u share %.3f",
	    faults[s->fault], s->side, s->stage, s->n, s->share);
	for (unsigned i = 0; i < s->hooks; i++) {
		buf_printf(b, "; at place %d ", s->hook[i].place);
		print_act(&s->hook[i].act, b);
	}
}

void
history_print(const struct history *h, const char *prefix, struct buf *b)
{
	static const char *const rules[] = { "latest", "manual", "max", "min",
		"longest", "union", "prefer", "append", "jq", "command" };
	static const char *const plain[] = { [STEP_CLEAN] = "clean",
		[STEP_BACKUP] = "backup", [STEP_RESTORE] = "restore" };

	buf_printf(b, "%s%d sides, deletes %s, reformats %x, cuts %x, "
	    "match %d%s, merges %d%s, rules", prefix, h->sides,
	    h->hard_deletes ? "delete" : "archive", h->reformats, h->cuts,
	    h->match, h->ambiguous ? " (ambiguous)" : "", h->merges,
	    h->nameless ? ", no uid" : "");
	for (enum field f = 0; f < FIELDS; f++)
		if (h->shows & 1u << f)
			buf_printf(b, " %s", rules[h->rule[f]]);
	buf_putc(b, '\n');
	for (unsigned i = 0; i < h->steps; i++) {
		buf_printf(b, "%s", prefix);
		if (h->step[i].kind == STEP_ACT)
			print_act(&h->step[i].act, b);
		else if (h->step[i].kind != STEP_ROUND)
			buf_printf(b, "%s", plain[h->step[i].kind]);
		else
			print_round(&h->step[i], b);
		buf_putc(b, '\n');
	}
}
