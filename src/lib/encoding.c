/* SPDX-License-Identifier: MIT */
/* encoding: bytes to UTF-8, through iconv where they are something else. */
#include "encoding.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "limits.h"
#include "run.h"
#include "utf8.h"
#include "xalloc.h"

/* A byte of the common encodings becomes at most three of UTF-8. */
#define TEXT_ROOM (3u * READ_BLOCK)
#define NO_CONVERTER ((iconv_t)-1)

struct mark {
	const char *name;
	unsigned char bytes[4];
	size_t len;
};

/* UTF-32LE before UTF-16LE, whose mark its own begins with. */
static const struct mark marks[] = {
	{ "UTF-8", { 0xef, 0xbb, 0xbf }, 3 },
	{ "UTF-32LE", { 0xff, 0xfe, 0, 0 }, 4 },
	{ "UTF-32BE", { 0, 0, 0xfe, 0xff }, 4 },
	{ "UTF-16LE", { 0xff, 0xfe }, 2 },
	{ "UTF-16BE", { 0xfe, 0xff }, 2 },
	{ NULL, { 0 }, 0 },
};

/* What such files are often taken for; no text begins so. */
static const struct {
	struct span bytes;
	const char *is, *remedy;
} foreign[] = {
	{ { "\x1f\x8b\x08", 3 }, "packed by gzip", "unpack it (gzip -d)" },
	{ { "\xfd" "7zXZ", 5 }, "packed by xz", "unpack it (xz -d)" },
	{ { "\x28\xb5\x2f\xfd", 4 }, "packed by zstd",
	    "unpack it (zstd -d)" },
	{ { "PK\3\4", 4 }, "an Excel workbook or another ZIP archive",
	    "save it as CSV in UTF-8, or unpack it" },
	{ { "\xd0\xcf\x11\xe0", 4 }, "an Excel workbook",
	    "save it as CSV in UTF-8" },
	{ { "%PDF-", 5 }, "a PDF document", "a table exported as CSV is "
	    "needed" },
};

static const struct {
	const char *said, *meant;
} aliases[] = {
	{ "UTF8", "UTF-8" }, { "UTF16", "UTF-16" }, { "UTF32", "UTF-32" },
	{ "LATIN-1", "ISO-8859-1" }, { "ISO8859-1", "ISO-8859-1" },
	{ "UTF16LE", "UTF-16LE" }, { "UTF16BE", "UTF-16BE" },
};

