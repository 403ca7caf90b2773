/* SPDX-License-Identifier: MIT */
/*
 * hubspot_read: how records are read.  A *source* gives pages (a list, a
 * search, ids): each row of a page becomes a record, at once if nothing more
 * has to be asked for it; else it waits in `rows` until it was:
 *
 *   wide    more properties are wanted than an address or a search may name:
 *           pages give ids only, batch reads the rest
 *   linked  the mapping names associations: they are read for a thousand at
 *           a time
 */
#ifndef HUBSPOT_READ_H
#define HUBSPOT_READ_H

#include "hubspot.h"

#define HUBSPOT_LAG_MS 120000 /* search and lists know by then */

#define HUBSPOT_BATCH 100    /* records of a batch */
#define HUBSPOT_PAGE 200     /* records of the longest page: a search's */
#define HUBSPOT_LINKED 1000  /* records whose associations are asked at once */
#define HUBSPOT_ROWS 10000   /* of any answer: more is no answer to us */

/* ---- what is asked for ---- */

/* "association:TYPE", "associations:TYPE" */
struct hubspot_link {
	struct span type;
	bool one, all;  /* which of the two is wanted */
};

struct hubspot_columns {
	struct arena arena;
	struct span *names;    /* properties */
	size_t count, room;
	struct hubspot_link *links;
	size_t link_count, link_room;
	bool known;            /* names has them: without a mapping they are
	                          asked for first */
};

void hubspot_columns_init(struct hubspot_columns *c,
    const struct hubspot_object *o, const struct mapping *m);
void hubspot_columns_free(struct hubspot_columns *c);
/* Without a mapping: all there are, from an answer of the properties. */
enum rc hubspot_columns_take(struct hubspot_columns *c,
    const struct hubspot_object *o, const struct json *j, struct err *e)
    RC_CHECK;
/* "a,b,c", and ["a","b","c"] */
void hubspot_columns_put_path(struct buf *b, const struct hubspot_columns *c);
void hubspot_columns_put_json(struct buf *b, const struct hubspot_columns *c);

/* ---- one record ---- */

struct hubspot_row {
	struct span id;
	struct span modified;  /* canonical; empty where it is not told */
	struct span merged;    /* "51;77": who it was made of */
	bool archived;
	bool unlinked;         /* nobody knows what it is associated with */
	struct span data;      /* the flat object, without its last brace */
};

/*
 * Reads one object of an answer; data goes to `data` (emptied first), the rest
 * to the arena or the answer.  It is archived if it says so; where it does not
 * say, if *row does already.  RC_RECORD: an odd one; *row has its id if there
 * is one.
 */
enum rc hubspot_record_take(struct hubspot_row *row, struct buf *data,
    const struct json *j, uint32_t node, struct arena *a, struct err *e)
    RC_CHECK;
/* `results` of an answer; RC_REMOTE where it has none, or far too many. */
enum rc hubspot_record_results(uint32_t *results, const struct json *j,
    struct err *e) RC_CHECK;
/* A number, or a string of digits, as text; empty if it is neither. */
struct span hubspot_record_id(const struct json *j, uint32_t node,
    struct arena *a);
/* Such text as a number; -1 if it is none. */
int64_t hubspot_record_number(struct span digits);
/* By their number, not by their text. */
int hubspot_record_order(struct span id, struct span other);
/* An instant of an answer in its canonical form; empty if it is none. */
struct span hubspot_record_time(struct span text, struct arena *a);

/* ---- associations of a block of rows ---- */

enum hubspot_doubt {
	HUBSPOT_TOLD,
	HUBSPOT_UNKNOWN,    /* it is not there any more: nothing is said */
	HUBSPOT_FAILED      /* it is to be asked for again */
};

struct hubspot_found {  /* of one row, of one type */
	struct span *ids;
	size_t count, room;
	struct span primary;
	struct span after;  /* there are more; ptr NULL: that is all */
	struct span before; /* where the page began that was asked last */
	struct hubspot_turns turns;
	bool asked;         /* and no answer told of it yet */
	enum hubspot_doubt doubt;
};

struct hubspot_linked {
	const struct hubspot_object *object;
	const struct hubspot_columns *columns;
	struct arena arena;    /* owns all of the block */
	struct hubspot_row *rows; /* each id once */
	size_t count, room;
	size_t link;           /* of columns->links: now asked for */
	size_t asked;          /* rows before it were asked for that */
	struct hubspot_found *found;
	size_t last;           /* where a row was found last */
	size_t looks;          /* at rows, for the answer at hand */
};

/* RC_END: all is known. */
enum rc hubspot_linked_ask(struct hubspot_linked *l, struct web_ask *ask);
enum rc hubspot_linked_take(struct hubspot_linked *l, const struct json *j,
    struct arena *a, struct err *e) RC_CHECK;
/* Is `to`, one of those associated, the primary one?  There is one at most,
 * where the pair of types has such a thing at all. */
bool hubspot_linked_primary(const struct json *j, uint32_t to);

/* ---- rows that wait, and records that go ---- */

