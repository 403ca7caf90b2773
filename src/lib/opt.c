/* SPDX-License-Identifier: MIT */
#include "opt.h"

#include <stdio.h>
#include <string.h>

#include "span.h"
#include "xalloc.h"

static const struct opt *
find(const struct opt *const *tables, char letter, struct span name)
{
	for (; *tables; tables++)
		for (const struct opt *o = *tables; o->name; o++) {
			if (letter && o->letter == letter)
				return o;
			if (!letter && span_eq(span_str(o->name), name))
				return o;
		}
	return NULL;
}

static enum rc
set_count(const struct opt *o, const char *value, struct err *e)
{
	int64_t n = 0;
	const char *p = value;

	for (; *p >= '0' && *p <= '9' && n <= o->max; p++)
		n = n * 10 + (*p - '0');
	if (p == value || *p || n < o->min || n > o->max)
		return err_set(e, RC_CONFIG, "--%s takes a whole number from "
		    "%lld to %lld, not '%s'", o->name, (long long)o->min,
		    (long long)o->max, value);
	*(int64_t *)o->target = n;
	return RC_OK;
}

/* Each option's own place in a parse, to know whether it came before. */
struct parse {
	const struct opt *const *tables;
	const struct opt *given[64];
	size_t count;
};

static bool
was_given(struct parse *p, const struct opt *o)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->given[i] == o)
			return true;
	if (p->count < sizeof p->given / sizeof p->given[0])
		p->given[p->count++] = o;
	return false;
}

static enum rc
set(struct parse *p, const struct opt *o, const char *value, struct err *e)
{
	struct opt_list *list;

	if (was_given(p, o) && o->kind != OPT_FLAG && o->kind != OPT_LIST)
		return err_set(e, RC_CONFIG, "--%s is given twice", o->name);
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->target = true;
		return RC_OK;
	case OPT_COUNT:
		return set_count(o, value, e);
	case OPT_STRING:
		*(const char **)o->target = value;
		return RC_OK;
	case OPT_LIST:
		list = o->target;
		list->items = xrealloc(list->items,
		    (list->count + 1) * sizeof *list->items);
		list->items[list->count++] = value;
		return RC_OK;
	}
	return RC_OK;
}

/* One "--name", "--name=value" or "--name value" at argv[*at]. */
static enum rc
parse_long(struct parse *p, int argc, char **argv, int *at,
    struct err *e)
{
	const char *text = argv[*at] + 2;
	const char *equals = strchr(text, '=');
	struct span name = equals ? span_of(text, (size_t)(equals - text)) :
	    span_str(text);
	const struct opt *o = find(p->tables, 0, name);

	if (!o)
		return err_set(e, RC_CONFIG, "no option --%.*s; see --help",
		    SPAN_ARG(name));
	if (o->kind == OPT_FLAG && equals)
		return err_set(e, RC_CONFIG, "--%s takes no value", o->name);
	if (o->kind == OPT_FLAG)
		return set(p, o, NULL, e);
	if (equals)
		return set(p, o, equals + 1, e);
	if (*at + 1 >= argc)
		return err_set(e, RC_CONFIG, "--%s needs a value (%s)",
		    o->name, o->value);
	return set(p, o, argv[++*at], e);
}

/* A bundle of letters; the last may take a value. */
static enum rc
parse_short(struct parse *parse, int argc, char **argv, int *at,
    struct err *e)
{
	enum rc rc = RC_OK;

	for (const char *p = argv[*at] + 1; *p && !rc; p++) {
		const struct opt *o = find(parse->tables, *p, SPAN(""));

		if (!o)
			return err_set(e, RC_CONFIG, "no option -%c; see "
			    "--help", *p);
		if (o->kind == OPT_FLAG) {
			rc = set(parse, o, NULL, e);
			continue;
		}
		if (p[1])
			return set(parse, o, p + 1, e);
		if (*at + 1 >= argc)
			return err_set(e, RC_CONFIG, "-%c needs a value (%s)",
			    *p, o->value);
		return set(parse, o, argv[++*at], e);
	}
	return rc;
}

enum rc
opt_parse(const struct opt *const *tables, int argc, char **argv,
    int *operands, struct err *e)
{
	struct parse p = { .tables = tables };
	bool ended = false;
	enum rc rc = RC_OK;
	int kept = 0;

	for (int i = 1; i < argc && !rc; i++) {
		if (ended || argv[i][0] != '-' || !argv[i][1])
			argv[++kept] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			ended = true;
		else if (argv[i][1] == '-')
			rc = parse_long(&p, argc, argv, &i, e);
		else
			rc = parse_short(&p, argc, argv, &i, e);
	}
	*operands = kept;
	return rc;
}

void
opt_usage(const char *name, const char *synopsis,
    const struct opt *const *tables)
{
	char left[64];

	printf("usage: %s [OPTION...]%s%s\n", name, *synopsis ? " " : "",
	    synopsis);
	for (; *tables; tables++)
		for (const struct opt *o = *tables; o->name; o++) {
			char letter[5] = "    ";

			if (o->letter)
				snprintf(letter, sizeof letter, "-%c, ",
				    o->letter);
			snprintf(left, sizeof left, "%s--%s%s%s", letter,
			    o->name, o->value ? " " : "",
			    o->value ? o->value : "");
			printf("  %-28s %s\n", left, o->help);
		}
}
