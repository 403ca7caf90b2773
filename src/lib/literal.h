/* SPDX-License-Identifier: MIT */
/*
 * literal: configuration written as a jq literal: JSON with comments,
 * unquoted keys and trailing commas left out, as jq itself would read it.
 * Only literals are accepted (no expressions, no "\(interpolation)"), so a
 * file is data: it cannot run, read the environment or loop, keeps its order
 * and the exact text of its numbers, and a key given twice is an error.  The
 * tests hold it against libjq, which reads every accepted file the same way.
 */
#ifndef LITERAL_H
#define LITERAL_H

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "json.h"
#include "span.h"

/* Appends the literal as compact JSON.  RC_CONFIG "line N: reason". */
enum rc literal_json(struct span text, struct buf *out, struct err *e)
    RC_CHECK;

/*
 * A file read as a literal: `text` is owned JSON, `json` its values, node 0
 * an object.  RC_CONFIG with the file's name; RC_END when there is no file.
 */
struct literal {
	struct buf text;
	struct json json;
};

void literal_init(struct literal *l);
void literal_free(struct literal *l);
enum rc literal_load(struct literal *l, const char *path, struct err *e)
    RC_CHECK;
/* A file's bytes, appended; RC_END when there is no file. */
enum rc literal_read(struct buf *raw, const char *path, struct err *e)
    RC_CHECK;
/* The same as literal_load from memory; `what` names it in messages. */
enum rc literal_parse(struct literal *l, struct span text, const char *what,
    struct err *e) RC_CHECK;

/* A string node's characters, copied: they outlive the literal. */
struct span literal_string(const struct json *j, uint32_t node,
    struct arena *a);

/*
 * Every key of the object is one of `known` (NULL-terminated), else RC_CONFIG
 * "unknown key "lable" (did you mean "label"?)".
 */
enum rc literal_keys(const struct json *j, uint32_t object,
    const char *const *known, struct err *e) RC_CHECK;

/* Edits (insert, drop, replace, swap) between two short words, at most 9. */
unsigned literal_distance(struct span a, struct span b);

/* The nearest of `known` to a mistyped word, NULL when none is near. */
const char *literal_nearest(struct span word, const char *const *known);

/* Index of the word in `known`, -1 when it is none of them. */
int literal_index(struct span word, const char *const *known);

#endif
