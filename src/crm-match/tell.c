/* SPDX-License-Identifier: MIT */
/* tell: {"type":"pair",...} for each pair that stands or is for review. */
#include "match.h"

struct telling {
	struct match *m;
	struct buf a, b;    /* the two records */
};

static void
put_record(struct buf *out, const struct match *m, const char *name,
    const struct kept_record *r)
{
	const struct origin *o = &m->origin[r->origin];

	json_put_key(out, span_str(name));
	buf_putc(out, '{');
	json_put_text(out, "system", o->system);
	json_put_text(out, "object", o->object);
	json_put_text(out, "id", r->id);
	buf_putc(out, '}');
}

static enum rc
tell(void *arg, const struct pairing_found *f, struct err *e)
{
	struct telling *t = arg;
	struct match *m = t->m;
	struct buf *out = &m->out.buf;
	struct kept_record a, b;
	struct likeness_weights w;
	enum rc rc = kept_get(&m->kept, f->a, &t->a, &a, e);

	if (!rc)
		rc = kept_get(&m->kept, f->b, &t->b, &b, e);
	if (rc)
		return rc;
	pairing_weigh(m->pairing, f->a, f->b, &w);
	BUF_LIT(out, "{\"type\":\"pair\"");
	json_put_text(out, "entity", m->entity->name);
	put_record(out, m, "a", &a);
	put_record(out, m, "b", &b);
	BUF_LIT(out, ",\"score\":");
	likeness_put_bits(out, f->score);
	json_put_text(out, "verdict", f->same ? SPAN("same") :
	    SPAN("review"));
	if (f->rival)
		BUF_LIT(out, ",\"rival\":true");
	BUF_LIT(out, ",\"why\":");
	likeness_put_why(out, m->entity, m->entity->similar, &w);
	if (m->preview)
		rc = preview_put(m, &a, &b, out, e);
	buf_putc(out, '}');
	m->told_same += f->same;
	m->told_review += !f->same;
	return rc ? rc : stream_out_line(&m->out, e);
}

enum rc
tell_pairs(struct match *m, struct err *e)
{
	struct telling t = { .m = m };
	enum rc rc;

	buf_init(&t.a, 4u * LIMIT_LINE, "record");
	buf_init(&t.b, 4u * LIMIT_LINE, "record");
	rc = pairing_each(m->pairing, tell, &t, e);
	buf_free(&t.a);
	buf_free(&t.b);
	return rc;
}
