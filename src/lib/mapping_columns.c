/* SPDX-License-Identifier: MIT */
/* mapping_columns: which source names a direction uses. */
#include "mapping_private.h"

#include "xalloc.h"

/* A list of names, each once. */
static void
add_column(struct mapping *m, enum direction dir, struct span name)
{
	struct map_private *p = m->private;
	size_t i, n = p->column_count[dir];

	if (!name.ptr)
		return;
	for (i = 0; i < n; i++)
		if (span_eq(p->columns[dir][i], name))
			return;
	p->columns[dir] = xrealloc(p->columns[dir], (n + 1) *
	    sizeof(*p->columns[dir]));
	p->columns[dir][n] = name;
	p->column_count[dir] = n + 1;
}

static void
list_columns(struct mapping *m, enum direction dir)
{
	const struct map_field *f;
	size_t i, k;

	add_column(m, dir, m->id);
	if (dir == DIR_PULL)
		add_column(m, dir, m->modified);
	add_column(m, dir, m->uid);
	if (dir == DIR_PULL) {
		add_column(m, dir, m->deleted);
		add_column(m, dir, m->merged_into);
		add_column(m, dir, m->converted.from);
		for (i = 0; i < m->converted.count; i++)
			add_column(m, dir, m->converted.into[i].name);
	}
	for (i = 0; i < m->field_count; i++) {
		f = &m->fields[i];
		if (dir == DIR_PULL ? !f->steps->readable :
		    !(f->dir & dir))
			continue;
		for (k = 0; k < f->steps->source_count; k++)
			add_column(m, dir,
			    m->private->sources[f->steps->sources[k]].name);
		if (dir == DIR_PULL && f->steps->time != NO_SOURCE)
			add_column(m, dir,
			    m->private->sources[f->steps->time].name);
		if (dir == DIR_PUSH && f->also.len)
			add_column(m, dir, f->also);
		if (dir == DIR_PUSH && f->history.len)
			add_column(m, dir, f->history);
		if (dir == DIR_PUSH && f->trend.len)
			add_column(m, dir, f->trend);
	}
}

const struct span *
mapping_list_columns(const struct mapping *m, enum direction dir,
    size_t *count)
{
	struct mapping *self = (struct mapping *)m;

	if (!m->private->columns[dir])
		list_columns(self, dir);
	*count = m->private->column_count[dir];
	return m->private->columns[dir];
}
