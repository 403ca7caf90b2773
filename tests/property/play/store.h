/* SPDX-License-Identifier: MIT */
/* store: the lines of a side's file, as people edit them. */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>

#include "../../../src/lib/arena.h"
#include "../../../src/lib/buf.h"
#include "../../../src/lib/json.h"

enum { ROW_MEMBERS = 16, STORE_ROWS = 64 };

struct row {
	struct span line; /* as it stands in the file */
	unsigned count;
	struct {
		struct span name, json;
	} member[ROW_MEMBERS];
};

struct store {
	unsigned count;
	struct row *row[STORE_ROWS];
};

/* False when some line is no object, or there is too much. */
bool store_parse(struct store *s, struct span text, struct json *j,
    struct arena *a);
/* The file's bytes. */
void store_print(const struct store *s, struct buf *b);

/* The member as JSON; a NULL span when there is none. */
struct span row_get(const struct row *r, const char *name);
/* A string member without its quotes (ids have no escapes). */
struct span row_word(const struct row *r, const char *name);
/* The member's characters: of a string decoded, else as they stand. */
struct span row_text(const struct row *r, const char *name, struct json *j,
    struct arena *a);
void row_set(struct row *r, const char *name, struct span json);
void row_drop(struct row *r, const char *name);
/* Writes the line anew; ascii: other characters as escapes. */
void row_write(struct row *r, bool ascii, struct arena *a);

#endif
