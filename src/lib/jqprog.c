/* SPDX-License-Identifier: MIT */
/*
 * jqprog: libjq behind one door.  libjq's rule: every call consumes the
 * values it is given and returns one the caller owns; a value is asked
 * whether it is valid before anything else is done with it.
 */
#include "jqprog.h"

#include <jq.h>
#include <jv.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "decimal.h"
#include "jqwatch.h"
#include "jqprog_words.h"
#include "json.h"
#include "limits.h"
#include "xalloc.h"

#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */

struct jqprog {
	jq_state *jq;
	char *what;
	char *label;        /* what, and the expression itself */
	struct jqprog_wants wants;
	struct json json;      /* of the value or record being checked */
	struct buf given, kept; /* a number's canonical text, before and in */
	char words[256];       /* libjq's last error */
};

extern char **environ;

/* libjq reads `environ` when it compiles and runs: it finds nothing there. */
static char **
environ_hide(void)
{
	static char *nothing[] = { NULL };
	char **saved = environ;

	environ = nothing;
	return saved;
}

static void
take_message(void *arg, jv message)
{
	struct jqprog *p = arg;
	jv text = jq_format_error(message);

	if (jv_get_kind(text) == JV_KIND_STRING && !p->words[0])
		snprintf(p->words, sizeof(p->words), "%s",
		    jv_string_value(text));
	jv_free(text);
	p->words[strcspn(p->words, "\n")] = '\0';
}

static void
ignore_debug(void *arg, jv message)
{
	(void)arg;
	jv_free(message);
}

/* libjq would abort. */
static void
out_of_memory(void *arg)
{
	(void)arg;
	xalloc_fail();
}

/* ---- compiling ---- */

/* It starts from more than its value. */
static bool
is_wrapped(const struct jqprog *p)
{
	return p->wants.record || p->wants.history;
}

static enum rc
compile(struct jqprog *p, struct span program, struct err *e)
{
	struct buf text;
	char **saved;
	int compiled;

	buf_init(&text, LIMIT_MAPPING_FILE, "expression");
	if (is_wrapped(p))
		BUF_LIT(&text, ".record as $record | .history as $history |"
		    " .value | (");
	buf_span(&text, program);
	BUF_LIT(&text, "\n"); /* ends a comment at the program's end */
	if (is_wrapped(p))
		BUF_LIT(&text, ")");
	saved = environ_hide();
	jv_nomem_handler(out_of_memory, NULL);
	p->jq = jq_init();
	if (!p->jq)
		xalloc_fail();
	jq_set_error_cb(p->jq, take_message, p);
	jq_set_debug_cb(p->jq, ignore_debug, NULL);
	compiled = jq_compile(p->jq, buf_cstr(&text));
	environ = saved;
	buf_free(&text);
	if (!compiled)
		return err_set(e, RC_CONFIG, "%s: does not compile: %s",
		    p->what, p->words[0] ? p->words : "jq gave no reason");
	return RC_OK;
}

/* "read: ascii_downcase" */
static char *
describe(const char *what, struct span program)
{
	struct buf b;
	char *text;

	buf_init(&b, LIMIT_MAPPING_FILE, "expression");
	buf_printf(&b, "%s: %.*s", what, SPAN_ARG(program));
	text = xstrdup(buf_cstr(&b));
	buf_free(&b);
	return text;
}

enum rc
jqprog_new(struct jqprog **out, struct span program, const char *what,
    struct err *e)
{
	struct jqprog *p = xcalloc(1, sizeof(*p));
	enum rc rc;

	p->what = xstrdup(what);
	p->label = describe(what, program);
	json_init(&p->json);
	buf_init(&p->given, LIMIT_LINE, "number");
	buf_init(&p->kept, LIMIT_LINE, "number");
	rc = RC_OK;
	if (program.len == 0 || memchr(program.ptr, '\0', program.len))
		rc = err_set(e, RC_CONFIG, "%s: is empty or holds a NUL",
		    what);
	if (!rc)
		rc = jqprog_words(program, what, &p->wants, e);
	if (!rc)
		rc = compile(p, program, e);
	if (rc) {
		jqprog_free(p);
		p = NULL;
	}
	*out = p;
	return rc;
}

