/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hash.h"
#include "limits.h"
#include "tap.h"

static struct err why;

#define BEGIN "{\"type\":\"begin\",\"system\":\"a\",\"object\":\"o\"," \
	"\"entity\":\"e\",\"mode\":\"full\"}\n"
#define RECORD(id) "{\"type\":\"record\",\"system\":\"a\",\"object\":\"o\"," \
	"\"id\":\"" id "\"}\n"

struct reader {
	struct stream_in in;
	struct line line;
};

/* A reader of this text, given through a file. */
static struct reader *
reading(const char *text, size_t len)
{
	struct reader *r = calloc(1, sizeof *r);
	FILE *f = tmpfile();

	if (!r || !f || fwrite(text, 1, len, f) != len || fflush(f) != 0)
		abort();
	rewind(f);
	stream_in_open(&r->in, dup(fileno(f)), NULL);
	stream_line_init(&r->line);
	fclose(f);
	return r;
}

static struct reader *
reading_str(const char *text)
{
	return reading(text, strlen(text));
}

static void
done(struct reader *r)
{
	close(r->in.fd);
	stream_line_free(&r->line);
	stream_in_free(&r->in);
	free(r);
}

static enum rc
next(struct reader *r)
{
	enum rc rc = stream_read(&r->in, &r->line, &why);

	return rc ? rc : stream_parse(&r->in, &r->line, &why);
}

static void
test_lines(void)
{
	struct reader *r = reading_str("\n{\"type\":\"x\"}\r\n\n\r\n{}");

	ok(next(r) == RC_OK && r->line.number == 2 &&
	    r->line.type == LINE_OTHER, "empty lines are skipped");
	is(r->line.text, SPAN("{\"type\":\"x\"}"), "CR LF ends a line");
	ok(next(r) == RC_OK && r->line.number == 5, "a last one without LF");
	ok(next(r) == RC_END && next(r) == RC_END, "the end");
	done(r);
	r = reading_str("nonsense\n[1]\n{\"id\":5}\n{\"type\":\"hello\"}\n");
	ok(next(r) == RC_RECORD, "no JSON: %s", why.text);
	ok(next(r) == RC_RECORD, "no object: %s", why.text);
	ok(next(r) == RC_RECORD, "an id that is no string: %s", why.text);
	ok(next(r) == RC_OK, "and then it goes on");
	done(r);
}

/* Who looks for names by their bytes must not miss one. */
static void
test_names(void)
{
	struct reader *r = reading_str(BEGIN
	    "{\"t\\u0079pe\":\"record\",\"system\":\"a\",\"object\":\"o\","
	    "\"id\":\"1\"}\n"
	    "{\"type\":\"change\",\"system\":\"a\",\"object\":\"o\","
	    "\"id\":\"1\",\"\\u0061bsent\":true}\n"
	    "{\"type\":\"x\",\"a\\/b\":1,\"caf\\u00e9\":2}\n");

	ok(next(r) == RC_OK && next(r) == RC_RECORD &&
	    strstr(why.text, "escape"), "a name with an escape: %s", why.text);
	ok(next(r) == RC_RECORD && r->in.section.unreadable == 2,
	    "of a member that is looked for later, too");
	ok(next(r) == RC_OK, "those of others are theirs");
	done(r);
}

static void
test_books(void)
{
	struct reader *r = reading_str(BEGIN RECORD("1") RECORD("2")
	    "{\"type\":\"end\",\"system\":\"a\",\"object\":\"o\","
	    "\"count\":2,\"digest\":\"0000000000000000\"}\n");
	uint64_t base = hash_section(SPAN("a"), SPAN("o"));

	ok(next(r) == RC_OK && r->in.section.open && r->in.section.full,
	    "a section begins");
	is(r->in.section.entity, SPAN("e"), "with its entity");
	ok(next(r) == RC_OK && next(r) == RC_OK && r->in.section.count == 2 &&
	    r->in.section.digest == hash_identity(base, SPAN("1")) +
	    hash_identity(base, SPAN("2")), "records are counted");
	ok(next(r) == RC_OK && !r->in.section.open &&
	    stream_verify(&r->in, &r->line) == STREAM_SUBSET,
	    "another digest: not whole");
	done(r);
}

