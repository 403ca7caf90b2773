/* SPDX-License-Identifier: MIT */
/* literal: jq literals as JSON, and typos named. */
#include "literal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "limits.h"

struct scan {
	const char *at, *end;
	unsigned line;
	unsigned depth;
	struct buf *out;
	struct err *e;
};

static bool
is_word_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_word(char c)
{
	return is_word_start(c) || (c >= '0' && c <= '9');
}

/* Over white space and comments. */
static void
skip_blank(struct scan *s)
{
	for (; s->at < s->end; s->at++) {
		if (*s->at == '#') {
			while (s->at < s->end && *s->at != '\n')
				s->at++;
			if (s->at == s->end)
				return;
		}
		if (*s->at == '\n')
			s->line++;
		else if (*s->at != ' ' && *s->at != '\t' && *s->at != '\r')
			return;
	}
}

static enum rc
refuse(struct scan *s, const char *why)
{
	return err_set(s->e, RC_CONFIG, "line %u: %s", s->line, why);
}

static enum rc
expected(struct scan *s, const char *what)
{
	if (s->at == s->end)
		return err_set(s->e, RC_CONFIG,
		    "line %u: expected %s, found the end", s->line, what);
	return err_set(s->e, RC_CONFIG, "line %u: expected %s, found '%c'",
	    s->line, what, *s->at);
}

/* Copies a string with its escapes; JSON's rules are checked by json_parse. */
static enum rc
take_string(struct scan *s)
{
	const char *start = s->at;

	for (s->at++; s->at < s->end && *s->at != '"'; s->at++) {
		if (*s->at == '\n')
			return refuse(s, "a string goes over the line's end");
		if (*s->at != '\\')
			continue;
		s->at++;
		if (s->at < s->end && *s->at == '(')
			return refuse(s, "a string holds \\(: this file is"
			    " data and is not evaluated; write \\\\(");
	}
	if (s->at >= s->end)
		return refuse(s, "a string does not end");
	s->at++;
	buf_put(s->out, start, (size_t)(s->at - start));
	return RC_OK;
}

static struct span
take_word(struct scan *s)
{
	const char *start = s->at;

	while (s->at < s->end && is_word(*s->at))
		s->at++;
	return span_of(start, (size_t)(s->at - start));
}

static enum rc
take_number(struct scan *s)
{
	const char *start = s->at;

	for (s->at++; s->at < s->end; s->at++)
		if (!is_word(*s->at) && *s->at != '.' && !((*s->at == '-' ||
		    *s->at == '+') && (s->at[-1] == 'e' || s->at[-1] == 'E')))
			break;
	buf_put(s->out, start, (size_t)(s->at - start));
	return RC_OK;
}

static enum rc take_value(struct scan *s) RC_CHECK;

static enum rc
take_key(struct scan *s)
{
	struct span word;
	enum rc rc = RC_OK;

	if (s->at < s->end && *s->at == '"') {
		rc = take_string(s);
	} else if (s->at < s->end && is_word_start(*s->at)) {
		word = take_word(s);
		buf_putc(s->out, '"');
		buf_span(s->out, word);
		buf_putc(s->out, '"');
	} else {
		return expected(s, "a key");
	}
	if (rc)
		return rc;
	skip_blank(s);
	if (s->at == s->end || *s->at != ':')
		return expected(s, "':' after the key");
	s->at++;
	buf_putc(s->out, ':');
	skip_blank(s);
	return RC_OK;
}

/* An object or array: items parted by commas up to the closing bracket. */
static enum rc
take_group(struct scan *s, char close)
{
	enum rc rc;

	if (++s->depth > LIMIT_JSON_DEPTH)
		return refuse(s, "nested too deeply");
	buf_putc(s->out, *s->at++);
	skip_blank(s);
	while (s->at < s->end && *s->at != close) {
		rc = close == '}' ? take_key(s) : RC_OK;
		if (!rc)
			rc = take_value(s);
		if (rc)
			return rc;
		skip_blank(s);
		if (s->at == s->end || *s->at != ',')
			break;
		buf_putc(s->out, *s->at++);
		skip_blank(s);
		if (s->at < s->end && *s->at == close)
			return refuse(s, "nothing after the last comma");
	}
	if (s->at == s->end || *s->at != close)
		return expected(s, close == '}' ? "',' or '}'" : "',' or ']'");
	buf_putc(s->out, *s->at++);
	s->depth--;
	return RC_OK;
}

