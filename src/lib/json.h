/* SPDX-License-Identifier: MIT */
/*
 * json: strict JSON as spans of the text it came in.
 *
 * json_parse validates a whole text (RFC 8259: grammar, UTF-8, escapes, no
 * lone surrogates, no raw control characters, no duplicate keys in an object,
 * depth and member ceilings) and lists its values in one pass, in document
 * order.  Nothing is copied and nothing converted: numbers keep their text.
 *
 * Nodes stand in document order.  An object's children alternate: key node,
 * value node.  A node's `next` is the index just after its whole subtree.
 * Node 0 is the root, hence 0 also says "none" where a child is meant.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "span.h"

enum json_kind {
	JSON_NULL = 1,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

#define JSON_ESCAPED 1 /* a backslash in it */
#define JSON_SPACED 2  /* array, object: white space in it, not in strings */

struct json_node {
	uint32_t start;  /* offset of the first byte (a string's quote) */
	uint32_t length; /* bytes of text, quotes or brackets included */
	uint32_t next;   /* index of the node after this subtree */
	uint8_t kind;    /* enum json_kind */
	uint8_t escaped; /* JSON_ESCAPED, JSON_SPACED */
	uint16_t tag;    /* a key: 16 bits of a hash of its characters */
};

struct json {
	const char *text;        /* not owned; must outlive the nodes' use */
	struct json_node *nodes; /* owned, reused by the next parse */
	uint32_t count;          /* nodes in use */
	uint32_t room;           /* nodes allocated */
	uint64_t *table;         /* owned: finds equal keys in large objects */
	size_t table_room;
};

void json_init(struct json *j);
void json_free(struct json *j);

/*
 * RC_OK, or RC_RECORD with "byte N: reason" (the first byte is 1; the reason
 * never quotes the text).  White space around the value is accepted; anything
 * else after it is not.  Texts up to 4 GiB.
 */
enum rc json_parse(struct json *j, struct span text, struct err *e) RC_CHECK;

static inline enum json_kind
json_kind(const struct json *j, uint32_t node)
{
	return (enum json_kind)j->nodes[node].kind;
}

/* A value's text as it stands, quotes and brackets included. */
static inline struct span
json_text(const struct json *j, uint32_t node)
{
	const struct json_node *n = &j->nodes[node];

	return span_of(j->text + n->start, n->length);
}

/* A string's bytes between its quotes, escapes untouched. */
static inline struct span
json_inner(const struct json *j, uint32_t node)
{
	const struct json_node *n = &j->nodes[node];

	return span_of(j->text + n->start + 1, n->length - 2);
}

/* for (JSON_EACH(j, object, key, value)) */
#define JSON_EACH(j, object, key, value)                                    \
	uint32_t key = (object) + 1, value = key + 1;                       \
	key < (j)->nodes[object].next;                                      \
	key = (j)->nodes[value].next, value = key + 1

/* for (JSON_ITEMS(j, array, item)) */
#define JSON_ITEMS(j, array, item)                                          \
	uint32_t item = (array) + 1;                                        \
	item < (j)->nodes[array].next;                                      \
	item = (j)->nodes[item].next

/* The string (or key) node equals these bytes once unescaped. */
bool json_is(const struct json *j, uint32_t node, struct span plain);

/* Value node of a member by name, 0 when absent or `object` is none. */
uint32_t json_get(const struct json *j, uint32_t object, struct span name);

/*
 * As json_get, for many members of one object: looks first where the last
 * one found ended, so that names in the object's own order cost one
 * comparison each.  *at starts as 0 and belongs to that object of that parse.
 */
uint32_t json_get_next(const struct json *j, uint32_t object,
    struct span name, uint32_t *at);

/*
 * A string's characters: the text's own bytes, or an unescaped copy in the
 * arena.  May hold NUL bytes (\u0000).
 */
struct span json_string(const struct json *j, uint32_t node, struct arena *a);

/* The characters of a canonical string by itself; of any other value its text.
 * In the value, or in `a`. */
struct span json_characters(struct span value, struct arena *a);

/* Member `name` as a string; empty span (ptr NULL) if absent or no string. */
struct span json_get_string(const struct json *j, uint32_t object,
    struct span name, struct arena *a);

/* Member `name` as an integer that fits; `otherwise` if not one. */
int64_t json_get_int(const struct json *j, uint32_t object, struct span name,
    int64_t otherwise);

/* Member `name` is literally true. */
bool json_get_true(const struct json *j, uint32_t object, struct span name);

/*
 * Writing.  Our one canonical form of a string: valid UTF-8 as it is, only
 * '"', '\\' and controls below 0x20 escaped (\b \f \n \r \t, else \u00xx).
 */
void json_put_string(struct buf *b, struct span utf8);   /* with quotes */
void json_put_escaped(struct buf *b, struct span utf8);  /* without */

/* The value in canonical form: no white space, strings and keys as above,
 * members in the order they stand, numbers as they stand.  Equal texts mean
 * equal values, not the other way round (1.0 and 1.00). */
void json_put_value(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a);

/* `"name":"text"` with a comma before it unless it is the first of its object;
 * the first of these leaves an empty text out, the second does not. */
void json_put_member(struct buf *b, const char *name, struct span text);
void json_put_text(struct buf *b, const char *name, struct span text);

/* `"name":` with a comma before it unless it is the first of its object. */
void json_put_key(struct buf *b, struct span name);

#endif
