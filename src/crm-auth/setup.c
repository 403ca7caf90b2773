/* SPDX-License-Identifier: MIT */
/*
 * setup: a system gets the fields our mappings write and it lacks: the one
 * that carries our uid, and those of ours that are pushed.  Its own, and what
 * is there, are left alone.
 */
#include "auth.h"

#include <unistd.h>

#include "../adapters/web_session.h"
#include "../lib/json.h"
#include "../lib/limits.h"
#include "../lib/mapping_private.h"
#include "../lib/stream.h"

static bool dry_run;
const struct opt setup_opts[] = {
	{ 'n', "dry-run", NULL, "say what would be made, make nothing",
	    OPT_FLAG, &dry_run, 0, 0 },
	TRACE_OPTS, OPT_END
};

struct setup {
	struct run *run;
	const struct system *system;
	struct stream_out out;
	struct arena arena; /* of one mapping's wishes */
};

/* ---- what is wished for ---- */

/* The first label of that name in the mapping; else "Health score" of
 * "health_score". */
static struct span
label_of(const struct mapping *m, struct span name, struct arena *a)
{
	const struct map_private *p = m->private;
	char *text;

	for (uint32_t i = 0; i < p->source_count; i++)
		if (span_eq(p->sources[i].name, name) &&
		    p->sources[i].label_count)
			return p->sources[i].labels[0];
	text = arena_alloc(a, name.len + 1);
	for (size_t i = 0; i < name.len; i++)
		text[i] = name.ptr[i] == '_' ? ' ' : name.ptr[i];
	if (name.len && text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 32);
	return span_of(text, name.len);
}

static void
wish_options(struct web_wish *w, const struct entity_field *ef,
    const struct map_step *s, struct arena *a)
{
	struct web_option *o = arena_zero(a, (ef->value_count + 1) *
	    sizeof *o);
	struct span theirs;

	for (size_t i = 0; i < ef->value_count; i++) {
		theirs = mapping_step_theirs(s, ef->values[i]);
		o[i].value = theirs.ptr ? theirs : ef->values[i];
		o[i].label = ef->values[i];
	}
	w->options = o;
	w->option_count = ef->value_count;
}

static void
wish_trend(struct web_wish *w)
{
	static const struct web_option ways[] = {
		{ { "up", 2 }, { "Up", 2 } },
		{ { "same", 4 }, { "Same", 4 } },
		{ { "down", 4 }, { "Down", 4 } },
	};

	w->type = SPAN("enum");
	w->options = ways;
	w->option_count = sizeof ways / sizeof *ways;
}

/* What an expression makes, and a list in one text, may be any text. */
static void
wish_field(struct web_wish *w, const struct mapping *m,
    const struct map_field *mf, struct arena *a)
{
	const struct entity_field *ef = &m->entity->fields[mf->field];

	w->description = ef->description;
	if (span_eq(w->name, mf->trend)) {
		wish_trend(w);
	} else if (!span_eq(w->name, mf->history) && !mf->steps->write) {
		w->type = span_str(mapping_types[ef->type]);
		wish_options(w, ef, mf->steps, a);
	}
}

static const struct map_field *
field_writing(const struct mapping *m, struct span name)
{
	const struct map_field *f = m->fields;

	for (size_t i = 0; i < m->field_count; i++)
		if ((f[i].dir & DIR_PUSH) && (span_eq(f[i].from, name) ||
		    span_eq(f[i].also, name) ||
		    span_eq(f[i].history, name) ||
		    span_eq(f[i].trend, name)))
			return &f[i];
	return NULL;
}

static bool
pushes(const struct mapping *m)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (m->fields[i].dir & DIR_PUSH)
			return true;
	return false;
}

static size_t
wish_all(const struct mapping *m, struct web_wish **out, struct arena *a)
{
	size_t count, n = 0;
	const struct span *names = mapping_list_columns(m, DIR_PUSH, &count);
	struct web_wish *wishes = arena_zero(a, (count + 1) * sizeof *wishes);
	const struct map_field *mf;

	for (size_t i = 0; i < count && pushes(m); i++) {
		struct web_wish *w = &wishes[n];

		mf = field_writing(m, names[i]);
		w->unique = m->uid.len && span_eq(names[i], m->uid);
		if (!mf && !w->unique && span_eq(names[i], m->id))
			continue;
		w->name = names[i];
		w->label = label_of(m, w->name, a);
		w->type = SPAN("text");
		if (w->unique)
			w->description = SPAN("Which record of the sync this "
			    "is; not to be edited");
		else if (mf)
			wish_field(w, m, mf, a);
		n++;
	}
	*out = wishes;
	return n;
}

