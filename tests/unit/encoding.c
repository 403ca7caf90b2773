/* SPDX-License-Identifier: MIT */
/* encoding: marks, names, bytes that are not what was said, block seams. */
#include "encoding.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "buf.h"
#include "limits.h"
#include "tap.h"

static struct buf text;
static struct err err;

/* A file with these bytes, open at its start and gone from its folder. */
static int
file_of(struct span bytes)
{
	char path[] = "/tmp/unit-encoding-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	unlink(path);
	return fd;
}

/* All text of these bytes, in `text`; what it ended with. */
static enum rc
read_all(struct span bytes, const char *name)
{
	struct encoding s;
	struct span block;
	int fd = file_of(bytes);
	enum rc rc;

	buf_reset(&text);
	err.text[0] = '\0';
	rc = encoding_open(&s, fd, name, &err);
	if (!rc) {
		do {
			rc = encoding_read(&s, &block, &err);
			if (!rc)
				buf_span(&text, block);
		} while (!rc);
		if (rc != RC_END && encoding_read(&s, &block, &err) != rc)
			rc = RC_OK; /* a failure must stay one */
		encoding_free(&s);
	}
	close(fd);
	return rc;
}

static void
gives(struct span bytes, const char *name, struct span want, const char *what)
{
	enum rc rc = read_all(bytes, name);

	ok(rc == RC_END, "%s: ends (%d %s)", what, rc, err.text);
	is(buf_view(&text), want, what);
}

static void
fails(struct span bytes, const char *name, enum rc want, struct span before,
    const char *words)
{
	enum rc rc = read_all(bytes, name);

	ok(rc == want && strstr(err.text, words), "%s (%d %s)", words, rc,
	    err.text);
	is(buf_view(&text), before, "with the text before it");
}

static void
test_names(void)
{
	struct span none = span_of(NULL, 0);

	gives(SPAN(""), NULL, none, "nothing");
	gives(SPAN("a\xc3\xa9"), NULL, SPAN("a\xc3\xa9"), "UTF-8");
	gives(SPAN("a\xc3\xa9"), "utf8", SPAN("a\xc3\xa9"), "utf8");
	gives(SPAN("a\xe9"), "Latin-1", SPAN("a\xc3\xa9"), "Latin-1");
	gives(SPAN("a\xe9"), "iso-8859-1", SPAN("a\xc3\xa9"), "ISO-8859-1");
	gives(SPAN("\x80"), "windows-1252", SPAN("\xe2\x82\xac"), "CP1252");
	gives(SPAN("\x83\x65"), "SHIFT_JIS", SPAN("\xe3\x83\x86"), "SJIS");
	gives(SPAN("\x1b$B%F\x1b(B"), "ISO-2022-JP", SPAN("\xe3\x83\x86"),
	    "a stateful one");
	fails(SPAN("a"), "none-such", RC_CONFIG, none, "no encoding called");
	fails(SPAN("a"), "UTF-8//IGNORE", RC_CONFIG, none, "no encoding");
	fails(SPAN("a"), "LATIN1//TRANSLIT", RC_CONFIG, none, "no encoding");
}

static void
test_marks(void)
{
	struct span none = span_of(NULL, 0);

	gives(SPAN("\xef\xbb\xbfx"), NULL, SPAN("x"), "UTF-8 mark");
	gives(SPAN("\xef\xbb\xbfx"), "UTF-8", SPAN("x"), "UTF-8 mark, said");
	gives(SPAN("\xef\xbb\xbf"), NULL, none, "a mark alone");
	gives(SPAN("\xef\xbb\xbf\xef\xbb\xbfx"), NULL,
	    SPAN("\xef\xbb\xbfx"), "the second mark is a character");
	gives(SPAN("\xff\xfex\0"), NULL, SPAN("x"), "UTF-16LE mark");
	gives(SPAN("\xfe\xff\0x"), NULL, SPAN("x"), "UTF-16BE mark");
	gives(SPAN("\xfe\xff\0x"), "UTF-16", SPAN("x"), "UTF-16, mark");
	gives(SPAN("\xff\xfex\0"), "utf-16le", SPAN("x"), "UTF-16LE, mark");
	gives(SPAN("x\0"), "UTF-16LE", SPAN("x"), "UTF-16LE, no mark");
	gives(SPAN("\xff\xfe\0\0x\0\0\0"), NULL, SPAN("x"), "UTF-32LE mark");
	gives(SPAN("\0\0\xfe\xff\0\0\0x"), NULL, SPAN("x"), "UTF-32BE mark");
	fails(SPAN("x\0"), "UTF-16", RC_CONFIG, none, "without a byte order");
	fails(SPAN("\xff\xfex\0"), "UTF-16BE", RC_CONFIG, none, "mark says");
	fails(SPAN("\xef\xbb\xbfx"), "latin1", RC_CONFIG, none, "mark says");
}

