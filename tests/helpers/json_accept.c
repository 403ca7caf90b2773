/* SPDX-License-Identifier: MIT */
/*
 * json_accept: says of each text on stdin (one a line, in hexadecimal) what
 * json_parse says: "1" and the canonical form, or "0" and the reason.
 */
#include <stdio.h>
#include <stdlib.h>

#include "json.h"

#define TEXT_BYTES (1u << 20)

static unsigned
hex(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static size_t
decode(const char *line, char *out)
{
	size_t n = 0;

	for (; line[0] && line[1] && line[0] != '\n'; line += 2)
		out[n++] = (char)(hex(line[0]) << 4 | hex(line[1]));
	return n;
}

/* From memory of exactly the text's size. */
static void
judge(const char *text, size_t size, struct arena *arena, struct buf *out)
{
	char *exact = malloc(size ? size : 1);
	struct json json;
	struct err err;

	if (!exact)
		abort();
	memcpy(exact, text, size);
	json_init(&json);
	buf_reset(out);
	arena_reset(arena);
	if (json_parse(&json, span_of(exact, size), &err)) {
		printf("0 %s\n", err.text);
	} else {
		json_put_value(out, &json, 0, arena);
		printf("1 %.*s\n", SPAN_ARG(buf_view(out)));
	}
	json_free(&json);
	free(exact);
}

int
main(void)
{
	static char line[2 * TEXT_BYTES + 2], text[TEXT_BYTES];
	struct arena arena;
	struct buf out;

	arena_init(&arena);
	buf_init(&out, 8 * TEXT_BYTES, "text");
	while (fgets(line, sizeof(line), stdin))
		judge(text, decode(line, text), &arena, &out);
	buf_free(&out);
	arena_free(&arena);
	return ferror(stdin) || fflush(stdout) ? 3 : 0;
}