/* What is written is whole; without any one line, or out of step, it is not. */
static void
test_whole(void)
{
	static const char *const ids[] = { "1", "2", "\xc3\xa4", "4" };
	char text[4096];
	struct stream_out out;
	struct reader *r;
	size_t len = 0;
	int fds[2];

	if (pipe(fds) != 0)
		abort();
	stream_out_open(&out, fds[1]);
	stream_out_section(&out, SPAN("a"), SPAN("o"));
	ok(!stream_out_copy(&out, span_of(BEGIN, sizeof BEGIN - 2), &why),
	    "written");
	for (size_t i = 0; i < 4; i++)
		if (stream_out_seen(&out, SPAN("a"), SPAN("o"),
		    span_str(ids[i]), SPAN("test"), SPAN(""), &why))
			abort();
	BUF_LIT(&out.buf, "{\"type\":\"end\",\"system\":\"a\","
	    "\"object\":\"o\",");
	stream_out_books(&out);
	BUF_LIT(&out.buf, "}");
	ok(!stream_out_line(&out, &why) && !stream_out_flush(&out, &why),
	    "and flushed");
	len = (size_t)read(fds[0], text, sizeof text);
	close(fds[0]);
	close(fds[1]);
	stream_out_free(&out);
	for (int drop = -1; drop < 4; drop++) {
		r = reading(text, len);
		for (int i = -1; i < 5; i++) {
			if (stream_read(&r->in, &r->line, &why))
				abort();
			if (i >= 0 && i == drop)
				continue;
			if (stream_parse(&r->in, &r->line, &why))
				abort();
		}
		ok(stream_verify(&r->in, &r->line) == (drop < 0 ?
		    STREAM_WHOLE : STREAM_SUBSET), "without line %d", drop);
		done(r);
	}
}

static void
refuses(const char *text, const char *what)
{
	struct reader *r = reading_str(text);
	enum rc rc;

	do
		rc = next(r);
	while (rc == RC_OK);
	ok(rc == RC_SYSTEM, "%s: %s", what, why.text);
	done(r);
}

static void
test_order(void)
{
	refuses(RECORD("1"), "a record before begin");
	refuses(BEGIN BEGIN, "begin inside");
	refuses(BEGIN "{\"type\":\"record\",\"system\":\"b\","
	    "\"object\":\"o\",\"id\":\"1\"}\n", "another system's record");
	refuses(BEGIN "{\"type\":\"end\",\"system\":\"a\","
	    "\"object\":\"p\"}\n", "another object's end");
	refuses("{\"type\":\"end\",\"system\":\"a\",\"object\":\"o\"}\n",
	    "an end without begin");
	refuses("{\"type\":\"begin\",\"system\":\"\",\"object\":\"o\"}\n",
	    "no system");
}

static void
test_ids(void)
{
	struct reader *r = reading_str(BEGIN RECORD("") RECORD("a\\u0000b")
	    "{\"type\":\"record\",\"system\":\"a\",\"object\":\"o\"}\n"
	    RECORD("1"));

	ok(next(r) == RC_OK && next(r) == RC_RECORD && next(r) == RC_RECORD &&
	    next(r) == RC_RECORD, "an empty id, a NUL in it, none at all");
	ok(r->in.section.unreadable == 3 && r->in.section.count == 0,
	    "count as unreadable");
	ok(next(r) == RC_OK && r->in.section.count == 1, "and it goes on");
	done(r);
}

static void
test_long(void)
{
	size_t len = LIMIT_LINE + 100;
	char *text = malloc(len + sizeof BEGIN RECORD("1") + 100);
	size_t at = sizeof BEGIN - 1;
	struct reader *r;

	if (!text)
		abort();
	memcpy(text, BEGIN, at);
	memset(text + at, 'x', len);
	at += len;
	text[at++] = '\n';
	memcpy(text + at, RECORD("1"), sizeof RECORD("1") - 1);
	at += sizeof RECORD("1") - 1;
	r = reading(text, at);
	ok(next(r) == RC_OK && next(r) == RC_RECORD &&
	    r->in.section.unreadable == 1, "too long a line: %s", why.text);
	ok(next(r) == RC_OK && r->in.section.count == 1 &&
	    r->line.number == 3, "the next one is read");
	done(r);
	free(text);
}

int
main(void)
{
	test_lines();
	test_names();
	test_books();
	test_whole();
	test_order();
	test_ids();
	test_long();
	return tap_done();
}
