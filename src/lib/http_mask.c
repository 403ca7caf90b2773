/* SPDX-License-Identifier: MIT */
#include "http_mask.h"

#include <strings.h>

#include "http_words.h"

#define HIDDEN SPAN("***")

/* Headers that hold one, by any part of the name. */
static const char *const secret_parts[] = { "authorization", "cookie",
	"token", "secret", "password", "passwd", "api-key", "apikey", "hapikey",
	"signature", "assertion", "session", "credential", NULL };
/* As a whole name: too short to be looked for within others. */
static const char *const secret_names[] = { "code", "key", "state", "sig",
	"auth", "code_verifier", NULL };
/* Members of JSON that say what happened, not to whom. */
static const char *const told_names[] = { "id", "status", "category",
	"subCategory", "code", "errorCode", "error", "type", "correlationId",
	"total", NULL };

static bool
same(struct span s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

static bool
is_one_of(struct span s, const char *const *words)
{
	for (; *words; words++)
		if (same(s, *words))
			return true;
	return false;
}

static bool
holds(struct span s, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= s.len; i++)
		if (strncasecmp(s.ptr + i, part, len) == 0)
			return true;
	return false;
}

static bool
is_surely_secret(struct span name)
{
	for (const char *const *part = secret_parts; *part; part++)
		if (holds(name, *part))
			return true;
	return false;
}

static bool
is_secret(struct span name)
{
	return is_surely_secret(name) || is_one_of(name, secret_names);
}

/* Up to the first of the characters; *s is what follows. */
static struct span
take_until(struct span *s, const char *ends)
{
	size_t n = 0;
	struct span taken;

	while (n < s->len && !(s->ptr[n] && strchr(ends, s->ptr[n])))
		n++;
	taken = span_of(s->ptr, n);
	*s = span_of(s->ptr + n, s->len - n);
	return taken;
}

static void
put_char(struct buf *b, struct span *s)
{
	char c = s->ptr[0];

	buf_putc(b, (unsigned char)c < ' ' || c == 127 ? ' ' : c);
	*s = span_of(s->ptr + 1, s->len - 1);
}

static void
put_clean(struct buf *b, struct span s)
{
	while (s.len)
		put_char(b, &s);
}

void
http_mask_header(struct buf *b, struct span line)
{
	struct span name = take_until(&line, ":");

	put_clean(b, name);
	if (is_secret(name) && line.len)
		BUF_LIT(b, ": ***");
	else if (same(name, "location") && line.len)
		http_mask_url(b, line, false);
	else
		put_clean(b, line);
}

/* A part of a path or query; "a%40b" is a mailbox too. */
static void
put_part(struct buf *b, struct span s)
{
	if ((s.len && memchr(s.ptr, '@', s.len)) || holds(s, "%40"))
		s = HIDDEN;
	put_clean(b, s);
}

/* "name=value&name=value", and the same after a '#' */
static void
put_form(struct buf *b, struct span s, bool all)
{
	while (s.len) {
		struct span name = take_until(&s, "=&#");

		put_part(b, name);
		if (s.len && s.ptr[0] == '=') {
			struct span value;

			put_char(b, &s);
			value = take_until(&s, "&#");
			put_part(b, all || is_secret(name) ? HIDDEN : value);
		}
		if (s.len)
			put_char(b, &s);
	}
}

void
http_mask_url(struct buf *b, struct span url, bool all)
{
	struct span path = take_until(&url, "?#");

	while (path.len) {
		put_part(b, take_until(&path, "/"));
		if (path.len)
			put_char(b, &path);
	}
	if (url.len)
		put_char(b, &url);
	put_form(b, url, all);
}

/* ---- JSON, which may be cut or wrong ---- */

/* A string's inner text. */
static struct span
take_string(struct span *s)
{
	size_t n = 1;
	struct span inner;

	while (n < s->len && s->ptr[n] != '"')
		n += s->ptr[n] == '\\' && n + 1 < s->len ? 2 : 1;
	inner = span_of(s->ptr + 1, n - 1);
	n += n < s->len;
	*s = span_of(s->ptr + n, s->len - n);
	return inner;
}

static bool
is_name(struct span after)
{
	while (after.len && strchr(" \t\r\n", after.ptr[0]))
		after = span_of(after.ptr + 1, after.len - 1);
	return after.len && after.ptr[0] == ':';
}

/* A name that is no word may itself be a person's. */
static bool
is_word(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '_' || c == '-' ||
		    c == '.'))
			return false;
	}
	return s.len > 0;
}

struct place {
	struct span name;  /* of the value that comes */
	size_t depth;
	size_t secret;     /* at which a secret name's value began; 0: none */
};

/* May a value stand here as it is? */
static bool
is_shown(const struct place *p, bool all)
{
	return all ? is_one_of(p->name, told_names) :
	    !p->secret && !is_surely_secret(p->name);
}

static void
put_string(struct buf *b, struct span *s, struct place *p, bool all)
{
	struct span inner = take_string(s);
	bool shown = !all || is_word(inner);

	if (is_name(*s))
		p->name = inner;
	else
		shown = shown && is_shown(p, all);
	buf_putc(b, '"');
	put_clean(b, shown ? inner : HIDDEN);
	buf_putc(b, '"');
}

static void
pass_mark(struct place *p, char c)
{
	if (c == '{' || c == '[') {
		p->depth++;
		if (!p->secret && is_surely_secret(p->name))
			p->secret = p->depth;
	} else if ((c == '}' || c == ']') && p->depth) {
		if (p->secret == p->depth)
			p->secret = 0;
		p->depth--;
	}
	if (strchr("{}[],", c))
		p->name = SPAN("");
}

static void
put_plain(struct buf *b, struct span s, const struct place *p, bool all)
{
	static const char *const words[] = { "true", "false", "null", NULL };

	put_clean(b, is_one_of(s, words) || is_shown(p, all) ? s : SPAN("0"));
}

static void
put_json(struct buf *b, struct span s, bool all)
{
	struct place p = { .name = SPAN("") };

	while (s.len) {
		if (s.ptr[0] == '"') {
			put_string(b, &s, &p, all);
		} else if (s.ptr[0] && strchr("{}[],: \t\r\n", s.ptr[0])) {
			pass_mark(&p, s.ptr[0]);
			put_char(b, &s);
		} else {
			put_plain(b, take_until(&s, "{}[],: \t\r\n\""), &p,
			    all);
		}
	}
}

void
http_mask_body(struct buf *b, struct span body, struct span type, bool all)
{
	if (body.len && strchr("{[", body.ptr[0]))
		put_json(b, body, all);
	else if (holds(type, "form-urlencoded"))
		put_form(b, body, all);
	else
		http_words_put(b, body);
}
