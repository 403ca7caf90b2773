/* SPDX-License-Identifier: MIT */
/*
 * mapping_source: source names.  A record is looked through once.  The keys
 * met so far are kept in the order records have them; each member is held
 * against those that come next there, so that a steady stream costs about one
 * comparison a member, used or not, also where records leave members out.
 */
#include "mapping_private.h"

#include <stdlib.h>

#include "charcase.h"
#include "limits.h"
#include "xalloc.h"

#define KEYS 1024u /* different keys remembered */
#define FIRST 32u  /* there is room for so many before there are more */
#define AHEAD 6u   /* keys a record may leave out in a row */

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t
fold_hash(struct span s)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)fold(s.ptr[i])) * 0x100000001b3u;
	return (size_t)(h ^ (h >> 29));
}

static bool
fold_eq(struct span a, struct span b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if (fold(a.ptr[i]) != fold(b.ptr[i]))
			return false;
	return true;
}

/* The source of that name; a new one is `hidden` when only a head. */
static uint32_t
add_source(struct mapping *m, struct span name, bool hidden)
{
	struct map_private *p = m->private;
	struct map_source *s;
	uint32_t i;

	for (i = 0; i < p->source_count; i++)
		if (span_eq(p->sources[i].name, name)) {
			p->sources[i].hidden &= hidden;
			return i;
		}
	p->sources = xrealloc(p->sources, (i + 1) * sizeof(*p->sources));
	p->source_count++;
	s = &p->sources[i];
	memset(s, 0, sizeof(*s));
	s->name = arena_dup(&m->arena, name);
	s->nest = NO_SOURCE;
	s->hidden = hidden;
	return i;
}

uint32_t
mapping_source_add(struct mapping *m, struct span name)
{
	uint32_t self = add_source(m, name, false), nest;
	struct map_source *s = &m->private->sources[self];
	struct span head = s->name;
	const char *dot = memchr(head.ptr, '.', head.len);

	if (!dot || dot == head.ptr || dot + 1 == head.ptr + head.len)
		return self;
	head.len = (size_t)(dot - head.ptr);
	s->head = head;
	s->rest = span_of(dot + 1, s->name.len - head.len - 1);
	nest = add_source(m, head, true);
	m->private->sources[self].nest = nest;
	return self;
}

void
mapping_source_label(struct mapping *m, uint32_t source, struct span *labels,
    size_t count)
{
	struct map_source *s = &m->private->sources[source];
	struct span *all;

	if (!count)
		return;
	all = arena_alloc(&m->arena, (s->label_count + count) * sizeof(*all));
	if (s->label_count)
		memcpy(all, s->labels, s->label_count * sizeof(*all));
	memcpy(all + s->label_count, labels, count * sizeof(*all));
	s->labels = all;
	s->label_count += count;
}

/* The slot of a folded name: its own, or the free one it belongs in. */
static struct map_alias *
alias_slot(const struct map_private *p, struct span name)
{
	size_t i = fold_hash(name) & p->alias_mask;

	while (p->aliases[i].folded.ptr &&
	    !fold_eq(p->aliases[i].folded, name))
		i = (i + 1) & p->alias_mask;
	return &p->aliases[i];
}

/*
 * Two names that differ in case only keep their exact spelling; a label that
 * is another's name, or two sources' label, cannot be told apart.
 */
static enum rc
add_alias(struct mapping *m, struct span name, uint32_t source, bool label,
    struct err *e)
{
	struct map_private *p = m->private;
	struct map_alias *a = alias_slot(p, name);

	if (a->folded.ptr && a->source != source && !label &&
	    span_eq(p->sources[a->source].name, name))
		return RC_OK;
	if (a->folded.ptr && a->source != source)
		return err_set(e, RC_CONFIG, "\"%.*s\" stands for both"
		    " \"%.*s\" and \"%.*s\"", SPAN_ARG(name),
		    SPAN_ARG(p->sources[a->source].name),
		    SPAN_ARG(p->sources[source].name));
	if (a->folded.ptr)
		return RC_OK;
	a->folded = name;
	a->source = source;
	a->label = label;
	return RC_OK;
}

enum rc
mapping_source_index(struct mapping *m, struct err *e)
{
	struct map_private *p = m->private;
	size_t total = 0, k;
	uint32_t i;
	enum rc rc = RC_OK;

	for (i = 0; i < p->source_count; i++)
		total += 1 + p->sources[i].label_count;
	p->alias_mask = 15;
	while (p->alias_mask < total * 2)
		p->alias_mask = p->alias_mask * 2 + 1;
	p->aliases = xcalloc(p->alias_mask + 1, sizeof(*p->aliases));
	p->found = xcalloc(p->source_count + 1u, sizeof(*p->found));
	p->exact = xcalloc(p->source_count + 1u, sizeof(*p->exact));
	for (i = 0; !rc && i < p->source_count; i++)
		rc = add_alias(m, p->sources[i].name, i, false, e);
	for (i = 0; !rc && i < p->source_count; i++)
		for (k = 0; !rc && k < p->sources[i].label_count; k++)
			rc = add_alias(m, p->sources[i].labels[k], i, true,
			    e);
	return rc;
}

uint32_t
mapping_source_find(const struct mapping *m, struct span name, bool *exact)
{
	const struct map_private *p = m->private;
	const struct map_alias *a = alias_slot(p, name);

	if (!a->folded.ptr) /* as people type the header of a table */
		a = alias_slot(p, charcase_trim(name));
	*exact = false;
	if (!a->folded.ptr)
		return NO_SOURCE;
	*exact = span_eq(p->sources[a->source].name, name);
	return a->source;
}

