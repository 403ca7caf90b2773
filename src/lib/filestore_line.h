/* SPDX-License-Identifier: MIT */
/*
 * filestore_line: one record of the store, one JSON object on one line.
 *
 * Four members are the store's: id, uid, version, modified.  All others are
 * the application's.  A version as we write it is
 *
 *     "7.1a2b3c4d.0f12"   NUMBER.CONTENT.TIME
 *
 * NUMBER grows with every write to the store, CONTENT is a hash of all members
 * but version and modified (white space between them does not count), TIME one
 * of `modified`.  People edit these lines: when CONTENT does not fit, somebody
 * changed the record; when TIME does not fit either, they said when.
 */
#ifndef FILESTORE_LINE_H
#define FILESTORE_LINE_H

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "json.h"
#include "span.h"

/* What one parse needs; reused from line to line. */
struct filestore_parser {
	struct json json;
	struct arena arena;
	struct buf content;
};

/* Spans live until the parser's next use and as long as the text. */
struct filestore_line {
	struct span text;     /* the object, without white space around it */
	struct span id;       /* characters, never empty */
	struct span uid;      /* characters, empty when there is none */
	struct span modified; /* RFC 3339 UTC; empty: the file's own time */
	uint64_t number;      /* of its version, 0 when it has none */
	uint32_t content;     /* hash of what stands there now */
	bool stamped;         /* version and modified are ours and fit */
};

void filestore_parser_init(struct filestore_parser *p);
void filestore_parser_free(struct filestore_parser *p);

/* RC_RECORD: no JSON object or no usable id. */
enum rc filestore_line_parse(struct filestore_parser *p, struct span text,
    struct filestore_line *l, struct err *e) RC_CHECK;

/* "7.1a2b3c4d": what a reader is told, and what writers compare. */
#define FILESTORE_VERSION 32
struct span filestore_line_version(const struct filestore_line *l,
    char text[FILESTORE_VERSION]);

/* The store's own members. */
enum filestore_member {
	FILESTORE_OTHER, FILESTORE_ID, FILESTORE_UID, FILESTORE_NUMBER,
	FILESTORE_MODIFIED
};
enum filestore_member filestore_line_member(const struct json *j,
    uint32_t key);

/* Appends `"version":"7.1a2b3c4d.0f12","modified":"…"`, or one of them. */
void filestore_line_put_version(struct buf *b, uint64_t number,
    uint32_t content, struct span modified);
void filestore_line_put_modified(struct buf *b, struct span modified);

/* The hash of canonical content (`"id":…,"name":…}`). */
uint32_t filestore_line_hash(struct span content);

#endif
