/* SPDX-License-Identifier: MIT */
/* Reading what json_parse listed; declared in json.h. */
#include "json.h"
#include "json_escape.h"
#include "json_keys.h"

bool
json_is(const struct json *j, uint32_t node, struct span plain)
{
	struct json_escape_reader r;
	size_t i;

	if (json_kind(j, node) != JSON_STRING)
		return false;
	if (!j->nodes[node].escaped)
		return span_eq(json_inner(j, node), plain);
	r = json_escape_read(json_inner(j, node));
	for (i = 0; i < plain.len; i++)
		if (json_escape_next(&r) != (unsigned char)plain.ptr[i])
			return false;
	return json_escape_next(&r) < 0;
}

static bool
is_object(const struct json *j, uint32_t node)
{
	return node < j->count && json_kind(j, node) == JSON_OBJECT;
}

/*
 * The key node that says `name` among those from `key` until `end`, or end.
 * Asking for the kind first lets the processor guess where the next key is
 * instead of waiting for each `next`.
 */
static uint32_t
find(const struct json *j, uint32_t key, uint32_t end, struct span name)
{
	const struct json_node *nodes = j->nodes;
	uint16_t tag = json_keys_tag(name);

	while (key < end) {
		if (nodes[key].tag == tag && json_is(j, key, name))
			return key;
		if (nodes[key + 1].kind < JSON_ARRAY)
			key += 2;
		else
			key = nodes[key + 1].next;
	}
	return end;
}

uint32_t
json_get(const struct json *j, uint32_t object, struct span name)
{
	uint32_t end, key;

	if (!is_object(j, object))
		return 0;
	end = j->nodes[object].next;
	key = find(j, object + 1, end, name);
	return key < end ? key + 1 : 0;
}

uint32_t
json_get_next(const struct json *j, uint32_t object, struct span name,
    uint32_t *at)
{
	uint32_t end, key;

	if (!is_object(j, object))
		return 0;
	end = j->nodes[object].next;
	if (*at <= object || *at > end)
		*at = object + 1;
	key = *at;
	if (key == end || !json_is(j, key, name))
		key = find(j, *at, end, name);
	if (key == end) {
		key = find(j, object + 1, *at, name);
		if (key == *at)
			return 0;
	}
	*at = j->nodes[key + 1].next;
	return key + 1;
}

struct span
json_string(const struct json *j, uint32_t node, struct arena *a)
{
	struct span inner = json_inner(j, node);
	char *out;

	if (!j->nodes[node].escaped)
		return inner;
	out = arena_alloc(a, inner.len);
	return span_of(out, json_escape_decode_all(inner, out));
}

struct span
json_get_string(const struct json *j, uint32_t object, struct span name,
    struct arena *a)
{
	uint32_t node = json_get(j, object, name);

	if (!node || json_kind(j, node) != JSON_STRING)
		return span_of(NULL, 0);
	return json_string(j, node, a);
}

/* Digits with an optional minus and nothing else; false if it does not fit. */
static bool
parse_int(struct span s, int64_t *out)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t most = (uint64_t)INT64_MAX + negative, n = 0;
	size_t i;
	unsigned digit;

	for (i = negative; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		digit = (unsigned)(s.ptr[i] - '0');
		if (n > (most - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = negative ? (n ? -(int64_t)(n - 1) - 1 : 0) : (int64_t)n;
	return true;
}

int64_t
json_get_int(const struct json *j, uint32_t object, struct span name,
    int64_t otherwise)
{
	uint32_t node = json_get(j, object, name);
	int64_t n;

	if (!node || json_kind(j, node) != JSON_NUMBER ||
	    !parse_int(json_text(j, node), &n))
		return otherwise;
	return n;
}

bool
json_get_true(const struct json *j, uint32_t object, struct span name)
{
	uint32_t node = json_get(j, object, name);

	return node && json_kind(j, node) == JSON_TRUE;
}

struct span
json_characters(struct span value, struct arena *a)
{
	struct json j;
	struct err ignored;
	struct span text = value;

	if (value.len < 2 || value.ptr[0] != '"')
		return value;
	text = span_of(value.ptr + 1, value.len - 2);
	if (!memchr(text.ptr, '\\', text.len))
		return text;
	json_init(&j);
	if (json_parse(&j, value, &ignored) == RC_OK)
		text = json_string(&j, 0, a);
	json_free(&j);
	return text;
}