struct span
mapping_source_name(const struct mapping *m, struct span header)
{
	bool exact;
	uint32_t i = mapping_source_find(m, header, &exact);

	if (i == NO_SOURCE || m->private->sources[i].hidden)
		return span_of(NULL, 0);
	return m->private->sources[i].name;
}

/* Equal bytes of equal length: keys are short, a call costs more. */
static inline bool
same_key(const char *a, const char *b, size_t len)
{
	uint64_t x, y, v, w;
	uint32_t p, q, r, s;

	if (len > 32)
		return memcmp(a, b, len) == 0;
	if (len > 16) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		memcpy(&v, a + 8, 8);
		memcpy(&w, b + 8, 8);
		if ((x ^ y) | (v ^ w))
			return false;
		a += len - 16;
		b += len - 16;
		len = 16;
	}
	if (len >= 8) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		memcpy(&v, a + len - 8, 8);
		memcpy(&w, b + len - 8, 8);
		return ((x ^ y) | (v ^ w)) == 0;
	}
	if (len >= 4) {
		memcpy(&p, a, 4);
		memcpy(&q, b, 4);
		memcpy(&r, a + len - 4, 4);
		memcpy(&s, b + len - 4, 4);
		return ((p ^ q) | (r ^ s)) == 0;
	}
	return len && a[0] == b[0] && a[len / 2] == b[len / 2] &&
	    a[len - 1] == b[len - 1];
}

static bool
is_key(const struct map_key *k, struct span name)
{
	return k->length == name.len && same_key(k->text, name.ptr, name.len);
}

/* Room for one more key, at its place in the order; all after it move. */
static struct map_key *
insert_key(struct map_private *p, size_t at)
{
	struct map_key *k;

	if (p->key_count == p->key_room) {
		p->key_room = p->key_room ? 2 * p->key_room : FIRST;
		p->keys = xrealloc(p->keys, p->key_room * sizeof(*p->keys));
	}
	k = &p->keys[at];
	memmove(k + 1, k, (p->key_count - at) * sizeof(*k));
	p->key_count++;
	return k;
}

/* A key nobody met yet is kept, if there is room. */
static const struct map_key *
learn(struct mapping *m, const struct json *j, uint32_t node, size_t at,
    struct map_key *spare)
{
	struct map_private *p = m->private;
	struct map_key *k = spare;
	struct span name = json_inner(j, node);
	struct span plain = json_string(j, node, &p->scratch);

	if (p->key_count < KEYS && name.len <= sizeof(k->text) && name.len) {
		k = insert_key(p, at);
		k->length = (uint8_t)name.len;
		memcpy(k->text, name.ptr, name.len);
	}
	k->source = mapping_source_find(m, plain, &k->exact);
	return k;
}

/* The entry of a key: one of the next, else any, else a new one. */
static const struct map_key *
recall(struct mapping *m, const struct json *j, uint32_t node, size_t *at,
    struct map_key *spare)
{
	struct map_private *p = m->private;
	struct span name = json_inner(j, node);
	size_t i, end = *at + AHEAD;

	for (i = *at; i < end && i < p->key_count; i++)
		if (is_key(&p->keys[i], name))
			goto found;
	for (i = 0; i < p->key_count; i++)
		if (is_key(&p->keys[i], name))
			goto found;
	i = *at;
	*at += p->key_count < KEYS;
	return learn(m, j, node, i, spare);
found:
	*at = i + 1;
	return &p->keys[i];
}

/* Two members for one source: the exact spelling wins, else it is unclear. */
static enum rc
note_found(struct mapping *m, uint32_t source, uint32_t value, bool exact,
    struct err *e)
{
	struct map_private *p = m->private;

	if (p->found[source]) {
		if (exact == p->exact[source])
			return err_set(e, RC_RECORD, "two members stand for"
			    " \"%.*s\"", SPAN_ARG(p->sources[source].name));
		if (!exact)
			return RC_OK;
	}
	p->found[source] = value;
	p->exact[source] = exact;
	return RC_OK;
}

enum rc
mapping_source_scan(struct mapping *m, const struct json *j, uint32_t data,
    struct err *e)
{
	struct map_private *p = m->private;
	const struct map_key *k;
	struct map_key spare;
	size_t at = 0;
	enum rc rc;

	if (json_kind(j, data) != JSON_OBJECT)
		return err_set(e, RC_RECORD, "data is no object");
	memset(p->found, 0, p->source_count * sizeof(*p->found));
	for (JSON_EACH(j, data, key, value)) {
		if (at < p->key_count && is_key(&p->keys[at],
		    json_inner(j, key)))
			k = &p->keys[at++];
		else
			k = recall(m, j, key, &at, &spare);
		if (k->source == NO_SOURCE)
			continue;
		rc = note_found(m, k->source, value, k->exact, e);
		if (rc)
			return rc;
	}
	return RC_OK;
}

uint32_t
mapping_source_value(const struct mapping *m, const struct json *j,
    uint32_t source)
{
	const struct map_private *p = m->private;
	const struct map_source *s = &p->sources[source];
	struct span rest = s->rest, part;
	uint32_t node = p->found[source];

	if (node || s->nest == NO_SOURCE)
		return node;
	node = p->found[s->nest];
	while (node && rest.len && json_kind(j, node) == JSON_OBJECT) {
		part = span_cut(&rest, '.');
		node = json_get(j, node, part);
	}
	/* the path goes on below a null or a scalar: nothing there */
	return rest.len ? 0 : node;
}
