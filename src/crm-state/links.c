/* SPDX-License-Identifier: MIT */
/*
 * links: which record of which system is which of ours, a line each; or made
 * again (relink.c).
 */
#include "commands.h"
#include "known.h"
#include "look.h"
#include "relink.h"

#include "../lib/address.h"
#include "../lib/clock.h"
#include "../lib/link.h"

static struct {
	const char *entity, *system, *uid, *id;
	bool rebuild;
} options;

const struct opt links_opts[] = {
	{ 0, "entity", "ENTITY", "only of this entity", OPT_STRING,
	    &options.entity, 0, 0 },
	{ 0, "system", "SYSTEM", "only of this system", OPT_STRING,
	    &options.system, 0, 0 },
	{ 0, "uid", "UID", "only of this record", OPT_STRING, &options.uid, 0,
	    0 },
	{ 0, "id", "ID", "only what has this id in its system", OPT_STRING,
	    &options.id, 0, 0 },
	{ 0, "rebuild", NULL, "link records on stdin by the uid they carry",
	    OPT_FLAG, &options.rebuild, 0, 0 },
	OPT_END
};

struct links {
	struct systems systems;
	struct look *look;
};

static bool
is(const char *option, struct span s)
{
	return !option || span_eq(span_str(option), s);
}

static enum rc
put_line(struct links *k, const struct source *s, const struct link *l,
    struct err *e)
{
	struct buf *b = &k->look->out.buf;
	size_t mark;

	BUF_LIT(b, "{\"type\":\"link\"");
	json_put_text(b, "entity", s->entity);
	json_put_text(b, "system", s->system);
	json_put_text(b, "object", s->object);
	json_put_text(b, "id", s->id);
	json_put_text(b, "uid", l->uid);
	buf_printf(b, ",\"live\":%s", l->live ? "true" : "false");
	clock_put_member(b, "since", l->since);
	mark = b->len;
	BUF_LIT(b, ",\"url\":\"");
	if (l->live && address_put(b, &k->systems, s->system, s->object,
	    s->id))
		buf_putc(b, '"');
	else
		b->len = mark;
	buf_putc(b, '}');
	return stream_out_line(&k->look->out, e);
}

static enum rc
put_row(struct look *l, void *arg, struct span key, struct span value,
    struct err *e)
{
	struct span rest = key;
	struct source s;
	struct link link;
	enum rc rc = link_decode(key, value, &link, &l->arena, e);

	if (rc)
		return rc;
	s.entity = key_take(&rest);
	s.system = key_take(&rest);
	s.object = key_take(&rest);
	s.id = rest;
	return is(options.system, s.system) && is(options.id, s.id) &&
	    is(options.uid, link.uid) ? put_line(arg, &s, &link, e) : RC_OK;
}

/* The keys begin with entity and system. */
static enum rc
list(struct look *l, void *arg, struct err *e)
{
	struct links k = { .look = l };
	enum rc rc = known_names(l->state, options.system, options.entity, e);
	KEY_BUF(prefix);

	(void)arg;
	if (options.entity && options.system)
		KEY(&prefix, span_str(options.entity),
		    span_str(options.system), SPAN(""));
	else if (options.entity)
		KEY(&prefix, span_str(options.entity), SPAN(""));
	if (!rc)
		rc = systems_load(&k.systems, e);
	if (!rc)
		rc = look_rows(l, TABLE_LINK, buf_view(&prefix), put_row, &k,
		    e);
	systems_free(&k.systems);
	return rc;
}

void
links_run(struct run *r)
{
	if (options.rebuild)
		relink_run(r);
	else
		look(r, list, NULL);
}