void
jqprog_free(struct jqprog *p)
{
	if (!p)
		return;
	if (p->jq)
		jq_teardown(&p->jq);
	json_free(&p->json);
	buf_free(&p->given);
	buf_free(&p->kept);
	free(p->what);
	free(p->label);
	free(p);
}

bool
jqprog_wants_record(const struct jqprog *p)
{
	return p->wants.record;
}

bool
jqprog_wants_history(const struct jqprog *p)
{
	return p->wants.history;
}

/* ---- values in ---- */

/* Does libjq's number print as the decimal it came from? */
static bool
number_is_kept(struct jqprog *p, struct span text)
{
	jv number, printed;
	bool kept = false;

	number = jv_parse_sized(text.ptr, (int)text.len);
	if (jv_get_kind(number) != JV_KIND_NUMBER) {
		jv_free(number);
		return false;
	}
	if (fabs(jv_number_value(number)) > EXACT_INTEGER) {
		jv_free(number);
		return false;
	}
	printed = jv_dump_string(number, 0);
	if (jv_get_kind(printed) == JV_KIND_STRING) {
		buf_reset(&p->given);
		buf_reset(&p->kept);
		kept = decimal_put(&p->given, text, -1) &&
		    decimal_put(&p->kept, span_str(jv_string_value(printed)),
		    -1) && span_eq(buf_view(&p->given), buf_view(&p->kept));
	}
	jv_free(printed);
	return kept;
}

