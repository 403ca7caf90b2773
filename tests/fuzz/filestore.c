/* SPDX-License-Identifier: MIT */
/*
 * Whatever a line of the store is: when it is a record, it can be changed, and
 * what comes out is a record again, of the same id, that fits its version and
 * has the other members as they were.  Whatever a journal is: reading it
 * through ends before its first line that is not as we write them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "filestore_journal.h"
#include "filestore_merge.h"
#include "filestore_review.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct filestore_parser parser, again;
static struct json patch;
static struct buf line, old, id;
static FILE *journal;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
start(void)
{
	struct err e;

	if (line.cap)
		return;
	filestore_parser_init(&parser);
	filestore_parser_init(&again);
	json_init(&patch);
	must(!json_parse(&patch, SPAN("{\"a\":null,\"name\":[1]}"), &e));
	buf_init(&line, 3 * (size_t)LIMIT_LINE, "line");
	buf_init(&old, 3 * (size_t)LIMIT_LINE, "line");
	buf_init(&id, LIMIT_ID, "id");
	journal = tmpfile();
	must(journal != NULL);
}

/* All members but ours and those of the patch. */
static void
check_members(void)
{
	const struct json *was = &parser.json, *is = &again.json;
	uint32_t other;

	for (JSON_EACH(was, 0, key, value)) {
		if (json_is(was, key, SPAN("version")) ||
		    json_is(was, key, SPAN("modified")) ||
		    json_is(was, key, SPAN("a")) ||
		    json_is(was, key, SPAN("name")))
			continue;
		other = json_get(is, 0, json_string(was, key, &again.arena));
		must(other && span_eq(json_text(was, value),
		    json_text(is, other)));
	}
}

static void
check_line(struct span text)
{
	struct filestore_line l, made;
	struct err e;

	if (filestore_line_parse(&parser, text, &l, &e))
		return;
	buf_reset(&line);
	buf_reset(&old);
	buf_reset(&id);
	buf_span(&id, l.id);
	must(l.modified.len == 0 || l.modified.len >= 20);
	(void)filestore_merge(&parser, &patch, true, 5,
	    SPAN("2026-11-20T12:00:00.000Z"), &line, &old);
	must(!filestore_merge_seal(&again, &line, 0, &made, &e));
	must(!filestore_line_parse(&again, buf_view(&line), &made, &e));
	must(made.stamped && span_eq(made.id, buf_view(&id)));
	check_members();
}

static void
check_journal(struct span text)
{
	struct filestore_review r;
	struct err e;
	int fd = fileno(journal);

	must(ftruncate(fd, 0) == 0);
	must(pwrite(fd, text.ptr, text.len, 0) == (ssize_t)text.len);
	if (!filestore_review(&r, fd, false, &e)) {
		must(r.good <= text.len);
		must(r.good == 0 || text.ptr[r.good - 1] == '\n');
		must(r.torn || r.good == text.len);
	}
	filestore_review_free(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);

	start();
	check_line(text);
	check_journal(text);
	return 0;
}
