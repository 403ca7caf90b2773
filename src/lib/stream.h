/* SPDX-License-Identifier: MIT */
/*
 * stream: NDJSON in sections, as crm-stream(5) describes.
 *
 * A section is  begin, lines…, end  of one (system, object).  Its end carries
 * how many identities it held and the sum of their hashes, so that every stage
 * can tell a whole section from a truncated one or a subset.
 *
 * Reading is in two steps so that a stage which recognises a line by its
 * bytes need not parse it: stream_read gives the next line's text;
 * stream_parse makes it a line with an envelope.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "err.h"
#include "json.h"
#include "span.h"

enum line_type {
	LINE_OTHER,     /* an unknown type: passes through untouched */
	LINE_BEGIN,
	LINE_RECORD,
	LINE_SEEN,
	LINE_CHANGE,
	LINE_SAME,
	LINE_OPERATION,
	LINE_CONFLICT,
	LINE_RECEIPT,
	LINE_REJECT,
	LINE_END
};

/* All spans live until the next stream_read. */
struct line {
	struct span text;    /* without LF (and without CR before it) */
	uint64_t number;     /* from 1 */
	enum line_type type; /* and below: only after stream_parse */
	struct json json;
	struct span system, object, entity, id, uid; /* ptr NULL: absent */
};

struct section {
	struct span system, object; /* owned copies */
	struct span entity;         /* from begin, may be empty */
	bool open;                  /* begin seen, end not yet */
	bool full;                  /* begin's mode is "full" */
	uint64_t hash_base;         /* hash_section(system, object) */
	uint64_t count, digest;     /* of identities read so far */
	uint64_t unreadable;        /* lines whose id could not be read */
};

struct stream_out;

struct stream_in {
	int fd;
	struct buf buf;         /* what was read and not yet handed out */
	size_t start;           /* first byte not yet handed out */
	size_t scanned;         /* no LF from start up to here */
	bool skipping;          /* inside a line that was too long */
	uint64_t lines;
	bool eof;
	bool part;              /* a piece of a stream: see below */
	struct stream_out *out; /* flushed when reading would block; or NULL */
	struct arena arena;     /* reset by stream_read */
	struct arena names;     /* the section's; reset by its begin */
	struct section section;
};

/*
 * With `part` set after opening, the input is a piece of a stream, cut between
 * two lines: a line outside any section opens the section it names, and an end
 * closes it though its begin stands in another piece.  What such a section
 * holds proves nothing: only a reader of all pieces can verify it.
 */
void stream_in_open(struct stream_in *in, int fd, struct stream_out *out);
void stream_in_free(struct stream_in *in);
/* Reuse for line->json; once per struct line. */
void stream_line_init(struct line *l);
void stream_line_free(struct line *l);

/*
 * Next line's text.  RC_END at the end of input; RC_RECORD when the line is
 * over LIMIT_LINE (text holds its beginning; the rest is skipped, and inside a
 * section it counts as unreadable); RC_SYSTEM when reading fails or a signal
 * asked us to stop.  Empty lines are skipped.  A last line cut short is no
 * whole JSON text: stream_parse finds that.
 */
enum rc stream_read(struct stream_in *in, struct line *l, struct err *e)
    RC_CHECK;

/*
 * Parses the line and its envelope and keeps the section's books: records,
 * seen, same, changes (by sight: not those with "absent":true) count by id,
 * operations by uid.
 * RC_RECORD: the line is bad (if inside a section: counted as unreadable).
 * RC_SYSTEM: the stream is no stream any more (a section begins inside
 * another, a line belongs to another section than the open one), or it was
 * cut: a last line without LF that is no whole JSON object.
 */
enum rc stream_parse(struct stream_in *in, struct line *l, struct err *e)
    RC_CHECK;

/* The books for a line recognised without parsing. */
void stream_account(struct stream_in *in, struct span id);

/*
 * At `end`: does what was read agree with it?  WHOLE: count and digest match.
 * SUBSET: they do not.  With unreadable lines WHOLE needs count + unreadable
 * to match, and absence must not be inferred.
 */
enum stream_verdict { STREAM_WHOLE, STREAM_SUBSET };
enum stream_verdict stream_verify(const struct stream_in *in,
    const struct line *end);

/* ---- writing ---- */

struct stream_out {
	int fd;
	struct buf buf;         /* written when WRITE_BLOCK is reached */
	enum rc failed;         /* first write failure, sticky... */
	struct err why;         /* ...and said each time */
	uint64_t hash_base;     /* of the section being written */
	uint64_t count, digest;
};

void stream_out_open(struct stream_out *out, int fd);
void stream_out_free(struct stream_out *out);

/*
 * Lines are built in out->buf: append the text, then stream_out_line (adds
 * LF, writes when a block is full).  RC_SYSTEM "reader went away" or disk
 * full; sticky.
 */
enum rc stream_out_line(struct stream_out *out, struct err *e) RC_CHECK;
/* The same for a line copied through. */
enum rc stream_out_copy(struct stream_out *out, struct span text,
    struct err *e) RC_CHECK;
enum rc stream_out_flush(struct stream_out *out, struct err *e) RC_CHECK;

/* Starts the books of a section; the caller writes the begin line itself. */
void stream_out_section(struct stream_out *out, struct span system,
    struct span object);
/* One identity was written (record, seen, change by sight, same). */
void stream_out_account(struct stream_out *out, struct span id);
/* Appends `"count":N,"digest":"…16 hex…"` to out->buf. */
void stream_out_books(struct stream_out *out);

/*
 * `{"type":"seen",…}` for a record that could not be processed; accounted.
 * `known`: members with what could be read of it (`,"stamp":…,"fields":…`), or
 * empty.
 */
enum rc stream_out_seen(struct stream_out *out, struct span system,
    struct span object, struct span id, struct span why, struct span known,
    struct err *e) RC_CHECK;

/* The digest as it stands in text: 16 lower-case hex digits. */
#define STREAM_DIGEST 16

#endif