/* Short integers need no proof. */
static bool
is_small_integer(struct span text)
{
	size_t i;

	if (text.len > 15)
		return false;
	for (i = text.ptr[0] == '-'; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return true;
}

/* All numbers in the text survive libjq. */
static enum rc
check_numbers(struct jqprog *p, struct span text, struct err *e)
{
	struct span number;
	enum rc rc;
	uint32_t i;

	rc = json_parse(&p->json, text, e);
	if (rc)
		return rc;
	for (i = 0; i < p->json.count; i++) {
		if (json_kind(&p->json, i) != JSON_NUMBER)
			continue;
		number = json_text(&p->json, i);
		if (!is_small_integer(number) && !number_is_kept(p, number))
			return err_set(e, RC_RECORD, "%s: jq cannot carry the"
			    " number %.*s exactly", p->what,
			    number.len > 40 ? 40 : (int)number.len,
			    number.ptr);
	}
	return RC_OK;
}

/* JSON text to a jv; strings without escapes take the short way. */
static enum rc
to_jv(struct jqprog *p, struct span text, jv *out, struct err *e)
{
	jv message;
	enum rc rc;

	*out = jv_invalid();
	if (text.len > INT32_MAX)
		return err_set(e, RC_RECORD, "%s: value too long", p->what);
	if (text.len >= 2 && text.ptr[0] == '"' &&
	    !memchr(text.ptr, '\\', text.len)) {
		*out = jv_string_sized(text.ptr + 1, (int)text.len - 2);
		return RC_OK;
	}
	rc = check_numbers(p, text, e);
	if (rc)
		return rc;
	*out = jv_parse_sized(text.ptr, (int)text.len);
	if (jv_is_valid(*out))
		return RC_OK;
	message = jv_invalid_get_msg(*out);
	*out = jv_invalid();
	jv_free(message);
	return err_set(e, RC_RECORD, "%s: jq does not accept the value",
	    p->what);
}

/* `object`, which is consumed, with one member more. */
static enum rc
add_member(struct jqprog *p, jv *object, const char *name, struct span text,
    const char *otherwise, struct err *e)
{
	jv value = jv_null();
	enum rc rc = to_jv(p, text.len ? text : span_str(otherwise), &value, e);

	if (rc)
		return rc;
	*object = jv_object_set(*object, jv_string(name), value);
	if (jv_is_valid(*object))
		return RC_OK;
	jv_free(*object);
	*object = jv_null();
	return err_set(e, RC_RECORD, "%s: out of jq's reach", p->what);
}

/* {"value":…,"record":…,"history":…}, what a wrapped program starts from. */
static enum rc
wrap(struct jqprog *p, struct span record, struct span history, jv *value,
    struct err *e)
{
	jv all = jv_object_set(jv_object(), jv_string("value"), *value);
	enum rc rc = RC_OK;

	*value = jv_invalid();
	if (!jv_is_valid(all)) {
		jv_free(all);
		return err_set(e, RC_RECORD, "%s: out of jq's reach", p->what);
	}
	rc = add_member(p, &all, "record", record, "null", e);
	if (!rc)
		rc = add_member(p, &all, "history", history, "[]", e);
	if (rc)
		jv_free(all);
	else
		*value = all;
	return rc;
}

/* ---- results out ---- */

/* Numbers of a result: whole ones over 2^53 may have been rounded. */
static bool
result_is_exact(jv v)
{
	bool exact = true;
	double n;

	switch (jv_get_kind(v)) {
	case JV_KIND_NUMBER:
		n = jv_number_value(v);
		return isfinite(n) && fabs(n) <= EXACT_INTEGER;
	case JV_KIND_ARRAY:
		jv_array_foreach(v, i, item) {
			exact = exact && result_is_exact(item);
			jv_free(item);
		}
		return exact;
	case JV_KIND_OBJECT:
		jv_object_foreach(v, key, item) {
			exact = exact && result_is_exact(item);
			jv_free(key);
			jv_free(item);
		}
		return exact;
	default:
		return true;
	}
}

/* Consumes `result`. */
static enum rc
put_result(struct jqprog *p, jv result, struct buf *out, struct err *e)
{
	jv text;

	if (jv_get_kind(result) == JV_KIND_STRING) {
		json_put_string(out, span_of(jv_string_value(result), (size_t)
		    jv_string_length_bytes(jv_copy(result))));
		jv_free(result);
		return RC_OK;
	}
	if (!result_is_exact(result)) {
		jv_free(result);
		return err_set(e, RC_RECORD, "%s: the result is a number jq"
		    " cannot carry exactly", p->what);
	}
	text = jv_dump_string(result, 0);
	if (jv_get_kind(text) != JV_KIND_STRING) {
		jv_free(text);
		return err_set(e, RC_RECORD, "%s: result unprintable",
		    p->what);
	}
	buf_put(out, jv_string_value(text), (size_t)
	    jv_string_length_bytes(jv_copy(text)));
	jv_free(text);
	return RC_OK;
}

/* Consumes the invalid value that ended a run. */
static enum rc
run_failed(struct jqprog *p, jv end, struct err *e)
{
	jv message;

	if (!jv_invalid_has_msg(jv_copy(end))) {
		jv_free(end);
		return err_set(e, RC_RECORD, "%s: gives no result", p->what);
	}
	message = jv_invalid_get_msg(end);
	/* libjq quotes the value in its words: never into a log */
	jv_free(message);
	return err_set(e, RC_RECORD, "%s: fails on this value", p->what);
}

static enum rc
run(struct jqprog *p, jv value, struct buf *out, struct err *e)
{
	jv first, second;
	enum rc rc;

	jq_start(p->jq, value, 0);
	first = jq_next(p->jq);
	if (!jv_is_valid(first))
		return run_failed(p, first, e);
	second = jq_next(p->jq);
	if (jv_is_valid(second)) {
		jv_free(first);
		jv_free(second);
		return err_set(e, RC_RECORD, "%s: gives more than one result",
		    p->what);
	}
	if (jv_invalid_has_msg(jv_copy(second))) {
		jv_free(first);
		return run_failed(p, second, e);
	}
	jv_free(second);
	rc = put_result(p, first, out, e);
	return rc;
}

enum rc
jqprog_run_history(struct jqprog *p, struct span value, struct span record,
    struct span history, struct buf *out, struct err *e)
{
	char **saved;
	enum rc rc;
	jv in;

	rc = to_jv(p, value, &in, e);
	if (!rc && is_wrapped(p))
		rc = wrap(p, record, history, &in, e);
	if (rc) {
		jv_free(in);
		return rc;
	}
	p->words[0] = '\0';
	saved = environ_hide();
	jqwatch_begin(p->label);
	rc = run(p, in, out, e);
	jqwatch_end();
	environ = saved;
	return rc;
}

enum rc
jqprog_run(struct jqprog *p, struct span value, struct span record,
    struct buf *out, struct err *e)
{
	return jqprog_run_history(p, value, record, span_of(NULL, 0), out, e);
}
