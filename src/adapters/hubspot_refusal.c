/* SPDX-License-Identifier: MIT */
/*
 * hubspot_refusal: what HubSpot says when it does not do what it was asked.
 * Every member of an error may lack; what stands before HubSpot answers with
 * pages of HTML.
 */
#include "hubspot.h"

#include "../lib/http_words.h"
#include "../lib/limits.h"

static void
put_plain(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_putc(b, (unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 127 ?
		    ' ' : s.ptr[i]);
}

/* `name: CODE, ...` of a message's own list of refused properties. */
static void
put_properties(struct buf *b, const struct json *j, struct arena *a)
{
	bool first = true;

	for (JSON_ITEMS(j, 0, item)) {
		struct span name = json_get_string(j, item, SPAN("name"), a);
		struct span code = json_get_string(j, item, SPAN("error"), a);

		if (!first)
			BUF_LIT(b, ", ");
		put_plain(b, name);
		if (name.len && code.len)
			BUF_LIT(b, ": ");
		put_plain(b, code);
		first = false;
	}
}

/* Mailboxes are nobody's business: words with an @ are ***. */
static void
put_words(struct buf *b, struct span s)
{
	while (s.len) {
		size_t before = s.len;
		struct span word = span_cut(&s, ' ');

		if (memchr(word.ptr, '@', word.len))
			BUF_LIT(b, "***");
		else
			put_plain(b, word);
		if (s.len + word.len < before)
			buf_putc(b, ' ');
	}
}

/* "Cannot set PropertyValueCoordinates{..., value=VALUE} on 1. 2 already has
 * that value.": a value may be anything, and so it ends with the last brace. */
static void
put_sentence(struct buf *b, struct span s)
{
	const struct span mark = SPAN("value=");
	size_t at = 0, end = s.len;

	while (at + mark.len <= s.len &&
	    memcmp(s.ptr + at, mark.ptr, mark.len) != 0)
		at++;
	if (at + mark.len > s.len) {
		put_words(b, s);
		return;
	}
	at += mark.len;
	while (end > at && s.ptr[end - 1] != '}')
		end--;
	end -= end > at;
	put_words(b, span_of(s.ptr, at));
	BUF_LIT(b, "***");
	put_words(b, span_of(s.ptr + end, end > at ? s.len - end : 0));
}

/*
 * Of properties that were refused a message has a list in JSON, which quotes
 * the values as they were sent: they stand in no log of ours.
 */
static void
put_message(struct buf *b, struct span message, struct arena *a)
{
	size_t list = 0;
	struct err ignored;
	struct json j;

	while (list + 1 < message.len && !(message.ptr[list] == '[' &&
	    message.ptr[list + 1] == '{'))
		list++;
	if (list + 1 >= message.len) {
		put_sentence(b, message);
		return;
	}
	put_sentence(b, span_of(message.ptr, list));
	json_init(&j);
	if (json_parse(&j, span_of(message.ptr + list, message.len - list),
	    &ignored) == RC_OK && json_kind(&j, 0) == JSON_ARRAY)
		put_properties(b, &j, a);
	json_free(&j);
}

void
hubspot_refusal_put(struct buf *b, const struct json *j, uint32_t node,
    struct arena *a)
{
	struct span category = json_get_string(j, node, SPAN("category"), a);
	struct span message = json_get_string(j, node, SPAN("message"), a);
	struct span trace = json_get_string(j, node, SPAN("correlationId"), a);
	struct buf words;

	/* most that have no category are of OAuth */
	if (!category.len)
		category = json_get_string(j, node, SPAN("errorType"), a);
	put_plain(b, category);
	if (category.len && message.len)
		BUF_LIT(b, ": ");
	buf_init(&words, LIMIT_LINE, "message");
	put_message(&words, message, a);
	message = buf_view(&words);
	/* room is left for who to ask */
	if (message.len > ERR_TEXT - 160) {
		message.len = ERR_TEXT - 160;
		while (message.len &&
		    (message.ptr[message.len] & 0xc0) == 0x80)
			message.len--;
		put_plain(b, message);
		BUF_LIT(b, "...");
	} else {
		put_plain(b, message);
	}
	buf_free(&words);
	if (trace.len && trace.len < 80) {
		BUF_LIT(b, " (");
		put_plain(b, trace);
		buf_putc(b, ')');
	}
}

/* Of 403: the scopes one of which is needed. */
static void
put_scopes(struct buf *b, const struct json *j, struct arena *a)
{
	uint32_t errors = json_get(j, 0, SPAN("errors"));
	bool first = true;

	if (!errors || json_kind(j, errors) != JSON_ARRAY)
		return;
	for (JSON_ITEMS(j, errors, item)) {
		uint32_t context = json_get(j, item, SPAN("context"));
		uint32_t scopes = json_get(j, context,
		    SPAN("requiredGranularScopes"));

		if (!context || !scopes || json_kind(j, scopes) != JSON_ARRAY)
			continue;
		for (JSON_ITEMS(j, scopes, scope)) {
			if (json_kind(j, scope) != JSON_STRING)
				continue;
			buf_put(b, first ? "needs " : ", ", first ? 6 : 2);
			put_plain(b, json_string(j, scope, a));
			first = false;
		}
	}
	if (!first)
		BUF_LIT(b, "; ");
}

static void
put_answer(struct buf *b, const struct http_answer *a)
{
	struct arena arena;
	struct json j;
	struct err ignored;

	json_init(&j);
	arena_init(&arena);
	if (json_parse(&j, buf_view(&a->body), &ignored) ||
	    json_kind(&j, 0) != JSON_OBJECT) {
		http_words_put(b, buf_view(&a->body));
	} else {
		if (a->status == 403)
			put_scopes(b, &j, &arena);
		hubspot_refusal_put(b, &j, 0, &arena);
	}
	json_free(&j);
	arena_free(&arena);
}

enum rc
hubspot_refusal_say(struct err *e, enum rc rc, const struct http_answer *a)
{
	struct buf words;

	if (a->status == 401 || a->status == 403)
		rc = RC_PERSON;
	buf_init(&words, 2 * ERR_TEXT, "words");
	put_answer(&words, a);
	err_set(e, rc, "HTTP %d%s%.*s", a->status, words.len ? ": " : "",
	    (int)words.len, words.ptr ? words.ptr : "");
	buf_free(&words);
	return rc;
}