static void
test_wrong(void)
{
	fails(SPAN("ab\xe9""cd"), NULL, RC_CONFIG, SPAN("ab"),
	    "byte 0xE9 (offset 2) is not UTF-8");
	fails(SPAN("ab\xc3"), NULL, RC_SYSTEM, SPAN("ab"), "is cut");
	fails(SPAN("ab\xf0\x9f\x98"), NULL, RC_SYSTEM, SPAN("ab"), "is cut");
	fails(SPAN("ab\xc3\xc3"), NULL, RC_CONFIG, SPAN("ab"), "not UTF-8");
	fails(SPAN("ab\xed\xa0\x80"), NULL, RC_CONFIG, SPAN("ab"),
	    "byte 0xED");
	fails(SPAN("ab\xc0\x80"), NULL, RC_CONFIG, SPAN("ab"), "byte 0xC0");
	fails(SPAN("a\0b"), NULL, RC_CONFIG, SPAN("a"), "NUL");
	fails(SPAN("a\0\0\0"), "UTF-16LE", RC_CONFIG, SPAN("a"), "NUL");
	fails(SPAN("a\x81"), "CP1252", RC_CONFIG, SPAN("a"),
	    "byte 0x81 (offset 1) is not CP1252");
	fails(SPAN("\xff\xfe""a\0b"), NULL, RC_SYSTEM, SPAN("a"), "is cut");
	fails(SPAN("a\0\x00\xd8""b\0"), "UTF-16LE", RC_CONFIG, SPAN("a"),
	    "not UTF-16LE");
}

/* A character on each place around the end of a block. */
/* The wrong file altogether, whatever its encoding is said to be. */
static void
test_no_text(void)
{
	static const struct {
		struct span bytes;
		const char *words;
	} files[] = {
		{ SPAN("\x1f\x8b\x08\0\0\0"), "gzip -d" },
		{ SPAN("PK\3\4\x14\0\6\0"), "Excel workbook" },
		{ SPAN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "Excel" },
		{ SPAN("\xfd" "7zXZ\0\0"), "xz -d" },
		{ SPAN("\x28\xb5\x2f\xfd\x24"), "zstd -d" },
		{ SPAN("%PDF-1.7\n"), "PDF" },
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		ok(read_all(files[i].bytes, NULL) == RC_CONFIG &&
		    strstr(err.text, files[i].words), "is no text: %s",
		    err.text);
		ok(read_all(files[i].bytes, "WINDOWS-1252") == RC_CONFIG &&
		    strstr(err.text, files[i].words), "nor if one is said");
	}
	gives(SPAN("PK,name\n"), NULL, SPAN("PK,name\n"), "a column PK");
}

static void
test_seams(void)
{
	static char bytes[READ_BLOCK + 64];
	size_t at, bad = 0;

	for (at = READ_BLOCK - 8; at < READ_BLOCK + 8; at++) {
		struct span s = span_of(bytes, at + 8);

		memset(bytes, 'x', sizeof bytes);
		memcpy(bytes + at, "\xf0\x9f\x98\x80", 4);
		bad += read_all(s, NULL) != RC_END ||
		    !span_eq(buf_view(&text), s);
		bytes[at + 2] = 'x';
		bad += read_all(s, NULL) != RC_CONFIG || text.len != at;
		memcpy(bytes + at, "\xf0\x9f\x98\x80", 4);
		s.len = at + 3;
		bad += read_all(s, NULL) != RC_SYSTEM || text.len != at;
		s = span_of(bytes, at + 8);
		bad += read_all(s, "latin1") != RC_END ||
		    text.len != at + 8 + 4;
	}
	ok(bad == 0, "characters across the end of a block (%zu wrong)", bad);
}

int
main(void)
{
	buf_init(&text, 16u << 20, "text");
	test_names();
	test_marks();
	test_wrong();
	test_no_text();
	test_seams();
	buf_free(&text);
	return tap_done();
}