static enum rc
take_value(struct scan *s)
{
	struct span word;
	char c;

	if (s->at == s->end)
		return expected(s, "a value");
	c = *s->at;
	if (c == '"')
		return take_string(s);
	if (c == '{' || c == '[')
		return take_group(s, c == '{' ? '}' : ']');
	if (c == '-' || (c >= '0' && c <= '9'))
		return take_number(s);
	if (!is_word_start(c))
		return expected(s, "a value");
	word = take_word(s);
	if (!span_eq(word, SPAN("true")) && !span_eq(word, SPAN("false")) &&
	    !span_eq(word, SPAN("null")))
		return err_set(s->e, RC_CONFIG, "line %u: \"%.*s\" is no"
		    " value; a text stands in quotes", s->line,
		    SPAN_ARG(word));
	buf_span(s->out, word);
	return RC_OK;
}

enum rc
literal_json(struct span text, struct buf *out, struct err *e)
{
	struct scan s = { text.ptr, text.ptr + text.len, 1, 0, out, e };
	enum rc rc;

	skip_blank(&s);
	rc = take_value(&s);
	if (rc)
		return rc;
	skip_blank(&s);
	if (s.at != s.end)
		return expected(&s, "nothing more");
	if (out->over)
		return err_set(e, RC_CONFIG, "longer than %zu bytes",
		    out->cap);
	return RC_OK;
}

void
literal_init(struct literal *l)
{
	buf_init(&l->text, LIMIT_MAPPING_FILE, "configuration file");
	json_init(&l->json);
}

void
literal_free(struct literal *l)
{
	json_free(&l->json);
	buf_free(&l->text);
}

enum rc
literal_parse(struct literal *l, struct span text, const char *what,
    struct err *e)
{
	enum rc rc;

	buf_reset(&l->text);
	rc = literal_json(text, &l->text, e);
	if (!rc) {
		rc = json_parse(&l->json, buf_view(&l->text), e);
		if (rc)
			rc = RC_CONFIG;
	}
	if (!rc && json_kind(&l->json, 0) != JSON_OBJECT)
		rc = err_set(e, RC_CONFIG, "must be one object");
	if (rc)
		return err_prefix(e, rc, "%s", what);
	return RC_OK;
}

static enum rc
read_file(int fd, struct buf *b, const char *path, struct err *e)
{
	ssize_t n;

	for (;;) {
		if (!buf_reserve(b, 4096))
			return err_set(e, RC_CONFIG, "%s: longer than %u"
			    " bytes", path, LIMIT_MAPPING_FILE);
		do
			n = read(fd, b->ptr + b->len, b->room - b->len);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return err_errno(e, err_of_file(errno), "%s", path);
		if (n == 0)
			return RC_OK;
		b->len += (size_t)n;
	}
}

enum rc
literal_read(struct buf *raw, const char *path, struct err *e)
{
	enum rc rc;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return RC_END;
	if (fd < 0)
		return err_errno(e, err_of_file(errno), "%s", path);
	rc = read_file(fd, raw, path, e);
	close(fd);
	return rc;
}

enum rc
literal_load(struct literal *l, const char *path, struct err *e)
{
	struct buf raw;
	enum rc rc;

	buf_init(&raw, LIMIT_MAPPING_FILE, "configuration file");
	rc = literal_read(&raw, path, e);
	if (!rc)
		rc = literal_parse(l, buf_view(&raw), path, e);
	buf_free(&raw);
	return rc;
}

struct span
literal_string(const struct json *j, uint32_t node, struct arena *a)
{
	return arena_dup(a, json_string(j, node, a));
}
