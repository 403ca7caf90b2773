/* SPDX-License-Identifier: MIT */
#include "pick.h"

bool
pick_any(const struct row *r, const struct act *a)
{
	(void)a;
	return r != NULL;
}

bool
pick_live(const struct row *r, const struct act *a)
{
	(void)a;
	return world_live(r);
}

bool
pick_archived(const struct row *r, const struct act *a)
{
	return !pick_live(r, a) && !world_merged(r);
}

bool
pick_has_field(const struct row *r, const struct act *a)
{
	struct span json = row_get(r, values_native(a->side, a->field));

	return world_live(r) && json.ptr && !span_eq(json, SPAN("null"));
}

/* What is left of an id without the names of systems. */
static struct span
bare_id(const struct row *r)
{
	struct span id = row_word(r, "id");

	for (size_t i = id.len; i > 0; i--)
		if (id.ptr[i - 1] == ':')
			return span_of(id.ptr + i, id.len - i);
	return id;
}

int
pick_at(struct world *w, const struct act *a,
    pick_fn *wanted)
{
	const struct store *s = world_store(w, a->side);
	int found[STORE_ROWS], n = 0, at;

	for (unsigned i = 0; i < s->count; i++) {
		if (!wanted(s->row[i], a))
			continue;
		for (at = n++; at > 0 && span_cmp(bare_id(s->row[i]),
		    bare_id(s->row[found[at - 1]])) < 0; at--)
			found[at] = found[at - 1];
		found[at] = (int)i;
	}
	return n ? found[a->n % (unsigned)n] : -1;
}

struct row *
pick_row(struct world *w, const struct act *a,
    pick_fn *wanted)
{
	int at = pick_at(w, a, wanted);

	return at < 0 ? NULL : world_store(w, a->side)->row[at];
}