/* One read(2), again after a signal that did not ask us to stop. */
static enum rc
fill(struct encoding *s, struct err *e)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	if (s->start > 0) {
		memmove(s->raw, s->raw + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	if (s->idle && poll(&p, 1, 0) == 0)
		s->idle(s->idle_arg);
	do
		n = read(s->fd, s->raw + s->end, READ_BLOCK - s->end);
	while (n < 0 && errno == EINTR && !run_stopping());
	if (n < 0)
		return err_errno(e, RC_SYSTEM, "reading");
	s->eof = n == 0;
	s->end += (size_t)n;
	s->bytes_done += (uint64_t)n;
	return RC_OK;
}

/* A line end that no quote that is still open may belong to. */
static bool
has_line(const struct encoding *s)
{
	bool open = false;

	for (size_t i = 0; i < s->end; i++) {
		open ^= s->raw[i] == '"';
		if (!open && s->raw[i] == '\n')
			return true;
	}
	return false;
}

/* So much that neither a mark nor a header line is cut. */
static enum rc
fill_first(struct encoding *s, struct err *e)
{
	enum rc rc = RC_OK;

	while (!rc && !s->eof && s->end < READ_BLOCK && !has_line(s))
		rc = fill(s, e);
	return rc;
}

static const struct mark *
mark_of(const struct encoding *s)
{
	const struct mark *m = marks;

	while (m->name && (s->end < m->len ||
	    memcmp(s->raw, m->bytes, m->len) != 0))
		m++;
	return m->name ? m : NULL;
}

static const char *
meant(const char *said)
{
	size_t i;

	if (!said || !*said)
		return NULL;
	for (i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (strcasecmp(said, aliases[i].said) == 0)
			return aliases[i].meant;
	return said;
}

/* The wrong file altogether is told before anybody asks for its encoding. */
static enum rc
check_text(const struct encoding *s, struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (s->end >= foreign[i].bytes.len && memcmp(s->raw,
		    foreign[i].bytes.ptr, foreign[i].bytes.len) == 0)
			return err_set(e, RC_CONFIG, "the file is %s, no "
			    "text: %s", foreign[i].is, foreign[i].remedy);
	return RC_OK;
}

/* "UTF-16" and "UTF-32" leave the byte order to the mark. */
static bool
order_open(const char *name)
{
	return strcasecmp(name, "UTF-16") == 0 ||
	    strcasecmp(name, "UTF-32") == 0;
}

/* The mark's encoding is the said one, or the said one with its order. */
static bool
mark_fits(const struct mark *m, const char *name)
{
	if (order_open(name))
		return strncasecmp(m->name, name, strlen(name)) == 0;
	return strcasecmp(m->name, name) == 0;
}

/* What was said and what the mark says, brought together in s->name. */
static enum rc
settle(struct encoding *s, const char *said, struct err *e)
{
	const struct mark *m = mark_of(s);
	const char *name = meant(said);

	if (m && name && !mark_fits(m, name))
		return err_set(e, RC_CONFIG, "the byte order mark says %s, "
		    "--encoding says %s", m->name, said);
	if (!m && name && order_open(name))
		return err_set(e, RC_CONFIG, "%s without a byte order mark: "
		    "give --encoding %sLE or %sBE", name, name, name);
	if (m) {
		s->start = m->len;
		name = m->name;
	}
	s->name = name && strcasecmp(name, "UTF-8") == 0 ? NULL : name;
	return RC_OK;
}

/* "//IGNORE" and "//TRANSLIT" would drop or change data: no slashes. */
static enum rc
open_converter(struct encoding *s, struct err *e)
{
	if (!s->name)
		return RC_OK;
	if (!strchr(s->name, '/') && strcasecmp(s->name, "char") != 0)
		s->converter = iconv_open("UTF-8", s->name);
	if (s->converter == NO_CONVERTER)
		return err_set(e, RC_CONFIG, "no encoding called \"%s\" "
		    "(iconv -l lists them)", s->name);
	s->text = xmalloc(TEXT_ROOM);
	return RC_OK;
}

enum rc
encoding_open(struct encoding *s, int fd, const char *name, struct err *e)
{
	enum rc rc;

	*s = (struct encoding){ .fd = fd, .converter = NO_CONVERTER };
	s->raw = xmalloc(READ_BLOCK);
	rc = fill_first(s, e);
	if (!rc)
		rc = check_text(s, e);
	if (!rc)
		rc = settle(s, name, e);
	if (!rc)
		rc = open_converter(s, e);
	if (rc)
		encoding_free(s);
	return rc;
}

void
encoding_free(struct encoding *s)
{
	if (s->converter != NO_CONVERTER)
		iconv_close(s->converter);
	free(s->raw);
	free(s->text);
	*s = (struct encoding){ .fd = -1, .converter = NO_CONVERTER };
}

/* The failure the next read answers: text before it goes out first. */
static void
fail_at(struct encoding *s, size_t at)
{
	uint64_t offset = s->bytes_done - (s->end - at);

	if (s->name)
		s->failed = err_set(&s->why, RC_CONFIG, "byte 0x%02X (offset "
		    "%llu) is not %s; give --encoding as the file really is",
		    s->raw[at], (unsigned long long)offset, s->name);
	else
		s->failed = err_set(&s->why, RC_CONFIG, "byte 0x%02X (offset "
		    "%llu) is not UTF-8; give --encoding ISO-8859-1 or "
		    "WINDOWS-1252 if the file comes from there",
		    s->raw[at], (unsigned long long)offset);
}

/* The last bytes begin a character. */
static void
fail_cut(struct encoding *s)
{
	s->failed = err_set(&s->why, RC_SYSTEM, "the file ends inside a "
	    "character: it is cut");
}

static void
fail_nul(struct encoding *s)
{
	s->failed = err_set(&s->why, RC_CONFIG, s->name ?
	    "a NUL character; text has none" :
	    "a NUL byte; text has none (if the file is UTF-16, give "
	    "--encoding UTF-16LE or UTF-16BE)");
}

/* Cuts the text before its first NUL. */
static void
refuse_nul(struct encoding *s, struct span *text)
{
	const char *nul = text->len ? memchr(text->ptr, 0, text->len) : NULL;

	if (!nul)
		return;
	text->len = (size_t)(nul - text->ptr);
	fail_nul(s);
}

/* Could these last bytes be the beginning of a longer character? */
static bool
unfinished(const unsigned char *p, size_t n)
{
	size_t need = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	size_t i;

	if (p[0] < 0xc2 || p[0] > 0xf4 || n >= need)
		return false;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

static void
take_utf8(struct encoding *s, struct span *text)
{
	struct span all = span_of((char *)s->raw + s->start,
	    s->end - s->start);
	size_t valid = utf8_valid(all);

	*text = span_of(all.ptr, valid);
	s->start += valid;
	if (valid == all.len)
		return;
	if (!unfinished(s->raw + s->start, all.len - valid))
		fail_at(s, s->start);
	else if (s->eof)
		fail_cut(s);
}

static void
convert(struct encoding *s, struct span *text)
{
	char *in = (char *)s->raw + s->start, *out = s->text;
	size_t left = s->end - s->start, room = TEXT_ROOM;
	size_t r;

	errno = 0;
	r = iconv(s->converter, &in, &left, &out, &room);
	s->start = s->end - left;
	if (r == (size_t)-1 && errno == EILSEQ)
		fail_at(s, s->start);
	else if (r == (size_t)-1 && errno == EINVAL && s->eof)
		fail_cut(s);
	if (!s->failed && s->eof && left == 0 && !s->flushed) {
		iconv(s->converter, NULL, NULL, &out, &room);
		s->flushed = true;
	}
	*text = span_of(s->text, TEXT_ROOM - room);
}

static bool
drained(const struct encoding *s)
{
	return s->eof && s->start == s->end &&
	    (s->converter == NO_CONVERTER || s->flushed);
}

enum rc
encoding_read(struct encoding *s, struct span *text, struct err *e)
{
	enum rc rc;

	for (;;) {
		if (s->failed) {
			*e = s->why;
			return s->failed;
		}
		if (drained(s))
			return RC_END;
		*text = span_of(NULL, 0);
		if (s->converter == NO_CONVERTER)
			take_utf8(s, text);
		else
			convert(s, text);
		refuse_nul(s, text);
		if (text->len > 0)
			return RC_OK;
		if (s->failed || s->eof)
			continue;
		rc = fill(s, e);
		if (rc)
			return rc;
	}
}