struct hubspot_rows {
	struct read_request *req;
	const struct hubspot_object *object;
	const struct hubspot_columns *columns;
	struct buf data;       /* of the record at hand */
	bool stopped;          /* no more records are wanted */
	bool wide;
	bool archived;         /* the page at hand is of such */
	struct arena id_arena;
	struct span *ids;
	size_t id_count, id_room;
	struct hubspot_linked linked;
};

void hubspot_rows_init(struct hubspot_rows *r, struct read_request *req,
    const struct hubspot_object *o, const struct hubspot_columns *c);
void hubspot_rows_free(struct hubspot_rows *r);
/* Once the columns are known: do their names fit where a page is asked for? */
void hubspot_rows_measure(struct hubspot_rows *r, size_t most);
/* One object of a page.  RC_END: no more are wanted. */
enum rc hubspot_rows_add(struct hubspot_rows *r, const struct json *j,
    uint32_t node, struct arena *a, struct err *e) RC_CHECK;
/* The same of one that has all its properties. */
enum rc hubspot_rows_row(struct hubspot_rows *r, const struct json *j,
    uint32_t node, struct arena *a, struct err *e) RC_CHECK;
/* A batch is to read this one, of those there are. */
void hubspot_rows_await(struct hubspot_rows *r, struct span id);
/* What has to be asked before another page is; RC_END: nothing.  `last`: there
 * is no other. */
enum rc hubspot_rows_ask(struct hubspot_rows *r, struct web_ask *ask,
    bool last, struct err *e) RC_CHECK;
enum rc hubspot_rows_take(struct hubspot_rows *r, const struct web_ask *ask,
    const struct json *j, struct arena *a, struct err *e) RC_CHECK;
/* A batch read of these. */
void hubspot_rows_put_read(struct web_ask *ask, const struct hubspot_rows *r,
    const struct span *ids, size_t n, bool archived);
/* One that was asked for and is not given. */
enum rc hubspot_rows_missing(struct hubspot_rows *r, struct span id,
    struct err *e) RC_CHECK;
/* A record that went into another. */
enum rc hubspot_rows_merged(struct hubspot_rows *r, struct span id,
    struct span into, struct span modified, struct err *e) RC_CHECK;

/* ---- the reading ---- */

struct hubspot_reading;

struct hubspot_source {
	size_t names_most; /* bytes of the names that a page may be asked by */
	/* Before all else; or NULL. */
	enum rc (*begin)(struct hubspot_reading *r, struct err *e);
	/* The next page; RC_END: there was the last. */
	enum rc (*ask)(struct hubspot_reading *r, struct web_ask *ask,
	    struct err *e);
	/* Of whatever status.  RC_END: no more is wanted. */
	enum rc (*take)(struct hubspot_reading *r, const struct web_ask *ask,
	    const struct http_answer *a, struct err *e);
};

struct hubspot_reading {
	struct talk *talk;
	struct read_request *req;
	struct hubspot_object object;
	struct hubspot_columns columns;
	struct hubspot_rows rows;
	const struct hubspot_source *source;
	struct json json;      /* of the answer at hand */
	struct arena arena;    /* emptied before each */
	int64_t hi;            /* ms: what was changed until then was read;
	                          0: no answer came yet */
	bool ended;            /* there is no other page */

	/* list, search */
	struct buf after;      /* the page that is next; empty: the first */
	struct hubspot_turns turns;
	struct buf last;       /* the highest id so far */
	bool archived;         /* the second pass: what was archived */
	bool listed;           /* all was */
	bool more;             /* there is a page after this */
	unsigned restarts;     /* since a page came */
	int64_t restarted;     /* the last id it went on from */
	unsigned starts;       /* from the very first page */
	int64_t since, until;  /* search: what changed between, ms */
	/* fetch */
	const struct span *ids;
	size_t id_count, next;
	unsigned char *state;  /* by id */
	unsigned phase;
};

extern const struct hubspot_source hubspot_list, hubspot_search,
    hubspot_fetch, hubspot_plain;

/* An answer's JSON into r->json; what it was refused with. */
enum rc hubspot_reading_answer(struct hubspot_reading *r,
    const struct http_answer *a, struct err *e) RC_CHECK;
/* The same of a page: *results is the node of its rows. */
enum rc hubspot_reading_page(struct hubspot_reading *r,
    const struct http_answer *a, uint32_t *results, struct err *e) RC_CHECK;
/* Adds all of them. */
enum rc hubspot_reading_rows(struct hubspot_reading *r, uint32_t results,
    struct err *e) RC_CHECK;
/* paging.next.after into r->after, r->more. */
enum rc hubspot_reading_turn(struct hubspot_reading *r, struct err *e)
    RC_CHECK;

/* With the first answer: what was changed until then, by HubSpot's clock, is
 * read. */
void hubspot_reading_from(struct hubspot_reading *r, int64_t hi);
/* The end: how far it got, and whether that is all there is. */
enum rc hubspot_reading_done(struct hubspot_reading *r, bool whole,
    struct err *e) RC_CHECK;

/* As web.h has them. */
enum rc hubspot_read(struct talk *t, struct read_request *req, struct err *e)
    RC_CHECK;
enum rc hubspot_read_ids(struct talk *t, struct read_request *req,
    const struct span *ids, size_t n, struct err *e) RC_CHECK;

#endif
