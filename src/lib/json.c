/* SPDX-License-Identifier: MIT */
/*
 * The parser: one pass that checks and lists at once.  Functions take the
 * place where their piece begins and return the place after it, NULL when it
 * is broken (fail has noted where and why).
 */
#include "json.h"

#include <stdlib.h>

#include "json_escape.h"
#include "json_keys.h"
#include "json_scan.h"
#include "limits.h"
#include "utf8.h"
#include "xalloc.h"

#define NODES_FIRST 256
#define FEW_KEYS 64 /* up to here equal keys are looked for while reading */
#define SEEN_WORDS 16
#define COLD __attribute__((noinline, cold))

/* An array or object being read. */
struct level {
	uint32_t node;
	uint32_t members;
	uint32_t escapes, spaces;       /* those of the scan before it */
	bool object;
	uint64_t seen[SEEN_WORDS];  /* tags of the keys so far */
};

struct scan {
	struct json *j;
	const char *text, *end;
	const char *bad, *why;    /* what was wrong, where */
	uint32_t escapes, spaces; /* met so far */
	unsigned depth;
	struct level levels[LIMIT_JSON_DEPTH];
};

void
json_init(struct json *j)
{
	*j = (struct json){ 0 };
}

void
json_free(struct json *j)
{
	free(j->nodes);
	free(j->table);
	json_init(j);
}

static COLD const char *
fail(struct scan *s, const char *at, const char *why)
{
	s->bad = at;
	s->why = at == s->end ? "the text ends early" : why;
	return NULL;
}

static COLD void
grow(struct json *j)
{
	size_t room = j->room ? (size_t)j->room * 2 : NODES_FIRST;

	if (room > UINT32_MAX)
		room = UINT32_MAX;
	j->nodes = xrealloc(j->nodes, room * sizeof(*j->nodes));
	j->room = (uint32_t)room;
}

/* Lists a value from start to end; returns its index. */
static inline uint32_t
add(struct scan *s, enum json_kind kind, const char *start, const char *end)
{
	struct json *j = s->j;
	uint32_t at = j->count;

	if (at == j->room)
		grow(j);
	j->nodes[at] = (struct json_node){
		.start = (uint32_t)(start - s->text),
		.length = (uint32_t)(end - start),
		.next = at + 1,
		.kind = (uint8_t)kind,
	};
	j->count = at + 1;
	return at;
}

static inline bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static __attribute__((noinline)) const char *
skip_space(struct scan *s, const char *p)
{
	s->spaces++;
	while (p < s->end && is_space(*p))
		p++;
	return p;
}

static inline const char *
space(struct scan *s, const char *p)
{
	return p < s->end && (unsigned char)*p <= ' ' ? skip_space(s, p) : p;
}

/* From a byte that is not plain to the closing quote. */
static __attribute__((noinline)) const char *
rest_of_string(struct scan *s, const char *p)
{
	const char *why = "";
	size_t n;

	while (p < s->end && *p != '"') {
		if (*p == '\\') {
			n = json_escape_check(span_of(p,
			    (size_t)(s->end - p)), &why);
			s->escapes++;
		} else if ((unsigned char)*p < 0x20) {
			return fail(s, p, "control character in a string");
		} else {
			n = utf8_sequence(span_of(p, (size_t)(s->end - p)));
			why = "invalid UTF-8";
		}
		if (n == 0)
			return fail(s, p, why);
		p = json_scan_ascii(p + n, s->end);
	}
	return p < s->end ? p : fail(s, p, "");
}