/* ---- what became of it ---- */

static enum rc
tell(struct setup *s, const struct mapping *m, const struct web_wish *w,
    struct err *e)
{
	static const char *const words[] = { [WISH_OPEN] = "lacks",
		[WISH_THERE] = "there", [WISH_MADE] = "made",
		[WISH_FAILED] = "failed" };
	struct buf *b = &s->out.buf;

	BUF_LIT(b, "{\"type\":\"setup\"");
	json_put_text(b, "system", s->system->name);
	json_put_text(b, "entity", m->entity->name);
	json_put_text(b, "object", m->object);
	json_put_text(b, "name", w->name);
	json_put_text(b, "holds", w->type);
	if (w->unique)
		BUF_LIT(b, ",\"unique\":true");
	json_put_text(b, "status", span_str(words[w->became]));
	if (w->became == WISH_FAILED)
		json_put_text(b, "reason", span_str(w->error.text));
	buf_putc(b, '}');
	return stream_out_line(&s->out, e);
}

static void
complain(struct setup *s, const struct mapping *m, const struct web_wish *w)
{
	struct where where = { .system = s->system->name,
		.object = m->object };
	struct err e;

	err_set(&e, RC_CONFIG, "%.*s %s", SPAN_ARG(w->name), w->error.text);
	run_problem(s->run, &where, RC_CONFIG, &e);
}

/* Also where not all could be asked: what was made is told. */
static enum rc
tell_all(struct setup *s, const struct mapping *m,
    const struct web_wish *wishes, size_t n, enum rc came, struct err *e)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; !rc && i < n; i++) {
		const struct web_wish *w = &wishes[i];

		if ((w->standard && w->became == WISH_THERE) ||
		    (came && w->became == WISH_OPEN))
			continue;
		rc = tell(s, m, w, e);
		if (w->became == WISH_FAILED)
			complain(s, m, w);
	}
	return rc;
}

static enum rc
set_up(void *arg, const struct mapping *m, struct err *e)
{
	struct setup *s = arg;
	struct web_wish *wishes;
	struct err unsaid;
	enum rc rc, told;
	size_t n;

	arena_reset(&s->arena);
	n = wish_all(m, &wishes, &s->arena);
	if (!n)
		return RC_OK;
	rc = web_setup(m->object, wishes, n, dry_run, e);
	if (rc)
		err_prefix(e, rc, "%.*s: %.*s", SPAN_ARG(s->system->name),
		    SPAN_ARG(m->object));
	told = tell_all(s, m, wishes, n, rc, rc ? &unsaid : e);
	return rc ? rc : told;
}

/* ---- the system ---- */

static enum rc
open_system(struct party *p, const char *name, const struct adapter **out,
    struct err *e)
{
	enum rc rc = party_open(p, name, e);

	if (rc)
		return rc;
	trace_close(); /* the session has its own, of the same file */
	*out = adapter_find(p->system->kind);
	rc = (*out)->open(p->system, &trace_said, e);
	if (rc)
		*out = NULL;
	return rc;
}

void
setup_run(struct run *r)
{
	struct setup s = { .run = r };
	struct party party;
	const struct adapter *adapter = NULL;
	struct err e;
	enum rc rc = open_system(&party, r->operand[1], &adapter, &e);

	arena_init(&s.arena);
	stream_out_open(&s.out, STDOUT_FILENO);
	s.system = party.system;
	if (!rc)
		rc = mapped_each(&party.systems, s.system->name,
		    r->operand + 2, set_up, &s, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	rc = stream_out_flush(&s.out, &e);
	if (rc)
		run_problem(r, NULL, rc, &e);
	if (adapter)
		adapter->close();
	stream_out_free(&s.out);
	arena_free(&s.arena);
	party_close(&party);
}
