/* SPDX-License-Identifier: MIT */
/* jqprog_words: what an expression may not name. */
#include "jqprog_words.h"

static const char *const out_of_reach[] = {
	"env", "$ENV", "input", "inputs", "input_filename",
	"input_line_number", "debug", "stderr", "halt", "halt_error",
	"import", "include", "modulemeta", "get_search_list", "now",
	"localtime", "strflocaltime", "$__loc__", "$__prog_args",
	"get_prog_origin", "get_jq_origin", NULL
};

#define NESTED 64 /* interpolations within one another */

struct scan {
	struct span text;
	size_t at;
	unsigned open[NESTED]; /* parentheses open in each interpolation */
	size_t depth;
	bool in_string;
	struct jqprog_wants wants;
	const char *what;
	struct err *e;
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/* One character, escape or interpolation's start inside a string. */
static enum rc
step_string(struct scan *s)
{
	char c = s->text.ptr[s->at++];

	if (c == '"')
		s->in_string = false;
	if (c != '\\' || s->at == s->text.len)
		return RC_OK;
	if (s->text.ptr[s->at++] != '(')
		return RC_OK;
	if (++s->depth == NESTED)
		return err_set(s->e, RC_CONFIG, "%s: nested too deeply",
		    s->what);
	s->open[s->depth] = 0;
	s->in_string = false;
	return RC_OK;
}

/* `.name` is a field; `..name` is not one. */
static bool
is_field(const struct scan *s)
{
	const char *p = s->text.ptr + s->at;

	return s->at && p[-1] == '.' && !(s->at > 1 && p[-2] == '.');
}

static enum rc
step_word(struct scan *s)
{
	struct span word = span_of(s->text.ptr + s->at, 1);
	size_t i;

	while (s->at + word.len < s->text.len && is_word(word.ptr[word.len]))
		word.len++;
	s->wants.record |= span_eq(word, SPAN("$record"));
	s->wants.history |= span_eq(word, SPAN("$history"));
	for (i = 0; out_of_reach[i]; i++)
		if (span_eq(word, span_str(out_of_reach[i])) && !is_field(s))
			return err_set(s->e, RC_CONFIG, "%s: %s is out of an"
			    " expression's reach", s->what, out_of_reach[i]);
	s->at += word.len;
	return RC_OK;
}

static void
step_parenthesis(struct scan *s, char c)
{
	if (c == '(')
		s->open[s->depth]++;
	else if (s->open[s->depth])
		s->open[s->depth]--;
	else if (s->depth) {
		s->depth--;
		s->in_string = true;
	}
}

static enum rc
step_code(struct scan *s)
{
	char c = s->text.ptr[s->at];

	if (is_word(c) || c == '$')
		return step_word(s);
	s->at++;
	if (c == '"')
		s->in_string = true;
	else if (c == '(' || c == ')')
		step_parenthesis(s, c);
	while (c == '#' && s->at < s->text.len && s->text.ptr[s->at] != '\n')
		s->at++;
	return RC_OK;
}

enum rc
jqprog_words(struct span program, const char *what,
    struct jqprog_wants *wants, struct err *e)
{
	struct scan s = { .text = program, .what = what, .e = e };
	enum rc rc = RC_OK;

	while (!rc && s.at < program.len)
		rc = s.in_string ? step_string(&s) : step_code(&s);
	*wants = s.wants;
	return rc;
}
