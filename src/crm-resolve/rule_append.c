/* SPDX-License-Identifier: MIT */
/*
 * rule_append: a text out of everybody's changes to it.  An edit is a part of
 * the base replaced by other text: what was written after or before it, or
 * else whole lines.  Edits of different parts are all made; what was written
 * in one place follows each other.
 */
#include "rules.h"

#include "../lib/charcase.h"
#include "../lib/limits.h"
#include "../lib/type.h"

/* base[from, to) became `text`. */
struct edit {
	size_t from, to;
	struct span text;
};

static struct span
part(struct span s, size_t from, size_t to)
{
	return span_of(s.ptr + from, to - from);
}

static size_t
common_start(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

static size_t
common_end(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len &&
	    a.ptr[a.len - 1 - n] == b.ptr[b.len - 1 - n])
		n++;
	return n;
}

/* Back to where its line begins. */
static size_t
line_start(struct span s, size_t at)
{
	while (at > 0 && s.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* On to where a line begins. */
static size_t
line_end(struct span s, size_t at)
{
	while (at > 0 && at < s.len && s.ptr[at - 1] != '\n')
		at++;
	return at;
}

static struct edit
edit_of(struct span base, struct span now)
{
	size_t start = common_start(base, now), end = common_end(base, now);

	if (start == base.len)
		return (struct edit){ start, start, part(now, start,
		    now.len) };
	if (end == base.len)
		return (struct edit){ 0, 0, part(now, 0, now.len - end) };
	start = line_start(base, start);
	if (end > base.len - start)
		end = base.len - start;
	if (end > now.len - start)
		end = now.len - start;
	end = base.len - line_end(base, base.len - end);
	return (struct edit){ start, base.len - end, part(now, start,
	    now.len - end) };
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Is it there already, as its beginning or as lines of its own? */
static bool
holds(struct span text, struct span lines)
{
	if (lines.len < text.len && is_space(text.ptr[lines.len]) &&
	    common_start(text, lines) == lines.len)
		return true;
	lines = charcase_trim(lines);
	for (size_t i = 0; i + lines.len <= text.len; i++) {
		size_t end = i + lines.len;

		if ((i == 0 || text.ptr[i - 1] == '\n') &&
		    (end == text.len || text.ptr[end] == '\n' ||
		    text.ptr[end] == '\r') &&
		    memcmp(text.ptr + i, lines.ptr, lines.len) == 0)
			return true;
	}
	return !lines.len;
}

/* Both, each once; a line's end between them where nothing else is. */
static void
put_both(struct buf *b, struct span one, struct span two)
{
	if (holds(two, one)) {
		buf_span(b, two);
		return;
	}
	buf_span(b, one);
	if (holds(one, two))
		return;
	if (!is_space(one.ptr[one.len - 1]) && !is_space(two.ptr[0]))
		buf_putc(b, '\n');
	buf_span(b, two);
}

/* base[from, to) after the edit, which is inside of it. */
static struct span
rendition(struct span base, const struct edit *e, size_t from, size_t to,
    struct arena *a)
{
	struct buf b;
	struct span out;

	buf_init(&b, LIMIT_LINE, "value");
	buf_span(&b, part(base, from, e->from));
	buf_span(&b, e->text);
	buf_span(&b, part(base, e->to, to));
	out = arena_dup(a, buf_view(&b));
	buf_free(&b);
	return out;
}

static void
put_merged(struct buf *b, struct span base, const struct edit *x,
    const struct edit *y, struct arena *a)
{
	bool swap = y->from < x->from || (y->from == x->from &&
	    y->to < x->to);
	const struct edit *first = swap ? y : x;
	const struct edit *last = first == x ? y : x;
	size_t end = x->to > y->to ? x->to : y->to;
	bool apart = first->to < last->from || (first->to == last->from &&
	    first->from < last->to);

	buf_span(b, part(base, 0, first->from));
	if (apart) {
		buf_span(b, first->text);
		buf_span(b, part(base, first->to, last->from));
		buf_span(b, last->text);
	} else {
		put_both(b, rendition(base, x, first->from, end, a),
		    rendition(base, y, first->from, end, a));
	}
	buf_span(b, part(base, end, base.len));
}

/* What was put in here is there too, and was not before; or is nothing. */
static bool
is_in(const struct edit *e, struct span base, struct span other)
{
	return e->from == e->to && (!charcase_trim(e->text).len ||
	    (!holds(base, e->text) && holds(other, e->text)));
}

static bool
starts_line(struct span s)
{
	return s.len && s.ptr[0] == '\n';
}

static bool
ends_line(struct span s)
{
	return s.len && s.ptr[s.len - 1] == '\n';
}

/* No empty line where what stood before or behind it went. */
static struct span
without_gaps(struct span text, struct span ours, struct span theirs)
{
	if (starts_line(text) && !starts_line(ours) && !starts_line(theirs))
		text = part(text, 1, text.len);
	if (ends_line(text) && !ends_line(ours) && !ends_line(theirs))
		text = part(text, 0, text.len - 1);
	return text;
}

/* What both have made of the base; `ours` came first. */
static struct span
merge_texts(struct span base, struct span ours, struct span theirs,
    struct arena *a)
{
	struct edit x = edit_of(base, ours), y = edit_of(base, theirs);
	struct span out;
	struct buf b;

	if (span_eq(ours, theirs) || span_eq(base, theirs) ||
	    is_in(&y, base, ours))
		return ours;
	if (span_eq(base, ours) || is_in(&x, base, theirs))
		return theirs;
	buf_init(&b, LIMIT_LINE, "value");
	put_merged(&b, base, &x, &y, a);
	out = arena_dup(a, without_gaps(buf_view(&b), ours, theirs));
	buf_free(&b);
	return out;
}

/* A value's characters; none for null. */
static enum rc
plain(const struct dispute *d, struct span value, struct span *out,
    struct err *e)
{
	struct json j;
	enum rc rc = RC_OK;

	*out = SPAN("");
	if (!value.ptr || span_eq(value, record_null))
		return RC_OK;
	json_init(&j);
	rc = json_parse(&j, value, e);
	if (!rc && json_kind(&j, 0) != JSON_STRING)
		rc = err_set(e, RC_RECORD, "a value is no text");
	if (!rc)
		*out = json_string(&j, 0, d->arena);
	json_free(&j);
	return rc;
}

static enum rc
merge_all(const struct dispute *d, struct span *all, struct err *e)
{
	struct span base = SPAN(""), now = SPAN("");
	enum rc rc = plain(d, d->agreed, all, e);

	for (size_t i = 0; i < d->count && !rc; i++) {
		const struct candidate *c = &d->candidates[i];

		if (c->agreed)
			continue;
		rc = plain(d, c->base, &base, e);
		if (!rc)
			rc = plain(d, c->value, &now, e);
		if (!rc)
			*all = merge_texts(base, *all, now, d->arena);
	}
	return rc;
}

enum rc
rule_append(const struct dispute *d, struct span *out, struct err *e)
{
	struct span all;
	struct buf b;
	enum rc rc = merge_all(d, &all, e);

	buf_init(&b, LIMIT_LINE, "value");
	if (!rc && all.len)
		json_put_string(&b, all);
	else if (!rc)
		buf_span(&b, record_null);
	if (!rc)
		rc = buf_check(&b, e);
	if (!rc)
		rc = type_fit(d->field, buf_view(&b), d->arena, out, e);
	buf_free(&b);
	return rc ? err_prefix(e, RC_RECORD, "append") : RC_OK;
}