/* p is at the opening quote. */
static inline const char *
string(struct scan *s, const char *p)
{
	const char *q = json_scan_ascii(p + 1, s->end);
	uint32_t escapes = s->escapes, node;

	if (q == s->end || *q != '"') {
		q = rest_of_string(s, q);
		if (!q)
			return NULL;
	}
	node = add(s, JSON_STRING, p, q + 1);
	s->j->nodes[node].escaped = s->escapes != escapes;
	return q + 1;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One digit or more. */
static inline const char *
digits(struct scan *s, const char *p)
{
	const char *start = p;

	while (p < s->end && is_digit(*p))
		p++;
	return p > start ? p : fail(s, p, "a digit is missing");
}

static inline const char *
number(struct scan *s, const char *start)
{
	const char *p = start + (*start == '-'), *whole = p;

	p = digits(s, p);
	if (p && *whole == '0' && p - whole > 1)
		return fail(s, whole, "a number with a leading zero");
	if (p && p < s->end && *p == '.')
		p = digits(s, p + 1);
	if (p && p < s->end && (*p == 'e' || *p == 'E')) {
		p++;
		p = digits(s, p + (p < s->end && (*p == '+' || *p == '-')));
	}
	if (p)
		add(s, JSON_NUMBER, start, p);
	return p;
}

static inline const char *
literal(struct scan *s, const char *p, struct span word, enum json_kind kind)
{
	if ((size_t)(s->end - p) < word.len ||
	    memcmp(p, word.ptr, word.len) != 0)
		return fail(s, p, "expected a value");
	add(s, kind, p, p + word.len);
	return p + word.len;
}

static inline const char *
open_level(struct scan *s, const char *p, bool object)
{
	struct level *l = &s->levels[s->depth];
	unsigned half;

	if (s->depth == LIMIT_JSON_DEPTH)
		return fail(s, p, "nested too deeply");
	s->depth++;
	l->node = add(s, object ? JSON_OBJECT : JSON_ARRAY, p, p + 1);
	l->members = 0;
	l->escapes = s->escapes;
	l->spaces = s->spaces;
	l->object = object;
	if (object) /* in two: one would become a slow string instruction */
		for (half = 0; half < 2; half++)
			memset(&l->seen[half * SEEN_WORDS / 2], 0,
			    sizeof(l->seen) / 2);
	return p + 1;
}

static COLD const char *
fail_repeated(struct scan *s, uint32_t key)
{
	return fail(s, s->text + s->j->nodes[key].start, "duplicate key");
}

/* p is at the closing bracket. */
static inline const char *
close_level(struct scan *s, const char *p)
{
	struct level *l = &s->levels[s->depth - 1];
	struct json_node *n = &s->j->nodes[l->node];
	uint32_t repeated;

	n->length = (uint32_t)(p + 1 - s->text) - n->start;
	n->next = s->j->count;
	n->escaped = (s->escapes != l->escapes ? JSON_ESCAPED : 0) |
	    (s->spaces != l->spaces ? JSON_SPACED : 0);
	s->depth--;
	if (l->members > FEW_KEYS) {
		repeated = json_keys_repeated(s->j, l->node, l->members);
		if (repeated)
			return fail_repeated(s, repeated);
	}
	return p + 1;
}

static bool
is_repeated(const struct scan *s, const struct level *l, uint32_t key)
{
	const struct json_node *nodes = s->j->nodes;
	uint32_t at;

	for (at = l->node + 1; at < key; at = nodes[at + 1].next)
		if (nodes[at].tag == nodes[key].tag &&
		    json_keys_same(s->j, at, key))
			return true;
	return false;
}

/*
 * Tags the key just listed and compares it with the earlier ones if a key of
 * about its tag was there.  Large objects are checked when they close.
 */
static inline bool
note_key(struct scan *s, struct level *l)
{
	uint32_t key = s->j->count - 1;
	struct json_node *n = &s->j->nodes[key];
	struct span inner = json_inner(s->j, key);
	uint64_t *word, bit;
	bool hit;

	n->tag = n->escaped ? json_keys_tag_escaped(inner) :
	    json_keys_tag(inner);
	word = &l->seen[n->tag / 64 % SEEN_WORDS];
	bit = (uint64_t)1 << n->tag % 64;
	hit = *word & bit;
	*word |= bit;
	return !hit || l->members > FEW_KEYS || !is_repeated(s, l, key);
}

/* A key and its colon. */
static inline const char *
member(struct scan *s, const char *p)
{
	struct level *l = &s->levels[s->depth - 1];
	const char *start;

	p = space(s, p);
	start = p;
	if (p == s->end || *p != '"')
		return fail(s, p, "expected a key");
	if (l->members++ == LIMIT_JSON_MEMBERS)
		return fail(s, p, "too many members");
	p = string(s, p);
	if (!p)
		return NULL;
	if (!note_key(s, l))
		return fail(s, start, "duplicate key");
	p = space(s, p);
	if (p == s->end || *p != ':')
		return fail(s, p, "expected ':'");
	return p + 1;
}

/* A whole scalar, or the opening of an array or object. */
static inline const char *
value(struct scan *s, const char *p)
{
	p = space(s, p);
	if (p == s->end)
		return fail(s, p, "");
	switch (*p) {
	case '"':
		return string(s, p);
	case '{':
		return open_level(s, p, true);
	case '[':
		return open_level(s, p, false);
	case 't':
		return literal(s, p, SPAN("true"), JSON_TRUE);
	case 'f':
		return literal(s, p, SPAN("false"), JSON_FALSE);
	case 'n':
		return literal(s, p, SPAN("null"), JSON_NULL);
	default:
		if (is_digit(*p) || *p == '-')
			return number(s, p);
		return fail(s, p, "expected a value");
	}
}

/*
 * After a value or an opening bracket: closes what closes here, then goes to
 * the place of the next value.  With depth 0 the text's value is complete.
 */
static inline const char *
next_value(struct scan *s, const char *p)
{
	struct level *l;

	while (p && s->depth) {
		l = &s->levels[s->depth - 1];
		p = space(s, p);
		if (p == s->end)
			return fail(s, p, "");
		if (*p == (l->object ? '}' : ']')) {
			p = close_level(s, p);
			continue;
		}
		if (s->j->count > l->node + 1) {
			if (*p != ',')
				return fail(s, p, l->object ?
				    "expected ',' or '}'" :
				    "expected ',' or ']'");
			p++;
		}
		return l->object ? member(s, p) : p;
	}
	return p;
}

static const char *
document(struct scan *s)
{
	const char *p = s->text;

	if (s->end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		return fail(s, p, "a byte order mark");
	do {
		p = value(s, p);
		if (p)
			p = next_value(s, p);
	} while (p && s->depth);
	if (!p)
		return NULL;
	p = space(s, p);
	return p == s->end ? p : fail(s, p, "more text after the value");
}

enum rc
json_parse(struct json *j, struct span text, struct err *e)
{
	struct scan s;

	if (text.len == 0)
		text = SPAN("");
	j->text = text.ptr;
	j->count = 0;
	if (text.len > UINT32_MAX)
		return err_set(e, RC_RECORD, "byte %zu: the text is too long",
		    (size_t)UINT32_MAX + 1);
	s.j = j;
	s.text = text.ptr;
	s.end = text.ptr + text.len;
	s.escapes = 0;
	s.spaces = 0;
	s.depth = 0;
	if (document(&s))
		return RC_OK;
	j->count = 0;
	return err_set(e, RC_RECORD, "byte %zu: %s",
	    (size_t)(s.bad - s.text) + 1, s.why);
}
